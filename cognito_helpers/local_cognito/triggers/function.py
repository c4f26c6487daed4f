"""A Lambda function: a Python function, called as AWS Lambda would call it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from ..crypto import random_values
from ..types import Function

# How long the service waits for a function, in seconds. BEHAVIOR.md, 11.15.
PATIENCE = 5.0


class TookTooLong(Exception):
    """The function hasn't returned in time."""


class Unreadable(Exception):
    """What the function returned can't be written as JSON."""


@dataclass(frozen=True)
class Context:
    """The second argument of a function: as much of Lambda's own as makes sense here."""

    function_name: str
    invoked_function_arn: str
    aws_request_id: str
    ends: float
    function_version: str = "$LATEST"

    def get_remaining_time_in_millis(self) -> int:
        """How many milliseconds are left."""
        return max(0, round((self.ends - time.monotonic()) * 1000))


def name_of(arn: str) -> str:
    """The name of the function in `arn:aws:lambda:us-east-1:123456789012:function:NAME`, which may
    end with a version.
    """
    parts = arn.split(":")
    return parts[6] if len(parts) > 6 else parts[-1]


def call(function: Function, arn: str, event: dict[str, Any]) -> Any:
    """What the function makes of the event. Both travel as JSON, so neither side keeps what the
    other holds.

    It runs in this thread, and nothing ends it.
    """
    ends = time.monotonic() + PATIENCE
    context = Context(name_of(arn), arn, random_values.new_uuid(), ends)
    returned = function(json.loads(json.dumps(event)), context)
    try:
        written = json.dumps(returned, ensure_ascii=False, allow_nan=False)
        # Half a character can be written, but not stored.
        return json.loads(written.encode())
    except (TypeError, ValueError, RecursionError):
        raise Unreadable from None


def in_time(function: Function, patience: float = PATIENCE) -> Function:
    """The same function in a thread of its own, which is left to itself if it takes too long."""

    @wraps(function)
    def limited(event: dict[str, Any], context: Any) -> Any:
        came: list[Callable[[], Any]] = []
        thread = threading.Thread(
            target=lambda: came.append(_outcome(function, event, context)), daemon=True
        )
        thread.start()
        thread.join(patience)
        if not came:
            raise TookTooLong
        return came[0]()

    return limited


def _outcome(function: Function, event: dict[str, Any], context: Any) -> Callable[[], Any]:
    """A function that returns what the first returned, or raises what it raised."""
    try:
        returned = function(event, context)
    except BaseException as raised:
        error = raised

        def again() -> Any:
            raise error

        return again
    return lambda: returned
