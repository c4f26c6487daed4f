"""The playground: the one place in the lessons where a button sends a request. What it
does is in `cognito_helpers.challenge_lab`.
"""

from __future__ import annotations

from typing import Any

import ipywidgets

from ..challenge_lab.choice_fields import Field
from ..challenge_lab.experiment import Experiment
from ..challenge_lab.expiry import where
from ..challenge_lab.outcome_rows.row import Outcome
from ..challenge_lab.sending import Result
from ..challenge_lab.tutorial_lab import TutorialLab
from ..explanations.service_errors import Explained
from ..ui.callbacks import guarded
from ..ui.markup import VERBATIM, copy_field, escaped, words
from ..ui.widget import FIELD, WHOLE, WIDE, Shown, button, in_a_row
from .diagrams import states_drawn
from .playground_panels import ClockPanel, OutcomesPanel
from .response import ErrorResponse, show

EDIT, BACK = "Edit by hand", "Back to the choices, without this text"
CELL, NO_CELL = "As a cell", "Put the cell away"


class ChallengeLab(Shown):
    """Build a request from choices, or by hand; send it; see what comes back, what it leads to, and
    what was met so far. `experiment` is what stands in it.
    """

    def __init__(self, lab: TutorialLab) -> None:
        self._lab = lab
        self.experiment = Experiment(lab)
        self.result = Result()
        self._boxes: dict[Field, ipywidgets.Dropdown] = {}
        self._filling = False
        self._state, self._request, self._cell, self._answer = (ipywidgets.HTML() for _ in range(4))
        self._clock, self._outcomes = ClockPanel(lab, self), OutcomesPanel(lab, self)
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
        self._send_button, self._edit, self._as_cell = button("Send"), button(EDIT), button(CELL)
        self._operation.observe(self._choose_operation, names="value")
        self._send_button.on_click(self._press_send)
        self._edit.on_click(self._turn_editing)
        self._as_cell.on_click(self._turn_cell)
        super().__init__(self._arranged(), TEXT, WIDE)
        self._turn_text(shown=False)
        self._fill()
        self.look()

    def _arranged(self) -> list[ipywidgets.Widget]:
        build = ipywidgets.VBox(
            [_title("Build a request"), self._operation, self._fields, self._send_button],
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
        way = [_title("The way so far"), self._way]
        return [
            self._state,
            in_a_row(build, right),
            *self._clock.widgets(),
            _title("What came back"),
            self._answer,
            _title("Outcomes"),
            *self._outcomes.widgets,
            *way,
        ]

    # Doing what the buttons do, from code

    def choose(self, operation: str, **choices: str) -> None:
        """Choose an operation and, of what it offers, what is not to be as it stands at first."""
        self.experiment.set(operation, **choices)
        self._turn_text(shown=False)
        self._fill()
        self.look()

    def send(self) -> Result:
        """Send the request, as the button does, and return what came of it."""
        self._press_send(None)
        return self.result

    def tell(self, sentence: str) -> None:
        """Say something where the answer stands: nothing was sent."""
        self.result = Result(unsent=sentence)
        self._answer.value = words(escaped(sentence), role="alert")

    def look(self) -> None:
        """Bring everything up to date but the answer."""
        self._show_request()
        self._state.value = words(escaped(where(self._lab)), role="status")
        self._outcomes.look()
        self._way.outputs = states_drawn(self._lab)

    def _show_request(self) -> None:
        how = "signed with AWS credentials" if self.experiment.signed else "unsigned"
        head = (
            f"POST /  {self.experiment.operation},"
            f" {how}{', edited by hand' if self.experiment.edited else ''}"
        )
        request = escaped(f"{head}\n{self.experiment.shown()}")
        self._request.value = f'<pre style="{VERBATIM}; line-height: 1.4">{request}</pre>{NOTE}'
        if self._cell.value:
            self._cell.value = copy_field("The same as a cell", self.experiment.cell())

    # Choosing

    @guarded
    def _choose_operation(self, change: dict[str, Any]) -> None:
        if not self._filling:
            self.experiment.set(change["new"])
            self._fill()
            self._show_request()

    def _fill(self) -> None:
        """Show the fields that the choices call for, each with what is chosen."""
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
        # Another choice would take away what was typed.
        for control in (self._operation, *self._boxes.values()):
            control.disabled = shown
        self._outcomes.allow_choices(not shown)

    def _take_text(self) -> None:
        """Take what was typed, where something is being edited; a secret does not stay in the
        field.
        """
        if self._edit.description == BACK:
            self.experiment.edit(self._text.value)
            self._text.value = self.experiment.text()

    @guarded
    def _turn_cell(self, _: Any) -> None:
        if self._cell.value:
            self._cell.value = ""
        else:
            self._take_text()
            self._cell.value = copy_field("The same as a cell", self.experiment.cell())
        self._as_cell.description = NO_CELL if self._cell.value else CELL

    # Sending

    @guarded
    def _press_send(self, pressed: Any) -> None:
        # A second press that was made meanwhile comes when this is done.
        self._send_button.disabled, self._send_button.description = True, "Sending …"
        self._clock.said.value = ""
        self.result = Result()
        before = self._lab.test_data.card.met
        try:
            self._take_text()
            self.result = self.experiment.send()
            new = [outcome for outcome in self._lab.test_data.card.met if outcome not in before]
            self._show_result(new)
            self.look()
        finally:
            self._send_button.disabled, self._send_button.description = False, "Send"
            if pressed is not None:
                # A button that was switched off has lost the focus, and with it whoever works by
                # keyboard.
                self._send_button.focus()

    def _show_result(self, new: list[Outcome]) -> None:
        result = self.result
        said = "".join(words(escaped(sentence)) for sentence in result.said)
        if result.refusal:
            came = ErrorResponse(Explained(*result.refusal), "Refused")._repr_html_()
        elif result.unsent:
            came = words(f"<strong>Not sent.</strong> {escaped(result.unsent)}", role="alert")
        else:
            came = show(result.answer or {})._repr_html_()
        met = "".join(
            words(
                f"<strong>New on your card: {escaped(outcome.name)}.</strong>"
                f" {escaped(outcome.teaches)}",
                role="status",
            )
            for outcome in new
        )
        self._answer.value = f'<div role="status">{said}{came}{met}</div>'

    def told(self) -> str:
        """What came back last, as text."""
        if self.result.refusal:
            return f"Refused: {Explained(*self.result.refusal).text()}"
        return self.result.unsent or repr(show(self.result.answer or {}))


NOTE = words(
    "<small>What stands in round brackets is secret: the lab puts it in when you press"
    " Send.</small>"
)
TEXT = (
    "The challenge lab, shown when this cell runs: build any request of a sign-in, send it, and"
    " see what Cognito says.\n"
    "Without the page:\n"
    '  challenge_lab.choose("RespondToAuthChallenge", code="already used")\n'
    "  challenge_lab.send()\n"
    "  print(challenge_lab.told())"
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
