"""The tutorial in a browser tab, as a new user does it: lesson by lesson, with requests only to the
page's own server.
"""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from cognito_helpers.tutorial_pool.lessons import Lesson
from etc.tools.lessons import LESSONS
from tests.browser.notebook import CELLS, PROSE, Notebook
from tests.browser.rows import ROWS

from .conftest import PATIENCE

NAMES = [path.stem for path in LESSONS]
# Each of these has what the ones before it created.
CORE = [lesson.stem for lesson in Lesson if lesson <= Lesson.REMEMBER_A_DEVICE]
# The maximum size of the site, so that a school's network can load it.
MEGABYTES = 45
OPEN_LAB = "open-the-lab-code"
BY_HAND = Lesson.SET_UP_MFA.stem
# The outputs that are errors, and the cells that didn't run, as the notebook on the page has them.
_FAILED = """() => window.jupyterapp.shell.currentWidget.content.widgets.filter(
    cell => cell.model.type === 'code'
).flatMap(cell => {
    const model = cell.model.sharedModel
    const errors = model.getOutputs().filter(output => output.output_type === 'error')
        .map(output => output.ename + ': ' + output.evalue)
    // JupyterLab adds an empty cell after the last one that's run by hand.
    if (!model.getSource()) return []
    return cell.model.executionCount === null ? ['did not run: ' + model.getSource()] : errors
})"""
# The lessons open in JupyterLab
_LESSONS_OPEN = (
    "() => [...window.jupyterapp.shell.widgets('main')].map(panel => panel.context.path)"
)
_OPEN = "name => window.jupyterapp?.shell.currentWidget?.context?.path === `${name}.ipynb`"
_DO = """code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
    const asked = kernel.requestExecute({code})
    let said = ''
    asked.onIOPub = ({header, content}) => {
        if (header.msg_type === 'stream') said += content.text
        if (header.msg_type === 'error') said += content.evalue
    }
    window.done = asked.done.then(() => said)
}"""
# The browser may need a moment for its first key. It goes on while Python does nothing.
TAKE_A_KEY = """
import asyncio
from cognito_helpers.local_cognito.crypto import rs256_pure
while (key := rs256_pure._from_browser()) is None:
    await asyncio.sleep(0.1)
print(key.n.bit_length(), key == key.load_pkcs1(key.save_pkcs1()))
"""
# The service worker leaves this mark when the whole site is cached.
_KEPT = """async () => {
    const mark = new URL('../all-is-kept', location)
    while (!await caches.match(mark)) await new Promise(resolve => setTimeout(resolve, 100))
}"""


class InTab(Notebook):
    """A lesson of the site, opened by the link that `link` finds on the current page."""

    def __init__(self, page, lesson, link):
        self.read(page, lesson)
        link.click()
        page.wait_for_function(_OPEN, arg=lesson, polling=100)
        self.wait_for_kernel()

    @classmethod
    def from_first_page(cls, page, address, lesson):
        page.goto(address)
        return cls(page, lesson, page.locator(f"li a[href*='{lesson}.ipynb']"))

    def next(self, lesson):
        """The lesson linked at the end of this one."""
        return InTab(
            self.page, lesson, self.page.locator(f"{PROSE} a[href*='{lesson}.ipynb']").last
        )

    def wait_until_cached(self):
        """Wait until the browser has cached the whole site."""
        self.in_time(_KEPT)

    def start_code(self, code):
        """Run code in the lesson's kernel without a cell. `run_code` also waits for it."""
        self.page.evaluate(_DO, code)

    def run_code(self, code):
        """Return what `code` prints in the lesson's kernel."""
        self.start_code(code)
        return self.in_time("() => window.done")

    def all_open(self):
        """This lesson and the others that are open."""
        return [path.removesuffix(".ipynb") for path in self.page.evaluate(_LESSONS_OPEN)]

    def failed(self):
        """The errors in its cells."""
        return self.page.evaluate(_FAILED)


def open_lab(notebook):
    """Run the lesson's cells up to `open_lab`; returns what that one printed."""
    for cell in notebook.code_cells[: notebook.code_cells.index(OPEN_LAB) + 1]:
        notebook.run(cell)
    return notebook.output(OPEN_LAB).inner_text()


@pytest.fixture
def only_the_server(page):
    """Fail if a request went elsewhere or returned an error, except for lists of folders that only
    the browser has.
    """
    failed = []
    page.on(
        "response",
        lambda answer: (
            failed.append(answer.url)
            if answer.status >= 400 and "/api/contents/" not in answer.url
            else None
        ),
    )
    yield
    assert page.asked == [] and failed == []


def test_the_site_is_small_enough(site):
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(
        f"\nThe site: {size / 1e6:.1f} MB in {sum(path.is_file() for path in site.rglob('*'))}"
        " files."
    )
    assert size <= MEGABYTES * 1e6


@pytest.mark.parametrize(("width", "app"), [(360, "notebooks"), (1280, "lab")])
def test_the_first_page_lists_every_lesson_and_fits_a_phone(
    width, app, page, address, only_the_server
):
    """A small screen gets a link to the single-document view."""
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(address)
    links = [
        link.get_attribute("href")
        for link in page.get_by_role("listitem").get_by_role("link").all()
    ]
    assert links == [
        link
        for name in NAMES
        for link in (f"{app}/index.html?path={name}.ipynb", f"files/html/{name}.html")
    ]
    assert {page.request.get(address + link).status for link in links} == {200}
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), (
        "it is wider than a phone"
    )
    assert page.locator("img").evaluate("image => image.alt.length > 50 && image.naturalWidth > 0")
    assert (
        page.get_by_role("link", name="Start with the first lesson").get_attribute("href")
        == f"{app}/index.html?path={NAMES[0]}.ipynb"
    )


def test_a_new_user_reaches_the_last_lesson_offline(page, host, only_the_server):
    """Use the button, then the link at each lesson's end. The network is cut once the first cell
    has run.
    """
    asked = time.monotonic()
    page.goto(host.address)
    expect(page.locator("#kept")).to_be_hidden()
    notebook = InTab(page, NAMES[0], page.get_by_role("link", name="Start with the first lesson"))
    for name in NAMES:
        if name != NAMES[0]:
            asked = time.monotonic()
            notebook = notebook.next(name)
        said = open_lab(notebook)
        print(f"\n{name}: the first cell's answer after {time.monotonic() - asked:.1f} s.", end="")
        if name == NAMES[0]:
            notebook.wait_until_cached()
            print(f" All is kept after {time.monotonic() - asked:.1f} s.", end="")
            host.cut()
        assert "these calls were made for you" not in said or name not in CORE[1:], (
            f"{name} found nothing of the lessons before it"
        )
        notebook.run_all()
        assert notebook.failed() == [], name
    page.goto(host.address)
    expect(page.locator("#kept")).to_have_text("This browser has the whole site now.")


def test_a_lesson_works_by_hand_offline(page, host, only_the_server):
    """Run it cell by cell, with a mistake in each form. The network is cut before the lesson is
    opened, in a browser that had another one open.
    """
    notebook = InTab.from_first_page(page, host.address, NAMES[0])
    notebook.wait_until_cached()
    host.cut()
    notebook = InTab.from_first_page(page, host.address, BY_HAND)
    for cell in notebook.code_cells:
        notebook.run(cell)
        for step in ROWS[BY_HAND].get(cell, []):
            step.do(notebook, cell)
    assert notebook.failed() == []


def test_a_lesson_can_be_read_and_run_on_a_phone(page, address, only_the_server):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    notebook = InTab(page, NAMES[0], page.get_by_role("link", name="Start with the first lesson"))
    assert "/notebooks/" in page.url
    notebook.run_all()
    assert notebook.failed() == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    # Wide content scrolls in its own box.
    boxes = [cell.bounding_box() for cell in page.locator(CELLS).all()]
    assert max(box["x"] + box["width"] for box in boxes) <= 390


def test_the_lesson_can_be_read_while_python_starts(page, address):
    page.goto(address)
    page.get_by_role("link", name="Start with the first lesson").click()
    said = page.locator("#python-starts")
    expect(said).to_have_text(re.compile(r"Python is starting.* about \d+ seconds"))
    expect(page.locator(f"{PROSE} h1")).to_be_visible()
    expect(said).to_be_visible()
    expect(said).to_be_hidden(timeout=PATIENCE)
    # As long as it takes on this machine
    assert page.evaluate("() => Number(Object.values(localStorage).find(Number))") > 0


def test_python_for_the_next_lesson_starts_before_it_is_opened(page, address, only_the_server):
    notebook = InTab.from_first_page(page, address, NAMES[0])
    [taken] = page.workers
    waiting = page.wait_for_event("worker", timeout=PATIENCE)
    notebook = notebook.next(NAMES[1])
    notebook.run_all()
    assert notebook.failed() == []
    assert page.workers == [taken, waiting], "a lesson started one of its own"


def test_a_python_that_could_not_start_is_not_given_to_the_next_lesson(page, address):
    notebook = InTab.from_first_page(page, address, NAMES[0])
    # Before the service worker has cached it
    library = re.compile("python_stdlib.zip")
    page.context.route(library, lambda route: route.abort())
    failed = page.wait_for_event("worker", timeout=PATIENCE)
    for _ in range(PATIENCE // 100):
        if failed not in page.workers:
            break
        page.wait_for_timeout(100)
    assert failed not in page.workers
    page.context.unroute(library)
    notebook = notebook.next(NAMES[1])
    notebook.run_all()
    assert notebook.failed() == []


def test_the_browser_generates_the_keys_of_a_pool(page, address, only_the_server):
    notebook = InTab.from_first_page(page, address, NAMES[0])
    for _ in range(10):
        assert notebook.run_code(TAKE_A_KEY) == "2048 True\n"


def test_a_mistake_is_explained_and_aws_is_not_offered(page, address, only_the_server):
    notebook = InTab.from_first_page(page, address, NAMES[0])
    first = OPEN_LAB
    notebook.cell(first).locator(".cm-content").fill(
        'from cognito_helpers import open_lab\nlab = open_lab(backend="aws")'
    )
    notebook.cell(first).locator(".jp-InputPrompt").click()
    page.keyboard.press("Shift+Enter")
    expect(notebook.output(first)).to_contain_text("In a browser tab only the emulator answers")
    expect(notebook.output(first)).not_to_contain_text("Traceback")


def test_lessons_in_two_tabs_share_their_state(page, address, only_the_server):
    notebook = InTab.from_first_page(page, address, Lesson.SIGN_UP.stem)
    open_lab(notebook)
    beside = page.context.new_page()
    beside.set_default_timeout(PATIENCE)
    other = InTab.from_first_page(beside, address, Lesson.SIGN_IN.stem)
    open_lab(other)
    for each in (notebook, other):
        each.run_all()
        assert each.failed() == []
    # Both read the current state: the user of the lesson that ran last.
    ready = [re.search(r"Ready: [^.]*", open_lab(each)) for each in (notebook, other)]
    assert ready[0][0] == ready[1][0]


# Take the lock, read, wait, write and give the lock back, 20 times. The count is in the browser's
# cache: what one tab puts in localStorage may come late to another.
_TURNS = """async holder => {
    const ask = what => fetch(`api/lock/${what}?file=one&holder=${holder}`, {method: 'POST'})
    const store = await caches.open('turns')
    for (let time = 0; time < 20; time++) {
        if (!(await ask('take')).ok) throw new Error('no turn')
        const count = Number(await (await store.match('/count'))?.text() ?? 0)
        await new Promise(resolve => setTimeout(resolve, 5))
        await store.put('/count', new Response(count + 1))
        await ask('give')
    }
}"""
_COUNTED = "async () => (await caches.match('/count')).text()"
_REGISTER = """async () => {
    await navigator.serviceWorker.register('service-worker.js')
    await navigator.serviceWorker.ready
    while (!navigator.serviceWorker.controller) await new Promise(done => setTimeout(done, 50))
}"""


def test_tabs_take_turns(page, address):
    """Test the lock alone, without Python."""
    beside = page.context.new_page()
    for tab in (page, beside):
        tab.goto(address)
        tab.evaluate(_REGISTER)
    beside.evaluate(f"() => {{ window.done = ({_TURNS})('two') }}")
    page.evaluate(_TURNS, "one")
    beside.evaluate("() => window.done")
    assert page.evaluate(_COUNTED) == "40"


# Ten changes in a row, named after the tab.
_GROUPS = """
for number in range(10):
    lab.cognito.create_group(UserPoolId=lab.pool_id, GroupName=f"{tab}-{number}")
"""
_COUNT = """
groups = lab.cognito.list_groups(UserPoolId=lab.pool_id)["Groups"]
print(len([one for one in groups if one["GroupName"].startswith(("one", "two"))]))
"""


def test_two_tabs_that_write_at_once_lose_nothing(page, address, only_the_server):
    first = InTab.from_first_page(page, address, NAMES[0])
    first.run_code("from cognito_helpers import open_lab\nlab, tab = open_lab(), 'one'")
    beside = page.context.new_page()
    beside.set_default_timeout(PATIENCE)
    second = InTab.from_first_page(beside, address, NAMES[0])
    second.run_code("from cognito_helpers import open_lab\nlab, tab = open_lab(), 'two'")
    for tab in (first, second):
        tab.start_code(_GROUPS)
    for tab in (first, second):
        tab.settled()
    assert [tab.run_code(_COUNT) for tab in (first, second)] == ["20\n", "20\n"]


def test_a_reload_loses_nothing(page, address, only_the_server):
    notebook = InTab.from_first_page(page, address, NAMES[0])
    notebook.run_all()
    assert notebook.failed() == []
    again = InTab.from_first_page(page, address, NAMES[1])
    said = open_lab(again)
    assert "authenticator app set up." in said and "made for you" not in said


def test_a_lesson_opens_alone_first_and_with_the_others_after_a_reload(
    page, address, only_the_server
):
    """Each of the others would start its own Python first."""
    InTab.from_first_page(page, address, NAMES[1])
    notebook = InTab.from_first_page(page, address, NAMES[0])
    assert notebook.all_open() == [NAMES[0]]
    following = notebook.next(NAMES[1])
    assert following.all_open() == NAMES[:2]
    page.reload()
    following.wait_for_kernel()
    assert following.all_open() == NAMES[:2]
    assert "The emulator answers" in open_lab(following)


def test_a_lesson_takes_the_missing_steps_if_the_browser_keeps_nothing(browser, address):
    """Without a service worker, as in a private window of some browsers, Python has no drive."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    notebook = InTab.from_first_page(page, address, Lesson.SIGN_IN.stem)
    assert "these calls were made for you: CreateUserPool" in " ".join(open_lab(notebook).split())
    notebook.run_all()
    assert notebook.failed() == []
    context.close()
