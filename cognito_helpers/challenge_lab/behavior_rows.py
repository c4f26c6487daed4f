"""The rows of BEHAVIOR.md, the emulator's specification, to find the one an error is based on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from .check_trace import EMULATOR

# What the first letter of a row's mark means
MARKS = {
    "D": "documented by AWS",
    "V": "seen in a test against AWS",
    "O": "observed, not documented",
    "E": "claimed by another emulator only",
    "U": "not known: this is the emulator's choice",
}
CITED = re.compile(r"BEHAVIOR\.md,((?:\s+(?:sections?|and|to)|,?\s*\d+a?(?:\.\d+)?)+)")
NUMBER = re.compile(r"\d+a?(?:\.\d+)?")


@dataclass(frozen=True)
class Row:
    """A fact: its section, its text, and its mark."""

    section: str
    text: str
    mark: str

    @property
    def sure(self) -> str:
        """How sure it is, in words."""
        found = re.search("[DVOEU]", self.mark)
        return MARKS[found[0]] if found else "no mark"


@cache
def rows() -> tuple[Row, ...]:
    """All rows, in the order of the page."""
    found: list[Row] = []
    section, mark_at = "", 0
    for line in (EMULATOR / "BEHAVIOR.md").read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"#+ (\d+a?(?:\.\d+)?)\.? ", line):
            section = heading[1]
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if "Conf" in cells:
            mark_at = cells.index("Conf")
        elif line.startswith("| ") and section and len(cells) > mark_at > 0:
            found.append(Row(section, ": ".join(cells[:mark_at]), cells[mark_at]))
    return tuple(found)


def cited(texts: Iterable[str]) -> list[str]:
    """The sections texts cite, in their order. “1.8 to 1.10” names all three."""
    found: list[str] = []
    for text in texts:
        for match in CITED.findall(" ".join(text.split())):
            found += _sections(match)
    return list(dict.fromkeys(found))


def _sections(citation: str) -> list[str]:
    numbers = NUMBER.findall(citation)
    ranges = re.findall(r"(\d+)\.(\d+) to (\d+)\.(\d+)", citation)
    return numbers + [
        f"{chapter}.{number}"
        for chapter, first, _, last in ranges
        for number in range(int(first) + 1, int(last))
    ]


def row_for(code: str, message: str, sections: list[str]) -> Row | None:
    """The row with this error's message, or otherwise with its name. The cited sections come first,
    in their order.
    """
    text = " ".join(message.split()).rstrip(".")
    if "validation error" in text:
        text = "N validation error(s) detected"
    here = [row for row in rows() if row.section in sections]
    # Sections 1.1 to 1.16 are about operations: another operation's say nothing about this one.
    general = [row for row in rows() if not (row.section.startswith("1.") and sections)]
    ways = (
        [row for row in here if _quotes(row.text, text)],
        [row for row in general if _quotes(row.text, text)],
        [row for row in here if re.search(rf"\b{code}\b", row.text)],
    )
    for found in ways:
        if found:
            return min(found, key=lambda row: _rank(row, code, text, sections))
    return None


def _rank(row: Row, code: str, message: str, sections: list[str]) -> tuple[int, int, bool]:
    at = sections.index(row.section) if row.section in sections else len(sections)
    return -_quotes(row.text, message), at, code not in row.text


def _quotes(row: str, message: str) -> int:
    """How many characters of a message a row quotes from its beginning. The end may differ: it may
    be a name or a value.
    """
    found = 0
    for quoted in re.findall(r"`([^`]{12,})`", row):
        fixed = re.split(r"[<{…]|\.\.\.| Value ", quoted)[0].strip().rstrip(".:")
        if len(fixed) > 11 and message.startswith(fixed):
            found = max(found, len(fixed))
    return found
