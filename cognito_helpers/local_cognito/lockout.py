"""The lock that grows with each wrong proof. BEHAVIOR.md, 8 and 11.20.

Five wrong proofs are free. Each further failure doubles the lock, from one second after the fifth
to about fifteen minutes. Attempts during a lock neither count nor prolong it. A right proof after
the lock, or fifteen minutes without attempts, resets the count.

Passwords and second factors are counted separately: otherwise anyone who knows the password could
reset the count of wrong codes with each new sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import NotAuthorizedException
from .storage.store import Transaction
from .users import User

FREE_ATTEMPTS = 5
LONGEST_LOCK = 15 * 60
# By the guide MFA codes start the same lock. What the service says then isn't known (11.22), so the
# emulator uses the words for passwords.
LOCKED = "Password attempts exceeded"


@dataclass(frozen=True)
class Count:
    """Where failures are counted: the columns for their number and for the time of the last."""

    failures: str
    last: str


PASSWORD = Count("failed_passwords", "last_failure")
# TOTP codes at sign-in and at VerifySoftwareToken, and the proof a device gives instead
SECOND_FACTOR = Count("failed_factors", "last_failed_factor")


def reject_locked(tx: Transaction, user: User, count: Count) -> None:
    """Reject any proof during a lock."""
    failures, last = _failures(tx, user, count), getattr(user, count.last)
    lock = min(2 ** (failures - FREE_ATTEMPTS), LONGEST_LOCK) if failures >= FREE_ATTEMPTS else 0
    if tx.now < last + lock:
        raise NotAuthorizedException(LOCKED)


def count_wrong(tx: Transaction, user: User, count: Count) -> None:
    """Count a wrong proof, though the call is rejected."""
    tx.run_even_if_rejected(
        f"UPDATE users SET {count.failures} = ?, {count.last} = ? WHERE id = ?",
        _failures(tx, user, count) + 1,
        tx.now,
        user.id,
    )


def reset(tx: Transaction, user: User, count: Count) -> None:
    """Forget the wrong proofs after a right one."""
    if getattr(user, count.failures):
        tx.run(f"UPDATE users SET {count.failures} = 0 WHERE id = ?", user.id)


def _failures(tx: Transaction, user: User, count: Count) -> int:
    failures: int = getattr(user, count.failures)
    return failures if tx.now < getattr(user, count.last) + LONGEST_LOCK else 0
