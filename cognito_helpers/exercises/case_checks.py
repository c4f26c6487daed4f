"""Exercises on the playground's checks and on cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from ..calls.effects import EFFECTS, Effect
from ..lab.lab import Lab
from .cases import OpenCase
from .practice_pool import PracticePool, practice_pool
from .result import NOT_YET, OPEN, SOLVED, WRITE, Result

# What a sign-in with the correct password can return
REJECTED, CHALLENGE, TOKENS = "rejected", "challenge", "tokens"


def one_function_two_errors(lab: Lab, history: Any) -> Result:
    """Two experiments are rejected by one function of the emulator, for different reasons."""
    found: dict[tuple[str, str], set[str]] = {}
    for entry in getattr(history, "entries", ()):
        rejection = entry.result.rejection
        # Not the errors of the previous exercise, which is about the server-side call
        if rejection and entry.operation == "RespondToAuthChallenge":
            check = rejection.failed
            found.setdefault((check.module, check.function), set()).add(check.condition)
    if len(found) < 2 and sum(map(len, found.values())) < 2:
        return Result(OPEN, WRITE)
    two = [name for (_, name), conditions in found.items() if len(conditions) > 1]
    if not two:
        return Result(
            NOT_YET,
            "each of your errors came from a function of its own so far. Which function has more"
            " than one reason to reject a request?",
        )
    return Result(
        SOLVED, f"{two[0]} rejected your requests for different reasons, with different messages."
    )


def longer_sessions(lab: Lab, case: Any) -> Result:
    """The app client of the case about slow users has longer sessions, and still works."""
    if not isinstance(case, OpenCase):
        return Result(OPEN, WRITE)
    with case.requests.aside():
        client = case.cognito.describe_user_pool_client(
            UserPoolId=case.pool_id, ClientId=case.client_id
        )["UserPoolClient"]
        if client["AuthSessionValidity"] < 15:
            return Result(OPEN, WRITE)
        try:
            session = case.begin("ana")["Session"]
            case.wait(minutes=14)
            case.answer("ana", session)
        except ClientError as error:
            return Result(
                NOT_YET,
                "sessions are valid for 15 minutes now, but Ana's sign-in fails:"
                f" {error.response['Error']['Message']} What did UpdateUserPoolClient reset?",
            )
    return Result(SOLVED, "Ana signed in 14 minutes after her password.")


def finish_the_setup(lab: Lab, case: Any) -> Result:
    """In the case about the last step, the next sign-in asks for a code."""
    if not isinstance(case, OpenCase):
        return Result(OPEN, WRITE)
    with case.requests.aside():
        asked = case.begin("ana").get("ChallengeName")
    if asked != "SOFTWARE_TOKEN_MFA":
        own = len(case.requests.calls) > len(case.log)
        return Result(NOT_YET, "Ana's next sign-in still asks for MFA_SETUP.") if own else OPENED
    return Result(SOLVED, "each call sent the newest session. Ana's next sign-in asks for a code.")


OPENED = Result(OPEN, WRITE)


def without_signing_in(lab: Lab, function: Any) -> Result:
    """A function says what a user's next sign-in returns, and only reads settings."""
    if not callable(function):
        return OPENED
    for pool, username in _users():
        before = len(pool.requests.calls)
        came = _called(function, pool, username)
        for call in pool.requests.calls[before:]:
            if EFFECTS.get(call.operation) != Effect.READ:
                return Result(NOT_YET, f"it called {call.operation}. A support desk only reads.")
        wanted = _next_sign_in(pool, username)
        if came != wanted:
            return Result(
                NOT_YET,
                f"for {username}, in a pool whose MfaConfiguration is {pool.mfa}, the sign-in"
                f" returns “{wanted}”, but your function {_in_words(came)}.",
            )
    return Result(SOLVED, "your function predicts each sign-in and changes nothing.")


def _called(function: Callable[..., Any], pool: PracticePool, username: str) -> Any:
    """What a function returns, or the exception it raises."""
    try:
        return function(pool.cognito, pool.pool_id, username)
    except Exception as trouble:
        return trouble


def _in_words(came: Any) -> str:
    if isinstance(came, Exception):
        return f"raised {type(came).__name__}"
    return f"returned {str(came)[:40]!r}"


def _users() -> Iterator[tuple[PracticePool, str]]:
    """Users whose sign-ins differ, each with the pool."""
    pool = practice_pool("ON")
    yield pool, "ana"
    pool.sign_up("ben", "cleo")
    yield pool, "ben"
    pool.cognito.admin_disable_user(UserPoolId=pool.pool_id, Username="cleo")
    yield pool, "cleo"
    pool.cognito.sign_up(ClientId=pool.client_id, Username="dora", Password=pool.password)
    yield pool, "dora"
    pool = practice_pool("OPTIONAL")
    yield pool, "ana"
    pool.cognito.admin_set_user_mfa_preference(
        UserPoolId=pool.pool_id, Username="ana", SoftwareTokenMfaSettings={"Enabled": True}
    )
    yield pool, "ana"
    pool.mfa = "OFF"
    pool.cognito.set_user_pool_mfa_config(UserPoolId=pool.pool_id, MfaConfiguration=pool.mfa)
    yield pool, "ana"


def _next_sign_in(pool: PracticePool, username: str) -> str:
    try:
        return CHALLENGE if "ChallengeName" in pool.begin(username) else TOKENS
    except ClientError:
        return REJECTED
