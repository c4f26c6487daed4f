"""Anyone can check the tables: they run at an address, skip by name what only the emulator shows,
find a wrong response, and leave nothing behind.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import botocore.endpoint
import pytest

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.errors import CognitoError, LimitExceededException
from cognito_helpers.local_cognito.service import error_answer
from cognito_helpers.local_cognito.transports import http

from . import conftest, remote
from .raw_http import PATIENCE
from .remote import ONLY_HERE, STEP, TAGS, RemoteCognito, WallClock

ROOT = Path(__file__).parent.parent.parent
TAKEN = b"User already exists"


class Recorded:
    """A service whose responses can be altered on their way out, and that records its requests."""

    def __init__(self, service, alter=lambda operation, answer: answer):
        self.service, self.alter, self.asked = service, alter, []

    def answer(self, operation, body, endpoint):
        self.asked.append(operation)
        return self.alter(operation, self.service.answer(operation, body, endpoint))

    def keys(self, pool_id):
        return self.service.keys(pool_id)


@pytest.fixture
def kept(quick_keys):
    """An emulator with a running clock, as any service has."""
    with closing(LocalCognito()) as emulator:
        yield emulator


def pools_of(emulator):
    return emulator.client().list_user_pools(MaxResults=60)["UserPools"]


@pytest.fixture
def run_at(tmp_path):
    """Run tests with `--endpoint` in a separate process; return its exit code and, for each test,
    its outcome: True, or why it was skipped or failed.
    """

    def ran(url, *arguments):
        report = tmp_path / "report.xml"
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--junit-xml",
            report,
            "--endpoint",
            url,
            *arguments,
        ]
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("AWS_")
        }
        done = subprocess.run(
            words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=5 * PATIENCE
        )
        return done.returncode, {
            case.get("name"): outcome(case) for case in xml.parse(report).iter("testcase")
        }

    return ran


def outcome(case):
    for what in ("skipped", "failure", "error"):
        if (found := case.find(what)) is not None:
            return found.get("message")
    return True


def left_out(reason):
    return reason is not True and reason.startswith(ONLY_HERE)


def test_the_tables_run_at_an_address(kept, run_at):
    service = Recorded(kept.service)
    with http.opened(service) as url:
        code, outcomes = run_at(
            url,
            "tests/emulator/test_sign_up.py",
            "tests/emulator/test_pools.py",
            "tests/emulator/test_confirm_sign_up.py",
        )
    assert code == 0
    assert not [
        name for name, reason in outcomes.items() if reason is not True and not left_out(reason)
    ]
    passed = [name for name, reason in outcomes.items() if reason is True]
    assert len(passed) >= 60
    assert {
        "test_signing_up_is_rejected[1.1 taken]",
        "test_a_pool_or_client_is_rejected[1.16 sessions over 15 minutes]",
    } <= set(passed)
    reasons = {reason.removeprefix(ONLY_HERE) for reason in outcomes.values() if reason is not True}
    assert reasons >= {
        "a choice of its own, no fact",
        "its clock, moved on",
        "the mail that was sent",
        "what it has not",
    }
    assert service.asked.count("CreateUserPool") > len(passed)
    assert pools_of(kept) == [], "something was left behind"


def test_a_wrong_response_of_the_service_is_found(kept, run_at):
    """A failing test leaves nothing behind."""
    service = Recorded(
        kept.service,
        lambda _, answer: replace(answer, body=answer.body.replace(TAKEN, b"User exists already")),
    )
    with http.opened(service) as url:
        code, outcomes = run_at(
            url,
            "tests/emulator/test_sign_up.py",
            "-k",
            "test_signing_up_is_rejected and not choice",
        )
    assert code == 1
    failed = {name: reason for name, reason in outcomes.items() if reason is not True}
    rows = [
        "1.1 taken",
        "1.1 taken, by a confirmed user",
        "1.1 taken, though the client hides who exists",
        "10.2 taken, in capitals",
    ]
    assert set(failed) == {f"test_signing_up_is_rejected[{row}]" for row in rows}
    assert all("User exists already" in reason for reason in failed.values())
    assert len(outcomes) > 2 * len(failed)
    assert "CreateUserPool" in service.asked
    assert pools_of(kept) == []


@pytest.fixture
def no_settings(monkeypatch):
    """A machine without any settings for AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_a_created_pool_is_tagged_and_deleted_even_if_it_is_protected(kept, no_settings):
    with http.opened(kept.service) as url:
        there = RemoteCognito(url)
        there.aws.create_user_pool(PoolName="x", DeletionProtection="ACTIVE")
        assert there.post("CreateUserPool", {"PoolName": "y"})[1]["UserPool"]["Name"] == "y"
        described = [
            kept.client().describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
            for pool in pools_of(kept)
        ]
        assert {pool["Name"]: pool["UserPoolTags"] for pool in described} == {"x": TAGS, "y": {}}
        assert there.clean_up() == []
    assert pools_of(kept) == []


def test_a_pool_that_cannot_be_deleted_is_named(kept, no_settings):
    trouble = [True]
    service = Recorded(
        kept.service,
        lambda name, answer: (
            error_answer(http.InternalErrorException("x"))
            if trouble and name == "DeleteUserPool"
            else answer
        ),
    )
    with http.opened(service) as url:
        there = RemoteCognito(url)
        pool_id = there.aws.create_user_pool(PoolName="x")["UserPool"]["Id"]
        assert there.clean_up() == [pool_id]
        trouble.clear()
        assert there.clean_up() == [], "it was not tried again"


def test_what_is_left_is_listed_at_the_end():
    told = []
    config = SimpleNamespace(stash={conftest.LEFT: ["us-east-1_x"]})
    conftest.pytest_terminal_summary(
        SimpleNamespace(line=lambda text, **_: told.append(text)), config
    )
    assert told == ["The pool us-east-1_x could not be deleted: delete it by hand."]


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("http://127.0.0.1:1", "The tests cannot use http://127.0.0.1:1: "),
        ("aws", "Amazon Cognito needs a region"),
    ],
)
def test_without_access_to_the_service_the_run_ends_with_a_sentence(no_settings, where, sentence):
    with pytest.raises(pytest.exit.Exception, match=sentence):
        RemoteCognito(where)


class TooManyRequestsException(CognitoError):
    message = "Too many requests"


def test_a_throttled_request_is_repeated(kept, no_settings, monkeypatch):
    """But not an error that says a user's limit is reached: that is a response to check."""
    naps, troubles = [], [TooManyRequestsException(), TooManyRequestsException()]
    monkeypatch.setattr(
        botocore.endpoint, "time", SimpleNamespace(sleep=naps.append, time=time.time)
    )
    service = Recorded(
        kept.service, lambda _, answer: error_answer(troubles.pop()) if troubles else answer
    )
    with http.opened(service) as url:
        there = RemoteCognito(url)
        assert naps == [2, 4]
        troubles.append(LimitExceededException())
        with pytest.raises(there.aws.exceptions.LimitExceededException):
            there.aws.list_user_pools(MaxResults=1)
    assert len(naps) == 2


# Elsewhere only the next 30 seconds can be waited for.


@pytest.fixture
def slept(monkeypatch):
    """A clock that advances when a test sleeps, and the seconds slept."""
    moment, naps = [1_800_000_010.0], []

    def sleep(seconds):
        naps.append(seconds)
        moment[0] += seconds

    monkeypatch.setattr(remote, "time", SimpleNamespace(time=lambda: moment[0], sleep=sleep))
    assert time.time() != moment[0], "the rest of the process keeps its time"
    return naps


def test_the_next_time_step_is_waited_for(slept):
    WallClock().advance(STEP)
    assert slept == [pytest.approx(20.5)]


def test_a_code_is_not_read_in_the_last_seconds_of_its_time_step(slept):
    clock = WallClock()
    assert clock.now() == 1_800_000_010
    remote.time.sleep(17)
    assert clock.now() == pytest.approx(1_800_000_030.5)


@pytest.mark.parametrize("seconds", [1, STEP - 1, STEP + 1, 3600])
def test_no_other_time_is_waited_for(slept, seconds):
    with pytest.raises(pytest.skip.Exception, match=ONLY_HERE + "its clock, moved on"):
        WallClock().advance(seconds)
    WallClock().advance(0)
    assert slept == []
