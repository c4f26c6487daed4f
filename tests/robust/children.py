"""Processes that are killed, crowded or starved: `python -m tests.robust.children WHAT ...`, a
separate program because it forks.

The parent loads everything once. Each child is a fork of it that opens the file again, like a
kernel or an endpoint. A child acknowledges each completed call by one byte on a pipe. The parent
prints what it counted, as JSON; an error in it, or a file that lost something, ends it with a
traceback.
"""

from __future__ import annotations

import json
import os
import random
import resource
import select
import signal
import sqlite3
import stat
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from cognito_helpers.actions import Device
from cognito_helpers.backends.local import EmulatorBackend
from cognito_helpers.backends.storage import FileStorage, StoredMapping
from cognito_helpers.errors import LessonError
from cognito_helpers.lab.lab import OF_A_POOL, Lab
from cognito_helpers.lessons.opening import open_lab
from cognito_helpers.lessons.prerequisites import AN_ENROLLED_USER, NOTHING
from cognito_helpers.local_cognito import LocalCognito, StateFileError
from cognito_helpers.local_cognito.endpoint import Endpoint
from cognito_helpers.sign_in.software_authenticator import SoftwareAuthenticator

from ..emulator import lambdas

PASSWORD, NOBODY = "Correct-Horse-7", 65534
# What must be in the file for each user, one part for each call
STAGES = 4


def child(work: Callable[[Callable[[], None]], None]) -> tuple[int, int]:
    """Fork; the child does `work`, which gets a function to acknowledge with. Return its process
    and the end of the pipe to read from.
    """
    ours, theirs = os.pipe()
    process = os.fork()
    if process:
        os.close(theirs)
        return process, ours
    try:
        work(lambda: void(os.write(theirs, b".")))
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(1)
    os._exit(0)


def void(_: object) -> None:
    return None


def read_until(pipe: int, moment: float) -> int:
    """How many acknowledgements came before `moment`, a time of the monotonic clock, or before the
    end.
    """
    came = 0
    while (left := moment - time.monotonic()) > 0 and select.select([pipe], [], [], left)[0]:
        piece = os.read(pipe, 65536)
        if not piece:
            break
        came += len(piece)
    return came


def killed(process: int, pipe: int) -> int:
    """Kill a child, and count what it acknowledged since the last count."""
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    rest = 0
    while piece := os.read(pipe, 65536):
        rest += len(piece)
    os.close(pipe)
    return rest


# What a child does to a state file, and what must then be in it


def ask(emulator: LocalCognito, operation: str, **request: object) -> dict[str, Any]:
    """The response of the service itself: creating a boto3 client would take longer than a child
    lives.
    """
    answer = emulator.service.answer(operation, json.dumps(request).encode(), Endpoint())
    return json.loads(answer.body or b"{}")


def begin(path: Path) -> dict[str, str]:
    """Create a pool with a client and a user, "first0"."""
    with closing(LocalCognito(path)) as emulator:
        schema = [{"Name": "email", "Required": True, "Mutable": True}]
        pool = ask(
            emulator,
            "CreateUserPool",
            PoolName="x",
            AutoVerifiedAttributes=["email"],
            Schema=schema,
        )["UserPool"]["Id"]
        made = ask(
            emulator,
            "CreateUserPoolClient",
            UserPoolId=pool,
            ClientName="x",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        )
        ids = {"ClientId": made["UserPoolClient"]["ClientId"]}
        ask(
            emulator,
            "SignUp",
            **ids,
            Username="first0",
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": "a@b.c"}],
        )
    return ids


def calls(
    path: Path, ids: dict[str, str], name: str, first: int, acknowledge: Callable[[], None]
) -> None:
    """Users, one after the other without end: each signs up, confirms, gets one error, and signs
    in; `first` stages are done already.
    """
    emulator = LocalCognito(path)
    for stage in range(first, 10**9):
        username = f"{name}{stage // STAGES}"
        given = {"USERNAME": username, "PASSWORD": PASSWORD}
        if stage % STAGES == 0:
            email = [{"Name": "email", "Value": f"{username}@b.c"}]
            assert ask(
                emulator,
                "SignUp",
                **ids,
                Username=username,
                Password=PASSWORD,
                UserAttributes=email,
            )["UserSub"]
        elif stage % STAGES == 1:
            assert (
                ask(
                    emulator,
                    "ConfirmSignUp",
                    **ids,
                    Username=username,
                    ConfirmationCode=emulator.inbox(username)[-1].code,
                )
                == {}
            )
        else:
            wrong = {"PASSWORD": "Wrong-Horse-7"} if stage % STAGES == 2 else {}
            answer = ask(
                emulator,
                "InitiateAuth",
                **ids,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters=given | wrong,
            )
            assert (
                answer["__type"] == "NotAuthorizedException"
                if wrong
                else answer["AuthenticationResult"]
            )
        acknowledge()


def stages(path: Path, name: str) -> int:
    """How many stages are in the file, counted in its tables; each stage must be complete or
    absent.
    """
    with closing(sqlite3.connect(path)) as connection:
        one = lambda sql, *values: connection.execute(sql, values).fetchone()[0]  # noqa: E731
        assert one("PRAGMA integrity_check") == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        found = 0
        rows = connection.execute(
            "SELECT id, username, status, failed_passwords FROM users WHERE username LIKE ? ORDER"
            " BY id",
            (f"{name}%",),
        ).fetchall()
        for number, (user, username, status, failed) in enumerate(rows):
            attributes = dict(
                connection.execute("SELECT name, value FROM attributes WHERE user_id = ?", (user,))
            )
            mails, codes = (
                one("SELECT count(*) FROM outbox WHERE user_id = ?", user),
                one("SELECT count(*) FROM codes WHERE user_id = ?", user),
            )
            signed_in = one("SELECT count(*) FROM sign_ins WHERE user_id = ?", user)
            refreshes = one(
                "SELECT count(*) FROM refresh_tokens JOIN sign_ins USING (origin_jti) WHERE"
                " user_id = ?",
                user,
            )
            confirmed = status == "CONFIRMED"
            assert username == f"{name}{number}" and mails == 1 and signed_in == refreshes, (
                f"half a change at {username}"
            )
            assert (codes == 0) == confirmed == (attributes.get("email_verified") == "true"), (
                f"half a confirmation of {username}"
            )
            # A right password after a wrong one resets the count.
            stage = 4 if signed_in else 3 if failed else 2 if confirmed else 1
            assert stage == STAGES or number == len(rows) - 1, (
                f"{username} was left behind at stage {stage}"
            )
            found += stage
        return found


# WHAT


def kill_writers(path: Path, kills: int) -> dict[str, int]:
    """Kill the writer at a random moment, over and over in one file; each writer continues where
    the one before was killed.
    """
    ids, chance, told, acknowledged, in_between = begin(path), random.Random(), 0, 0, 0
    for _ in range(kills):
        first = stages(path, "user")
        process, pipe = child(partial(calls, path, ids, "user", first))
        came = wait_for_first(pipe)
        came += read_until(pipe, time.monotonic() + chance.random() * 0.04)
        came += killed(process, pipe)
        there = stages(path, "user") - first
        # A call in progress may be in the file or not; completed ones must be.
        assert came <= there <= came + 1, f"{came} calls were answered and {there} are there"
        acknowledged, in_between, told = (
            acknowledged + came,
            in_between + (there == came + 1),
            told + 1,
        )
    return {"kills": told, "answered": acknowledged, "done and not yet told": in_between}


def sign_ins(path: Path, ids: dict[str, str], acknowledge: Callable[[], None]) -> None:
    """Sign-ins by custom challenges without end, a wrong answer and a right one each, and after
    each a passkey, and a new user who signs in by the sessions of SignUp and ConfirmSignUp.
    """
    emulator = LocalCognito(path, lambdas=lambdas.FUNCTIONS)
    response = partial(
        ask, emulator, "RespondToAuthChallenge", **ids, ChallengeName="CUSTOM_CHALLENGE"
    )
    named = {"USERNAME": "first0"}
    while True:
        flow = {"AuthFlow": "CUSTOM_AUTH", "AuthParameters": named}
        session = ask(emulator, "InitiateAuth", **ids, **flow)["Session"]
        acknowledge()
        wrong = response(Session=session, ChallengeResponses=named | {"ANSWER": "wrong"})
        acknowledge()
        right = response(
            Session=wrong["Session"], ChallengeResponses=named | {"ANSWER": lambdas.ANSWER}
        )
        acknowledge()
        token = {"AccessToken": right["AuthenticationResult"]["AccessToken"]}
        options = ask(emulator, "StartWebAuthnRegistration", **token)["CredentialCreationOptions"]
        credential = SoftwareAuthenticator().create(options)
        ask(emulator, "CompleteWebAuthnRegistration", **token, Credential=credential)
        acknowledge()
        # Also those of processes that were killed here: a user can have 20.
        for one in ask(emulator, "ListWebAuthnCredentials", **token)["Credentials"]:
            ask(
                emulator,
                "DeleteWebAuthnCredential",
                **token,
                CredentialId=one["CredentialId"],
            )
        signs_up(emulator, ids, acknowledge)


def signs_up(emulator: LocalCognito, ids: dict[str, str], acknowledge: Callable[[], None]) -> None:
    name = f"user{time.monotonic_ns()}"
    email = [{"Name": "email", "Value": f"{name}@b.c"}]
    given = {**ids, "Username": name}
    made = ask(emulator, "SignUp", **given, Password=PASSWORD, UserAttributes=email)
    acknowledge()
    code = emulator.inbox(name)[-1].code
    confirmed = ask(
        emulator, "ConfirmSignUp", **given, ConfirmationCode=code, Session=made["Session"]
    )
    acknowledge()
    done = ask(
        emulator,
        "InitiateAuth",
        **ids,
        AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": name},
        Session=confirmed["Session"],
    )
    assert done["AuthenticationResult"]
    acknowledge()


def kill_sign_ins(path: Path, kills: int) -> dict[str, int]:
    """Kill sign-ins at a random moment, also while a function runs between two transactions: each
    answered step is there, and the next sign-in works.
    """
    ids, chance, acknowledged = begin(path), random.Random(), 0
    with closing(LocalCognito(path)) as emulator:
        client = ask(emulator, "DescribeUserPoolClient", **pool_of(path), **ids)["UserPoolClient"]
        ask(
            emulator,
            "UpdateUserPoolClient",
            **pool_of(path),
            **ids,
            ExplicitAuthFlows=[
                *client["ExplicitAuthFlows"],
                "ALLOW_CUSTOM_AUTH",
                "ALLOW_USER_AUTH",
            ],
        )
        ask(
            emulator,
            "UpdateUserPool",
            **pool_of(path),
            **lambdas.config(*lambdas.CUSTOM),
            AutoVerifiedAttributes=["email"],
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
        )
        ask(
            emulator,
            "SetUserPoolMfaConfig",
            **pool_of(path),
            WebAuthnConfiguration={"RelyingPartyId": "example.com"},
        )
        ask(emulator, "AdminConfirmSignUp", **pool_of(path), Username="first0")
    for _ in range(kills):
        before = steps(path)
        process, pipe = child(partial(sign_ins, path, ids))
        came = wait_for_first(pipe)
        came += read_until(pipe, time.monotonic() + chance.random() * 0.4)
        came += killed(process, pipe)
        there = steps(path) - before
        # One step of seven is a passkey, which is deleted again. The last may not be told yet.
        passkeys = -(-came // 7)
        assert came - passkeys <= there <= came + 1, f"{came} steps answered, {there} there"
        acknowledged += came
    return {"kills": kills, "answered": acknowledged}


def pool_of(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        return {"UserPoolId": connection.execute("SELECT id FROM pools").fetchone()[0]}


def steps(path: Path) -> int:
    """How many steps of sign-ins are in a whole file: sessions and completed sign-ins."""
    with closing(sqlite3.connect(path)) as connection:
        one = lambda sql: connection.execute(sql).fetchone()[0]  # noqa: E731
        assert one("PRAGMA integrity_check") == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        done = one("SELECT count(*) FROM sign_ins")
        assert done == one("SELECT count(*) FROM refresh_tokens"), "half a sign-in"
        ours = "expects = 'CUSTOM_CHALLENGE' OR expects LIKE 'sign-up%'"
        return int(one(f"SELECT count(*) FROM sessions WHERE {ours}") + done)


def wait_for_first(pipe: int) -> int:
    return len(os.read(pipe, 1))


def _open_and_say(path: Path, acknowledge: Callable[[], None]) -> None:
    LocalCognito(path)
    acknowledge()


def kill_makers(folder: Path, kills: int) -> dict[str, int]:
    """Kill the process that creates the file, before, during and after the creation of its tables;
    the next process finds a usable file.
    """
    chance, made = random.Random(), 0
    for number in range(kills):
        path = folder / f"{number}" / "state.sqlite"
        process, pipe = child(partial(_open_and_say, path))
        came = read_until(pipe, time.monotonic() + chance.random() * 0.4) + killed(process, pipe)
        made += came
        begin(path)
        assert stages(path, "first") == 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    return {"kills": kills, "made in time": made}


def kill_progress(folder: Path, kills: int) -> dict[str, int]:
    """Kill the process that writes the progress file."""
    chance, last, acknowledged = random.Random(), 0, 0
    progress = FileStorage(folder / "progress.json")
    progress.set("number", 0)

    def write(acknowledge: Callable[[], None]) -> None:
        for number in range(last + 1, 10**9):
            FileStorage(folder / "progress.json").set("number", number)
            acknowledge()

    for _ in range(kills):
        process, pipe = child(write)
        came = (
            wait_for_first(pipe)
            + read_until(pipe, time.monotonic() + chance.random() * 0.02)
            + killed(process, pipe)
        )
        there = progress.get("number") - last
        assert came <= there <= came + 1, f"{came} were answered and {there} are there"
        last, acknowledged = last + there, acknowledged + came
    left = {file.name for file in folder.iterdir()}
    assert left <= {
        "progress.json",
        "progress.new",
        "progress.lock",
        "progress.lock-journal",
    }, f"litter was left: {left}"
    return {"kills": kills, "answered": acknowledged}


def kill_forgetting(folder: Path, kills: int) -> dict[str, int]:
    """Kill the process that forgets a pool, like the last lesson does; the next process to open the
    lab finds all of it or nothing.
    """
    os.environ["COGNITO_LAB_HOME"] = str(folder)
    lab = open_lab(AN_ENROLLED_USER)
    lab.device = Device("us-east-1_fec070d2-fa88-424a-8ec8-b26d7198eb23", "-wt2ha1Zd", "its own")
    lab.backend._emulator.close()
    progress = folder / "progress.json"
    whole, names = progress.read_bytes(), {"phone", "password", *OF_A_POOL}

    def forget(acknowledge: Callable[[], None]) -> None:
        lab = Lab(EmulatorBackend(folder))
        acknowledge()
        lab.forget_pool()
        acknowledge()
        signal.pause()

    chance, gone, takes = random.Random(), 0, 0.01
    for number in range(kills):
        progress.write_bytes(whole)
        process, pipe = child(forget)
        wait_for_first(pipe)
        started = time.monotonic()
        if number == 0:
            # The first isn't killed before it's done, to see how long that takes.
            wait_for_first(pipe)
            takes = time.monotonic() - started
        else:
            read_until(pipe, started + chance.random() * 1.5 * takes)
        killed(process, pipe)
        again = open_lab(NOTHING)
        left = names & set(again.progress.all())
        assert left in (set(), names), f"only {left} is left"
        gone += not left
        again.backend._emulator.close()
    return {"kills": kills, "gone": gone}


def crowd(path: Path, processes: int, users: int) -> dict[str, int]:
    """Several processes on one file that doesn't exist yet, each with different users."""

    def work(name: str) -> Callable[[Callable[[], None]], None]:
        def one(acknowledge: Callable[[], None]) -> None:
            LocalCognito(path).close()
            acknowledge()
            told = [0]

            def count() -> None:
                told[0] += 1
                acknowledge()
                if told[0] == users * STAGES:
                    os._exit(0)

            ids = json.loads(os.read(go[0], 1000))
            calls(path, ids, name, 0, count)

        return one

    go = os.pipe()
    names = [f"{chr(ord('a') + number)}-" for number in range(processes)]
    children = [child(work(name)) for name in names]
    for _, pipe in children:
        wait_for_first(pipe)
    ids = json.dumps(begin(path)).encode().ljust(1000)
    for _ in children:
        os.write(go[1], ids)
    answered = []
    for process, pipe in children:
        answered.append(read_until(pipe, time.monotonic() + 600))
        assert os.waitpid(process, 0)[1] == 0
    assert [stages(path, name) for name in names] == answered == [users * STAGES] * processes
    return {"processes": processes, "answered": sum(answered)}


def crowd_progress(folder: Path, processes: int, values: int) -> dict[str, int]:
    """Several lessons open at once; each stores its own values and adds accounts to the same
    phone.
    """

    def work(number: int) -> Callable[[Callable[[], None]], None]:
        def one(acknowledge: Callable[[], None]) -> None:
            progress = FileStorage(folder / "progress.json")
            accounts = StoredMapping(progress, "phone")
            for value in range(values):
                progress.set(f"{number}-{value}", value)
                accounts[f"{number}-{value}"] = "otpauth://totp/x?secret=JBSWY3DPEHPKJBSWY3DPEHPK"
                if value % 2:
                    del accounts[f"{number}-{value}"]
                acknowledge()

        return one

    children = [child(work(number)) for number in range(processes)]
    for process, pipe in children:
        assert read_until(pipe, time.monotonic() + 600) == values
        assert os.waitpid(process, 0)[1] == 0
    progress = FileStorage(folder / "progress.json")
    expected = {f"{number}-{value}" for number in range(processes) for value in range(values)}
    assert {name for name in expected if progress.get(name) is None} == set()
    assert set(StoredMapping(progress, "phone")) == {
        name for name in expected if int(name.partition("-")[2]) % 2 == 0
    }
    return {"processes": processes, "values": len(expected)}


def fill_disk(path: Path, sizes: int) -> dict[str, int]:
    """Write under a limit to the size of files, where the system returns the same error as for a
    full disk; at many sizes, from zero up.
    """
    ids = begin(path)
    sentences, answered = set(), 0
    for number in range(sizes):
        first = stages(path, "user")
        ours, theirs = os.pipe()

        def starve(acknowledge: Callable[[], None]) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # noqa: B023
            try:
                calls(path, ids, "user", first, acknowledge)  # noqa: B023
            except StateFileError as full:
                os.write(theirs, str(full).encode())  # noqa: B023

        limit = number * 1024 * 12 + number
        process, pipe = child(starve)
        os.close(theirs)
        came = read_until(pipe, time.monotonic() + 600)
        assert os.waitpid(process, 0)[1] == 0
        os.close(pipe)
        said = os.read(ours, 10_000).decode()
        os.close(ours)
        assert said.startswith(f"The state file {path} ") and said.endswith(
            ". Nothing in it was changed."
        ), said
        sentences.add(said)
        assert stages(path, "user") - first == came
        answered += came
    assert answered, "there was never room for anything"
    return {"sizes": sizes, "answered": answered, "sentences": len(sentences)}


def starve_progress(folder: Path, sizes: int) -> dict[str, int]:
    """Write the progress file with space for only a part of it."""
    progress = FileStorage(folder / "progress.json")
    progress.set("kept", "x" * 500)
    before = (folder / "progress.json").read_bytes()

    def starve(acknowledge: Callable[[], None]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            progress.set("more", "y" * 500)
        except LessonError as full:
            assert "can't be written" in str(full) and "What it held is kept" in str(full)
            acknowledge()

    for size in range(sizes):
        limit = size * 1000 // sizes
        process, pipe = child(starve)
        assert read_until(pipe, time.monotonic() + 60) == 1
        assert os.waitpid(process, 0)[1] == 0
        os.close(pipe)
        assert (folder / "progress.json").read_bytes() == before
    progress.set("more", "y")
    return {"sizes": sizes}


def read_only(folder: Path) -> dict[str, int]:
    """A read-only folder, as a user without administrator rights meets it; then read-only files in
    a writable folder.
    """
    folder.mkdir()
    os.environ["COGNITO_LAB_HOME"] = str(folder)
    lab = Lab(EmulatorBackend(folder))
    lab.username = "ana"
    lab.backend._emulator.close()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    said = []

    def open_and_write(acknowledge: Callable[[], None]) -> None:
        for attempt in (
            lambda: open_lab(),
            lambda: FileStorage(folder / "progress.json").set("x", "y"),
        ):
            try:
                attempt()
            except (StateFileError, LessonError) as trouble:
                assert str(folder) in str(trouble) and "\n" not in str(trouble), trouble
                acknowledge()

    def as_unprivileged(acknowledge: Callable[[], None]) -> None:
        if os.geteuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        open_and_write(acknowledge)

    for mode in (0o555, 0o000):
        for file in folder.iterdir():
            file.chmod(0o444)
            os.chown(file, *([NOBODY] * 2)) if os.geteuid() == 0 else None
        folder.chmod(mode)
        process, pipe = child(as_unprivileged)
        came = read_until(pipe, time.monotonic() + 60)
        assert os.waitpid(process, 0)[1] == 0
        said.append(came)
        folder.chmod(0o700)
    assert {
        file.name: file.read_bytes() for file in folder.iterdir() if file.name in before
    } == before
    return {"sentences": sum(said)}


def main(what: str, folder: str, *numbers: str) -> None:
    print(json.dumps(WHAT[what](Path(folder), *map(int, numbers))))


WHAT: dict[str, Callable[..., dict[str, int]]] = {
    work.__name__: work
    for work in (
        kill_writers,
        kill_sign_ins,
        kill_makers,
        kill_progress,
        kill_forgetting,
        crowd,
        crowd_progress,
        fill_disk,
        starve_progress,
        read_only,
    )
}

if __name__ == "__main__":
    main(*sys.argv[1:])
