"""Which outcomes the learner has seen. Each call is checked for them, and they're kept with the
learner's progress.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from ..calls.listeners import Call, Listener, Place
from .operations import fields, operations
from .outcome_rows.row import Outcome, Recipe
from .outcomes import OUTCOMES

if TYPE_CHECKING:
    from ..backends.storage import Storage
    from ..calls.recorder import Exchange
    from ..lab.lab import Lab

KEPT = "outcomes met"


class Card(Listener):
    """The learner's card. It fills itself, from calls of the widget and of cells."""

    place = Place.CARD

    def __init__(self, lab: Lab, kept: Storage | None = None) -> None:
        """`kept` is where the outcomes are stored, the lab's own progress by default."""
        self._lab = lab
        self._kept = lab.progress if kept is None else kept
        self._hints = 0
        self._seen: Exchange | None = None
        lab.backend.listeners.add(self)

    def __repr__(self) -> str:
        return f"Outcomes met: {len(self.met)} of {len(self.offered)}"

    def after_call(self, call: Call, status: int, response: dict[str, Any]) -> None:
        """Check what is newly recorded: one call, or more if another listener made some. The lab's
        own don't count.
        """
        record = self._lab.requests.all_calls
        new = [
            call
            for call in takewhile(lambda call: call is not self._seen, reversed(record))
            if call.number is not None
        ]
        self._seen = record[-1]
        found = [
            outcome.name
            for outcome in OUTCOMES
            if any(map(outcome.fits, new)) and outcome.name not in self._names
        ]
        if found:
            self._kept.set(KEPT, [*self._names, *found])

    @property
    def _names(self) -> list[str]:
        return list(self._kept.get(KEPT) or [])

    @property
    def offered(self) -> list[Outcome]:
        """The outcomes available here: at AWS, where nothing may lock or bill the learner, only
        some.
        """
        return [
            outcome
            for outcome in OUTCOMES
            if is_offered(outcome.recipe, self._lab.backend.may_create_users)
        ]

    @property
    def met(self) -> list[Outcome]:
        """The outcomes that were seen, in the order of the catalog."""
        names = self._names
        return [outcome for outcome in self.offered if outcome.name in names]

    @property
    def missing(self) -> list[Outcome]:
        """The outcomes not seen yet."""
        names = self._names
        return [outcome for outcome in self.offered if outcome.name not in names]

    def hint(self) -> Outcome | None:
        """An outcome not seen yet, another one each time; None once the card is full."""
        missing = self.missing
        self._hints += 1
        return missing[(self._hints - 1) % len(missing)] if missing else None

    def start_over(self) -> None:
        """Empty the card."""
        self._hints = 0
        self._seen = next(reversed(self._lab.requests.all_calls), None)
        self._kept.set(KEPT, None)


def is_offered(recipe: Recipe, may_create_users: bool) -> bool:
    """Whether this can be chosen there, once. What takes more than one call in a row is not for
    AWS.
    """
    if recipe.operation not in operations(may_create_users) or (
        not may_create_users and (recipe.times > 1 or recipe.pool)
    ):
        return False
    return all(
        any(
            one.key == key and value in one.options
            for one in fields(recipe.operation, recipe.choices, may_create_users)
        )
        for key, value in recipe.choices.items()
    )
