"""The attributes the users of a pool can have: the twenty standard ones and the pool's own.
BEHAVIOR.md, 1.16.
"""

from __future__ import annotations

from .errors import InvalidParameterException
from .types import Attribute

# A quota of the developer guide
MOST_OWN_ATTRIBUTES = 50
STANDARD_ATTRIBUTES = [
    "sub",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
]


def of(changes: list[Attribute]) -> list[Attribute]:
    """The SchemaAttributes of a pool created with the `Schema` in `changes`: the standard
    attributes, changed, and the pool's own after them.
    """
    schema = {name: _standard_attribute(name) for name in STANDARD_ATTRIBUTES}
    for change in changes:
        name = change.get("Name")
        if name is None:
            raise InvalidParameterException("An attribute of the schema has no name.")
        if name == "sub":
            raise InvalidParameterException(
                "sub is set by Cognito and can't be defined in the schema."
            )
        if name in schema:
            schema[name] |= change
        else:
            own = _own_attribute(change)
            schema[own["Name"]] = own
    return list(schema.values())


def extended(schema: list[Attribute], additions: list[Attribute]) -> list[Attribute]:
    """The SchemaAttributes in `schema` with the pool's own attributes in `additions` after them."""
    names = {attribute["Name"] for attribute in schema}
    for addition in additions:
        if "Name" not in addition:
            raise InvalidParameterException("An attribute of the schema has no name.")
        own = _own_attribute(addition)
        if own["Name"] in names:
            name = own["Name"]
            raise InvalidParameterException(f"{name}: Existing attribute already has name {name}.")
        if len(names) - len(STANDARD_ATTRIBUTES) >= MOST_OWN_ATTRIBUTES:
            raise InvalidParameterException(
                f"A user pool can have at most {MOST_OWN_ATTRIBUTES} custom attributes."
            )
        names.add(own["Name"])
        schema = [*schema, own]
    return schema


def _own_attribute(given: Attribute) -> Attribute:
    """An attribute the service doesn't have by itself: its name begins with `custom:`."""
    if given.get("Required"):
        raise InvalidParameterException("Required custom attributes are not supported currently.")
    return {
        "AttributeDataType": "String",
        "DeveloperOnlyAttribute": False,
        "Mutable": True,
        "Required": False,
        **given,
        "Name": f"custom:{given['Name']}",
    }


def _standard_attribute(name: str) -> Attribute:
    attribute: Attribute = {
        "Name": name,
        "AttributeDataType": "String",
        "DeveloperOnlyAttribute": False,
    }
    attribute |= {"Mutable": name != "sub", "Required": name == "sub"}
    if name in ("email_verified", "phone_number_verified"):
        return {**attribute, "AttributeDataType": "Boolean"}
    if name == "updated_at":
        return {
            **attribute,
            "AttributeDataType": "Number",
            "NumberAttributeConstraints": {"MinValue": "0"},
        }
    least, most = {"sub": ("1", "2048"), "birthdate": ("10", "10")}.get(name, ("0", "2048"))
    return {**attribute, "StringAttributeConstraints": {"MinLength": least, "MaxLength": most}}
