"""Every request gets a response the service could give: by boto3, by JSON of the right and of the
wrong shape, and by bytes that aren't HTTP.

Requests are generated from the service's own model, and names in them from earlier responses, so
that many get past the first check.
"""

import json
import statistics
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_helpers.local_cognito import LocalCognito

from ..emulator import odd_lambdas
from ..emulator.any_request import NAMES, damaged, filled, requests
from ..emulator.commands import CLEANLY, ended, serving
from ..emulator.raw_http import TARGET, dial, ends, request

DAMAGED = NAMES.flatmap(lambda name: damaged(name).map(lambda body: (name, body)))
USERNAME, PASSWORD = "alice", "Correct-Horse-7"


POOL = {
    "AutoVerifiedAttributes": ["email"],
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True},
}


class World:
    """What was seen in responses, by name, and the usual resources, created again if a request has
    deleted them. `ask` is how it makes a call: set it, then call `rebuild`.
    """

    ask: Callable[[str, dict], dict | None]

    def __init__(self):
        self.seen, self.counted = {}, Counter()

    def rebuild(self):
        """Create what is missing: a pool, a client, a signed-in user."""
        if (
            self.seen
            and "UserPool" in (self.ask("DescribeUserPool", {"UserPoolId": self.pool_id}) or {})
            and self.signed_in()
        ):
            return
        made = self.ask(
            "CreateUserPool",
            {"PoolName": "x", **POOL},
        )
        self.pool_id = made["UserPool"]["Id"]
        flows = [
            "ALLOW_USER_AUTH",
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        ]
        client = self.ask(
            "CreateUserPoolClient",
            {"UserPoolId": self.pool_id, "ClientName": "x", "ExplicitAuthFlows": flows},
        )["UserPoolClient"]
        self.client_id = client["ClientId"]
        self.ask("SignUp", {"ClientId": self.client_id, "Username": USERNAME, "Password": PASSWORD})
        self.ask("AdminConfirmSignUp", {"UserPoolId": self.pool_id, "Username": USERNAME})
        for name, value in [
            ("UserPoolId", self.pool_id),
            ("ClientId", self.client_id),
            ("Username", USERNAME),
            ("SRP_A", "a1b2" * 100),
        ]:
            self.seen.setdefault(name, deque(maxlen=2)).append(value)
        for name in (
            "PASSWORD",
            "Password",
            "NEW_PASSWORD",
            "TemporaryPassword",
            "PreviousPassword",
            "ProposedPassword",
        ):
            self.seen[name] = deque([PASSWORD])
        assert self.signed_in(), "the usual user cannot sign in to a new pool"

    def turn_triggers(self, on):
        """Let the pool call functions, or not."""
        arns = {name: odd_lambdas.ARN + name for name in odd_lambdas.TRIGGERS if on}
        self.ask("UpdateUserPool", {"UserPoolId": self.pool_id, "LambdaConfig": arns, **POOL})

    def signed_in(self):
        given = {"USERNAME": USERNAME, "PASSWORD": PASSWORD}
        answer = self.ask(
            "InitiateAuth",
            {"ClientId": self.client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given},
        )
        return "AuthenticationResult" in (answer or {})

    def remember(self, answer):
        if isinstance(answer, dict):
            for name, member in answer.items():
                if isinstance(member, str):
                    self.seen.setdefault(
                        {"SECRET_BLOCK": "PASSWORD_CLAIM_SECRET_BLOCK"}.get(name, name),
                        deque(maxlen=2),
                    ).append(member)
                self.remember(member)
        elif isinstance(answer, list):
            for item in answer:
                self.remember(item)


def hypothesis(examples):
    return settings(
        max_examples=examples, suppress_health_check=list(HealthCheck), derandomize=examples < 500
    )


def told(counted):
    return (
        f"{counted['requests']} requests, {counted['taken']} of them taken,"
        f" {len([name for name in counted if name[0].isupper()])} operations"
    )


# By boto3


def test_any_request_of_boto3_gets_a_response_the_model_allows(
    frozen, quick_keys, switchboard, shared_client, size, figures
):
    """Requests boto3 would not send are left out. Every error is one of the service: a bug in the
    emulator is raised unchanged.
    """
    emulator = LocalCognito(lambdas=odd_lambdas.FUNCTIONS)
    switchboard.service = emulator.service
    method = {name: python for python, name in shared_client.meta.method_to_api_mapping.items()}

    def ask(operation, body):
        world.counted["requests"] += 1
        try:
            answer = getattr(shared_client, method[operation])(**body)
        except (ClientError, ParamValidationError):
            return None
        world.counted["taken"] += 1
        world.counted[operation] += 1
        world.remember(
            {name: value for name, value in answer.items() if name != "ResponseMetadata"}
        )
        return answer

    world = World()
    world.ask = ask
    world.rebuild()

    @hypothesis(size(40, 2500))
    @given(st.lists(requests(), min_size=4, max_size=12), st.booleans())
    def fuzz(batch, with_triggers):
        world.turn_triggers(on=False)
        world.rebuild()
        world.turn_triggers(with_triggers)
        for operation, body in batch:
            emulator.clock.advance(1)
            ask(operation, filled(body, world.seen))

    fuzz()
    emulator.close()
    figures(f"Any bytes, by boto3: {told(world.counted)}; every error is one the model lists.")


# Over HTTP


class HttpClient:
    """A client that keeps a connection, and checks every response against what may come."""

    def __init__(self, url):
        self.url, self.connection, self.counted = url, None, Counter()
        self.world = World()

    def ask(self, operation, body):
        return self.ask_all([(operation, json.dumps(body).encode())])[0]

    def ask_all(self, batch):
        """The responses to requests sent at once, as HTTP allows; waiting for each before sending
        the next would take longer than responding.
        """
        sent = [
            request(self.url, body=body, target=TARGET + operation) for operation, body in batch
        ]
        if self.connection is None:
            self.connection = dial(self.url)
            self.answers = self.connection.makefile("rb")
        self.connection.sendall(b"".join(sent))
        return [self.check(operation) for operation, _ in batch]

    def check(self, operation):
        status = int(self.answers.readline().split()[1])
        head = dict(line.lower().split(b": ", 1) for line in iter(self.answers.readline, b"\r\n"))
        came = self.answers.read(int(head[b"content-length"]))
        self.counted["requests"] += 1
        answer = json.loads(came or "{}")
        assert status in (200, 400) or (status, answer["__type"]) == (
            501,
            "NotInEmulatorException",
        ), (operation, status, came[:300])
        if status == 200:
            self.counted["taken"] += 1
            self.counted[operation] += 1
            self.world.remember(answer)
        return answer

    def leave(self):
        self.answers.close()
        self.connection.close()

    def throw(self, garbage):
        """Send bytes that are hardly a request, on a new connection; any response must be a client
        error.
        """
        self.counted["requests"] += 1
        self.counted["garbage"] += 1
        with closing(dial(self.url)) as connection:
            try:
                connection.sendall(garbage)
                connection.shutdown(1)
                came = ends(connection)
            except ConnectionError:
                # Rejected before all of it was sent
                return
        for line in [line for line in came.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]:
            assert line[9:10] in b"1234" or line[9:12] == b"501", came[:300]


def memory(process):
    """How much memory a process uses, in MB."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096 / 1e6


def quickness(client):
    """The median time of some calls, in milliseconds."""

    def once():
        begun = time.perf_counter()
        client.ask("DescribeUserPool", {"UserPoolId": client.world.pool_id})
        return (time.perf_counter() - begun) * 1000

    return statistics.median(once() for _ in range(51))


HEAD = st.sampled_from(
    [
        b"POST / HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\n",
        b"POST /",
        b" HTTP/1.1\r\n",
        b"Host: localhost\r\n",
        b"Content-Length: 5\r\n",
    ]
)
HEAD |= st.sampled_from(
    [
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Length: 99999999999\r\n",
        b"5\r\n",
        b"0\r\n\r\n",
        b"\r\n",
        b"X-Amz-Target: " + TARGET.encode(),
    ]
)
GARBAGE = st.lists(HEAD | st.binary(max_size=40), max_size=12).map(b"".join)


@pytest.mark.skipif(
    sys.platform != "linux", reason="the memory of another process is read as Linux tells it"
)
def test_the_endpoint_survives_any_bytes_over_http(tmp_path, size, figures):
    """An HTTP endpoint in a separate process, checked by what it prints and how it ends."""
    functions = odd_lambdas.__file__
    with serving("--state", tmp_path / "state.sqlite", "--lambdas", functions) as (process, url):
        client = HttpClient(url)
        client.world.ask = client.ask
        client.world.rebuild()

        @hypothesis(size(50, 4500))
        @given(
            st.lists(requests() | DAMAGED, min_size=size(4, 20), max_size=size(16, 30)),
            st.binary(max_size=100),
            GARBAGE,
        )
        def fuzz(batch, body, garbage):
            if client.counted["garbage"] % 10 == 0:
                client.world.turn_triggers(on=False)
                client.world.rebuild()
            client.world.turn_triggers(on=client.counted["garbage"] % 3 == 0)
            sent = [
                (operation, json.dumps(filled(given, client.world.seen)).encode())
                for operation, given in batch
            ]
            client.ask_all([*sent, (batch[0][0], body)])
            client.throw(garbage)
            if client.counted["requests"] > warm["at"] and "memory" not in warm:
                warm.update(memory=memory(process), quickness=quickness(client))

        warm = {"at": size(300, 10_000)}
        fuzz()
        client.world.turn_triggers(on=False)
        client.world.rebuild()
        grown, slower = memory(process) - warm["memory"], quickness(client)
        client.leave()
        assert ended(process) == CLEANLY
    assert grown < size(30, 30), f"the endpoint has grown by {grown:.0f} MB"
    assert slower < 10 * warm["quickness"], (
        f"a call takes {slower:.1f} ms, and took {warm['quickness']:.1f}"
    )
    figures(
        f"Any bytes, over HTTP: {told(client.counted)}, {client.counted['garbage']} pieces"
        f" of garbage; no 5xx, nothing on the console; memory {warm['memory']:.0f} MB after"
        f" {warm['at']}, {grown:+.0f} MB at the end; a call {warm['quickness']:.1f} ms then and"
        f" {slower:.1f} ms now."
    )
