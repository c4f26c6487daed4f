"""The emulator's source: which lines are checks, and the text of a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType

Function = ast.FunctionDef | ast.AsyncFunctionDef
# What the emulator doesn't support isn't a check of Cognito's.
NOT_A_CHECK = "NotInEmulatorException"
# How many lines are shown before and after the marked ones.
BEFORE, AFTER = 8, 3


@dataclass(frozen=True)
class Guard:
    """A statement that rejects a request, or lets it pass: `if …: raise …`, or `try` with a handler
    that raises. It's reached at one of the `tested` lines, and rejects at `raising`. `test` is what
    an `if` tests.
    """

    tested: range
    raising: range
    condition: str
    error: ast.expr
    test: ast.expr | None = None

    @property
    def lines(self) -> set[int]:
        return {*self.tested, *self.raising}


@dataclass(frozen=True)
class SourceLine:
    """A line of a function as it's shown. Number 0 means lines were left out."""

    number: int
    text: str
    marked: bool = False


@dataclass(frozen=True)
class Source:
    """A function of the emulator: its text, docstring, guards and statements. `first` and `body`
    are the lines where it and its body begin.
    """

    name: str
    module: str
    first: int
    body: int
    lines: tuple[str, ...]
    docstring: str
    guards: tuple[Guard, ...]
    statements: tuple[range, ...]

    def statement(self, line: int) -> range:
        """The lines of the smallest statement around a line."""
        around = [one for one in self.statements if line in one]
        return min(around, key=len, default=range(line, line + 1))

    def text(self, lines: range | None = None) -> str:
        """The text of these lines in one paragraph, or of all of them as it is."""
        if lines is None:
            return "\n".join(self.lines)
        return " ".join(" ".join(self.lines[line - self.first].split()) for line in lines)


@cache
def module_docstring(path: str) -> str:
    """The docstring of a module."""
    return ast.get_docstring(_tree(path)) or ""


@cache
def source_of(code: CodeType) -> Source | None:
    """The source of a function, None for what isn't one: a module, a comprehension, a lambda."""
    path = code.co_filename
    found = [
        node
        for node in ast.walk(_tree(path))
        if isinstance(node, Function)
        and node.name == code.co_name
        and min([node.lineno, *(one.lineno for one in node.decorator_list)]) == code.co_firstlineno
    ]
    if not found:
        return None
    node = found[0]
    text = _text(path).splitlines()[node.lineno - 1 : node.end_lineno]
    described = ast.get_docstring(node) is not None and len(node.body) > 1
    return Source(
        node.name,
        Path(path).stem,
        node.lineno,
        (node.body[1] if described else node.body[0]).lineno,
        tuple(text),
        ast.get_docstring(node) or "",
        tuple(_guards(node)),
        tuple(_lines(one) for one in ast.walk(node) if isinstance(one, ast.stmt)),
    )


@cache
def _text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


@cache
def _tree(path: str) -> ast.Module:
    return ast.parse(_text(path))


def _lines(node: ast.stmt | ast.expr) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _guards(function: Function) -> Iterator[Guard]:
    for node in ast.walk(function):
        if isinstance(node, ast.If):
            test = range(node.lineno, (node.test.end_lineno or node.lineno) + 1)
            for body, sense in ((node.body, ""), (node.orelse, "not ")):
                if raised := _raise(body):
                    condition = sense + ast.unparse(node.test)
                    yield Guard(test, _lines(raised[0]), condition, raised[1], node.test)
        elif isinstance(node, ast.Try):
            for handler in node.handlers:
                if raised := _raise(handler.body):
                    tried = ast.unparse(node.body[0]).splitlines()[0]
                    yield Guard(_lines(node.body[0]), _lines(raised[0]), tried, raised[1])


def _raise(body: list[ast.stmt]) -> tuple[ast.Raise, ast.expr] | None:
    """The error at the end of a block, unless it isn't a check."""
    last = body[-1] if body else None
    if not isinstance(last, ast.Raise) or last.exc is None:
        return None
    return None if NOT_A_CHECK in ast.unparse(last.exc) else (last, last.exc)


def window(source: Source, marked: set[int]) -> tuple[SourceLine, ...]:
    """The head of a function, and its lines around the marked ones."""
    end = source.first + len(source.lines) - 1
    first = max(source.body, min(marked) - BEFORE)
    last = min(end, max(marked) + AFTER)
    head = next((at for at, line in enumerate(source.lines) if line.rstrip().endswith(":")), 0)
    indent = len(source.lines[0]) - len(source.lines[0].lstrip())
    left_out = SourceLine(0, "    …")

    def shown(numbers: range) -> list[SourceLine]:
        return [
            SourceLine(at, source.lines[at - source.first][indent:].rstrip(), at in marked)
            for at in numbers
        ]

    return (
        *shown(range(source.first, source.first + head + 1)),
        *([left_out] if first > source.first + head + 1 else []),
        *shown(range(first, last + 1)),
        *([left_out] if last < end else []),
    )


def clean(docstring: str) -> str:
    """A docstring as one paragraph after another, without the breaks of the source."""
    return "\n".join(" ".join(part.split()) for part in docstring.split("\n\n"))
