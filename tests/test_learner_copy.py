"""The learner's copy: created, updated, and nothing the learner wrote is ever overwritten."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import nbformat
import pytest

from cognito_helpers.errors import LessonError
from cognito_helpers.terminal import learner_copy
from cognito_helpers.terminal.learner_copy import MANIFEST, Outcome, copy_lessons, source_folder

LESSON = "01_first.ipynb"


def notebook(text: str) -> str:
    """A notebook with one code cell, saved with an output and widget state."""
    cell = nbformat.v4.new_code_cell(
        text, id="first", outputs=[nbformat.v4.new_output("stream", text="SAVED")]
    )
    cell.execution_count = 7
    made = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {"state": "TYPED"}})
    return nbformat.writes(made)


@pytest.fixture
def source(tmp_path):
    """A small set of lessons, as a release has it."""
    folder = tmp_path / "source"
    (folder / "images").mkdir(parents=True)
    (folder / LESSON).write_text(notebook("first version"), encoding="utf-8")
    (folder / "cheat_sheet.md").write_text("# Cheat sheet", encoding="utf-8")
    (folder / "images/code.png").write_bytes(b"PNG")
    return folder


@pytest.fixture
def copy(source, tmp_path):
    """A copy of the lessons, just created."""
    folder = tmp_path / "copy"
    copy_lessons(folder, source)
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def release(source: Path, text: str = "second version") -> None:
    (source / LESSON).write_text(notebook(text), encoding="utf-8")


def test_a_new_copy_has_every_file_and_no_outputs(source, tmp_path):
    changes = copy_lessons(tmp_path / "deep" / "copy", source)
    assert sorted(map(str, changes)) == [
        f"{LESSON}: created",
        "cheat_sheet.md: created",
        "images/code.png: created",
    ]
    saved = (tmp_path / "deep/copy" / LESSON).read_text(encoding="utf-8")
    cell = json.loads(saved)["cells"][0]
    assert cell["outputs"] == [] and cell["execution_count"] is None
    assert "SAVED" not in saved and "TYPED" not in saved


def test_the_real_lessons_have_no_outputs_in_the_copy(tmp_path):
    copy_lessons(tmp_path)
    lessons = sorted(path.name for path in tmp_path.glob("*.ipynb"))
    assert lessons == sorted(path.name for path in source_folder().glob("*.ipynb")) and lessons
    for name in lessons:
        made = nbformat.read(tmp_path / name, as_version=4)
        nbformat.validate(made)
        saved = nbformat.read(source_folder() / name, as_version=4)
        assert len(made.cells) == len(saved.cells)
        assert [cell.source for cell in made.cells if cell.cell_type == "code"] == [
            cell.source for cell in saved.cells if cell.cell_type == "code"
        ]
        assert not any(cell.get("outputs") for cell in made.cells)


def test_every_link_of_the_copy_to_a_file_leads_to_one_inside_it(tmp_path):
    copy_lessons(tmp_path)
    links = set()
    for path in [*tmp_path.glob("*.ipynb"), *tmp_path.glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        links |= {link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link}
    assert "actions.py" in links and len(links) > 10
    assert [link for link in links if not (tmp_path / link).is_file()] == []
    assert [link for link in links if ".." in link] == []


def test_a_second_run_changes_nothing_and_prints_nothing(copy, source):
    before = everything(copy)
    assert copy_lessons(copy, source) == []
    assert everything(copy) == before


def test_an_unedited_file_is_updated(copy, source):
    release(source)
    assert list(map(str, copy_lessons(copy, source))) == [f"{LESSON}: updated"]
    assert "second version" in (copy / LESSON).read_text(encoding="utf-8")


def test_an_edited_lesson_stays_and_the_new_version_is_put_beside_it(copy, source):
    mine = (copy / LESSON).read_bytes().replace(b"first version", b"my own version")
    (copy / LESSON).write_bytes(mine)
    assert copy_lessons(copy, source) == [], "there's no new version yet"
    release(source)
    (change,) = copy_lessons(copy, source)
    assert str(change) == f"{LESSON}: kept: you changed it, the new version is 01_first.new.ipynb"
    assert (copy / LESSON).read_bytes() == mine
    assert b"second version" in (copy / "01_first.new.ipynb").read_bytes()
    assert copy_lessons(copy, source) == [], "the same version is put there once"
    release(source, "third version")
    (change,) = copy_lessons(copy, source)
    assert change.detail == "the new version is 01_first.new2.ipynb"
    assert b"second version" in (copy / "01_first.new.ipynb").read_bytes()


def test_a_deleted_lesson_is_restored(copy, source):
    (copy / LESSON).unlink()
    (change,) = copy_lessons(copy, source)
    assert change.outcome is Outcome.RESTORED
    assert "first version" in (copy / LESSON).read_text(encoding="utf-8")


def test_files_the_learner_added_are_left_alone(copy, source):
    (copy / "my notes.ipynb").write_text("mine", encoding="utf-8")
    release(source)
    copy_lessons(copy, source)
    assert (copy / "my notes.ipynb").read_text(encoding="utf-8") == "mine"


def test_a_file_from_before_the_first_copy_is_the_learners(source, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / LESSON).write_text("mine", encoding="utf-8")
    changes = {change.file: change for change in copy_lessons(tmp_path / "copy", source)}
    assert changes[LESSON].outcome is Outcome.KEPT
    assert (tmp_path / "copy" / LESSON).read_text(encoding="utf-8") == "mine"


def test_a_locked_file_is_named_and_the_others_are_updated(copy, source):
    (copy / LESSON).chmod(0o444)
    release(source)
    (source / "cheat_sheet.md").write_text("# Another", encoding="utf-8")
    changes = {change.file: change for change in copy_lessons(copy, source)}
    assert str(changes[LESSON]) == f"{LESSON}: not written, because of: the file is read-only"
    assert changes["cheat_sheet.md"].outcome is Outcome.UPDATED
    assert b"first version" in (copy / LESSON).read_bytes()
    (copy / LESSON).chmod(0o644)
    (change,) = copy_lessons(copy, source)
    assert change.outcome is Outcome.UPDATED


@pytest.mark.parametrize("kind", ["link", "folder", "dead link"])
def test_a_link_or_a_folder_instead_of_a_lesson_is_left_alone(copy, source, tmp_path, kind):
    (copy / LESSON).unlink()
    elsewhere = tmp_path / "elsewhere"
    if kind == "folder":
        (copy / LESSON).mkdir()
    else:
        if kind == "link":
            elsewhere.write_text("theirs", encoding="utf-8")
        (copy / LESSON).symlink_to(elsewhere)
    release(source)
    (change,) = copy_lessons(copy, source)
    assert change.outcome is Outcome.BLOCKED and change.file == LESSON
    assert kind != "link" or elsewhere.read_text(encoding="utf-8") == "theirs"
    assert kind != "dead link" or not elsewhere.exists()


def test_a_file_in_the_way_of_the_folder_is_a_sentence(source, tmp_path):
    (tmp_path / "copy").write_text("mine", encoding="utf-8")
    with pytest.raises(LessonError, match=r"is a file, not a folder\. Name another folder\."):
        copy_lessons(tmp_path / "copy", source)
    with pytest.raises(LessonError, match="can't be copied to .*: Not a directory"):
        copy_lessons(tmp_path / "copy" / "below", source)


def test_a_read_only_folder_is_a_sentence(source, tmp_path, monkeypatch):
    """Even if the tests run as root, who may write anywhere."""

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(learner_copy.tempfile, "mkstemp", denied)
    with pytest.raises(LessonError, match="Name a folder you can write to"):
        copy_lessons(tmp_path / "copy", source)


def test_a_folder_that_is_a_link_is_followed(source, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    copy_lessons(tmp_path / "linked", source)
    assert (tmp_path / "real" / LESSON).exists()


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{", '{"format": 99, "files": {}}', '{"format": 1, "files": 3}', "\x00"]
)
def test_with_an_unreadable_manifest_every_changed_file_is_the_learners(copy, source, manifest):
    (copy / MANIFEST).write_text(manifest, encoding="utf-8")
    release(source)
    (change,) = copy_lessons(copy, source)
    assert change.outcome is Outcome.KEPT
    assert "first version" in (copy / LESSON).read_text(encoding="utf-8")


def test_two_runs_at_once_leave_a_complete_copy(source, tmp_path):
    program = (
        "import sys, pathlib; from cognito_helpers.terminal.learner_copy import copy_lessons;"
        "copy_lessons(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    )
    folder = tmp_path / "copy"
    command = [sys.executable, "-c", program, str(folder), str(source)]
    runs = [subprocess.Popen(command, env={**os.environ}) for _ in range(4)]
    assert [run.wait() for run in runs] == [0] * 4
    assert sorted(everything(folder)) == sorted(
        [MANIFEST, LESSON, "cheat_sheet.md", "images/code.png"]
    )
    assert copy_lessons(folder, source) == []


def test_an_interrupted_copy_leaves_no_partial_file(source, tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(learner_copy.os, "replace", stopped)
        copy_lessons(tmp_path / "copy", source)
    assert everything(tmp_path / "copy") == {}


def test_new_versions_have_the_same_names_on_windows():
    beside = PureWindowsPath(r"C:\Users\Ana\cognito-tutorial\01_first.ipynb")
    assert beside.with_name(f"{beside.stem}.new{beside.suffix}").name == "01_first.new.ipynb"
