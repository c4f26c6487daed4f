"""What an error means if its cell ran before, or a response was lost."""

from __future__ import annotations

from typing import NamedTuple

from ..tutorial_pool.lessons import Lesson
from .service_errors import BY_KEY, key_of


class Again(NamedTuple):
    """A call that works once: the errors of a second call, by their keys in the table, and what
    they mean then. `about` tells them from other errors of the same code.
    """

    keys: tuple[str, ...]
    then: str
    about: str = ""

    @property
    def error(self) -> str:
        """The errors in words."""
        codes = dict.fromkeys(BY_KEY[key].code for key in self.keys)
        return (" or ".join(codes) or "nothing of it") + (f" about {self.about}" * bool(self.about))


_USED = Again(
    ("session-used", "session-expired", "session-invalid"),
    "the first run did its work: start the sign-in again, and it shows how far you got",
    "the session",
)


# All other calls may be made as often as you like.
AGAIN = {
    "SignUp": Again(
        ("name-taken", "address-taken"),
        (
            "the first run created the user: run `lab.username, lab.password = answers.username,"
            " answers.password`, and continue with the next cell"
        ),
    ),
    "ConfirmSignUp": Again(
        ("confirmed-once",),
        "the first run confirmed the sign-up: continue with the next cell",
        "CONFIRMED",
    ),
    "AssociateSoftwareToken": _USED,
    "VerifySoftwareToken": _USED,
    "RespondToAuthChallenge": _USED,
    "AdminRespondToAuthChallenge": _USED,
    "DeleteUser": Again(
        ("no-such-user", "access-token-revoked", "not-authorized"),
        "the first run deleted the user: run `lab.forget_user()`, and continue with the next cell",
    ),
    "DeleteUserPoolClient": Again(
        ("no-such-client", "no-such-pool", "not-found"),
        "the first run deleted it: continue with the next cell. If it was the tutorial's own"
        " client, run `lab.client_id = None` first",
    ),
    "DeleteUserPool": Again(
        ("no-such-pool", "not-found"),
        "the first run deleted it: run `lab.forget_pool()`, and you're done",
    ),
    "DescribeUserPool": Again(
        ("no-such-pool", "not-found"), "the pool is deleted: run `lab.forget_pool()`"
    ),
    "CreateUserPool": Again(
        (),
        f"and the first run created a pool too, lesson {Lesson.CLEAN_UP} finds that one by its tag"
        " and deletes it",
    ),
}


def second_run(operation: str, code: str, message: str) -> str | None:
    """What an error means if its cell ran before, or a response was lost; None if it has another
    reason.
    """
    again = AGAIN.get(operation)
    if again is None or key_of(code, message) not in again.keys:
        return None
    return f"Or this cell ran before, or an answer to it was lost. Then {again.then}."
