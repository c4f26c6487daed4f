"""Everything that listens to a boto3 client's calls, registered with boto3 in this one place.

boto3 calls event handlers in the order in which they were registered, so the order would depend on
who came first. Here it's the order of `Place`, whoever is added when.
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
# Where a call is kept in boto3's own context, from its beginning to its response.
CONTEXT_KEY = "cognito-tutorial"


class Place(IntEnum):
    """The order in which listeners hear of each event, and why it's this one."""

    # Whether anything may be changed at all. It needs no other call to know, so it comes first.
    AGREEMENT = 1
    # Whether this thing may be changed: the guard makes a call of its own to see a pool's tag.
    GUARD = 2
    # Gives a response that isn't to be retried a code that botocore doesn't retry, and gives the
    # code back after the call: those below see what the service said.
    RETRIES = 3
    # Writes down what was sent and what came back.
    RECORDER = 4
    # What experiments remember of a call.
    HISTORY = 5
    # What the card of the challenge lab marks: it reads the recorder.
    CARD = 6


@dataclass(frozen=True)
class Call:
    """One call, from before boto3 looks at its parameters until its response was read."""

    client: BaseClient = field(repr=False)
    model: OperationModel
    params: dict[str, Any] = field(repr=False)

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return str(self.model.name)


class Listener:
    """What can be heard of a call, in this order. Override what you need, and say your `place`."""

    place: ClassVar[Place]
    # Also hears calls to other Regions.
    in_every_region: ClassVar[bool] = False

    def before_call(self, call: Call) -> None:
        """boto3 hasn't looked at the parameters yet. Raise to keep the call from being sent."""

    def before_send(self, request: AWSPreparedRequest) -> None:
        """A request goes out; one call may try several times."""

    def response_received(
        self,
        raw: dict[str, Any] | None,
        parsed: dict[str, Any] | None,
        exception: Exception | None,
    ) -> None:
        """A response came, or `exception` in its place. botocore hasn't decided yet whether to
        retry.
        """

    def after_call(self, call: Call, status: int, response: dict[str, Any]) -> None:
        """The last response was read; an error isn't raised yet."""

    def call_failed(self, call: Call, exception: Exception) -> None:
        """No response came."""


class Listeners:
    """The listeners of one client. Clients of other Regions can be added to it: those who listen in
    every Region hear them too.
    """

    def __init__(self, client: BaseClient, *listeners: Listener) -> None:
        self.client = client
        self._listeners: list[Listener] = []
        for listener in listeners:
            self.add(listener)
        self._register(client)

    def add(self, listener: Listener) -> None:
        """Add a listener, at its place."""
        insort(self._listeners, listener, key=lambda one: one.place)

    def remove(self, listener: Listener) -> None:
        """Remove a listener."""
        self._listeners.remove(listener)

    def hear(self, client: BaseClient) -> BaseClient:
        """Hear another Region's client too; returns it."""
        self._register(client)
        return client

    def _register(self, client: BaseClient) -> None:
        """Have boto3 call the listeners of a client.

        They come before whatever else is registered. That matters before sending: the first handler
        that has a response wins, and the emulator answers there.
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
