"""A state file on a drive that reads and writes only whole files, as in a browser tab."""

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.backends.storage import TabStorage, learner_progress
from cognito_helpers.errors import LessonError
from cognito_helpers.local_cognito import LocalCognito, StateFileError
from cognito_helpers.local_cognito.storage import store, tab_lock
from cognito_helpers.local_cognito.storage.browser_file import WholeFile


@pytest.fixture(autouse=True)
def in_a_tab(monkeypatch):
    monkeypatch.setattr(store, "IN_A_TAB", True)


def pools(emulator):
    return [pool["Name"] for pool in emulator.client().list_user_pools(MaxResults=60)["UserPools"]]


def test_two_kernels_share_their_state_and_the_next_day_has_both(tmp_path):
    path = tmp_path / "state.sqlite"
    one, two = LocalCognito(path), LocalCognito(path)
    one.client().create_user_pool(PoolName="one")
    assert pools(two) == ["one"]
    two.client().create_user_pool(PoolName="two")
    assert sorted(pools(one)) == ["one", "two"]
    one.clock.advance(60)
    assert two.clock.offset() >= 59
    assert sorted(pools(LocalCognito(path))) == ["one", "two"]


def test_it_is_a_sqlite_file_without_files_beside_it(tmp_path):
    LocalCognito(tmp_path / "state.sqlite").client().create_user_pool(PoolName="one")
    assert os.listdir(tmp_path) == ["state.sqlite"]
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM pools").fetchone() == (1,)
    connection.close()


def test_reading_writes_nothing(tmp_path):
    path = tmp_path / "state.sqlite"
    emulator = LocalCognito(path)
    emulator.client().create_user_pool(PoolName="one")
    os.utime(path, (1, 1))
    assert pools(emulator) == ["one"] and path.stat().st_mtime == 1


def test_a_rejected_call_leaves_the_file_unchanged(tmp_path):
    emulator = LocalCognito(tmp_path / "state.sqlite")
    client = emulator.client()
    before = (tmp_path / "state.sqlite").read_bytes()
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_user_pool(UserPoolId="us-east-1_abcdefghi")
    assert (tmp_path / "state.sqlite").read_bytes() == before


def test_a_function_may_call_the_emulator_while_its_caller_holds_the_lock(tmp_path, monkeypatch):
    """Taken a second time, the service worker's lock would be waited for without end."""
    asked = []
    monkeypatch.setattr(tab_lock, "ask", lambda what, path, holder: asked.append(what))

    def confirm(event, _):
        client.create_group(UserPoolId=event["userPoolId"], GroupName="made-by-a-function")
        event["response"]["autoConfirmUser"] = True
        return event

    path = tmp_path / "state.sqlite"
    client = LocalCognito(path, lambdas={"confirm": confirm}).client()
    arn = "arn:aws:lambda:us-east-1:123456789012:function:confirm"
    pool = client.create_user_pool(PoolName="one", LambdaConfig={"PreSignUp": arn})["UserPool"]
    app = client.create_user_pool_client(UserPoolId=pool["Id"], ClientName="app")
    client_id = app["UserPoolClient"]["ClientId"]
    del asked[:]
    client.sign_up(ClientId=client_id, Username="ana", Password="Correct-Horse-7")
    assert asked == ["take", "give"]
    another = LocalCognito(path).client()
    assert len(another.list_groups(UserPoolId=pool["Id"])["Groups"]) == 1
    assert len(another.list_users(UserPoolId=pool["Id"])["Users"]) == 1


def test_a_foreign_file_is_rejected_with_a_sentence_and_left_alone(tmp_path):
    path = tmp_path / "state.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StateFileError, match="isn't a state file"):
        LocalCognito(path)
    assert path.read_bytes() == b"not a database" * 100


def test_a_deleted_file_is_one_sentence(tmp_path):
    emulator = LocalCognito(tmp_path / "state.sqlite")
    (tmp_path / "state.sqlite").unlink()
    with pytest.raises(StateFileError, match="No such file"):
        pools(emulator)


def test_a_failed_write_is_one_sentence_and_undone(tmp_path, monkeypatch):
    emulator = LocalCognito(tmp_path / "state.sqlite")
    emulator.client().create_user_pool(PoolName="one")
    before = (tmp_path / "state.sqlite").read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with (
        monkeypatch.context() as patched,
        pytest.raises(StateFileError, match="No space left on device"),
    ):
        patched.setattr(os, "replace", full)
        emulator.client().create_user_pool(PoolName="two")
    assert (
        os.listdir(tmp_path) == ["state.sqlite"]
        and (tmp_path / "state.sqlite").read_bytes() == before
    )
    assert pools(emulator) == ["one"]
    emulator.client().create_user_pool(PoolName="three")
    assert sorted(pools(LocalCognito(tmp_path / "state.sqlite"))) == ["one", "three"]


def test_reading_in_order_to_change_makes_other_tabs_wait(tmp_path, monkeypatch):
    """Here the service worker is a list. The real one is tested in `site/`."""
    done = []
    path = tmp_path / "state.sqlite"
    emulator = LocalCognito(path)
    monkeypatch.setattr(tab_lock, "ask", lambda what, file, holder: done.append((what, file.name)))
    for name in "read", "write":
        whole = getattr(WholeFile, name)
        monkeypatch.setattr(
            WholeFile,
            name,
            lambda self, connection, name=name, whole=whole: (
                done.append(name),
                whole(self, connection),
            )[1],
        )
    take, give = ("take", path.name), ("give", path.name)
    emulator.client().create_user_pool(PoolName="one")
    assert done == [take, "read", "write", give]
    done.clear()
    with pytest.raises(ClientError):
        emulator.client().delete_user_pool(UserPoolId="eu-west-1_unknown")
    assert done[0] == take and done[-1] == give
    done.clear()
    LocalCognito(path)
    assert done[0] == take and done[-1] == give


def test_writing_the_progress_makes_other_tabs_wait(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(tab_lock, "ask", lambda what, file, holder: done.append((what, file.name)))
    learner_progress(tmp_path).set("backend", "local")
    assert done == [("take", "progress.json"), ("give", "progress.json")]


def test_two_tabs_see_what_the_other_wrote(tmp_path):
    one, other = learner_progress(tmp_path), learner_progress(tmp_path)
    assert isinstance(one, TabStorage)
    for number in range(1, 20):
        # Each of another size: the time of a file here may be the same for some milliseconds.
        made = {"pools": ["one"] * number}
        one.set("made", made)
        assert other.get("made") == one.get("made") == made
        other.get("made")["pools"].append("changed by the caller")


def test_progress_is_read_again_only_if_it_changed(tmp_path, monkeypatch):
    progress, reads, read = learner_progress(tmp_path), [], Path.read_text
    progress.set("backend", "local")
    monkeypatch.setattr(
        Path, "read_text", lambda self, **how: (reads.append(self), read(self, **how))[1]
    )
    assert [progress.get("backend") for _ in range(3)] == ["local"] * 3
    assert len(reads) == 1


def test_progress_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    progress = learner_progress(tmp_path)
    progress.set("backend", "local")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(LessonError, match="can't be written: No space left on device"):
        progress.set("backend", "aws")
    assert progress.get("backend") == "local"
    assert os.listdir(tmp_path) == ["progress.json"]


KILLED = """
import os, sys
from pathlib import Path
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.storage import store

store.IN_A_TAB = True
emulator = LocalCognito(Path(sys.argv[1]))
emulator.client().create_user_pool(PoolName="one")
os.replace = lambda *_: os._exit(9)
emulator.client().create_user_pool(PoolName="two")
"""


def test_closing_a_tab_during_a_write_leaves_a_complete_file(tmp_path):
    path = tmp_path / "state.sqlite"
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False).returncode == 9
    assert len(os.listdir(tmp_path)) == 2, "it was not killed between writing and moving"
    assert pools(LocalCognito(path)) == ["one"]
