"""Attributes of users: who may write which, what they may hold, changing them, and proving that an
e-mail address is the user's own.

Behaviour page, 8a, 10.7 and section 3. UserAttributeUpdateSettings, by which a change waits until
it is verified, is not in the emulator.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from . import outbox, rate_limits, tokens, user_names
from .clients import Client
from .errors import InvalidParameterException, NotAuthorizedException, NotInEmulatorException
from .pools import Pool, find_pool
from .storage.store import Transaction
from .types import Attribute, Request, Response
from .user_names import FORMATS, VERIFIABLE
from .users import User, attributes_of, named_user, set_attribute, touch

_NOT_FOR_CLIENTS = {"sub", "email_verified", "phone_number_verified"}
_BADLY_WRITTEN = {
    "email": "Invalid email address format.",
    "phone_number": "Invalid phone number format.",
}


# Checking


def as_given(request: Request) -> dict[str, str]:
    """The UserAttributes of a request by name; a value that was left out is a blank one."""
    return {
        attribute["Name"]: attribute.get("Value", "")
        for attribute in request.get("UserAttributes", [])
    }


def refuse_unknown(pool: Pool, attributes: dict[str, str]) -> None:
    """Refuse attributes that the pool lacks."""
    for name in attributes:
        if name not in pool.schema:
            raise _unfit(f"{name}: Attribute does not exist in the schema.")


def refuse_unwritable(pool: Pool, client: Client, attributes: dict[str, str]) -> None:
    """Refuse attributes that no client may write, or not this one. The guide says that required
    ones are always writable.
    """
    listed = client.settings.get("WriteAttributes")
    for name in attributes:
        attribute = pool.schema[name]
        unlisted = listed and name not in listed and not attribute["Required"]
        if unlisted or name in _NOT_FOR_CLIENTS or attribute.get("DeveloperOnlyAttribute"):
            raise NotAuthorizedException("A client attempted to write unauthorized attribute")


def refuse_missing(pool: Pool, attributes: dict[str, str], names: Iterable[str]) -> None:
    """Refuse where one of `names` is an attribute that the pool requires and that has no value
    here.
    """
    missing = [
        name
        for name in names
        if pool.schema[name]["Required"] and name != "sub" and not attributes.get(name)
    ]
    if missing:
        raise _unfit(" ".join(f"{name}: The attribute is required" for name in missing))


def refuse_unfit(pool: Pool, attributes: dict[str, str]) -> None:
    """Refuse values that are not of the attribute's format, type or size. A blank value is none."""
    for name, value in attributes.items():
        if value and name in FORMATS and not FORMATS[name].fullmatch(value):
            raise InvalidParameterException(_BADLY_WRITTEN[name])
        if value and (fault := _fault(pool.schema[name], value)):
            raise _unfit(f"{name}: {fault}")


def refuse_proof_of_nothing(attributes: dict[str, str], whole: dict[str, str]) -> None:
    """Refuse to call verified what the user, who has `whole` in the end, has not."""
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
        size, bounds, measure = (
            float(len(value)),
            attribute.get("StringAttributeConstraints", {}),
            "Length",
        )
    if math.isnan(size):
        return "The value must be a number"
    least, most = bounds.get(f"Min{measure}", ""), bounds.get(f"Max{measure}", "")
    # Beside a bound that is no number both comparisons are false: it binds nobody.
    if size < _number(least):
        return f"{measure} must not be less than {least}"
    if size > _number(most):
        return f"{measure} must not be greater than {most}"
    return None


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else math.nan


def _unfit(fault: str) -> InvalidParameterException:
    return InvalidParameterException(f"Attributes did not conform to the schema: {fault}")


# Changing


def update_user_attributes(tx: Transaction, request: Request) -> Response:
    """UpdateUserAttributes: `CodeDeliveryDetailsList` says where codes went for addresses that are
    new. A blank value takes an attribute away.
    """
    (user, client), changes = (
        tokens.bearer_and_client(tx, request["AccessToken"]),
        as_given(request),
    )
    pool = find_pool(tx, user.pool_id)
    _refuse_change(tx, pool, user, changes, client)
    return {"CodeDeliveryDetailsList": _change(tx, pool, user, changes)}


def admin_update_user_attributes(tx: Transaction, request: Request) -> Response:
    """AdminUpdateUserAttributes: `{}`. An administrator may also say that an address is verified,
    and then no code goes out.
    """
    (pool, user), changes = named_user(tx, request), as_given(request)
    _refuse_change(tx, pool, user, changes, None)
    _change(tx, pool, user, changes)
    return {}


def _refuse_change(
    tx: Transaction, pool: Pool, user: User, changes: dict[str, str], client: Client | None
) -> None:
    """Which check answers when several fail is not known; the order is ours. `client` is None for
    an administrator.
    """
    refuse_unknown(pool, changes)
    if any(not pool.schema[name]["Mutable"] for name in changes):
        raise InvalidParameterException("Attribute cannot be updated")
    if client is not None:
        refuse_unwritable(pool, client, changes)
    refuse_missing(pool, changes, changes)
    refuse_unfit(pool, changes)
    refuse_proof_of_nothing(changes, attributes_of(tx, user) | changes)
    user_names.refuse_alias_too_early(pool, user.status, changes)
    user_names.refuse_taken_by_another(tx, pool, user, changes)


def _change(
    tx: Transaction, pool: Pool, user: User, changes: dict[str, str]
) -> list[dict[str, str]]:
    """Write `changes` and what follows from them. Returns the CodeDeliveryDetails of a code that
    went out.
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
    return _mail_new_address(tx, pool, user, changes) if "email" in moved else []


def _mail_new_address(
    tx: Transaction, pool: Pool, user: User, changes: dict[str, str]
) -> list[dict[str, str]]:
    outbox.forget_codes(tx, user)
    if (
        not changes["email"]
        or changes.get("email_verified") == "true"
        or "email" not in pool.settings.get("AutoVerifiedAttributes", [])
    ):
        return []
    # A user who has yet to confirm the sign-up has no token to verify an attribute with.
    purpose = outbox.SIGN_UP if user.status == "UNCONFIRMED" else outbox.VERIFY_EMAIL
    return [outbox.send_code(tx, pool, user, changes["email"], purpose)]


# Proving


def get_user_attribute_verification_code(tx: Transaction, request: Request) -> Response:
    """GetUserAttributeVerificationCode: the `CodeDeliveryDetails` of a new code, whether or not the
    address is verified already.
    """
    user = tokens.bearer(tx, request["AccessToken"])
    address = attributes_of(tx, user).get(_mailable(request["AttributeName"]))
    if address is None:
        raise InvalidParameterException("User does not have a valid registered email address")
    rate_limits.count(tx, user, "GetUserAttributeVerificationCode")
    return {
        "CodeDeliveryDetails": outbox.send_code(
            tx, find_pool(tx, user.pool_id), user, address, outbox.VERIFY_EMAIL
        )
    }


def verify_user_attribute(tx: Transaction, request: Request) -> Response:
    """VerifyUserAttribute: `{}`; afterwards the address is verified and the code used up."""
    user = tokens.bearer(tx, request["AccessToken"])
    name = _mailable(request["AttributeName"])
    rate_limits.count(tx, user, "VerifyUserAttribute")
    outbox.use_code(tx, user, outbox.VERIFY_EMAIL, request["Code"])
    user_names.claim(tx, find_pool(tx, user.pool_id), user, name, force=False)
    set_attribute(tx, user, f"{name}_verified", "true")
    touch(tx, user)
    return {}


def _mailable(name: str) -> str:
    if name not in VERIFIABLE:
        raise InvalidParameterException(
            "Invalid attribute name. Only phone_number and email can be verified."
        )
    if name == "phone_number":
        raise NotInEmulatorException("text messages (phone_number)")
    return name
