"""Invoking a trigger: the event, and what becomes of the function's answer. BEHAVIOR.md, 11.15 and
11.16.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..clients import find_client
from ..errors import (
    CognitoError,
    InvalidLambdaResponseException,
    NotAuthorizedException,
    UnexpectedLambdaException,
    UserLambdaValidationException,
    UserNotFoundException,
)
from ..pools import Pool, find_pool
from ..storage.store import Transaction
from ..types import Function, Request, Response
from ..users import User, attributes_of, user_by
from . import function as functions

VERSION = "1"
# The service names the caller's SDK. What it writes for an unknown one was seen in many events.
SDK = "aws-sdk-unknown-unknown"


# What stands for the app client in events of calls that name none.
NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"


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
    check of each. `unsaid` is what's there before, and `family` how a triggerSource begins.
    """

    name: str
    answers: dict[str, Callable[[Any], bool]]
    unsaid: bool | None = None
    family: str = ""


@dataclass(frozen=True)
class Occasion:
    """Why a trigger is invoked: the second half of the triggerSource, the app client and the
    ClientMetadata of the request.
    """

    name: str
    client_id: str = NO_CLIENT
    metadata: dict[str, str] | None = None


def invoke(
    tx: Transaction,
    pool: Pool,
    trigger: Trigger,
    occasion: Occasion,
    username: str,
    request: Request,
) -> Response | None:
    """What the function of a trigger says in `response`, without what it leaves open; None if the
    pool has no such trigger.

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
        "triggerSource": f"{trigger.family or trigger.name}_{occasion.name}",
        "region": pool.region,
        "userPoolId": pool.id,
        "userName": username,
        "callerContext": {"awsSdkVersion": SDK, "clientId": occasion.client_id},
        "request": request | ({"clientMetadata": occasion.metadata} if occasion.metadata else {}),
        "response": dict.fromkeys(trigger.answers, trigger.unsaid),
    }
    began = tx.now
    returned = tx.outside(lambda: _called(trigger, function, arn, event))
    if tx.now > began + functions.PATIENCE:
        # By the service's clock, which a function may advance itself.
        raise _too_late(trigger)
    if isinstance(returned, CognitoError):
        raise returned
    _check_there(tx, pool, occasion)
    return _answer(trigger, event, returned)


def _called(trigger: Trigger, function: Function, arn: str, event: dict[str, Any]) -> Any:
    """What the function returns, or the service's own error for how it failed."""
    try:
        return functions.call(function, arn, event)
    except functions.TookTooLong:
        return _too_late(trigger)
    except functions.Unreadable:
        return InvalidLambdaResponseException()
    except (Exception, SystemExit) as error:
        return UserLambdaValidationException(f"{trigger.name} failed with error {_text(error)}.")


def _too_late(trigger: Trigger) -> UnexpectedLambdaException:
    return UnexpectedLambdaException(
        f"{trigger.name} invocation failed due to error Socket timeout while invoking Lambda"
        " function."
    )


def _check_there(tx: Transaction, pool: Pool, occasion: Occasion) -> None:
    """Reject the request if the function, or anyone meanwhile, has deleted the pool or the app
    client.
    """
    find_pool(tx, pool.id)
    if occasion.client_id != NO_CLIENT:
        find_client(tx, occasion.client_id)


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
    return found


def enabled_now(tx: Transaction, user: User) -> User:
    """As `as_now`, of a user who signs in."""
    found = as_now(tx, user)
    if not found.enabled:
        raise NotAuthorizedException("User is disabled.")
    return found
