"""Exercises on the playground's checks and on cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from ..lab.lab import Lab
from .cases import OpenCase, open_case
from .result import NOT_YET, OPEN, SOLVED, WRITE, Result

# What an application should do about an error of a response to SOFTWARE_TOKEN_MFA
TRY_AGAIN, WAIT, SIGN_IN = "try again", "wait", "sign in"


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


def handle_the_errors(lab: Lab, function: Any) -> Result:
    """A function says what to do about each error it's given."""
    if not callable(function):
        return Result(OPEN, WRITE)
    for wanted, error in _errors():
        said = error.response["Error"]
        name = f"{said['Code']}: {said['Message']}"
        came = _called(function, error)
        if came != wanted:
            expected = f"return “{wanted}”" if wanted else "raise the error"
            return Result(NOT_YET, f"for “{name}” it should {expected}. It {_in_words(came)}.")
    return Result(SOLVED, "your function handles what a user can fix, and hides nothing else.")


def _called(function: Callable[[ClientError], Any], error: ClientError) -> Any:
    """What a function returns, or None if it raises the error."""
    try:
        return function(error)
    except ClientError:
        return None
    except Exception as trouble:
        return trouble


def _in_words(came: Any) -> str:
    if isinstance(came, Exception):
        return f"raised {type(came).__name__}"
    return f"returned {came!r}" if came is not None else "raised it, or returned nothing"


def _errors() -> Iterator[tuple[str | None, ClientError]]:
    """Real errors of the emulator, each after what to do about it. None means raise it."""
    case = open_case("it fails only for slow users")
    session = case.begin("ana")["Session"]
    yield TRY_AGAIN, _answered(case, session, "000000")
    code = case.phone.code("ana")
    case.answer("ana", session)
    yield SIGN_IN, _answered(case, session, code)
    again = case.begin("ana")["Session"]
    yield WAIT, _answered(case, again, code)
    case.wait(minutes=4)
    yield SIGN_IN, _answered(case, again, case.phone.code("ana"))
    case.cognito.admin_disable_user(UserPoolId=case.pool_id, Username="ana")
    yield None, _answered(case, again, case.phone.code("ana"))


def _answered(case: OpenCase, session: str, code: str) -> ClientError:
    try:
        case.cognito.respond_to_auth_challenge(
            ClientId=case.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=session,
            ChallengeResponses={"USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": code},
        )
    except ClientError as error:
        return error
    raise AssertionError("The emulator accepted it.")
