"""Signing up: creating a user and verifying the email address."""

from __future__ import annotations

from dataclasses import replace

from . import outbox, passwords, rate_limits, sign_up_sessions, user_names
from .attributes import as_given, reject_invalid, reject_missing, reject_unknown, reject_unwritable
from .clients import Client, client_and_pool
from .crypto import random_values
from .errors import (
    ExpiredCodeException,
    InvalidParameterException,
    NotAuthorizedException,
    UserNotFoundException,
)
from .pools import Pool
from .storage.store import Transaction
from .triggers import sign_up as triggers
from .triggers.invoke import Occasion
from .types import Request, Response
from .users import User, attributes_of, find_user, set_attribute, user_by


def sign_up(tx: Transaction, request: Request) -> Response:
    """SignUp: `UserConfirmed`, `UserSub`, CodeDeliveryDetails if a code was sent, and a `Session`
    for clients that allow USER_AUTH. BEHAVIOR.md, 1.1 and 11.6.

    Which check applies first when several fail isn't known; the order is ours.
    """
    client, pool = client_and_pool(tx, request)
    client.check_secret_hash(request["Username"], request.get("SecretHash"))
    if pool.settings["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]:
        raise NotAuthorizedException("SignUp is not permitted for this user pool")
    if "Password" in request:
        passwords.check_policy(pool.password_policy, request["Password"])
    elif not (pool.has_codes_first and client.allows("USER_AUTH")):
        raise InvalidParameterException(
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member"
            " must not be null"
        )
    attributes = as_given(pool, request)
    reject_unknown(pool, attributes)
    reject_unwritable(pool, client, attributes)
    attributes |= user_names.attribute_of_name(pool, request["Username"])
    reject_missing(pool, attributes, pool.schema)
    reject_invalid(pool, attributes)
    user_names.reject_alias_too_early(pool, "UNCONFIRMED", attributes)
    user_names.reject_taken(tx, pool, request["Username"], attributes)

    sub = random_values.new_uuid()
    username = sub if pool.username_attributes else request["Username"]
    occasion = Occasion(triggers.SIGN_UP, client.id, request.get("ClientMetadata"))
    said = triggers.pre_sign_up(tx, pool, occasion, username, attributes, request)
    # BEHAVIOR.md, 12.5: only in pools with auto-verification.
    for name in pool.verifies:
        if attributes.get(name):
            attributes[f"{name}_verified"] = "false"
    if said is not None:
        attributes |= said.verified
        # Also because the function may have signed someone up.
        user_names.reject_taken(tx, pool, request["Username"], attributes)
    return _made(
        tx, client, pool, request, attributes, sub, is_confirmed=bool(said and said.confirms)
    )


def _made(
    tx: Transaction,
    client: Client,
    pool: Pool,
    request: Request,
    attributes: dict[str, str],
    sub: str,
    is_confirmed: bool,
) -> Response:
    """Store the new user, and send the code unless PreSignUp has confirmed them."""
    username, password = request["Username"], request.get("Password")
    status = "CONFIRMED" if is_confirmed else "UNCONFIRMED"
    user = new_user(tx, pool, username, password, attributes, status=status, sub=sub)
    answer: Response = {"UserConfirmed": is_confirmed, "UserSub": user.sub}
    occasion = Occasion(triggers.SIGN_UP, client.id, request.get("ClientMetadata"))
    if is_confirmed:
        triggers.post_confirmation(tx, pool, replace(occasion, name=triggers.CONFIRMED), user)
    elif to := _to_confirm(pool, attributes):
        answer["CodeDeliveryDetails"] = outbox.send_code(
            tx, pool, user, attributes[to], occasion, outbox.CONFIRMS[to]
        )
    return answer | sign_up_sessions.begin(tx, client, user)


def new_user(
    tx: Transaction,
    pool: Pool,
    username: str,
    password: str | None,
    attributes: dict[str, str],
    *,
    status: str = "UNCONFIRMED",
    temporary_until: float | None = None,
    sub: str | None = None,
) -> User:
    """Store a new user. In a pool with email addresses or phone numbers as user names, the stored
    name is the sub. Without a password the user has one no one knows.
    """
    sub = sub or random_values.new_uuid()
    username = sub if pool.username_attributes else username
    has_password = password is not None
    salt, verifier = passwords.new_verifier(
        pool.id, username, random_values.session() if password is None else password
    )
    user_id = tx.run(
        "INSERT INTO users (pool_id, username, name_key, sub, status, created, modified, salt,"
        " verifier, temporary_until, has_password) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        pool.id,
        username,
        pool.name_key(username),
        sub,
        status,
        tx.now,
        tx.now,
        salt,
        verifier,
        temporary_until,
        has_password,
    )
    user = user_by(tx, "id", user_id)
    assert user is not None
    for name, value in attributes.items():
        set_attribute(tx, user, name, value)
    return user


def _to_confirm(pool: Pool, attributes: dict[str, str]) -> str | None:
    """The attribute a code goes to that confirms the sign-up."""
    return next((name for name in pool.verifies if attributes.get(name)), None)


def resend_confirmation_code(tx: Transaction, request: Request) -> Response:
    """ResendConfirmationCode: the CodeDeliveryDetails of a new code. BEHAVIOR.md, 1.2.

    A client that hides who exists gets a response as if a code were sent if no user is found, and
    if the user is disabled.
    """
    client, pool = client_and_pool(tx, request)
    client.check_secret_hash(request["Username"], request.get("SecretHash"))
    user = find_user(tx, pool, request["Username"])
    if client.hides_unknown_users and (user is None or not user.enabled):
        return {"CodeDeliveryDetails": outbox.simulated_confirmation(pool, request["Username"])}
    if user is None:
        raise UserNotFoundException("Username/client id combination not found.")
    if user.status != "UNCONFIRMED":
        raise InvalidParameterException("User is already confirmed.")
    attributes = attributes_of(tx, user)
    to = _to_confirm(pool, attributes)
    if to is None:
        raise InvalidParameterException("Auto verification not turned on.")
    rate_limits.count(tx, user, "ResendConfirmationCode")
    occasion = Occasion("ResendCode", client.id, request.get("ClientMetadata"))
    sent = outbox.send_code(tx, pool, user, attributes[to], occasion, outbox.CONFIRMS[to])
    return {"CodeDeliveryDetails": sent}


def confirm_sign_up(tx: Transaction, request: Request) -> Response:
    """ConfirmSignUp: a `Session` if SignUp's was sent along, otherwise `{}`; afterwards the user is
    CONFIRMED, the address verified and the code used up. BEHAVIOR.md, 1.3 and 11.6.
    """
    client, pool = client_and_pool(tx, request)
    client.check_secret_hash(request["Username"], request.get("SecretHash"))
    user = find_user(tx, pool, request["Username"])
    if user is None and client.hides_unknown_users:
        raise ExpiredCodeException
    if user is None:
        raise UserNotFoundException("Username/client id combination not found.")
    if user.status != "UNCONFIRMED":
        raise NotAuthorizedException(f"User cannot be confirmed. Current status is {user.status}")
    rate_limits.count(tx, user, "ConfirmSignUp")
    purposes = outbox.CONFIRMS.values()
    used = outbox.use_code(tx, user, request["ConfirmationCode"], *purposes)
    name = "phone_number" if used in outbox.BY_SMS else "email"
    user_names.claim(tx, pool, user, name, force=request.get("ForceAliasCreation", False))

    tx.run("UPDATE users SET status = 'CONFIRMED', modified = ? WHERE id = ?", tx.now, user.id)
    set_attribute(tx, user, f"{name}_verified", "true")
    occasion = Occasion(triggers.CONFIRMED, client.id, request.get("ClientMetadata"))
    triggers.post_confirmation(tx, pool, occasion, user)
    return sign_up_sessions.confirm(tx, client, user, request.get("Session"))
