"""Each lesson in a new kernel, from start to its last cell: how long it takes, and how much memory
the kernel then holds.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from unittest import mock

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from etc.tools.lessons import LESSONS

from .starting import Lesson, compiled


def measure(say: Callable[[str], None]) -> list[Lesson]:
    """Measure every lesson; the first one twice, since its first run compiles what only kernels
    import.
    """
    with compiled():
        return [_lesson(path, say) for path in [*LESSONS[:1], *LESSONS]][1:]


def _lesson(path: Path, say: Callable[[str], None]) -> Lesson:
    say(path.stem)
    lesson = nbformat.read(path, as_version=4)
    codes = [number for number, cell in enumerate(lesson.cells) if cell.cell_type == "code"]
    # The tests find lessons that don't run to their end.
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as home,
        mock.patch.dict(os.environ, COGNITO_LAB_HOME=home),
        suppress(CellExecutionError),
    ):
        start = time.perf_counter()
        client = NotebookClient(
            lesson,
            timeout=60,
            store_widget_state=False,
            resources={"metadata": {"path": str(path.parent)}},
        )
        with client.setup_kernel(stderr=subprocess.DEVNULL):
            ready = time.perf_counter()
            for number in codes:
                client.execute_cell(lesson.cells[number], number)
                if number == codes[0]:
                    first_cell = time.perf_counter() - ready
            assert client.km is not None
            held = psutil.Process(vars(client.km.provisioner)["pid"]).memory_info().rss
            return Lesson(path.stem, time.perf_counter() - start, first_cell, held)
    return Lesson(path.stem)
