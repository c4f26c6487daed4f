"""Every lesson in a browser, from its first cell to its last: by hand in the light theme, by Run
All in the dark one, and one in Notebook 7.
"""

import pytest
from playwright.sync_api import expect

from cognito_helpers.tutorial_pool.lessons import Lesson
from etc.tools.lessons import NOTEBOOKS

from .looks import cut_off, grave_findings
from .notebook import OUTPUTS, PROSE, Notebook
from .rows import ROWS
from .server import DARK, LIGHT
from .steps import Choose, Fill

NAMES = [path.stem for path in NOTEBOOKS]


def test_every_lesson_has_its_rows():
    assert list(ROWS) == NAMES


# Console messages of Notebook 7 whenever it opens a notebook
NOTEBOOK_7 = (
    "uncaught: Cannot read properties of undefined (reading 'schema')",
    "uncaught: Command 'filebrowser:open-path' not registered.",
)


def sound(page, front_end=()):
    """Check that the page reports only its front end's own problems, and requests nothing from
    outside.
    """
    assert [
        line
        for line in page.console
        if line.startswith(("error", "uncaught")) and line not in front_end
    ] == []
    assert page.asked == []


def accessible(notebook):
    """Diagrams are drawn; no serious accessibility finding in the prose or below the cells;
    everything can be read at twice the size and on a phone.
    """
    for number in range(notebook.diagrams):
        expect(
            notebook.everything.locator(".jp-RenderedMermaid figure").nth(number)
        ).to_be_attached()
    expect(notebook.everything.locator(".jp-RenderedMermaid:not(:has(figure))")).to_have_count(0)
    assert grave_findings(notebook.page, PROSE, OUTPUTS) == []
    notebook.put_files_away()
    for width, height in (640, 450), (400, 800):
        assert cut_off(notebook.page, OUTPUTS, width, height) == []


@pytest.mark.parametrize("lesson", NAMES)
def test_a_lesson_by_hand(page, server, lessons, lesson):
    server.theme(LIGHT)
    notebook = Notebook(page, server, lessons, lesson)
    rows = ROWS[lesson]
    assert rows.keys() <= set(notebook.code_cells)
    assert [
        name
        for name in notebook.forms
        if not any(isinstance(step, Fill | Choose) for step in rows.get(name, []))
    ] == [], "a form in which nobody makes a mistake"
    for name in notebook.code_cells:
        notebook.run(name)
        for step in rows.get(name, []):
            step.do(notebook, name)
        notebook.open_and_copy(name)
    assert notebook.never_pressed() == []
    accessible(notebook)
    sound(page)


@pytest.mark.parametrize("lesson", NAMES)
def test_a_lesson_by_run_all_in_the_dark(page, server, lessons, lesson):
    server.theme(DARK)
    notebook = Notebook(page, server, lessons, lesson)
    notebook.run_all()
    accessible(notebook)
    sound(page)


def test_a_lesson_in_notebook_7(page, server, lessons):
    server.theme(LIGHT)
    notebook = Notebook(page, server, lessons, Lesson.SET_UP_MFA.stem, app="notebooks")
    for name in notebook.code_cells:
        notebook.run(name)
        for step in ROWS[Lesson.SET_UP_MFA.stem].get(name, []):
            step.do(notebook, name)
    expect(notebook.output("review-the-calls-code-2")).to_contain_text("AWS CLI")
    # It draws no diagrams in outputs, and shows their text.
    expect(notebook.output("review-the-calls-code")).to_contain_text(
        "You are here: SOFTWARE_TOKEN_MFA."
    )
    sound(page, NOTEBOOK_7)
