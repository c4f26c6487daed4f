"""The learner's inbox: the messages Cognito sent to a user."""

from __future__ import annotations

from ..errors import LessonError
from ..local_cognito import Message
from ..tutorial_pool.lessons import Lesson
from .learner import Learner


class Inbox:
    """`lab.inbox`: the messages to the learner, or to `username`. It draws itself when a cell ends
    with it. At AWS it's empty, because messages go to the address you gave.
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
        """The messages, newest last."""
        name = self._username or self._lab.username
        return self._lab.backend.inbox(name) if name else []

    @property
    def when_empty(self) -> str:
        """Why there may be no messages."""
        return self._lab.backend.no_messages

    def code(self, username: str | None = None) -> str:
        """The confirmation code in the newest message to a user, the inbox's own if no one is
        named. At AWS you're asked for it.
        """
        name = username or self._username or self._lab.username
        if self._lab.learner_input and name:
            return self._lab.learner_input.mailed_code(name)
        messages = self._lab.backend.inbox(name) if name else []
        if not messages:
            raise LessonError(f"The inbox is empty. Sign up first, in lesson {Lesson.SIGN_UP}.")
        return messages[-1].code
