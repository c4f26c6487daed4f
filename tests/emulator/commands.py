"""`serve` and `inbox` as separate processes, as a user runs them."""

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

from .raw_http import PATIENCE

COMMAND = [sys.executable, "-m", "cognito_helpers.local_cognito"]
LINE = re.compile(r"Listening on (http://127\.0\.0\.1:[0-9]+)\n")


@contextmanager
def serving(*arguments, environment=()):
    """`serve` as a process, and its URL as its one line says it."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # Python buffers what it writes into a pipe unless it's told to flush. This checks that it
    # flushes the line.
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [*COMMAND, "serve", *map(str, arguments)], env=buffered | dict(environment), **pipes
    ) as process:
        too_late = threading.Timer(PATIENCE, process.kill)
        too_late.start()
        try:
            line = process.stdout.readline()
            too_late.cancel()
            yield process, LINE.fullmatch(line)[1]
        finally:
            too_late.cancel()
            process.kill()


def ended(process, number=signal.SIGTERM):
    """The exit code after the signal `number`, and everything printed after the first line."""
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


CLEANLY = 0, "", ""


def run(*arguments, **environment):
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr
