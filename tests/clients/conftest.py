"""What the tests of real clients share: the emulator as a separate process, and a user with an
inbox and a phone.
"""

import os

import boto3
import pyotp
import pytest

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.sign_in.tokens import verify

from ..emulator.commands import run, serving
from ..emulator.flow import STEP, VARIANTS, Flow
from ..emulator.raw_http import keys

REGION = "us-east-1"
SRP = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def missing(what):
    """Skip the test if a client isn't available; if everything must be there, fail instead."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


class Place:
    """An endpoint at `url`, and what its owner can do: create a pool, read email, read the phone's
    code, and accept a token once it's verified.
    """

    def __init__(self, url, state):
        self.url, self.state = url, state
        self.emulator = LocalCognito(state)
        # One for all, since a session reads the service's model for its first client
        self.session = boto3.Session()
        self.aws = self.session.client("cognito-idp", endpoint_url=url)

    def pool(self, kind="tutorial", *, flows=SRP, pool=(), **client):
        """A pool of a kind in VARIANTS, with changes, and an app client with the sign-in flows
        `flows`.
        """
        made = VARIANTS[kind]
        settings = {
            "client": {"ExplicitAuthFlows": flows, **client},
            "pool": {**made.get("pool", {}), **dict(pool)},
        }
        return Flow(self.emulator, self.aws, **made | settings)

    def email_code(self, username):
        """The newest code in the user's inbox, read as a user reads it."""
        code, out, err = run("inbox", username, "--state", self.state, "--code")
        assert (code, err) == (0, "")
        return out.removesuffix("\n")

    def fresh_code(self, secret):
        """The authenticator's code two time steps later, which was never used, even if a step ends
        just now.
        """
        self.emulator.clock.advance(2 * STEP)
        return pyotp.TOTP(secret).at(int(self.emulator.clock.now()))

    def wrong_code(self, secret):
        now = int(self.emulator.clock.now())
        good = {pyotp.TOTP(secret).at(now + steps * STEP) for steps in range(-3, 4)}
        return next(
            code
            for code in (
                "000000",
                "111111",
                "222222",
                "333333",
                "444444",
                "555555",
                "666666",
                "777777",
            )
            if code not in good
        )

    def verified(self, pool_id, client_id, tokens):
        """The claims of both tokens of an AuthenticationResult, once they're verified with the
        endpoint's public keys.
        """
        published = keys(self.url, pool_id)
        about = {
            "issuer": f"{self.url}/{pool_id}",
            "client_id": client_id,
            "now": self.emulator.clock.now(),
        }
        access = verify(tokens["AccessToken"], published, use="access", **about)
        return access.claims, verify(tokens["IdToken"], published, use="id", **about).claims


@pytest.fixture(scope="package", autouse=True)
def nothing_of_this_machines():
    """Clients read settings of AWS and of proxies from the environment: here they find none."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith(("AWS_", "COGNITO_"))]:
            environment.delenv(name)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            environment.setenv(name, os.devnull)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "x")
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        for name in ("NO_PROXY", "no_proxy"):
            environment.setenv(name, "127.0.0.1")
        yield


@pytest.fixture(scope="package")
def place(nothing_of_this_machines, tmp_path_factory):
    state = tmp_path_factory.mktemp("served") / "state.sqlite"
    with serving("--state", state) as (_, url):
        made = Place(url, state)
        yield made
        made.emulator.close()
