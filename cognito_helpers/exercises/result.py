"""What the lab says of an exercise or a diagnosis, and what it looks at: the calls that the learner
really made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..calls.recorder import Exchange
from ..lab.lab import Lab
from ..text import wrapped

OPEN, NOT_YET, SOLVED, SKIPPED = "Still open", "Not yet", "Solved", "Skipped"
ACCEPTED = "accepted"

Request = dict[str, Any]


@dataclass(frozen=True, repr=False)
class Verdict:
    """How far an exercise is, and why. Its text says both in a sentence or two, its repr the same
    in lines.
    """

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
    """Those of `calls` to `operation` whose request is as `where` wants it, oldest first. What is
    secret in a request is hidden, but for its length.
    """
    return [
        call
        for call in calls
        if call.operation == operation and isinstance(call.request, dict) and where(call.request)
    ]


def since(calls: list[Exchange], operation: str) -> list[Exchange]:
    """The calls after the last one to `operation` that went well; all of them where there is
    none.
    """
    for at in range(len(calls) - 1, -1, -1):
        if calls[at].operation == operation and is_accepted(calls[at]):
            return calls[at + 1 :]
    return calls


def is_accepted(call: Exchange) -> bool:
    return call.status is not None and not call.refusal


def answer_of(call: Exchange) -> Request:
    """The answer's members, none where there is no answer or it was too long to keep."""
    return call.answer if isinstance(call.answer, dict) else {}


def outcome_of(call: Exchange) -> str:
    """What came back: an exception's name, a challenge's, or that the call was accepted."""
    return call.refusal or str(answer_of(call).get("ChallengeName") or ACCEPTED)


def judge_prediction(
    lab: Lab,
    prediction: object,
    operation: str,
    why: str,
    where: Callable[[Request], bool] = lambda request: True,
) -> Verdict:
    """Compare a prediction with what the learner's newest such call brought."""
    if not isinstance(prediction, str) or not prediction.strip():
        return Verdict(
            OPEN, "write what you expect between the quotation marks, and run the cell again."
        )
    calls = made(lab.requests.calls, operation, where)
    if not calls:
        return Verdict(
            NOT_YET,
            f"the {operation} of this exercise has not gone over the wire. Leave the rest of the"
            " cell as it is, and run it again.",
        )
    came = outcome_of(calls[-1])
    if prediction.strip().lower() == came.lower():
        return Verdict(SOLVED, f"{came}, as you said. {why}")
    return Verdict(
        NOT_YET,
        f"you expected {prediction.strip()}, and it was {came}. Why? Look at what came back, change"
        " your prediction, and run the cell again.",
    )
