"""How often a user may try something in an hour. BEHAVIOR.md, section 3."""

from __future__ import annotations

from .errors import LimitExceededException
from .storage.store import Transaction
from .users import User

HOUR = 60 * 60
# ForgotPassword and ConfirmForgotPassword share one count. The service allows 5 to 20 by the risk
# it sees; the emulator sees none.
PER_HOUR = {
    "ConfirmSignUp": 15,
    "ResendConfirmationCode": 5,
    "GetUserAttributeVerificationCode": 5,
    "VerifyUserAttribute": 15,
    "ForgotPassword": 20,
    "ChangePassword": 5,
}


def count(tx: Transaction, user: User, action: str) -> None:
    """Count one try of `action`, whatever becomes of it; the one after the last that is allowed is
    refused.
    """
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
    tx.run_even_if_refused("INSERT INTO attempts VALUES (?, ?, ?)", user.id, action, tx.now)
