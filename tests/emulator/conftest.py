"""What the tests of the emulator share: an emulator with a frozen clock, one boto3 client for all,
and the tutorial's pool in a few variants.

With `--endpoint` they use the service at that address (`endpoint.py`).
"""

import itertools
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from cognito_helpers.local_cognito import LocalCognito, signing
from cognito_helpers.local_cognito.crypto import rs256
from cognito_helpers.local_cognito.storage import clock, times
from cognito_helpers.local_cognito.transports import http
from cognito_helpers.local_cognito.transports import in_process as in_process

from .flow import NOW, VARIANTS, Flow
from .remote import ONLY_HERE, RemoteCognito, reason_to_leave_out
from .shapes import check_answer

HERE = Path(__file__).parent
LEFT = pytest.StashKey[list[str]]()
MARKERS = {
    "emulator_only(why)": "what the test looks at is not to be seen at a service elsewhere",
    "mails": (
        "the test is about mail that the service sends; at AWS the pools of all others send none"
    ),
    "untagged": "the test is about tags, so its pools are given none elsewhere",
}


def pytest_configure(config):
    for marker, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {meaning}")


def pytest_collection_modifyitems(config, items):
    if config.getoption("endpoint"):
        for item in items:
            if HERE not in item.path.parents:
                item.add_marker(pytest.mark.skip("no test of what a service does"))
            elif reason := reason_to_leave_out(item):
                item.add_marker(pytest.mark.skip(ONLY_HERE + reason))


def pytest_report_header(config):
    return f"endpoint: {config.getoption('endpoint')}" if config.getoption("endpoint") else None


def pytest_terminal_summary(terminalreporter, config):
    for pool_id in config.stash.get(LEFT, []):
        terminalreporter.line(
            f"The pool {pool_id} could not be deleted: delete it by hand.", red=True
        )


class Switchboard:
    """Takes the place of the service for a client, and passes each request to the emulator of the
    current test.

    Creating a boto3 client takes as long as a test, so all share one. Every response is checked
    against the model.
    """

    def __init__(self):
        self.service = None
        self.exercised = set()

    def answer(self, operation, body, endpoint):
        answer = self.service.answer(operation, body, endpoint)
        check_answer(operation, answer)
        self.exercised.add(operation)
        return answer

    def keys(self, pool_id):
        return self.service.keys(pool_id)

    def openid_configuration(self, pool_id, endpoint):
        return self.service.openid_configuration(pool_id, endpoint)


@pytest.fixture(scope="session")
def switchboard():
    return Switchboard()


@pytest.fixture(scope="session")
def shared_client(switchboard):
    return in_process.client(switchboard, "us-east-1")


@pytest.fixture(scope="session")
def endpoint(switchboard):
    """The URL of an HTTP endpoint of the current test's emulator."""
    with http.opened(switchboard) as url:
        yield url


@pytest.fixture(scope="session")
def rsa_keys():
    return [rs256.new_key("a test") for _ in range(2)]


@pytest.fixture
def quick_keys(monkeypatch, rsa_keys):
    """Every pool signs with the same two keys: generating them takes longer than the rest of a
    test.
    """
    keys = itertools.cycle(rsa_keys)
    monkeypatch.setattr(signing, "new_key", lambda _: next(keys))


@pytest.fixture
def frozen(monkeypatch):
    """The machine's time stands still, so that no time step ends in the middle of a test. Only
    `clock.advance` moves the service's clock.
    """
    still = SimpleNamespace(time=lambda: NOW)
    for module in (clock, times):
        monkeypatch.setattr(module, "time", still)
    assert time.time() != NOW, "the rest of the process keeps its time"


@pytest.fixture(scope="session")
def elsewhere(pytestconfig):
    """The service that `--endpoint` names, or None without it. Our pools there are deleted in any
    case.
    """
    where = pytestconfig.getoption("endpoint")
    if where is None:
        yield None
        return
    made = RemoteCognito(where)
    yield made
    pytestconfig.stash[LEFT] = made.clean_up()


@pytest.fixture
def emulator(elsewhere, request):
    if elsewhere is not None:
        elsewhere.begin(request.node)
        yield elsewhere
        elsewhere.clean_up()
        return
    for fixture in ("frozen", "quick_keys"):
        request.getfixturevalue(fixture)
    made = LocalCognito()
    yield made
    made.close()


@pytest.fixture
def aws(emulator, elsewhere, request):
    if elsewhere is not None:
        return elsewhere.aws
    request.getfixturevalue("switchboard").service = emulator.service
    return request.getfixturevalue("shared_client")


@pytest.fixture
def make_flow(emulator, aws):
    """Another pool of the same emulator, of a kind in VARIANTS: `make_flow("no MFA",
    client={"GenerateSecret": True})`.
    """
    return lambda kind="tutorial", **changes: Flow(emulator, aws, **{**VARIANTS[kind], **changes})


@pytest.fixture
def flow(make_flow):
    """The tutorial's own pool."""
    return make_flow()


@pytest.fixture
def no_mfa(make_flow):
    return make_flow("no MFA")
