"""Sessions: sealed notes from the service to itself about a sign-in that is under way. Behaviour page, section 2.

Each step of a sign-in hands out a new session and uses up the one it was given. A session is good for one user, one client, one next step and a few minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import identifiers
from .clients import Client
from .errors import NotAuthorizedException
from .store import Transaction
from .users import User

INVALID = "Invalid session for the user."
# How long a dead session is remembered, so that the refusal can still say what was wrong with it.
REMEMBERED = 24 * 60 * 60

# What a session may expect next. The first two are challenges by those names; the others are the stages of answering MFA_SETUP.
MFA_SETUP, SOFTWARE_TOKEN_MFA = "MFA_SETUP", "SOFTWARE_TOKEN_MFA"
SETUP_OFFERED, SETUP_VERIFIED = "MFA_SETUP, secret handed out", "MFA_SETUP, code verified"


@dataclass(frozen=True)
class Session:
    """A live session as stored; what travels is only known by its digest."""

    digest: bytes
    client_id: str
    user_id: int
    expects: str


def open_session(tx: Transaction, client: Client, user: User, expects: str) -> str:
    """A new session for the next step, in the form in which it travels."""
    tx.run("DELETE FROM sessions WHERE expires < ?", tx.now - REMEMBERED)
    session = identifiers.session()
    tx.run(
        "INSERT INTO sessions (digest, client_id, user_id, sign_in, expects, expires) VALUES (?, ?, ?, ?, ?, ?)",
        identifiers.digest(session),
        client.id,
        user.id,
        "",
        expects,
        tx.now + client.session_seconds,
    )
    return session


def find_session(tx: Transaction, session: str) -> Session:
    """The live session behind what a client sent; refuses one that is garbled, used or expired."""
    row = tx.one("SELECT * FROM sessions WHERE digest = ?", identifiers.digest(session))
    if row is None:
        raise NotAuthorizedException(INVALID)
    if row["used"]:
        raise NotAuthorizedException("Invalid session for the user, session can only be used once.")
    if tx.now >= row["expires"]:
        raise NotAuthorizedException("Invalid session for the user, session is expired.")
    return Session(row["digest"], row["client_id"], row["user_id"], row["expects"])


def use_session(tx: Transaction, session: Session) -> None:
    """Mark a session as used. Called when its step has succeeded: a wrong code leaves the session good for another try."""
    tx.run("UPDATE sessions SET used = 1 WHERE digest = ?", session.digest)
