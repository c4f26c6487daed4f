"""Which cell of a lesson to run: the one that makes a name, the one that began a sign-in."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

# What begins a sign-in, by boto3 and by the wrapper of lesson 07.
BEGINS = re.compile(r"\b(admin_initiate_auth|initiate_auth|admin_start_sign_in|start_sign_in)\(")


def too_early(name: str) -> str | None:
    """What to run where `name` is not there yet, in the words of the cell's heading; None where no
    lesson makes it.
    """
    for lesson in _lessons():
        heading = next(
            (heading for heading, source in _code_cells(lesson) if name in _names_made_by(source)),
            None,
        )
        if heading and lesson == _here():
            return (
                f"“{name}” is not there yet: first run the cell under “{heading}”, then this one"
                " again."
            )
        if heading:
            return f"“{name}” is not there yet: first run the cells above this one, from the top."
    return None


def session_ended(source: str) -> str | None:
    """What to run where the session of a sign-in has ended: the last cell that began a sign-in, up
    to the one with this source; None where none did.
    """
    for lesson in _lessons():
        began = None
        for heading, other in _code_cells(lesson):
            if call := BEGINS.search(other):
                began = heading, call[1]
            if other.strip() == source.strip():
                if began:
                    return (
                        f"Run the cell with `{began[1]}` under “{began[0]}” again, and go on from"
                        " there."
                    )
                break
    return None


def _here() -> Path | None:
    """The notebook that this kernel is of, where it is known."""
    named = Path(os.environ.get("JPY_SESSION_NAME", ""))
    return named if named.suffix == ".ipynb" and named.is_file() else None


def _lessons() -> list[Path]:
    here = _here()
    return [here] if here else sorted(Path.cwd().glob("0*.ipynb"))


def _code_cells(lesson: Path) -> Iterator[tuple[str, str]]:
    """Each code cell's heading and source."""
    heading = lesson.stem
    try:
        cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            headings = [
                line.lstrip("#").strip() for line in source.splitlines() if line.startswith("#")
            ]
            heading = headings[-1] if headings else heading
        elif cell["cell_type"] == "code":
            yield heading, source


def _names_made_by(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    defined = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    return stored | imported | defined
