"""Starting a server on the loopback address, and ending it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

LOOPBACK = "127.0.0.1"
PATIENCE = 60.0  # Seconds
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class CannotStart(Exception):
    """The server didn't start, or listens on more than the loopback address. The message says so in
    one sentence.
    """


def free_port() -> int:
    """An unused port."""
    with socket.create_server((LOOPBACK, 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], port: int, folder: Path, settings: dict[str, str]
) -> Iterator[str]:
    """Run a server at that port while the block runs; yields its URL. It gets no AWS settings
    except `settings`, and writes its log into `folder`.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**clean, **CREDENTIALS, **settings},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(process, port, folder)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        # It gets its own session, so that whatever it started ends with it.
        _end(process)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            last = (folder / "server.log").read_text(errors="replace").strip().splitlines()[-1:]
            raise CannotStart(f"it did not start: {' '.join(last)}")
        time.sleep(0.05)
    others = _listening(process.pid) - {LOOPBACK, "::1"}
    if others:
        raise CannotStart(f"it listens on {', '.join(sorted(others))}, not on {LOOPBACK} alone")


def _answers(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def _listening(pid: int) -> set[str]:
    """The addresses a process and its children listen on."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return {
        found.laddr.ip
        for process in family
        for found in process.net_connections("tcp")
        if found.status == psutil.CONN_LISTEN
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=5)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()
