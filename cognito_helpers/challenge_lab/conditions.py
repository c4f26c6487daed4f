"""The conditions test data can be in. Learners type these strings, and the playground offers them
as choices.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from ..errors import LessonError


class SessionIs(StrEnum):
    """The condition of a session."""

    NEWEST = "newest"
    USED = "used"
    EXPIRED = "expired"
    OF_ANOTHER_USER = "of another user"
    GARBLED = "garbled"
    OF_ANOTHER_CHALLENGE = "of another challenge"


class CodeIs(StrEnum):
    """The condition of a code from an authenticator app."""

    NOW = "now"
    PREVIOUS = "30 seconds old"
    OLDER = "a minute old"
    NEXT = "the next"
    USED = "already used"
    OF_ANOTHER_ACCOUNT = "of another account"
    WRONG = "wrong"
    MALFORMED = "malformed"


class EmailCodeIs(StrEnum):
    """The condition of a confirmation code."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    MALFORMED = "malformed"


class SentCodeIs(StrEnum):
    """The condition of a code that was sent for a sign-in."""

    RIGHT = "right"
    WRONG = "wrong"
    MALFORMED = "malformed"


class PasskeyIs(StrEnum):
    """What a passkey signed."""

    RIGHT = "right"
    OTHER_CHALLENGE = "for another challenge"
    OTHER_PAGE = "on another page"
    MALFORMED = "malformed"


class Purpose(StrEnum):
    """What a confirmation code is for."""

    SIGN_UP = "sign-up"
    NEW_PASSWORD = "new password"


class AccessTokenIs(StrEnum):
    """The condition of an access token."""

    NEWEST = "newest"
    EXPIRED = "expired"
    REVOKED = "revoked"
    FORGED = "forged"
    GARBLED = "garbled"


class RefreshTokenIs(StrEnum):
    """The condition of a refresh token."""

    NEWEST = "newest"
    NOT_CONFIRMED = "not confirmed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    GARBLED = "garbled"


class DeviceKeyIs(StrEnum):
    """Which device a key is of."""

    REMEMBERED = "remembered"
    OFFERED = "offered"
    OF_ANOTHER_USER = "of another user"
    UNKNOWN = "unknown"


class PasswordIs(StrEnum):
    """A user's own password, another one, or a new one."""

    RIGHT = "right"
    WRONG = "wrong"
    VALID = "a valid one"
    SHORT = "a short one"


class AnswerIs(StrEnum):
    """The condition of an SRP proof or a secret hash."""

    RIGHT = "right"
    WRONG = "wrong"


class NameIs(StrEnum):
    """The form of a sign-in name."""

    USER_NAME = "user name"
    EMAIL = "email address"


class ClientIs(StrEnum):
    """Which app client."""

    YOURS = "yours"
    WITH_SECRET = "one with a secret"
    BY_DEFAULT = "one with default settings"
    PASSWORDS_ONLY = "one for passwords only"
    UNKNOWN = "one that does not exist"


Condition = TypeVar("Condition", bound=StrEnum)


def chosen(kind: type[Condition], value: str) -> Condition:
    """The member of `kind` with this value. Raises `LessonError` if there is none."""
    try:
        return kind(value)
    except ValueError:
        raise LessonError(f"“{value}” isn't among the choices here: {', '.join(kind)}.") from None
