"""The learner's phone: the authenticator app, with the learner's own account as the default, and
the text messages.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..backends.storage import StoredMapping
from ..errors import LessonError
from ..local_cognito import Message
from ..sign_in.authenticator import Phone
from ..tutorial_pool.lessons import Lesson
from .learner import Learner


class LearnerPhone(Phone):
    """`lab.phone`: the authenticator app and the text messages. It draws itself when a cell ends
    with it. At AWS it has no text messages, because they go to the number you gave.
    """

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

    def texts(self, user: str | None = None) -> list[Message]:
        """The text messages to a user, newest last; to the learner if no one is named."""
        name = user or self.lab.username
        sent = self.lab.backend.inbox(name) if name else []
        return [message for message in sent if message.is_text]

    def text_code(self, user: str | None = None) -> str:
        """The code in the newest text message to a user, the learner if no one is named. At AWS
        you're asked for it.
        """
        name = user or self.lab.username
        if self.lab.learner_input and name:
            return self.lab.learner_input.text_code(name)
        texts = self.texts(name)
        if not texts:
            raise LessonError(
                f"No text message was sent to {name or 'the learner'} yet. Start a sign-in that"
                " sends one first."
            )
        return texts[-1].code

    def of(self, username: str) -> PhoneOf:
        """The phone, showing another user's account."""
        return PhoneOf(self, username)


# Not a NamedTuple: IPython prints tuples itself.
@dataclass(frozen=True)
class PhoneOf:
    """The phone with the account of one user. It draws itself, too."""

    phone: LearnerPhone
    username: str

    def code(self) -> str:
        """The six digits for that user."""
        return self.phone.code(self.username)

    def text_code(self) -> str:
        """The code in the newest text message to that user."""
        return self.phone.text_code(self.username)
