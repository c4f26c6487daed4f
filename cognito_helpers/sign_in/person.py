"""Who answers what the scenario asks on its way: the lab's own phone and inbox, somebody at a
terminal, a test.
"""

from __future__ import annotations

from typing import Protocol

from botocore.exceptions import ClientError

from ..actions import CodeDelivery


class Person(Protocol):
    """Who answers what the scenario asks."""

    def username(self) -> str:
        """A name to sign up with."""

    def email(self, username: str) -> str:
        """An address that mail can be read at."""

    def password(self, username: str) -> str:
        """The password of this user."""

    def goes_on_as(self, username: str, status: str) -> bool:
        """Somebody has this name. Is it this person?"""

    def mailed_code(self, username: str, sent: CodeDelivery | None) -> str:
        """The code from the mail; empty to have another one sent."""

    def scan(self, secret: str, username: str) -> None:
        """Take the secret into an authenticator app."""

    def app_code(self, username: str) -> str:
        """What the authenticator app shows, and was not used yet."""

    def first_factor(self, username: str, offered: list[str]) -> str:
        """Which of the offered first factors to sign in with."""

    def second_factor(self, username: str, offered: list[str]) -> str:
        """Which of the offered second factors to use."""

    def sent_code(self, username: str, challenge: str, destination: str) -> str:
        """The code that was sent for a sign-in, to an address of which only a part is shown."""

    def signed(self, options: str) -> str:
        """What a passkey signed for these CREDENTIAL_REQUEST_OPTIONS."""

    def own_answer(self, parameters: dict[str, str]) -> str:
        """The answer to a challenge of the pool's own functions."""

    def new_password(self, username: str) -> str:
        """A password of their own, for a user whom an administrator made."""

    def wants_device_remembered(self) -> bool:
        """Shall this device sign in without a code from now on?"""

    def wants_to_leave(self, username: str) -> bool:
        """Shall the account be deleted?"""

    def again(self, refusal: ClientError) -> None:
        """Cognito rejected the answer that was given last, and it can be given once more. Raises
        `refusal` where there is no other.
        """
