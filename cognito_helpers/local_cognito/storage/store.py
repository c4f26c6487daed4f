"""Where the emulator keeps its state: one SQLite database, in memory or in a file.

The tables are in `schema.py`; here is the transaction in which every request runs.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..endpoint import Endpoint
from . import tables
from .browser_file import WholeFile

# In a browser tab, whose drive is no place for a database.
IN_A_TAB = sys.platform == "emscripten"
SQLITE_HEADER = 100  # bytes
APPLICATION_ID = 0x436F6749  # "CogI": tells our files from any other SQLite file

PATIENCE = 30  # seconds to wait for a file that another process holds
Value = str | int | float | bytes | None


class StateFileError(Exception):
    """The state file cannot be used. The message is one sentence for the person whose file it
    is.
    """


AFRESH = "To start afresh, move it to another place and run this again"
# What SQLite says of the file or the disk, never of our SQL: in words for the person whose disk it
# is, and what to do.
_TROUBLE = {
    sqlite3.SQLITE_NOTADB: ("is not a state file of the emulator", AFRESH),
    sqlite3.SQLITE_CORRUPT: ("is damaged", AFRESH),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "Make room and run this again"),
    sqlite3.SQLITE_READONLY: (
        "cannot be written: it is read-only",
        "Allow writing to it and to its folder, and run this again",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened",
        "Look at its folder and permissions, and run this again",
    ),
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written: the disk reports an error",
        "Look at the disk, and run this again",
    ),
    sqlite3.SQLITE_BUSY: ("is held by another process", "Close that, and run this again"),
}


class Transaction:
    """One request's view of the state: the time it happens at, the endpoint it came through, and
    SQL with its values.
    """

    def __init__(self, connection: sqlite3.Connection, endpoint: Endpoint) -> None:
        self._connection = connection
        self.endpoint = endpoint
        self.standing: list[tuple[str, tuple[Value, ...]]] = []
        offset = self.one("SELECT value FROM meta WHERE name = 'clock offset'")
        assert offset is not None
        self.now: float = time.time() + offset["value"]

    def one(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """The first row that `sql` finds, or None."""
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """Every row that `sql` finds."""
        return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Value) -> int:
        """Change something; the id of the row where one was inserted."""
        return self._connection.execute(sql, values).lastrowid or 0

    def run_even_if_refused(self, sql: str, *values: Value) -> None:
        """Change something that outlives a refusal: counts of attempts, or nobody would ever be
        locked out.
        """
        self.run(sql, *values)
        self.standing.append((sql, values))


class Store:
    """The database behind one emulator; safe to share between threads and processes.

    `path` is a file, made for its owner alone where it is missing; None keeps everything in memory.
    A file that is damaged, not ours, or written by a newer version raises `StateFileError` and is
    left as it was.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._copy = WholeFile(path) if path is not None and IN_A_TAB else None
        if path is not None:
            self._make(path)
        with self._plain_words():
            self._connection = sqlite3.connect(
                ":memory:" if path is None or self._copy else path,
                timeout=PATIENCE,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            self._connection.row_factory = sqlite3.Row
            try:
                self._prepare()
            except BaseException:
                # Or SQLite would leave its journal files beside a file that we promise not to
                # touch.
                self._connection.close()
                raise

    def _make(self, path: Path) -> None:
        try:
            # One by one: `parents=True` would give the mode to the last folder alone.
            for folder in reversed(path.parents):
                folder.mkdir(mode=0o700, exist_ok=True)
            # Made before SQLite sees it: its journal files take over the mode of the file.
            file = os.open(path, os.O_CREAT | os.O_RDONLY, 0o600)
            os.fchmod(file, 0o600)
            os.close(file)
            size = path.stat().st_size
        except OSError as error:
            raise StateFileError(self._sentence(f"cannot be opened: {error.strerror}")) from error
        # SQLite takes a file that is shorter than its header for an empty one, and would write over
        # it.
        if 0 < size < SQLITE_HEADER:
            raise StateFileError(self._sentence("is not a state file of the emulator"))

    def _prepare(self) -> None:
        run = self._connection.execute
        if self._copy:
            self._copy.read(self._connection)
        up_to_date = self._is_up_to_date()
        self._keep_a_journal()
        run("PRAGMA synchronous = NORMAL")
        run("PRAGMA foreign_keys = ON")
        if up_to_date:
            return
        run("BEGIN IMMEDIATE")
        # A second process may have been as quick as this one: look again under the lock.
        if not self._is_up_to_date():
            if run("SELECT 1 FROM sqlite_master").fetchone():
                tables.upgrade(self._connection, self._version())
            else:
                tables.make(self._connection)
            run(f"PRAGMA application_id = {APPLICATION_ID}")
            run(f"PRAGMA user_version = {tables.VERSION}")
        self._commit()

    def _is_up_to_date(self) -> bool:
        """Are the tables those of this version? Refuses a file that is not ours or of a newer
        version.
        """
        # In this order: what another process makes in between is then ours in any case.
        if not self._connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return False
        if self._connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StateFileError(self._sentence("is not a state file of the emulator"))
        if self._version() > tables.VERSION:
            raise StateFileError(self._sentence("was written by a newer version of the emulator"))
        return self._version() == tables.VERSION

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _keep_a_journal(self) -> None:
        """Switch the write-ahead log on, for which SQLite does not wait while another process does
        the same.
        """
        for _ in range(PATIENCE * 100):
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                threading.Event().wait(0.01)
        raise StateFileError(self._sentence(*_TROUBLE[sqlite3.SQLITE_BUSY]))

    def _commit(self) -> None:
        self._connection.execute("COMMIT")
        if self._copy:
            self._copy.write(self._connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def transaction(
        self, endpoint: Endpoint = Endpoint(), refusal: type[Exception] | tuple[()] = ()
    ) -> Iterator[Transaction]:
        """All of it or nothing, one at a time among all who share the file.

        After an exception of the type `refusal` only what was run with `run_even_if_refused` stays;
        after any other nothing does.
        """
        with self._lock, self._plain_words():
            if self._copy:
                self._copy.read(self._connection)
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                tx = Transaction(self._connection, endpoint)
                self._connection.execute("SAVEPOINT request")
                try:
                    yield tx
                except refusal:
                    # Without letting go of the lock: two processes that count wrong passwords from
                    # the same number would count one too few.
                    self._connection.execute("ROLLBACK TO request")
                    for sql, values in tx.standing:
                        tx.run(sql, *values)
                    self._commit()
                    raise
                self._commit()
            finally:
                # Left open by a bug, and by a commit that failed: the next request would find
                # itself inside this one.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def _plain_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if not self._copy:
                raise
            raise StateFileError(
                self._sentence(f"cannot be read or written: {error.strerror}")
            ) from error
        except sqlite3.DatabaseError as error:
            # The low byte is SQLite's primary result code; the rest tells variants of it apart.
            trouble = _TROUBLE.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
            if trouble is None:
                raise
            raise StateFileError(self._sentence(*trouble)) from error

    def _sentence(self, what: str, advice: str = AFRESH) -> str:
        return f"The state file {self._path} {what}. {advice}; nothing in it was changed."
