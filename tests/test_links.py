"""Every link of every lesson and page leads somewhere: in the learner's copy, which is JupyterLab's
root, and on the site.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cognito_helpers.explanations.error_rows import ROWS
from cognito_helpers.explanations.service_errors import Explained
from cognito_helpers.terminal.learner_copy import copy_lessons, source_folder
from cognito_helpers.views.response import ErrorResponse
from etc.site import build
from etc.site.landing import landing_page

from .links import Link, is_dead, links


def dead(folder: Path, *patterns: str, root: Path | None = None) -> list[str]:
    found = links(folder, *patterns)
    assert len(found) > 5, "links were looked for in the wrong place"
    return sorted({str(link) for link in found if is_dead(link, root or folder)})


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The learner's copy, with the outputs the lessons were saved with."""
    folder = tmp_path_factory.mktemp("copy")
    copy_lessons(folder)
    for lesson in source_folder().glob("*.ipynb"):
        made = json.loads((folder / lesson.name).read_text(encoding="utf-8"))
        saved = json.loads(lesson.read_text(encoding="utf-8"))
        for cell, as_saved in zip(made["cells"], saved["cells"], strict=True):
            cell["outputs"] = as_saved.get("outputs", [])
        (folder / lesson.name).write_text(json.dumps(made), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The part of the site that's ours: the first page, and what its JupyterLab has as files."""
    folder = tmp_path_factory.mktemp("site")
    build.lessons(folder / "files")
    picture = build.ROOT / "notebooks/images"
    landing_page(build.LESSONS, picture / "step.png", folder)
    return folder


def test_links_of_the_learner_s_copy(copy):
    assert dead(copy, "*.ipynb", "*.md") == []


def test_links_of_the_site_s_lessons(site):
    assert dead(site / "files", "*.ipynb", "*.md") == []


def test_links_of_the_site_s_web_pages(site):
    assert dead(site / "files/html", "*.html", root=site) == []


def test_links_of_the_site_s_first_page(site):
    # JupyterLite's own files aren't built here.
    assert [line for line in dead(site, "index.html") if "icon-" not in line] == []


@pytest.mark.parametrize("row", ROWS, ids=[row.key for row in ROWS])
def test_the_link_of_every_explained_error(copy, row):
    shown = ErrorResponse(Explained(row.code, row.beginning.replace("…", "x")), "Error")
    page = copy / "error.html"
    page.write_text(shown._repr_html_(), encoding="utf-8")
    assert [str(link) for link in links(copy, "error.html") if is_dead(link, copy)] == []


@pytest.mark.parametrize("target", ["gone.md", "../pyproject.toml", "a.md#b", "#nothing"])
def test_a_dead_link_is_found(tmp_path, target):
    (tmp_path / "a.md").write_text(f"# Here\n[x]({target})", encoding="utf-8")
    (found,) = links(tmp_path, "*.md")
    assert is_dead(found, tmp_path)
    assert not is_dead(Link(found.page, "a.md#Here"), tmp_path)
