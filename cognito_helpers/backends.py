"""What stands behind the lab: the stand-in, or Amazon Cognito by boto3's own ways. Two backends
with one interface, and the choice between them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from .by_hand import ByHand
from .errors import LessonError
from .local_cognito import LocalCognito, Message
from .local_cognito.storage.store import IN_A_TAB
from .progress import Memory, Progress
from .sign_in.authenticator import STEP, Phone
from .text import say

if TYPE_CHECKING:
    from botocore.client import BaseClient

LOCAL, AWS = "local", "aws"
_WORDS = {LOCAL: "the stand-in, in this notebook", AWS: "Amazon Cognito, in your account"}
# Any of these is set on a machine of Binder's.
_BINDER = ("BINDER_SERVICE_HOST", "BINDER_REQUEST", "BINDER_LAUNCH_HOST")
# Names a backend for one kernel, whatever was chosen in lesson 00.
VARIABLE = "COGNITO_LAB_BACKEND"


class Backend(Protocol):
    """What answers the lab's calls, and what goes with it."""

    @property
    def name(self) -> str:
        """ "local" or "aws"."""

    @property
    def account(self) -> str | None:
        """The AWS account, where it is known."""

    @property
    def client(self) -> BaseClient:
        """The boto3 client."""

    @property
    def progress(self) -> Memory:
        """Where the lab keeps what is no secret."""

    @property
    def secrets(self) -> Memory:
        """Where it keeps the password and the phone's accounts."""

    @property
    def record(self) -> Memory:
        """Where it is written down what the lab made, in whichever Region."""

    @property
    def by_hand(self) -> ByHand | None:
        """Who asks the learner for what nobody else can know; None where the lab itself reads the
        mail and has the phone.
        """

    @property
    def no_messages(self) -> str:
        """What an empty inbox says."""

    @property
    def regions(self) -> list[str]:
        """The Regions in which the learner may have made something."""

    def introduce(self) -> None:
        """Say who answers, and ask what must be asked before anything is made."""

    def in_region(self, region: str) -> BaseClient:
        """A client like `client`, of another Region."""

    def issuer(self, pool_id: str) -> str:
        """The address that a pool's tokens name."""

    def jwks(self, pool_id: str) -> dict[str, Any]:
        """A pool's public keys."""

    def now(self) -> float:
        """The time by the service's clock, in seconds since 1970."""

    def ahead(self) -> float:
        """How many seconds the service's clock is ahead of this computer's."""

    def move_clock(self, seconds: float) -> None:
        """Let that many seconds pass at once; raises `LessonError` where nobody can."""

    def wait(self, minutes: float) -> None:
        """Let that many minutes pass."""

    def wait_for_next_code(self, phone: Phone) -> None:
        """Let the present half minute end."""

    def inbox(self, username: str) -> list[Message]:
        """The messages to a user that the lab can read, newest last."""


class StandIn:
    """The stand-in, in a file of `home`: its clock can be moved on, its mail can be read, and it
    costs nothing.
    """

    name, account, by_hand, no_messages = LOCAL, None, None, "No messages yet."

    def __init__(self, home: Path) -> None:
        self._stand_in = LocalCognito(home / "stand-in.sqlite")
        self.client = self._stand_in.client()
        self.in_region = self._stand_in.client
        # Nobody's password: its user exists nowhere but in the file beside it, so any lesson can go
        # on tomorrow.
        self.progress = self.secrets = self.record = _choices(home)
        self.jwks, self.inbox = self._stand_in.jwks, self._stand_in.inbox
        self.regions = [self.client.meta.region_name]
        self.now, self.ahead, self.move_clock = (
            self._stand_in.clock.now,
            self._stand_in.clock.offset,
            self._stand_in.clock.advance,
        )

    def introduce(self) -> None:
        say(
            "The stand-in answers: Amazon Cognito inside this notebook. No AWS account is used, and"
            " nothing leaves this computer."
        )

    def issuer(self, pool_id: str) -> str:
        return f"{self.client.meta.endpoint_url}/{pool_id}"

    def wait(self, minutes: float) -> None:
        self.move_clock(minutes * 60)
        print(f"{minutes:g} minutes later.")

    def wait_for_next_code(self, phone: Phone) -> None:
        self.move_clock(STEP)
        print("Half a minute later: the phone shows a new code.")


def offered() -> dict[str, str]:
    """The backends that can be had here, each with its words."""
    return {name: words for name, words in _WORDS.items() if name == LOCAL or not _why_not_aws()}


def chosen(home: Path) -> str:
    """The backend that `COGNITO_LAB_BACKEND` names, else the one that was chosen last, else the
    stand-in. Raises `LessonError` for a name that is none.
    """
    if named := os.environ.get(VARIABLE):
        return _known(named, VARIABLE)
    return _known(_choices(home).get("backend") or LOCAL, "The backend that was chosen")


def choose(home: Path, choice: str) -> None:
    """Remember a choice. Raises `LessonError` for a name that is none."""
    if _known(choice, "The backend") != os.environ.get(VARIABLE):
        _choices(home).set("backend", choice)
        if os.environ.get(VARIABLE):
            say(
                f"{VARIABLE} is “{os.environ[VARIABLE]}”, and goes before what you chose: your"
                " choice counts once the variable is gone."
            )


def opened(home: Path) -> Backend:
    """The backend of `chosen`. Raises what boto3 raises where it finds no profile, no Region or no
    credentials.
    """
    if chosen(home) == LOCAL:
        return StandIn(home)
    # Imported when it is needed: the stand-in can do without.
    from .aws import Aws

    return Aws(home)


def _choices(home: Path) -> Progress:
    return Progress(home / "progress.json")


def _why_not_aws() -> str | None:
    """Why AWS cannot be had here, in a sentence; None where it can."""
    if IN_A_TAB:
        return "In a browser tab only the stand-in answers: a page of this kind cannot reach AWS."
    if any(name in os.environ for name in _BINDER):
        return (
            "On Binder only the stand-in answers: it is a public machine, and no place for AWS"
            " credentials."
        )
    return None


def _known(name: str, what: str) -> str:
    if name == AWS and (reason := _why_not_aws()):
        raise LessonError(f"{reason} For AWS, run the lessons on your own computer.")
    if name not in _WORDS:
        raise LessonError(
            f"{what} is “{name}”, and there are two: “{LOCAL}”, the stand-in, and “{AWS}”. Name one"
            " of them, and run this cell again."
        )
    return name
