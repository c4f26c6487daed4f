"""Lambda functions from a Python file, for `serve --lambdas FILE.py`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from ..text import visible
from .triggers.function import in_time
from .types import Function


class LambdaFileError(Exception):
    """The file can't be used. The message is one sentence."""


class Functions(dict[str, Function]):
    """The functions of a file, by name. A name that's asked for and missing is told once, since the
    error at the client only says that the function can't be called.
    """

    def __init__(self, path: Path, functions: dict[str, Function]) -> None:
        super().__init__(functions)
        self._path, self._told = path, set[str]()

    def get(self, name: str, default: Any = None) -> Any:
        """The function of that name."""
        if name not in self and name not in self._told:
            self._told.add(name)
            sentence = f"A trigger names {name}, and {self._path} has no function of that name."
            print(visible(sentence), file=sys.stderr, flush=True)
        return super().get(name, default)


def load(path: Path) -> Functions:
    """Every function of the file, except those whose names begin with an underscore. Each has five
    seconds for an event.
    """
    module = ModuleType(f"Lambda functions of {path.name}")
    module.__file__ = str(path)
    # As Python itself does it: the file may import its neighbors, and be found by its own classes.
    sys.modules[module.__name__] = module
    sys.path.insert(0, str(path.absolute().parent))
    try:
        code = compile(path.read_bytes(), str(path), "exec")
        exec(code, vars(module))  # noqa: S102
    except OSError as error:
        if _line(path, error.__traceback__):
            raise _raised(path, error) from None
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise LambdaFileError(f"{path} can't be read: {reason}.") from None
    except SyntaxError as error:
        where = f"line {error.lineno}: " if error.lineno else ""
        raise LambdaFileError(f"{path} isn't Python: {where}{error.msg}.") from None
    except (Exception, SystemExit) as error:
        raise _raised(path, error) from None
    found = {
        name: in_time(value)
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_")
    }
    if not found:
        raise LambdaFileError(f"{path} has no functions.")
    return Functions(path, found)


def _raised(path: Path, error: BaseException) -> LambdaFileError:
    """Without its message, which may hold a secret."""
    line = _line(path, error.__traceback__)
    where = f" in line {line}" if line else ""
    return LambdaFileError(f"{path} raised {type(error).__name__}{where} when it was loaded.")


def _line(path: Path, step: TracebackType | None) -> int | None:
    """The line of the file that was running, None if none was."""
    line = None
    while step is not None:
        if step.tb_frame.f_code.co_filename == str(path):
            line = step.tb_lineno
        step = step.tb_next
    return line
