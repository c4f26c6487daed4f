"""What only the learner can give at AWS: the code in an email or a text message, a code of their
own phone, a password the lab didn't keep.

A cell that needs one stops with a sentence and shows a field for it. Run again, it continues.
Nothing blocks while waiting for input.
"""

from __future__ import annotations

from IPython.display import display

from ..errors import LessonError
from ..ui import fields
from ..ui.form import Form
from ..ui.form_answers import BUTTON, Answers

FIELDS = {
    "email_code": fields.code(label="Confirmation code"),
    "text_code": fields.code(label="Code in the text message"),
    "phone_code": fields.code(label="Code on the phone"),
    "password": fields.password("", label="Your password"),
    "another_user": fields.yes_no("no", label="Another user"),
}

# Also if the first cell stopped, and there is no lab yet
ROUTE = 'open_lab("nothing").answers'


class LearnerInput:
    """The answers of this kernel's learner. Each is used once, as codes are."""

    def __init__(self) -> None:
        self.answers = Answers(FIELDS)
        self._form: Form | None = None

    def email_code(self, username: str) -> str:
        """The confirmation code sent to a user. Raises `LessonError` and shows the field until it's
        typed.
        """
        return self._given(
            "email_code",
            f"The code for {username} was sent by email, and only you can read that inbox.",
        )

    def text_code(self, username: str) -> str:
        """The code in the text message sent to a user. Raises as `email_code` does."""
        return self._given(
            "text_code",
            f"The code for {username} was sent by SMS, and only you can read that phone.",
        )

    def phone_code(self, username: str, which: str = "one you haven't used yet") -> str:
        """A code of the authenticator app with a user's secret; `which` says how old it may be.
        Raises `LessonError` and shows the field until it's typed.
        """
        return self._given(
            "phone_code",
            f"The phone on the page has no account for {username}. Use a code from your own phone,"
            f" {which}.",
        )

    def password(self, username: str) -> str | None:
        """The password of a user signed up in an earlier kernel, or None if the lab should create
        another user. Raises `LessonError` and asks until answered.
        """
        password, another = self._take("password"), self._take("another_user") == "yes"
        if password is None and not another:
            self._ask("password", "another_user")
            raise LessonError(
                f"You're {username}, and none of your secrets were kept. Type your password above."
                " If you only had the phone on the page, or a password the lab generated, answer"
                " yes to “Another user”: the lab creates one, without an email. Press"
                f" “{BUTTON}”, then run this cell again."
                f'\nWithout the form: {ROUTE}.password = "…"\nor: {ROUTE}.another_user = "yes"'
            )
        return None if another else password

    def has(self, question: str) -> bool:
        """Whether there's an answer that wasn't used yet."""
        self._press_button()
        return self.answers.given(question) is not None

    def _given(self, question: str, why: str) -> str:
        code = self._take(question)
        if code is None:
            self._ask(question)
            raise LessonError(
                f"{why} Type it above and press “{BUTTON}”, then run this cell again.\nWithout the"
                f' form: {ROUTE}.{question} = "…"'
            )
        return code

    def _take(self, question: str) -> str | None:
        self._press_button()
        return self.answers.take(question)

    def _press_button(self) -> None:
        # Running a cell again removes its form. Text typed there and not submitted would be lost.
        if self._form is not None and self._form.has_unsent_text():
            self._form.submit()

    def _ask(self, *questions: str) -> None:
        self._form = Form(
            {question: FIELDS[question] for question in questions},
            self.answers,
            then="run this cell again",
            known_as=ROUTE,
        )
        display(self._form)
