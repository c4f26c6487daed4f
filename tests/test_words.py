"""The words we don't use stay out of the lessons and pages: see "Words" in CONTRIBUTING.md."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Few, and each wrong in every sentence of ours, so that no one has to argue with the test.
WORDS = re.compile(
    r"\b(somebody|anybody|nobody|whoever|refus(?:e|es|ed|al|als)|half a minute|e-mails?|afresh"
    r"|stand-in|mend(?:s|ed)?|sealed note|mailed code|good for|spoilt)\b",
    re.IGNORECASE,
)
PAGES = [
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
    *sorted((ROOT / "notebooks").glob("*.md")),
    *(ROOT / name for name in ("README.md", "SECURITY.md")),
]


def text_of(path: Path) -> str:
    """What a reader sees of a page; for a lesson, its cells and their output."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    parts = []
    for cell in json.loads(text)["cells"]:
        parts.append("".join(cell["source"]))
        for output in cell.get("outputs", []):
            shown = output.get("data", {}).get("text/plain", output.get("text", ""))
            parts.append("".join(shown))
    return "\n".join(parts)


def words_in(text: str) -> list[str]:
    return [found[0] for found in WORDS.finditer(text)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_has_none_of_the_words(path):
    assert words_in(text_of(path)) == []


def test_the_words_are_found_in_any_case_and_not_inside_others():
    assert words_in("Nobody refused. E-mail it.") == ["Nobody", "refused", "E-mail"]
    assert words_in("Amend the recommendation for the email.") == []
