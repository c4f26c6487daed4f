"""What only a person can give where the service is AWS: the code from the mail, that of a phone of
their own, a password that the lab has not kept.

A cell that needs one stops with a sentence, and shows a field for it; run again, it goes on.
Nothing waits for input.
"""

from __future__ import annotations

from IPython.display import display

from ..errors import LessonError
from ..ui import fields
from ..ui.form import Form
from ..ui.form_answers import BUTTON, Answers

FIELDS = {
    "mailed_code": fields.code(label="Code from the mail"),
    "phone_code": fields.code(label="Code on the phone"),
    "password": fields.password("", label="Your password"),
    "another_user": fields.yes_no("no", label="Another user"),
}

# Also where the first cell stopped, and there is no lab yet.
ROUTE = 'open_lab("nothing").answers'


class LearnerInput:
    """The answers of this kernel's learner. Each is good for one use, as codes are."""

    def __init__(self) -> None:
        self.answers = Answers(FIELDS)
        self._form: Form | None = None

    def mailed_code(self, username: str) -> str:
        """The code from the mail to a user. Raises `LessonError`, and shows the field, until it was
        typed.
        """
        return self._given(
            "mailed_code",
            f"The code for {username} went by e-mail, and only who reads mail at that address"
            " has it.",
        )

    def phone_code(self, username: str, which: str = "one that you did not use yet") -> str:
        """A code of the authenticator app that has a user's secret; `which` says of what age.
        Raises `LessonError`, and shows the field, until it was typed.
        """
        return self._given(
            "phone_code",
            f"The lab's phone has no account for {username}: take a code from your own phone,"
            f" {which}.",
        )

    def password(self, username: str) -> str | None:
        """The password of a user whom an earlier kernel signed up, or None where the lab shall make
        another. Raises `LessonError`, and asks, until told.
        """
        password, another = self._take("password"), self._take("another_user") == "yes"
        if password is None and not another:
            self._ask("password", "another_user")
            raise LessonError(
                f"You are {username}, and nothing secret of yours was kept: type your password"
                " above. If you had only the phone on the page, whose secrets are "
                "gone, or a password that the lab made up, answer yes to “Another user”: the lab"
                f" makes one, and no mail is needed. Press “{BUTTON}”, then run "
                f'this cell again.\nWithout the form: {ROUTE}.password = "…"\nor:'
                f' {ROUTE}.another_user = "yes"'
            )
        return None if another else password

    def has(self, question: str) -> bool:
        """Was something answered that nobody took yet?"""
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
        # A cell that is run again clears its form away: what was typed there and not sent would be
        # lost.
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
