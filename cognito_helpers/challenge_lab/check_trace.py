"""What the emulator's own code did with one call: the lines it reached, and the error it raised.

The emulator runs in this process, so Python's tracing sees it. The emulator knows nothing of it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from .. import local_cognito
from ..local_cognito.errors import CognitoError

EMULATOR = Path(local_cognito.__file__).parent
# Modules that store, compute and transport have no checks.
WITHOUT_CHECKS = ("storage", "crypto", "transports")


@dataclass(eq=False)
class FunctionCall:
    """A function of the emulator that was called: by which call, and with which globals. `lines`
    are those it reached, in order.
    """

    code: CodeType
    caller: FunctionCall | None
    names: dict[str, Any] = field(repr=False)
    lines: list[int] = field(default_factory=list)

    @property
    def line(self) -> int:
        """The line it reached last."""
        return self.lines[-1] if self.lines else self.code.co_firstlineno

    @property
    def chain(self) -> list[FunctionCall]:
        """The calls that led here, the outermost first, this one last."""
        return [*(self.caller.chain if self.caller else []), self]


class Trace:
    """Trace the emulator while a `with` block runs.

    `visits` are the lines that were reached, `error` is the last error that was raised, and
    `raised_in` the function that raised it, with its `variables`. All are empty if no emulator in
    this process responded.
    """

    def __init__(self) -> None:
        self.visits: list[tuple[FunctionCall, int]] = []
        self.error: CognitoError | None = None
        self.raised_in: FunctionCall | None = None
        self.variables: dict[str, Any] = {}
        self._running: dict[FrameType, FunctionCall] = {}

    def __enter__(self) -> Trace:
        self._before = sys.gettrace()
        sys.settrace(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)
        self._running.clear()

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not _has_checks(frame.f_code.co_filename):
            return None
        above = frame.f_back
        while above is not None and above not in self._running:
            above = above.f_back
        caller = self._running[above] if above is not None else None
        self._running[frame] = FunctionCall(frame.f_code, caller, frame.f_globals)
        return self._in_function

    def _in_function(self, frame: FrameType, event: str, argument: Any) -> Any:
        here = self._running.get(frame)
        if here is None:
            return None
        if event == "line":
            here.lines.append(frame.f_lineno)
            self.visits.append((here, frame.f_lineno))
        elif event == "exception":
            self._raise(argument[1], here, frame)
        return self._in_function

    def _raise(self, error: object, here: FunctionCall, frame: FrameType) -> None:
        # An error is reported again in each function it passes.
        if isinstance(error, CognitoError) and error is not self.error:
            self.error, self.raised_in, self.variables = error, here, dict(frame.f_locals)


@cache
def _has_checks(file: str) -> bool:
    path = Path(file)
    if EMULATOR not in path.parents:
        return False
    return path.relative_to(EMULATOR).parts[0] not in WITHOUT_CHECKS
