"""Tests of the emulator. A row's key names the fact in BEHAVIOR.md it checks; "choice" marks what
the emulator decides itself.
"""

import pytest

pytest.register_assert_rewrite("tests.emulator.flow", "tests.emulator.shapes")
