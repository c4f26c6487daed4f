"""The lessons as web pages, built again: complete without Jupyter and a network, and accessible to
screen readers.
"""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

from etc.tools import web_pages
from etc.tools.lessons import LESSONS
from etc.tools.web_pages import FOLDER, MERMAID, SOURCES

NAMES = [source.stem for source in SOURCES]


class Read(HTMLParser):
    """What a page holds: its text, headings, links, and elements by ID."""

    # These have no end tag.
    VOID = {"meta", "img", "br", "hr", "input", "link", "col"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.tags, self.levels, self.ids, self.links, self.images, self.lang = (
            "",
            set(),
            [],
            [],
            [],
            [],
            None,
        )
        self._open = []
        self.feed(text)
        self.close()
        self.unclosed = self._open

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        if tag not in self.VOID:
            self._open.append(tag)
        if tag == "html":
            self.lang = given.get("lang")
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"])
        if "href" in given:
            self.links.append(given["href"])
        if tag == "img":
            self.images.append(given)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        self.text += data


@cache
def read(source: Path) -> Read:
    return Read(web_pages.page(source))


def spaced(text: str) -> str:
    return " ".join(text.split())


def test_make_pages_writes_each_page_and_deletes_outdated_ones(tmp_path, monkeypatch):
    folder = tmp_path / "html"
    monkeypatch.setattr(web_pages, "FOLDER", folder)
    folder.mkdir()
    (folder / "gone.html").touch()
    web_pages.main()
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{name}.html" for name in NAMES
    )
    for source in SOURCES:
        written = (folder / f"{source.stem}.html").read_text(encoding="utf-8")
        assert written == web_pages.page(source)


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_a_page_needs_no_other_server(source):
    page = read(source)
    assert not page.tags & {"script", "link", "iframe", "object", "base"}
    assert not any(urlsplit(image["src"]).scheme for image in page.images)
    assert "url(" not in web_pages.page(source) and "@import" not in web_pages.STYLE


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_a_page_is_accessible_to_screen_readers(source):
    page = read(source)
    assert page.lang == "en" and page.unclosed == [] and {"main", "nav", "title"} <= page.tags
    assert page.levels[0] == 1 and page.levels.count(1) == 1
    assert all(
        deeper - level <= 1 for level, deeper in zip(page.levels, page.levels[1:], strict=False)
    )
    assert all(image.get("alt", "").strip() for image in page.images)
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_every_link_of_a_page_leads_somewhere(source):
    page = read(source)
    assert page.links
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme:
            # The web app of a lesson listens on the reader's computer.
            assert parts.scheme == "https" or parts.hostname == "127.0.0.1"
            continue
        target = (FOLDER / unquote(parts.path)).resolve() if parts.path else page_of(source)
        assert target in PAGES or target.exists(), link
        assert not parts.fragment or unquote(parts.fragment) in places_in(target), link
    assert not [
        link for link in page.links if link.endswith(".ipynb") and link != f"../{source.name}"
    ], "a page leads to the pages of the other lessons"


def page_of(source: Path) -> Path:
    """Where `make pages` writes the page of a lesson, of the cheat sheet or of the reference."""
    return FOLDER / f"{source.stem}.html"


PAGES = {page_of(source): source for source in SOURCES}


@cache
def places_in(target: Path) -> list[str]:
    """The possible link targets in a file."""
    if target in PAGES:
        return read(PAGES[target]).ids
    text = target.read_text(encoding="utf-8")
    return headings(text) if target.suffix == ".md" else Read(text).ids


def headings(markdown: str) -> list[str]:
    """The names GitHub gives to the headings of a file."""
    return [
        re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    ]


@pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])
def test_a_page_holds_all_of_its_lesson_and_a_text_for_every_view(path):
    said = spaced(read(path).text)
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            plain = re.sub(r"```.*?```|<[^>]*>", "", cell.source, flags=re.DOTALL)
            for word in re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "]", plain)):
                assert word in said
            continue
        assert spaced(cell.source) in said
        for output in cell.outputs:
            data = output.get("data", {})
            if output.output_type == "stream" or not data.keys() & {"text/html", MERMAID}:
                assert spaced(output.get("text") or data["text/plain"]) in said


def test_a_diagram_is_written_as_a_chain_or_rejected():
    assert (
        web_pages._way('flowchart LR\n a["00<br>make a pool"] --> b["01<br>sign up"]')
        == "The way: 00 make a pool → 01 sign up."
    )
    with pytest.raises(AssertionError, match="words of its own"):
        web_pages._way('flowchart LR\n a["one"] --> b["two"]\n a --> c["three"]')
