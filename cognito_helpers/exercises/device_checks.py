"""Exercises on remembered devices."""

from __future__ import annotations

from typing import Any

from ..lab.lab import Lab
from .result import NOT_YET, OPEN, SOLVED, WRITE, Result, answer_of, is_accepted, made, since


def codes_sent(lab: Lab, answer: Any) -> Result:
    """How many codes were sent."""
    if not isinstance(answer, int):
        return Result(OPEN, "write a number in place of None, and run the cell again.")
    carried = made(
        lab.requests.calls,
        "RespondToAuthChallenge",
        lambda request: "SOFTWARE_TOKEN_MFA_CODE" in request.get("ChallengeResponses", {}),
    )
    if answer != len(carried):
        return Result(
            NOT_YET,
            f"not {answer}. Go through your calls. Which of them responds to SOFTWARE_TOKEN_MFA?",
        )
    return Result(
        SOLVED,
        f"{answer}. You sent one code, before the device was confirmed, and none after.",
    )


def without_the_key(lab: Lab, _: Any) -> Result:
    """A sign-in without the device key asks for a code."""
    calls = since(lab.requests.calls, "ForgetDevice")
    begun = (
        [call for call in made(calls, "InitiateAuth") if is_accepted(call)]
        if calls != lab.requests.calls
        else []
    )
    if not begun:
        return Result(OPEN, WRITE)
    if answer_of(begun[-1]).get("ChallengeName") != "SOFTWARE_TOKEN_MFA":
        return Result(NOT_YET, "a sign-in was started, and Cognito didn't ask for a code.")
    return Result(
        SOLVED,
        "without a device key, Cognito asks for a code. After that it offers a new device.",
    )
