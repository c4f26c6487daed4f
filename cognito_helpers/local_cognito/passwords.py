"""Passwords: the pool's policy, and the check against the stored verifier."""

from __future__ import annotations

import hmac
import secrets
import string
from typing import NoReturn

from . import lockout
from .crypto import srp
from .errors import InvalidPasswordException, NotAuthorizedException
from .sessions import end_sessions
from .storage.store import Transaction
from .types import Settings
from .users import User

# The guide's page on password policies lists the symbols.
SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")

DID_NOT_CONFORM = "Password did not conform with policy"
DOES_NOT_CONFORM = "Password does not conform to policy"
WRONG = "Incorrect username or password."


def check_policy(policy: Settings, password: str, wording: str = DID_NOT_CONFORM) -> None:
    """Reject a new password that the pool's policy doesn't allow, with the first rule it breaks.

    NEW_PASSWORD_REQUIRED and ConfirmForgotPassword word it differently. BEHAVIOR.md, 12.2.
    """
    rules = [
        (len(password) >= policy["MinimumLength"], "Password not long enough"),
        (
            not policy["RequireLowercase"] or any(c.islower() for c in password),
            "Password must have lowercase characters",
        ),
        (
            not policy["RequireUppercase"] or any(c.isupper() for c in password),
            "Password must have uppercase characters",
        ),
        (
            not policy["RequireNumbers"] or any(c.isdigit() for c in password),
            "Password must have numeric characters",
        ),
        (
            not policy["RequireSymbols"] or any(c in SYMBOLS for c in password),
            "Password must have symbol characters",
        ),
    ]
    for kept, reason in rules:
        if not kept:
            raise InvalidPasswordException(f"{wording}: {reason}")


def temporary_password(policy: Settings) -> str:
    """A password for a new user, generated from the system's source of random secrets. It has every
    kind of character, so any policy allows it.
    """
    kinds = [string.ascii_uppercase, string.ascii_lowercase, string.digits, "!#$%*+-=?@^_"]
    rest = [
        secrets.choice("".join(kinds)) for _ in range(max(policy["MinimumLength"], 8) - len(kinds))
    ]
    drawn = [*map(secrets.choice, kinds), *rest]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def new_verifier(pool_id: str, username: str, password: str) -> tuple[bytes, bytes]:
    """A new salt and its verifier."""
    salt = secrets.token_bytes(16)
    return salt, srp.verifier(srp.user_identity(pool_id, username), password, salt)


def set_password(
    tx: Transaction, user: User, password: str, status: str, temporary_until: float | None = None
) -> None:
    """Give `user` a new password and the status that goes with it. `temporary_until` is when a
    temporary one expires, in seconds since 1970.
    """
    salt, verifier = new_verifier(user.pool_id, user.username, password)
    tx.run(
        "UPDATE users SET salt = ?, verifier = ?, has_password = 1, status = ?,"
        " temporary_until = ?, modified = ? WHERE id = ?",
        *(salt, verifier, status, temporary_until, tx.now, user.id),
    )
    # Otherwise what was proved with the old password would still be accepted.
    end_sessions(tx, user)


def check(tx: Transaction, user: User, password: str) -> None:
    """Reject a wrong password, and any password while the user is locked out."""
    again = srp.verifier(srp.user_identity(user.pool_id, user.username), password, user.salt)
    judge(tx, user, hmac.compare_digest(again, user.verifier))


def judge(tx: Transaction, user: User, right: bool) -> None:
    """Reject a password, or the proof of one, that isn't `right`, and any during a lock."""
    lockout.reject_locked(tx, user, lockout.PASSWORD)
    if not right:
        lockout.count_wrong(tx, user, lockout.PASSWORD)
        raise NotAuthorizedException(WRONG)
    lockout.reset(tx, user, lockout.PASSWORD)


def reject_unknown_user(pool_id: str, username: str, password: str) -> NoReturn:
    """Reject as for a wrong password, after the same work, so that the time doesn't reveal which
    names exist.
    """
    srp.verifier(srp.user_identity(pool_id, username), password, bytes(16))
    raise NotAuthorizedException(WRONG)
