"""The learner's phone: the authenticator app, with the learner's own account as the default."""

from __future__ import annotations

from typing import NamedTuple

from ..backends.storage import StoredMapping
from ..errors import LessonError
from ..sign_in.authenticator import Phone
from ..tutorial_pool.lessons import Lesson
from .learner import Learner


class LearnerPhone(Phone):
    """`lab.phone`: the authenticator app. It draws itself when a cell ends with it."""

    def __init__(self, lab: Learner) -> None:
        super().__init__(StoredMapping(lab.secrets, "phone"), lab.now)
        self.lab = lab

    def code(self, account: str | None = None, steps: int = 0) -> str:
        """The six digits the phone shows now for a user, the learner if no one is named; `steps` as
        in `Phone.code`. At AWS you may be asked for a code of your own phone.
        """
        name = account or self.lab.username
        if name is None:
            raise LessonError(
                "No one has signed up yet, so the phone has no code. Start with lesson"
                f" {Lesson.SIGN_UP}."
            )
        if self.lab.learner_input and not steps and name not in self.accounts:
            return self.lab.learner_input.phone_code(name)
        return super().code(name, steps)

    def of(self, username: str) -> PhoneOf:
        """The phone, showing another user's account."""
        return PhoneOf(self, username)


class PhoneOf(NamedTuple):
    """The phone with the account of one user. It draws itself, too."""

    phone: LearnerPhone
    username: str

    def code(self) -> str:
        """The six digits for that user."""
        return self.phone.code(self.username)
