"""The parts of a request: the values the lab inserts when it's sent, and how they're written in
Python, in JSON that is edited by hand, and in words.

A request is a tree of dicts and strings with `Part`s in it. So one tree can be shown without its
secrets, sent, and copied as a cell that asks for the same.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from ..errors import LessonError
from ..redact import is_secret

Tree = Any
# What cells call the playground's lab: `practice = playground.lab`.
LAB = "practice"


class HasTestData(Protocol):
    """What a part needs of the lab. `ExperimentData` knows parts, so it can't be imported here."""

    @property
    def test_data(self) -> object: ...


@dataclass(frozen=True)
class Part:
    """A value the lab has. `source` is the Python expression for it; `words` describe it; one that
    is `plain` isn't secret.
    """

    source: str
    words: str
    give: Callable[[HasTestData], Any] = field(repr=False, compare=False)
    plain: bool = False

    @property
    def in_json(self) -> str:
        """How it's written in JSON: its Python expression in braces, with quotes that JSON needn't
        escape.
        """
        return "{" + self.source.replace('"', "'") + "}"


def known(name: str, words: str) -> Part:
    """A value the lab has under its own name: `practice.client_id`."""
    return Part(f"{LAB}.{name}", words, lambda lab: getattr(lab, name), plain=True)


def at_hand(method: str, *given: Any, words: str, plain: bool = False, **named: Any) -> Part:
    """A value from the test data: `practice.test_data.session('expired')`. A given value may be a
    part too.
    """
    written = [_source(value) for value in given] + [
        f"{name}={_source(value)}" for name, value in named.items()
    ]

    def give(lab: HasTestData) -> Any:
        return getattr(lab.test_data, method)(
            *(_given(value, lab) for value in given),
            **{name: _given(value, lab) for name, value in named.items()},
        )

    return Part(f"{LAB}.test_data.{method}({', '.join(written)})", words, give, plain)


def _source(value: Any) -> str:
    return (
        value.source
        if isinstance(value, Part)
        else json.dumps(value, ensure_ascii=False)
        if isinstance(value, str)
        else repr(value)
    )


def _given(value: Any, lab: HasTestData) -> Any:
    return value.give(lab) if isinstance(value, Part) else value


def _mapped(tree: Tree, change: Callable[[Part], Any]) -> Any:
    if isinstance(tree, Part):
        return change(tree)
    if isinstance(tree, dict):
        return {name: _mapped(member, change) for name, member in tree.items()}
    return [_mapped(item, change) for item in tree] if isinstance(tree, list) else tree


def as_sent(tree: Tree, lab: HasTestData) -> Any:
    """The request as boto3 gets it."""
    return _mapped(tree, lambda part: part.give(lab))


def as_shown(tree: Tree, lab: HasTestData) -> str:
    """The request as JSON, with words in parentheses instead of secrets."""
    return _json(_mapped(tree, lambda part: _shown(part, lab)))


def _shown(part: Part, lab: HasTestData) -> Any:
    try:
        return part.give(lab) if part.plain else f"({part.words})"
    except (LessonError, ClientError, BotoCoreError):
        # The reason is given when the request is sent.
        return f"({part.words}: not there)"


def as_words(tree: Tree) -> Tree:
    """The tree with words instead of the values the lab inserts."""
    return _mapped(tree, lambda part: f"({part.words})")


def as_text(tree: Tree) -> str:
    """The request as JSON to edit by hand, with each part written as its Python expression, in
    braces.
    """
    return _json(_mapped(tree, lambda part: part.in_json))


def from_text(text: str, parts: dict[str, Part], typed: Callable[[str], Part]) -> dict[str, Any]:
    """The tree in JSON that was edited by hand. `parts` are those it may have, by their JSON text;
    `typed` keeps a secret that was typed.

    Raises `ValueError`, one sentence, if it isn't a JSON object.
    """
    try:
        request = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"This isn't valid JSON: line {error.lineno}, column {error.colno}:"
            f" {_sentence(error.msg)}"
        ) from None
    except RecursionError:
        raise ValueError(
            "This isn't valid JSON for any program: its brackets are nested too deeply."
        ) from None
    except ValueError as error:
        raise ValueError(f"This JSON can't be sent: {_sentence(str(error))}") from None
    if not isinstance(request, dict):
        raise ValueError("A request is a JSON object: it begins with { and ends with }.")
    return {name: _read(value, name, "", parts, typed) for name, value in request.items()}


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _sentence(text: str) -> str:
    first = text[:1] if text[:2].isupper() or text[:3] == "NaN" else text[:1].lower()
    return f"{first}{text[1:200].rstrip('.')}."


def _read(
    value: Any, name: str, within: str, parts: dict[str, Part], typed: Callable[[str], Part]
) -> Tree:
    if isinstance(value, dict):
        return {key: _read(member, key, name, parts, typed) for key, member in value.items()}
    if isinstance(value, list):
        return [_read(item, name, within, parts, typed) for item in value]
    if not isinstance(value, str):
        return value
    if value in parts:
        return parts[value]
    return typed(value) if value and is_secret(name, within) else value


def _json(value: Any) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    # Half a character can be written in JSON by its number, but never shown.
    return (
        text
        if text.isascii() or all(not "\ud800" <= character <= "\udfff" for character in text)
        else json.dumps(value, indent=2)
    )


# As Python

NARROW = 88


def as_python(tree: Tree, depth: int = 0) -> str:
    """The tree as a Python expression, a dict over several lines if one is too long."""
    if isinstance(tree, Part):
        return tree.source
    if isinstance(tree, dict) and tree:
        members = [
            f"{_quoted(name)}: {as_python(member, depth + 1)}" for name, member in tree.items()
        ]
        line = f"{{{', '.join(members)}}}"
        if "\n" not in line and len(line) + 4 * depth <= NARROW - 20:
            return line
        inner, outer = "    " * (depth + 1), "    " * depth
        return "{\n" + "".join(f"{inner}{member},\n" for member in members) + outer + "}"
    if isinstance(tree, list):
        return f"[{', '.join(as_python(item, depth + 1) for item in tree)}]"
    return _quoted(tree) if isinstance(tree, str) else repr(tree)


def _quoted(text: str) -> str:
    # Invisible and half characters are written by their numbers.
    return json.dumps(text, ensure_ascii=not text.isprintable())


def call(method: str, tree: dict[str, Any]) -> str:
    """The call with its parameters, as it's written in a cell."""
    if not all(
        re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) and not keyword.iskeyword(name)
        for name in tree
    ):
        return f"{LAB}.cognito.{method}(**{as_python(tree)})"
    lines = "".join(f"    {name}={as_python(member, 1)},\n" for name, member in tree.items())
    return f"{LAB}.cognito.{method}(\n{lines})" if lines else f"{LAB}.cognito.{method}()"
