"""A state file for a place where SQLite can't use one: the drive of a browser tab, which reads and
writes whole files, and has no locks.

The database is then in memory. It's read before each transaction if the file is newer, since
another lesson may be open, and written after each transaction that changed something. Reading in
order to change holds a lock, so that no lesson undoes what another has just written.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .tab_lock import alone


def stamp(path: Path) -> tuple[int, int]:
    """The file's time of change in nanoseconds and its size: what's different after a write."""
    status = path.stat()
    return status.st_mtime_ns, status.st_size


class WholeFile:
    """The file copy of a database in memory."""

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
        """Fill `connection` from the file, unless the file is empty or unchanged since it was last
        read or written.
        """
        current = _, size = stamp(self._path)
        if current != self._known and size:
            connection.deserialize(self._path.read_bytes())
            self._known, self._changes = current, connection.total_changes

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the database, unless nothing was changed since it was last read or written. If that
        fails, the file is unchanged, and is read again.
        """
        if connection.total_changes != self._changes:
            try:
                self._replace(connection.serialize())
            except BaseException:
                # The changes in memory were never saved: the next read takes the file's content.
                self._known = None
                raise
            self._known, self._changes = stamp(self._path), connection.total_changes

    def _replace(self, content: bytes) -> None:
        # Written beside and moved into place, so that a partial file is never read. Under a unique
        # name, since another tab may do the same. The name is chosen before the file exists, so
        # that an interrupt at any moment leaves none.
        beside = self._path.with_name(f"{self._path.name}.{secrets.token_hex(8)}")
        try:
            with open(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(content)
            os.replace(beside, self._path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
