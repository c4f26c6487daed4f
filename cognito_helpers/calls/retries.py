"""Calls that are retried: a word for the learner while they wait, and no retry if it's in vain."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.client import BaseClient

SERVICE_ID = "cognito-identity-provider"
# A call that took longer gets a word before it is tried again, in seconds.
PATIENCE = 1.0

# botocore takes this for throttling, and would try again. Cognito means that an hour's tries are
# used up, or that the user was made and the mail was not sent: a second try is in vain, and then
# says the wrong thing.
FINAL = "LimitExceededException"


def watch(client: BaseClient) -> None:
    """Have a client say when it retries a call that took more than a second, and name the
    operation in exceptions of calls without a response.
    """
    _Watch(client)


class _Watch:
    def __init__(self, client: BaseClient) -> None:
        self._begun, self._trouble = 0.0, ""
        client.meta.events.register(f"before-send.{SERVICE_ID}", self._before_send)
        client.meta.events.register(f"response-received.{SERVICE_ID}", self._response_received)
        client.meta.events.register_first(f"after-call.{SERVICE_ID}", self._after_call)
        client.meta.events.register(f"after-call-error.{SERVICE_ID}", _name_operation)

    def _before_send(self, request: AWSPreparedRequest, **_: Any) -> None:
        tried = re.search(r"attempt=(\d+)(?:; max=(\d+))?", _header(request, "amz-sdk-request"))
        number = int(tried[1]) if tried else 1
        self._operation = _header(request, "X-Amz-Target").rpartition(".")[2]
        if number == 1:
            self._begun = time.monotonic()
        elif time.monotonic() - self._begun > PATIENCE:
            print(
                f"{self._operation} takes longer: {self._trouble}. Trying again, {number} of"
                f" {tried[2] if tried else '?'}.",
                flush=True,
            )

    def _response_received(
        self, parsed_response: dict[str, Any] | None, exception: Exception | None, **_: Any
    ) -> None:
        if exception is not None:
            self._trouble = f"no answer ({type(exception).__name__})"
        elif parsed_response and (refused := parsed_response.get("Error", {}).get("Code")):
            self._trouble = f"the service said {refused}"
            if refused == FINAL:
                # Botocore decides by this code, between here and `_after_call`.
                parsed_response["Error"]["Code"] = f"{FINAL}, not to be tried again"

    def _after_call(self, parsed: dict[str, Any], **_: Any) -> None:
        if parsed.get("Error", {}).get("Code", "").startswith(FINAL):
            parsed["Error"]["Code"] = FINAL


def _name_operation(exception: Exception, event_name: str, **_: Any) -> None:
    """Keep the operation's name among the exception's own details, where `aws_errors` finds it.
    Only the event's name has it: botocore's exceptions of the network don't.
    """
    if isinstance(exception, BotoCoreError):
        exception.kwargs["operation"] = event_name.rpartition(".")[2]


def _header(request: AWSPreparedRequest, name: str) -> str:
    value = request.headers.get(name, "")
    return value.decode() if isinstance(value, bytes) else str(value)
