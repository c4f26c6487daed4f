"""The interface of every backend: the service, and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ..calls.listeners import Listeners
from ..local_cognito import Message
from ..sign_in.authenticator import Phone
from .learner_input import LearnerInput
from .storage import Storage

if TYPE_CHECKING:
    from botocore.client import BaseClient


LOCAL, AWS = "local", "aws"


class Backend(Protocol):
    """The service for the lab's calls, and what goes with it."""

    @property
    def name(self) -> str:
        """ "local" or "aws"."""

    @property
    def can_move_clock(self) -> bool:
        """Whether the service's clock can be moved."""

    @property
    def may_create_users(self) -> bool:
        """Whether the lab may create users and app clients for experiments, sign them in, and guess
        without limits. In the learner's account that may cost money or lock a user.
        """

    @property
    def shows_changes_late(self) -> bool:
        """Whether a change may show only some seconds after the call that made it."""

    @property
    def account(self) -> str | None:
        """The AWS account, if it's known."""

    @property
    def client(self) -> BaseClient:
        """The boto3 client."""

    @property
    def listeners(self) -> Listeners:
        """The listeners of `client`, and of what `in_region` returns."""

    @property
    def progress(self) -> Storage:
        """Where the lab keeps what isn't secret."""

    @property
    def secrets(self) -> Storage:
        """Where it keeps the password and the phone's accounts."""

    @property
    def record(self) -> Storage:
        """The record of what the lab created, in any Region."""

    @property
    def learner_input(self) -> LearnerInput | None:
        """What asks the learner for what only they know; None if the lab itself has the inbox and
        the phone.
        """

    @property
    def no_messages(self) -> str:
        """What an empty inbox says."""

    @property
    def no_texts(self) -> str:
        """What a phone without text messages says; empty if it says nothing."""

    @property
    def regions(self) -> list[str]:
        """The Regions where the learner may have created something."""

    def introduce(self) -> None:
        """Say which service is used, and ask what must be asked before anything is created."""

    def in_region(self, region: str) -> BaseClient:
        """A client like `client` for any Region, with the same guard."""

    def issuer(self, pool_id: str) -> str:
        """The issuer in a pool's tokens, an address."""

    def jwks(self, pool_id: str) -> dict[str, Any]:
        """A pool's public keys."""

    def now(self) -> float:
        """The time by the service's clock, in seconds since 1970."""

    def ahead(self) -> float:
        """How many seconds the service's clock is ahead of this computer's."""

    def move_clock(self, seconds: float) -> None:
        """Let that many seconds pass at once. Raises `LessonError` at AWS."""

    def wait(self, minutes: float) -> None:
        """Let that many minutes pass."""

    def wait_for_next_code(self, phone: Phone) -> None:
        """Wait until the phone shows the next code."""

    def inbox(self, username: str) -> list[Message]:
        """The messages to a user that the lab can read, newest last."""
