"""The card of outcomes on the page: everything Cognito may return, and what was seen so far; large
enough for a room if wanted.
"""

from __future__ import annotations

from typing import Any

import ipywidgets

from ..challenge_lab.outcome_rows.row import Outcome
from ..challenge_lab.outcomes import GROUPS
from ..challenge_lab.tutorial_lab import TutorialLab
from ..ui.markup import escaped, state, words
from ..ui.widget import WIDE, Shown, button, in_a_row

LARGE, SMALL = "Large, for a room", "Smaller"
EMPTY, SURE = "Start over", "Press again to empty the card"


class OutcomeCard(Shown):
    """The learner's card. As text: one line per outcome, with an x if it was seen."""

    def __init__(self, lab: TutorialLab) -> None:
        self._lab = lab
        self._screen = ipywidgets.HTML()
        self._size, self._start_over_button = button(LARGE), button(EMPTY)
        again = button("Look again")
        again.on_click(self.safely(lambda _: self.look()))
        self._size.on_click(self.safely(self._turn_size))
        self._start_over_button.on_click(self.safely(self._start_over))
        super().__init__(
            [in_a_row(again, self._size, self._start_over_button), self._screen], "", WIDE
        )
        self.look()

    def look(self) -> None:
        """Show what was seen so far."""
        card = self._lab.test_data.card
        self._start_over_button.description = EMPTY
        large = self._size.description == SMALL
        self._screen.value = card_markup(card.offered, card.met, large)
        self.text = card_text(self._lab)

    def _turn_size(self, _: Any) -> None:
        self._size.description = SMALL if self._size.description == LARGE else LARGE
        self.look()

    def _start_over(self, _: Any) -> None:
        if self._start_over_button.description == EMPTY:
            self._start_over_button.description = SURE
        else:
            self._lab.test_data.card.start_over()
            self.look()


def card_markup(offered: list[Outcome], met: list[Outcome], large: bool) -> str:
    """The card. Its large form fits on one screen of a projector."""
    drawn = _columns if large else _tiles
    groups = "".join(
        drawn(group, [one for one in offered if one.group == group], met) for group in GROUPS
    )
    count = words(f"<strong>{len(met)} of {len(offered)} met</strong>", role="status")
    room = f'<div class="cognito-room">{groups}</div>' if large else groups
    return f'{count}<div class="cognito-fit">{room}</div>'


def _heading(group: str, outcomes: list[Outcome], met: list[Outcome]) -> str:
    found = sum(outcome in met for outcome in outcomes)
    return f'<div class="cognito-group">{escaped(group)}: {found} of {len(outcomes)}</div>'


def _tiles(group: str, outcomes: list[Outcome], met: list[Outcome]) -> str:
    """A group for one reader: an outcome that was seen says what it teaches."""
    if not outcomes:
        return ""
    tiles = "".join(_tile(outcome, outcome in met) for outcome in outcomes)
    return f'{_heading(group, outcomes, met)}<ul class="cognito-tiles">{tiles}</ul>'


def _columns(group: str, outcomes: list[Outcome], met: list[Outcome]) -> str:
    """A group for a room: a line per outcome, so that all fit on one screen."""
    if not outcomes:
        return ""
    lines = "".join(f"<li>{_name(outcome, outcome in met)}</li>" for outcome in outcomes)
    return f"{_heading(group, outcomes, met)}<ul>{lines}</ul>"


def _name(outcome: Outcome, met: bool) -> str:
    # By a mark and by weight, never by color alone
    return state("good", f"✓ {outcome.name}") if met else f"☐ {escaped(outcome.name)}"


def _tile(outcome: Outcome, met: bool) -> str:
    said = f"met: {escaped(outcome.teaches)}" if met else "not yet"
    kind = ' class="cognito-met"' if met else ""
    return f"<li{kind}>{_name(outcome, met)}<br><small>{said}</small></li>"


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
