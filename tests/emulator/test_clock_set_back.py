"""The computer's clock is set back: by NTP, or when a virtual machine resumes. What expired stays
expired, and nothing lasts as long as the jump.
"""

from types import SimpleNamespace

import pytest

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.storage import clock, times
from cognito_helpers.local_cognito.storage.store import Store

from .flow import HOUR, NOW, STEP, WRONG_PASSWORD, rejects

YEAR = 365 * 24 * HOUR


@pytest.fixture
def machine(emulator, monkeypatch):
    """The computer's clock: set `now`."""
    machine = SimpleNamespace(now=NOW)
    for module in (clock, times):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: machine.now))
    return machine


def test_sessions_ended_by_a_new_password_stay_ended(flow, machine):
    flow.enrolled().wait(STEP).sign_in()
    machine.now += 1
    flow.aws.admin_set_user_password(**flow.named(), Password="Another-Horse-8", Permanent=True)
    machine.now -= 3
    with rejects(flow, "NotAuthorizedException"):
        flow.send_code()


def test_a_used_code_stays_used(flow, machine):
    """Also for another process that hasn't read the clock yet."""
    flow.enrolled().wait(STEP).sign_in()
    old = flow.code()
    flow.send_code(old)
    for _ in range(3):
        flow.wait(STEP).sign_in()
        flow.send_code()
    machine.now -= 4 * STEP
    flow.sign_in()
    with rejects(flow, "CodeMismatchException"):
        flow.send_code(old)


@pytest.mark.parametrize("jump", [2, 2 * 60, YEAR])
def test_a_lock_lasts_at_most_twice_as_long(make_flow, machine, jump):
    flow = make_flow("no MFA").confirmed()
    machine.now += jump
    for _ in range(6):
        with rejects(flow, "NotAuthorizedException"):
            flow.sign_in(WRONG_PASSWORD)
    machine.now -= jump
    with rejects(flow, "NotAuthorizedException", "Password attempts exceeded"):
        flow.sign_in()
    machine.now += 2
    assert flow.sign_in()["AuthenticationResult"]


def test_the_clock_runs_at_half_speed_until_both_agree(emulator, machine):
    now = emulator.clock.now
    assert now() == NOW
    machine.now -= 60
    assert now() == NOW
    machine.now += 20
    assert now() == NOW + 10
    machine.now += 60
    assert now() == NOW + 40
    machine.now += 60
    assert now() == machine.now == NOW + 80
    machine.now += 60
    assert now() == machine.now


def test_advancing_the_clock_works_whatever_the_machine_says(emulator, machine):
    emulator.clock.now()
    machine.now -= HOUR
    emulator.clock.advance(60)
    assert emulator.clock.now() == NOW + 60
    machine.now += 2 * HOUR
    assert emulator.clock.now() == machine.now + 60


def test_the_latest_time_is_saved_with_changes_and_reading_writes_nothing(tmp_path, machine):
    path = tmp_path / "state.sqlite"
    first = Store(path)
    first.transact(lambda tx: tx.run("INSERT INTO meta VALUES ('x', 1)"))
    changes = first._connection.total_changes
    machine.now += 10
    assert first.transact(lambda tx: tx.now) == NOW + 10
    assert first._connection.total_changes == changes
    first.transact(lambda tx: tx.run("UPDATE meta SET value = 2 WHERE name = 'x'"))
    first.close()
    machine.now -= HOUR
    second = LocalCognito(path)
    assert second.clock.now() == NOW + 10
    machine.now += 2
    assert second.clock.now() == NOW + 11
    second.close()


def test_an_advance_that_was_rolled_back_is_not_saved(emulator):
    def fail(tx):
        tx.advance(HOUR)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        emulator._store.transact(fail)
    assert emulator.clock.now() == NOW
