"""The parts of a case to diagnose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .practice_pool import PracticePool

TRACKS_DEVICES = {
    "DeviceConfiguration": {
        "ChallengeRequiredOnNewDevice": True,
        "DeviceOnlyRememberedOnUserPrompt": False,
    }
}


@dataclass(frozen=True)
class Cause:
    """A possible cause, and what rules it out. The right one has no `why_not`."""

    text: str
    why_not: str = ""


@dataclass(frozen=True)
class Case:
    """A case: the question a support desk gets, and its cause.

    `prepare` creates its pool. `happens` makes the application's calls, which the learner sees.
    """

    told: str
    prepare: Callable[[PracticePool], None]
    happens: Callable[[PracticePool], None]
    causes: tuple[Cause, ...]
    because: str
    shown_by: str

    @property
    def right(self) -> int:
        """The number of the right cause, from 1."""
        return [not cause.why_not for cause in self.causes].index(True) + 1
