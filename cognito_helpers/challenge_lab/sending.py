"""The result of sending an experiment, and a sentence if it couldn't be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from ..errors import LessonError
from ..redact import redact_report
from ..text import visible
from .checks import Rejection

# What boto3 raises if it can't send a request, partly from its internals
SENDING_FAILS = (
    BotoCoreError,
    OSError,
    UnicodeError,
    ValueError,
    TypeError,
    RecursionError,
    AttributeError,
    OverflowError,
)
TOO_MANY = (
    "Nothing was sent: three guesses were rejected, and more may lock your user at AWS for a while."
    " Send something right from the choices first, or wait a quarter of an hour."
)


@dataclass(frozen=True)
class Result:
    """The result of sending: a response, an error as its code and message, or a sentence on why
    nothing was sent. `said` tells what the lab prepared. `rejection` is the emulator's check behind
    an error, None at AWS.
    """

    answer: dict[str, Any] | None = field(default=None, repr=False)
    error: tuple[str, str, str] | None = None
    unsent: str = ""
    said: tuple[str, ...] = ()
    rejection: Rejection | None = field(default=None, repr=False)


def why_unprepared(trouble: Exception) -> str:
    """A sentence for an error while the lab prepared the request."""
    if isinstance(trouble, LessonError):
        return str(trouble)
    if isinstance(trouble, ClientError):
        error = trouble.response["Error"]
        return visible(
            f"The lab couldn't prepare this: Cognito rejected {trouble.operation_name} with"
            f" {error['Code']}: {error['Message']}"
        )
    return (
        f"The lab couldn't prepare this: {type(trouble).__name__}. Does the pool exist, and is"
        " the service running?"
    )


def why_unsent(trouble: Exception) -> str:
    """A sentence for an error while boto3 sent the request."""
    if isinstance(trouble, ParamValidationError):
        report = " ".join(redact_report(trouble.kwargs["report"]).replace("\n", "; ").split())
        return f"boto3 didn't send it: {report.rstrip('.')}."
    if isinstance(trouble, BotoCoreError | OSError):
        return f"No response came: {type(trouble).__name__}. Is the service running?"
    return (
        f"boto3 couldn't write this as a request: {type(trouble).__name__}. Look for half a"
        " character, or a value of the wrong type."
    )
