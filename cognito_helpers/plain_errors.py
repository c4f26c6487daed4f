"""One plain sentence in place of a traceback, for what a learner may run into.

An IPython extension, loaded by every kernel of the tutorial's environment (see `etc/ipython`), so that it also helps where the first cell was skipped.
"""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ParamValidationError

from .explain import refusal_text
from .local_cognito import StateFileError
from .redact import redact_report

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class LessonError(Exception):
    """Something that the learner can mend: the message is one sentence, and says how."""


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by IPython when a kernel starts. What a lesson imports is loaded along with this, so its first cell need not wait for it."""
    # Everything is offered to the handler, which passes on what is not for learners.
    shell.set_custom_exc((Exception,), _explain)


def _explain(shell: InteractiveShell, kind: type[Exception], error: Exception, trace: TracebackType, tb_offset: int | None = None) -> None:
    sentence = plain(error)
    if sentence is None:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    else:
        print(sentence)


def plain(error: Exception) -> str | None:
    """The words for `error`, or None where a traceback says it better."""
    if isinstance(error, LessonError | StateFileError):
        return str(error)
    if isinstance(error, ClientError):
        refusal = error.response["Error"]
        return f"Cognito refused {error.operation_name}: {refusal_text(refusal['Code'], refusal['Message'])}"
    if isinstance(error, ParamValidationError) and (missing := re.findall("parameter (.+?), value: None,", error.kwargs["report"])):
        # What a lesson takes from the lab and finds no longer there, such as the pool after it was deleted.
        return f"boto3 did not send this, since {' and '.join(missing)} would be None: what was there is gone. Run this lesson again from its first cell."
    if isinstance(error, ParamValidationError):
        return f"boto3 did not send this: {redact_report(error.kwargs['report'])}. Mend the parameter that it names."
    if isinstance(error, NameError) and error.name:
        return _too_early(error.name)
    if isinstance(error, AssertionError) and not error.args and _rose_in_a_cell(error):
        return "The lab is not as this cell expects: another lesson, or a cell that was run out of turn, has changed it. Run this lesson again from its first cell."
    return None


def _rose_in_a_cell(error: Exception) -> bool:
    """In the learner's own code, not in something that it calls: there an assertion is a bug, and its traceback says where."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals.get("__name__") == "__main__"


def _too_early(name: str) -> str | None:
    """Which cell makes `name`, in the words of its heading; None where no lesson makes it."""
    here = Path(os.environ.get("JPY_SESSION_NAME", ""))
    lessons = [here] if here.suffix == ".ipynb" and here.is_file() else sorted(Path.cwd().glob("0*.ipynb"))
    for lesson in lessons:
        heading = _heading_of_cell_that_makes(name, lesson)
        if heading and lesson == here:
            return f"“{name}” is not there yet: first run the cell under “{heading}”, then this one again."
        if heading:
            return f"“{name}” is not there yet: first run the cells above this one, from the top."
    return None


def _heading_of_cell_that_makes(name: str, lesson: Path) -> str | None:
    heading = lesson.stem
    try:
        cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return None
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            headings = [line.lstrip("#").strip() for line in source.splitlines() if line.startswith("#")]
            heading = headings[-1] if headings else heading
        elif cell["cell_type"] == "code" and name in _names_made_by(source):
            return heading
    return None


def _names_made_by(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    imported = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    return stored | imported
