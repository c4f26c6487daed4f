"""The tutorial in a browser tab: as a new user comes to it, lesson by lesson, with no request to anywhere but the page's own server."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.browser.notebook import Notebook
from tests.browser.rows import ROWS
from tests.lessons import LESSONS

from .conftest import PATIENCE

NAMES = [path.stem for path in LESSONS]
# The most that the site may weigh, so that a school's network carries it.
MEGABYTES = 45
BY_HAND = "02_set_up_mfa"
# The outputs that are errors, and the cells that did not run, as the notebook on the page has them.
_FAILED = """() => window.jupyterapp.shell.currentWidget.content.widgets.filter(cell => cell.model.type === 'code').flatMap(cell => {
    const errors = cell.model.sharedModel.getOutputs().filter(output => output.output_type === 'error').map(output => output.ename + ': ' + output.evalue)
    return cell.model.executionCount === null ? ['did not run: ' + cell.model.sharedModel.getSource()] : errors
})"""
# JupyterLab opens again what was open before; one lesson at a time is enough.
_ALONE = """() => {
    const shell = window.jupyterapp.shell
    for (const panel of [...shell.widgets('main')]) if (panel !== shell.currentWidget) panel.dispose()
}"""


class InTab(Notebook):
    """A lesson of the site, opened by its link on the first page."""

    def __init__(self, page, address, lesson):
        self.read(page, lesson)
        page.goto(address)
        page.locator(f"li a[href*='{lesson}.ipynb']").click()
        self.wait_for_kernel()
        page.evaluate(_ALONE)

    def failed(self):
        return self.page.evaluate(_FAILED)


def said_at_first(notebook):
    """What the first code cell of the lesson printed."""
    return notebook.output(notebook.code_cells[0]).inner_text()


@pytest.fixture
def nobody_else(page):
    """Fails where a request went elsewhere, or was answered with an error, but for lists of folders that only the browser has."""
    refused = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 and "/api/contents/" not in answer.url else None)
    yield
    assert page.asked == [] and refused == []


def test_its_size(site):
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"\nThe site: {size / 1e6:.1f} MB in {sum(path.is_file() for path in site.rglob('*'))} files.")
    assert size <= MEGABYTES * 1e6


def test_the_first_page_names_every_lesson_and_fits_a_phone(page, address, nobody_else):
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(address)
    links = [link.get_attribute("href") for link in page.get_by_role("listitem").get_by_role("link").all()]
    assert links == [link for name in NAMES for link in (f"lab/index.html?path={name}.ipynb", f"files/html/{name}.html")]
    assert {page.request.get(address + link).status for link in links} == {200}
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), "it is wider than a phone"
    assert page.locator("img").evaluate("image => image.alt.length > 50 && image.naturalWidth > 0")
    assert page.get_by_role("link", name="Start with the first lesson").get_attribute("href") == f"lab/index.html?path={NAMES[0]}.ipynb"


def test_every_lesson_runs_and_goes_on_where_the_one_before_stopped(page, address, nobody_else):
    """As a new user, from the first page to the last lesson."""
    begun = time.monotonic()
    page.goto(address)
    for name in NAMES:
        notebook = InTab(page, address, name)
        notebook.run(notebook.code_cells[0])
        if name == NAMES[0]:
            print(f"\nFrom the first page to the first cell's answer: {time.monotonic() - begun:.1f} s.")
        assert "these calls were made for you" not in said_at_first(notebook) or name > "04", f"{name} found nothing of the lessons before it"
        notebook.run_all()
        assert notebook.failed() == [], name


def test_a_lesson_by_hand_with_the_network_cut(page, address, nobody_else):
    """Cell by cell, with a mistake in each form, and no network once the first cell has run."""
    notebook = InTab(page, address, BY_HAND)
    notebook.run(notebook.code_cells[0])
    page.context.set_offline(True)
    for cell in notebook.code_cells[1:]:
        notebook.run(cell)
        for step in ROWS[BY_HAND].get(cell, []):
            step.do(notebook, cell)
    assert notebook.failed() == []


def test_a_mistake_gets_a_sentence_and_aws_is_not_offered(page, address, nobody_else):
    notebook = InTab(page, address, NAMES[0])
    first = notebook.code_cells[0]
    notebook.cell(first).locator(".cm-content").fill('from cognito_helpers import open_lab\nlab = open_lab(backend="aws")')
    notebook.cell(first).locator(".jp-InputPrompt").click()
    page.keyboard.press("Shift+Enter")
    expect(notebook.output(first)).to_contain_text("In a browser tab only the stand-in answers")
    expect(notebook.output(first)).not_to_contain_text("Traceback")


def test_two_lessons_in_two_tabs_of_the_browser_share_what_was_done(page, address, nobody_else):
    notebook = InTab(page, address, "01_sign_up")
    notebook.run(notebook.code_cells[0])
    beside = page.context.new_page()
    beside.set_default_timeout(PATIENCE)
    other = InTab(beside, address, "03_sign_in")
    other.run(other.code_cells[0])
    for each in (notebook, other):
        each.run_all()
        assert each.failed() == []
    # Both read what is there now: the user of the lesson that ran last.
    notebook.run(notebook.code_cells[0])
    other.run(other.code_cells[0])
    assert said_at_first(notebook).splitlines()[-1] == said_at_first(other).splitlines()[-1]


def test_a_reload_loses_nothing(page, address, nobody_else):
    notebook = InTab(page, address, NAMES[0])
    notebook.run_all()
    assert notebook.failed() == []
    again = InTab(page, address, NAMES[1])
    again.run(again.code_cells[0])
    assert "Done: user pool, app client" in said_at_first(again) and "made for you" not in said_at_first(again)


def test_where_the_browser_keeps_nothing_a_lesson_takes_the_missing_steps(browser, address):
    """Without a service worker, as in a private window of some browsers, Python has no drive."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    notebook = InTab(page, address, "03_sign_in")
    notebook.run(notebook.code_cells[0])
    expect(notebook.output(notebook.code_cells[0])).to_contain_text("these calls were made for you: CreateUserPool")
    notebook.run_all()
    assert notebook.failed() == []
    context.close()
