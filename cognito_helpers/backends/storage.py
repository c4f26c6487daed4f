"""What the lab remembers between cells, notebooks and days: one small JSON file that only its owner
can read.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sqlite3
import stat
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from ..errors import LessonError
from ..local_cognito.storage import store
from ..local_cognito.storage.browser_file import stamp
from ..local_cognito.storage.tab_lock import alone
from ..sign_in.authenticator import is_authenticator_link

VERSION = 1
PATIENCE = 30  # Seconds to wait for another lesson that writes


def _texts(value: Any, *names: str) -> bool:
    """Whether it's a mapping of strings, with these names if there are any."""
    return (
        isinstance(value, dict)
        and all(isinstance(part, str) for part in value.values())
        and (not names or set(value) == set(names))
    )


def _id(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value, re.ASCII))


def _inventory(value: Any) -> bool:
    """Whether pools are IDs, app clients pairs of strings, and users three strings each."""
    sizes = {"pools": 0, "clients": 2, "users": 3}
    return (
        isinstance(value, dict)
        and set(value) <= set(sizes)
        and all(isinstance(things, list) for things in value.values())
        and all(
            isinstance(thing, str)
            if size == 0
            else isinstance(thing, list | tuple)
            and len(thing) == size
            and all(isinstance(part, str) for part in thing)
            for kind, size in sizes.items()
            for thing in value.get(kind, [])
        )
    )


# What a file may hold under the names every lesson reads
VALID: dict[str, Callable[[Any], bool]] = {
    "pool_id": _id(r"[\w-]{1,54}_[0-9A-Za-z]{1,54}"),
    "client_id": _id(r"[\w+]{1,128}"),
    "username": lambda value: isinstance(value, str) and 0 < len(value) <= 128,
    "password": lambda value: isinstance(value, str),
    "backend": lambda value: isinstance(value, str),
    "device": lambda value: _texts(value, "key", "group_key", "password"),
    "phone": lambda value: _texts(value) and all(map(is_authenticator_link, value.values())),
    "regions": lambda value: (
        isinstance(value, list) and all(isinstance(region, str) for region in value)
    ),
    "made": _inventory,
}


def _check_is_file(path: Path) -> None:
    """A pipe would wait for another program forever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it isn't a file")


class Storage(Protocol):
    """Where something is remembered: a file, or a kernel for as long as it runs."""

    def get(self, name: str) -> Any:
        """What is stored under `name`, or None."""

    def all(self) -> dict[str, Any]:
        """Everything that's stored, in one read."""

    def set(self, name: str, value: Any) -> None:
        """Store `value` under `name`; None deletes it."""

    def change(self, name: str, how: Callable[[Any], Any]) -> None:
        """Store under `name` what `how` makes of the current value."""

    def forget(self, *names: str) -> None:
        """Delete what belongs together, all of it or nothing."""


class KernelStorage(dict[str, Any]):
    """Values in memory only, gone with the kernel."""

    def all(self) -> dict[str, Any]:
        return dict(self)

    def set(self, name: str, value: Any) -> None:
        self[name] = value

    def change(self, name: str, how: Callable[[Any], Any]) -> None:
        self[name] = how(self.get(name))

    def forget(self, *names: str) -> None:
        for name in names:
            self.pop(name, None)

    def __repr__(self) -> str:
        return f"KernelStorage(of={list(self)})"


class FileStorage:
    """A mapping kept in a file. Every read reads the file and every write replaces it completely,
    so that two open lessons see each other.

    Writers wait for each other, so that no lesson undoes what another has just written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> Any:
        """What is stored under `name`, or None. Raises `LessonError` if the file can't be read; the
        file stays unchanged.
        """
        return self._read().get(name)

    def all(self) -> dict[str, Any]:
        """Everything that's stored, in one read. Raises like `get`."""
        return self._read()

    def set(self, name: str, value: Any) -> None:
        """Store `value` under `name`; None deletes it. Raises `LessonError` if the file can't be
        written; its content is kept.
        """
        self.change(name, lambda _: value)

    def change(self, name: str, how: Callable[[Any], Any]) -> None:
        """Store under `name` what `how` makes of the current value. Raises like `set`."""
        self._replace(lambda known: {name: how(known.get(name))})

    def forget(self, *names: str) -> None:
        """Delete what belongs together, in one write. Raises like `set`."""
        self._replace(lambda _: dict.fromkeys(names))

    def _replace(self, how: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        try:
            lock = self._lock()
            # Not our own context manager for a `with` statement: an interrupt in its code, with the
            # lock taken and the statement not begun, would block every other lesson.
            try:
                lock.execute("BEGIN IMMEDIATE")
                self._replace_locked(how)
            finally:
                lock.close()
        except (OSError, sqlite3.OperationalError) as error:
            raise self._not_written(error) from None
        except sqlite3.DatabaseError:
            path = self._path.with_suffix(".lock")
            raise LessonError(
                f"The file {path} is damaged: delete it, and run this cell again. It holds nothing."
            ) from None

    def _replace_locked(self, how: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        known = self._read()
        known |= how(known)
        self._write(
            {"version": VERSION}
            | {key: member for key, member in known.items() if member is not None}
        )

    def _not_written(self, error: OSError | sqlite3.OperationalError) -> LessonError:
        reason = error.strerror if isinstance(error, OSError) else error
        return LessonError(
            f"The progress file {self._path} can't be written: {reason}. What it held is kept. Fix"
            " that, then run this cell again."
        )

    def _text(self) -> str:
        _check_is_file(self._path)
        return self._path.read_text(encoding="utf-8")

    def _read(self) -> dict[str, Any]:
        try:
            known = json.loads(self._text())
            newer = known["version"] > VERSION
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, RecursionError):
            raise LessonError(self._sentence("is damaged")) from None
        except OSError as error:
            raise LessonError(
                f"The progress file {self._path} can't be read: {error.strerror}. Fix that, and"
                " run this cell again."
            ) from None
        if newer:
            raise LessonError(self._sentence("was written by a newer version of this tutorial"))
        if not all(is_valid(known[name]) for name, is_valid in VALID.items() if name in known):
            raise LessonError(self._sentence("is damaged"))
        return dict(known)

    def _lock(self) -> sqlite3.Connection:
        """A lock that keeps others from writing from the start of a transaction on it until it's
        closed. SQLite can lock a file on every system, and a killed process releases its lock.
        """
        lock = self._path.with_suffix(".lock")
        with suppress(FileNotFoundError):
            _check_is_file(lock)
        os.close(os.open(lock, os.O_CREAT | os.O_RDWR, 0o600))
        return sqlite3.connect(lock, timeout=PATIENCE, isolation_level=None)

    def _write(self, known: dict[str, Any]) -> None:
        # Written beside and moved into place, so a partial file is never read. What a killed writer
        # left there is overwritten.
        beside = self._path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        try:
            with open(
                os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
            ) as file:
                json.dump(known, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, self._path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    def _sentence(self, what: str) -> str:
        return (
            f"The progress file {self._path} {what}. To start over, move it to another place and"
            " run this cell again. Nothing in it was changed."
        )


class TabStorage(FileStorage):
    """A storage on the drive of a browser tab. SQLite's lock doesn't work there, so the site's
    service worker locks it. Whatever is done with a file is a request to the page, which takes ten
    milliseconds or more, so the file is read only if it has changed.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._last_read: tuple[tuple[int, int], str] | None = None

    def _replace(self, how: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        with alone(self._path):
            try:
                self._replace_locked(how)
            except OSError as error:
                raise self._not_written(error) from None

    def _text(self) -> str:
        current = stamp(self._path)
        if self._last_read is None or self._last_read[0] != current:
            self._last_read = current, super()._text()
        return self._last_read[1]


def learner_progress(home: Path) -> FileStorage:
    """The stored progress for the lessons in the folder `home`, for any backend."""
    return (TabStorage if store.IN_A_TAB else FileStorage)(home / "progress.json")


class StoredMapping(MutableMapping[str, str]):
    """One entry of a storage that is itself a mapping of strings."""

    def __init__(self, memory: Storage, name: str) -> None:
        self._memory, self._name = memory, name

    def _all(self) -> dict[str, str]:
        return dict(self._memory.get(self._name) or {})

    def __getitem__(self, key: str) -> str:
        return self._all()[key]

    def __setitem__(self, key: str, value: str) -> None:
        self._memory.change(self._name, lambda kept: (kept or {}) | {key: value})

    def __delitem__(self, key: str) -> None:
        if key not in self._all():
            raise KeyError(key)
        self._memory.change(
            self._name,
            lambda kept: (
                {name: member for name, member in (kept or {}).items() if name != key} or None
            ),
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
