"""Tests of the stand-in. A row's key names the fact on the behaviour page that it checks; "choice"
marks what is the stand-in's own.
"""

import pytest

pytest.register_assert_rewrite("tests.stand_in.flow", "tests.stand_in.shapes")
