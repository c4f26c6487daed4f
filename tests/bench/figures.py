"""From rounds to figures: medians, and ratios taken round by round, so that a slow moment of the
machine slows both sides of a ratio.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .contestants import EMULATOR
from .mathematics import Work
from .starting import Lesson, Starting
from .visits import COMMON, Call
from .workers import Round

# The limit of a call as a multiple of its floor; if passwords, tokens or the like are computed, a
# multiple of the floor and the mathematics together
PLAIN_BAR, MATHEMATICS_BAR, SIZE_BAR = 2.5, 1.5, 1.2
VISIT = "the whole visit, 11 calls"


@dataclass
class Entry:
    """A contestant at one size: how many users it reached, and its rounds without the first, which
    is a rehearsal.
    """

    name: str
    wanted: int
    users: int = 0
    rounds: list[Round] = field(default_factory=list)


class Against(NamedTuple):
    """A call of a contestant: seconds, and the multiple of its floor."""

    seconds: float
    ratio: float


class Bar(NamedTuple):
    """A call of the emulator, compared with its targets; times in seconds, `ratio` of `seconds` to
    floor and mathematics, `size_ratio` of many users to few.
    """

    label: str
    floor: float
    mathematics: float
    seconds: float
    ratio: float
    bar: float
    size_ratio: float

    @property
    def met(self) -> bool:
        return self.ratio <= self.bar and self.size_ratio <= SIZE_BAR


@dataclass
class Figures:
    """All figures of a run. `missing` says in a sentence why a contestant could not take part."""

    entries: list[Entry]
    missing: dict[str, str]
    resident: dict[int, int]  # Bytes the emulator holds, by its number of users
    starting: Starting | None = None
    lessons: list[Lesson] = field(default_factory=list)

    @property
    def sizes(self) -> list[int]:
        return sorted({entry.wanted for entry in self.entries})

    def entry(self, name: str, size: int) -> Entry | None:
        """None for a contestant that is missing."""
        return next(
            (entry for entry in self.entries if (entry.name, entry.wanted) == (name, size)), None
        )

    def ours(self, size: int) -> Entry:
        found = self.entry(EMULATOR, size)
        assert found is not None
        return found

    def pieces(self) -> list[float]:
        """The seconds each piece of mathematics takes."""
        return [
            statistics.median(piece)
            for piece in zip(
                *(done.pieces for done in self.ours(self.sizes[0]).rounds), strict=True
            )
        ]

    def floor(self, label: str) -> float:
        return statistics.median(
            _medians(done.calls, "floor")[label] for done in self.ours(self.sizes[0]).rounds
        )

    def floor_visit(self) -> float:
        return statistics.median(done.floor_visit for done in self.ours(self.sizes[0]).rounds)

    def against_floor(self, name: str, size: int) -> dict[str, Against]:
        """The calls all contestants have, by their labels in the tables; empty for a missing
        contestant.
        """
        entry = self.entry(name, size)
        if entry is None:
            return {}
        # Peers that run out of time have fewer rounds than the floor.
        pairs = list(zip(entry.rounds, self.ours(self.sizes[0]).rounds, strict=False))
        found = {}
        for shown, label in COMMON.items():
            both = [
                (_medians(done.calls)[label], _medians(base.calls, "floor")[label])
                for done, base in pairs
            ]
            found[shown] = Against(
                statistics.median(taken for taken, _ in both),
                statistics.median(taken / floor for taken, floor in both),
            )
        both = [(done.visit, base.floor_visit) for done, base in pairs]
        found[VISIT] = Against(
            statistics.median(taken for taken, _ in both),
            statistics.median(taken / floor for taken, floor in both),
        )
        return found

    def bars(self) -> Iterator[Bar]:
        """Every call of the emulator in process, at both sizes."""
        few, many = (self.ours(size).rounds for size in (self.sizes[0], self.sizes[-1]))
        work = {call.label: call.work for call in few[0].calls}
        for label in work:
            rows = [_row(label, *pair) for pair in zip(few, many, strict=True)]
            floor, mathematics, seconds, ratio, size_ratio = (
                statistics.median(column) for column in zip(*rows, strict=True)
            )
            # Checking the signature of an access token takes so little time that such a call is
            # compared with the other target.
            computes = work[label]._replace(verification=0) != Work()
            yield Bar(
                label,
                floor,
                mathematics,
                seconds,
                ratio,
                MATHEMATICS_BAR if computes else PLAIN_BAR,
                size_ratio,
            )


def _row(label: str, few: Round, many: Round) -> tuple[float, ...]:
    floor, mathematics, seconds = (
        _medians(few.calls, part)[label] for part in ("floor", "mathematics", "seconds")
    )
    return (
        floor,
        mathematics,
        seconds,
        seconds / (floor + mathematics),
        _medians(many.calls)[label] / seconds,
    )


def _medians(calls: list[Call], part: str = "seconds") -> dict[str, float]:
    """The median of each kind of call in one round."""
    taken: dict[str, list[float]] = {}
    for call in calls:
        taken.setdefault(call.label, []).append(getattr(call, part))
    return {label: statistics.median(times) for label, times in taken.items()}
