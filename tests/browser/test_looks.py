"""The measurements find what they look for; and the web pages of the lessons pass them in both
color schemes and on a phone.
"""

import pytest

from etc.tools.web_pages import SOURCES
from etc.tools.web_pages import page as web_page

from .looks import cut_off, grave_findings

BAD = """<!doctype html><html lang="en"><title>Bad</title>
<main style="width: 300px; overflow: hidden">
<input> <img src="data:,"> <p style="color: #888; background: #777">Faint</p> <button></button>
<p style="width: 500px">A line that is far too long for what it stands in,
and cannot be scrolled to</p>
<p style="width: 60px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis"
>Shortened by its own box</p></main>"""


def test_the_measures_find_what_they_are_for(page):
    page.set_content(BAD)
    found = {finding.partition(":")[0] for finding in grave_findings(page, "main")}
    assert found == {"label", "image-alt", "color-contrast", "button-name"}
    assert [line.partition(":")[0] for line in cut_off(page, "main", 400, 800)] == [
        "cut",
        "shortened",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("source", SOURCES, ids=[source.stem for source in SOURCES])
def test_a_web_page_is_accessible(page, source, scheme, tmp_path):
    written = tmp_path / "page.html"
    written.write_text(web_page(source), encoding="utf-8")
    page.emulate_media(color_scheme=scheme)
    page.goto(written.as_uri())
    assert grave_findings(page, "html") == []
    assert cut_off(page, "body", 400, 800) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "the page must be scrolled sideways"
    )
