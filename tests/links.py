"""The links of a folder of lessons, as a browser would follow them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import mistune


class Link(NamedTuple):
    """A link, and the file it stands in."""

    page: Path
    target: str

    def __str__(self) -> str:
        return f"{self.page.name}: {self.target}"


class _Page(HTMLParser):
    """What an HTML page leads to and shows, and the ids it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self._heading: str | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.targets += [given[name] for name in ("href", "src") if given.get(name)]
        if "id" in given:
            self.ids.add(given["id"])
        if re.fullmatch("h[1-6]", tag):
            self._heading = ""

    def handle_endtag(self, tag):
        if re.fullmatch("h[1-6]", tag) and self._heading is not None:
            # As JupyterLab names a heading.
            self.ids.add(self._heading.replace(" ", "-"))
            self._heading = None

    def handle_data(self, data):
        if self._heading is not None:
            self._heading += data


_markdown = mistune.create_markdown(escape=False, plugins=["table"])


def read(page: Path) -> _Page:
    """A page as a browser has it: a notebook's prose and its HTML outputs, a Markdown file, or an
    HTML page.
    """
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".ipynb":
        text = "\n".join(_shown(json.loads(text)))
    elif page.suffix == ".md":
        text = str(_markdown(text))
    return _Page(text)


def _shown(notebook: dict) -> Iterator[str]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            yield str(_markdown("".join(cell["source"])))
        for output in cell.get("outputs", []):
            yield "".join(output.get("data", {}).get("text/html", ""))


def links(folder: Path, *patterns: str) -> list[Link]:
    """Every link in the pages of a folder that isn't to another site."""
    return [
        Link(page, target)
        for pattern in patterns
        for page in sorted(folder.glob(pattern))
        for target in read(page).targets
        if not urlsplit(target).scheme
    ]


def is_dead(link: Link, root: Path) -> bool:
    """Whether a link leads outside `root`, to no file, or to no heading of its file."""
    parts = urlsplit(link.target)
    target = (link.page.parent / unquote(parts.path)).resolve() if parts.path else link.page
    if "path" in parse_qs(parts.query):
        # JupyterLite opens the file that's named, from its folder of contents.
        target = root / "files" / parse_qs(parts.query)["path"][0]
    elif parts.path.endswith("lab/index.html"):
        return False
    if root.resolve() not in target.resolve().parents or not target.is_file():
        return True
    return bool(parts.fragment) and unquote(parts.fragment) not in _ids(target)


@cache
def _ids(page: Path) -> set[str]:
    return read(page).ids
