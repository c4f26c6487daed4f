"""NEW_PASSWORD_REQUIRED: the challenge that exchanges a password from an administrator for the
user's own. BEHAVIOR.md, 10.2.
"""

from __future__ import annotations

import json
from dataclasses import replace

from .. import attributes, passwords, user_names
from ..clients import Client
from ..errors import InvalidParameterException, NotAuthorizedException
from ..pools import Pool
from ..sessions import Session, SignIn
from ..storage.store import Transaction
from ..types import Response
from ..users import User, attributes_of, set_attribute, user_by
from .names import NEW_PASSWORD_REQUIRED
from .step import Passed, Proved, ask, to_user

ATTRIBUTE = "userAttributes."


def pose(tx: Transaction, sign_in: SignIn) -> Response | None:
    """Ask for a new password if the one just proved is temporary."""
    if sign_in.user.status != "FORCE_CHANGE_PASSWORD":
        return None
    _reject_expired(tx, sign_in.user)
    told = _parameters(tx, sign_in.pool, sign_in.user)
    return ask(tx, sign_in, NEW_PASSWORD_REQUIRED, to_user(sign_in, told))


def answer(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Give the user the new password, and the attributes sent with it."""
    changed = _take(tx, sign_in.pool, sign_in.client, sign_in.user, responses)
    return Passed(Proved.PASSWORD, replace(sign_in, user=changed))


def _reject_expired(tx: Transaction, user: User) -> None:
    """Reject a temporary password after as many days as the pool's policy says."""
    if user.temporary_until is not None and tx.now >= user.temporary_until:
        raise NotAuthorizedException(
            "Temporary password has expired and must be reset by an administrator."
        )


def _parameters(tx: Transaction, pool: Pool, user: User) -> dict[str, str]:
    """What the challenge tells: the attributes that the user has, and those that the answer must
    bring, as JSON inside texts.
    """
    known = {name: value for name, value in attributes_of(tx, user).items() if name != "sub"}
    missing = [ATTRIBUTE + name for name in pool.required_attributes if name not in known]
    return {"requiredAttributes": json.dumps(missing), "userAttributes": json.dumps(known)}


def _take(
    tx: Transaction, pool: Pool, client: Client, user: User, responses: dict[str, str]
) -> User:
    """Give the user the password of their own, and what attributes came with it; the user as they
    are then.
    """
    _reject_expired(tx, user)
    password = responses["NEW_PASSWORD"]
    passwords.check_policy(pool.password_policy, password, passwords.DOES_NOT_CONFORM)
    known = attributes_of(tx, user)
    given = {
        name.removeprefix(ATTRIBUTE): value
        for name, value in responses.items()
        if name.startswith(ATTRIBUTE)
    }
    attributes.reject_unknown(pool, given)
    for name in ("sub", *(f"{name}_verified" for name in user_names.VERIFIABLE)):
        # Met with email_verified (12.5); the two others by analogy.
        if name in given:
            raise InvalidParameterException(f"Cannot modify the non-mutable attribute {name}")
    attributes.reject_unwritable(pool, client, given)
    for name in given.keys() & known.keys():
        # Or whoever was invited with a verified address could put another in its place.
        raise NotAuthorizedException(f"Cannot modify an already provided {name}")
    for name in pool.required_attributes:
        if not (known | given).get(name):
            raise InvalidParameterException(f"Invalid attributes given, {name} is missing")
    attributes.reject_invalid(pool, given)
    user_names.reject_taken_by_another(tx, pool, user, given)
    for name, value in given.items():
        set_attribute(tx, user, name, value)
    passwords.set_password(tx, user, password, status="CONFIRMED")
    changed = user_by(tx, "id", user.id)
    assert changed is not None
    return changed
