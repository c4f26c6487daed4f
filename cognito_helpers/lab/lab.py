"""The lab: the service, and what the learner has done so far."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from ..actions import Device
from ..backends.base import Backend
from ..backends.storage import Storage
from ..calls.recorder import Recorder
from ..errors import LessonError
from ..sign_in.passkey_device import PasskeyDevice
from ..tutorial_pool.settings import carries_tag, random_password
from ..ui.form_answers import Answers
from .guard import Guard
from .inbox import Inbox
from .inventory import Inventory
from .phone import LearnerPhone

if TYPE_CHECKING:
    from botocore.client import BaseClient


OF_A_USER = ("username", "device")
OF_A_POOL = ("pool_id", "client_id", *OF_A_USER)


class Remembered:
    """An attribute of the lab that outlives the kernel: kept in the progress file when it is set,
    None if nothing is stored.

    A secret one is kept where the backend keeps secrets; at AWS that is only in this kernel.
    """

    def __init__(self, secret: bool = False) -> None:
        self._secret = secret

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, lab: Lab | None, owner: type) -> Any:
        return self if lab is None else self._memory(lab).get(self._name)

    def __set__(self, lab: Lab, value: str | None) -> None:
        self._memory(lab).set(self._name, value)

    def _memory(self, lab: Lab) -> Storage:
        return lab.secrets if self._secret else lab.progress


class Lab:
    """Everything the lessons share.

    `cognito` is an ordinary boto3 client, `requests` the record of its calls, `phone` an
    authenticator app and text messages, `inbox` the emails, `passkeys` a passkey device. `backend`
    is the service, the emulator or AWS, and says what it can do. The tutorial's `pool_id` and
    `client_id`, and the learner's `username` and `password`, are remembered from one notebook to
    the next: set them to store them. At AWS only the kernel keeps the password and the phone.
    `answers` takes what only the learner can give there.
    """

    pool_id = Remembered()
    client_id = Remembered()
    username = Remembered()
    password = Remembered(secret=True)

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.progress, self.secrets = backend.progress, backend.secrets
        self.learner_input = backend.learner_input
        self.cognito = backend.client
        self.requests = Recorder(backend.listeners)
        self.inventory = Inventory(backend.record, backend.progress)
        backend.listeners.add(Guard(self.inventory, self.requests.aside))
        self.phone = LearnerPhone(self)
        self.inbox = Inbox(self)
        self.passkeys = PasskeyDevice()

    def __repr__(self) -> str:
        return f"Lab(user={self.username!r}, pool={self.pool_id!r})"

    @property
    def answers(self) -> Answers:
        """What was asked when a cell stopped: `lab.answers.email_code = "…"` answers without the
        field. The emulator asks nothing.
        """
        if self.learner_input is None:
            raise LessonError(
                "With the emulator you have nothing to type here: the lab has the inbox and the"
                " phone."
            )
        return self.learner_input.answers

    def forget_user(self) -> None:
        """Forget the user, who was deleted, and the account on the phone."""
        self.phone.remove(self.username)
        self.secrets.forget("password", *OF_A_USER)
        if self.progress is not self.secrets:
            self.progress.forget(*OF_A_USER)

    def forget_pool(self) -> None:
        """Forget the pool, which was deleted, with its client and everything about its users."""
        # In one write if one file holds them all: what's left of a pool would be of no use.
        self.secrets.forget("phone", "password", *OF_A_POOL)
        if self.progress is not self.secrets:
            self.progress.forget(*OF_A_POOL)

    @property
    def device(self) -> Device | None:
        """The device the learner confirmed last, with its password: what an application would keep.
        Set it to store it.
        """
        kept = self.progress.get("device")
        return Device(**kept) if kept else None

    @device.setter
    def device(self, device: Device | None) -> None:
        self.progress.set("device", vars(device) if device else None)

    # The service's side

    def client_in(self, region: str) -> BaseClient:
        """A client like `cognito` for any Region, with the same guard. Calls to another Region
        aren't recorded in `requests`.
        """
        return self.backend.in_region(region)

    def pool_is_ours(self) -> bool:
        """Whether the lab's pool has the tutorial's tag. Only such a pool is ever changed or
        deleted.
        """
        with self.requests.aside():
            return carries_tag(self.cognito.describe_user_pool(UserPoolId=self.pool_id)["UserPool"])

    @property
    def issuer(self) -> str:
        """The issuer in the pool's tokens, an address; its public keys are below it."""
        return self.backend.issuer(self.pool_id)

    def jwks(self) -> dict[str, Any]:
        """The pool's public keys: what anyone can download at `ISSUER/.well-known/jwks.json`."""
        return self.backend.jwks(self.pool_id)

    def now(self) -> float:
        """The time by the service's clock, in seconds since 1970."""
        return self.backend.now()

    def clock_ahead(self) -> float:
        """How many seconds the service's clock is ahead of this computer's: more than 0 once a
        lesson has moved it.
        """
        return self.backend.ahead()

    def move_clock(self, seconds: float) -> None:
        """Let that many seconds pass at once, and print nothing. Raises `LessonError` at AWS, whose
        clock can't be moved.
        """
        self.backend.move_clock(seconds)

    def wait(self, minutes: float) -> None:
        """Let that many minutes pass. On the emulator they pass at once; at AWS a bar shows how
        many are left, and the stop button ends the wait.
        """
        self.backend.wait(minutes)

    def wait_for_next_code(self) -> None:
        """Wait until the phone shows an unused code. On the emulator that takes no time."""
        if self.learner_input and not self.phone.accounts:
            if not self.learner_input.has("phone_code"):
                print("Use a code your phone shows now and you haven't used yet.")
        else:
            self.backend.wait_for_next_code(self.phone)

    # The learner's side

    def user_status(self, username: str | None = None) -> str | None:
        """UNCONFIRMED, CONFIRMED … of a user, by default the learner's; None if the pool has no
        such user.
        """
        name, pool_id = username or self.username, self.pool_id
        if name is None or pool_id is None:
            return None
        try:
            with self.requests.aside():
                user = self.cognito.admin_get_user(UserPoolId=pool_id, Username=name)
                return str(user["UserStatus"])
        except self.cognito.exceptions.UserNotFoundException:
            return None

    def free_username(self, name: str = "ana") -> str:
        """The first of `name`, `name`2, `name`3 … that's free in the pool."""
        names = (name if number == 1 else f"{name}{number}" for number in count(1))
        return next(name for name in names if self.user_status(name) is None)

    def new_password(self) -> str:
        """A random password of 20 characters, with every kind a policy may require."""
        return random_password()

    def email_address(self, name: str = "ana") -> str | None:
        """An email address for a user of this name, whose messages can be read here; None at AWS,
        where only you have one.
        """
        return None if self.learner_input else f"{name}@example.com"
