"""Connections as the HTTP endpoint needs them: everything is rejected in JSON, and no response is
lost when a connection ends.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tornado.iostream import IOStream, UnsatisfiableReadError

from ..errors import SerializationException
from ..service import error_answer

# In bytes
LARGEST_HEAD = 64 * 1024
# How long the end of a connection, and of the endpoint, waits for what is in progress, in seconds
LAST_WORDS = 1.0
# All responses of tornado to what isn't HTTP
BARE_ERROR = b"HTTP/1.1 400 Bad Request\r\n\r\n"


class Stream(IOStream):
    """A connection that rejects in JSON what tornado rejects with a bare status line or none, and
    that ends so that the last bytes arrive. `on_end` is called with it once it's closed.

    Tornado's application sees no request that isn't HTTP, nor does any public part of tornado: so
    the two methods that respond to one are overridden here.
    """

    def __init__(self, connection: socket.socket, on_end: Callable[[Stream], None]) -> None:
        super().__init__(connection)
        self._on_end = on_end
        self._last_words: asyncio.Task[None] | None = None

    def write(self, data: bytes | memoryview) -> asyncio.Future[None]:
        return super().write(_no_request() if data == BARE_ERROR else data)

    def close(self, exc_info: Any = False) -> None:
        if isinstance(exc_info, UnsatisfiableReadError) and not self.closed():
            with suppress(OSError):
                self.socket.send(_no_request())
        super().close(exc_info)

    def close_fd(self) -> None:
        """What tornado calls to close the socket."""
        self._last_words = asyncio.create_task(_hang_up(self.socket))
        self._last_words.add_done_callback(lambda _: self._on_end(self))
        self.socket = None  # type: ignore[assignment]

    async def hang_up(self) -> None:
        """Wait until the connection is closed, if it's being closed."""
        if self._last_words is not None:
            await asyncio.wait([self._last_words])


def _no_request() -> bytes:
    answer = error_answer(
        SerializationException(
            f"This is no HTTP request, or its head is longer than {LARGEST_HEAD} bytes."
        )
    )
    headers = {**answer.headers, "Content-Length": str(len(answer.body)), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 400 Bad Request\r\n{head}\r\n".encode() + answer.body


async def _hang_up(connection: socket.socket) -> None:
    """Signal the end of the response, and give the other side a moment to do the same.

    Closing a connection with unread input resets it, and the other side may lose a response it was
    about to read.
    """
    with connection, suppress(OSError, TimeoutError):
        connection.shutdown(socket.SHUT_WR)
        async with asyncio.timeout(LAST_WORDS):
            while await asyncio.get_running_loop().sock_recv(connection, LARGEST_HEAD):
                await asyncio.sleep(0)
