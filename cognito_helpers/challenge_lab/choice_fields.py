"""The choices of the playground, field by field. The first option of a field is the one that
succeeds.
"""

from __future__ import annotations

from dataclasses import dataclass

from .conditions import (
    AccessTokenIs,
    AnswerIs,
    ClientIs,
    CodeIs,
    EmailCodeIs,
    NameIs,
    PasskeyIs,
    PasswordIs,
    RefreshTokenIs,
    SentCodeIs,
    SessionIs,
)

Choices = dict[str, str]
NONE = "none"


@dataclass(frozen=True)
class Field:
    """One choice to make."""

    key: str
    label: str
    options: tuple[str, ...]


def field(key: str, label: str, *options: str) -> Field:
    """A field, with members of enums as plain strings."""
    return Field(key, label, tuple(map(str, options)))


SESSION = field("session", "Session", *SessionIs, NONE)
# What a call without a session returns isn't known, so it isn't offered here.
SESSION_TO_ASK = field("session", "Session", *SessionIs)
CODE = field("code", "Code", *CodeIs, NONE)
CODE_OF_NEW_SECRET = field("code", "Code", *(one for one in CodeIs if one != CodeIs.USED))
ANSWER_AS = field("name", "User name", "USER_ID_FOR_SRP", *NameIs, "of another user", NONE)
NAME = field("name", "User name", *NameIs, NONE)
HASH = field("hash", "Secret hash", *AnswerIs, NONE)
EMAIL_CODE = field("code", "Code", *EmailCodeIs)
PASSWORD = field("password", "Password", PasswordIs.RIGHT, PasswordIs.WRONG, NONE)
NEW_PASSWORD = field("password", "New password", PasswordIs.VALID, PasswordIs.SHORT)
SENT = field("code", "Code", *SentCodeIs)
SIGNATURE = field("signature", "Signature", *PasskeyIs)
RIGHT_ANSWER = field("answer", "Answer", *AnswerIs)
PROOF = field("proof", "Proof", *AnswerIs)
ACCESS_TOKEN = field("token", "Access token", *AccessTokenIs)
REFRESH_TOKEN = field("token", "Refresh token", *RefreshTokenIs)


def who(*options: str) -> Field:
    """Which user."""
    return field("who", "Who", *options)


def client(*options: str) -> Field:
    """Which app client."""
    return field("client", "App client", *options)


def with_hash(choices: Choices, offered: list[Field]) -> list[Field]:
    """Offer a secret hash too if the chosen app client has a secret."""
    return [*offered, HASH] if choices.get("client") == ClientIs.WITH_SECRET else offered
