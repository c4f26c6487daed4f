"""The learner's copy of the lessons: a separate folder, without outputs, which an update never
overwrites.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import stat
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from ..errors import LessonError

# What was written last, by file name, so that a later run can tell the learner's own changes from
# an older version of ours
MANIFEST = ".cognito-tutorial.json"
FORMAT = 1
COPIED = ("*.ipynb", "*.md", "images/*.png", "images/*.svg")
PACKAGE = Path(__file__).parents[1]
# Links from the lessons to files of the package point to copies beside the lessons.
LINKED = re.compile(r"\.\./cognito_helpers/((?:\w+/)*(\w+\.(?:py|yaml)))")


class Outcome(StrEnum):
    """What happened to one file of the copy."""

    CREATED = "created"
    UPDATED = "updated"
    RESTORED = "restored: it had been deleted"
    KEPT = "kept: you changed it"
    BLOCKED = "not written"


class Copied(NamedTuple):
    """One file that changed, or couldn't be written: `file` relative to the folder, what happened,
    and the name of the new version or the reason.
    """

    file: str
    outcome: Outcome
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.outcome}{self.detail and f', {self.detail}'}"


def source_folder() -> Path:
    """Where the lessons are: inside an installed package, or beside it in a clone. Raises
    `LessonError` if they're in neither place.
    """
    for folder in (PACKAGE / "notebooks", PACKAGE.parent / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise LessonError(
        "The lessons aren't installed with this package. Install it again: pip install"
        " --force-reinstall cognito-tutorial"
    )


def copy_lessons(folder: Path, source: Path | None = None) -> list[Copied]:
    """Create the copy in `folder`, or update it; return the files that changed and those that
    couldn't be written. Nothing the learner changed is overwritten: the new version is put beside
    it. Raises `LessonError` if the folder can't be used.
    """
    if folder.exists() and not folder.is_dir():
        raise LessonError(f"{folder} is a file, not a folder. Name another folder.")
    source = source or source_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _known(folder)
        changes = []
        for file, content in sorted(_lessons(source)):
            change = _copy(folder, file, content, known)
            if change:
                changes.append(change)
        _write(folder / MANIFEST, _manifest(known))
    except OSError as error:
        raise LessonError(
            f"The lessons can't be copied to {folder}: {error.strerror}. Name a folder you can"
            " write to."
        ) from None
    return changes


def without_outputs(notebook: bytes) -> bytes:
    """A notebook as Jupyter saves it, without outputs and execution counts."""
    whole: dict[str, Any] = json.loads(notebook)
    for cell in whole["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    whole["metadata"].pop("widgets", None)
    # JupyterLab writes the kernel's version there, and would ask to save an unchanged lesson.
    whole["metadata"].get("language_info", {})["version"] = platform.python_version()
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _lessons(source: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of the copy, by its name relative to the folder (with `/`), and its content."""
    linked = set()
    for pattern in COPIED:
        for path in source.glob(pattern):
            content = path.read_bytes()
            if path.suffix == ".ipynb":
                content = without_outputs(content)
            if path.suffix in (".ipynb", ".md"):
                text = content.decode()
                linked |= {match[1] for match in LINKED.finditer(text)}
                content = LINKED.sub(r"\2", text).encode()
            yield path.relative_to(source).as_posix(), content
    for inside in linked:
        yield PurePath(inside).name, (PACKAGE / inside).read_bytes()


def _copy(folder: Path, file: str, content: bytes, known: dict[str, str]) -> Copied | None:
    """Update one file. None if there was nothing to do."""
    target, written = folder / file, known.get(file)
    new = _digest(content)
    if target.is_symlink() or (target.exists() and not target.is_file()):
        return Copied(file, Outcome.BLOCKED, "because a link or a folder of this name is there")
    try:
        found = _digest(target.read_bytes()) if target.exists() else None
        if found == new:
            known[file] = new
            return None
        if found is None:
            outcome = Outcome.CREATED if written is None else Outcome.RESTORED
        elif found == written:
            outcome = Outcome.UPDATED
        elif written == new:
            # The learner's own changes to the version we still have.
            return None
        else:
            beside = _beside(target)
            _write(beside, content)
            known[file] = new
            return Copied(file, Outcome.KEPT, f"the new version is {beside.name}")
        _write(target, content)
    except OSError as error:
        return Copied(file, Outcome.BLOCKED, f"because of: {error.strerror}")
    known[file] = new
    return Copied(file, outcome)


def _beside(target: PurePath) -> Path:
    """Where a new version goes: `02_sign_up.new.ipynb` beside `02_sign_up.ipynb`, or with a number
    if the learner still has an earlier one.
    """
    number = 1
    while True:
        mark = "new" if number == 1 else f"new{number}"
        beside = Path(target.with_name(f"{target.stem}.{mark}{target.suffix}"))
        if not os.path.lexists(beside):
            return beside
        number += 1


def _known(folder: Path) -> dict[str, str]:
    """The digests of what was written before. An unreadable manifest counts as none: then every
    file that differs is the learner's.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"] if manifest["format"] == FORMAT else {}
        return {str(name): str(digest) for name, digest in files.items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _manifest(known: dict[str, str]) -> bytes:
    return json.dumps({"format": FORMAT, "files": known}, indent=1, sort_keys=True).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Write a file completely or not at all: written beside and moved into place."""
    path.parent.mkdir(exist_ok=True)
    if path.exists() and not path.stat().st_mode & stat.S_IWUSR:
        # Replacing a file needs no permission to write to it, but someone locked it for a reason.
        raise PermissionError(13, "the file is read-only")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".cognito-tutorial-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp creates files only their owner can read; a lesson is an ordinary file.
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
