"""Every lesson in a browser, from its first cell to its last, in both themes."""

import pytest

from tests.lessons import LESSONS

from .notebook import Notebook
from .server import DARK, LIGHT

NAMES = [path.stem for path in LESSONS]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("lesson", NAMES)
def test_a_lesson_runs_cell_by_cell(page, server, lessons, lesson, theme):
    server.theme(theme)
    notebook = Notebook(page, server, lessons, lesson)
    for cell in notebook.code_cells:
        notebook.run(cell)
    assert [line for line in page.console if line.startswith(("error", "uncaught"))] == []
    assert page.asked == []
