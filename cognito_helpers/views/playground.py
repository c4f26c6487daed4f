"""The playground: the only place in the lessons where a button sends a request. Its logic is in
`cognito_helpers.challenge_lab`.
"""

from __future__ import annotations

from typing import Any

import ipywidgets

from ..challenge_lab.choice_fields import Field
from ..challenge_lab.experiment import Experiment
from ..challenge_lab.experiment_log import Entry, Log
from ..challenge_lab.expiry import where
from ..challenge_lab.outcome_rows.row import Outcome
from ..challenge_lab.sending import Result
from ..challenge_lab.tutorial_lab import TutorialLab
from ..explanations.service_errors import Explained
from ..lessons.practice_lab import PracticeLab, changeable, practice_lab
from ..ui.callbacks import guarded
from ..ui.highlight import json_markup, message
from ..ui.markup import copy_field, escaped, state, words
from ..ui.widget import FIELD, WHOLE, WIDE, Shown, button, in_a_row, part
from .check import CheckView
from .diagrams import states_drawn
from .playground_history import Comparison, HistoryPanel
from .playground_panels import ClockPanel, OutcomesPanel
from .playground_settings import SettingsPanel
from .response import ErrorResponse, show

EDIT, BACK = "Edit by hand", "Discard edits"
CELL, NO_CELL = "Show as Python", "Hide the Python"
NOTHING_SENT = "Nothing was sent yet. Choose the parameters, then press Send."


class Playground(Shown):
    """Build a request from choices, or by hand; send it; see what came back and which check of the
    emulator rejected it.

    `lab` is the lab it uses: a separate one or, if the backend is AWS, the learner's. `experiment`
    is the request it shows, `result` the result of the last one, and `history` has all that were
    sent.
    """

    def __init__(self, lab: TutorialLab) -> None:
        self.lab = practice_lab(lab)
        self.experiment = Experiment(self.lab)
        self.result = Result()
        self.history = Log()
        self._boxes: dict[Field, ipywidgets.Dropdown] = {}
        self._filling = False
        self._state, self._request, self._cell, self._answer = (ipywidgets.HTML() for _ in range(4))
        self._clock, self._outcomes = ClockPanel(self), OutcomesPanel(self)
        self._settings, self._history = SettingsPanel(self), HistoryPanel(self)
        self._way = ipywidgets.Output()
        self._operation = _dropdown("Operation", self.experiment.operations)
        self._fields = ipywidgets.VBox()
        look = {"width": "calc(100% - 4px)", "flex_flow": "column"}
        self._text = ipywidgets.Textarea(
            description="The request, as JSON",
            rows=14,
            layout=look,
            style={"description_width": "initial"},
            **WHOLE,
        )
        self._send_button = button("Send", main=True)
        self._edit, self._as_cell = button(EDIT), button(CELL)
        self._operation.observe(self._choose_operation, names="value")
        self._send_button.on_click(self._press_send)
        self._edit.on_click(self._turn_editing)
        self._as_cell.on_click(self._turn_cell)
        super().__init__(self._arranged(), TEXT, WIDE)
        self._answer.value = words(escaped(NOTHING_SENT), role="status")
        self._show_choices()

    def _arranged(self) -> list[ipywidgets.Widget]:
        build = ipywidgets.VBox(
            [self._operation, self._fields, self._send_button],
            layout={"flex": "1 1 20em", "max_width": "100%"},
        )
        sent = [
            _title("What will be sent"),
            self._request,
            self._text,
            in_a_row(self._edit, self._as_cell),
            self._cell,
        ]
        right = ipywidgets.VBox(
            sent, layout={"flex": "2 1 22em", "max_width": "100%", "min_width": "0"}
        )
        return [
            self._state,
            part("Settings", *self._settings.widgets(), *self._clock.widgets()),
            part("Build a request", in_a_row(build, right), main=True),
            part("What came back", self._answer, main=True),
            part("Outcomes", *self._outcomes.widgets),
            part("History", *self._history.widgets()),
            part("The path so far", self._way),
        ]

    # What the buttons do, from code

    def choose(self, operation: str, **choices: str) -> None:
        """Choose an operation and those of its fields that shouldn't have their first choice."""
        self.experiment.set(operation, **choices)
        self._show_choices()

    def send(self) -> Result:
        """Send the request, as the button does, and return the result."""
        self._press_send(None)
        return self.result

    @property
    def check(self) -> CheckView | None:
        """The emulator's check behind the last error, None if the last result isn't an error."""
        return CheckView(self.result.rejection) if self.result.error else None

    def set(self, **chosen: str) -> None:
        """Change settings: `pool`, `mfa`, `app_client`, `phone_clock`. Only the emulator has them.
        Another pool begins with a new user.
        """
        lab = changeable(self.lab)
        before = lab.pool_id
        lab.change(**chosen)
        if lab.pool_id != before:
            self.experiment = Experiment(lab)
            self._show_choices()
        self._settings.look()
        self.look()

    def reset(self) -> None:
        """Start over in a new pool, with a new user and default settings."""
        changeable(self.lab).reset()
        self.experiment = Experiment(self.lab)
        self._settings.look()
        self._show_choices()

    def send_again(self, number: int) -> Result:
        """Send an experiment of the history again, with its settings."""
        return self._repeat(self.history.get(number))

    def replay(self) -> tuple[list[Entry], list[Entry]]:
        """Send the whole history again in a new pool. Return the experiments before and now."""
        before = list(self.history.entries)
        self.reset()
        for entry in before:
            self._repeat(entry)
        return before, self.history.entries[len(self.history.entries) - len(before) :]

    def compare(self, left: int, right: int) -> Comparison:
        """Two experiments of the history side by side, by their numbers."""
        return Comparison(self.history.get(left), self.history.get(right))

    def _repeat(self, entry: Entry) -> Result:
        if entry.settings:
            self.set(**vars(entry.settings))
        edited = entry.request if entry.edited else None
        self.experiment.repeat(entry.operation, entry.choices, edited)
        self._show_choices()
        return self.send()

    def _show_choices(self) -> None:
        self._turn_text(shown=False)
        self._fill()
        self.look()

    def tell(self, sentence: str) -> None:
        """Show a text instead of the result: nothing was sent."""
        self.result = Result(unsent=sentence)
        self._answer.value = words(escaped(sentence), role="alert")

    def look(self) -> None:
        """Show the current state of everything, except the result."""
        self._show_request()
        self._state.value = words(escaped(where(self.lab)), role="status")
        self._outcomes.look()
        self._history.look()
        self._way.outputs = states_drawn(self.lab)

    def _show_request(self) -> None:
        how = "signed with IAM credentials" if self.experiment.signed else "unsigned"
        head = (
            f"POST /  {self.experiment.operation},"
            f" {how}{', edited by hand' if self.experiment.edited else ''}"
        )
        request = f"<strong>{escaped(head)}</strong>\n{json_markup(self.experiment.shown())}"
        self._request.value = message(request) + NOTE
        if self._cell.value:
            self._cell.value = self._python()

    def _python(self) -> str:
        return copy_field("The request as Python, for a cell", self.experiment.cell())

    # Choosing

    @guarded
    def _choose_operation(self, change: dict[str, Any]) -> None:
        if not self._filling:
            self.experiment.set(change["new"])
            self._fill()
            self._show_request()

    def _fill(self) -> None:
        """Show the fields the choices need, each with its value."""
        self._filling = True
        try:
            self._operation.value = self.experiment.operation
            boxes = [self._box(field) for field in self.experiment.fields]
            for field, box in zip(self.experiment.fields, boxes, strict=True):
                box.value = self.experiment.choices[field.key]
            if list(self._fields.children) != boxes:
                self._fields.children = boxes
        finally:
            self._filling = False

    def _box(self, field: Field) -> ipywidgets.Dropdown:
        if field not in self._boxes:
            self._boxes[field] = _dropdown(field.label, list(field.options))
            self._boxes[field].observe(lambda change: self._choose(field, change), names="value")
        return self._boxes[field]

    @guarded
    def _choose(self, field: Field, change: dict[str, Any]) -> None:
        if not self._filling:
            self.experiment.choose(field.key, change["new"])
            self._fill()
            self._show_request()

    # Editing, copying

    @guarded
    def _turn_editing(self, _: Any) -> None:
        editing = self._edit.description == EDIT
        if not editing:
            self.experiment.set(self.experiment.operation, **self.experiment.choices)
        self._turn_text(shown=editing)
        self._show_request()

    def _turn_text(self, shown: bool) -> None:
        self._text.value = self.experiment.text() if shown else ""
        self._text.layout.display = "" if shown else "none"
        self._request.layout.display = "none" if shown else ""
        self._edit.description = BACK if shown else EDIT
        # Another choice would discard what was typed.
        for control in (self._operation, *self._boxes.values()):
            control.disabled = shown
        self._outcomes.allow_choices(not shown)

    def _take_text(self) -> None:
        """Read what was typed, if something is being edited; a secret doesn't stay in the field."""
        if self._edit.description == BACK:
            self.experiment.edit(self._text.value)
            self._text.value = self.experiment.text()

    @guarded
    def _turn_cell(self, _: Any) -> None:
        if self._cell.value:
            self._cell.value = ""
        else:
            self._take_text()
            self._cell.value = self._python()
        self._as_cell.description = NO_CELL if self._cell.value else CELL

    # Sending

    @guarded
    def _press_send(self, pressed: Any) -> None:
        # A second press made meanwhile is handled when this is done.
        self._send_button.disabled, self._send_button.description = True, "Sending …"
        self._clock.said.value = ""
        self.result = Result()
        card = self.lab.test_data.card
        before = card.met
        try:
            self._take_text()
            self.result = self.experiment.send()
            settings = self.lab.settings if isinstance(self.lab, PracticeLab) else None
            self.history.add(self.experiment, settings, self.result)
            new = [outcome for outcome in card.met if outcome not in before]
            self._show_result(new)
            self.look()
        finally:
            self._send_button.disabled, self._send_button.description = False, "Send"
            if pressed is not None:
                # A disabled button loses the focus, and keyboard users with it.
                self._send_button.focus()

    def _show_result(self, new: list[Outcome]) -> None:
        result = self.result
        said = "".join(words(escaped(sentence)) for sentence in result.said)
        if result.error:
            came = ErrorResponse(Explained(*result.error), "Error").markup()
            came += CheckView(result.rejection).markup()
        elif result.unsent:
            came = words(f"<strong>Not sent.</strong> {escaped(result.unsent)}", role="alert")
        else:
            came = words(state("good", "✓ Accepted")) + show(result.answer or {}).markup()
        met = "".join(
            words(
                f"<strong>New outcome: {escaped(outcome.name)}.</strong>"
                f" {escaped(outcome.teaches)}",
                role="status",
            )
            for outcome in new
        )
        self._answer.value = f'<div role="status">{said}{came}{met}</div>'

    def told(self) -> str:
        """The last response, as text."""
        if self.result.error:
            return f"Error: {Explained(*self.result.error).text()}"
        return self.result.unsent or repr(show(self.result.answer or {}))


NOTE = words(
    "<small>Text in parentheses stands for a secret. It's filled in when you press Send.</small>"
)
TEXT = (
    "The playground, shown when this cell runs: build any request of a sign-in, send it, and see"
    " what Cognito returns and why.\n"
    "In code:\n"
    '  playground.choose("RespondToAuthChallenge", code="already used")\n'
    "  playground.send()\n"
    "  print(playground.told())\n"
    "  playground.check"
)


def _title(text: str) -> ipywidgets.HTML:
    return ipywidgets.HTML(words(f"<strong>{escaped(text)}</strong>"))


def _dropdown(label: str, options: list[str]) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(
        description=label,
        options=options,
        style={"description_width": "7em"},
        layout={"width": FIELD},
    )
