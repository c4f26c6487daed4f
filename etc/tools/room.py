"""What one learner takes on a shared machine: `python -m etc.tools.room`. It measures a server
started like JupyterHub does, and a kernel that ran a lesson.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from etc.tools.lessons import LESSONS
from tests.browser.server import Server

MEGABYTE = 1e6


def held(process: psutil.Process) -> float:
    """Megabytes of the process, including its part of what it shares with others."""
    return float(process.memory_full_info().pss) / MEGABYTE


def used(process: psutil.Process) -> float:
    """Seconds of processor time."""
    times = process.cpu_times()
    return float(times.user + times.system)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        (process,) = (
            child
            for child in psutil.Process().children()
            if "jupyterlab" in " ".join(child.cmdline())
        )
        print(
            f"Server: {held(process):.0f} MB, {used(process):.1f} s of a processor to start,"
            f" {sys.platform}, Python {sys.version.split()[0]}"
        )
        server.stop()
        for path in LESSONS:
            lesson(path, Path(folder, path.stem))


def lesson(path: Path, home: Path) -> None:
    """Run one, from an empty lab, and print what it took."""
    client = NotebookClient(
        nbformat.read(path, as_version=4),
        timeout=120,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    begun = time.perf_counter()
    with client.setup_kernel(
        stderr=subprocess.DEVNULL, env=os.environ | {"COGNITO_LAB_HOME": str(home)}
    ):
        for number, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, number)
        assert client.km is not None
        kernel = psutil.Process(vars(client.km.provisioner)["pid"])
        print(
            f"{path.stem}: kernel {held(kernel):.0f} MB, {used(kernel):.1f} s of a processor,"
            f" {time.perf_counter() - begun:.1f} s in all"
        )


if __name__ == "__main__":
    main()
