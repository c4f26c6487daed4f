"""BEHAVIOR.md, the emulator's specification: every citation in code and tests exists there."""

import re
from pathlib import Path

import pytest

import cognito_helpers.local_cognito

EMULATOR = Path(cognito_helpers.local_cognito.__file__).parent
PAGE = (EMULATOR / "BEHAVIOR.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^#{2,3} (\d+[a-z]?(?:\.\d+)?)\.? ", PAGE, re.MULTILINE)
# Sections 8a and 9 are cited by the number of a row or an item, and so is 5.
SECTION = r"\b(?:1?\d\.\d{1,2}|8a)\b"
CITED = re.compile(rf"BEHAVIOR\.md,\s+(?:# )?(?:sections?\s+)?({SECTION})")
FILES = [*EMULATOR.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]


def exists(section):
    number = section.split(".")[0]
    if number in ("8a", "9"):
        return number in SECTIONS
    return section in SECTIONS


@pytest.mark.parametrize(
    ("where", "section"),
    [
        pytest.param(path, section, id=f"{path.name}-{section}")
        for path in FILES
        if path != Path(__file__)
        for section in sorted(set(CITED.findall(path.read_text(encoding="utf-8"))))
    ],
)
def test_every_citation_is_on_the_page(where, section):
    assert exists(section), f"{where} cites {section}"


def test_all_sections_are_there():
    assert [number for number in SECTIONS if "." not in number] == (
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "8a", "9", "10", "11", "12"]
    )
    assert len(SECTIONS) == len(set(SECTIONS)) > 60


def test_every_row_of_a_table_has_its_cells():
    """A bar inside a cell would shift the mark and the source to the wrong column."""
    width = None
    for number, line in enumerate(PAGE.splitlines(), 1):
        if not line.startswith("|"):
            width = None
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        width = width or cells
        assert cells == width, f"line {number}: {line[:80]}"
