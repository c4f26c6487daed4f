"""The attributes that the users of a pool may have: the twenty standard ones and the pool's own.
Behaviour page, 1.16.
"""

from __future__ import annotations

from .errors import InvalidParameterException
from .types import Attribute

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
    """The SchemaAttributes of a pool that was made with the `Schema` in `changes`: the standard
    attributes, changed, and the pool's own after them.
    """
    schema = {name: _standard_attribute(name) for name in STANDARD_ATTRIBUTES}
    for change in changes:
        name = change.get("Name")
        if name is None:
            raise InvalidParameterException("An attribute of the schema has no name.")
        if name == "sub":
            raise InvalidParameterException(
                "sub is the service's own, and cannot be set up otherwise."
            )
        if name not in schema:
            if change.get("Required"):
                raise InvalidParameterException(
                    "Required custom attributes are not supported currently."
                )
            name = f"custom:{name}"
            schema[name] = {
                "Name": name,
                "AttributeDataType": "String",
                "DeveloperOnlyAttribute": False,
                "Mutable": True,
                "Required": False,
            }
        schema[name] = {**schema[name], **change, "Name": name}
    return list(schema.values())


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
