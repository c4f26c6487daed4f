"""Cases to diagnose: a pool, its users, and an application with a problem. The learner examines
them with real calls and chooses the cause.

Each case has its own emulator, in memory. It doesn't touch the learner's pool, user or clock, and
leaves nothing behind.
"""

from __future__ import annotations

from ..calls.recorder import Exchange
from ..errors import LessonError
from ..text import wrapped
from .case import Case
from .case_data import CASES
from .practice_pool import PracticePool
from .result import NOT_YET, SOLVED, Result, answer_of, outcome_of


class OpenCase(PracticePool):
    """A case in its own pool, ready to examine. Its repr is the support question and the
    application's calls.
    """

    def __init__(self, case: Case) -> None:
        super().__init__()
        self._case = case
        with self.requests.aside():
            case.prepare(self)
        case.happens(self)
        self.log = tuple(map(_line, self.requests.calls))

    def __repr__(self) -> str:
        return "\n".join([wrapped(self.told), "", "The application's calls:", *self.log])

    @property
    def told(self) -> str:
        """The question to the support desk."""
        return self._case.told

    @property
    def causes(self) -> tuple[str, ...]:
        """The possible causes."""
        return tuple(cause.text for cause in self._case.causes)

    def diagnose(self, cause: int) -> Result:
        """Check a cause, by its number from 1. Says why it's wrong, or what shows that it's right.

        Raises `LessonError` if there's no cause with this number.
        """
        causes = self._case.causes
        if not isinstance(cause, int) or not 1 <= cause <= len(causes):
            raise LessonError(f"Choose a cause by its number, from 1 to {len(causes)}.")
        chosen = causes[cause - 1]
        if chosen.why_not:
            return Result(NOT_YET, f"“{chosen.text}” Not this one. {chosen.why_not}")
        return Result(SOLVED, f"{self._case.because}\nEvidence: {self._case.shown_by}")


def _line(call: Exchange) -> str:
    """A call of the application in a line of its log."""
    sent = call.request if isinstance(call.request, dict) else {}
    inner = sent.get("AuthParameters") or sent.get("ChallengeResponses") or {}
    what = sent.get("ChallengeName") or sent.get("AuthFlow") or ""
    said = ", ".join(part for part in (what, inner.get("USERNAME", "")) if part)
    named = f"{call.number}. {call.operation}{f' ({said})' if said else ''}"
    if call.error:
        return f"{named}: {call.error}: {call.message}"
    came = outcome_of(call)
    return f"{named}: {'tokens' if 'AuthenticationResult' in answer_of(call) else came}"


def open_case(title: str) -> OpenCase:
    """Open a case in a new pool. Raises `LessonError` for an unknown title."""
    if title not in CASES:
        raise LessonError(f"There's no case “{title}”. The cases are: {'; '.join(CASES)}.")
    return OpenCase(CASES[title])
