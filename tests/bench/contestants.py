"""The contestants: each is a pool at a service, a boto3 client for it, and what a user needs beside
the client.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.crypto import srp
from cognito_helpers.local_cognito.endpoint import Endpoint
from cognito_helpers.local_cognito.service import OPERATIONS, Answer, Service
from cognito_helpers.local_cognito.storage.store import Transaction
from cognito_helpers.local_cognito.transports import in_process as in_process
from tests.emulator.flow import PASSWORD, Flow

from .servers import CannotStart, free_port, running
from .visits import FLOWS

REGION = "us-east-1"
COGNITO_LOCAL = (
    Path(__file__).parent / "node_modules" / "cognito-local" / "lib" / "bin" / "start.js"
)
# The code the peers email, or accept instead of the one they should have emailed
PEERS_CODE = "123456"
BATCH = 1000


class Contestant:
    """One pool at one service. `flow` is its user, `state` the emulator's file, `floor` a client
    that gets recorded responses, if it has one.
    """

    def __init__(self, flow: Flow, state: Path | None = None, floor: Any = None) -> None:
        self.flow = flow
        self.state = state
        self.floor = floor
        self.users = 0

    def fill(self, users: int, seconds: float) -> int:
        """Sign users up until there are `users`, or `seconds` have passed; return how many there
        are.
        """
        deadline = time.monotonic() + seconds
        while self.users < users and time.monotonic() < deadline:
            self.flow.aws.sign_up(ClientId=self.flow.client_id, **_sign_up(self.users))
            self.users += 1
        return self.users


class Ours(Contestant):
    """The emulator. It's filled by its own SignUp, many in one transaction and with one verifier
    for all, since none of these users signs in.
    """

    def fill(self, users: int, seconds: float) -> int:
        verifier = srp.verifier("nobody", PASSWORD, bytes(16))

        def sign_up(tx: Transaction) -> None:
            for number in range(self.users, beyond):
                OPERATIONS["SignUp"](tx, {"ClientId": self.flow.client_id, **_sign_up(number)})

        while self.users < users:
            beyond = min(users, self.users + BATCH)
            with mock.patch.object(srp, "verifier", return_value=verifier):
                self.flow.emulator._store.transact(sign_up)
            self.users = beyond
        return self.users


def _sign_up(number: int) -> dict[str, Any]:
    username = f"user{number:06}"
    attributes = [
        {"Name": "email", "Value": f"{username}@example.com"},
        {"Name": "name", "Value": "Everyone"},
    ]
    return {"Username": username, "Password": PASSWORD, "UserAttributes": attributes}


def client(**settings: Any) -> Any:
    """An ordinary boto3 client without retries."""
    config = Config(
        retries={"mode": "legacy", "total_max_attempts": 1}, connect_timeout=5, read_timeout=60
    )
    return boto3.client(
        "cognito-idp",
        region_name=REGION,
        aws_access_key_id="bench",
        aws_secret_access_key="bench",
        config=config,
        **settings,
    )


def _flow(emulator: Any, aws: Any, kind: type[Flow] = Flow) -> Flow:
    return kind(
        emulator,
        aws,
        mfa="OPTIONAL",
        client={"ExplicitAuthFlows": FLOWS, "AuthSessionValidity": 15},
    )


# The floor


class Tape:
    """Between the emulator's client and its service, keep the last response."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.last = Answer(200, {}, b"{}")

    def answer(self, operation: str, body: bytes, endpoint: Endpoint) -> Answer:
        self.last = self._service.answer(operation, body, endpoint)
        return self.last


def floor(tape: Tape) -> Any:
    """A boto3 client without a service: each call gets the last response again, at once, so that
    boto3 has as much to parse.
    """

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        return AWSResponse(
            request.url, tape.last.status, tape.last.headers, in_process._Body(tape.last.body)
        )

    made = client()
    made.meta.events.register("before-send.cognito-identity-provider", answer)
    return made


# The emulator


@contextmanager
def emulator(folder: Path) -> Iterator[Contestant]:
    """In process, with its state in a file, as in the lessons."""
    state = folder / "emulator.sqlite"
    made = LocalCognito(state)
    tape = Tape(made.service)
    # A tape responds like a service.
    aws = in_process.client(cast(Service, tape), REGION)
    yield Ours(_flow(made, aws), state, floor(tape))
    made.close()


@contextmanager
def endpoint(folder: Path) -> Iterator[Contestant]:
    """The emulator over HTTP, in a separate process."""
    if importlib.util.find_spec("cognito_helpers.local_cognito.__main__") is None:
        raise CannotStart("this version has no HTTP endpoint")
    port, state = free_port(), folder / "emulator.sqlite"
    command = [
        sys.executable,
        "-m",
        "cognito_helpers.local_cognito",
        "serve",
        "--port",
        str(port),
        "--state",
        str(state),
    ]
    with running(command, port, folder, {}) as url:
        # Only for the inbox and the clock, which HTTP doesn't have
        beside = LocalCognito(state)
        yield Ours(_flow(beside, client(endpoint_url=url)))
        beside.close()


# The peers


class Peer(Flow):
    """A user of a service that emails the same code to every user."""

    def email_code(self, username: str | None = None) -> str:
        return PEERS_CODE


class MotosUser(Peer):
    """moto gives every user a secret that is too short for an authenticator, and accepts any
    code.
    """

    def code(self, steps: int = 0, secret: str | None = None) -> str:
        return PEERS_CODE


# Real time: no peer rejects a used code, so there's no need to wait for the next.
WALL_CLOCK = SimpleNamespace(clock=SimpleNamespace(now=time.time, advance=lambda seconds: None))


@contextmanager
def moto_in_process(folder: Path) -> Iterator[Contestant]:
    if importlib.util.find_spec("moto") is None:
        raise CannotStart("it is not installed")
    from moto import mock_aws

    with mock_aws():
        yield Contestant(_flow(WALL_CLOCK, client(), MotosUser))


@contextmanager
def moto_server(folder: Path) -> Iterator[Contestant]:
    if importlib.util.find_spec("moto") is None:
        raise CannotStart("it is not installed")
    port = free_port()
    with running(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], port, folder, {}
    ) as url:
        yield Contestant(_flow(WALL_CLOCK, client(endpoint_url=url), MotosUser))


@contextmanager
def ministack(folder: Path) -> Iterator[Contestant]:
    if importlib.util.find_spec("ministack") is None:
        raise CannotStart("it is not installed")
    port = free_port()
    # By default it listens on every address, and on a second port for devices of another service.
    settings = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "IOT_MTLS_ENABLED": "0"}
    with running([sys.executable, "-m", "ministack"], port, folder, settings) as url:
        yield Contestant(_flow(WALL_CLOCK, client(endpoint_url=url), Peer))


@contextmanager
def cognito_local(folder: Path) -> Iterator[Contestant]:
    node = shutil.which("node")
    if node is None or not COGNITO_LOCAL.exists():
        raise CannotStart("it is not installed")
    port = free_port()
    (folder / ".cognito").mkdir()
    # By default its pools use email addresses as user names.
    (folder / ".cognito" / "config.json").write_text(
        json.dumps({"UserPoolDefaults": {"UsernameAttributes": []}})
    )
    settings = {"HOST": "127.0.0.1", "PORT": str(port), "CODE": PEERS_CODE}
    with running([node, str(COGNITO_LOCAL)], port, folder, settings) as url:
        yield Contestant(_flow(WALL_CLOCK, client(endpoint_url=url), Peer))


EMULATOR, HTTP = "the emulator", "the emulator, HTTP"
CONTESTANTS: dict[str, Callable[[Path], AbstractContextManager[Contestant]]] = {
    EMULATOR: emulator,
    HTTP: endpoint,
    "moto": moto_in_process,
    "moto, HTTP": moto_server,
    "ministack, HTTP": ministack,
    "cognito-local, HTTP": cognito_local,
}
