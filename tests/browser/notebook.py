"""A lesson in a browser, as a person sees it: cells to run, what came out of them, forms and buttons."""

from __future__ import annotations

import nbformat
from playwright.sync_api import Locator, Page, expect

from tests.lessons import LESSONS

from .server import TOKEN, Server

# The page is ready when the kernel has answered; what the page itself says of that comes too early.
_READY = """async () => {
    const app = window.jupyterapp
    await app.restored
    const panel = app.shell.currentWidget
    await panel.context.ready
    await panel.sessionContext.ready
    await panel.revealed
    await panel.sessionContext.session.kernel.info
}"""

# Resolved by the kernel's own words: it has replied, and has nothing left to do for this request.
_LISTEN = """() => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
    window.finished = new Promise(resolve => {
        let asked, status, idle
        const listen = (_, {direction, msg}) => {
            if (direction === 'send' && msg.header.msg_type === 'execute_request') asked ??= msg.header.msg_id
            if (msg.parent_header?.msg_id !== asked || !asked) return
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

_RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"


class Notebook:
    """A lesson that is open in `page`. Its cells go by the ids that they have in the file."""

    def __init__(self, page: Page, server: Server, folder: str, lesson: str, app: str = "lab/tree") -> None:
        self.page = page
        (path,) = (path for path in LESSONS if path.stem == lesson)
        self._ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
        self.code_cells = [cell.id for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        page.goto(f"{server.url}/{app}/{folder}/{lesson}.ipynb?reset&token={TOKEN}")
        page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.context")
        page.evaluate(_READY)

    def cell(self, name: str) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self._ids.index(name))

    def outputs(self, name: str) -> Locator:
        return self.cell(name).locator(".jp-Cell-outputWrapper")

    def run(self, name: str) -> None:
        """Choose a cell by the mouse and run it with Shift and Enter; returns when the kernel has done with it, and raises where it failed."""
        self.cell(name).locator(".jp-InputPrompt").click()
        self.run_chosen()

    def run_chosen(self) -> None:
        """Run the cell that is chosen with Shift and Enter, as `run` does."""
        self.page.evaluate(_LISTEN)
        self.page.keyboard.press("Shift+Enter")
        assert self.page.evaluate("() => window.finished") == "ok", "the cell failed"

    def run_all(self) -> None:
        """Run all cells; returns when the last is done."""
        self.page.evaluate(_RUN_ALL)
        expect(self.page.locator(".jp-Notebook .jp-InputPrompt", has_text="[*]")).to_have_count(0)
