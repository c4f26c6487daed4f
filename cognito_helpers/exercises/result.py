"""The result of an exercise or a diagnosis, and the learner's calls it's based on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..calls.recorder import Exchange
from ..lab.lab import Lab
from ..text import wrapped

OPEN, NOT_YET, SOLVED, SKIPPED = "Still open", "Not yet", "Solved", "Skipped"
ACCEPTED = "accepted"
WRITE = "write your code in place of the first line, and run the cell again."
# What an exercise's cell says until it has code, and about code that isn't enough
TO_WRITE = "Your code goes here."
UNFINISHED = (
    "your code ran, but the calls that this exercise looks for aren't among yours yet. The hint"
    " names them. Change your code and run the cell again."
)

Request = dict[str, Any]


@dataclass(frozen=True, repr=False)
class Result:
    """The state of an exercise, and why. Its repr is its text, wrapped."""

    state: str
    words: str

    @property
    def solved(self) -> bool:
        return self.state == SOLVED

    def __str__(self) -> str:
        return f"{self.state}: {self.words}"

    def __repr__(self) -> str:
        return wrapped(str(self))


def made(
    calls: list[Exchange], operation: str, where: Callable[[Request], bool] = lambda request: True
) -> list[Exchange]:
    """The calls to `operation` with a request that fits `where`, oldest first. Secrets in a request
    are hidden, except for their length.
    """
    return [
        call
        for call in calls
        if call.operation == operation and isinstance(call.request, dict) and where(call.request)
    ]


def since(calls: list[Exchange], operation: str) -> list[Exchange]:
    """The calls after the last successful one to `operation`, or all calls if there is none."""
    for at in range(len(calls) - 1, -1, -1):
        if calls[at].operation == operation and is_accepted(calls[at]):
            return calls[at + 1 :]
    return calls


def is_accepted(call: Exchange) -> bool:
    return call.status is not None and not call.error


def answer_of(call: Exchange) -> Request:
    """The response. Empty if there is none, or if it was too long to keep."""
    return call.answer if isinstance(call.answer, dict) else {}


def outcome_of(call: Exchange) -> str:
    """The name of the exception or of the challenge, or `ACCEPTED`."""
    return call.error or str(answer_of(call).get("ChallengeName") or ACCEPTED)


def check_prediction(
    lab: Lab,
    prediction: object,
    operation: str,
    why: str,
    where: Callable[[Request], bool] = lambda request: True,
) -> Result:
    """Compare a prediction with the result of the learner's newest such call."""
    if not isinstance(prediction, str) or not prediction.strip():
        return Result(
            OPEN, "write what you expect between the quotation marks, and run the cell again."
        )
    calls = made(lab.requests.calls, operation, where)
    if not calls:
        return Result(
            NOT_YET,
            f"the {operation} of this exercise wasn't sent. Don't change the rest of the cell, and"
            " run it again.",
        )
    came = outcome_of(calls[-1])
    if prediction.strip().lower() == came.lower():
        return Result(SOLVED, f"{came}, as you said. {why}")
    return Result(
        NOT_YET,
        f"you expected {prediction.strip()}, and it was {came}. Why? Read the response, change"
        " your prediction, and run the cell again.",
    )
