"""The codes of authenticator apps. BEHAVIOR.md, 1.10 and section 4."""

from __future__ import annotations

import hmac

import pyotp

from . import lockout
from .errors import (
    CodeMismatchException,
    ExpiredCodeException,
    SoftwareTokenMFANotFoundException,
)
from .storage.store import Transaction
from .users import User

STEP = 30
ALREADY_USED = "Your software token has already been used once."
NO_TOKEN = "Software Token MFA does not exist for the user."


def check_code(tx: Transaction, user: User, code: str) -> None:
    """Accept the current code, the previous one or the next one. Each code works once."""
    if user.totp_secret is None:
        raise SoftwareTokenMFANotFoundException(NO_TOKEN)
    lockout.reject_locked(tx, user, lockout.SECOND_FACTOR)
    step = step_of(user.totp_secret, code, tx.now)
    if step is None:
        lockout.count_wrong(tx, user, lockout.SECOND_FACTOR)
        raise CodeMismatchException("Invalid code received for user")
    if _is_used(tx, user, step):
        # A used code is no guess, so it doesn't count as a wrong one.
        raise ExpiredCodeException(ALREADY_USED)
    lockout.reset(tx, user, lockout.SECOND_FACTOR)
    tx.run("DELETE FROM used_totp_steps WHERE user_id = ? AND step < ?", user.id, step - 2)
    use(tx, user, step)


def use(tx: Transaction, user: User, step: int) -> None:
    """Note that the code of that step was used."""
    tx.run("INSERT INTO used_totp_steps VALUES (?, ?)", user.id, step)


def _is_used(tx: Transaction, user: User, step: int) -> bool:
    row = tx.one("SELECT 1 FROM used_totp_steps WHERE user_id = ? AND step = ?", user.id, step)
    return row is not None


def step_of(secret: str, code: str, now: float) -> int | None:
    """The 30 seconds `code` belongs to: the current ones, or those before or after; None if it's
    none of theirs (RFC 6238, one step of tolerance).
    """
    totp = pyotp.TOTP(secret)
    present = int(now) // STEP
    found = None
    # All three are computed and compared, so that the time taken doesn't reveal which one it was.
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(totp.at(step * STEP).encode(), code.encode()):
            found = step
    return found
