"""Answers and refusals, with each part explained: as a table where the front end draws one, as text
everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import ipywidgets
from botocore.exceptions import ClientError
from IPython.display import display

from ..errors import EmulatorOnlyError, LessonError
from ..explanations.responses import CLAIMS, MEMBERS
from ..explanations.service_errors import CHEAT_SHEET, meaning, refusal_text
from ..redact import redact
from ..text import say, visible
from ..ui.markup import copy_field, escaped, table
from ..ui.widget import WIDGET, button

EMPTY = "An empty answer: done."


class Row(NamedTuple):
    """One part of an answer: how deep it lies, its name, its value as shown, what it is."""

    depth: int
    name: str
    value: str
    explanation: str


# A value of no more letters stays on one line, which a phone has room for: the name of a challenge,
# the id of an app client. Left alone, browsers break it.
ONE_LINE = 28


def code(text: str) -> str:
    """Text as it travelled, in HTML; nothing for nothing."""
    lines = "nowrap" if len(text) <= ONE_LINE else "normal"
    return f'<code style="white-space: {lines}">{escaped(text)}</code>' if text else ""


def _indented(row: Row) -> str:
    return "  " * row.depth + row.name


class Answer:
    """An answer to look at. A notebook shows it as a table, with a button for what can be copied
    out of it; its repr is the same as text.
    """

    def __init__(
        self, rows: list[Row], copyable: dict[str, str] | None = None, of: str = "part"
    ) -> None:
        self.rows, self._of = rows, of
        self._copyable = copyable or {}

    def __repr__(self) -> str:
        if not self.rows:
            return EMPTY
        names = max(2 * row.depth + len(row.name) for row in self.rows)
        values = (
            max(len(row.value) for row in self.rows if row.explanation)
            if any(row.explanation for row in self.rows)
            else 0
        )
        lines = (
            f"{_indented(row):{names}}  {row.value:{values}}  {row.explanation}".rstrip()
            for row in self.rows
        )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{EMPTY}</p>"
        cells = [
            (escaped(row.name), code(row.value), escaped(row.explanation)) for row in self.rows
        ]
        return table((self._of, "value", "what it is"), cells, [row.depth for row in self.rows])

    def _ipython_display_(self) -> None:
        display({"text/plain": repr(self), "text/html": self._repr_html_()}, raw=True)
        # Apart from the table, which is read again tomorrow when the kernel behind the button is
        # gone; and without a text, which nobody needs to read.
        if self._copyable:
            display({WIDGET: CopyOut(self._copyable)._repr_mimebundle_()[WIDGET]}, raw=True)


class CopyOut(ipywidgets.VBox):
    """Values to take along, such as a session for the command line. Some are secret, so they are on
    the page only while they are asked for.
    """

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values
        self._fields = ipywidgets.HTML()
        self._button = button("")
        self._button.on_click(lambda _: self._turn(shown=not self._fields.value))
        super().__init__([self._button, self._fields])
        self._turn(shown=False)

    def _turn(self, shown: bool) -> None:
        self._fields.value = (
            "".join(copy_field(name, value) for name, value in self._values.items())
            if shown
            else ""
        )
        self._button.description = "Put it away again" if shown else _offer(list(self._values))


def _offer(names: list[str]) -> str:
    return f"To copy: {names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def show(answer: dict[str, Any], *only: str) -> Answer:
    """An answer of Cognito's with its parts explained and its secrets shortened; only the parts
    named in `only`, where some are.
    """
    return Answer(list(_rows(redact(answer), "", 0, set(only))), dict(_copyable(answer, set(only))))


# What a next call asks for, in a lesson or on the command line.
WANTED_NEXT = {"Session", "AccessToken", "IdToken", "RefreshToken", "DeviceKey"}


def _copyable(answer: dict[str, Any], only: set[str]) -> Iterator[tuple[str, str]]:
    for name, member in answer.items():
        wanted = not only or name in only
        if isinstance(member, dict):
            yield from _copyable(member, set() if wanted else only)
        elif wanted and name in WANTED_NEXT and isinstance(member, str):
            yield name, member


def show_claims(claims: dict[str, Any]) -> Answer:
    """What a token says, claim by claim."""
    known = [name for name in CLAIMS if name in claims]
    others = [name for name in claims if name not in CLAIMS]
    times = {"auth_time", "iat", "exp"}
    return Answer(
        [
            Row(
                0,
                name,
                _time(claims[name]) if name in times else _text(claims[name]),
                CLAIMS.get(name, ""),
            )
            for name in known + others
        ],
        of="claim",
    )


def _rows(value: dict[str, Any], part: str, depth: int, only: set[str]) -> Iterator[Row]:
    deeper = only - value.keys()
    for name, member in value.items():
        explanation = MEMBERS.get(f"{part}.{name}") or MEMBERS.get(name, "")
        inside = _inside(member)
        if only and name not in only:
            # A part that was asked for may lie deeper, unless it is here: a pool has a Name, and so
            # has each of its attributes.
            yield from _rows(inside or {}, name, depth, deeper) if deeper else ()
        elif inside is None:
            yield Row(depth, name, _text(member), explanation)
        else:
            yield Row(depth, name, _size(member), explanation)
            yield from _rows(inside, name, depth + 1, set())


def _inside(member: Any) -> dict[str, Any] | None:
    """What lies in a part, by name: pairs of name and value read as the table that they are, and
    the items of a list are numbered. None for a plain value.
    """
    if isinstance(member, dict):
        return member
    if (
        not isinstance(member, list)
        or not member
        or not all(isinstance(item, dict) for item in member)
    ):
        return None
    if _is_attributes(member):
        return {item["Name"]: item["Value"] for item in member}
    return {str(number): item for number, item in enumerate(member, start=1)}


def _size(member: Any) -> str:
    if isinstance(member, dict):
        return "" if member else "empty"
    return "" if _is_attributes(member) else f"{len(member)} in the list"


def _is_attributes(members: list[dict[str, Any]]) -> bool:
    return all(set(item) == {"Name", "Value"} for item in members)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return _time(value.timestamp())
    return visible(value) if isinstance(value, str) else json.dumps(value)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


class Refusal:
    """A refusal to look at, told the way an answer is: its name, its message, why, and what to do
    now.
    """

    def __init__(self, code: str, message: str, beginning: str) -> None:
        self._code, self._message, self._beginning = code, message, beginning

    def __repr__(self) -> str:
        return f"{self._beginning}: {refusal_text(self._code, self._message)}"

    def _repr_html_(self) -> str:
        rows = [("message", escaped(self._message))]
        found = meaning(self._code, self._message)
        if found:
            rows += [("why", escaped(found.why)), ("what now", escaped(found.now))]
            rows += [
                (
                    "all about it",
                    (
                        f'<a href="{CHEAT_SHEET}#{escaped(self._code)}">{escaped(self._code)} in'
                        " the cheat sheet</a>"
                    ),
                )
            ]
        return table((f"{escaped(self._beginning)}:", escaped(self._code)), rows)


@contextmanager
def _explained(beginning: str, codes: tuple[str, ...] = ()) -> Iterator[None]:
    """Explain a refusal, of `codes` alone where any are named, and go on. So it goes where
    something cannot be had at AWS, which is said in a sentence.
    """
    try:
        yield
    except EmulatorOnlyError as sentence:
        say(str(sentence))
    except ClientError as error:
        refusal = error.response["Error"]
        if codes and refusal["Code"] not in codes:
            raise
        display(Refusal(refusal["Code"], refusal["Message"], beginning))


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """Try something that Cognito refuses, and explain the refusal. `codes` are the exceptions that
    are expected.

    What cannot be had at AWS is said in a sentence. Raises `LessonError` where Cognito does not
    refuse; any other refusal goes up as it is.
    """
    with _explained("Refused, as expected", codes):
        yield
        raise LessonError(
            f"Cognito accepted this, although {' or '.join(codes)} was expected: was the right"
            " thing sent, and is the pool as lesson 00 makes it? If so, run this lesson again from"
            " its first cell."
        )


@contextmanager
def attempt() -> Iterator[None]:
    """Try a call of which nobody says how it will end: a refusal is explained, and the cell goes
    on. So it does where something cannot be had at AWS.
    """
    with _explained("Refused"):
        yield
