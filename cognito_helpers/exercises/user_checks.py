"""Exercises on signing up, and on the users of a pool."""

from __future__ import annotations

from typing import Any

from ..lab.lab import Lab
from .result import NOT_YET, OPEN, SOLVED, WRITE, Result, answer_of, is_accepted, made


def found_by_address(lab: Lab, _: Any) -> Result:
    """ListUsers finds the learner by the email address."""
    searches = made(
        lab.requests.calls, "ListUsers", lambda request: "email" in str(request.get("Filter", ""))
    )
    if not searches:
        return Result(OPEN, WRITE)
    users = answer_of(searches[-1]).get("Users", [])
    if lab.username not in [user["Username"] for user in users]:
        return Result(
            NOT_YET,
            f"the last search by address found {len(users)} users, and {lab.username} isn't one of"
            " them. Check how the filter is written.",
        )
    return Result(
        SOLVED,
        f"the service searched, and found {lab.username}. No other user had to be read for it.",
    )


def a_day_late(lab: Lab, _: Any) -> Result:
    """A confirmation code expires."""
    tries = made(
        lab.requests.calls, "ConfirmSignUp", lambda request: request.get("Username") != lab.username
    )
    if not tries:
        return Result(OPEN, WRITE)
    if tries[-1].error != "ExpiredCodeException":
        return Result(
            NOT_YET,
            f"the last confirmation ended with {tries[-1].error or 'a confirmed user'}. How long"
            " is a confirmation code valid?",
        )
    return Result(
        SOLVED,
        f"the code was too old, and the user is {lab.user_status(tries[-1].request['Username'])}."
        " Such a person asks for a new code.",
    )


def still_there(lab: Lab, answer: Any) -> Result:
    """ListUsers counts the users of all pages."""
    looked = [call for call in made(lab.requests.calls, "ListUsers") if is_accepted(call)]
    if not looked or not isinstance(answer, int):
        return Result(OPEN, WRITE)
    if lab.pool_id is None:
        return Result(
            NOT_YET,
            "the pool and its users are deleted by now. Run the lesson again from the top.",
        )
    with lab.requests.aside():
        pages = lab.cognito.get_paginator("list_users").paginate(UserPoolId=lab.pool_id)
        users = sum(len(page["Users"]) for page in pages)
    if answer != users:
        return Result(
            NOT_YET,
            f"you counted {answer}, and Cognito counts otherwise. Does your call name the pool, and"
            " read every page?",
        )
    return Result(
        SOLVED, f"{users} left. Deleting an app client deletes no users. Deleting the pool will."
    )
