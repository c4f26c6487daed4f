"""Opening a lesson of the learner's copy changes nothing, and its tables fit a narrow window."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from cognito_helpers.terminal.learner_copy import without_outputs
from etc.tools.lessons import NOTEBOOKS

from .notebook import PROSE, Notebook

FOLDER = "opening"
OPEN = "path => { window.jupyterapp.commands.execute('docmanager:open', {path}) }"
OPENED = "path => window.jupyterapp.shell.currentWidget?.context?.path === path"
DIRTY = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"
# JupyterLab cuts off what's wider than the text, without a scroll bar.
TOO_WIDE = f"""() => [...document.querySelectorAll('{PROSE} table')]
    .filter(table => table.offsetWidth > table.closest('.jp-MarkdownOutput').clientWidth)
    .map(table => table.textContent.trim().slice(0, 40))"""
CLOSE = "() => { window.jupyterapp.commands.execute('application:close') }"


def as_copied(path: Path) -> None:
    """A lesson as `cognito-tutorial` copies it: without outputs."""
    kernel = json.loads(path.read_text(encoding="utf-8"))["metadata"]["kernelspec"]
    copied = json.loads(without_outputs(path.read_bytes()))
    copied["metadata"]["kernelspec"] = kernel
    path.write_text(json.dumps(copied), encoding="utf-8")


def test_a_lesson_opened_and_closed_fits_and_does_not_ask_to_save(page, server):
    server.fresh_lessons(FOLDER)
    for path in NOTEBOOKS:
        as_copied(server.folder_of(FOLDER) / path.name)
    page.set_viewport_size({"width": 880, "height": 900})
    notebook = Notebook(page, server, FOLDER, NOTEBOOKS[0].stem)
    notebook.put_files_away()
    tables = 0
    for path in NOTEBOOKS:
        page.evaluate(OPEN, f"{FOLDER}/{path.name}")
        page.wait_for_function(OPENED, arg=f"{FOLDER}/{path.name}")
        notebook.wait_for_kernel()
        # Diagrams in the prose are drawn after the page is there.
        for diagram in page.locator(f"{PROSE} .jp-RenderedMermaid").all():
            expect(diagram.locator("img, svg").first).to_be_visible()
        notebook.settled()
        tables += page.locator(f"{PROSE} table").count()
        assert page.evaluate(TOO_WIDE) == [], path.name
        assert not page.evaluate(DIRTY), f"{path.name} is changed by opening it"
        page.evaluate(CLOSE)
        expect(page.locator(".jp-NotebookPanel")).to_have_count(0)
        expect(page.locator(".jp-Dialog")).to_have_count(0)
        server.end_kernels()
    assert tables > 50
