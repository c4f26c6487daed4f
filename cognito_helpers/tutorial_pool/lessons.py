"""The lessons in their order: the one place that knows their numbers."""

from __future__ import annotations

from enum import StrEnum


class Lesson(StrEnum):
    """A lesson by its name; as text, its number. The name is that of its notebook."""

    START_HERE = "00"
    CREATE_A_USER_POOL = "01"
    SIGN_UP = "02"
    SET_UP_MFA = "03"
    SIGN_IN = "04"
    USE_THE_TOKENS = "05"  # noqa: S105 - a number
    REMEMBER_A_DEVICE = "06"
    SRP_EXPLAINED = "07"
    CLIENT_SECRET = "08"  # noqa: S105 - a number
    OTHER_FACTORS = "09"
    PASSWORDLESS = "10"
    CUSTOM_CHALLENGES = "11"
    PLAYGROUND = "12"
    DIAGNOSE = "13"
    BUILD_AN_APP = "14"
    CLEAN_UP = "15"

    @property
    def stem(self) -> str:
        """Its notebook's name, without the extension."""
        return f"{self.value}_{self.name.lower()}"

    @property
    def next(self) -> Lesson | None:
        """The lesson that follows; None after the last."""
        following = sorted(lesson for lesson in Lesson if lesson > self)
        return following[0] if following else None
