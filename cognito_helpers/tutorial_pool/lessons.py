"""The lessons in their order: the one place that knows their numbers."""

from __future__ import annotations

from enum import StrEnum


class Lesson(StrEnum):
    """A lesson by its name; as text, its number. The name is that of its notebook."""

    START_HERE = "00"
    SIGN_UP = "01"
    SET_UP_MFA = "02"
    SIGN_IN = "03"
    REMEMBER_A_DEVICE = "04"
    CHALLENGE_LAB = "05"
    APP_CLIENT_SECRET = "06"  # noqa: S105 - a number
    WHOLE_FLOW = "07"
    CLEAN_UP = "08"

    @property
    def stem(self) -> str:
        """Its notebook's name, without the extension."""
        return f"{self.value}_{self.name.lower()}"
