"""The experiments of the playground that were sent: a list to repeat, compare and export."""

from __future__ import annotations

from typing import Any

import ipywidgets

from ..challenge_lab.experiment_log import Difference, Entry, compared
from ..ui.callbacks import guarded
from ..ui.markup import copy_field, escaped, table, words
from ..ui.stylesheet import styled
from ..ui.widget import button, in_a_row
from .playground_panels import Page

AGAIN, CELL = "Send this again", "Show this as Python"
SCRIPT, REPLAY = "Show all as a Python script", "Send all again in a new pool"
NOTHING = "nothing"
EMPTY = "Nothing was sent yet."


class Comparison:
    """Two experiments side by side. A notebook shows them as a table, and its repr is text."""

    def __init__(self, left: Entry, right: Entry) -> None:
        self.left, self.right = left, right
        self.rows: list[Difference] = compared(left, right)

    def __repr__(self) -> str:
        lines = [f"  {self.left.title}", f"  {self.right.title}"]
        for row in self.rows:
            if row.differs:
                lines.append(f"≠ {row.part}: {row.left or '—'} | {row.right or '—'}")
            else:
                lines.append(f"  {row.part}: {row.left}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return styled(self.markup())

    def markup(self) -> str:
        """The table, for a view that has the stylesheet."""
        left, right = self.left.number, self.right.number
        rows = [
            (_part(row), _side(row, row.left, left), _side(row, row.right, right))
            for row in self.rows
        ]
        titles = (escaped(self.left.title), escaped(self.right.title))
        return table(("≠ is different", *titles), rows, kind="compare")


def _part(row: Difference) -> str:
    mark = '<span aria-label="different">≠</span> ' if row.differs else ""
    return f"{mark}{escaped(row.part)}"


def _side(row: Difference, text: str, number: int) -> str:
    shown = escaped(text) if text else "—"
    marked = f"<strong>{shown}</strong>" if row.differs else shown
    return f'<span class="cognito-from" data-experiment="{number}">{marked}</span>'


class HistoryPanel:
    """The list, the actions for an experiment in it, and a second one to compare it with."""

    def __init__(self, page: Page) -> None:
        self._page, self.tell = page, page.tell
        self.chosen, self.other = _choice("Experiment"), _choice("Compare with")
        self._shown = ipywidgets.HTML()
        buttons = {
            AGAIN: self._send_again,
            CELL: self._as_cell,
            SCRIPT: self._as_script,
            REPLAY: self._replay,
        }
        self._buttons = [button(label) for label in buttons]
        for one, pressed in zip(self._buttons, buttons.values(), strict=True):
            one.on_click(pressed)
        self._listed: list[Entry] | None = None
        self.other.observe(self._compare, names="value")
        self.chosen.observe(self._compare, names="value")
        self.look()

    def widgets(self) -> list[ipywidgets.Widget]:
        """The panel, to be put on a page once."""
        return [self.chosen, in_a_row(*self._buttons), self.other, self._shown]

    def look(self) -> None:
        """List what was sent so far, newest first."""
        entries = list(reversed(self._page.history.entries))
        if entries == self._listed:
            return
        self._listed, self._shown.value = entries, ""
        titles = [(entry.title, entry.number) for entry in entries]
        self.chosen.options = titles or [(EMPTY, 0)]
        self.other.options = [(NOTHING, 0), *titles]
        for one in self._buttons:
            one.disabled = not entries

    @guarded
    def _compare(self, _: Any) -> None:
        if self.chosen.value and self.other.value:
            found = self._page.compare(self.other.value, self.chosen.value)
            self._shown.value = found.markup()
        else:
            self._shown.value = ""

    @guarded
    def _send_again(self, _: Any) -> None:
        self._page.send_again(self.chosen.value)

    @guarded
    def _as_cell(self, _: Any) -> None:
        text = self._page.history.get(self.chosen.value).cell()
        self._shown.value = copy_field("The experiment as Python, for a cell", text)

    @guarded
    def _as_script(self, _: Any) -> None:
        text = self._page.history.script()
        self._shown.value = copy_field("All experiments, as a Python script", text)

    @guarded
    def _replay(self, _: Any) -> None:
        self._shown.value = words("Sending all again …", role="status")
        before, after = self._page.replay()
        changed = [
            f"{old.number} was {old.outcome}, now {new.outcome}"
            for old, new in zip(before, after, strict=True)
            if old.outcome != new.outcome
        ]
        said = "; ".join(changed) or "each with the same result"
        text = f"{len(after)} experiments were sent again in a new pool: {said}."
        self._shown.value = words(escaped(text), role="status")


def _choice(label: str) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(
        description=label,
        options=[(NOTHING, 0)],
        style={"description_width": "7em"},
        layout={"width": "calc(100% - 4px)", "max_width": "60em"},
    )
