"""Invoking a trigger: the event, and what becomes of the function's answer. BEHAVIOR.md, 11.15 and
11.16.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import (
    CognitoError,
    InvalidLambdaResponseException,
    NotAuthorizedException,
    UnexpectedLambdaException,
    UserLambdaValidationException,
    UserNotFoundException,
)
from ..pools import Pool
from ..storage.store import Transaction
from ..types import Function, Request, Response
from ..users import User, attributes_of, user_by
from . import function as functions

VERSION = "1"
# The service names the caller's SDK. What it writes for an unknown one was seen in many events.
SDK = "aws-sdk-unknown-unknown"


def is_flag(value: Any) -> bool:
    """Is it true or false?"""
    return isinstance(value, bool)


def is_text(value: Any) -> bool:
    """Is it a text?"""
    return isinstance(value, str)


def are_texts(value: Any) -> bool:
    """Is it a map from texts to texts?"""
    return isinstance(value, dict) and all(map(is_text, value.values()))


@dataclass(frozen=True)
class Trigger:
    """A trigger by its name in LambdaConfig, with what its function may say in `response`, and a
    check of each.
    """

    name: str
    answers: dict[str, Callable[[Any], bool]]


def invoke(
    tx: Transaction,
    pool: Pool,
    trigger: Trigger,
    occasion: str,
    username: str,
    client_id: str,
    request: Request,
) -> Response | None:
    """What the function of a trigger says in `response`, without what it leaves open; None if the
    pool has no such trigger. `occasion` is the second half of the triggerSource.

    What was changed before is committed, and stays if the function fails. The function runs
    outside of the transaction, so it may call the emulator.
    """
    arn = pool.triggers.get(trigger.name)
    if arn is None:
        return None
    function = tx.lambdas.get(functions.name_of(arn))
    if not callable(function):
        raise UnexpectedLambdaException(
            f"{trigger.name} invocation failed due to error AccessDeniedException."
        )
    event = {
        "version": VERSION,
        "triggerSource": f"{trigger.name}_{occasion}",
        "region": pool.region,
        "userPoolId": pool.id,
        "userName": username,
        "callerContext": {"awsSdkVersion": SDK, "clientId": client_id},
        "request": request,
        "response": dict.fromkeys(trigger.answers),
    }
    returned = tx.outside(lambda: _called(trigger, function, arn, event))
    if isinstance(returned, CognitoError):
        raise returned
    return _answer(trigger, event, returned)


def _called(trigger: Trigger, function: Function, arn: str, event: dict[str, Any]) -> Any:
    """What the function returns, or the service's own error for how it failed."""
    try:
        return functions.call(function, arn, event)
    except functions.TookTooLong:
        return UnexpectedLambdaException(
            f"{trigger.name} invocation failed due to error Socket timeout while invoking Lambda"
            " function."
        )
    except functions.Unreadable:
        return InvalidLambdaResponseException()
    except (Exception, SystemExit) as error:
        return UserLambdaValidationException(f"{trigger.name} failed with error {_text(error)}.")


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return type(error).__name__


def _answer(trigger: Trigger, event: dict[str, Any], returned: Any) -> Response:
    """The function must return the whole event."""
    if not isinstance(returned, dict) or not event.keys() <= returned.keys():
        raise InvalidLambdaResponseException
    response = returned["response"]
    if not isinstance(response, dict):
        raise InvalidLambdaResponseException
    said = {name: response[name] for name in trigger.answers if response.get(name) is not None}
    if not all(trigger.answers[name](value) for name, value in said.items()):
        raise InvalidLambdaResponseException
    return said


# For events


def attributes(tx: Transaction, pool: Pool, user: User) -> dict[str, str]:
    """The user's attributes as a function is told them. BEHAVIOR.md, 11.15."""
    known = attributes_of(tx, user)
    aliases = {
        f"cognito:{short}_alias": known[name]
        for name, short in (("email", "email"), ("phone_number", "phone_number"))
        if name in pool.aliases and known.get(f"{name}_verified") == "true" and known.get(name)
    }
    return known | aliases | {"cognito:user_status": user.status}


def as_now(tx: Transaction, user: User) -> User:
    """The user after a function ran, which may have changed much."""
    found = user_by(tx, "id", user.id)
    if found is None:
        raise UserNotFoundException
    if not found.enabled:
        raise NotAuthorizedException("User is disabled.")
    return found
