"""The tutorial's pool on a separate emulator, in process or over HTTP, and a scripted user for the
scenario.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyotp
from botocore.exceptions import ClientError

from cognito_helpers.actions import CognitoIdentityProviderWrapper
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.transports import http
from cognito_helpers.sign_in.passkey_device import PasskeyDevice
from cognito_helpers.sign_in.scenario import code_of
from cognito_helpers.tutorial_pool.settings import CLIENT_SETTINGS, MFA_SETTINGS, POOL_SETTINGS
from tests.emulator.raw_http import boto_client

TRANSPORTS = ["in process", "over HTTP"]
STEP, MINUTE = 30, 60


class TutorialPool:
    """A pool with one app client, and the wrapper for both. `mfa` is OFF, OPTIONAL or ON. A
    setting that's None is left out.
    """

    def __init__(
        self,
        emulator: LocalCognito,
        client: Any,
        *,
        secret: bool = False,
        mfa: str = "ON",
        **settings: Any,
    ) -> None:
        self.emulator, self.client = emulator, client
        chosen = {**POOL_SETTINGS, **settings}
        given = {name: value for name, value in chosen.items() if value is not None}
        self.id = client.create_user_pool(PoolName="test", **given)["UserPool"]["Id"]
        if mfa != "OFF":
            client.set_user_pool_mfa_config(
                UserPoolId=self.id, **{**MFA_SETTINGS, "MfaConfiguration": mfa}
            )
        made = client.create_user_pool_client(
            UserPoolId=self.id, ClientName="test", GenerateSecret=secret, **CLIENT_SETTINGS
        )["UserPoolClient"]
        self.client_id, self.secret = made["ClientId"], made.get("ClientSecret")
        self.wrapper = CognitoIdentityProviderWrapper(client, self.id, self.client_id, self.secret)

    def email_code(self, username: str = "ana") -> str:
        return self.emulator.inbox(username)[-1].code

    def app_code(self, secret: str) -> str:
        """An unused code: of the next 30 seconds, which begin at once."""
        self.emulator.clock.advance(STEP)
        return pyotp.TOTP(secret).at(int(self.emulator.clock.now()))

    def wrong_app_code(self, secret: str) -> str:
        now = int(self.emulator.clock.now())
        good = {pyotp.TOTP(secret).at(now + steps * STEP) for steps in range(-3, 4)}
        return next(code for code in (f"{digit}" * 6 for digit in range(10)) if code not in good)

    def statuses(self) -> dict[str, str]:
        return {
            user["Username"]: user["UserStatus"]
            for user in self.client.list_users(UserPoolId=self.id)["Users"]
        }


@contextmanager
def tutorial_pool(transport: str = "in process", **settings: Any) -> Iterator[TutorialPool]:
    """The pool, while the block runs."""
    emulator = LocalCognito()
    try:
        if transport == "in process":
            yield TutorialPool(emulator, emulator.client(), **settings)
        else:
            with http.opened(emulator.service) as url:
                yield TutorialPool(emulator, boto_client(url), **settings)
    finally:
        emulator.close()


class Scripted:
    """The scenario's user. To each question they give the answers of the script, then the right
    one; `asked` and `errors` record what happened.

    An answer that is a function is called, with the pool.
    """

    def __init__(self, pool: TutorialPool, **script: list[Any]) -> None:
        self._pool, self._script = pool, script
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.secrets: list[str] = []
        self.codes: list[str] = []
        self.passkeys = PasskeyDevice()

    def _answer(self, question: str, right: Any) -> Any:
        self.asked.append(question)
        left = self._script.get(question)
        answer = left.pop(0) if left else right
        return answer(self) if callable(answer) else answer

    @property
    def pool(self) -> TutorialPool:
        return self._pool

    def username(self) -> str:
        return self._answer("username", "ana")

    def email(self, username: str) -> str:
        return self._answer("email", f"{username}@example.com")

    def password(self, username: str) -> str:
        return self._answer("password", "Passw0rd!")

    def new_password(self, username: str) -> str:
        return self._answer("new_password", "Passw0rd!")

    def first_factor(self, username: str, offered: list[str]) -> str:
        return self._answer("first_factor", offered[0])

    def second_factor(self, username: str, offered: list[str]) -> str:
        return self._answer("second_factor", offered[0])

    def sent_code(self, username: str, challenge: str, destination: str) -> str:
        return self._answer("sent_code", lambda _: self._pool.email_code(username))

    def signed(self, options: str) -> str:
        return self._answer("signed", lambda _: self.passkeys.sign(options))

    def own_answer(self, parameters: dict[str, str]) -> str:
        return self._answer("own_answer", "42")

    def continues_as(self, username: str, status: str) -> bool:
        return self._answer("continues_as", True)

    def email_code(self, username: str, sent: Any) -> str:
        return self._answer("email_code", lambda _: self._pool.email_code(username))

    def scan(self, secret: str, username: str) -> None:
        self.secrets.append(secret)

    def app_code(self, username: str) -> str:
        self.codes.append(self._answer("app_code", right_code))
        return self.codes[-1]

    def wants_device_remembered(self) -> bool:
        return self._answer("wants_device_remembered", True)

    def wants_to_leave(self, username: str) -> bool:
        return self._answer("wants_to_leave", True)

    def again(self, error: ClientError) -> None:
        self.errors.append(code_of(error))


def right_code(person: Scripted) -> str:
    return person.pool.app_code(person.secrets[-1])


def used_code(person: Scripted) -> str:
    return person.codes[-1]


def wrong_code(person: Scripted) -> str:
    return person.pool.wrong_app_code(person.secrets[-1])


def late(minutes: float) -> Any:
    """The right code, but only after so long."""

    def code(person: Scripted) -> str:
        person.pool.emulator.clock.advance(minutes * MINUTE)
        return right_code(person)

    return code
