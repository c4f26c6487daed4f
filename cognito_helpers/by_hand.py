"""What only a person can give where the service is AWS: the code from the mail, and that of a phone of their own.

A cell that needs one stops with a sentence, and shows a field for it; run again, it goes on. Nothing waits for input.
"""

from __future__ import annotations

from IPython.display import display

from .plain_errors import LessonError
from .widgets.forms import BUTTON, Answers, Form, code_field

FIELDS = {"mailed_code": code_field(label="Code from the mail"), "phone_code": code_field(label="Code on your phone")}


class ByHand:
    """The answers of this kernel's learner. Each is good for one use, as the codes are."""

    def __init__(self) -> None:
        self.answers = Answers(FIELDS)

    def mailed_code(self, username: str) -> str:
        """The code from the mail to a user. Raises `LessonError`, and shows the field, until it was typed."""
        return self._given("mailed_code", f"The code for {username} went by e-mail, and only who reads mail at that address has it.")

    def phone_code(self, username: str) -> str:
        """A code of the authenticator app that has a user's secret. Raises `LessonError`, and shows the field, until it was typed."""
        return self._given("phone_code", f"The lab's phone has no account for {username}: take a code from your own phone, one that you did not use yet.")

    def has_phone_code(self) -> bool:
        """Was a code typed that nobody took yet?"""
        return self.answers.given("phone_code") is not None

    def _given(self, question: str, why: str) -> str:
        code = self.answers.take(question)
        if code is None:
            display(Form({question: FIELDS[question]}, self.answers))
            raise LessonError(
                f"{why} Type it into the field and press “{BUTTON}” (or run lab.answers.{question} = \"…\" in a cell), then run this cell again."
            )
        return code
