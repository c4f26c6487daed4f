"""Where the stand-in keeps its state: one SQLite database, in memory or in a file.

What a row means is written in the module that owns it; here are the tables, and the transaction in which every request runs.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCHEMA_VERSION = 1
SQLITE_HEADER = 100  # bytes
APPLICATION_ID = 0x436F6749  # "CogI": tells our files from any other SQLite file

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value REAL NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('clock offset', 0);

CREATE TABLE pools (
    id TEXT PRIMARY KEY, created REAL NOT NULL, modified REAL NOT NULL,
    settings TEXT NOT NULL,           -- JSON, as DescribeUserPool gives it
    totp INTEGER NOT NULL DEFAULT 0,  -- does the pool offer authenticator apps
    device_group TEXT NOT NULL,       -- the DeviceGroupKey of all its devices
    users INTEGER NOT NULL DEFAULT 0  -- how many there are: counting 100,000 rows at each look would take longer than the look
);
CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    token_use TEXT NOT NULL, private_key BLOB NOT NULL, UNIQUE (pool_id, token_use)
);
CREATE TABLE clients (
    id TEXT PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    created REAL NOT NULL, modified REAL NOT NULL,
    settings TEXT NOT NULL            -- JSON, as DescribeUserPoolClient gives it
);
CREATE INDEX clients_of_pool ON clients (pool_id);
CREATE TABLE users (
    id INTEGER PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    username TEXT NOT NULL,
    name_key TEXT NOT NULL,           -- the user name as the pool compares it
    sub TEXT NOT NULL UNIQUE, status TEXT NOT NULL, enabled INTEGER NOT NULL DEFAULT 1,
    created REAL NOT NULL, modified REAL NOT NULL,
    salt BLOB NOT NULL, verifier BLOB NOT NULL,
    failed_passwords INTEGER NOT NULL DEFAULT 0, last_failure REAL NOT NULL DEFAULT 0,
    totp_secret TEXT, totp_name TEXT, -- of the verified authenticator app
    totp_offered TEXT,                -- the secret that waits for its first code
    UNIQUE (pool_id, name_key)
);
CREATE INDEX users_of_pool ON users (pool_id);
CREATE INDEX users_by_status ON users (pool_id, status);
CREATE TRIGGER user_added AFTER INSERT ON users BEGIN UPDATE pools SET users = users + 1 WHERE id = NEW.pool_id; END;
CREATE TRIGGER user_gone AFTER DELETE ON users BEGIN UPDATE pools SET users = users - 1 WHERE id = OLD.pool_id; END;
CREATE TABLE attributes (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, pool_id TEXT NOT NULL,
    name TEXT NOT NULL, value TEXT NOT NULL,
    value_key TEXT NOT NULL,          -- the value in lower case, for filters
    PRIMARY KEY (user_id, name)
) WITHOUT ROWID;
CREATE INDEX attributes_by_value ON attributes (pool_id, name, value_key, user_id);
CREATE TABLE codes (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, purpose TEXT NOT NULL,
    code TEXT NOT NULL, expires REAL NOT NULL, PRIMARY KEY (user_id, purpose)
) WITHOUT ROWID;
CREATE TABLE attempts (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, action TEXT NOT NULL, at REAL NOT NULL
);
CREATE INDEX attempts_of_user ON attempts (user_id, action, at);
CREATE TABLE used_totp_steps (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, step INTEGER NOT NULL, PRIMARY KEY (user_id, step)
) WITHOUT ROWID;
CREATE TABLE sessions (
    digest BLOB PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    expects TEXT NOT NULL, expires REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX sessions_by_end ON sessions (expires);
CREATE INDEX sessions_of_client ON sessions (client_id);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE TABLE sign_ins (
    origin_jti TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    refresh_digest BLOB NOT NULL UNIQUE, refresh_expires REAL NOT NULL,
    auth_time REAL NOT NULL, device_key TEXT, revoked INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX sign_ins_of_client ON sign_ins (client_id);
CREATE INDEX sign_ins_of_user ON sign_ins (user_id);
CREATE TABLE devices (
    key TEXT PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, created REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX devices_of_user ON devices (user_id);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE, name_key TEXT NOT NULL,
    destination TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, code TEXT NOT NULL, sent REAL NOT NULL
);
CREATE INDEX outbox_of_user ON outbox (name_key, id);
"""

Value = str | int | float | bytes | None


class StateFileError(Exception):
    """The state file cannot be used. The message is one sentence for the person whose file it is."""


AFRESH = "To start afresh, move it to another place and run this again"
# What SQLite says of the file or the disk, never of our SQL: in words for the person whose disk it is, and what to do.
_TROUBLE = {
    sqlite3.SQLITE_NOTADB: ("is not a state file of the stand-in", AFRESH),
    sqlite3.SQLITE_CORRUPT: ("is damaged", AFRESH),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "Make room and run this again"),
    sqlite3.SQLITE_READONLY: ("cannot be written: it is read-only", "Allow writing to it and to its folder, and run this again"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Look at its folder and permissions, and run this again"),
    sqlite3.SQLITE_IOERR: ("cannot be read or written: the disk reports an error", "Look at the disk, and run this again"),
    sqlite3.SQLITE_BUSY: ("is held by another process", "Close that, and run this again"),
}


@dataclass(frozen=True)
class Door:
    """Where a request came in: the region it is for, and the URL under which that door shows a pool's public keys."""

    region: str = "us-east-1"
    url: str = "https://cognito-idp.us-east-1.amazonaws.com"


class Transaction:
    """One request's view of the state: the time it happens at, the door it came through, and SQL with its values."""

    def __init__(self, connection: sqlite3.Connection, door: Door) -> None:
        self._connection = connection
        self.door = door
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
        """Change something that outlives a refusal: counts of attempts, or nobody would ever be locked out."""
        self.run(sql, *values)
        self.standing.append((sql, values))


class Store:
    """The database behind one stand-in; safe to share between threads and processes.

    `path` is a file, made for its owner alone where it is missing; None keeps everything in memory. A file that is damaged, not ours, or written by a newer
    version raises `StateFileError` and is left as it was.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.RLock()
        if path is not None:
            self._make(path)
        with self._plain_words():
            self._connection = sqlite3.connect(
                path or ":memory:", timeout=30, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            self._connection.row_factory = sqlite3.Row
            try:
                self._prepare()
            except BaseException:
                # Or SQLite would leave its journal files beside a file that we promise not to touch.
                self._connection.close()
                raise

    def _make(self, path: Path) -> None:
        try:
            # One by one: `parents=True` would give the mode to the last folder alone.
            for folder in reversed(path.parents):
                folder.mkdir(mode=0o700, exist_ok=True)
            # Made before SQLite sees it: its journal files take over the mode of the file.
            os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
            size = path.stat().st_size
        except OSError as error:
            raise StateFileError(self._sentence(f"cannot be opened: {error.strerror}")) from error
        # SQLite takes a file that is shorter than its header for an empty one, and would write over it.
        if 0 < size < SQLITE_HEADER:
            raise StateFileError(self._sentence("is not a state file of the stand-in"))

    def _prepare(self) -> None:
        run = self._connection.execute
        ours, version = run("PRAGMA application_id").fetchone()[0], run("PRAGMA user_version").fetchone()[0]
        empty = not run("SELECT 1 FROM sqlite_master").fetchone()
        if not empty and ours != APPLICATION_ID:
            raise StateFileError(self._sentence("is not a state file of the stand-in"))
        if version > SCHEMA_VERSION:
            raise StateFileError(self._sentence("was written by a newer version of the stand-in"))
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        run("PRAGMA foreign_keys = ON")
        if empty:
            # A second process may have been as quick as this one: look again under the lock.
            run("BEGIN IMMEDIATE")
            if not run("SELECT 1 FROM sqlite_master").fetchone():
                # One by one: `executescript` would first commit, and so let go of the lock.
                for statement in SCHEMA.split(";\n"):
                    run(statement)
                run(f"PRAGMA application_id = {APPLICATION_ID}")
                run(f"PRAGMA user_version = {SCHEMA_VERSION}")
            run("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def transaction(self, door: Door = Door(), refusal: type[Exception] | tuple[()] = ()) -> Iterator[Transaction]:
        """All of it or nothing, one at a time among all who share the file.

        After an exception of the type `refusal` only what was run with `run_even_if_refused` stays; after any other nothing does.
        """
        with self._lock, self._plain_words():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                tx = Transaction(self._connection, door)
                self._connection.execute("SAVEPOINT request")
                try:
                    yield tx
                except refusal:
                    # Without letting go of the lock: two processes that count wrong passwords from the same number would count one too few.
                    self._connection.execute("ROLLBACK TO request")
                    for sql, values in tx.standing:
                        tx.run(sql, *values)
                    self._connection.execute("COMMIT")
                    raise
                self._connection.execute("COMMIT")
            finally:
                # Left open by a bug, and by a commit that failed: the next request would find itself inside this one.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def _plain_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            # The low byte is SQLite's primary result code; the rest tells variants of it apart.
            trouble = _TROUBLE.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
            if trouble is None:
                raise
            raise StateFileError(self._sentence(*trouble)) from error

    def _sentence(self, what: str, advice: str = AFRESH) -> str:
        return f"The state file {self._path} {what}. {advice}; nothing in it was changed."
