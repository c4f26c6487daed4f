"""The six published programs on the page: a table for each step, folded, and the same in text."""

from __future__ import annotations

from ..calls.published_examples import STEPS, Cell, beside
from ..lab.lab import Lab
from ..ui.markup import VERBATIM, escaped, table


class SixPrograms:
    """For each step of the flow: the call in each SDK, and what the published program in it does
    there. Steps are folded until they are opened.
    """

    def __init__(self, lab: Lab) -> None:
        titles = [
            f"{number}. {step.title} ({step.operation or 'no call'})"
            for number, step in enumerate(STEPS, start=1)
        ]
        self._steps = [
            (title, list(beside(step, lab.requests.model)))
            for title, step in zip(titles, STEPS, strict=True)
        ]

    def __repr__(self) -> str:
        return "\n".join(
            line for title, cells in self._steps for line in (title, *map(_line, cells))
        )

    def _repr_html_(self) -> str:
        return "".join(
            f"<details><summary>{escaped(title)}</summary>{_table(cells)}</details>"
            for title, cells in self._steps
        )


def _line(cell: Cell) -> str:
    call = " ".join(cell.call.split())
    return f"   {cell.sdk}: {cell.remark}" + (f"\n      {call}" if call else "")


def _table(cells: list[Cell]) -> str:
    return table(
        ("SDK", "the published program, and the call"),
        [(escaped(cell.sdk), f"{escaped(cell.remark)}{_code(cell.call)}") for cell in cells],
    )


def _code(call: str) -> str:
    # The theme's own ground for such text would cover that of the table's rows.
    style = f"margin: 0.3em 0 0; background: transparent; {VERBATIM}"
    return f'<pre style="{style}">{escaped(call)}</pre>' if call else ""
