"""Retried calls: tell the learner while they wait, and don't retry if it's useless."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError

from ..text import visible
from .listeners import Call, Listener, Place

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest

# A call that took longer, in seconds, is announced before its retry.
PATIENCE = 1.0

# botocore takes this for throttling, and would retry. For Cognito it means that an hour's attempts
# are used up, or that the user was created and no email was sent: a second attempt fails, and then
# with a misleading error.
FINAL = "LimitExceededException"


class RetryWatcher(Listener):
    """Says when a call that took more than a second is retried, and names the operation in
    exceptions of calls without a response.
    """

    place = Place.RETRIES
    in_every_region = True

    def __init__(self) -> None:
        self._begun, self._trouble, self._operation = 0.0, "", ""

    def before_send(self, request: AWSPreparedRequest) -> None:
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

    def response_received(
        self,
        raw: dict[str, Any] | None,
        parsed: dict[str, Any] | None,
        exception: Exception | None,
    ) -> None:
        if exception is not None:
            self._trouble = f"no answer ({type(exception).__name__})"
        elif parsed and (error := parsed.get("Error", {}).get("Code")):
            self._trouble = f"the service said {visible(error)}"
            if error == FINAL:
                # botocore decides by this code, between here and `after_call`.
                parsed["Error"]["Code"] = f"{FINAL}, not to be tried again"

    def after_call(self, call: Call, status: int, response: dict[str, Any]) -> None:
        if response.get("Error", {}).get("Code", "").startswith(FINAL):
            response["Error"]["Code"] = FINAL

    def call_failed(self, call: Call, exception: Exception) -> None:
        """Store the operation's name in the exception's own details, where `aws_errors` finds it:
        botocore's network exceptions don't have it.
        """
        if isinstance(exception, BotoCoreError):
            exception.kwargs["operation"] = call.operation


def _header(request: AWSPreparedRequest, name: str) -> str:
    value = request.headers.get(name, "")
    return value.decode() if isinstance(value, bytes) else str(value)
