"""Which check of the emulator rejected a call, and which it passed before, in order.

It's read from the emulator's own source and from the lines the call reached: a check is a statement
that raises an error if its condition holds.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..redact import redact_message
from .behavior_rows import Row, cited, row_for
from .check_names import OTHER, about
from .check_source import Guard, Source, SourceLine, clean, module_docstring, source_of, window
from .check_trace import FunctionCall, Trace
from .check_values import compared

# Every call goes through it, for any operation.
NOT_OF_THE_OPERATION = "service"


@dataclass(frozen=True)
class Check:
    """A check: what it's about, its function, the condition on which it rejects a call, and its
    error.
    """

    about: str
    module: str
    function: str
    condition: str
    error: str
    passed: bool = True


@dataclass(frozen=True)
class Rejection:
    """Why a call was rejected. `checks` are in order, and the last is the one that rejected it.
    `docstring` is its function's or, if that has none, the nearest one's on the way to it, which
    `documented` names. `values` are what the condition compared. `through` names the functions on
    the way, the operation first.
    """

    operation: str
    checks: tuple[Check, ...]
    documented: str
    docstring: str
    lines: tuple[SourceLine, ...]
    values: tuple[tuple[str, str], ...]
    through: tuple[str, ...]
    row: Row | None
    sections: tuple[str, ...]

    @property
    def failed(self) -> Check:
        """The check that rejected it."""
        return self.checks[-1]

    @property
    def line(self) -> int:
        """The first line that is marked."""
        return next(line.number for line in self.lines if line.marked)

    @cached_property
    def steps(self) -> list[str]:
        """What was checked before, in order, each once and only if there's a name for it."""
        left_out = (self.failed.about, OTHER)
        return list(dict.fromkeys(one.about for one in self.checks if one.about not in left_out))


def rejection(operation: str, trace: Trace, request: dict[str, Any]) -> Rejection | None:
    """Why the call of a trace was rejected, None if the trace has no error of the emulator."""
    if trace.error is None or trace.raised_in is None:
        return None
    at, line = trace.raised_in, trace.raised_in.line
    source = source_of(at.code)
    if source is None:
        return None
    guard = next((one for one in source.guards if line in one.lines), None)
    condition = guard.condition if guard else source.text(source.statement(line))
    said = redact_message(str(trace.error), json.dumps(request, default=str))
    failed = Check(
        about(at, condition),
        source.module,
        source.name,
        condition,
        f"{trace.error.code}: {said}",
        passed=False,
    )
    sections = cited(_citations(at, source))
    through = [one.code.co_name for one in at.chain if _is_shown(one)]
    return Rejection(
        operation,
        (*_passed(trace, at, line), failed),
        *_docstring(at, source),
        window(source, guard.lines if guard else set(source.statement(line))),
        compared(guard.test, trace.variables) if guard and guard.test else (),
        tuple(through),
        row_for(trace.error.code, str(trace.error), sections),
        tuple(sections),
    )


def _docstring(at: FunctionCall, source: Source) -> tuple[str, str]:
    """The nearest docstring on the way to a call, after the name of its function."""
    way = [source_of(one.code) for one in reversed(at.chain) if _is_shown(one)]
    found = next((one for one in way if one is not None and one.docstring), source)
    return found.name, clean(found.docstring)


def _is_shown(call: FunctionCall) -> bool:
    source = source_of(call.code)
    return source is not None and source.module != NOT_OF_THE_OPERATION


def _passed(trace: Trace, last: FunctionCall, line: int) -> list[Check]:
    """The checks before the one at this line, each once."""
    found: dict[Check, None] = {}
    # The playground's guard may have made a call before this one.
    root = last.chain[0]
    for call, reached in trace.visits:
        source = source_of(call.code)
        if source is None or not _is_shown(call) or call.chain[0] is not root:
            continue
        for guard in source.guards:
            decided = call is last and line in guard.lines
            rejected = set(guard.raising) & set(call.lines)
            if reached in guard.tested and not decided and not rejected:
                found[_check(call, source, guard)] = None
    return list(found)


def _check(call: FunctionCall, source: Source, guard: Guard) -> Check:
    """A check that was passed."""
    return Check(
        about(call, guard.condition),
        source.module,
        source.name,
        guard.condition,
        _as_error(guard.error, call),
    )


def _as_error(error: ast.expr, call: FunctionCall) -> str:
    """An error as the client reads it, its code and message. It's its source if that needs a value
    of the call.
    """
    try:
        # The source is the emulator's own, and only names that its module defines are known.
        code = compile(ast.Expression(error), "<check>", "eval")
        value = eval(code, call.names, {})  # noqa: S307
        raised = value() if isinstance(value, type) else value
    except Exception:
        return ast.unparse(error)
    return f"{type(raised).__name__}: {raised}".rstrip(": ")


def _citations(call: FunctionCall, source: Source) -> list[str]:
    """Where BEHAVIOR.md may be cited, the nearest first: the function, its module, its callers."""
    found = [source.text().replace("#", ""), module_docstring(call.code.co_filename)]
    for above in reversed(call.chain[:-1]):
        around = source_of(above.code)
        if around is not None:
            found += [around.docstring, module_docstring(above.code.co_filename)]
    return found
