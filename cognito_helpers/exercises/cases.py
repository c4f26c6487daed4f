"""Stories to diagnose: a pool, its people and an application in trouble. The learner examines them
with real calls and says the cause.

Each story is played on an emulator of its own, in memory: no pool, user or clock of the learner's
is touched, and nothing is left behind.
"""

from __future__ import annotations

from typing import Any

from ..calls.recorder import Recorder
from ..errors import LessonError
from ..local_cognito import LocalCognito
from ..sign_in.authenticator import STEP, Phone, authenticator_link
from ..text import wrapped
from ..tutorial_pool.settings import ISSUER, MFA_SETTINGS, POOL_NAME, TAGS, good_password
from .case_data import PLOTS, Plot
from .result import NOT_YET, SOLVED, Verdict

PASSWORD_FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


class Story:
    """A story as it is played: `cognito` is a boto3 client for its pool, `requests` the record of
    the calls that went through it.

    `pool_id`, `client_id` and the `password` of everybody in it are there to examine it with,
    `phone` has their authenticator apps. Where the application signed somebody in, `tokens` has
    what it got; where there were two app clients, `old_client_id` is the one before. Its repr tells
    what people say.
    """

    old_client_id: str | None = None

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._emulator = LocalCognito()
        self.cognito = self._emulator.client()
        self.requests = Recorder(self.cognito)
        self.phone = Phone({}, self._emulator.clock.now)
        self.password = good_password()
        self.tokens: dict[str, Any] = {}
        with self.requests.aside():
            plot.prepare(self)
        if plot.signs_in:
            self._sign_in(plot.signs_in)

    def __repr__(self) -> str:
        return wrapped(self._plot.told)

    @property
    def causes(self) -> tuple[str, ...]:
        """What the cause may be."""
        return self._plot.causes

    def diagnose(self, cause: int) -> Verdict:
        """Is the cause of that number, counted from 1, the one? Says why, and which call shows it.
        Raises `LessonError` for a number that there is not.
        """
        if not isinstance(cause, int) or not 1 <= cause <= len(self.causes):
            raise LessonError(f"Choose a cause by its number, from 1 to {len(self.causes)}.")
        if cause != self._plot.right:
            return Verdict(
                NOT_YET,
                f"“{self.causes[cause - 1]}” It would look otherwise."
                f" {self._plot.not_these[cause - 1]}",
            )
        return Verdict(SOLVED, f"{self._plot.because}\nWhat shows it: {self._plot.shown_by}")

    def wait(self, minutes: float) -> None:
        """Let that many minutes pass in the story, at once."""
        self._emulator.clock.advance(minutes * 60)

    # What the stories are made with

    def make_pool(self, mfa: str = "OFF", **settings: Any) -> None:
        self.pool_id = self.cognito.create_user_pool(
            PoolName=POOL_NAME, UserPoolTags=TAGS, **settings
        )["UserPool"]["Id"]
        self.cognito.set_user_pool_mfa_config(
            UserPoolId=self.pool_id, **{**MFA_SETTINGS, "MfaConfiguration": mfa}
        )

    def make_client(self, **settings: Any) -> None:
        made = self.cognito.create_user_pool_client(
            UserPoolId=self.pool_id, ClientName="app", ExplicitAuthFlows=PASSWORD_FLOWS, **settings
        )
        self.client_id = made["UserPoolClient"]["ClientId"]

    def sign_up(self, *names: str) -> None:
        for name in names:
            self.cognito.sign_up(ClientId=self.client_id, Username=name, Password=self.password)
            self.cognito.admin_confirm_sign_up(UserPoolId=self.pool_id, Username=name)

    def begin(self, name: str) -> dict[str, Any]:
        given = {"USERNAME": name, "PASSWORD": self.password}
        answer: dict[str, Any] = self.cognito.initiate_auth(
            ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
        )
        return answer

    def set_up_app(self, name: str) -> None:
        """Enrol the phone: by the session where the sign-in asks for it, else by the access
        token.
        """
        answer = self.begin(name)
        proof = (
            {"Session": answer["Session"]}
            if "Session" in answer
            else {"AccessToken": answer["AuthenticationResult"]["AccessToken"]}
        )
        offered = self.cognito.associate_software_token(**proof)
        self.phone.add(authenticator_link(offered["SecretCode"], account=name, issuer=ISSUER))
        proof = {"Session": offered["Session"]} if "Session" in answer else proof
        self.cognito.verify_software_token(**proof, UserCode=self.phone.code(name))
        # Each code is good once.
        self.wait(STEP / 60)

    def _sign_in(self, name: str) -> None:
        """The application's own calls, which the learner sees."""
        challenge = self.begin(name)
        answer = {"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": self.phone.code(name)}
        reply = self.cognito.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses=answer,
        )
        self.tokens = reply["AuthenticationResult"]


def open_story(title: str) -> Story:
    """Set a story up, as often as you like. Raises `LessonError` for a title that there is not."""
    if title not in PLOTS:
        raise LessonError(f"There is no story “{title}”: there are {'; '.join(PLOTS)}.")
    return Story(PLOTS[title])
