"""The clock and the outcomes of the playground."""

from __future__ import annotations

from typing import Any, Protocol

import ipywidgets

from ..challenge_lab.experiment_log import Entry, Log
from ..challenge_lab.expiry import SPANS, move_on
from ..challenge_lab.outcome_rows.row import Outcome
from ..challenge_lab.tutorial_lab import TutorialLab
from ..lessons.practice_lab import PracticeLab
from ..ui.callbacks import Tells, guarded
from ..ui.markup import escaped, words
from ..ui.widget import button, in_a_row
from .outcome_card import OutcomeCard

AT_AWS = (
    "On AWS you can only make calls that can't lock out your user or cost money: your own sign-in"
    " and its tokens. There's no email, no other users and no wrong passwords, and neither the"
    " clock nor the settings can be changed. The rest needs the emulator."
)


class Page(Tells, Protocol):
    """The playground, for its panels."""

    lab: TutorialLab
    history: Log

    def look(self) -> None: ...

    def choose(self, operation: str, **choices: str) -> None: ...

    def set(self, **chosen: str) -> None: ...

    def reset(self) -> None: ...

    def send_again(self, number: int) -> object: ...

    def replay(self) -> tuple[list[Entry], list[Entry]]: ...

    def compare(self, left: int, right: int) -> Any: ...


class ClockPanel:
    """Buttons that move the clock, and `said`: what expired. At AWS, a sentence instead."""

    def __init__(self, page: Page) -> None:
        self._page, self.tell = page, page.tell
        self.said = ipywidgets.HTML()

    def widgets(self) -> list[ipywidgets.Widget]:
        """The panel, to be put on a page once."""
        if not self._page.lab.backend.can_move_clock:
            return [ipywidgets.HTML(words(escaped(AT_AWS)))]
        buttons = [button(span) for span in SPANS]
        for pressed in buttons:
            pressed.on_click(self.move_on)
        return [in_a_row(ipywidgets.HTML(words("Skip ahead")), *buttons), self.said]

    @guarded
    def move_on(self, pressed: Any) -> None:
        """Let the time of a button pass."""
        self.said.value = words(
            escaped(move_on(self._page.lab, pressed.description)), role="status"
        )
        self._page.look()


class OutcomesPanel:
    """How many outcomes were seen, hints to others, and the card."""

    def __init__(self, page: Page) -> None:
        self._page, self.tell = page, page.tell
        self.hint: Outcome | None = None
        self.met, self.hinted, self.card = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.VBox()
        ask, self._set, self._show = (
            button("A hint"),
            button("Fill in the choices"),
            button("Show the card"),
        )
        ask.on_click(self.give_hint)
        self._set.on_click(self._take_hint)
        self._show.on_click(self._turn_card)
        self._set.layout.display = "none"
        self.widgets = [self.met, in_a_row(ask, self._set, self._show), self.hinted, self.card]

    def look(self) -> None:
        """Show what was seen so far."""
        card = self._page.lab.test_data.card
        self.met.value = words(
            f"Seen so far: <strong>{len(card.met)} of {len(card.offered)}</strong>", role="status"
        )
        for shown in self.card.children:
            shown.look()

    def allow_choices(self, allowed: bool) -> None:
        """Whether the choices for a hint may be set now."""
        self._set.disabled = not allowed

    @guarded
    def give_hint(self, _: Any) -> None:
        """Show a hint to an outcome that wasn't seen yet."""
        self.hint = self._page.lab.test_data.card.hint()
        text = f"{self.hint.group}: {self.hint.hint}" if self.hint else "You've seen every outcome."
        self.hinted.value = words(escaped(text), role="status")
        self._set.layout.display = "" if self.hint else "none"

    @guarded
    def _take_hint(self, _: Any) -> None:
        if self.hint:
            recipe = self.hint.recipe
            if recipe.pool and isinstance(self._page.lab, PracticeLab):
                self._page.set(pool=recipe.pool)
            self._page.choose(recipe.operation, **recipe.choices)
            often = f" Send it up to {recipe.times} times." if recipe.times > 1 else " Send it."
            self.hinted.value = words(escaped(f"The choices are set.{often}"), role="status")

    @guarded
    def _turn_card(self, _: Any) -> None:
        self.card.children = () if self.card.children else (OutcomeCard(self._page.lab),)
        self._show.description = "Hide the card" if self.card.children else "Show the card"
