"""The outbox: the messages that carry confirmation codes, and the codes that they carry."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from . import identifiers
from .errors import CodeMismatchException, ExpiredCodeException
from .pools import Pool
from .store import Store, Transaction
from .users import User

SIGN_UP = "sign-up"
CODE_LIFETIME = 24 * 60 * 60


@dataclass(frozen=True)
class Message:
    """An e-mail that the pool sent. `sent` is in seconds since 1970 by the service's clock; the repr leaves the code out."""

    destination: str
    subject: str
    body: str
    code: str
    sent: float

    def __repr__(self) -> str:
        return f"Message(to={self.destination!r}, subject={self.subject!r})"


def send_code(tx: Transaction, pool: Pool, user: User, address: str) -> dict[str, str]:
    """Send a new sign-up code to `address`; it replaces the one sent before. Returns the CodeDeliveryDetails."""
    code = identifiers.six_digits()
    tx.run("INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?)", user.id, SIGN_UP, code, tx.now + CODE_LIFETIME)
    subject = pool.settings.get("EmailVerificationSubject", "Your verification code")
    body = pool.settings.get("EmailVerificationMessage", "Your confirmation code is {####}").replace("{####}", code)
    tx.run(
        "INSERT INTO outbox (pool_id, name_key, destination, subject, body, code, sent) VALUES (?, ?, ?, ?, ?, ?, ?)",
        pool.id,
        pool.name_key(user.username),
        address,
        subject,
        body,
        code,
        tx.now,
    )
    return delivery(address)


def delivery(address: str) -> dict[str, str]:
    """CodeDeliveryDetails for an e-mail to `address`, which they show only in part: `test@test.com` as `t***@t***`."""
    name, _, domain = address.rpartition("@")
    return {"Destination": f"{name[:1]}***@{domain[:1]}***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}


def use_code(tx: Transaction, user: User, given: str) -> None:
    """Take the sign-up code that `user` was sent, once and in time. Behaviour page, 1.3."""
    row = tx.one("SELECT code, expires FROM codes WHERE user_id = ? AND purpose = ?", user.id, SIGN_UP)
    if row is None or tx.now >= row["expires"]:
        raise ExpiredCodeException
    # compare_digest refuses text outside ASCII, which the model's pattern lets through.
    if not hmac.compare_digest(row["code"].encode(), given.encode()):
        raise CodeMismatchException
    tx.run("DELETE FROM codes WHERE user_id = ? AND purpose = ?", user.id, SIGN_UP)


def inbox(store: Store, username: str) -> list[Message]:
    """Every message to `username`, in whatever pool and however the name is capitalised, newest last."""
    with store.transaction() as tx:
        rows = tx.all("SELECT * FROM outbox WHERE name_key IN (?, ?) ORDER BY id", username, username.lower())
    return [Message(row["destination"], row["subject"], row["body"], row["code"], row["sent"]) for row in rows]
