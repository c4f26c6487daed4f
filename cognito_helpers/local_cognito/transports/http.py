"""The endpoint over HTTP, by tornado: for any SDK, the AWS CLI and whatever else speaks Cognito's
protocol, on this machine alone.

A request goes from tornado to an `_Exchange`, which asks the service and sends its answer back;
what tornado cannot read at all is refused by `Stream`.
"""

from __future__ import annotations

import asyncio
import re
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from tornado.http1connection import (
    HTTP1Connection,
    HTTP1ConnectionParameters,
    HTTP1ServerConnection,
)
from tornado.httputil import (
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
    format_timestamp,
)
from tornado.netutil import add_accept_handler

from ..endpoint import Endpoint
from ..errors import CognitoError, UnknownOperationException
from ..service import Answer, Service, refused
from ..storage.state_file import StateFileError
from .http_stream import LARGEST_HEAD, LAST_WORDS, Stream

ADDRESS = "127.0.0.1"
TARGET = "AWSCognitoIdentityProviderService"
WHAT_THERE_IS = (
    f"Send an operation by POST / with the header X-Amz-Target: {TARGET}.OPERATION, or ask for keys"
    " by GET /POOL_ID/.well-known/jwks.json."
)

# In bytes: no request of Cognito's comes near.
LARGEST_BODY = 1024 * 1024
# How long the next request may take to come, and then its body to arrive or its answer to be read,
# in seconds.
IDLE, SLOW = 60.0, 30.0

_LOOPBACK = r"(127\.0\.0\.1|localhost|\[::1\])"
_LOOPBACK_ORIGIN = re.compile(rf"https?://{_LOOPBACK}(:[0-9]+)?", re.IGNORECASE)
_SCOPE = re.compile(r"AWS4-HMAC-SHA256\s+Credential=[^/,\s]+/[0-9]{8}/([a-z0-9-]{1,32})/")
_KEYS = re.compile(r"/([^/]+)/\.well-known/jwks\.json")


class ForbiddenException(CognitoError):
    """A request that a page of another site could have made."""

    status = 403


class RequestEntityTooLargeException(CognitoError):
    message = f"The body is longer than {LARGEST_BODY} bytes."
    status = 413


class InternalErrorException(CognitoError):
    message = "The emulator made a mistake. Its console says where."
    status = 500


class HttpDoor(HTTPServerConnectionDelegate):
    """A endpoint at `url`, `http://127.0.0.1:PORT`: listens from the moment that it is made, and
    answers while `serve` runs.

    `port` 0 stands for any that is free. Raises OSError where the port cannot be had. Once closed,
    `unanswered` holds what still waits for the state file.
    """

    def __init__(self, service: Service, port: int = 0) -> None:
        self._listener = socket.create_server((ADDRESS, port))
        self._listener.setblocking(False)
        port = self._listener.getsockname()[1]
        self.url = f"http://{ADDRESS}:{port}"
        self.service = service
        self.unanswered: set[asyncio.Task[None]] = set()
        self._own_host = re.compile(rf"{_LOOPBACK}(:{port})?", re.IGNORECASE)
        self._stopped: Future[None] = Future()
        self._connections: set[HTTP1ServerConnection] = set()
        self._answers: set[asyncio.Task[None]] = set()
        # One for all, since the store takes one request at a time. Beside the loop, because a
        # request may wait half a minute for a state file that another process holds: meanwhile the
        # endpoint still takes connections, refuses what it can refuse by itself, and can be closed.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="emulator")

    async def serve(self) -> None:
        """Answer until `stop` is called, or until cancelled; what is under way by then is answered
        if it takes no longer than a moment.
        """
        stop_accepting = add_accept_handler(self._listener, self._accept)
        try:
            await asyncio.wrap_future(self._stopped)
        finally:
            stop_accepting()
            self._listener.close()
            if self._answers:
                _, self.unanswered = await asyncio.wait(self._answers, timeout=LAST_WORDS)
            for connection in list(self._connections):
                await connection.close()
            self._worker.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Close the endpoint; may be called in any thread, and again."""
        with suppress(InvalidStateError):
            self._stopped.set_result(None)

    def check_caller(self, headers: HTTPHeaders) -> None:
        """Refuse what a page of another site could send: its own `Origin`, or, by a name of its own
        that leads to this machine, its own `Host`.
        """
        if not self._own_host.fullmatch(headers.get("Host", "")):
            raise ForbiddenException(
                f"The Host header is not this endpoint's: send requests to {self.url}."
            )
        if not _LOOPBACK_ORIGIN.fullmatch(headers.get("Origin", "http://localhost")):
            raise ForbiddenException("A page of another site cannot use this endpoint.")

    def begin(self, answer: Coroutine[Any, Any, None]) -> None:
        """Let an answer take its time."""
        task = asyncio.create_task(answer)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def in_turn(self, work: Callable[[], Answer]) -> Answer:
        """What `work` returns, once those that came before it are done."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    # What tornado calls

    def _accept(self, connection: socket.socket, address: object) -> None:
        # The body is measured in `_Exchange`, where a refusal can still be sent.
        limits = HTTP1ConnectionParameters(
            max_header_size=LARGEST_HEAD,
            header_timeout=IDLE,
            max_body_size=sys.maxsize,
            body_timeout=SLOW,
        )
        serving = HTTP1ServerConnection(Stream(connection), limits)
        self._connections.add(serving)
        serving.start_serving(self)

    def start_request(self, server_conn: object, request_conn: Any) -> HTTPMessageDelegate:
        return _Exchange(self, request_conn)

    def on_close(self, server_conn: Any) -> None:
        self._connections.discard(server_conn)


class _Exchange(HTTPMessageDelegate):
    """One request and its answer. Tornado calls `headers_received`, `data_received` for each piece
    of the body, and `finish`; no more once it is answered.
    """

    def __init__(self, endpoint: HttpDoor, connection: HTTP1Connection) -> None:
        self._door = endpoint
        self._connection = connection
        self._body = bytearray()

    def headers_received(self, start_line: Any, headers: HTTPHeaders) -> None:
        self._line: RequestStartLine = start_line
        self._headers = headers
        length = headers.get("Content-Length", "")
        try:
            self._door.check_caller(headers)
            # Python refuses to read numbers of some thousand digits.
            if length.isdecimal() and (len(length) > 20 or int(length) > LARGEST_BODY):
                raise RequestEntityTooLargeException
        except CognitoError as refusal:
            self._refuse_unread(refusal)

    def data_received(self, chunk: bytes) -> None:
        self._body += chunk
        if len(self._body) > LARGEST_BODY:
            self._refuse_unread(RequestEntityTooLargeException())

    def finish(self) -> None:
        self._door.begin(self._answer())

    def on_connection_close(self) -> None:
        self._body.clear()

    async def _answer(self) -> None:
        self._send(await self._door.in_turn(self._reply), {})

    def _reply(self) -> Answer:
        try:
            return self._asked()
        except CognitoError as refusal:
            return refused(refusal)
        except StateFileError as trouble:
            print(trouble, file=sys.stderr)
            return refused(InternalErrorException(str(trouble)))
        except Exception as bug:
            # Without its message, which may hold a part of the request.
            print(
                *traceback.format_tb(bug.__traceback__),
                type(bug).__qualname__,
                sep="",
                file=sys.stderr,
            )
            return refused(InternalErrorException())

    def _asked(self) -> Answer:
        path = self._line.path.partition("?")[0]
        if self._line.method == "GET" and (keys := _KEYS.fullmatch(path)):
            return self._door.service.keys(keys[1])
        service, _, operation = self._headers.get("X-Amz-Target", "").rpartition(".")
        if (self._line.method, path, service) != ("POST", "/", TARGET):
            raise UnknownOperationException(WHAT_THERE_IS)
        return self._door.service.answer(
            operation, bytes(self._body), Endpoint(self._region(), self._door.url)
        )

    def _region(self) -> str | None:
        """The region that a signed request is for; None for one that is not signed. Nothing else of
        a signature is looked at.
        """
        signed = _SCOPE.match(self._headers.get("Authorization", ""))
        return signed[1] if signed else None

    def _refuse_unread(self, refusal: CognitoError) -> None:
        # Tornado ends a connection whose request was answered before all of it was read.
        self._send(refused(refusal), {"Connection": "close"})

    def _send(self, answer: Answer, more: dict[str, str]) -> None:
        headers = {
            **answer.headers,
            **more,
            "Content-Length": str(len(answer.body)),
            "Date": format_timestamp(time.time()),
        }
        body = answer.body if self._line.method != "HEAD" else b""
        start_line = ResponseStartLine("HTTP/1.1", answer.status, HTTPStatus(answer.status).phrase)
        written = self._connection.write_headers(start_line, HTTPHeaders(headers), body)
        self._connection.finish()
        if not written.done():
            # Tornado would wait for ever for the other side to read.
            cut_off = asyncio.get_running_loop().call_later(SLOW, self._connection.close)
            written.add_done_callback(lambda _: cut_off.cancel())


@contextmanager
def opened(service: Service, port: int = 0) -> Iterator[str]:
    """A endpoint that stands open while the block runs, in a thread of its own; yields its URL.
    Raises OSError where the port cannot be had.
    """
    endpoint = HttpDoor(service, port)
    thread = threading.Thread(
        target=partial(asyncio.run, endpoint.serve()), name="HTTP endpoint", daemon=True
    )
    thread.start()
    try:
        yield endpoint.url
    finally:
        endpoint.stop()
        thread.join()
