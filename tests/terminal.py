"""Run a command at its own terminal: wait for what it shows, and answer like a user."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any

# Long enough for any machine: a test that gets here has found a hang.
PATIENCE = 60


class Terminal:
    """`python -m MODULE ARGUMENTS` with a terminal for its standard streams. `screen` holds all it
    has shown.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        columns: int = 200,
        environment: dict[str, str] | None = None,
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
        self.screen = ""
        self._read_up_to = 0
        # The output may end in the middle of a character.
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={
                **(os.environ if environment is None else environment),
                "PYTHONIOENCODING": "utf-8",
            },
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._theirs = theirs

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: Any) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._ours)
        os.close(self._theirs)

    def sees(self, text: str) -> str:
        """Wait until `text` is shown after what was seen before; return what was shown up to and
        including it.
        """
        deadline = time.monotonic() + PATIENCE
        while (at := self.screen.find(text, self._read_up_to)) < 0:
            if time.monotonic() > deadline or not self._read(1):
                raise AssertionError(
                    f"never showed {text!r}, but:\n{self.screen[self._read_up_to :]}"
                )
        shown = self.screen[self._read_up_to : at + len(text)]
        self._read_up_to = at + len(text)
        return shown

    def types(self, text: str) -> None:
        """Type a line and press Enter."""
        os.write(self._ours, text.encode() + b"\n")

    def answers(self, *dialogue: str) -> None:
        """Question, answer, question, answer …: wait for each question."""
        for question, answer in zip(dialogue[::2], dialogue[1::2], strict=True):
            self.sees(question)
            self.types(answer)

    def interrupts(self) -> None:
        """Press Ctrl-C once the command waits for input: Python doesn't notice it between showing a
        question and reading the answer.
        """
        deadline = time.monotonic() + PATIENCE
        while self._is_busy():
            assert time.monotonic() < deadline, self.screen
            self._read(0.01)
        os.write(self._ours, b"\x03")

    def types_end(self) -> None:
        """Press Ctrl-D."""
        os.write(self._ours, b"\x04")

    def ends(self) -> int:
        """Wait until the command ends; return its exit code."""
        deadline = time.monotonic() + PATIENCE
        while self._process.poll() is None:
            assert time.monotonic() < deadline, self.screen
            self._read(0.05)
        while self._read(0):
            pass
        return self._process.returncode

    def shows_what_is_typed(self) -> bool:
        return bool(termios.tcgetattr(self._theirs)[3] & termios.ECHO)

    def _is_busy(self) -> bool:
        """Whether Linux says the process is running. Unknown on other systems."""
        state = Path(f"/proc/{self._process.pid}/stat")
        return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "S"

    def _read(self, seconds: float) -> bool:
        """Read what is shown within `seconds`; False when the command has ended."""
        if select.select([self._ours], [], [], seconds)[0]:
            self.screen += self._decoder.decode(os.read(self._ours, 65536)).replace("\r\n", "\n")
            return True
        return self._process.poll() is None and seconds > 0
