"""The learner's inbox: the emails Cognito sent to a user. Text messages are on the phone."""

from __future__ import annotations

from ..errors import LessonError
from ..local_cognito import Message
from ..tutorial_pool.lessons import Lesson
from .learner import Learner


class Inbox:
    """`lab.inbox`: the emails to the learner, or to `username`. It draws itself when a cell ends
    with it. At AWS it's empty, because emails go to the address you gave.
    """

    def __init__(self, lab: Learner, username: str | None = None) -> None:
        self._lab, self._username = lab, username

    def __repr__(self) -> str:
        # Without a look at the messages: the emulator may be closed.
        return f"Inbox of {self._username or 'the learner'}"

    def of(self, username: str) -> Inbox:
        """The inbox of another user."""
        return Inbox(self._lab, username)

    @property
    def messages(self) -> list[Message]:
        """The emails, newest last."""
        return self._sent_to(self._username or self._lab.username)

    @property
    def when_empty(self) -> str:
        """Why there may be no messages."""
        return self._lab.backend.no_messages

    def code(self, username: str | None = None) -> str:
        """The code in the newest email to a user, the inbox's own if no one is
        named. At AWS you're asked for it.
        """
        name = username or self._username or self._lab.username
        if self._lab.learner_input and name:
            return self._lab.learner_input.email_code(name)
        messages = self._sent_to(name)
        if not messages:
            raise LessonError(f"The inbox is empty. Sign up first, in lesson {Lesson.SIGN_UP}.")
        return messages[-1].code

    def _sent_to(self, username: str | None) -> list[Message]:
        sent = self._lab.backend.inbox(username) if username else []
        return [message for message in sent if not message.is_text]
