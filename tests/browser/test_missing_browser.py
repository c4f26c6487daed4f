"""Without a browser a user's tests are skipped with a sentence; those of CI fail."""

import os
import subprocess
import sys

import pytest

TEST = "tests/browser/test_looks.py::test_the_measures_find_what_they_are_for"


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 error")])
def test_a_missing_browser_is_reported(ci, outcome, tmp_path):
    environment = os.environ | {"PATH": str(tmp_path), "CI": ci}
    command = [sys.executable, "-m", "pytest", "-rsE", "-p", "no:cacheprovider", TEST]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert outcome in done.stdout and "apt install chromium" in done.stdout
