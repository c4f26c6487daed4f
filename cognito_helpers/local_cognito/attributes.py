"""Attributes of users: who may write them, their valid values, changing them, and verifying an
email address.

BEHAVIOR.md, 8a, 10.7 and section 3. The emulator doesn't have UserAttributeUpdateSettings, which
makes a change wait until it's verified.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from . import outbox, rate_limits, tokens, user_names
from .clients import NOT_FOR_CLIENTS, Client
from .errors import InvalidParameterException, NotAuthorizedException
from .pools import Pool, find_pool
from .storage.store import Transaction
from .triggers.invoke import Occasion
from .types import Attribute, Request, Response
from .user_names import FORMATS, VERIFIABLE
from .users import User, attributes_of, named_user, set_attribute, touch

_BADLY_WRITTEN = {
    "email": "Invalid email address format.",
    "phone_number": "Invalid phone number format.",
}
# Only the text for a string that is too short is known (BEHAVIOR.md, 12.5); the others are by
# analogy.
_BOUNDS = {
    "Length": "String must be no {0} than {2} characters",
    "Value": "Number must be no {1} than {2}",
}


# Why a code is sent after a change
UPDATED = "UpdateUserAttribute"
# Known for email; for phone numbers by analogy.
NO_ADDRESS = {
    "email": "User does not have a valid registered email address",
    "phone_number": "User does not have a valid registered phone number",
}


# Checking


def as_given(pool: Pool, request: Request) -> dict[str, str]:
    """The UserAttributes of a request by name, `True` as `true`. An attribute without a Value is
    rejected, an empty Value is not. BEHAVIOR.md, 12.1 and 12.5.
    """
    given = {}
    for attribute in request.get("UserAttributes", []):
        name = attribute["Name"]
        if "Value" not in attribute:
            raise InvalidParameterException(f"Attribute value for {name} must not be null")
        value = attribute["Value"]
        boolean = pool.schema.get(name, {}).get("AttributeDataType") == "Boolean"
        given[name] = value.lower() if boolean else value
    return given


def reject_unknown(pool: Pool, attributes: Iterable[str]) -> None:
    """Reject attributes the pool lacks."""
    for name in attributes:
        if name not in pool.schema:
            raise _unfit(f"{name}: Attribute does not exist in the schema.")


def reject_unwritable(pool: Pool, client: Client, attributes: dict[str, str]) -> None:
    """Reject attributes no client may write, or this one may not."""
    listed = client.settings.get("WriteAttributes")
    for name in attributes:
        attribute = pool.schema[name]
        unlisted = listed and name not in listed
        if unlisted or name in NOT_FOR_CLIENTS or attribute.get("DeveloperOnlyAttribute"):
            raise NotAuthorizedException("A client attempted to write unauthorized attribute")


def reject_missing(pool: Pool, attributes: dict[str, str], names: Iterable[str]) -> None:
    """Reject a request without a value for one of `names` that the pool requires."""
    missing = [
        name
        for name in names
        if pool.schema[name]["Required"] and name != "sub" and not attributes.get(name)
    ]
    if missing:
        raise _unfit(" ".join(f"{name}: The attribute is required" for name in missing))


def reject_invalid(pool: Pool, attributes: dict[str, str]) -> None:
    """Reject values of a new user with the wrong format, type or size."""
    for name, fault in _faults(pool, attributes):
        raise _unfit(f"{name}: {fault}")


def _faults(pool: Pool, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What's wrong with which value. An empty value is valid."""
    for name, value in attributes.items():
        if value and name in FORMATS and not FORMATS[name].fullmatch(value):
            raise InvalidParameterException(_BADLY_WRITTEN[name])
        if value and (fault := _fault(pool.schema[name], value)):
            yield name, fault


def reject_missing_address(attributes: dict[str, str], whole: dict[str, str]) -> None:
    """Reject marking as verified an address the user, who has `whole` in the end, doesn't have."""
    for name in VERIFIABLE:
        if attributes.get(f"{name}_verified") == "true" and not whole.get(name):
            raise InvalidParameterException(f"{name} is required where {name}_verified is true.")


def _fault(attribute: Attribute, value: str) -> str | None:
    kind = attribute["AttributeDataType"]
    if kind == "Boolean":
        return None if value in ("true", "false") else "The value must be true or false"
    if kind == "Number":
        size, bounds, measure = (
            _number(value),
            attribute.get("NumberAttributeConstraints", {}),
            "Value",
        )
    else:
        size, measure = float(len(value)), "Length"
        bounds = attribute.get("StringAttributeConstraints", {})
    if math.isnan(size):
        return "The value must be a number"
    least, most = bounds.get(f"Min{measure}", ""), bounds.get(f"Max{measure}", "")
    # If a bound isn't a number, both comparisons are false.
    if size < _number(least):
        return _BOUNDS[measure].format("shorter", "less", least)
    if size > _number(most):
        return _BOUNDS[measure].format("longer", "greater", most)
    return None


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else math.nan


def _unfit(fault: str) -> InvalidParameterException:
    return InvalidParameterException(f"Attributes did not conform to the schema: {fault}")


# Changing


def update_user_attributes(tx: Transaction, request: Request) -> Response:
    """UpdateUserAttributes: `CodeDeliveryDetailsList` says where codes for new addresses were sent.
    An empty value deletes an attribute.
    """
    user, client = tokens.bearer_and_client(tx, request["AccessToken"])
    pool = find_pool(tx, user.pool_id)
    changes = as_given(pool, request)
    _reject_change(tx, pool, user, changes, client)
    occasion = Occasion(UPDATED, client.id, request.get("ClientMetadata"))
    return {"CodeDeliveryDetailsList": _change(tx, pool, user, changes, occasion)}


def admin_update_user_attributes(tx: Transaction, request: Request) -> Response:
    """AdminUpdateUserAttributes: `{}`. An administrator may also mark an address as verified, and
    then no code is sent.
    """
    pool, user = named_user(tx, request)
    changes = as_given(pool, request)
    _reject_change(tx, pool, user, changes, None)
    _change(tx, pool, user, changes, Occasion(UPDATED, metadata=request.get("ClientMetadata")))
    return {}


def delete_user_attributes(tx: Transaction, request: Request) -> Response:
    """DeleteUserAttributes: `{}`. What UpdateUserAttributes rejects is rejected here, by
    analogy.
    """
    user, client = tokens.bearer_and_client(tx, request["AccessToken"])
    _delete(tx, find_pool(tx, user.pool_id), user, request["UserAttributeNames"], client)
    return {}


def admin_delete_user_attributes(tx: Transaction, request: Request) -> Response:
    """AdminDeleteUserAttributes: `{}`."""
    pool, user = named_user(tx, request)
    _delete(tx, pool, user, request["UserAttributeNames"], None)
    return {}


def _delete(
    tx: Transaction, pool: Pool, user: User, names: list[str], client: Client | None
) -> None:
    changes = dict.fromkeys(names, "")
    _reject_change(tx, pool, user, changes, client)
    # What's deleted is sent no code.
    _change(tx, pool, user, changes, Occasion(UPDATED))


def _reject_change(
    tx: Transaction, pool: Pool, user: User, changes: dict[str, str], client: Client | None
) -> None:
    """Which check applies first when several fail isn't known; the order is ours. `client` is None
    for an administrator.
    """
    for name in changes:
        if name == "sub":
            raise InvalidParameterException("Cannot modify the non-mutable attribute sub")
        if name not in pool.schema:
            raise _rejected(name, "Attribute does not exist in the schema.")
        if not pool.schema[name]["Mutable"]:
            raise _rejected(name, "Attribute cannot be updated.")
    if client is not None:
        reject_unwritable(pool, client, changes)
    reject_missing(pool, changes, changes)
    for name, fault in _faults(pool, changes):
        raise _rejected(name, fault)
    reject_missing_address(changes, attributes_of(tx, user) | changes)
    user_names.reject_alias_too_early(pool, user.status, changes)
    user_names.reject_taken_by_another(tx, pool, user, changes)


def _rejected(name: str, fault: str) -> InvalidParameterException:
    """The words for a change; a new user's attributes are rejected in different words."""
    return InvalidParameterException(f"user.{name}: {fault}\n")


def _change(
    tx: Transaction, pool: Pool, user: User, changes: dict[str, str], occasion: Occasion
) -> list[dict[str, str]]:
    """Write `changes` and what follows from them. Return the CodeDeliveryDetails of a code that was
    sent.
    """
    before = attributes_of(tx, user)
    moved = [
        name for name in VERIFIABLE if name in changes and changes[name] != before.get(name, "")
    ]
    proofs = {f"{name}_verified": "false" if changes[name] else "" for name in moved}
    for name, value in (proofs | changes).items():
        set_attribute(tx, user, name, value)
    for name in VERIFIABLE:
        if changes.get(f"{name}_verified") == "true":
            user_names.claim(tx, pool, user, name, force=True)
    touch(tx, user)
    sent = [_send_to_new(tx, pool, user, name, changes, occasion) for name in moved]
    return [delivery for delivery in sent if delivery]


def _send_to_new(
    tx: Transaction,
    pool: Pool,
    user: User,
    name: str,
    changes: dict[str, str],
    occasion: Occasion,
) -> dict[str, str] | None:
    """Send a code to an address that has changed, if the pool verifies it."""
    outbox.forget_codes(tx, user, *outbox.SENT_TO[name])
    given_as_verified = changes.get(f"{name}_verified") == "true"
    if not changes[name] or given_as_verified or name not in pool.verifies:
        return None
    # A user who hasn't confirmed the sign-up yet has no token to verify an attribute with.
    is_new = user.status == "UNCONFIRMED"
    purpose = (outbox.CONFIRMS if is_new else outbox.VERIFIES)[name]
    return outbox.send_code(tx, pool, user, changes[name], occasion, purpose)


# Verifying


def get_user_attribute_verification_code(tx: Transaction, request: Request) -> Response:
    """GetUserAttributeVerificationCode: the `CodeDeliveryDetails` of a new code, whether or not the
    address is verified already.
    """
    user, client = tokens.bearer_and_client(tx, request["AccessToken"])
    name = _verifiable(request["AttributeName"])
    address = attributes_of(tx, user).get(name)
    if address is None:
        raise InvalidParameterException(NO_ADDRESS[name])
    rate_limits.count(tx, user, "GetUserAttributeVerificationCode")
    pool = find_pool(tx, user.pool_id)
    occasion = Occasion("VerifyUserAttribute", client.id, request.get("ClientMetadata"))
    if name == "phone_number" and not pool.settings.get("SmsConfiguration"):
        raise InvalidParameterException("The pool has no SmsConfiguration to send a code with.")
    sent = outbox.send_code(tx, pool, user, address, occasion, outbox.VERIFIES[name])
    return {"CodeDeliveryDetails": sent}


def verify_user_attribute(tx: Transaction, request: Request) -> Response:
    """VerifyUserAttribute: `{}`; afterwards the address is verified and the code used up."""
    user = tokens.bearer(tx, request["AccessToken"])
    name = _verifiable(request["AttributeName"])
    rate_limits.count(tx, user, "VerifyUserAttribute")
    outbox.use_code(tx, user, request["Code"], outbox.VERIFIES[name])
    user_names.claim(tx, find_pool(tx, user.pool_id), user, name, force=False)
    set_attribute(tx, user, f"{name}_verified", "true")
    touch(tx, user)
    return {}


def _verifiable(name: str) -> str:
    if name not in VERIFIABLE:
        raise InvalidParameterException(
            "Invalid attribute name. Only phone_number and email can be verified."
        )
    return name
