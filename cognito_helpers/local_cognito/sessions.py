"""Sessions: opaque strings that tie the calls of one sign-in together. BEHAVIOR.md, section 2.

Each step of a sign-in returns a new session and uses up the one it was given. A session is valid
for one user, one client, one next step and a few minutes. The steps of secure remote password may
be answered without their session: it's found by the secret block the client sends back, or by the
device.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, field
from typing import Any

from .challenges.names import DEVICE_SRP_AUTH
from .clients import Client
from .crypto import random_values
from .errors import NotAuthorizedException
from .pools import Pool
from .storage.store import Transaction
from .users import User

INVALID = "Invalid session for the user."
EXPIRED = "Invalid session for the user, session is expired."
# How long a used or expired session is remembered, so that the error can still say what was wrong
# with it
REMEMBERED = 24 * 60 * 60
# Wrong codes on one session. A choice: six weren't enough at AWS (BEHAVIOR.md, 11.19).
MOST_FAILURES = 20


@dataclass(frozen=True)
class Custom:
    """CUSTOM_AUTH so far: what DefineAuthChallenge is told of each challenge, and whether it has
    issued tokens.
    """

    session: tuple[dict[str, Any], ...] = ()
    issued: bool = False

    @classmethod
    def of(cls, state: dict[str, Any]) -> Custom | None:
        """What the state of a session keeps of it; None in any other flow."""
        custom = state.get("custom")
        return cls(tuple(custom["session"]), custom["issued"]) if custom else None


@dataclass(frozen=True)
class SignIn:
    """A sign-in in progress: its user, its client, and its device if one was named.

    `attempt` is shared by all its sessions. `by_alias` is true if the last response named the user
    by an alias instead of by USER_ID_FOR_SRP. `metadata` is the ClientMetadata of the response, and
    `answered` its challenge.
    """

    pool: Pool
    client: Client
    user: User
    attempt: str
    device_key: str | None = None
    by_alias: bool = False
    custom: Custom | None = None
    metadata: dict[str, str] | None = None
    answered: str = ""

    @property
    def username(self) -> str:
        """The user's own name."""
        return self.user.username


@dataclass(frozen=True)
class UnknownUser:
    """A sign-in in a name no user has, at a client that hides that."""

    pool: Pool
    client: Client
    username: str
    attempt: str
    custom: Custom | None = None
    metadata: dict[str, str] | None = None
    user: None = None
    device_key: None = None


Party = SignIn | UnknownUser


def kept(party: Party) -> dict[str, Any]:
    """What the state of each session of a sign-in keeps."""
    return {"custom": asdict(party.custom)} if party.custom else {}


@dataclass(frozen=True)
class Session:
    """A valid session as stored; the string itself is known only by its digest."""

    digest: bytes
    client_id: str
    user_id: int | None
    attempt: str
    expects: str
    device_key: str | None
    srp_key: bytes | None = field(repr=False)
    totp_offered: str | None = field(repr=False)
    failures: int
    state: dict[str, Any] = field(repr=False)


def open_session(
    tx: Transaction,
    client: Client,
    user_id: int | None,
    attempt: str,
    expects: str,
    *,
    device_key: str | None = None,
    secret_block: str | None = None,
    srp_key: bytes | None = None,
    totp_offered: str | None = None,
    state: dict[str, Any] | None = None,
) -> str:
    """A new session for the next step, as it's sent. `user_id` is None for a user who is only
    simulated. `state` is what else the challenge needs to check a response.
    """
    tx.run("DELETE FROM sessions WHERE expires < ?", tx.now - REMEMBERED)
    session = random_values.session()
    block = random_values.digest(secret_block) if secret_block else None
    tx.run(
        "INSERT INTO sessions (digest, client_id, user_id, attempt, expects, expires, device_key,"
        " secret_block, srp_key, totp_offered, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(
            random_values.digest(session),
            client.id,
            user_id,
            attempt,
            expects,
            tx.now + client.session_seconds,
            device_key,
            block,
            srp_key,
            totp_offered,
            json.dumps(state or {}),
        ),
    )
    return session


def find_session(tx: Transaction, session: str) -> Session:
    """The valid session for what a client sent; rejects one that is garbled, used or expired."""
    return _live(tx, _row(tx, session))


def find_by_secret_block(tx: Transaction, secret_block: str, session: str | None) -> Session | None:
    """The valid session of the SRP challenge with `secret_block`, or None; `session` may be sent
    too, and must then belong to the same sign-in.
    """
    row = tx.one(
        "SELECT * FROM sessions WHERE secret_block = ?", random_values.digest(secret_block)
    )
    return None if row is None else _live(tx, _of_one_sign_in(tx, row, session))


def find_by_device(
    tx: Transaction, client: Client, user: User | None, device_key: str, session: str | None
) -> Session:
    """The valid session of a DEVICE_SRP_AUTH for this user and device; `session` as for
    `find_by_secret_block`.

    Finishing it requires the device's password; the session stands for the user's password, given
    before.
    """
    # Of several sign-ins from one device the session's own, otherwise the last.
    attempt = _row(tx, session)["attempt"] if session is not None else None
    row = tx.one(
        "SELECT * FROM sessions WHERE user_id = ? AND client_id = ? AND expects = ? AND device_key"
        " = ? AND attempt = coalesce(?, attempt) ORDER BY used, ended, expires DESC LIMIT 1",
        *(user.id if user else None, client.id, DEVICE_SRP_AUTH, device_key, attempt),
    )
    if row is None:
        raise NotAuthorizedException(INVALID)
    return _live(tx, row)


def use_session(tx: Transaction, session: Session) -> None:
    """Mark a session as used. An error rolls this back with everything else: after a wrong code the
    session stays valid for another attempt.
    """
    tx.run("UPDATE sessions SET used = 1 WHERE digest = ?", session.digest)


def count_failure(tx: Transaction, session: Session) -> None:
    """Count a wrong code, though the response is rejected. After too many the session ends.

    The service ends it too, but the number isn't known (BEHAVIOR.md, 11.19).
    """
    tx.run_even_if_rejected(
        "UPDATE sessions SET failures = ?, ended = ? WHERE digest = ?",
        session.failures + 1,
        session.failures + 1 >= MOST_FAILURES,
        session.digest,
    )


def spend_session(tx: Transaction, session: Session) -> None:
    """Mark a session as used, though the response is rejected."""
    tx.run_even_if_rejected("UPDATE sessions SET used = 1 WHERE digest = ?", session.digest)


def end_sessions(tx: Transaction, user: User) -> None:
    """End every sign-in of the user in progress: what was proved in it may no longer be true. It's
    stored as a fact, so the clock doesn't matter.
    """
    tx.run("UPDATE sessions SET ended = 1 WHERE user_id = ?", user.id)


def _row(tx: Transaction, session: str) -> sqlite3.Row:
    row = tx.one("SELECT * FROM sessions WHERE digest = ?", random_values.digest(session))
    if row is None:
        raise NotAuthorizedException(INVALID)
    return row


def _of_one_sign_in(tx: Transaction, row: sqlite3.Row, session: str | None) -> sqlite3.Row:
    # Clients send the session of an earlier response here, or none (BEHAVIOR.md, 10.4).
    if session is not None and _row(tx, session)["attempt"] != row["attempt"]:
        raise NotAuthorizedException(INVALID)
    return row


def _live(tx: Transaction, row: sqlite3.Row) -> Session:
    if row["used"]:
        raise NotAuthorizedException("Invalid session for the user, session can only be used once.")
    if row["ended"]:
        # By too many wrong codes, a new password or a sign-out.
        raise NotAuthorizedException(EXPIRED)
    if tx.now >= row["expires"]:
        raise NotAuthorizedException(EXPIRED)
    stored = {name: row[name] for name in Session.__dataclass_fields__}
    return Session(**{**stored, "state": json.loads(row["state"])})
