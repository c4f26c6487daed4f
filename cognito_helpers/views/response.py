"""Responses and errors with each part explained: as a table in front ends that draw one, as text
everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import ipywidgets
from botocore.exceptions import ClientError
from IPython.display import display

from ..errors import NotAvailableError
from ..explanations.responses import CLAIMS, MEMBERS
from ..explanations.service_errors import Explained, explained
from ..redact import redact
from ..text import date_and_time, say, visible
from ..ui.markup import breakable, code, copy_field, escaped, table
from ..ui.stylesheet import styled, whole
from ..ui.widget import WIDGET, button

EMPTY = "An empty response. The call succeeded."


Body = dict[str, Any]
Claims = dict[str, Any]


class Row(NamedTuple):
    """One part of a response: its depth, its name, its value as shown, its explanation."""

    depth: int
    name: str
    value: str
    explanation: str


def _indented(row: Row) -> str:
    return "  " * row.depth + row.name


class Response:
    """A response to read. A notebook shows it as a table, with a button for values to copy out of
    it; its repr is the same as text. `empty` is said if there are no rows.
    """

    def __init__(
        self,
        rows: list[Row],
        copyable: dict[str, str] | None = None,
        of: str = "part",
        empty: str = EMPTY,
    ) -> None:
        self.rows, self._of, self._empty = rows, of, empty
        self._copyable = copyable or {}

    def __repr__(self) -> str:
        if not self.rows:
            return self._empty
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
        return styled(self.markup())

    def markup(self) -> str:
        """The table, for a view that has the stylesheet."""
        if not self.rows:
            return f"<p>{escaped(self._empty)}</p>"
        cells = [
            (breakable(row.name), code(row.value), escaped(row.explanation)) for row in self.rows
        ]
        return table((self._of, "value", "what it is"), cells, [row.depth for row in self.rows])

    def _ipython_display_(self) -> None:
        display({"text/plain": repr(self), "text/html": self._repr_html_()}, raw=True)
        # Separate from the table, which is read again tomorrow when the kernel of the button is
        # gone; and without a text, since no one needs to read it.
        if self._copyable:
            display({WIDGET: CopyOut(self._copyable)._repr_mimebundle_()[WIDGET]}, raw=True)


class CopyOut(ipywidgets.VBox):
    """Values to copy, such as a session for the command line. Some are secret, so they're on the
    page only on request.
    """

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values
        self._fields = ipywidgets.HTML()
        self._button = button("")
        self._button.on_click(lambda _: self._turn(shown=not self._fields.value))
        super().__init__([self._button, self._fields])
        self.add_class("cognito")
        self._turn(shown=False)

    def _turn(self, shown: bool) -> None:
        self._fields.value = (
            f"<style>{whole()}</style>"
            + "".join(copy_field(name, value) for name, value in self._values.items())
            if shown
            else ""
        )
        self._button.description = "Hide it again" if shown else _offer(list(self._values))


def _offer(names: list[str]) -> str:
    return f"To copy: {names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def show(response: Body, *only: str) -> Response:
    """A response of Cognito's, or a token's claims, with each part explained and secrets shortened.
    `only` names the parts to show, all by default.
    """
    if "token_use" in response:
        wanted = {name: response[name] for name in only or response if name in response}
        return show_claims(wanted, _lacks("token", only, response))
    hidden = redact(response)
    rows, copyable = list(_rows(hidden, "", 0, set(only))), dict(_copyable(response, set(only)))
    return Response(rows, copyable, empty=_lacks("response", only, hidden) if only else EMPTY)


def _lacks(what: str, wanted: Sequence[str], there: Body) -> str:
    """What to say if none of the wanted parts are there."""
    has = f" It has {', '.join(map(visible, there))}." if there else ""
    return f"The {what} has no {' and no '.join(wanted)}.{has}"


# What the next call needs, in a lesson or on the command line
WANTED_NEXT = {"Session", "AccessToken", "IdToken", "RefreshToken", "DeviceKey"}


def _copyable(response: Body, only: set[str]) -> Iterator[tuple[str, str]]:
    for name, member in response.items():
        wanted = not only or name in only
        if isinstance(member, dict):
            yield from _copyable(member, set() if wanted else only)
        elif wanted and name in WANTED_NEXT and isinstance(member, str):
            yield name, member


def show_claims(claims: Claims, empty: str = EMPTY) -> Response:
    """A token's content, claim by claim; `empty` is said if there are no claims."""
    known = [name for name in CLAIMS if name in claims]
    others = [name for name in claims if name not in CLAIMS]
    times = {"auth_time", "iat", "exp"}
    return Response(
        [
            Row(
                0,
                visible(name),
                _claimed_time(claims[name]) if name in times else _text(claims[name]),
                CLAIMS.get(name, ""),
            )
            for name in known + others
        ],
        of="claim",
        empty=empty,
    )


def _rows(value: Body, part: str, depth: int, only: set[str]) -> Iterator[Row]:
    deeper = only - value.keys()
    for name, member in value.items():
        explanation = MEMBERS.get(f"{part}.{name}") or MEMBERS.get(name, "")
        inside = _inside(member)
        if only and name not in only:
            # A requested part may be deeper, unless it's here: a pool has a Name, and so has each
            # of its attributes.
            yield from _rows(inside or {}, name, depth, deeper) if deeper else ()
        elif inside is None:
            yield Row(depth, visible(name), _text(member), explanation)
        else:
            yield Row(depth, visible(name), _size(member), explanation)
            yield from _rows(inside, name, depth + 1, set())


def _inside(member: Any) -> Body | None:
    """The content of a part, by name: pairs of name and value are read as the table they are, and
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


def _is_attributes(members: list[Body]) -> bool:
    return all(set(item) == {"Name", "Value"} for item in members)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return date_and_time(value.timestamp())
    return visible(value) if isinstance(value, str) else json.dumps(value)


def _claimed_time(value: Any) -> str:
    """A time in a token; anyone may have written another value there."""
    if isinstance(value, bool):
        return f"{_text(value)}, which is no time"
    try:
        return date_and_time(value)
    except (TypeError, ValueError, OverflowError, OSError):
        return f"{_text(value)}, which is no time"


class ErrorResponse:
    """An error to read, shown like a response: its code, its message, why it came, and what to do.
    `before` comes before all that, `more` below it.
    """

    def __init__(self, error: Explained, before: str, more: Sequence[str] = ()) -> None:
        self._error, self._before, self._more = error, before, more

    def __repr__(self) -> str:
        return f"{self._before}: {self._error.text()}"

    def _repr_html_(self) -> str:
        return styled(self.markup())

    def markup(self) -> str:
        """The table, for a view that has the stylesheet."""
        code = escaped(self._error.code)
        rows = [(label, escaped(text)) for label, text in self._error.parts]
        if page := self._error.page:
            link = f'<a href="{escaped(page)}">{code}</a>'
            rows.append(("reference", link))
        rows += [("also", escaped(text)) for text in self._more]
        return table((f"{escaped(self._before)}: <code>{code}</code>",), rows, kind="bad")


@contextmanager
def attempt() -> Iterator[None]:
    """Try a call that may succeed or fail: explain an error, or say that there was none, and
    continue the cell. If AWS can't do something, a sentence says so.
    """
    try:
        yield
    except NotAvailableError as sentence:
        say(str(sentence))
    except ClientError as error:
        display(ErrorResponse(explained(error), "Error"))
    else:
        say("No error.")
