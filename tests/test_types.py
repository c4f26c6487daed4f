"""The types of the package, checked strictly."""

import subprocess
import sys
from pathlib import Path


def test_the_types_of_the_package_are_correct(tmp_path):
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path)]
    done = subprocess.run(
        command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues found in" in done.stdout
