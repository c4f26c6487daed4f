"""Every lesson in a browser, from its first cell to its last: by hand in the light theme, by Run All in the dark one, and one in Notebook 7."""

import pytest
from playwright.sync_api import expect

from tests.lessons import LESSONS

from .looks import cut_off, grave_findings
from .notebook import OUTPUTS, PROSE, Notebook
from .rows import ROWS
from .server import DARK, LIGHT
from .steps import Fill

NAMES = [path.stem for path in LESSONS]


def test_every_lesson_has_its_rows():
    assert list(ROWS) == NAMES


def sound(page):
    """The page found nothing wrong, and wanted nothing from outside."""
    assert [line for line in page.console if line.startswith(("error", "uncaught"))] == []
    assert page.asked == []


def fit_for_everybody(notebook):
    """No grave finding in the prose or below the cells; and at twice the size, or on a telephone, all can be read."""
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
    assert [name for name in notebook.forms if not any(isinstance(step, Fill) for step in rows.get(name, []))] == [], "a form in which nobody makes a mistake"
    for name in notebook.code_cells:
        notebook.run(name)
        for step in rows.get(name, []):
            step.do(notebook, name)
        notebook.open_and_copy(name)
    assert notebook.never_pressed() == []
    fit_for_everybody(notebook)
    sound(page)


@pytest.mark.parametrize("lesson", NAMES)
def test_a_lesson_by_run_all_in_the_dark(page, server, lessons, lesson):
    server.theme(DARK)
    notebook = Notebook(page, server, lessons, lesson)
    notebook.run_all()
    fit_for_everybody(notebook)
    sound(page)


def test_a_lesson_in_notebook_7(page, server, lessons):
    server.theme(LIGHT)
    notebook = Notebook(page, server, lessons, "02_set_up_mfa", app="notebooks")
    for name in notebook.code_cells:
        notebook.run(name)
        for step in ROWS["02_set_up_mfa"].get(name, []):
            step.do(notebook, name)
    expect(notebook.everything.last).to_contain_text("AWS CLI")
    sound(page)
