"""The figures as text: tables that are readable as they are and as Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterator
from pathlib import Path

import psutil

from .contestants import CONTESTANTS, EMULATOR, HTTP
from .figures import MATHEMATICS_BAR, PLAIN_BAR, SIZE_BAR, VISIT, Figures
from .mathematics import PIECES
from .starting import MB, Lesson, Starting
from .visits import COMMON

# The targets that aren't ratios of calls
IMPORT_BAR, SCENARIO_BAR = 1.25, 0.5
# In MB: SQLite keeps 2,000 KiB of a file's pages, and some data about them.
CACHE_BAR = 2.5
LESSON_BARS = [
    ("the first cell of a lesson", "first_cell", 1.0, " s", 1),
    ("a lesson from top to bottom", "whole", 5.0, " s", 1),
    ("a kernel with a lesson open", "held", 150.0, " MB", MB),
]
BEGIN, END = "<!-- figures of make bench -->", "<!-- end of the figures -->"


def as_text(figures: Figures) -> str:
    """Everything, for a terminal and for `figures.md`."""
    few, many = figures.sizes[0], figures.sizes[-1]
    parts = [
        f"## Beside boto3's floor and beside others, at {few:,} users",
        comparison(figures, few),
        f"## The same at {many:,} users, or at as many as a peer got to in its time",
        comparison(figures, many),
        *_notes(figures),
        "## The bars",
        table(["what", "figure", "bar", ""], list(_bars(figures))),
        "## Every call of the emulator in process",
        (
            "The ratio is to floor and mathematics together; the last but one column is the cost"
            f" at {many:,} users over that at {few:,}."
        ),
        _calls(figures),
        "## The mathematics, measured alone",
        _mathematics(figures),
    ]
    if figures.starting:
        parts += ["## Starting", _starting(figures.starting), _lessons(figures.lessons)]
    parts.append(machine())
    return "\n\n".join(parts) + "\n"


def write(figures: Figures, folder: Path) -> None:
    """Write the tables into `figures.md`, the picture into `figures.svg`, and the table for readers
    between its marks in `README.md`.
    """
    readme = folder / "README.md"
    before, begun, rest = readme.read_text().partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise SystemExit(
            f"{readme} has not the marks between which the table belongs: {BEGIN} and {END}"
        )
    (folder / "figures.md").write_text(
        f"# The figures of the last `make bench`\n\n{as_text(figures)}"
    )
    draw(figures, folder / "figures.svg")
    readme.write_text(f"{before}{BEGIN}\n{summary(figures)}\n{END}{after}")


def draw(figures: Figures, path: Path) -> None:
    """Draw the picture. The library for it is a dependency of the benchmark only, and its test runs
    without.
    """
    from . import picture

    picture.draw(figures, path)


def summary(figures: Figures) -> str:
    """For the README: the multiple of boto3's own floor, and whether the targets are met."""
    few, many = figures.sizes[0], figures.sizes[-1]
    bars = list(_bars(figures))
    met = sum(row[-1] == "met" for row in bars)
    parts = [
        f"At {few:,} users:",
        comparison(figures, few),
        f"At {many:,} users, or at as many as a peer got to in its time:",
        comparison(figures, many),
        *_notes(figures),
        f"{met} of {len(bars)} bars are met. {machine()}",
    ]
    return "\n\n".join(parts)


def comparison(figures: Figures, size: int) -> str:
    """Each call of each contestant: the multiple of its floor, and in parentheses the
    milliseconds.
    """
    found = {name: figures.against_floor(name, size) for name in CONTESTANTS}
    present = [name for name in found if found[name]]
    rows = []
    for shown in [*COMMON, VISIT]:
        cells = [
            f"{found[name][shown].ratio:.1f} ({found[name][shown].seconds * 1000:.2f})"
            for name in present
        ]
        floor = figures.floor_visit() if shown == VISIT else figures.floor(COMMON[shown])
        rows.append([shown, f"1 ({floor * 1000:.2f})", *cells])
    rows.append(["the whole scenario", "", *(_scenario(figures, name, size) for name in present)])
    return table(
        [
            "times boto3's floor (ms)",
            "the floor",
            *(_title(figures, name, size) for name in present),
        ],
        rows,
    )


def _title(figures: Figures, name: str, size: int) -> str:
    entry = figures.entry(name, size)
    assert entry is not None
    return name if entry.users == entry.wanted else f"{name}, {entry.users:,} users"


def _scenario(figures: Figures, name: str, size: int) -> str:
    entry = figures.entry(name, size)
    assert entry is not None
    walks = [done.scenario for done in entry.rounds if done.scenario is not None]
    if walks:
        return f"{statistics.median(walks) * 1000:.0f} ms"
    return "stops"


def _notes(figures: Figures) -> list[str]:
    """Contestants that stop in the scenario or are missing, each with the reason."""
    stops = {
        entry.name: entry.rounds[0].stops_at
        for entry in figures.entries
        if entry.rounds and entry.rounds[0].stops_at
    }
    kinds = {"These stop in the whole scenario": stops, "Missing": figures.missing}
    return [
        f"{what}: " + "; ".join(f"{name} ({why})" for name, why in found.items()) + "."
        for what, found in kinds.items()
        if found
    ]


def _bars(figures: Figures) -> Iterator[list[str]]:
    """Each requirement, the figure, the target, and whether it's met."""
    calls = list(figures.bars())
    few, many = figures.sizes[0], figures.sizes[-1]
    for bar, kind in (
        (PLAIN_BAR, "a call without public-key mathematics"),
        (MATHEMATICS_BAR, "a call with it"),
    ):
        worst = max((call for call in calls if call.bar == bar), key=lambda call: call.ratio)
        yield _held(f"{kind}, worst: {worst.label}", worst.ratio, bar, " times")
    worst = max(calls, key=lambda call: call.size_ratio)
    yield _held(
        f"{many:,} users over {few:,}, worst: {worst.label}", worst.size_ratio, SIZE_BAR, " times"
    )
    yield from _ahead(figures)
    walks = [done.scenario for done in figures.ours(many).rounds if done.scenario is not None]
    yield _held(
        f"the whole scenario at {many:,} users", statistics.median(walks), SCENARIO_BAR, " s"
    )
    grown = (figures.resident[many] - figures.resident[few]) / MB
    yield _held(f"the emulator's memory, {many:,} users over {few:,}", grown, CACHE_BAR, " MB")
    if figures.starting:
        yield _held(
            "import cognito_helpers over boto3 and ipywidgets",
            figures.starting.import_ratio,
            IMPORT_BAR,
            " times",
        )
    for what, part, bar, unit, scale in LESSON_BARS:
        found = {
            getattr(lesson, part) / scale: lesson.name
            for lesson in figures.lessons
            if lesson.whole is not None
        }
        if found:
            yield _held(f"{what}, worst: {found[max(found)]}", max(found), bar, unit)


def _ahead(figures: Figures) -> Iterator[list[str]]:
    """For the emulator in process and over HTTP: whether each call is faster than the same call of
    every peer of that kind.
    """
    kinds = {
        EMULATOR: [name for name in CONTESTANTS if name not in (EMULATOR, HTTP)],
        HTTP: [name for name in CONTESTANTS if name.endswith("HTTP") and name != HTTP],
    }
    for ours, peers in kinds.items():
        for size in figures.sizes:
            mine = figures.against_floor(ours, size)
            theirs = [
                (found[shown], mine[shown])
                for found in (figures.against_floor(name, size) for name in peers)
                for shown in found
                if mine
            ]
            if theirs:
                behind = sum(peer.seconds < own.seconds for peer, own in theirs)
                yield [
                    f"{ours} at {size:,} users: calls of peers that are faster",
                    f"{behind} of {len(theirs)}",
                    "0",
                    "missed" if behind else "met",
                ]


def _held(what: str, figure: float, bar: float, unit: str) -> list[str]:
    return [what, f"{figure:.2f}{unit}", f"{bar:g}{unit}", "met" if figure <= bar else "missed"]


def _calls(figures: Figures) -> str:
    rows = [
        [
            call.label,
            f"{call.ratio:.2f}",
            f"{call.bar:g}",
            f"{call.size_ratio:.2f}",
            *(f"{part * 1000:.2f}" for part in (call.seconds, call.floor, call.mathematics)),
            "met" if call.met else "missed",
        ]
        for call in figures.bars()
    ]
    return table(["call", "ratio", "bar", "size", "ms", "floor, ms", "mathematics, ms", ""], rows)


def _mathematics(figures: Figures) -> str:
    return table(
        ["mathematics", "ms"],
        [
            [name, f"{seconds * 1000:.2f}"]
            for name, seconds in zip(PIECES, figures.pieces(), strict=True)
        ],
    )


def _starting(starting: Starting) -> str:
    return (
        f"boto3 and ipywidgets import in {starting.base_import:.2f} s, cognito_helpers in"
        f" {starting.import_ratio:.2f} times that, with every name loaded"
        f" {starting.names_ratio:.2f} times. boto3 makes a client in {starting.client:.2f} s;"
        f" the emulator, a client of it and its first answer take {starting.client_ratio:.2f} times"
        " that."
    )


def _lessons(lessons: list[Lesson]) -> str:
    rows = [
        (
            [name, f"{whole:.2f}", f"{first_cell:.2f}", f"{held / MB:.0f}"]
            if whole and first_cell and held
            else [name, "does not come to its end", "", ""]
        )
        for name, whole, first_cell, held in lessons
    ]
    return table(["lesson", "s, kernel start included", "s to its first cell's end", "MB"], rows)


def machine() -> str:
    """The machine it was measured on; absolute times say little without it, and not much with
    it.
    """
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"Measured with Python {platform.python_version()} on {platform.system()}, {os.cpu_count()}"
        f" cores, {memory:.0f} GB. Times are medians and move with whatever else the machine does;"
        " the ratios are taken round by round and are what counts."
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table with aligned columns."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )
