"""What the lab remembers between cells, notebooks and days: one small JSON file, for its owner alone."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any, Protocol

from .plain_errors import LessonError

VERSION = 1


class Memory(Protocol):
    """Where something is remembered: a file, or a kernel for as long as it runs."""

    def get(self, name: str) -> Any:
        """What is remembered under `name`, or None."""

    def set(self, name: str, value: Any) -> None:
        """Remember `value` under `name`; None forgets it."""


class KernelMemory(dict[str, Any]):
    """What is on no disk, and gone with the kernel."""

    def set(self, name: str, value: Any) -> None:
        self[name] = value

    def __repr__(self) -> str:
        return f"KernelMemory(of={list(self)})"


class Progress:
    """A mapping that lives in a file. Every read looks at the file and every write replaces it whole, so that two open lessons see each other."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> Any:
        """What is remembered under `name`, or None. Raises `LessonError` where the file cannot be read; it is left as it is."""
        return self._read().get(name)

    def set(self, name: str, value: Any) -> None:
        """Remember `value` under `name`; None forgets it. Raises `LessonError` where the file cannot be written; what it held is kept."""
        known = self._read() | {name: value}
        kept = {key: member for key, member in known.items() if member is not None}
        self._write({"version": VERSION} | kept)

    def _read(self) -> dict[str, Any]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
            newer = known["version"] > VERSION
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError):
            raise LessonError(self._sentence("is damaged")) from None
        except OSError as error:
            raise LessonError(f"The progress file {self._path} cannot be read: {error.strerror}. Mend that, and run this cell again.") from None
        if newer:
            raise LessonError(self._sentence("was written by a newer version of this tutorial"))
        return dict(known)

    def _write(self, known: dict[str, Any]) -> None:
        # Written beside and moved into place, so that nobody ever reads half a file; mkstemp makes it for its owner alone.
        try:
            handle, beside = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            try:
                with open(handle, "w", encoding="utf-8") as file:
                    json.dump(known, file, indent=1)
                    file.flush()
                    os.fsync(handle)
                os.replace(beside, self._path)
            except BaseException:
                os.unlink(beside)
                raise
        except OSError as error:
            sentence = f"The progress file {self._path} cannot be written: {error.strerror}. What it held is kept; mend that, and run this cell again."
            raise LessonError(sentence) from None

    def _sentence(self, what: str) -> str:
        return f"The progress file {self._path} {what}. To start afresh, move it to another place and run this cell again; nothing in it was changed."


class Kept(MutableMapping[str, str]):
    """One entry of a memory that is itself a mapping of texts."""

    def __init__(self, memory: Memory, name: str) -> None:
        self._memory, self._name = memory, name

    def _all(self) -> dict[str, str]:
        return dict(self._memory.get(self._name) or {})

    def __getitem__(self, key: str) -> str:
        return self._all()[key]

    def __setitem__(self, key: str, value: str) -> None:
        self._memory.set(self._name, self._all() | {key: value})

    def __delitem__(self, key: str) -> None:
        left = self._all()
        del left[key]
        self._memory.set(self._name, left or None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
