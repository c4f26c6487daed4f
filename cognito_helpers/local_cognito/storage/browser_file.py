"""A state file where SQLite cannot work in it: the drive of a browser tab, which takes and gives
whole files, and knows no locks.

The database is in memory then. It is read before each transaction if the file is newer, since
another lesson may be open, and written after each that changed something. Who reads it to change
it holds a lock meanwhile, so that no lesson undoes what another has just written.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .tab_lock import alone


class WholeFile:
    """The copy of a database in memory that outlives it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None
        self._changes = -1
        self._is_held = False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The lock, to hold from reading to writing. A Lambda function that uses the emulator runs
        while its caller holds it.
        """
        if self._is_held:
            yield
            return
        with alone(self._path):
            self._is_held = True
            try:
                yield
            finally:
                self._is_held = False

    def read(self, connection: sqlite3.Connection) -> None:
        """Fill `connection` from the file, unless the file is empty or as it was when it was last
        read or written.
        """
        stamp = self._stamp()
        if stamp != self._known and self._path.stat().st_size:
            connection.deserialize(self._path.read_bytes())
            self._known, self._changes = stamp, connection.total_changes

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the database, unless nothing was changed since it was last read or written. Where
        that fails, the file is as it was, and is read again.
        """
        if connection.total_changes != self._changes:
            try:
                self._replace(connection.serialize())
            except BaseException:
                # What is in memory was never kept: the next to read takes the file's word, not
                # this.
                self._known = None
                raise
            self._known, self._changes = self._stamp(), connection.total_changes

    def _replace(self, content: bytes) -> None:
        # Written beside and moved into place, so that nobody ever reads half a file. Under a name
        # of its own, since another tab may do the same. The name is known before there's a file, so
        # that an interrupt at any moment leaves none.
        beside = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
        try:
            with open(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(content)
            os.replace(beside, self._path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    def _stamp(self) -> tuple[int, int]:
        status = self._path.stat()
        return status.st_mtime_ns, status.st_size
