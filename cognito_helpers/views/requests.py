"""The requests on the page: each call as it was sent, and the same call in other languages."""

from __future__ import annotations

import ipywidgets

from ..calls.aws_cli import COMMAND_LINE, PLACES, elsewhere
from ..calls.recorder import Exchange, Recorder, request_text, response_text
from ..ui.highlight import request_and_response
from ..ui.markup import copy_field
from ..ui.widget import WIDE, View

HTTP = "HTTP, as it was sent"


class RequestsView(View):
    """The lesson's calls so far: choose one, and how to see it. As text: three lines per call."""

    role = "group"

    def __init__(self, requests: Recorder) -> None:
        self._requests = requests
        self._call = _choice("Call")
        self._place = _choice("Show it as", [HTTP, *PLACES])
        super().__init__(
            repr(self._requests),
            again="Refresh the requests",
            above=[self._call, self._place],
            width=WIDE,
        )
        for choice in (self._call, self._place):
            choice.observe(self.safely(lambda _: super(RequestsView, self).look()), names="value")

    def look(self) -> None:
        """Update the list of calls, and choose the last one."""
        calls = self._requests.calls
        self._call.options = [(_title(call), number) for number, call in enumerate(calls)]
        self._call.value = len(calls) - 1 if calls else None
        super().look()

    def markup(self) -> str:
        """The chosen call in the chosen form."""
        calls = self._requests.calls
        if self._call.value is None:
            return "No requests were sent yet."
        call = calls[self._call.value]
        if self._place.value == HTTP:
            asked, answered = request_text(call), response_text(call)
            return f"{_who(call)}{request_and_response(asked, answered, *_outcome(call))}"
        text = elsewhere(call, self._requests.model, self._place.value)
        return copy_field(f"{call.operation} in {self._place.value}", text) + (
            _VARIABLES if self._place.value == COMMAND_LINE and "$" in text else ""
        )


_VARIABLES = "Words that begin with $ stand for secrets: set these variables in your shell first."


def _choice(label: str, options: list[str] | None = None) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(
        description=label,
        options=options or [],
        style={"description_width": "6em"},
        layout={"width": "min(100% - 4px, 44em)"},
    )


def _title(call: Exchange) -> str:
    return f"{call.number}. {call.operation}" + (f", error: {call.error}" if call.error else "")


def _outcome(call: Exchange) -> tuple[str, str]:
    """The response, in a word or two, and its state."""
    if call.status is None:
        return "none", "bad"
    return (f"✗ {call.error}", "bad") if call.error else (f"✓ {call.status}", "good")


def _who(call: Exchange) -> str:
    who = (
        "It's signed with IAM credentials: see Authorization."
        if call.signed
        else "It isn't signed: the call needs no IAM credentials."
    )
    return f"{who} It took {call.milliseconds:.0f} ms."
