"""Signing up: a user makes an account and proves that the e-mail address is theirs."""

from __future__ import annotations

import re
from typing import Any

from . import identifiers, limits, mail, passwords
from .clients import Client, client_and_pool
from .errors import (
    ExpiredCodeException,
    InvalidParameterException,
    NotAuthorizedException,
    UsernameExistsException,
    UserNotFoundException,
)
from .pools import Pool
from .store import Transaction
from .users import User, attributes_of, find_user, set_attribute, user_by


def sign_up(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """SignUp: `UserConfirmed` (False), `UserSub`, and CodeDeliveryDetails where a code was mailed. Behaviour page, 1.1.

    Which check answers when several fail is not known; the order here is ours.
    """
    client, pool = client_and_pool(tx, request)
    client.check_secret_hash(request["Username"], request.get("SecretHash"))
    if pool.settings["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]:
        raise NotAuthorizedException("SignUp is not permitted for this user pool")
    if "Password" not in request:
        raise InvalidParameterException("1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null")
    passwords.check_policy(pool.settings["Policies"]["PasswordPolicy"], request["Password"])
    attributes = {attribute["Name"]: attribute.get("Value", "") for attribute in request.get("UserAttributes", [])}
    _check_attributes(pool, client, attributes)
    if find_user(tx, pool, request["Username"]) is not None:
        raise UsernameExistsException

    user = _new_user(tx, pool, request["Username"], request["Password"], attributes)
    answer: dict[str, Any] = {"UserConfirmed": False, "UserSub": user.sub}
    if "email" in pool.settings.get("AutoVerifiedAttributes", []) and "email" in attributes:
        answer["CodeDeliveryDetails"] = mail.send_code(tx, pool, user, attributes["email"])
    return answer


def _check_attributes(pool: Pool, client: Client, attributes: dict[str, str]) -> None:
    writable = client.settings.get("WriteAttributes")
    for name in attributes:
        if name not in pool.schema:
            raise InvalidParameterException(f"Attributes did not conform to the schema: {name}: Attribute does not exist in the schema.")
        if name in ("sub", "email_verified", "phone_number_verified") or (writable and name not in writable):
            raise NotAuthorizedException("A client attempted to write unauthorized attribute")
    missing = [name for name in pool.required_attributes if name not in attributes]
    if missing:
        raise InvalidParameterException("Attributes did not conform to the schema: " + " ".join(f"{name}: The attribute is required" for name in missing))
    if "email" in attributes and not re.fullmatch(r"[^\s@]+@[^\s@]+", attributes["email"]):
        raise InvalidParameterException("Invalid email address format.")


def _new_user(tx: Transaction, pool: Pool, username: str, password: str, attributes: dict[str, str]) -> User:
    salt, verifier = passwords.new_verifier(pool.id, username, password)
    user_id = tx.run(
        "INSERT INTO users (pool_id, username, name_key, sub, status, created, modified, salt, verifier) VALUES (?, ?, ?, ?, 'UNCONFIRMED', ?, ?, ?, ?)",
        pool.id,
        username,
        pool.name_key(username),
        identifiers.new_uuid(),
        tx.now,
        tx.now,
        salt,
        verifier,
    )
    user = user_by(tx, "id", user_id)
    assert user is not None
    for name, value in attributes.items():
        set_attribute(tx, user, name, value)
    return user


def resend_confirmation_code(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """ResendConfirmationCode: the CodeDeliveryDetails of a new code. Behaviour page, 1.2."""
    client, pool = client_and_pool(tx, request)
    client.check_secret_hash(request["Username"], request.get("SecretHash"))
    user = find_user(tx, pool, request["Username"])
    if user is None and client.hides_unknown_users:
        return {"CodeDeliveryDetails": mail.delivery("a@a")}
    if user is None:
        raise UserNotFoundException("Username/client id combination not found.")
    if user.status != "UNCONFIRMED":
        raise InvalidParameterException("User is already confirmed.")
    address = attributes_of(tx, user).get("email")
    if address is None or "email" not in pool.settings.get("AutoVerifiedAttributes", []):
        raise InvalidParameterException("Auto verification not turned on.")
    limits.count(tx, user, "ResendConfirmationCode")
    return {"CodeDeliveryDetails": mail.send_code(tx, pool, user, address)}


def confirm_sign_up(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """ConfirmSignUp: `{}`; afterwards the user is CONFIRMED, the address verified and the code used up. Behaviour page, 1.3."""
    client, pool = client_and_pool(tx, request)
    client.check_secret_hash(request["Username"], request.get("SecretHash"))
    user = find_user(tx, pool, request["Username"])
    if user is None and client.hides_unknown_users:
        raise ExpiredCodeException
    if user is None:
        raise UserNotFoundException("Username/client id combination not found.")
    if user.status != "UNCONFIRMED":
        raise NotAuthorizedException(f"User cannot be confirmed. Current status is {user.status}")
    limits.count(tx, user, "ConfirmSignUp")
    mail.use_code(tx, user, mail.SIGN_UP, request["ConfirmationCode"])

    tx.run("UPDATE users SET status = 'CONFIRMED', modified = ? WHERE id = ?", tx.now, user.id)
    set_attribute(tx, user, "email_verified", "true")
    return {}
