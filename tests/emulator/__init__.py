"""Tests of the emulator. A row's key names the fact in BEHAVIOR.md that it checks; "choice"
marks what is the emulator's own.
"""

import pytest

pytest.register_assert_rewrite("tests.emulator.flow", "tests.emulator.shapes")
