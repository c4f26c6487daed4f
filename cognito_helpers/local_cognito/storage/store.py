"""Where the emulator keeps its state: one SQLite database, in memory or in a file.

The tables are in `tables.py`, the checks of the file are in `state_file.py`; here is the
transaction every request runs in.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
import weakref
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

from ..endpoint import Endpoint
from ..types import Lambdas
from . import tables
from .browser_file import WholeFile
from .state_file import APPLICATION_ID, NOT_OURS, StateFile
from .times import Times

# In a browser tab, whose drive can't hold a SQLite database
IN_A_TAB = sys.platform == "emscripten"

PATIENCE = 30  # Seconds to wait for a file that another process has locked
Value = str | int | float | bytes | None
Result = TypeVar("Result")


class Transaction:
    """One request's view of the state: its time, its endpoint, and SQL with its values."""

    now: float

    def __init__(self, connection: sqlite3.Connection, endpoint: Endpoint, store: Store) -> None:
        self._connection = connection
        self._store = store
        self.endpoint = endpoint
        self.changes = 0  # the connection's count of changes when it began
        self.standing: list[tuple[str, tuple[Value, ...]]] = []

    @property
    def lambdas(self) -> Lambdas:
        """The functions that the triggers of pools name."""
        return self._store.lambdas

    def one(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """The first row `sql` finds, or None."""
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """Every row `sql` finds."""
        return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Value) -> int:
        """Change something; return the ID of an inserted row."""
        return self._connection.execute(sql, values).lastrowid or 0

    def run_even_if_rejected(self, sql: str, *values: Value) -> None:
        """Change something that an error must not roll back: counts of attempts, or no one would
        ever be locked out.
        """
        self.run(sql, *values)
        self.standing.append((sql, values))

    def outside(self, work: Callable[[], Result]) -> Result:
        """What `work` returns, run between two transactions: what was changed so far stays, and
        `work` may use the store itself. It must not raise a rejection.
        """
        return self._store.between(self, work)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self.run("UPDATE meta SET value = value + ? WHERE name = 'clock offset'", seconds)
        self.now += seconds


class Store:
    """The database behind one emulator; safe to share between threads and processes.

    `path` is a file, created for its owner alone if it's missing; None keeps everything in memory.
    A file that is damaged, not ours, or written by a newer version raises `StateFileError` and is
    left unchanged.
    """

    def __init__(self, path: Path | None = None, lambdas: Lambdas | None = None) -> None:
        self.lambdas: Lambdas = {} if lambdas is None else lambdas
        self._file = StateFile(path)
        self._file.make()
        self._lock = threading.RLock()
        self._times = Times()
        self._copy = WholeFile(path) if path is not None and IN_A_TAB else None
        try:
            with self._copy.alone() if self._copy else nullcontext():
                self._open()
        except (OSError, sqlite3.DatabaseError) as error:
            self._explain(error)
            raise

    def _open(self) -> None:
        self._connection = sqlite3.connect(
            ":memory:" if self._file.path is None or self._copy else self._file.path,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        # Python warns of a connection that's still open when it's deleted.
        weakref.finalize(self, self._connection.close)
        self._connection.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            # Otherwise SQLite would leave its journal files beside a file we promise not to touch.
            self._connection.close()
            raise

    def _prepare(self) -> None:
        run = self._connection.execute
        if self._copy:
            # Before there are tables. The file is written as a whole after each change, and every
            # table and index has at least a page: this makes it 33 KB instead of 193.
            run("PRAGMA page_size = 512")
            self._copy.read(self._connection)
        up_to_date = self._is_up_to_date()
        self._keep_a_journal()
        run("PRAGMA synchronous = NORMAL")
        run("PRAGMA foreign_keys = ON")
        if up_to_date:
            return
        run("BEGIN IMMEDIATE")
        # A second process may have been as quick as this one: check again under the lock.
        if not self._is_up_to_date():
            if run("SELECT 1 FROM sqlite_master").fetchone():
                tables.upgrade(self._connection, self._version())
            else:
                tables.make(self._connection)
            run(f"PRAGMA application_id = {APPLICATION_ID}")
            run(f"PRAGMA user_version = {tables.VERSION}")
        run("COMMIT")
        if self._copy:
            self._copy.write(self._connection)

    def _is_up_to_date(self) -> bool:
        """Whether the tables are those of this version. Rejects a file that isn't ours or is of a
        newer version.
        """
        # In this order: what another process creates in between is then ours in any case.
        if not self._connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            return False
        if self._connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise self._file.error(NOT_OURS)
        if self._version() > tables.VERSION:
            raise self._file.error("was written by a newer version of the emulator")
        return self._version() == tables.VERSION

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _keep_a_journal(self) -> None:
        """Turn the write-ahead log on. SQLite doesn't wait here while another process does the
        same.
        """
        for _ in range(PATIENCE * 100):
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                threading.Event().wait(0.01)
        raise self._file.held()

    def close(self) -> None:
        """Close the file, once the current request is done."""
        with self._lock:
            self._connection.close()

    def transact(
        self,
        work: Callable[[Transaction], Result],
        endpoint: Endpoint = Endpoint(),
        rejection: type[Exception] | tuple[()] = (),
    ) -> Result:
        """What `work` returns. Its changes are made completely or not at all, one transaction at a
        time among all who share the file.

        After an exception of the type `rejection` only what was run with `run_even_if_rejected`
        stays; after any other nothing does, and nothing after an interrupt at any moment.
        """
        # A function that takes the work, not a context manager for a `with` statement: an interrupt
        # between the manager's own code and the statement would leave the transaction open and the
        # lock held. The lock's own `with` can't be interrupted there, since it isn't Python code.
        with self._lock:
            try:
                # Interrupts may come in pairs: the second kept the first from rolling back.
                self._roll_back()
                if self._copy:
                    with self._copy.alone():
                        return self._transact(work, endpoint, rejection)
                return self._transact(work, endpoint, rejection)
            except (OSError, sqlite3.DatabaseError) as error:
                self._explain(error)
                raise
            finally:
                # Left open by a bug, by an interrupt, or by a failed commit. Called without a
                # function of ours in between: an interrupt could come at its beginning.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _transact(
        self,
        work: Callable[[Transaction], Result],
        endpoint: Endpoint,
        rejection: type[Exception] | tuple[()],
    ) -> Result:
        tx = Transaction(self._connection, endpoint, self)
        self._begin(tx)
        try:
            result = work(tx)
        except rejection:
            # Without releasing the lock: two processes that count wrong passwords from the same
            # number would count one too few.
            self._connection.execute("ROLLBACK TO request")
            for sql, values in tx.standing:
                tx.run(sql, *values)
            self._commit(tx, changed=bool(tx.standing))
            raise
        self._commit(tx, changed=self._connection.total_changes != tx.changes)
        return result

    def between(self, tx: Transaction, work: Callable[[], Result]) -> Result:
        """What `work` returns, run after a commit and before `tx` begins anew."""
        self._commit(tx, changed=self._connection.total_changes != tx.changes)
        tx.standing.clear()
        result = work()
        self._begin(tx)
        return result

    def _begin(self, tx: Transaction) -> None:
        run = self._connection.execute
        if self._copy:
            self._copy.read(self._connection)
        run("BEGIN IMMEDIATE")
        if not self._copy:
            self._file.check_still_there()
        tx.now = self._times.read(self._connection)
        tx.changes = self._connection.total_changes
        run("SAVEPOINT request")

    def _commit(self, tx: Transaction, changed: bool) -> None:
        if changed:
            self._times.write(self._connection, tx.now)
        self._connection.execute("COMMIT")
        if self._copy:
            self._copy.write(self._connection)

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _explain(self, error: OSError | sqlite3.DatabaseError) -> None:
        """Raise a sentence about the file, if the file is the reason for `error`."""
        if isinstance(error, sqlite3.DatabaseError):
            if trouble := self._file.explained(error):
                raise trouble from error
        elif self._copy:
            raise self._file.error(f"can't be read or written: {error.strerror}") from error
