"""Which cell of a lesson to run: the one that defines a name, begins a sign-in, or shows a form."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path

# What begins a sign-in, by boto3 and by the wrapper of the whole flow
BEGINS = {"admin_initiate_auth", "initiate_auth", "admin_start_sign_in", "start_sign_in"}


def too_early(name: str) -> str | None:
    """What to run if `name` isn't defined yet, in the words of the cell's heading; None if no
    lesson defines it.
    """
    for lesson in _lessons():
        heading = next(
            (heading for heading, source in _code_cells(lesson) if name in _names_made_by(source)),
            None,
        )
        if heading and lesson == _here():
            return (
                f"“{name}” isn't defined yet. Run the cell under “{heading}” first, then this one"
                " again."
            )
        if heading:
            return f"“{name}” isn't defined yet. Run the cells above this one first, from the top."
    return None


def not_imported(name: str, helpers: Collection[str]) -> str | None:
    """Say how to import `name`, one of the package's own names; None if it isn't one."""
    if name not in helpers:
        return None
    return (
        f"“{name}” isn't imported in this lesson: run `from cognito_helpers import {name}`, then"
        " this cell again."
    )


def form_with(question: str) -> str | None:
    """Say which cell asks a question of a form; None if no cell does."""
    for lesson in _lessons():
        for heading, source in _code_cells(lesson):
            if question in _asked(source):
                return (
                    f"The form under “{heading}” asks for “{question}”: run its cell first, then"
                    " this one again."
                )
    return None


def _asked(source: str) -> set[str | None]:
    """The names of the questions in a cell's form."""
    return {
        keyword.arg
        for node in ast.walk(_parsed(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ask"
        for keyword in node.keywords
    }


def session_ended(source: str) -> str | None:
    """Say which cell to run if the session of a sign-in has ended: the last one, up to the cell
    with this source, that begins a sign-in. None if no cell does, or if this one uses no session of
    an earlier cell.
    """
    for lesson in _lessons():
        began, starters, readers = None, set(BEGINS), set[str]()
        for heading, other in _code_cells(lesson):
            if call := _begins(other, starters):
                began = heading, call
            for function in _functions(other):
                starters |= {function.name} if _beginning(function, BEGINS) else set()
                readers |= {function.name} if _reads_a_session(function, set()) else set()
            if other.strip() == source.strip():
                if began and _reads_a_session(_parsed(other), readers):
                    return (
                        f"Run the cell with `{began[1]}` under “{began[0]}” again, and continue"
                        " from there."
                    )
                break
    return None


def _begins(source: str, starters: Collection[str]) -> str | None:
    """The call by which a cell begins a sign-in, perhaps by a function of the lesson. A call inside
    a block doesn't count: in `with attempt()` and `try` it's meant to fail, and an `if` may skip
    it. A refresh begins nothing.
    """
    simple = [node for node in _parsed(source).body if isinstance(node, ast.Assign | ast.Expr)]
    calls = [name for statement in simple for name in _beginning(statement, starters)]
    return calls[-1] if calls else None


def _beginning(tree: ast.AST, starters: Collection[str]) -> list[str]:
    """The names of the calls in it that begin a sign-in."""
    return [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (name := _name_of(node.func)) in starters
        and "REFRESH_TOKEN" not in ast.unparse(node)
    ]


def _name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)


def _functions(source: str) -> list[ast.FunctionDef]:
    """The functions a cell defines."""
    return [node for node in _parsed(source).body if isinstance(node, ast.FunctionDef)]


def _reads_a_session(tree: ast.AST, readers: Collection[str]) -> bool:
    """Whether it uses the session of an earlier cell's response, perhaps by one of the functions
    `readers`.
    """
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and node.slice.value == "Session"
        or isinstance(node, ast.Call)
        and (ast.unparse(node).endswith(".get('Session')") or _name_of(node.func) in readers)
        for node in ast.walk(tree)
    )


def _here() -> Path | None:
    """The notebook of this kernel, if it's known."""
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


def _parsed(source: str) -> ast.Module:
    """A cell as a tree; an empty one if it isn't pure Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _names_made_by(source: str) -> set[str]:
    tree = _parsed(source)
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
