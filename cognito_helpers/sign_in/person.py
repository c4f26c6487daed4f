"""Who answers the scenario's questions: the lab's own phone and inbox, a user at a terminal, a
test.
"""

from __future__ import annotations

from typing import Protocol

from botocore.exceptions import ClientError

from ..actions import CodeDelivery


class Person(Protocol):
    """Answers the scenario's questions."""

    def username(self) -> str:
        """A name to sign up with."""

    def email(self, username: str) -> str:
        """An address whose email can be read."""

    def password(self, username: str) -> str:
        """The password of this user."""

    def continues_as(self, username: str, status: str) -> bool:
        """Whether an existing user of this name is this person."""

    def email_code(self, username: str, sent: CodeDelivery | None) -> str:
        """The code from the email; empty to have another one sent."""

    def scan(self, secret: str, username: str) -> None:
        """Add the secret to an authenticator app."""

    def app_code(self, username: str) -> str:
        """The authenticator app's code, not used yet."""

    def first_factor(self, username: str, offered: list[str]) -> str:
        """Which of the offered first factors to sign in with."""

    def second_factor(self, username: str, offered: list[str]) -> str:
        """Which of the offered second factors to use."""

    def sent_code(self, username: str, challenge: str, destination: str) -> str:
        """The code sent for a sign-in, to a masked address."""

    def signed(self, options: str) -> str:
        """What a passkey signed for these CREDENTIAL_REQUEST_OPTIONS."""

    def own_answer(self, parameters: dict[str, str]) -> str:
        """The answer to a challenge of the pool's own functions."""

    def new_password(self, username: str) -> str:
        """A new password, for a user created by an administrator."""

    def wants_device_remembered(self) -> bool:
        """Whether this device should sign in without a code from now on."""

    def wants_to_leave(self, username: str) -> bool:
        """Whether to delete the account."""

    def again(self, error: ClientError) -> None:
        """Cognito rejected the last answer, and another is possible. Raises `error` if the person
        has none.
        """
