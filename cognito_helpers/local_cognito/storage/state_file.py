"""The state file before SQLite opens it: created for its owner alone, or checked and left
unchanged.

Every error of the file is one sentence for its owner.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

SQLITE_HEADER = 100  # Bytes
SQLITE_MAGIC = b"SQLite format 3\0"
APPLICATION_ID = 0x436F6749  # "CogI": distinguishes our files from other SQLite files

# Windows has neither the modes nor the owners that are checked here. A browser tab has no owners.
HAS_MODES = os.name != "nt"
HAS_OWNERS = hasattr(os, "geteuid")

START_OVER = "To start over, move it to another place and run this again"
NOT_OURS = "isn't a state file of the emulator"
# What SQLite says about the file or the disk, never about our SQL: in words for its owner, and what
# to do
_TROUBLE = {
    sqlite3.SQLITE_NOTADB: (NOT_OURS, START_OVER),
    sqlite3.SQLITE_CORRUPT: ("is damaged", START_OVER),
    sqlite3.SQLITE_FULL: ("can't grow: the disk is full", "Make room and run this again"),
    sqlite3.SQLITE_READONLY: (
        "can't be written: it's read-only",
        "Allow writing to it and to its folder, and run this again",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "can't be opened",
        "Check its folder and permissions, and run this again",
    ),
    sqlite3.SQLITE_IOERR: (
        "can't be read or written: the disk reports an error",
        "Check the disk, and run this again",
    ),
    sqlite3.SQLITE_BUSY: ("is held by another process", "Close that, and run this again"),
}


class StateFileError(Exception):
    """The state file can't be used. The message is one sentence for its owner."""


class StateFile:
    """One state file by its name, which is None if the state is kept in memory."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        # SQLite keeps the file it opened, even if the program changes its folder.
        self._absolute = path.absolute() if path else None
        self._identity: tuple[int, int] | None = None

    def make(self) -> None:
        """Create the file if there's none. An existing one is checked first: what isn't the
        emulator's keeps its content and its mode.
        """
        if self.path is None:
            return
        try:
            # `parents=True` would apply the mode only to the last folder.
            for folder in reversed(self.path.parents):
                folder.mkdir(mode=0o700, exist_ok=True)
            if not os.path.lexists(self.path):
                self._create(self.path)
            self._look(self.path)
        except OSError as error:
            raise self.error(f"can't be opened: {error.strerror}") from error

    def _create(self, path: Path) -> None:
        # Created before SQLite sees it: its journal files take the mode of the file.
        try:
            file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDONLY, 0o600)
        except FileExistsError:
            return  # Another process was quicker.
        try:
            if HAS_MODES:
                os.fchmod(file, 0o600)
        finally:
            os.close(file)

    def _look(self, path: Path) -> None:
        kind = path.stat().st_mode
        # Open only regular files: opening a pipe waits for its other end, and opening a device may
        # do anything.
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
            raise self.error("isn't a regular file")
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            head = file.read(SQLITE_HEADER)
            if not _may_be_ours(head, status.st_size):
                raise self.error(NOT_OURS)
            self._check_owner(status)
            if HAS_MODES and stat.S_IMODE(status.st_mode) != 0o600:
                os.fchmod(file.fileno(), 0o600)
            self._identity = status.st_dev, status.st_ino

    def _check_owner(self, status: os.stat_result) -> None:
        # The administrator may use any file.
        if HAS_OWNERS and os.geteuid() not in (0, status.st_uid):
            raise self.error("belongs to another user", "Choose another file")

    def check_still_there(self) -> None:
        """Raise `StateFileError` if the file was deleted, moved or replaced since it was opened:
        what's written from then on would be lost.
        """
        if self._absolute is None:
            return
        try:
            status = self._absolute.stat()
        except FileNotFoundError:
            there = None
        else:
            there = status.st_dev, status.st_ino
        if there != self._identity:
            raise StateFileError(
                f"The state file {self.path} was deleted, moved or replaced while the emulator was"
                " using it. Put it back, or start the emulator again with a new one; nothing is"
                " answered until then."
            )

    def explained(self, error: sqlite3.DatabaseError) -> StateFileError | None:
        """SQLite's error about the file, in words; None if the file isn't the reason."""
        # The low byte is SQLite's primary result code; the rest distinguishes its variants.
        trouble = _TROUBLE.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
        return self.error(*trouble) if trouble else None

    def held(self) -> StateFileError:
        """Another process locks the file for too long."""
        return self.error(*_TROUBLE[sqlite3.SQLITE_BUSY])

    def error(self, what: str, advice: str = START_OVER) -> StateFileError:
        """`StateFileError` with a sentence about this file."""
        return StateFileError(
            f"The state file {self.path} {what}. {advice}. Nothing in it was changed."
        )


def _may_be_ours(head: bytes, size: int) -> bool:
    """False if the first bytes of a file show that the emulator didn't write it.

    An empty file is a new one. SQLite treats a file shorter than its header as empty too, and would
    overwrite it.
    """
    if not head:
        return True
    if len(head) < SQLITE_HEADER or not head.startswith(SQLITE_MAGIC):
        return False
    application = int.from_bytes(head[68:72], "big")
    # A process killed while it created the file leaves one empty page, and the rest in the journal.
    # A page size of 1 means 65536.
    page = int.from_bytes(head[16:18], "big")
    in_the_making = application == 0 and size <= (65536 if page == 1 else page)
    return application == APPLICATION_ID or in_the_making
