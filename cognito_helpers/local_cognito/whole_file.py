"""A state file where SQLite cannot work in it: the drive of a browser tab, which takes and gives whole files, and knows no locks.

The database is in memory then. It is read before each transaction if the file is newer, since another lesson may be open, and written after each that
changed something.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


class WholeFile:
    """The copy of a database in memory that outlives it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None
        self._changes = -1

    def read(self, connection: sqlite3.Connection) -> None:
        """Fill `connection` from the file, unless the file is empty or as it was when it was last read or written."""
        stamp = self._stamp()
        if stamp != self._known and self._path.stat().st_size:
            connection.deserialize(self._path.read_bytes())
            self._known, self._changes = stamp, connection.total_changes

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the database, unless nothing was changed since it was last read or written."""
        if connection.total_changes != self._changes:
            self._path.write_bytes(connection.serialize())
            self._known, self._changes = self._stamp(), connection.total_changes

    def _stamp(self) -> tuple[int, int]:
        status = self._path.stat()
        return status.st_mtime_ns, status.st_size
