"""The site's first page: what this is, and the lessons with their goals and times."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from string import Template

import nbformat

PAGE = Path(__file__).with_name("index.html")


def landing_page(lessons: list[Path], picture: Path, site: Path) -> None:
    """Write `index.html` of the `site`, replacing the one that opens JupyterLab directly."""
    rows = "\n".join(_row(path) for path in lessons)
    page = Template(PAGE.read_text(encoding="utf-8")).substitute(
        start=_address(lessons[0]), lessons=rows
    )
    (site / "index.html").write_text(page, encoding="utf-8")
    shutil.copy2(picture, site)


def _address(lesson: Path) -> str:
    return f"lab/index.html?path={lesson.name}"


def _row(lesson: Path) -> str:
    """A lesson as a list item, in its own words: heading, goals, and time."""
    opening = nbformat.read(lesson, as_version=4).cells[0].source
    title = _found(r"^# (.+)", opening, lesson)
    minutes = _found(r"\*\*Time:\*\* (\d+) minutes", opening, lesson)
    goals = re.findall(r"^- (.+?)[,.]?$", opening, re.MULTILINE)
    will = "You'll be able to" if "**You'll be able to**" in opening else "You will"
    words = html.escape("; ".join(goals).replace("*", "").replace("`", ""))
    to_read = f'<a href="files/html/{lesson.stem}.html">only read it</a>'
    return (
        f'<li><a href="{_address(lesson)}">{lesson.stem[:2]} {html.escape(title)}</a>, {minutes}'
        f" minutes, or {to_read}. {will} {words}.</li>"
    )


def _found(pattern: str, text: str, lesson: Path) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    if not found:
        raise SystemExit(f"{lesson.name}: its first cell should say {pattern}")
    return found[1]
