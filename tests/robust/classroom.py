"""Run lessons in this process: a shell for each kernel, so that hundreds of starts and runs stay
fast.
"""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.io import capture_output
from traitlets.config import Config

from cognito_helpers.backends.local import EmulatorBackend
from cognito_helpers.explanations.ipython_extension import plain
from cognito_helpers.text import wrapped
from etc.tools.lessons import cells


@dataclass
class Run:
    """The result of a cell: the error, its message, and everything that was shown."""

    cell: str
    error: BaseException | None
    text: str
    displays: list[dict[str, Any]] = field(default_factory=list)

    @property
    def works(self) -> bool:
        return self.error is None

    @property
    def says(self) -> str:
        """The sentence shown instead of a traceback; empty if there is a traceback."""
        return (plain(self.error) or "") if isinstance(self.error, Exception) else ""

    @property
    def is_safe(self) -> bool:
        """Whether it works, or says in a sentence what to do."""
        return self.works or (
            bool(re.search("What now: |[Rr]un |lesson [0-9]", self.says))
            and wrapped(self.says) in self.text
            and "Traceback" not in self.text
        )

    def __repr__(self) -> str:
        return f"{self.cell!r}: {'works' if self.works else self.text or repr(self.error)}"


class Kernel:
    """A kernel with an open lesson: `lesson` tells it where it is, as JupyterLab does."""

    def __init__(self, lesson: Path) -> None:
        self.lesson = lesson
        InteractiveShell.clear_instance()
        self.shell = InteractiveShell.instance(
            config=Config({"HistoryManager": {"enabled": False}})
        )
        self.shell.extension_manager.load_extension("cognito_helpers")
        self.sources = [cell.source for cell in cells(lesson, "code")]

    def run(self, number: int) -> Run:
        """Run one cell of the lesson."""
        source = self.sources[number]
        os.environ["JPY_SESSION_NAME"] = str(self.lesson)
        with capture_output() as shown:
            result = self.shell.run_cell(source, store_history=False)
            # Like a kernel does when it sends a response
            sys.stdout.flush()
        displays = [dict(output.data) for output in shown.outputs]
        return Run(
            source.strip().splitlines()[-1][:70],
            result.error_before_exec or result.error_in_exec,
            # A sentence instead of a traceback is shown in a frame.
            "\n".join([shown.stdout + shown.stderr, *(d.get("text/plain", "") for d in displays)]),
            displays,
        )

    def run_all(self) -> list[Run]:
        return [self.run(number) for number in range(len(self.sources))]

    def stop(self) -> None:
        """Forget everything the kernel knew and release its files."""
        lab = self.shell.user_ns.get("lab")
        if lab is not None and isinstance(lab.backend, EmulatorBackend):
            lab.backend._emulator.close()
        InteractiveShell.clear_instance()


def as_text(run: Run) -> str:
    """Everything a cell showed."""
    return run.text + json.dumps(run.displays, default=str)
