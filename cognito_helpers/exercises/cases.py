"""Cases to diagnose: a pool, its users, and an application in trouble. The learner examines them
with real calls and chooses the cause.

Each case has an emulator of its own, in memory. It doesn't touch the learner's pool, user or clock,
and it leaves nothing behind.
"""

from __future__ import annotations

from ..errors import LessonError
from ..text import wrapped
from .case_data import CASES, Case
from .practice_pool import PracticePool
from .result import NOT_YET, SOLVED, Result


class OpenCase(PracticePool):
    """A case in its own pool, ready to examine. Its repr is what the application's owner says."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self._case = case
        with self.requests.aside():
            case.prepare(self)
        if case.signs_in:
            self.sign_in(case.signs_in)

    def __repr__(self) -> str:
        return wrapped(self._case.told)

    @property
    def causes(self) -> tuple[str, ...]:
        """The possible causes."""
        return tuple(cause.text for cause in self._case.causes)

    def diagnose(self, cause: int) -> Result:
        """Check a cause, by its number from 1. Says why it's wrong, or what shows that it's right.

        Raises `LessonError` if there's no cause of this number.
        """
        causes = self._case.causes
        if not isinstance(cause, int) or not 1 <= cause <= len(causes):
            raise LessonError(f"Choose a cause by its number, from 1 to {len(causes)}.")
        chosen = causes[cause - 1]
        if chosen.why_not:
            return Result(NOT_YET, f"“{chosen.text}” It would look otherwise. {chosen.why_not}")
        return Result(SOLVED, f"{self._case.because}\nWhat shows it: {self._case.shown_by}")


def open_case(title: str) -> OpenCase:
    """Open a case in a new pool. Raises `LessonError` for an unknown title."""
    if title not in CASES:
        raise LessonError(f"There is no case “{title}”: there are {'; '.join(CASES)}.")
    return OpenCase(CASES[title])
