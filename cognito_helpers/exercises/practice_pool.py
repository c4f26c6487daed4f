"""A user pool on a separate emulator, in memory, with the helpers to prepare a case in it."""

from __future__ import annotations

from typing import Any

from ..backends.base import Backend
from ..backends.learner_input import LearnerInput
from ..backends.local import EmulatorBackend
from ..calls.recorder import Recorder
from ..lab.inbox import Inbox
from ..lab.phone import LearnerPhone
from ..sign_in.authenticator import STEP, authenticator_link
from ..sign_in.passkey_device import PasskeyDevice
from ..text import wrapped
from ..tutorial_pool.settings import ISSUER, MFA_SETTINGS, POOL_NAME, TAGS, random_password

PASSWORD_FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


class PracticePool:
    """A pool to examine, with its app client and its users.

    `cognito` is a boto3 client for it and `requests` the record of its calls. All users have the
    same `password`. `phone`, `inbox` and `passkeys` are theirs, and draw themselves as the lab's
    do. `lambdas` has the Lambda functions that its triggers call, by name. `tokens` are those of
    the application's last sign-in, if it made one. `old_client_id` is the app client before
    `client_id`, if there were two. `username` is the user of a practice pool, and `mfa` its MFA
    setting.
    """

    pool_id: str
    client_id: str
    old_client_id: str | None = None
    mfa = "OFF"
    username = "ana"
    learner_input: LearnerInput | None = None

    def __init__(self) -> None:
        emulator = EmulatorBackend()
        self.backend: Backend = emulator
        self.cognito, self.lambdas = emulator.client, emulator.lambdas
        self.secrets = emulator.secrets
        self.now, self.clock_ahead = self.backend.now, self.backend.ahead
        self.requests = Recorder(self.backend.listeners)
        self.phone, self.inbox, self.passkeys = LearnerPhone(self), Inbox(self), PasskeyDevice()
        self.password = random_password()
        self.tokens: dict[str, Any] = {}

    def __repr__(self) -> str:
        app = "" if self.mfa == "OFF" else ", who has verified an authenticator app"
        return wrapped(
            f"Practice pool {self.pool_id}: MFA is {self.mfa}. It has a user, {self.username}{app}."
            " It's on an emulator of its own in this notebook, so your own pool isn't changed."
        )

    def wait(self, minutes: float) -> None:
        """Let that many minutes pass in this pool, at once."""
        self.backend.move_clock(minutes * 60)

    def wait_for_new_code(self) -> None:
        """Let the current 30 seconds end, so that the codes stay the same for a while."""
        self.backend.move_clock(STEP - self.now() % STEP)

    def create_pool(self, mfa: str = "OFF", **settings: Any) -> None:
        """Create the pool, with the tutorial's name and tags."""
        self.mfa = mfa
        self.pool_id = self.cognito.create_user_pool(
            PoolName=POOL_NAME, UserPoolTags=TAGS, **settings
        )["UserPool"]["Id"]
        if mfa != "OFF":
            self.cognito.set_user_pool_mfa_config(
                UserPoolId=self.pool_id, **{**MFA_SETTINGS, "MfaConfiguration": mfa}
            )

    def create_client(self, **settings: Any) -> None:
        """Create an app client for passwords and refresh tokens."""
        created = self.cognito.create_user_pool_client(
            UserPoolId=self.pool_id, ClientName="app", ExplicitAuthFlows=PASSWORD_FLOWS, **settings
        )
        self.client_id = created["UserPoolClient"]["ClientId"]

    def replace_client(self, **settings: Any) -> None:
        """Create a second app client and keep the ID of the first in `old_client_id`."""
        self.old_client_id = self.client_id
        self.create_client(**settings)

    def sign_up(self, *names: str) -> None:
        """Sign up and confirm a user for each name."""
        for name in names:
            self.cognito.sign_up(ClientId=self.client_id, Username=name, Password=self.password)
            self.cognito.admin_confirm_sign_up(UserPoolId=self.pool_id, Username=name)

    def give(self, name: str, attributes: dict[str, str]) -> None:
        """Give a user attributes, as an administrator."""
        self.cognito.admin_update_user_attributes(
            UserPoolId=self.pool_id,
            Username=name,
            UserAttributes=as_list(attributes),
        )

    def offer_secret(self, name: str, session: str) -> dict[str, Any]:
        """Get a secret for a user's authenticator app and add it to the phone. Return the
        response.
        """
        offered: dict[str, Any] = self.cognito.associate_software_token(Session=session)
        self._scan(name, offered)
        return offered

    def _scan(self, name: str, offered: dict[str, Any]) -> None:
        self.phone.add(authenticator_link(offered["SecretCode"], account=name, issuer=ISSUER))

    def set_up_app(self, name: str) -> None:
        """Set up a user's authenticator app: by the session if the sign-in asks for it, otherwise
        by the access token.
        """
        response = self.begin(name)
        if "Session" in response:
            proof = {"Session": self.offer_secret(name, response["Session"])["Session"]}
        else:
            proof = {"AccessToken": response["AuthenticationResult"]["AccessToken"]}
            self._scan(name, self.cognito.associate_software_token(**proof))
        self.cognito.verify_software_token(**proof, UserCode=self.phone.code(name))
        # Each code works once.
        self.wait(STEP / 60)

    def sign_in(self, name: str) -> None:
        """Sign in with a code like the application: it sends back the name the user typed."""
        self.answer(name, self.begin(name)["Session"])

    def begin(self, name: str, client_id: str | None = None) -> dict[str, Any]:
        """Begin a sign-in with the password, through an app client. Return the response."""
        given = {"USERNAME": name, "PASSWORD": self.password}
        response: dict[str, Any] = self.cognito.initiate_auth(
            ClientId=client_id or self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters=given,
        )
        return response

    def answer(self, name: str, session: str) -> None:
        """Answer SOFTWARE_TOKEN_MFA with the phone's code, and keep the tokens."""
        responses = {"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": self.phone.code(name)}
        response = self.cognito.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=session,
            ChallengeResponses=responses,
        )
        self.tokens = response["AuthenticationResult"]


def as_list(attributes: dict[str, str]) -> list[dict[str, str]]:
    """Attributes as the API takes them."""
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def practice_pool(mfa: str = "OFF", **attributes: str) -> PracticePool:
    """A pool for experiments that would break the learner's own, with one confirmed user.

    `mfa` is OFF, OPTIONAL or ON. Unless it's OFF, the user has verified an authenticator app.
    `attributes` are the user's, for example `email`.
    """
    pool = PracticePool()
    with pool.requests.aside():
        pool.create_pool(mfa=mfa)
        pool.create_client()
        pool.sign_up(pool.username)
        if attributes:
            pool.give(pool.username, attributes)
        if mfa != "OFF":
            pool.set_up_app(pool.username)
    return pool
