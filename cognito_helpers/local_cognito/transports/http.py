"""The endpoint over HTTP, by tornado: for any SDK, the AWS CLI and other clients of Cognito's
protocol, on this machine only.

This module manages connections; each request is one `Handler`, and `Stream` rejects what isn't HTTP
at all.
"""

from __future__ import annotations

import asyncio
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders
from tornado.ioloop import IOLoop
from tornado.web import Application

from ..service import Answer, Service
from .http_handler import ForbiddenException, Handler
from .http_stream import LARGEST_HEAD, LAST_WORDS, Stream

ADDRESS = "127.0.0.1"
# How long the next request may take to come, and then its body to arrive, in seconds
IDLE, SLOW = 60.0, 30.0
# The maximum number of connections: few enough for the descriptors any system gives a process
MOST_CONNECTIONS = 100
# The wait before accepting connections again after an error, in seconds
PAUSE = 1.0

_LOOPBACK = r"(127\.0\.0\.1|localhost|\[::1\])"
_LOOPBACK_ORIGIN = re.compile(rf"https?://{_LOOPBACK}(:[0-9]+)?", re.IGNORECASE)


class HttpEndpoint:
    """An endpoint at `url`, `http://127.0.0.1:PORT`: listens from its creation, and responds while
    `serve` runs.

    `port` 0 means any free one. Raises OSError if the port isn't available. Once closed,
    `unanswered` holds what still waits for the state file.
    """

    def __init__(self, service: Service, port: int = 0) -> None:
        self._listener = socket.create_server((ADDRESS, port))
        self._listener.setblocking(False)
        port = self._listener.getsockname()[1]
        self.url = f"http://{ADDRESS}:{port}"
        self.service = service
        self.stopping = False
        self.answering: set[object] = set()
        self.unanswered: set[asyncio.Future[Answer]] = set()
        self._own_host = re.compile(rf"{_LOOPBACK}(:{port})?", re.IGNORECASE)
        self._stopped: Future[None] = Future()
        self._said: set[str] = set()
        self._listening = False
        self._streams: set[Stream] = set()
        # One for all, since the store handles one request at a time. Beside the loop, because a
        # request may wait 30 seconds for a state file that another process has locked: meanwhile
        # the endpoint still accepts connections, rejects what it can reject by itself, and can be
        # closed.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="emulator")
        self._server = HTTPServer(
            Application(
                [(r"(?s).*", Handler, {"endpoint": self})], log_function=lambda handler: None
            ),
            max_header_size=LARGEST_HEAD,
            idle_connection_timeout=IDLE,
            # The handler checks the body's length, and can still respond.
            max_body_size=sys.maxsize,
            body_timeout=SLOW,
        )

    async def serve(self) -> None:
        """Respond until `stop` is called, or until cancelled; requests in progress are then
        answered if that takes only a moment.
        """
        self._listen()
        try:
            await asyncio.wrap_future(self._stopped)
        finally:
            # From here on nothing new reaches the worker, and so the store.
            self.stopping = True
            self._pause()
            self._listener.close()
            await self._finish()

    async def _finish(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                while self.answering:
                    await asyncio.sleep(0.01)
        streams = list(self._streams)
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                await self._server.close_all_connections()
        for stream in streams:
            await stream.hang_up()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Close the endpoint; may be called from any thread, and again."""
        with suppress(InvalidStateError):
            self._stopped.set_result(None)

    def check_caller(self, headers: HTTPHeaders) -> None:
        """Reject what a page of another site could send: its own `Origin`, or, with a name of its
        own for this machine, its own `Host`.
        """
        if not self._own_host.fullmatch(headers.get("Host", "")):
            raise ForbiddenException(
                f"The Host header isn't this endpoint's: send requests to {self.url}."
            )
        if not _LOOPBACK_ORIGIN.fullmatch(headers.get("Origin", "http://localhost")):
            raise ForbiddenException("A page of another site can't use this endpoint.")

    async def in_turn(self, work: Callable[[], Answer]) -> Answer:
        """What `work` returns, once the work before it is done."""
        answer = asyncio.get_running_loop().run_in_executor(self._worker, work)
        self.unanswered.add(answer)
        answer.add_done_callback(self.unanswered.discard)
        # Shielded: what has begun can't be undone, and counts until it's done.
        return await asyncio.shield(answer)

    def _listen(self) -> None:
        if not self.stopping and len(self._streams) < MOST_CONNECTIONS and not self._listening:
            self._listening = True
            IOLoop.current().add_handler(self._listener, self._accept, IOLoop.READ)

    def _pause(self) -> None:
        if self._listening:
            self._listening = False
            IOLoop.current().remove_handler(self._listener)

    def _accept(self, *_: object) -> None:
        try:
            accepted, address = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            # Most likely out of file descriptors. Retrying at once would do nothing else.
            self._say_once(f"A connection couldn't be accepted: {error.strerror}.")
            self._pause()
            IOLoop.current().call_later(PAUSE, self._listen)
            return
        stream = Stream(accepted, self._forget)
        self._streams.add(stream)
        self._server.handle_stream(stream, address)
        if len(self._streams) >= MOST_CONNECTIONS:
            self._say_once(
                f"{MOST_CONNECTIONS} connections are open, which is the limit: others wait until"
                " one is closed."
            )
            self._pause()

    def _forget(self, stream: Stream) -> None:
        self._streams.discard(stream)
        self._listen()

    def _say_once(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            print(sentence, file=sys.stderr, flush=True)


@contextmanager
def opened(service: Service, port: int = 0) -> Iterator[str]:
    """Run an endpoint in a thread while the block runs; yields its URL. Raises OSError if the port
    isn't available.
    """
    endpoint = HttpEndpoint(service, port)
    thread = threading.Thread(
        target=partial(asyncio.run, endpoint.serve()), name="HTTP endpoint", daemon=True
    )
    thread.start()
    try:
        yield endpoint.url
    finally:
        endpoint.stop()
        thread.join()
