"""What an administrator may do with one user: make, confirm, disable, enable and delete it. Its
attributes are in `attributes.py`.
"""

from __future__ import annotations

from . import outbox, passwords, user_names
from .attributes import as_given, refuse_proof_of_nothing, refuse_unfit, refuse_unknown
from .errors import (
    InvalidParameterException,
    NotAuthorizedException,
    UnsupportedUserStateException,
    UserNotFoundException,
)
from .pools import Pool, find_pool
from .sessions import end_sessions
from .sign_up import new_user
from .storage.store import Transaction
from .types import Request, Response
from .user_names import VERIFIABLE
from .users import User, attributes_of, described, find_user, named_user, user_by

# What a message of each kind is sent to.
_MEDIUMS = {"EMAIL": "email", "SMS": "phone_number"}


# Making


def admin_create_user(tx: Transaction, request: Request) -> Response:
    """AdminCreateUser: `{"User": {...}}`, who is to choose a password of their own at the first
    sign-in.

    The temporary password is the one given, or one made up by the pool's policy. It is mailed where
    DesiredDeliveryMediums has EMAIL; text messages, the default, are never sent by the emulator.
    RESEND renews the password and the invitation of a user who has not signed in yet.
    """
    pool = find_pool(tx, request["UserPoolId"])
    password, action = (
        request.get("TemporaryPassword") or passwords.temporary_password(pool.password_policy),
        request.get("MessageAction"),
    )
    passwords.check_policy(pool.password_policy, password)
    user = (
        _renew(tx, pool, request, password)
        if action == "RESEND"
        else _create(tx, pool, request, password)
    )
    if action != "SUPPRESS":
        _invite(tx, pool, user, request, password)
    return {"User": described(tx, user, "Attributes")}


def _create(tx: Transaction, pool: Pool, request: Request, password: str) -> User:
    """An administrator may leave out attributes that the pool requires, and say that an address is
    verified.
    """
    attributes = as_given(pool, request)
    if "sub" in attributes:
        raise InvalidParameterException("Cannot modify the non-mutable attribute sub")
    refuse_unknown(pool, attributes)
    attributes |= user_names.attribute_of_name(pool, request["Username"])
    refuse_unfit(pool, attributes)
    refuse_proof_of_nothing(attributes, attributes)
    user_names.refuse_taken(
        tx, pool, request["Username"], attributes, force=request.get("ForceAliasCreation", False)
    )
    until = tx.now + pool.temporary_password_seconds
    user = new_user(
        tx,
        pool,
        request["Username"],
        password,
        attributes,
        status="FORCE_CHANGE_PASSWORD",
        temporary_until=until,
    )
    for name in VERIFIABLE:
        if attributes.get(f"{name}_verified") == "true":
            user_names.claim(tx, pool, user, name, force=True)
    return user


def _renew(tx: Transaction, pool: Pool, request: Request, password: str) -> User:
    user = find_user(tx, pool, request["Username"])
    if user is None:
        raise UserNotFoundException
    if user.status != "FORCE_CHANGE_PASSWORD":
        raise UnsupportedUserStateException(
            f"Resend not possible. {request['Username']} status is not FORCE_CHANGE_PASSWORD"
        )
    passwords.set_password(
        tx,
        user,
        password,
        status=user.status,
        temporary_until=tx.now + pool.temporary_password_seconds,
    )
    renewed = user_by(tx, "id", user.id)
    assert renewed is not None
    return renewed


def _invite(tx: Transaction, pool: Pool, user: User, request: Request, password: str) -> None:
    attributes, mediums = attributes_of(tx, user), request.get("DesiredDeliveryMediums", [])
    for medium in mediums:
        if _MEDIUMS[medium] not in attributes:
            raise InvalidParameterException(
                f"The user needs a value for {_MEDIUMS[medium]} to be invited by {medium}."
            )
    if "EMAIL" in mediums:
        outbox.send_invitation(tx, pool, user, attributes["email"], request["Username"], password)


# Changing


def admin_confirm_sign_up(tx: Transaction, request: Request) -> Response:
    """AdminConfirmSignUp: `{}`; the user is CONFIRMED without a code, so nothing is verified by it.
    BEHAVIOR.md, 10.1.
    """
    _, user = named_user(tx, request)
    if user.status != "UNCONFIRMED":
        raise NotAuthorizedException(f"User cannot be confirmed. Current status is {user.status}")
    tx.run("UPDATE users SET status = 'CONFIRMED', modified = ? WHERE id = ?", tx.now, user.id)
    return {}


def admin_disable_user(tx: Transaction, request: Request) -> Response:
    """AdminDisableUser: `{}`; the user can neither sign in nor use a token, and tokens of before
    stay worthless once the user is enabled again.
    """
    _, user = named_user(tx, request)
    tx.run("UPDATE users SET enabled = 0, modified = ? WHERE id = ?", tx.now, user.id)
    tx.run("UPDATE sign_ins SET revoked = 1 WHERE user_id = ?", user.id)
    end_sessions(tx, user)
    return {}


def admin_enable_user(tx: Transaction, request: Request) -> Response:
    """AdminEnableUser: `{}`; the user may sign in again. BEHAVIOR.md, 10.2."""
    _, user = named_user(tx, request)
    tx.run("UPDATE users SET enabled = 1, modified = ? WHERE id = ?", tx.now, user.id)
    return {}


def admin_delete_user(tx: Transaction, request: Request) -> Response:
    """AdminDeleteUser: nothing comes back; the user is gone for good, and the name is free at once.
    BEHAVIOR.md, 10.1.
    """
    _, user = named_user(tx, request)
    tx.run("DELETE FROM users WHERE id = ?", user.id)
    return {}
