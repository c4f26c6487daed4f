"""A lesson in a browser, as a user sees it: cells to run, their outputs, forms and buttons."""

from __future__ import annotations

import nbformat
from playwright.sync_api import Locator, Page, expect

from etc.tools.lessons import NOTEBOOKS

from .server import TOKEN, Server

# The page is ready when the kernel has replied; the page itself reports ready too early.
_READY = """async () => {
    const app = window.jupyterapp
    await app.restored
    const panel = app.shell.currentWidget
    await panel.context.ready
    await panel.sessionContext.ready
    await panel.revealed
    await panel.sessionContext.session.kernel.info
}"""

# Resolved by the kernel: it has replied, and has nothing left to do for this request.
_LISTEN = """() => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
    window.finished = new Promise(resolve => {
        let asked, status, idle
        const listen = (_, {direction, msg}) => {
            const { msg_type, msg_id } = msg.header
            if (direction === 'send' && msg_type === 'execute_request') asked ??= msg_id
            if (!asked || msg.parent_header?.msg_id !== asked) return
            if (msg.header.msg_type === 'execute_reply') status = msg.content.status
            if (msg.header.msg_type === 'status') idle = msg.content.execution_state === 'idle'
            // They come by two ways, and either may be first.
            if (status && idle) {
                kernel.anyMessage.disconnect(listen)
                resolve(status)
            }
        }
        kernel.anyMessage.connect(listen)
    })
}"""

# Resolved when the kernel has handled everything the page has sent so far: it takes one message at
# a time.
_SETTLED = (
    "async () => { await"
    " window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestKernelInfo() }"
)

_RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
_FILES_AWAY = "() => window.jupyterapp.commands.execute('application:toggle-left-area')"

# Of the open lessons, the visible one
_IN_SIGHT = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook"
CELLS = f"{_IN_SIGHT} .jp-Cell"
OUTPUTS = f"{_IN_SIGHT} .jp-Cell-outputArea"
PROSE = f"{_IN_SIGHT} .jp-MarkdownOutput"


class Notebook:
    """A lesson open in `page`. Its cells are found by their IDs in the file."""

    def __init__(
        self, page: Page, server: Server, folder: str, lesson: str, app: str = "lab/tree"
    ) -> None:
        self.read(page, lesson)
        page.goto(f"{server.url}/{app}/{folder}/{lesson}.ipynb?reset&token={TOKEN}")
        self.wait_for_kernel()

    def read(self, page: Page, lesson: str) -> None:
        """Read the cells of the lesson that `page` is going to show."""
        (path,) = (path for path in NOTEBOOKS if path.stem == lesson)
        cells = nbformat.read(path, as_version=4).cells
        self.page = page
        self.cells = [cell.id for cell in cells]
        self.code_cells = [cell.id for cell in cells if cell.cell_type == "code"]
        self.forms = [
            cell.id for cell in cells if cell.cell_type == "code" and "ask(" in cell.source
        ]
        self.diagrams = sum(
            "_diagram(" in cell.source for cell in cells if cell.cell_type == "code"
        )
        self._pressed: set[tuple[str, str]] = set()

    def wait_for_kernel(self) -> None:
        """Wait until the lesson is on the page and its kernel has replied."""
        self.page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.context")
        self.in_time(_READY)

    def in_time(self, script: str) -> object:
        """The value of a JavaScript function. Raises `TimeoutError` after the page's timeout, which
        `evaluate` ignores.
        """
        # In a list, which is always truthy, so that it's called once
        return self.page.wait_for_function(
            f"async () => [await ({script})()]", polling=100
        ).json_value()[0]

    @property
    def everything(self) -> Locator:
        """The outputs of all cells."""
        return self.page.locator(OUTPUTS)

    def cell(self, name: str) -> Locator:
        return self.page.locator(CELLS).nth(self.cells.index(name))

    def output(self, name: str) -> Locator:
        """The output of a cell."""
        return self.cell(name).locator(".jp-Cell-outputArea")

    def run(self, name: str) -> None:
        """Select a cell by mouse and run it with Shift+Enter; return when the kernel is done with
        it.
        """
        self.cell(name).locator(".jp-InputPrompt").click()
        self.run_chosen()

    def run_chosen(self) -> None:
        """Run the selected cell, like `run`."""
        self.page.evaluate(_LISTEN)
        self.page.keyboard.press("Shift+Enter")
        assert self.in_time("() => window.finished") == "ok"

    def run_all(self) -> None:
        """Run all cells; return when the last is done."""
        self.in_time(_RUN_ALL)
        expect(self.page.locator(f"{CELLS} .jp-InputPrompt", has_text="*")).to_have_count(0)

    def put_files_away(self) -> None:
        """Close the list of files, which is open at first."""
        self.page.evaluate(_FILES_AWAY)

    def press(self, name: str, button: str) -> None:
        """Press a button below a cell; return when the kernel is done."""
        self.output(name).get_by_role("button", name=button, exact=True).click()
        self._pressed.add((name, button))
        self.settled()

    def settled(self) -> None:
        """Wait until the kernel has handled everything done so far."""
        self.in_time(_SETTLED)

    def open_and_copy(self, name: str) -> None:
        """Open everything that is folded below a cell, and press every copy button."""
        output = self.output(name)
        for summary in output.locator("summary").all():
            summary.click()
        expect(output.locator("details:not([open])")).to_have_count(0)
        # Each press removes a button, so there is always a first.
        offers, away = (
            output.get_by_role("button", name=name) for name in ("To copy:", "Hide it again")
        )
        for _ in range(offers.count()):
            self.press(name, offers.first.inner_text())
        copies = output.get_by_role("button", name="Copy", exact=True)
        for _ in range(copies.count()):
            button = copies.first.element_handle()
            button.click()
            held = button.evaluate(
                "button => button.parentElement.querySelector('input, textarea').value"
            )
            assert self.page.evaluate("() => navigator.clipboard.readText()") == held != ""
        for _ in range(away.count()):
            self.press(name, away.first.inner_text())
        expect(away).to_have_count(0)

    def never_pressed(self) -> list[tuple[str, str]]:
        """The buttons of widgets, by cell and name, that `press` was never called for."""
        there = {
            (name, button.inner_text())
            for name in self.code_cells
            for button in self.output(name).locator(".widget-button").all()
        }
        return sorted(there - self._pressed)
