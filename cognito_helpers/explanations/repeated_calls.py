"""What an error means when a cell ran before, or its answer was lost."""

from __future__ import annotations

_USED = (
    "NotAuthorizedException about the session",
    "the first run did its work: start the sign-in again, and it shows how far you got",
)


# Calls that do something once: what Cognito says to the second, and what that means then. All
# others may be made as often as one likes.
AGAIN = {
    "SignUp": (
        "UsernameExistsException",
        (
            "the first run made the user: run `lab.username, lab.password = answers.username,"
            " answers.password`, and go on with the next cell"
        ),
    ),
    "ConfirmSignUp": (
        "NotAuthorizedException about CONFIRMED",
        "the first run confirmed the sign-up: go on with the next cell",
    ),
    "AssociateSoftwareToken": _USED,
    "VerifySoftwareToken": _USED,
    "RespondToAuthChallenge": _USED,
    "AdminRespondToAuthChallenge": _USED,
    "DeleteUser": (
        "UserNotFoundException or NotAuthorizedException",
        "the first run deleted the user: run `lab.forget_user()`, and go on with the next cell",
    ),
    "DeleteUserPoolClient": (
        "ResourceNotFoundException",
        "the first run deleted it: run `lab.client_id = None`, and go on with the next cell",
    ),
    "DeleteUserPool": (
        "ResourceNotFoundException",
        "the first run deleted it: run `lab.forget_pool()`, and you are done",
    ),
    "DescribeUserPool": ("ResourceNotFoundException", "the pool is gone: run `lab.forget_pool()`"),
    "CreateUserPool": (
        "nothing of it",
        "and the first run made a pool too, lesson 08 finds that one by its tag and deletes it",
    ),
}


def second_run(operation: str, exception: str, message: str) -> str | None:
    """What a refusal means if the cell ran before, or its answer was lost; None where it has
    another reason.
    """
    known, then = AGAIN.get(operation, ("", ""))
    about = known.partition(" about ")[2]
    return (
        f"Or this cell ran before, or an answer to it was lost. Then {then}."
        if exception in known and about.removeprefix("the ") in message
        else None
    )
