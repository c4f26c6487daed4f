"""How often a user may try an action in an hour. BEHAVIOR.md, section 3."""

from __future__ import annotations

from .errors import LimitExceededException
from .storage.store import Transaction
from .users import User

HOUR = 60 * 60
# ForgotPassword and ConfirmForgotPassword share one count. The service allows 5 to 20 depending on
# the risk it sees; the emulator sees none.
PER_HOUR = {
    "ConfirmSignUp": 15,
    "ResendConfirmationCode": 5,
    "GetUserAttributeVerificationCode": 5,
    "VerifyUserAttribute": 15,
    "ForgotPassword": 20,
    "ChangePassword": 5,
}


def count(tx: Transaction, user: User, action: str) -> None:
    """Count one attempt of `action`, successful or not; reject the one after the last allowed."""
    tx.run(
        "DELETE FROM attempts WHERE user_id = ? AND action = ? AND at <= ?",
        user.id,
        action,
        tx.now - HOUR,
    )
    row = tx.one(
        "SELECT count(*) AS tries FROM attempts WHERE user_id = ? AND action = ?", user.id, action
    )
    assert row is not None
    if row["tries"] >= PER_HOUR[action]:
        raise LimitExceededException
    tx.run_even_if_rejected("INSERT INTO attempts VALUES (?, ?, ?)", user.id, action, tx.now)
