"""Exercises on first and second factors and on groups, in the practice pools of their lessons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..lab.lab import Lab
from .practice_pool import PracticePool, as_list
from .result import NOT_YET, OPEN, SOLVED, WRITE, Request, Result, is_accepted, made, since

BY_TEXT, BY_EMAIL = "SMSMfaSettings", "EmailMfaSettings"


def prefers_two(request: Request) -> bool:
    """Does a request prefer both factors?"""
    return all(request.get(block, {}).get("PreferredMfa") for block in (BY_TEXT, BY_EMAIL))


def out_of_the_group(practice: Lab | PracticePool, _: Any) -> Result:
    """A user is removed from a group, and the tokens are refreshed afterwards."""
    calls, removal = practice.requests.calls, "AdminRemoveUserFromGroup"
    if not any(map(is_accepted, made(calls, removal))):
        return Result(OPEN, WRITE)
    refreshed = made(
        since(calls, removal),
        "InitiateAuth",
        lambda request: request["AuthFlow"] == "REFRESH_TOKEN_AUTH",
    )
    if not any(map(is_accepted, refreshed)):
        return Result(
            NOT_YET,
            "the user is out of the group. Tokens that were issued before still contain it, so get"
            " new ones.",
        )
    return Result(
        SOLVED,
        "the new token doesn't contain the group. The old one still does, until it expires. That's"
        " one reason to keep access tokens short-lived.",
    )


# Functions that sign users in


class Trial(NamedTuple):
    """A user to sign in: what they have, in words and as attributes, the second factors that are
    turned on, and whether the function can sign them in.
    """

    having: str
    attributes: tuple[str, ...]
    blocks: tuple[str, ...] = ()
    has_password: bool = True
    can_sign_in: bool = True


ADDRESSES = {"email": "zoe@example.com", "phone_number": "+12065550199"}
SECOND_FACTORS = [
    Trial("no factor", tuple(ADDRESSES)),
    Trial("text messages", tuple(ADDRESSES), (BY_TEXT,)),
    Trial("email", tuple(ADDRESSES), (BY_EMAIL,)),
    Trial("text messages and email", tuple(ADDRESSES), (BY_TEXT, BY_EMAIL)),
]
FIRST_FACTORS = [
    Trial("an email address and no password", ("email",), has_password=False),
    Trial("a password, an email address and a phone number", tuple(ADDRESSES)),
    Trial("a password and a phone number", ("phone_number",)),
    Trial("a password and nothing else", (), can_sign_in=False),
]


def every_factor(practice: Lab | PracticePool, function: Any) -> Result:
    """A function finishes the sign-in of users with different second factors."""
    if not callable(function) or not isinstance(practice, PracticePool):
        return Result(OPEN, WRITE)
    trouble = _trouble(
        practice, SECOND_FACTORS, lambda username: function(username, practice.begin(username))
    )
    return trouble or Result(
        SOLVED,
        "your function finishes every sign-in of this pool. It depends on the challenge that came,"
        " not on what the user has turned on.",
    )


def choose_for_the_user(practice: Lab | PracticePool, function: Any) -> Result:
    """A function signs users with different first factors in by a code."""
    if not callable(function) or not isinstance(practice, PracticePool):
        return Result(OPEN, WRITE)
    return _trouble(practice, FIRST_FACTORS, function) or Result(
        SOLVED,
        "your function reads what each user can use. A user who gets a new factor tomorrow needs"
        " no change in your app.",
    )


def _trouble(
    practice: PracticePool, trials: list[Trial], function: Callable[[str], Any]
) -> Result | None:
    """What a function does wrong, for the first user it doesn't work for; None if it works."""
    for number, trial in enumerate(trials, 1):
        wrong = _tried(practice, trial, f"user{number}", function)
        if wrong:
            return Result(NOT_YET, f"for a user with {trial.having}, your function {wrong}.")
    return None


def _tried(
    practice: PracticePool, trial: Trial, name: str, function: Callable[[str], Any]
) -> str | None:
    """What a function does wrong for a new user, who's deleted afterwards."""
    with practice.requests.aside():
        _create(practice, trial, name)
        try:
            tokens = function(name)
            if not trial.can_sign_in or tokens is None:
                wanted = tokens is None and not trial.can_sign_in
                return None if wanted else f"returned {'no ' * (tokens is None)}tokens"
            user = practice.cognito.get_user(AccessToken=tokens["AccessToken"])
        except Exception as error:
            return f"ended with {type(error).__name__}: {error}".rstrip(".")
        finally:
            practice.cognito.admin_delete_user(UserPoolId=practice.pool_id, Username=name)
    return None if user["Username"] == name else "returned another user's tokens"


def _create(practice: PracticePool, trial: Trial, name: str) -> None:
    pool, given = {"UserPoolId": practice.pool_id, "Username": name}, dict[str, str]()
    for attribute in trial.attributes:
        given |= {attribute: ADDRESSES[attribute], f"{attribute}_verified": "true"}
    if trial.has_password:
        practice.sign_up(name)
        practice.give(name, given)
    else:
        practice.cognito.admin_create_user(
            **pool, MessageAction="SUPPRESS", UserAttributes=as_list(given)
        )
    practice.cognito.admin_set_user_mfa_preference(
        **pool, **{block: {"Enabled": True} for block in trial.blocks}
    )
