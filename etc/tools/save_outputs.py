"""Run every lesson on the emulator, in order, and save the outputs; then write the generated pages:
`make notebooks`.

`python -m etc.tools.save_outputs 03 04` runs only those.

Widgets are saved as their text, since their state can hold typed secrets. An output that differs
from the saved one only in what always varies stays unchanged, so that a run without changes changes
no file.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import tempfile
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from cognito_helpers.ui.widget import WIDGET
from etc.tools.lessons import NOTEBOOKS

from . import cheat_sheet, published_programs, reference

SANITIZE = Path(__file__).parent / "sanitize.cfg"
# nbval's rule for markup
LOOK = "look"


def execute(lesson: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """`lesson` with fresh outputs, run in `folder`; raises if a cell fails. Widget state is never
    collected.
    """
    NotebookClient(
        lesson,
        timeout=60,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    return lesson


def clean(lesson: nbformat.NotebookNode, saved: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """`lesson` without what must not be saved, and with the saved outputs if they say the same."""
    before = {cell.id: cell for cell in saved.cells}
    # As the kernel reports it: otherwise JupyterLab would add it and ask to save an unchanged
    # lesson.
    language = lesson.metadata.get("language_info", {})
    lesson.metadata = saved.metadata
    known = saved.metadata.get("language_info", {})
    version = {name: known[name] for name in ("version",) if name in known}
    lesson.metadata["language_info"] = {**known, **language, **version}
    for cell in lesson.cells:
        cell.metadata.pop("execution", None)
        mark_for_slides(cell)
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET, None)
        # A widget without a text leaves nothing.
        cell.outputs = [output for output in cell.outputs if output.get("data", True)]
        old = before.get(cell.id)
        if old is not None and sanitized(old.outputs) == sanitized(cell.outputs):
            cell.outputs = old.outputs
    return lesson


def mark_for_slides(cell: nbformat.NotebookNode) -> None:
    """For `nbconvert --to slides`: a slide begins at each heading, and code is below it. Imports
    aren't shown.
    """
    if cell.cell_type == "code":
        kind = "skip" if only_imports(cell.source) else None
    else:
        kind = {"#": "slide", "##": "slide", "###": "subslide"}.get(cell.source.partition(" ")[0])
    if kind:
        cell.metadata["slideshow"] = {"slide_type": kind}
    else:
        cell.metadata.pop("slideshow", None)


def only_imports(source: str) -> bool:
    """Whether a cell does nothing but import names."""
    return all(isinstance(line, ast.Import | ast.ImportFrom) for line in ast.parse(source).body)


def sanitized(value: Any) -> str:
    """Outputs as text, with everything that varies replaced as nbval does. Their style stays, so a
    new style is saved.
    """
    rules = ConfigParser()
    rules.read(SANITIZE, encoding="utf-8")
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    for name in rules.sections():
        if name == LOOK:
            continue
        text = re.sub(rules[name]["regex"], rules[name]["replace"], text)
    return text


def main(*numbers: str) -> None:
    """Run the lessons, or only those whose file name begins with one of `numbers`."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["COGNITO_LAB_HOME"] = home
        for path in NOTEBOOKS:
            if numbers and not path.stem.startswith(numbers):
                continue
            saved = nbformat.read(path, as_version=4)
            nbformat.write(
                clean(execute(nbformat.read(path, as_version=4), path.parent), saved), path
            )
            print(path.name)
    for written in (cheat_sheet, reference, published_programs):
        written.main()
        print(written.PATH.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
