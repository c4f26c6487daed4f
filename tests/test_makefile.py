"""The Makefile works in a folder with any name, and notices an environment that was moved."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Plays the Python that creates environments: its environment is a link to this one.
FAKE = f"""#!/bin/sh
case "$*" in
*"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo created >>created ;;
*"-m pip"*) ;;
*) exec {shlex.quote(sys.executable)} "$@" ;;
esac
"""
NAMES = ["plain", "it's", "a (copy), here", "50% #1", 'say "hi"']

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


def made(folder: Path) -> int:
    """How many environments were created after one more `make`."""
    done = subprocess.run(
        ["make", ".venv/uv.ready", "PYTHON=./python"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return len((folder / "created").read_text().splitlines())


@pytest.mark.parametrize("name", NAMES)
def test_an_environment_is_created_once_in_a_folder_with_any_name(tmp_path, name):
    folder = tmp_path / name
    (folder / "requirements").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "requirements/installer.txt").touch()
    (folder / "python").write_text(FAKE)
    (folder / "python").chmod(0o755)
    assert made(folder) == 1
    assert made(folder) == 1
    moved = folder.rename(tmp_path / f"{name} moved")
    assert made(moved) == 2


def test_make_test_checks_format_and_lint_before_the_tests():
    lines = subprocess.run(
        ["make", "--dry-run", "--always-make", "--no-print-directory", "test"],
        cwd=ROOT,
        # As at a prompt, also if a make runs this test
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert [line.split()[0] + " " + line.split()[1] for line in lines[-3:]] == [
        ".venv/bin/ruff format",
        ".venv/bin/ruff check",
        ".venv/bin/python -m",
    ]
