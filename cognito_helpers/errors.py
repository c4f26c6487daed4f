"""The exceptions a learner can do something about."""

from __future__ import annotations


class LessonError(Exception):
    """Something the learner can fix: the message is one sentence, and says how."""


class NotAvailableError(LessonError):
    """Something you can't have here, for example in a browser tab. `attempt` says so, and its cell
    continues.
    """


class EmulatorOnlyError(NotAvailableError):
    """Something you can't have at AWS."""


class NotAsked(LessonError):
    """A question a form doesn't have, often because the cell with its form was skipped."""

    def __init__(self, question: str, has: list[str]) -> None:
        super().__init__(f"This form has no question “{question}”. It has {', '.join(has)}.")
        self.question = question
