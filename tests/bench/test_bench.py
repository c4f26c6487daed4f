"""The benchmark's pieces, once each and with tiny numbers, so that it keeps working. No time is
asserted, and no peer is needed.
"""

import pytest

from . import __main__, contestants, report
from .figures import Bar
from .mathematics import Work, work_of
from .servers import CannotStart, running
from .starting import Lesson, Starting
from .visits import COMMON

TINY = __main__.Effort(few=3, many=5, rounds=1, seconds=1, seats=1)


@pytest.fixture(scope="module")
def figures():
    """One round of the emulator, in process and over HTTP."""
    done = __main__.run(TINY, [contestants.EMULATOR, contestants.HTTP, "nobody"])
    done.starting = Starting(0.3, 0.1, 1.3, 0.1, 1.2)
    done.lessons = [Lesson("00_start_here", 1.5, 0.2, 100_000_000), Lesson("09_unfinished")]
    return done


def test_a_contestant_that_cannot_start_is_named_with_its_reason(figures):
    assert figures.missing == {"nobody": "there is no contestant of this name"}
    assert "Missing: nobody (there is no contestant of this name)." in report.as_text(figures)


def test_every_call_that_others_have_is_timed_beside_the_floor(figures):
    for size in figures.sizes:
        for name in (contestants.EMULATOR, contestants.HTTP):
            found = figures.against_floor(name, size)
            assert set(COMMON) < set(found)
            assert all(seconds > 0 and ratio > 0 for seconds, ratio in found.values())


def test_the_scenario_runs_to_its_end(figures):
    assert [done.stops_at for entry in figures.entries for done in entry.rounds] == [""] * 4
    labels = {call.label for call in figures.ours(5).rounds[0].calls}
    assert {
        "DeleteUser",
        "RespondToAuthChallenge, DEVICE_PASSWORD_VERIFIER: tokens",
        "SignUp: UsernameExistsException",
    } <= labels


def test_each_call_is_compared_with_a_target(figures):
    bars = {bar.label: bar for bar in figures.bars()}
    assert bars["AdminGetUser"].bar == bars["GetUser"].bar == 2.5
    assert bars["SignUp"].bar == bars["InitiateAuth, USER_SRP_AUTH"].bar == 1.5


@pytest.mark.parametrize(
    ("ratio", "size_ratio", "met"), [(2.5, 1.2, True), (2.51, 1.2, False), (2.5, 1.21, False)]
)
def test_a_target_includes_its_limit(ratio, size_ratio, met):
    assert Bar("AdminGetUser", 1, 0, ratio, ratio, 2.5, size_ratio).met is met


def test_the_tables_and_the_readme_are_written(figures, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(report, "draw", lambda figures, path: drawn.append(path))
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write(figures, tmp_path)
    text = readme.read_text()
    assert text.startswith(f"before\n{report.BEGIN}\n") and text.endswith(f"{report.END}\nafter\n")
    assert "old" not in text
    assert "| sign-up" in text
    assert "00_start_here" in (tmp_path / "figures.md").read_text()
    assert drawn == [tmp_path / "figures.svg"]


def test_a_readme_without_the_marks_is_left_unchanged(figures, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "draw", lambda figures, path: None)
    readme = tmp_path / "README.md"
    readme.write_text("nothing to see\n")
    with pytest.raises(SystemExit, match="has not the marks"):
        report.write(figures, tmp_path)
    assert readme.read_text() == "nothing to see\n"


def test_tables_have_aligned_columns():
    assert report.table(["a", "bcd"], [["eee", "f"]]).splitlines() == [
        "| a   | bcd |",
        "| --- | --- |",
        "| eee | f   |",
    ]


WORK = {
    "sign-up": ("SignUp", {}, "", Work(verifier=1)),
    "sign-up of a name that is taken": ("SignUp", {}, "UsernameExistsException", Work()),
    "a right password": (
        "InitiateAuth",
        {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"PASSWORD": "x"}},
        "tokens",
        Work(verifier=1, signature=2),
    ),
    "a wrong password": (
        "InitiateAuth",
        {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"PASSWORD": "x"}},
        "NotAuthorizedException",
        Work(verifier=1),
    ),
    "an unconfirmed user": (
        "InitiateAuth",
        {"AuthParameters": {"PASSWORD": "x"}},
        "UserNotConfirmedException",
        Work(),
    ),
    "SRP": (
        "InitiateAuth",
        {"AuthFlow": "USER_SRP_AUTH", "AuthParameters": {}},
        "",
        Work(exchange=1),
    ),
    "a code": (
        "RespondToAuthChallenge",
        {"ChallengeName": "SOFTWARE_TOKEN_MFA"},
        "tokens",
        Work(signature=2),
    ),
    "an access token": ("GetUser", {"AccessToken": "x"}, "", Work(verification=1)),
}


@pytest.mark.parametrize(("operation", "request_", "outcome", "work"), WORK.values(), ids=WORK)
def test_the_mathematics_of_a_call_is_what_it_must_compute(operation, request_, outcome, work):
    assert work_of(operation, request_, outcome) == work


def test_a_server_that_ends_at_once_and_a_slow_one_have_different_messages(tmp_path):
    with (
        pytest.raises(CannotStart, match="it did not start: so it goes"),
        running(["sh", "-c", "echo so it goes"], 1, tmp_path, {}),
    ):
        pass
