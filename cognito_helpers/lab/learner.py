"""What the phone and the inbox need to know of their lab."""

from __future__ import annotations

from typing import Protocol

from ..backends.base import Backend
from ..backends.learner_input import LearnerInput
from ..backends.storage import Storage


class Learner(Protocol):
    """The lab, as far as it's about the learner."""

    backend: Backend
    secrets: Storage
    learner_input: LearnerInput | None

    @property
    def username(self) -> str | None:
        """The learner's user name; None before they signed up."""

    def now(self) -> float:
        """The time by the service's clock, in seconds since 1970."""

    def clock_ahead(self) -> float:
        """How many seconds the service's clock is ahead of this computer's."""
