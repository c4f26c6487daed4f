"""The card of outcomes on the page: everything that Cognito may answer, and what of it was met;
large enough for a room if wanted.
"""

from __future__ import annotations

from typing import Any

import ipywidgets

from ..challenge_lab.outcome_rows.row import Outcome
from ..challenge_lab.outcomes import GROUPS
from ..challenge_lab.tutorial_lab import TutorialLab
from ..ui.markup import escaped, words
from ..ui.widget import WIDE, Shown, button, in_a_row

LARGE, SMALL = "Large, for a room", "Smaller"
EMPTY, SURE = "Start afresh", "Press again to empty the card"
SIZES = {SMALL: ("1.7em", "9em"), LARGE: ("1em", "13em")}


class OutcomeCard(Shown):
    """The learner's card. As text: one line for each outcome, with an x where it was met."""

    def __init__(self, lab: TutorialLab) -> None:
        self._lab = lab
        self._screen = ipywidgets.HTML()
        self._size, self._afresh = button(LARGE), button(EMPTY)
        again = button("Look again")
        again.on_click(self.safely(lambda _: self.look()))
        self._size.on_click(self.safely(self._turn_size))
        self._afresh.on_click(self.safely(self._start_afresh))
        super().__init__([in_a_row(again, self._size, self._afresh), self._screen], "", WIDE)
        self.look()

    def look(self) -> None:
        """Show what was met by now."""
        card = self._lab.test_data.card
        self._afresh.description = EMPTY
        size, tile = SIZES[self._size.description]
        explained, met = self._size.description == LARGE, card.met
        groups = "".join(
            _group(group, [one for one in card.offered if one.group == group], met, tile, explained)
            for group in GROUPS
        )
        count = words(f"<strong>{len(met)} of {len(card.offered)} met</strong>", role="status")
        self._screen.value = (
            f'<div style="font-size: {size}; line-height: 1.35">{count}{groups}</div>'
        )
        self.text = card_text(self._lab)

    def _turn_size(self, _: Any) -> None:
        self._size.description = SMALL if self._size.description == LARGE else LARGE
        self.look()

    def _start_afresh(self, _: Any) -> None:
        if self._afresh.description == EMPTY:
            self._afresh.description = SURE
        else:
            self._lab.test_data.card.start_afresh()
            self.look()


def _group(
    group: str, outcomes: list[Outcome], met: list[Outcome], tile: str, explained: bool
) -> str:
    if not outcomes:
        return ""
    grid = (
        f"display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, {tile}), 1fr));"
        " gap: 0.4em; padding: 0; margin: 0.2em 0 0.8em"
    )
    tiles = "".join(_tile(outcome, outcome in met, explained) for outcome in outcomes)
    return f'<strong>{escaped(group)}</strong><ul style="{grid}; list-style: none">{tiles}</ul>'


def _tile(outcome: Outcome, met: bool, explained: bool) -> str:
    # By words and by the frame, never by colour alone.
    frame = "2px solid currentColor" if met else "1px dashed currentColor"
    name = f"<strong>✓ {escaped(outcome.name)}</strong>" if met else escaped(outcome.name)
    said = "not yet" if not met else f"met: {escaped(outcome.teaches)}" if explained else "met"
    return (
        f'<li style="border: {frame}; padding: 0.3em 0.5em; margin: 0; overflow-wrap:'
        f' anywhere">{name}<br><small>{said}</small></li>'
    )


def card_text(lab: TutorialLab) -> str:
    """The card as text."""
    card = lab.test_data.card
    met = card.met
    lines = [f"{len(met)} of {len(card.offered)} met"]
    for group in GROUPS:
        found = [one for one in card.offered if one.group == group]
        lines += (
            [group, *(f"  [{'x' if one in met else ' '}] {one.name}" for one in found)]
            if found
            else []
        )
    return "\n".join(lines)
