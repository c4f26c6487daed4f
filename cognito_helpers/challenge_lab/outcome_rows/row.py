"""A row of the catalog of outcomes: what Cognito may respond, and how to get there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...calls.recorder import Exchange
from ...explanations.service_errors import key_of

Body = dict[str, Any]


@dataclass(frozen=True)
class Recipe:
    """An experiment that reaches an outcome: an operation, the choices, and how often it's sent at
    most. `pool` is the kind of practice pool it takes, empty for the tutorial's.
    """

    operation: str
    choices: dict[str, str] = field(default_factory=dict)
    times: int = 1
    pool: str = ""


@dataclass(frozen=True)
class Outcome:
    """One possible response of Cognito.

    `error` is the key of an error in the table, empty if it isn't one. `gave` checks a request and
    its response, both without secrets. `calls` are the operations that can return it, any if none
    is named.
    """

    name: str
    group: str
    teaches: str
    hint: str
    recipe: Recipe
    error: str = ""
    gave: Callable[[Body, Body], bool] | None = None
    calls: tuple[str, ...] = ()

    def fits(self, exchange: Exchange) -> bool:
        """Whether that call had this outcome."""
        request, answer = exchange.request, exchange.answer
        if exchange.status is None or not isinstance(request, dict):
            return False
        if self.calls and exchange.operation not in self.calls:
            return False
        if self.error or exchange.error:
            return key_of(exchange.error, exchange.message) == self.error != ""
        # An operation without an output has an empty response.
        return self.gave is None or self.gave(request, answer if isinstance(answer, dict) else {})


def asks(challenge: str) -> Callable[[Body, Body], bool]:
    """Whether the response asks for this challenge."""
    return lambda _, answer: answer.get("ChallengeName") == challenge


def tokens_for(challenge: str) -> Callable[[Body, Body], bool]:
    """Whether answering this challenge returned tokens."""
    return lambda request, answer: (
        request.get("ChallengeName") == challenge and "AuthenticationResult" in answer
    )


def continues_from(challenge: str) -> Callable[[Body, Body], bool]:
    """Whether the sign-in continued after this challenge."""
    return lambda request, answer: (
        request.get("ChallengeName") == challenge
        and ("ChallengeName" in answer or "AuthenticationResult" in answer)
    )


def refreshed(request: Body, answer: Body) -> bool:
    """Whether tokens were refreshed."""
    return (
        str(request.get("AuthFlow", "")).startswith("REFRESH_TOKEN")
        and "AuthenticationResult" in answer
    )


def with_hash(request: Body, answer: Body) -> bool:
    """Whether the request had a secret hash."""
    inner = request.get("AuthParameters") or request.get("ChallengeResponses") or request
    return isinstance(inner, dict) and bool({"SECRET_HASH", "SecretHash"} & inner.keys())


APP, ADMIN = "RespondToAuthChallenge", "AdminRespondToAuthChallenge"
INITIATE, RESPOND = ("InitiateAuth", "AdminInitiateAuth"), (APP, ADMIN)


def rejected(
    name: str,
    group: str,
    error: str,
    teaches: str,
    hint: str,
    recipe: Recipe,
    *calls: str,
) -> Outcome:
    """An outcome that is an error, by its key in the table of errors."""
    return Outcome(name, group, teaches, hint, recipe, error=error, calls=calls)


def accepted(
    name: str,
    group: str,
    gave: Callable[[Body, Body], bool] | None,
    teaches: str,
    hint: str,
    recipe: Recipe,
    *calls: str,
) -> Outcome:
    """An outcome that is a response, checked by `gave` if not every response to `calls` counts."""
    return Outcome(name, group, teaches, hint, recipe, gave=gave, calls=calls)
