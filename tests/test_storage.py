"""What the lab remembers: in the progress file, in the kernel, and in a part of either."""

import contextlib
import json
import sys
from typing import NamedTuple

import pytest

from cognito_helpers.backends import storage
from cognito_helpers.backends.storage import VERSION, FileStorage, KernelStorage, StoredMapping
from cognito_helpers.calls.effects import EFFECTS, Effect
from cognito_helpers.errors import LessonError
from cognito_helpers.lab.guard import DELETES
from cognito_helpers.lab.inventory import Inventory


@pytest.fixture(params=["file", "kernel"])
def memory(request, tmp_path):
    return FileStorage(tmp_path / "progress.json") if request.param == "file" else KernelStorage()


@pytest.mark.parametrize("value", [0, False, "", [], {}, "ana", [1, None]])
def test_any_value_but_none_is_remembered(memory, value):
    memory.set("name", value)
    assert memory.get("name") == value


def test_none_is_forgotten(tmp_path):
    progress = FileStorage(tmp_path / "progress.json")
    progress.set("name", "ana")
    progress.set("name", None)
    assert json.loads((tmp_path / "progress.json").read_text()) == {"version": VERSION}


@pytest.mark.parametrize("version", [0, VERSION])
def test_a_file_of_this_version_or_an_older_one_is_read(tmp_path, version):
    path = tmp_path / "progress.json"
    path.write_text(json.dumps({"version": version, "username": "ana"}))
    assert FileStorage(path).get("username") == "ana"


def test_a_file_of_the_next_version_is_left_unchanged(tmp_path):
    path = tmp_path / "progress.json"
    path.write_text(json.dumps({"version": VERSION + 1, "username": "ana"}))
    before = path.read_bytes()
    with pytest.raises(LessonError, match="newer version"):
        FileStorage(path).set("username", "ben")
    assert path.read_bytes() == before


def test_a_part_is_a_separate_mapping(memory):
    one, other = StoredMapping(memory, "one"), StoredMapping(memory, "other")
    one["a"], one["b"], other["a"] = "1", "2", "3"
    del one["a"]
    assert dict(one) == {"b": "2"} and len(one) == 1 and dict(other) == {"a": "3"}
    for missing in ("a", "c"):
        with pytest.raises(KeyError):
            del one[missing]
        with pytest.raises(KeyError):
            _ = one[missing]
    del one["b"]
    assert memory.get("one") is None and memory.get("other") == {"a": "3"}


# What the lab created

OURS, OTHERS = "us-east-1_ours", "us-east-1_others"


class Call(NamedTuple):
    """A successful call: its request and its response."""

    operation: str
    pool: str | None = None
    client: str | None = None
    user: str | None = None
    answer: dict = {}  # noqa: RUF012 - nothing writes to it


def user_of(sub):
    return {"User": {"Attributes": [{"Name": "sub", "Value": sub}]}}


ALL_MADE = [
    Call("CreateUserPool", answer={"UserPool": {"Id": OURS}}),
    Call("CreateUserPoolClient", OURS, answer={"UserPoolClient": {"ClientId": "c1"}}),
    Call("CreateUserPoolClient", OTHERS, answer={"UserPoolClient": {"ClientId": "c2"}}),
    Call("AdminCreateUser", OURS, user="ana", answer=user_of("s1")),
    Call("AdminCreateUser", OTHERS, user="ana", answer=user_of("s2")),
    Call("SignUp", client="c2", user="ben", answer={"UserSub": "s3"}),
    Call("SignUp", client="of no one", user="eve", answer={"UserSub": "s4"}),
    Call("AdminCreateUser", "us-east-1_third", user="ana", answer=user_of("s5")),
]
CLIENTS = [(OURS, "c1"), (OTHERS, "c2")]
ANA, BEN, THIRD = (OTHERS, "ana", "s2"), (OTHERS, "ben", "s3"), ("us-east-1_third", "ana", "s5")


class Left(NamedTuple):
    """What is left after a call."""

    call: Call
    pools: list
    clients: list
    users: list


GONE = {
    "nothing": Left(Call("DescribeUserPool", OURS), [OURS], CLIENTS, [ANA, BEN, THIRD]),
    "our pool": Left(Call("DeleteUserPool", OURS), [], CLIENTS[1:], [ANA, BEN, THIRD]),
    "another pool": Left(Call("DeleteUserPool", OTHERS), [OURS], CLIENTS[:1], [THIRD]),
    "a client": Left(
        Call("DeleteUserPoolClient", OTHERS, "c2"), [OURS], CLIENTS[:1], [ANA, BEN, THIRD]
    ),
    "a user by name": Left(
        Call("AdminDeleteUser", OTHERS, user="ana"), [OURS], CLIENTS, [BEN, THIRD]
    ),
    "a user by sub": Left(Call("DeleteUser", OTHERS, user="s3"), [OURS], CLIENTS, [ANA, THIRD]),
    "a user of the same name in our pool": Left(
        Call("AdminDeleteUser", OURS, user="ana"), [OURS], CLIENTS, [ANA, BEN, THIRD]
    ),
}


@pytest.mark.parametrize("name", GONE)
def test_what_was_created_is_recorded_until_it_is_deleted(memory, name):
    left = GONE[name]
    made = Inventory(memory, KernelStorage())
    for operation, pool, client, user, answer in [*ALL_MADE, left.call]:
        if operation in DELETES:
            made.remove(operation, pool, client, user)
        elif EFFECTS[operation] == Effect.CREATES:
            made.add(operation, pool, client, user, answer)
    assert (made.pools, made.clients, made.users) == (left.pools, left.clients, left.users)


def test_the_client_in_use_by_the_lessons_names_the_pool_of_a_sign_up(memory):
    made = Inventory(memory, KernelStorage(pool_id=OTHERS, client_id="current"))
    made.add("SignUp", None, "current", "ana", {"UserSub": "s"})
    assert made.users == [(OTHERS, "ana", "s")]


class Stopped(KeyboardInterrupt):
    """The stop button."""


def run_until(step, work):
    """Run `work` up to a step of Python's and stop it there, or all of it; return how many steps it
    took.
    """
    taken = 0

    def trace(frame, event, _):
        nonlocal taken
        if frame.f_code.co_filename not in (storage.__file__, contextlib.__file__):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        taken += event == "opcode"
        if taken == step:
            sys.settrace(None)
            raise Stopped
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    return taken


def test_a_stop_anywhere_in_a_write_does_not_block_others(tmp_path, monkeypatch):
    """Like IPython, this keeps the traceback, and with it whatever wasn't closed."""
    monkeypatch.setattr(storage, "PATIENCE", 0)
    one, other = FileStorage(tmp_path / "progress.json"), FileStorage(tmp_path / "progress.json")
    for step in range(1, run_until(None, lambda: one.set("username", "ana"))):
        with pytest.raises(Stopped) as kept:
            run_until(step, lambda: one.set("username", "ana"))
        other.set("username", "ben")
        assert one.get("username") == "ben", kept
