"""What the state file keeps, what an error leaves, and concurrent use of one file."""

import gc
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from cognito_helpers.local_cognito import LocalCognito, StateFileError

from .flow import EMAIL, HOUR, NOW, PASSWORD, STEP, VARIANTS, WRONG_PASSWORD, Flow, post, rejects


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.sqlite"


@pytest.fixture
def open_flow(frozen, quick_keys, path, switchboard, shared_client):
    """An emulator on the file, and a new pool in it."""
    flows = []

    def make(kind="tutorial"):
        emulator = LocalCognito(path)
        switchboard.service = emulator.service
        flows.append(Flow(emulator, shared_client, **VARIANTS[kind]))
        return flows[-1]

    yield make
    for flow in flows:
        flow.emulator.close()


def reopened(flow, switchboard, path):
    """The same user and pool, as another process finds them in the file."""
    flow.emulator.close()
    flow.emulator = LocalCognito(path)
    switchboard.service = flow.emulator.service
    return flow


# Contents


def test_another_process_continues_at_the_same_step(open_flow, path, switchboard):
    """In the middle of enrolling, and of signing in."""
    flow = reopened(open_flow().offered(), switchboard, path)
    flow.verify()
    flow.answer("MFA_SETUP")
    flow.wait(STEP)
    flow.sign_in()
    reopened(flow, switchboard, path)
    assert flow.send_code()["AuthenticationResult"]
    assert flow.get_user()["Username"] == "alice"
    reopened(flow, switchboard, path).sign_in()
    with rejects(flow, "ExpiredCodeException"):
        flow.send_code()


def test_no_secret_is_in_the_file(open_flow, path):
    """No password, and of sessions and refresh tokens nothing that could be used."""
    flow = open_flow("untracked").enrolled()
    session = flow.wait(STEP).sign_in()["Session"]
    flow.send_code()
    secrets = {
        "password": PASSWORD,
        "session": session,
        "refresh token": flow.tokens["RefreshToken"],
        "access token": flow.tokens["AccessToken"],
    }
    flow.emulator.close()
    held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert EMAIL.encode() in held, "the wrong files were read"
    assert [
        name
        for name, secret in secrets.items()
        if secret.encode() in held or secret[-20:].encode() in held
    ] == []


def test_an_error_leaves_only_the_count_of_attempts(open_flow):
    """Each of the two counts that an error keeps."""
    flow = open_flow()
    flow.sign_up()
    with rejects(flow, "CodeMismatchException"):
        flow.confirm(flow.wrong_email_code())
    flow.confirm()
    with rejects(flow, "NotAuthorizedException"):
        flow.sign_in(WRONG_PASSWORD)
    assert (
        flow.rows("SELECT action, at FROM attempts") == [{"action": "ConfirmSignUp", "at": NOW}] * 2
    )
    assert flow.rows("SELECT failed_passwords, last_failure FROM users") == [
        {"failed_passwords": 1, "last_failure": NOW}
    ]


def test_a_step_that_fails_halfway_is_undone(open_flow):
    flow = open_flow()
    before = flow.state()

    def fail(tx):
        tx.run("DELETE FROM pools")
        tx.run_even_if_rejected("DELETE FROM clients")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        flow.emulator._store.transact(fail)
    assert flow.state() == before
    flow.sign_up()


# Concurrent use


def test_two_processes_on_one_file_agree_on_the_time_and_see_each_other(open_flow, path):
    flow = open_flow("no MFA")
    other = LocalCognito(path)
    flow.signed_in()
    flow.wait(HOUR)
    assert other.clock.now() == flow.emulator.clock.now() == NOW + HOUR
    assert other.clock.offset() == HOUR
    client = other.client()
    assert (
        client.admin_get_user(UserPoolId=flow.pool_id, Username="alice")["UserStatus"]
        == "CONFIRMED"
    )
    assert [message.code for message in other.inbox("alice")] == [flow.email_code()]
    with pytest.raises(client.exceptions.NotAuthorizedException, match="Access Token has expired"):
        client.get_user(AccessToken=flow.tokens["AccessToken"])
    other.clock.advance(1)
    assert flow.emulator.clock.now() == NOW + HOUR + 1
    client.delete_user_pool(UserPoolId=flow.pool_id)
    other.close()
    with rejects(flow, "ResourceNotFoundException"):
        flow.look()


@pytest.mark.parametrize("seconds", [-1, -0.001, float("nan"), float("inf")])
def test_the_clock_only_moves_forward(emulator, seconds):
    with pytest.raises(ValueError, match="only moves forward"):
        emulator.clock.advance(seconds)
    assert emulator.clock.now() == NOW


class FailingCommit:
    """A connection whose next COMMIT finds the disk full."""

    def __init__(self, connection):
        self._connection, self.armed = connection, True

    def execute(self, sql, *values):
        if sql == "COMMIT" and self.armed:
            self.armed = False
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        return self._connection.execute(sql, *values)

    def __getattr__(self, name):
        return getattr(self._connection, name)


def failures_counted(flow):
    return [row["failed_passwords"] for row in flow.rows("SELECT failed_passwords FROM users")]


@pytest.mark.parametrize("error", [False, True], ids=["of a request", "of an error's counts"])
def test_a_failed_commit_changes_nothing_and_the_next_request_works(flow, error):
    flow.confirmed()
    before = flow.state()
    store = flow.emulator._store
    store._connection = FailingCommit(store._connection)
    with pytest.raises(StateFileError, match="the disk is full. Make room and run this again"):
        flow.sign_in(WRONG_PASSWORD) if error else flow.sign_up("ben")
    assert flow.state() == before
    assert failures_counted(flow) == [0]
    flow.sign_up("ben")
    assert flow.look("ben")["UserStatus"] == "UNCONFIRMED"


def test_a_file_that_may_not_grow_loses_nothing_and_works_again_when_there_is_space(open_flow):
    flow = open_flow()
    connection = flow.emulator._store._connection
    connection.execute(
        f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}"
    )
    signed_up = 0
    with pytest.raises(StateFileError, match="the disk is full"):
        for signed_up in range(500):
            flow.sign_up(f"user{signed_up}")
    assert len(flow.list()["Users"]) == min(signed_up, 60)
    connection.execute("PRAGMA max_page_count = 1000000")
    flow.sign_up(f"user{signed_up}")


def test_the_clock_stays_within_the_calendar(emulator):
    """An authenticator has no codes after the year 9999, and a clock moved there could never
    return.
    """
    emulator.clock.advance(7000 * 365 * 86400)
    with pytest.raises(ValueError, match="year 9998"):
        emulator.clock.advance(2000 * 365 * 86400)
    assert emulator.clock.now() == NOW + 7000 * 365 * 86400


def in_threads(count, work):
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


@pytest.mark.parametrize("files", [1, 3], ids=["one emulator", "an emulator for each"])
def test_threads_that_write_at_once_lose_nothing(open_flow, path, files):
    flow = open_flow("no MFA")
    emulators = [LocalCognito(path) for _ in range(files)]
    about = {
        "ClientId": flow.client_id,
        "Password": PASSWORD,
        "UserAttributes": [{"Name": "email", "Value": "a@b.c"}],
    }

    def work(number):
        return [
            post(emulators[number % files], "SignUp", Username=f"user{number}-{turn}", **about)[0]
            for turn in range(4)
        ]

    assert in_threads(3, work) == [[None] * 4] * 3
    assert (
        flow.aws.describe_user_pool(UserPoolId=flow.pool_id)["UserPool"]["EstimatedNumberOfUsers"]
        == 12
    )
    assert len({user["Username"] for user in flow.list()["Users"]}) == 12
    for emulator in emulators:
        emulator.close()


class Intrusive:
    """A connection that lets another process write as soon as the file is unlocked."""

    def __init__(self, connection, turn):
        self.connection, self.turn = connection, turn

    def execute(self, *statement):
        done = self.connection.execute(*statement)
        if self.turn and not self.connection.in_transaction:
            turn, self.turn = self.turn, None
            turn()
        return done

    def __getattr__(self, name):
        return getattr(self.connection, name)


def test_wrong_passwords_sent_at_once_are_all_counted(open_flow, path):
    """Two emulators on one file must not both count on from the same number: parallel guesses would
    outrun the lock.
    """
    flow = open_flow("no MFA").confirmed()
    other = LocalCognito(path)
    attempt = {
        "ClientId": flow.client_id,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "alice", "PASSWORD": WRONG_PASSWORD},
    }
    answers = []
    store = flow.emulator._store
    store._connection = Intrusive(
        store._connection, lambda: answers.append(post(other, "InitiateAuth", **attempt)[0])
    )

    answers.append(post(flow.emulator, "InitiateAuth", **attempt)[0])

    assert answers == ["NotAuthorizedException"] * 2
    assert failures_counted(flow) == [2]
    other.close()


def test_an_emulator_that_was_never_closed_closes_its_database_when_it_is_deleted():
    emulator = LocalCognito()
    connection = emulator._store._connection
    connection.execute("SELECT 1")
    del emulator
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        connection.execute("SELECT 1")
