"""The lab: the service that answers, and what the learner has done so far."""

from __future__ import annotations

from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .actions import Device
from .authenticator import STEP, Phone
from .local_cognito import LocalCognito, Message
from .plain_errors import LessonError
from .progress import Kept, Progress
from .user_pool import good_password
from .wire import Wire

if TYPE_CHECKING:
    from .challenge_lab.bench import Bench


class Remembered:
    """An attribute of the lab that outlives the kernel: kept in the progress file when it is set, None where nothing is kept."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, lab: Lab | None, owner: type) -> Any:
        return self if lab is None else lab.progress.get(self._name)

    def __set__(self, lab: Lab, value: str | None) -> None:
        lab.progress.set(self._name, value)


class Lab:
    """Everything that the lessons share.

    `cognito` is a boto3 client like any other, `wire` the record of its calls, `phone` an authenticator app. The tutorial's `pool_id` and `client_id`, the
    learner's `username` and, on the stand-in, their `password` are remembered from one notebook to the next: set them and they are kept.
    """

    # Which service answers: "local", the stand-in, or "aws".
    backend = "local"

    pool_id = Remembered()
    client_id = Remembered()
    username = Remembered()
    password = Remembered()

    def __init__(self, home: Path) -> None:
        # One by one: `parents=True` would give the mode to the last folder alone.
        for folder in reversed([home, *home.parents]):
            folder.mkdir(mode=0o700, exist_ok=True)
        self.progress = Progress(home / "progress.json")
        self._stand_in = LocalCognito(home / "stand-in.sqlite")
        self.cognito = self._stand_in.client()
        self.wire = Wire(self.cognito)
        self.phone = Phone(Kept(self.progress, "phone"), self.now)

    def __repr__(self) -> str:
        return f"Lab(user={self.username!r}, pool={self.pool_id!r})"

    def forget_user(self) -> None:
        """Forget the user, who was deleted, and the account on the phone."""
        self.phone.remove(self.username)
        self.username = self.password = self.device = None

    def forget_pool(self) -> None:
        """Forget the pool, which was deleted, with its client and everything about its users."""
        for account in self.phone.accounts:
            self.phone.remove(account)
        self.pool_id = self.client_id = self.username = self.password = self.device = None

    @property
    def device(self) -> Device | None:
        """The device that the learner confirmed last, with its password: what an application would keep. Set it and it is kept."""
        kept = self.progress.get("device")
        return Device(**kept) if kept else None

    @device.setter
    def device(self, device: Device | None) -> None:
        self.progress.set("device", vars(device) if device else None)

    @cached_property
    def bench(self) -> Bench:
        """What experiments need: sessions, codes and tokens in any condition. For the challenge lab, lesson 05."""
        from .challenge_lab.bench import Bench

        return Bench(self)

    # The service's side

    @property
    def issuer(self) -> str:
        """The address that the pool's tokens name; its public keys are below it."""
        return f"{self.cognito.meta.endpoint_url}/{self.pool_id}"

    def jwks(self) -> dict[str, Any]:
        """The pool's public keys: what anyone may download at `ISSUER/.well-known/jwks.json`."""
        return self._stand_in.jwks(self.pool_id)

    def now(self) -> float:
        """The time by the service's clock, in seconds since 1970."""
        return self._stand_in.clock.now()

    def clock_ahead(self) -> float:
        """How many seconds the service's clock is ahead of this computer's: more than 0 once a lesson has moved it on."""
        return self._stand_in.clock.offset()

    def move_clock(self, seconds: float) -> None:
        """Let that many seconds pass at once, and say nothing. Raises `LessonError` at AWS, whose clock nobody moves."""
        if self.backend != "local":
            raise LessonError("Nobody can move the clock of AWS: wait, or try this on the stand-in.")
        self._stand_in.clock.advance(seconds)

    def wait(self, minutes: float) -> None:
        """Let that many minutes pass. On the stand-in they pass at once."""
        self._stand_in.clock.advance(minutes * 60)
        print(f"{minutes:g} minutes later.")

    def wait_for_next_code(self) -> None:
        """Let the present half minute end, so that the phone shows a code that was not used yet. On the stand-in it ends at once."""
        self._stand_in.clock.advance(STEP)
        print("Half a minute later: the phone shows a new code.")

    # The learner's side

    def user_status(self, username: str | None = None) -> str | None:
        """UNCONFIRMED, CONFIRMED … of a user, the learner's where none is named; None where the pool has no such user."""
        name = username or self.username
        if name is None or self.pool_id is None:
            return None
        try:
            with self.wire.aside():
                return str(self.cognito.admin_get_user(UserPoolId=self.pool_id, Username=name)["UserStatus"])
        except self.cognito.exceptions.UserNotFoundException:
            return None

    def free_username(self, name: str = "ana") -> str:
        """The first of `name`, `name`2, `name`3 … that nobody in the pool has."""
        names = (name if number == 1 else f"{name}{number}" for number in count(1))
        return next(name for name in names if self.user_status(name) is None)

    def new_password(self) -> str:
        """A random password of 20 characters, of every kind that a policy may ask for."""
        return good_password()

    def inbox(self, username: str | None = None) -> list[Message]:
        """The messages to a user, the learner where none is named, newest last."""
        name = username or self.username
        return self._stand_in.inbox(name) if name else []

    def mailed_code(self, username: str | None = None) -> str:
        """The code in the newest message to a user, the learner where none is named."""
        messages = self.inbox(username)
        if not messages:
            raise LessonError("The inbox is empty: sign up first, in lesson 01.")
        return messages[-1].code

    def phone_code(self, username: str | None = None) -> str:
        """The code that the learner's phone shows now, for a user's account, the learner's own where none is named."""
        return self.phone.code(username or self.username)
