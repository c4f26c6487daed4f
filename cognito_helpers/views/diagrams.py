"""The flow on the page: diagrams that JupyterLab draws itself, and the same as text for other front
ends.
"""

from __future__ import annotations

import json
from typing import Any

from IPython.display import display

from ..calls.diagrams import (
    other_users,
    present_state,
    reached,
    sequence_mermaid,
    sequence_rows,
    sequence_text,
    states_mermaid,
    states_rows,
    states_text,
    steps,
)
from ..calls.owners import of_last_user
from ..calls.recorder import Exchange
from ..lab.lab import Lab
from ..ui.markup import escaped, table
from ..ui.stylesheet import styled

# JupyterLab draws a diagram once, as a picture that doesn't follow the theme. So it's always drawn
# in the same colors, and the stylesheet inverts it in a dark theme. A front end that ignores the
# stylesheet may show it on a dark page: lines are gray there, and text has a light edge.
GRAY = "#767676"
STYLE = (
    ".messageText { paint-order: stroke; stroke: white !important; stroke-width: 4px }"
    " .messageLine0, .messageLine1, .actor-line, .transition"
    f" {{ stroke: {GRAY} !important }}"
    f" marker * {{ fill: {GRAY} !important; stroke: {GRAY} !important }}"
)
COLORS = f"%%{{init: {json.dumps({'theme': 'default', 'themeCSS': STYLE})}}}%%"


class Diagram:
    """A diagram, and the same as text: beside it if the front end draws Mermaid, alone if not."""

    def __init__(self, mermaid: str, text: str, in_words: str, below: str = "") -> None:
        self.mermaid, self.text, self._in_words, self._below = mermaid, text, in_words, below

    def __repr__(self) -> str:
        return self.text

    def _ipython_display_(self) -> None:
        display(
            {"text/vnd.mermaid": f"{COLORS}\n{self.mermaid}", "text/plain": self.text}, raw=True
        )
        kind = "cognito-sequence" if self.mermaid.startswith("sequence") else ""
        display(
            {
                "text/html": _told(self._in_words, self._below, kind),
                "text/plain": "(The same in words.)",
            },
            raw=True,
        )


def sequence_diagram(lab: Lab) -> Diagram:
    """The lesson's calls so far, in order: who made each, what came back, and which session was
    sent.
    """
    calls = lab.requests.calls
    return Diagram(
        sequence_mermaid(calls),
        sequence_text(calls),
        _as_table(sequence_rows(calls), present_state(calls)),
    )


def state_diagram(lab: Lab, username: str | None = None) -> Diagram:
    """The states of one user so far, with the current one marked. By default, of the user with the
    most calls. Other users are named below.
    """
    calls = lab.requests.calls
    return Diagram(
        states_mermaid(calls, username),
        states_text(calls, username),
        _as_table(states_rows(calls, username), reached(calls, username)),
        other_users(calls, username),
    )


def states_drawn(lab: Lab, newest: int = 20) -> tuple[dict[str, Any], ...]:
    """The states of the last user in about so many calls, the newest, as outputs for an Output
    widget: the diagram, and the same as text.
    """
    every = lab.requests.calls
    calls = _newest(of_last_user(every), newest)
    drawn = {
        "text/vnd.mermaid": f"{COLORS}\n{states_mermaid(calls)}",
        "text/plain": states_text(calls),
    }
    in_words = _as_table(states_rows(calls), present_state(calls))
    told = {"text/html": _told(in_words), "text/plain": ""}
    return tuple(
        {"output_type": "display_data", "data": data, "metadata": {}} for data in (drawn, told)
    )


def _told(in_words: str, below: str = "", kind: str = "") -> str:
    details = f"<details><summary>The same in words</summary>{in_words}</details>"
    more = f"<p>{escaped(below)}</p>" if below else ""
    return styled(f"{details}{more}", "cognito-diagram", *kind.split())


def _newest(calls: list[Exchange], number: int) -> list[Exchange]:
    """The newest calls, starting at one that led to a state, so that the states after it are the
    same without those before.
    """
    changes = [
        at
        for at, step in enumerate(steps(calls))
        if step.after != step.before and at <= len(calls) - number
    ]
    return calls[changes[-1] :] if changes else calls


def _as_table(rows: list[tuple[str, ...]], here: str) -> str:
    head, *body = [tuple(map(escaped, row)) for row in rows]
    return f"{table(head, body)}<p>You are here: <strong>{escaped(here)}</strong></p>"
