"""Record every request and response of one boto3 client. Secrets are hidden before anything is
stored.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..redact import redact_body, redact_message
from ..text import visible
from .listeners import Listener, Listeners, Place

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.model import ServiceModel

# The number of newest calls that are kept; a body longer than this many characters isn't kept.
KEPT = 200
LONGEST = 20_000
TOKENS = ("AccessToken", "RefreshToken", "IdToken", "Token", "REFRESH_TOKEN")
# The other headers are boto3's own.
HEADERS = (
    "X-Amz-Target",
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Amz-Security-Token",
    "x-amzn-ErrorType",
    "x-amzn-RequestId",
)


@dataclass(frozen=True)
class Exchange:
    """One request and its response, redacted.

    `number` counts the learner's own calls from 1; a call of the lab's has none. `status` is None
    if there was no response, and `trouble` then says what happened instead. `session_sent` and
    `session_given` are marks: two calls with the same mark carried the same session. `token_sent`
    and `tokens_given` are the same for tokens.
    """

    number: int | None
    operation: str
    url: str
    headers: dict[str, str]
    request: Any
    status: int | None
    answer_headers: dict[str, str]
    answer: Any
    milliseconds: float
    trouble: str = ""
    session_sent: str = field(default="", repr=False)
    session_given: str = field(default="", repr=False)
    token_sent: str = field(default="", repr=False)
    tokens_given: tuple[str, ...] = field(default=(), repr=False)

    @property
    def signed(self) -> bool:
        """Whether it was signed with IAM credentials. A user's own call isn't: it has an access
        token, a session or nothing at all instead.
        """
        return self.headers.get("Authorization", "").startswith("AWS4-")

    @property
    def error(self) -> str:
        """The name of the exception; empty if the call succeeded or got no response."""
        if self.status is None or self.status < 300:
            return ""
        kind = str(self.answer.get("__type", "")) if isinstance(self.answer, dict) else ""
        return kind.rpartition("#")[2] or f"HTTP {self.status}"

    @property
    def message(self) -> str:
        """What an error says; empty if there's none."""
        if not self.error or not isinstance(self.answer, dict):
            return ""
        return str(self.answer.get("message") or self.answer.get("Message") or "")


class Recorder(Listener):
    """The record of one client's calls, oldest first. Its repr shows the learner's own calls in
    three lines each.
    """

    place = Place.RECORDER

    def __init__(self, listeners: Listeners) -> None:
        self.model: ServiceModel = listeners.client.meta.service_model
        self._kept: deque[Exchange] = deque(maxlen=KEPT)
        self._count = 0
        # Owned by the thread whose calls are the lab's. A lock, since its `with` isn't Python code:
        # an interrupt while entering or leaving our own manager would leave it on.
        self._aside = threading.RLock()
        # Sessions are told apart by a keyed hash, so that what is stored reveals nothing of a
        # session.
        self._key = secrets.token_bytes(32)
        self._sent: weakref.ref[AWSPreparedRequest] | None = None
        self._started = 0.0
        listeners.add(self)

    def __repr__(self) -> str:
        return (
            "\n".join(line for exchange in self.calls for line in lines(exchange))
            or "No requests were sent yet."
        )

    @property
    def calls(self) -> list[Exchange]:
        """The learner's own calls."""
        return [exchange for exchange in self._kept if exchange.number is not None]

    @property
    def all_calls(self) -> list[Exchange]:
        """The learner's calls, and between them those the lab made."""
        return list(self._kept)

    def aside(self) -> AbstractContextManager[object]:
        """Calls this thread makes in the block are the lab's, not the learner's."""
        return self._aside

    def _is_aside(self) -> bool:
        owned: bool = self._aside._is_owned()  # type: ignore[attr-defined]
        return owned

    def before_send(self, request: AWSPreparedRequest) -> None:
        # Held weakly: it's full of secrets, and lives no longer than its call.
        self._sent, self._started = weakref.ref(request), time.perf_counter()

    def response_received(
        self,
        raw: dict[str, Any] | None,
        parsed: dict[str, Any] | None,
        exception: Exception | None,
    ) -> None:
        milliseconds = (time.perf_counter() - self._started) * 1000
        sent = self._sent() if self._sent else None
        self._sent = None
        if sent is not None:
            self._count += not self._is_aside()
            answer = raw or {"status_code": None, "headers": {}, "body": None}
            self._kept.append(
                self._exchange(
                    sent, answer, milliseconds, type(exception).__name__ if exception else ""
                )
            )

    def _exchange(
        self, sent: AWSPreparedRequest, answer: dict[str, Any], milliseconds: float, trouble: str
    ) -> Exchange:
        headers = _headers(sent.headers)
        asked, told = _members(sent.body), _members(answer["body"])
        return Exchange(
            number=None if self._is_aside() else self._count,
            operation=headers.get("X-Amz-Target", "").rpartition(".")[2],
            url=sent.url,
            headers=headers,
            request=_body(sent.body),
            status=answer["status_code"],
            answer_headers=_headers(answer["headers"]),
            answer=_answer(answer["body"], sent.body),
            milliseconds=milliseconds,
            trouble=trouble,
            session_sent=self._mark(asked.get("Session")),
            session_given=self._mark(told.get("Session")),
            token_sent=next(filter(None, map(self._mark, _tokens(asked, "AuthParameters"))), ""),
            tokens_given=tuple(map(self._mark, _tokens(told, "AuthenticationResult"))),
        )

    def _mark(self, secret: Any) -> str:
        """A mark for a session or a token; empty if there's none."""
        return (
            hmac.digest(self._key, secret.encode("utf-8", "replace"), hashlib.sha256).hex()[:16]
            if isinstance(secret, str)
            else ""
        )


def _members(body: bytes | str | None) -> dict[str, Any]:
    """The members of a body; none if it isn't an object in JSON."""
    try:
        members = json.loads(body or "{}")
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}


def _tokens(members: dict[str, Any], within: str) -> list[str]:
    """The tokens among the members of a body, and in one member of it."""
    inner = members.get(within)
    places = [members, inner if isinstance(inner, dict) else {}]
    found = [place.get(name) for place in places for name in TOKENS]
    return [token for token in found if isinstance(token, str)]


def _headers(headers: Any) -> dict[str, str]:
    """The important headers, by the names they have here, with the authorization shortened."""
    given = {
        name.lower(): value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
        for name, value in dict(headers).items()
    }
    return {
        name: _authorization(name, given[name.lower()]) for name in HEADERS if name.lower() in given
    }


def _authorization(name: str, value: str) -> str:
    if name == "Authorization":
        kind, _, rest = value.partition(" ")
        signed = rest.partition("SignedHeaders=")[2].partition(",")[0]
        return (
            f"{kind} Credential=(hidden), SignedHeaders={signed}, Signature=(hidden)"
            if kind.startswith("AWS4-")
            else f"{kind} (hidden)"
        )
    return "(hidden)" if name == "X-Amz-Security-Token" else value


def _body(body: bytes | str | None) -> Any:
    return (
        redact_body(body)
        if len(body or "") <= LONGEST
        else f"({len(body or '')} characters: too long to keep)"
    )


def _answer(body: bytes | None, request: bytes | str | None) -> Any:
    answer = _body(body)
    for name in ("message", "Message"):
        if isinstance(answer, dict) and isinstance(answer.get(name), str):
            answer[name] = redact_message(answer[name], request)
    return answer


def lines(exchange: Exchange) -> Iterator[str]:
    """A call in words: who made it and its result, what was sent, what came back. It has no values,
    except in an error message.
    """
    number = f"{exchange.number}." if exchange.number else "-"
    how = "signed" if exchange.signed else "unsigned"
    status = exchange.status or f"no answer ({exchange.trouble})"
    yield f"{number:3} {exchange.operation}: {how}, {status}, {exchange.milliseconds:.0f} ms"
    yield f"    sent {_names(exchange.request)}"
    if exchange.error:
        yield f"    error: {visible(f'{exchange.error}: {exchange.message}')}".rstrip(": ")
    elif exchange.status is not None:
        yield f"    came back {_names(exchange.answer)}"


def _names(body: Any) -> str:
    if not isinstance(body, dict):
        return str(body)
    return visible(", ".join(name + _inside(part) for name, part in body.items()) or "nothing")


def _inside(part: Any) -> str:
    if not isinstance(part, dict) or not part:
        return ""
    return f" ({', '.join(part)})" if len(part) <= 6 else f" ({len(part)} parts)"


def as_http(exchange: Exchange) -> str:
    """A call as it was sent, except for hidden values: the request, an empty line, the response."""
    return f"{request_text(exchange)}\n\n{response_text(exchange)}"


def request_text(exchange: Exchange) -> str:
    """The request of a call, as it was sent except for hidden values."""
    host, _, path = exchange.url.partition("://")[2].partition("/")
    asked = [
        f"POST /{path} HTTP/1.1",
        f"Host: {host}",
        *(visible(f"{name}: {value}") for name, value in exchange.headers.items()),
    ]
    return "\n".join([*asked, "", _pretty(exchange.request)])


def response_text(exchange: Exchange) -> str:
    """The response to a call, as it came except for hidden values."""
    if exchange.status is None:
        return f"No response came: {exchange.trouble}"
    told = [
        f"HTTP/1.1 {exchange.status}",
        *(visible(f"{name}: {value}") for name, value in exchange.answer_headers.items()),
    ]
    return "\n".join([*told, "", _pretty(exchange.answer)])


def _pretty(body: Any) -> str:
    return visible(
        json.dumps(body, indent=2, ensure_ascii=False) if isinstance(body, dict) else body
    )
