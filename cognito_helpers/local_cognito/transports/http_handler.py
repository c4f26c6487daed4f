"""One request over HTTP: checked before its body is read, passed to the service, answered."""

from __future__ import annotations

import asyncio
import re
import sys
import traceback
from collections.abc import Callable
from typing import Any, Protocol, cast

from tornado.http1connection import HTTP1Connection
from tornado.httputil import HTTPHeaders
from tornado.web import RequestHandler, stream_request_body

from ..endpoint import Endpoint
from ..errors import CognitoError, UnknownOperationException
from ..service import Answer, Service, error_answer
from ..storage.state_file import StateFileError

TARGET = "AWSCognitoIdentityProviderService"
WHAT_THERE_IS = (
    f"Send an operation by POST / with the header X-Amz-Target: {TARGET}.OPERATION, or ask for keys"
    " by GET /POOL_ID/.well-known/jwks.json."
)

# In bytes: much more than any request of Cognito's
LARGEST_BODY = 1024 * 1024
# How long the client may take to read a response, in seconds
UNREAD = 30.0

_SCOPE = re.compile(r"AWS4-HMAC-SHA256\s+Credential=[^/,\s]+/[0-9]{8}/([a-z0-9-]{1,32})/")
_PUBLISHED = re.compile(r"/([^/]+)/\.well-known/(jwks\.json|openid-configuration)")


class ForbiddenException(CognitoError):
    """A request that a page of another site could have made."""

    status = 403


class RequestEntityTooLargeException(CognitoError):
    message = f"The body is longer than {LARGEST_BODY} bytes."
    status = 413


class InternalErrorException(CognitoError):
    message = "The emulator made a mistake. Its console says where."
    status = 500


class ServiceUnavailableException(CognitoError):
    message = "The emulator is shutting down. Start it again, and send the request again."
    status = 503


class Serving(Protocol):
    """What a request needs to know of its endpoint."""

    url: str
    service: Service
    stopping: bool
    answering: set[object]

    def check_caller(self, headers: HTTPHeaders) -> None:
        """Reject a request another site's page could have made."""

    async def in_turn(self, work: Callable[[], Answer]) -> Answer:
        """Do the work after all that came before it."""


@stream_request_body
class Handler(RequestHandler):
    """Tornado calls `prepare` once the headers of a request have arrived, `data_received` for each
    piece of its body, and then the method's own function.
    """

    def initialize(self, endpoint: Serving) -> None:
        self._endpoint = endpoint
        self._received = bytearray()

    def set_default_headers(self) -> None:
        self.clear_header("Server")

    def compute_etag(self) -> None:
        return None

    async def prepare(self) -> None:
        length = self.request.headers.get("Content-Length", "")
        try:
            self._endpoint.check_caller(self.request.headers)
            # Python rejects numbers of some thousand digits.
            if length.isdecimal() and (len(length) > 20 or int(length) > LARGEST_BODY):
                raise RequestEntityTooLargeException
            self._check_open()
        except CognitoError as rejection:
            await self._reject_unread(rejection)

    async def data_received(self, chunk: bytes) -> None:
        self._received += chunk
        if len(self._received) > LARGEST_BODY:
            await self._reject_unread(RequestEntityTooLargeException())

    async def post(self) -> None:
        self._endpoint.answering.add(self)
        try:
            self._check_open()
            answer = await self._endpoint.in_turn(self._reply)
            await self._send(answer)
        except CognitoError as rejection:
            await self._send(error_answer(rejection))
        finally:
            self._endpoint.answering.discard(self)

    get = head = put = patch = delete = options = post

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """What tornado itself rejects: a method that HTTP doesn't have."""
        try:
            self._endpoint.check_caller(self.request.headers)
            rejection: CognitoError = UnknownOperationException(WHAT_THERE_IS)
        except ForbiddenException as forbidden:
            rejection = forbidden
        self.set_header("Connection", "close")
        self._write(error_answer(rejection if status_code < 500 else InternalErrorException()))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Without its message, which may hold a part of the request."""
        if isinstance(value, Exception) and not hasattr(value, "status_code"):
            print(*traceback.format_tb(tb), typ.__qualname__, sep="", file=sys.stderr)

    def _check_open(self) -> None:
        if self._endpoint.stopping:
            raise ServiceUnavailableException

    def _reply(self) -> Answer:
        try:
            return self._asked()
        except CognitoError as rejection:
            return error_answer(rejection)
        except StateFileError as trouble:
            print(trouble, file=sys.stderr)
            return error_answer(InternalErrorException(str(trouble)))
        except Exception as bug:
            self.log_exception(type(bug), bug, bug.__traceback__)
            return error_answer(InternalErrorException())

    def _asked(self) -> Answer:
        method, path = self.request.method, self.request.path
        if method == "GET" and (published := _PUBLISHED.fullmatch(path)):
            if published[2] == "jwks.json":
                return self._endpoint.service.keys(published[1])
            return self._endpoint.service.openid_configuration(published[1], self._source())
        service, _, operation = self.request.headers.get("X-Amz-Target", "").rpartition(".")
        if (method, path, service) != ("POST", "/", TARGET):
            raise UnknownOperationException(WHAT_THERE_IS)
        return self._endpoint.service.answer(operation, bytes(self._received), self._source())

    def _source(self) -> Endpoint:
        """The Region of a signed request; None for an unsigned one. Nothing else of a signature is
        checked.
        """
        signed = _SCOPE.match(self.request.headers.get("Authorization", ""))
        return Endpoint(signed[1] if signed else None, self._endpoint.url)

    async def _reject_unread(self, rejection: CognitoError) -> None:
        # Tornado ends a connection if its request was answered before all of it was read.
        self.set_header("Connection", "close")
        await self._send(error_answer(rejection))

    async def _send(self, answer: Answer) -> None:
        written = self._write(answer)
        await asyncio.wait([written], timeout=UNREAD)
        if not written.done():
            # Tornado would wait forever for the other side to read.
            cast(HTTP1Connection, self.request.connection).close()

    def _write(self, answer: Answer) -> asyncio.Future[None]:
        self.set_status(answer.status)
        for name, value in answer.headers.items():
            self.set_header(name, value)
        return self.finish(answer.body)
