"""The sizes of these tests, their figures, and what they share with the tests of the emulator."""

import pytest

from ..emulator.conftest import frozen, quick_keys, rsa_keys, shared_client, switchboard

__all__ = ["frozen", "quick_keys", "rsa_keys", "shared_client", "switchboard"]
FIGURES = "figures"


@pytest.fixture
def size(pytestconfig):
    """`size(everyday, full)`: the amount for this run."""
    return lambda everyday, full: full if pytestconfig.getoption("thorough") else everyday


@pytest.fixture
def figures(record_property):
    """Takes a sentence with what was counted, for the end of the report."""
    return lambda sentence: record_property(FIGURES, sentence)


def pytest_terminal_summary(terminalreporter):
    passed = terminalreporter.stats.get("passed", [])
    if told := [
        sentence
        for report in passed
        for name, sentence in report.user_properties
        if name == FIGURES
    ]:
        terminalreporter.section("figures")
        for sentence in told:
            terminalreporter.line(sentence)
