"""Is this computer ready? Each fault gets a sentence with the command that fixes it."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cognito_helpers.backends import choice
from cognito_helpers.errors import LessonError
from cognito_helpers.terminal import check

ROOT = Path(__file__).parent.parent


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
    )


def test_this_computer_is_ready_and_no_files_are_left(tmp_path):
    done = run(
        "-m",
        "cognito_helpers",
        "check",
        COGNITO_LAB_HOME=str(tmp_path / "lab"),
        COGNITO_LAB_BACKEND="aws",
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert (
        len([line for line in lines if line.startswith("ok    ")]) == len(check.CHECKS)
        and "fix   " not in done.stdout
    )
    assert lines[-1] == "This computer is ready for the lessons."
    assert list((tmp_path / "lab").iterdir()) == []


def test_problems_are_counted_and_the_other_checks_still_run(monkeypatch, capsys):
    def broken():
        raise check.Problem("The roof leaks.", "call the roofer")

    monkeypatch.setattr(check, "CHECKS", [broken, lambda: "The door shuts."])
    assert check.main() == 1
    assert (
        capsys.readouterr().out
        == "fix   The roof leaks.\n      call the roofer\nok    The door shuts.\n\n1 to fix. Do"
        " that, then run this again.\n"
    )


def no_package(monkeypatch, tmp_path):
    def version(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)


def old_package(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.1")


def no_front_end(monkeypatch, tmp_path):
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda: [str(tmp_path)])


def a_file_for_a_folder(monkeypatch, tmp_path):
    (tmp_path / "lab").write_text("")
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path / "lab"))


def no_kernel(monkeypatch, tmp_path):
    from jupyter_client.kernelspec import NoSuchKernel

    def start(**_):
        raise NoSuchKernel("python3")

    monkeypatch.setattr("jupyter_client.manager.start_new_kernel", start)


@pytest.mark.parametrize(
    ("fault", "found_by", "sentence", "command"),
    [
        (no_package, check._packages, "The package boto3 isn't installed.", "make lab"),
        (old_package, check._packages, "boto3 0.1 is installed, but >=1.44 is needed", "make lab"),
        (
            no_front_end,
            check._front_end,
            "no front end for widgets",
            "pip install --force-reinstall jupyterlab_widgets",
        ),
        (no_kernel, check._kernel, "There's no kernel", "-m ipykernel install --sys-prefix"),
        (a_file_for_a_folder, check._folder, "can't be written", "COGNITO_LAB_HOME="),
    ],
)
def test_each_fault_has_its_sentence_and_its_command(
    monkeypatch, tmp_path, fault, found_by, sentence, command
):
    fault(monkeypatch, tmp_path)
    with pytest.raises(check.Problem) as found:
        found_by()
    assert sentence in str(found.value) and command in found.value.command


def test_a_python_without_the_packages_says_what_it_lacks():
    """Run from the repository's folder by a Python without any of the packages."""
    done = run("-S", "-m", "cognito_helpers", "check", PYTHONPATH="")
    assert done.returncode == 1 and done.stdout == ""
    assert (
        "can't find boto3, ipywidgets" in done.stderr
        and "make lab" in done.stderr
        and done.stderr.count("\n") == 1
    )


@pytest.mark.parametrize("name", ["BINDER_SERVICE_HOST", "BINDER_REQUEST", "BINDER_LAUNCH_HOST"])
def test_on_binder_only_the_emulator_is_offered(monkeypatch, tmp_path, name):
    monkeypatch.setenv(name, "mybinder.org")
    assert choice.chosen(tmp_path) == "local"
    with pytest.raises(LessonError, match="no place for IAM credentials"):
        choice.choose(tmp_path, "aws")
    monkeypatch.setenv("COGNITO_LAB_BACKEND", "aws")
    with pytest.raises(LessonError, match="no place for IAM credentials"):
        choice.chosen(tmp_path)


def test_in_a_browser_tab_only_the_emulator_is_offered(monkeypatch, tmp_path):
    monkeypatch.setattr(choice, "IN_A_TAB", True)
    assert choice.chosen(tmp_path) == "local"
    with pytest.raises(
        LessonError, match="In a browser tab only the emulator answers.*on your own computer"
    ):
        choice.choose(tmp_path, "aws")
