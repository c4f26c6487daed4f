"""Everything that listens to a boto3 client's calls, registered with boto3 in this one place.

boto3 calls event handlers in the order they were registered. Here the order is that of `Place`, no
matter when each is added.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.client import BaseClient
    from botocore.model import OperationModel

SERVICE_ID = "cognito-identity-provider"
# The key of a call in boto3's own context, from its beginning to its response
CONTEXT_KEY = "cognito-tutorial"


class Place(IntEnum):
    """The order in which listeners get each event, with the reason."""

    # Whether anything may be changed at all. It needs no other call for that, so it comes first.
    AGREEMENT = 1
    # Whether this resource may be changed: the guard makes a call of its own to read a pool's tag.
    GUARD = 2
    # Gives a response that must not be retried a code botocore doesn't retry, and restores the code
    # after the call: the listeners below see the service's response.
    RETRIES = 3
    # Records requests and responses
    RECORDER = 4
    # What experiments remember of a call
    HISTORY = 5
    # What the card of the playground marks: it reads the recorder.
    CARD = 6


@dataclass(frozen=True)
class Call:
    """One call, from before boto3 checks its parameters until its response was read."""

    client: BaseClient = field(repr=False)
    model: OperationModel
    params: dict[str, Any] = field(repr=False)

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return str(self.model.name)


class Listener:
    """The events of a call, in this order. Override what you need, and set your `place`."""

    place: ClassVar[Place]
    # Also gets calls to other Regions
    in_every_region: ClassVar[bool] = False

    def before_call(self, call: Call) -> None:
        """boto3 hasn't checked the parameters yet. Raise to keep the call from being sent."""

    def before_send(self, request: AWSPreparedRequest) -> None:
        """A request is sent; one call may try several times."""

    def response_received(
        self,
        raw: dict[str, Any] | None,
        parsed: dict[str, Any] | None,
        exception: Exception | None,
    ) -> None:
        """A response came, or `exception` instead. botocore hasn't decided yet whether to retry."""

    def after_call(self, call: Call, status: int, response: dict[str, Any]) -> None:
        """The last response was read; an error isn't raised yet."""

    def call_failed(self, call: Call, exception: Exception) -> None:
        """No response came."""


class Listeners:
    """The listeners of one client. Clients of other Regions can be added to it; listeners for every
    Region get their calls too.
    """

    def __init__(self, client: BaseClient, *listeners: Listener) -> None:
        self.client = client
        self._listeners: list[Listener] = []
        for listener in listeners:
            self.add(listener)
        self._register(client)

    def add(self, listener: Listener) -> None:
        """Add a listener, at its place in the order."""
        insort(self._listeners, listener, key=lambda one: one.place)

    def remove(self, listener: Listener) -> None:
        """Remove a listener."""
        self._listeners.remove(listener)

    def hear(self, client: BaseClient) -> BaseClient:
        """Listen to another Region's client too; return it."""
        self._register(client)
        return client

    def _register(self, client: BaseClient) -> None:
        """Have boto3 call the listeners of a client.

        They come before all other handlers. That matters before sending: the first handler with a
        response wins, and the emulator responds there.
        """

        def before_call(
            params: dict[str, Any], model: OperationModel, context: dict[str, Any], **_: Any
        ) -> None:
            call = context[CONTEXT_KEY] = Call(client, model, params)
            for one in self._hearing(client):
                one.before_call(call)

        def before_send(request: AWSPreparedRequest, **_: Any) -> None:
            for one in self._hearing(client):
                one.before_send(request)

        def response_received(
            response_dict: dict[str, Any] | None,
            parsed_response: dict[str, Any] | None,
            exception: Exception | None,
            **_: Any,
        ) -> None:
            for one in self._hearing(client):
                one.response_received(response_dict, parsed_response, exception)

        def after_call(
            http_response: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any
        ) -> None:
            for one in self._hearing(client):
                one.after_call(context[CONTEXT_KEY], http_response.status_code, parsed)

        def call_failed(exception: Exception, context: dict[str, Any], **_: Any) -> None:
            for one in self._hearing(client):
                one.call_failed(context[CONTEXT_KEY], exception)

        for event, handler in (
            ("provide-client-params", before_call),
            ("before-send", before_send),
            ("response-received", response_received),
            ("after-call", after_call),
            ("after-call-error", call_failed),
        ):
            client.meta.events.register_first(f"{event}.{SERVICE_ID}", handler)

    def _hearing(self, client: BaseClient) -> list[Listener]:
        at_home = client is self.client
        return [one for one in self._listeners if at_home or one.in_every_region]
