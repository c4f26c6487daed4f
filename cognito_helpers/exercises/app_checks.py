"""Exercises on building an application."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..lab.lab import Lab
from .result import NOT_YET, OPEN, SOLVED, WRITE, Result, is_accepted, made, since

# What an application does about an error: its code, its message, the operation, and the right
# response
DECISIONS = [
    ("CodeMismatchException", "Invalid code received for user", "ask again"),
    ("ExpiredCodeException", "Your software token has already been used once.", "ask again"),
    ("NotAuthorizedException", "Incorrect username or password.", "ask again"),
    (
        "NotAuthorizedException",
        "Invalid session for the user, session is expired.",
        "start again",
    ),
    ("NotAuthorizedException", "Password attempts exceeded", "wait"),
    (
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.",
        "wait",
    ),
    ("TooManyRequestsException", "Too many requests", "wait"),
    ("ResourceNotFoundException", "User pool client 1example does not exist.", "raise"),
    ("InternalErrorException", "Something went wrong", "raise"),
]


def error_handling(lab: Lab, decide: Any) -> Result:
    """A function that says what to do about each error of a sign-in."""
    if decide is None:
        return Result(OPEN, WRITE)
    if not callable(decide):
        return Result(NOT_YET, "`decide` must be a function of one `ClientError`.")
    for code, message, right in DECISIONS:
        error = ClientError({"Error": {"Code": code, "Message": message}}, "InitiateAuth")
        told = f"for {code}, “{message}”"
        try:
            answer = decide(error)
        except Exception as failure:
            return Result(NOT_YET, f"{told}, your function raised {type(failure).__name__}.")
        if answer != right:
            return Result(NOT_YET, f"{told}, your function returned {str(answer)[:40]!r}.")
    return Result(
        SOLVED,
        f"{len(DECISIONS)} errors, each with the right decision. What no one expected is raised,"
        " so you'll find it in the log.",
    )


def forgotten(lab: Lab, _: Any) -> Result:
    """ForgetDevice, then a sign-in that Cognito rejects because of the device."""
    if not any(map(is_accepted, made(lab.requests.calls, "ForgetDevice"))):
        return Result(OPEN, WRITE)
    after = made(
        since(lab.requests.calls, "ForgetDevice"),
        "InitiateAuth",
        lambda request: "DEVICE_KEY" in request.get("AuthParameters", {}),
    )
    if not any(call.error == "ResourceNotFoundException" for call in after):
        return Result(
            NOT_YET, "the device is forgotten. Now sign in with its key, and read the error."
        )
    return Result(
        SOLVED,
        "Cognito doesn't know the key any more. An application that gets this error deletes what it"
        " stored about the device, and signs in without it.",
    )
