"""Answers and refusals, with each part explained: as a table where the front end draws one, as text everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from ..explain import CLAIMS, MEMBERS, refusal_text
from ..plain_errors import LessonError
from ..redact import redact
from .shown import escaped


class Row(NamedTuple):
    """One part of an answer: how deep it lies, its name, its value as shown, what it is."""

    depth: int
    name: str
    value: str
    explanation: str


def code(text: str) -> str:
    """Text as it travelled, in HTML; nothing for nothing."""
    return f"<code>{escaped(text)}</code>" if text else ""


class Answer:
    """An answer to look at. A notebook shows it as a table; its repr is the same as text."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        if not self.rows:
            return "An empty answer: done."
        names = max(2 * row.depth + len(row.name) for row in self.rows)
        values = max(len(row.value) for row in self.rows if row.explanation) if any(row.explanation for row in self.rows) else 0
        lines = (f"{'  ' * row.depth + row.name:{names}}  {row.value:{values}}  {row.explanation}".rstrip() for row in self.rows)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self.rows:
            return "<p>An empty answer: done.</p>"
        # Left to the front end's theme but for what every theme gets wrong here: numbers to the right, long values on one line.
        style = "text-align: left; vertical-align: top"
        head = "".join(f'<th scope="col" style="{style}">{name}</th>' for name in ("part", "value", "what it is"))
        lines = [
            f'<tr><th scope="row" style="{style}; padding-left: {0.5 + 1.5 * row.depth}em">{escaped(row.name)}</th>'
            f'<td style="{style}; overflow-wrap: anywhere; min-width: 8em">{code(row.value)}</td><td style="{style}">{escaped(row.explanation)}</td></tr>'
            for row in self.rows
        ]
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def show(answer: dict[str, Any], *only: str) -> Answer:
    """An answer of Cognito's with its parts explained and its secrets shortened; only the parts named in `only`, where some are."""
    return Answer(list(_rows(redact(answer), "", 0, set(only))))


def show_claims(claims: dict[str, Any]) -> Answer:
    """What a token says, claim by claim."""
    known = [name for name in CLAIMS if name in claims]
    others = [name for name in claims if name not in CLAIMS]
    times = {"auth_time", "iat", "exp"}
    return Answer([Row(0, name, _time(claims[name]) if name in times else _text(claims[name]), CLAIMS.get(name, "")) for name in known + others])


def _rows(value: dict[str, Any], part: str, depth: int, only: set[str]) -> Iterator[Row]:
    for name, member in value.items():
        explanation = MEMBERS.get(f"{part}.{name}") or MEMBERS.get(name, "")
        if only and name not in only:
            # A part that was asked for may lie deeper.
            yield from _rows(member, name, depth, only) if isinstance(member, dict) else ()
        elif isinstance(member, dict):
            yield Row(depth, name, "" if member else "empty", explanation)
            yield from _rows(member, name, depth + 1, set())
        elif _is_attributes(member):
            yield Row(depth, name, "", explanation)
            yield from _rows({item["Name"]: item["Value"] for item in member}, name, depth + 1, set())
        elif isinstance(member, list) and member and all(isinstance(item, dict) for item in member):
            yield Row(depth, name, f"{len(member)} in the list", explanation)
            yield from _rows({str(number): item for number, item in enumerate(member, start=1)}, name, depth + 1, set())
        else:
            yield Row(depth, name, _text(member), explanation)


def _is_attributes(member: Any) -> bool:
    """Is this a list of name and value pairs, which reads better as a table of its own?"""
    return isinstance(member, list) and member != [] and all(isinstance(item, dict) and set(item) == {"Name", "Value"} for item in member)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return _time(value.timestamp())
    return value if isinstance(value, str) else json.dumps(value)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """Try something that Cognito refuses, and explain the refusal. `codes` are the exceptions that are expected.

    Raises `LessonError` where Cognito does not refuse; any other refusal goes up as it is.
    """
    try:
        yield
    except ClientError as error:
        refusal = error.response["Error"]
        if refusal["Code"] not in codes:
            raise
        print(f"Refused, as expected: {refusal_text(refusal['Code'], refusal['Message'])}")
    else:
        raise LessonError(f"Cognito accepted this, although {' or '.join(codes)} was expected: was the right thing sent?")
