"""The command `cognito-tutorial`: its subcommands, and the two that create the learner's copy."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from cognito_helpers import __main__
from cognito_helpers.terminal import commands
from cognito_helpers.terminal.learner_copy import MANIFEST, source_folder


def command(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "cognito_helpers", *arguments],
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


def test_lessons_prints_one_line_per_file_that_changed(tmp_path, capsys):
    folder = tmp_path / "copy"
    assert commands.main(["lessons", str(folder)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert f"{commands.FIRST_LESSON}: created" in told
    assert len(told) == len([path for path in folder.rglob("*") if path.is_file()]) - 1
    assert commands.main(["lessons", str(folder)]) == 0
    assert capsys.readouterr().out == ""
    assert (folder / MANIFEST).exists()


def test_lessons_says_in_a_sentence_why_it_failed(tmp_path, capsys):
    (tmp_path / "copy").write_text("mine", encoding="utf-8")
    assert commands.main(["lessons", str(tmp_path / "copy")]) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and "Name another folder." in told.err


def test_a_file_that_cannot_be_written_sets_the_exit_code(tmp_path, capsys):
    (tmp_path / commands.FIRST_LESSON).mkdir()
    assert commands.main(["lessons", str(tmp_path)]) == 1
    assert f"{commands.FIRST_LESSON}: not written, because" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "folder", "passed_on"),
    [
        ([], "cognito-tutorial", []),
        (["mine"], "mine", []),
        (["--", "--port=9999"], "cognito-tutorial", ["--port=9999"]),
        (["mine", "--", "--no-browser", "--"], "mine", ["--no-browser", "--"]),
    ],
)
def test_lab_copies_the_lessons_and_opens_jupyterlab(
    tmp_path, monkeypatch, arguments, folder, passed_on
):
    monkeypatch.chdir(tmp_path)
    opened = []
    assert commands.lab(arguments, start=lambda given: opened.append(given) or 0) == 0
    assert opened == [[*passed_on, str(tmp_path / folder / commands.FIRST_LESSON)]]
    assert (tmp_path / folder / commands.FIRST_LESSON).exists()


def test_lab_does_not_open_a_folder_it_could_not_write(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cognito-tutorial").write_text("mine", encoding="utf-8")
    assert commands.lab([], start=lambda _: pytest.fail("JupyterLab was opened")) == 1
    assert "Name another folder." in capsys.readouterr().err


def test_the_default_subcommand_is_lab(monkeypatch):
    ran = []
    monkeypatch.setattr(commands, "lab", lambda arguments: ran.append(arguments) or 7)
    assert __main__.main([]) == 7 and ran == [[]]


@pytest.mark.parametrize("name", commands.SUBCOMMANDS)
def test_every_subcommand_has_a_help_text(name):
    done = command(name, "--help")
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.startswith(f"usage: {commands.DISTRIBUTION} {name}")


def test_an_unknown_subcommand_is_a_sentence():
    done = command("labb")
    assert done.returncode == 2 and "invalid choice: 'labb'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_is_the_distributions():
    assert command("--version").stdout.strip() == version(commands.DISTRIBUTION)


def test_inbox_and_serve_are_the_emulators(tmp_path):
    state = tmp_path / "state.sqlite"
    done = command("inbox", "ana", "--state", str(state))
    assert done.returncode == 1 and str(state) in done.stderr and done.stderr.count("\n") == 1


def test_the_lessons_are_found_in_a_clone():
    assert (source_folder() / commands.FIRST_LESSON).exists()


def test_the_home_folder_of_an_unknown_user_is_a_sentence(capsys):
    assert commands.main(["lessons", "~no-such-user-here/lessons"]) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
