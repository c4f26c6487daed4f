"""The state file: who may read it, and unusable files."""

import os
import socket
import sqlite3
import stat
from pathlib import Path

import pytest

from cognito_helpers.local_cognito import LocalCognito, StateFileError
from cognito_helpers.local_cognito.storage import tables

from .flow import post


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.sqlite"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_file_and_new_folders_are_readable_only_by_their_owner(tmp_path, mask):
    before = os.umask(mask)
    try:
        folder = tmp_path / "one" / "two"
        emulator = LocalCognito(folder / "state.sqlite")
        emulator.clock.advance(1)
    finally:
        os.umask(before)
    files = sorted(folder.iterdir())
    assert folder / "state.sqlite" in files
    assert {file.name: mode(file) for file in files} == {file.name: 0o600 for file in files}
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o700)
    emulator.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_an_existing_folder_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    LocalCognito(tmp_path / "state.sqlite").close()
    assert mode(tmp_path) == 0o755


def test_a_path_may_be_a_string(tmp_path):
    LocalCognito(str(tmp_path / "state.sqlite")).close()
    assert (tmp_path / "state.sqlite").exists()


def test_in_memory_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    emulator = LocalCognito()
    assert post(emulator, "CreateUserPool", PoolName="x")[0] is None
    emulator.close()
    assert list(tmp_path.iterdir()) == []


def foreign_database(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()


def foreign_database_with_a_name(path):
    foreign_database(path)
    pragma(path, "application_id = 1")


def text(path):
    path.write_text("Dear diary, " * 500)


def short_text(path):
    path.write_text("xy")


def one_byte(path):
    path.write_bytes(b"x")


def ours(path):
    LocalCognito(path).close()


def truncated(path):
    ours(path)
    path.write_bytes(path.read_bytes()[:5000])


def cut_in_the_first_page(path):
    ours(path)
    path.write_bytes(path.read_bytes()[:700])


def newer(path):
    ours(path)
    pragma(path, f"user_version = {tables.VERSION + 1}")


def pragma(path, setting):
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA {setting}")
    connection.close()


# A file: (what creates it, what the sentence says about it)
UNUSABLE = {
    "another program's database": (foreign_database, "isn't a state file of the emulator"),
    "another program's database, with its name on it": (
        foreign_database_with_a_name,
        "isn't a state file of the emulator",
    ),
    "a text": (text, "isn't a state file of the emulator"),
    "a short text": (short_text, "isn't a state file of the emulator"),
    "one byte": (one_byte, "isn't a state file of the emulator"),
    "cut off": (truncated, "is damaged"),
    "cut off early": (cut_in_the_first_page, "is damaged"),
    "of a newer version": (newer, "was written by a newer version of the emulator"),
    "a folder": (Path.mkdir, "can't be opened: Is a directory"),
}


@pytest.mark.parametrize(("make", "what"), UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_file_is_named_and_left_alone(path, make, what):
    make(path)
    if what.endswith("isn't a state file of the emulator"):
        path.chmod(0o754)
    before = path.read_bytes() if path.is_file() else None
    rights = mode(path)

    with pytest.raises(StateFileError) as caught:
        LocalCognito(path)

    assert str(caught.value).startswith(f"The state file {path} {what}. To start over, ")
    assert (path.read_bytes() if path.is_file() else None) == before
    assert list(path.parent.iterdir()) == [path], "something was left beside it"
    assert mode(path) == rights


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_state_file_readable_by_others_is_made_private(path):
    ours(path)
    path.chmod(0o644)
    emulator = LocalCognito(path)
    emulator.clock.advance(1)
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}
    emulator.close()


def test_the_target_of_a_link_is_checked(path, tmp_path):
    """Another file keeps its mode; a state file is used."""
    script, own = tmp_path / "script.sh", tmp_path / "own.sqlite"
    script.write_text("echo" + " " * 200)
    script.chmod(0o755)
    path.symlink_to(script)
    with pytest.raises(StateFileError, match="isn't a state file of the emulator"):
        LocalCognito(path)
    assert mode(script) == 0o755
    ours(own)
    path.unlink()
    path.symlink_to(own)
    emulator = LocalCognito(path)
    emulator.clock.advance(60)
    emulator.close()
    emulator = LocalCognito(own)
    assert emulator.clock.offset() >= 59
    emulator.close()


def test_a_link_without_a_target_creates_nothing(path, tmp_path):
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StateFileError, match="can't be opened: No such file or directory"):
        LocalCognito(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["a pipe", "a socket"])
def test_it_does_not_wait_for_what_is_not_a_file(path, kind):
    if kind == "a pipe":
        os.mkfifo(path, 0o644)
    else:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
    rights = mode(path)
    with pytest.raises(StateFileError, match="isn't a regular file"):
        LocalCognito(path)
    assert mode(path) == rights


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such owners")
def test_a_file_of_another_user_is_not_used(path, monkeypatch):
    ours(path)
    path.chmod(0o644)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(StateFileError, match="belongs to another user"):
        LocalCognito(path)
    assert mode(path) == 0o644


def test_a_file_whose_creation_was_killed_is_created_again(path):
    """One page without a name, as SQLite writes it before the journal holds the rest."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    assert path.stat().st_size == 4096
    emulator = LocalCognito(path)
    assert post(emulator, "CreateUserPool", PoolName="x")[0] is None
    emulator.close()


# What happens to a file while it's in use
GONE = {
    "deleted": Path.unlink,
    "moved": lambda path: path.rename(path.with_suffix(".old")),
    "replaced": lambda path: (path.unlink(), ours(path)),
}


@pytest.mark.parametrize("happens", GONE.values(), ids=GONE)
def test_a_deleted_file_is_noticed(path, happens):
    emulator = LocalCognito(path)
    assert post(emulator, "CreateUserPool", PoolName="x")[0] is None
    happens(path)
    with pytest.raises(StateFileError, match="was deleted, moved or replaced"):
        post(emulator, "CreateUserPool", PoolName="x")
    emulator.close()


def test_a_file_is_found_again_from_another_folder(path, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    emulator = LocalCognito(path.name)
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    assert post(emulator, "CreateUserPool", PoolName="x")[0] is None
    emulator.close()


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StateFileError, match="can't be opened"):
        LocalCognito(tmp_path / "file" / "state.sqlite")


def test_an_empty_file_is_a_new_one(path):
    path.touch()
    emulator = LocalCognito(path)
    assert post(emulator, "CreateUserPool", PoolName="x")[0] is None
    emulator.close()
    assert path.read_bytes().startswith(b"SQLite format 3")


# Files of earlier versions


def first_version(path):
    """A file of version 1, stored beside this test: alice is signed in through a client that may
    refresh.
    """
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "state_version_1.sql").read_text())
    connection.close()


def second_version(path):
    """A file of version 2: the same user, and no groups yet."""
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "state_version_2.sql").read_text())
    connection.close()


def third_version(path):
    """A file of version 3: the same user, with an authenticator app that's preferred."""
    connection = sqlite3.connect(path)
    connection.executescript((Path(__file__).parent / "state_version_3.sql").read_text())
    connection.close()


EARLIER = pytest.mark.parametrize("earlier", [first_version, second_version, third_version])


@EARLIER
def test_a_user_of_an_earlier_version_stays_signed_in(path, earlier):
    earlier(path)
    emulator = LocalCognito(path)
    refreshed = post(
        emulator,
        "InitiateAuth",
        ClientId="cxqkasck4xn0ekcgpij1l8k8rc",
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": "a refresh token of version 1"},
    )
    emulator.close()
    assert refreshed[1]["AuthenticationResult"]


@EARLIER
def test_a_file_of_an_earlier_version_becomes_like_a_new_one(path, tmp_path, earlier):
    def layout(file):
        connection = sqlite3.connect(file)
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
        ]
        columns = {
            table: sorted(row[1:4] for row in connection.execute(f"PRAGMA table_info({table})"))
            for table in tables
        }
        indexes = sorted(
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger')"
            )
        )
        version = connection.execute("PRAGMA user_version").fetchone()
        connection.close()
        return columns, indexes, version

    LocalCognito(tmp_path / "new.sqlite").close()
    earlier(path)
    LocalCognito(path).close()
    assert layout(path) == layout(tmp_path / "new.sqlite")


def test_pools_of_the_first_version_get_different_secrets(path):
    first_version(path)
    LocalCognito(path).close()
    connection = sqlite3.connect(path)
    secrets = [row[0] for row in connection.execute("SELECT secret FROM pools")]
    connection.close()
    assert [len(secret) for secret in secrets] == [32]


def test_factors_messages_and_groups_of_the_third_version_are_kept(path):
    third_version(path)
    emulator = LocalCognito(path)
    pool = {"UserPoolId": "us-east-1_9DJ2cVk0S"}
    _, user = post(emulator, "AdminGetUser", **pool, Username="alice")
    _, config = post(emulator, "GetUserPoolMfaConfig", **pool)
    _, groups = post(emulator, "AdminListGroupsForUser", **pool, Username="alice")
    (message,) = emulator.inbox("alice")
    emulator.close()
    assert user["UserMFASettingList"] == [user["PreferredMfaSetting"]] == ["SOFTWARE_TOKEN_MFA"]
    assert config["SoftwareTokenMfaConfiguration"] == {"Enabled": True}
    assert [group["GroupName"] for group in groups["Groups"]] == ["editors"]
    assert (message.code, message.medium) == ("123456", "EMAIL")
