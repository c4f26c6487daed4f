"""The same call in other languages: a recorded call as an AWS CLI line and, by `sdks.py`, in the
AWS SDKs.

Everything is generated from the operation's name, its input in botocore's model, and the request. A
value that was hidden in the recording becomes a variable: `$PASSWORD` on the command line,
`password` in a program.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from botocore import xform_name

from ..redact import is_secret
from ..text import has_unseen
from .recorder import Exchange
from .sdk_syntax import SDKS, program

if TYPE_CHECKING:
    from botocore.model import OperationModel, ServiceModel

COMMAND_LINE = "AWS CLI"
PLACES = [COMMAND_LINE, *SDKS]
NOT_KEPT = "The request was too long to keep, so it can't be shown here."


@dataclass(frozen=True)
class Variable:
    """A value the reader has, but this code doesn't. `name` is in lowercase, with underscores
    between its words.
    """

    name: str


def elsewhere(exchange: Exchange, model: ServiceModel, place: str) -> str:
    """A recorded call as it's written in `place`, one of `PLACES`."""
    if not isinstance(exchange.request, dict):
        return NOT_KEPT
    operation = model.operation_model(exchange.operation)
    given = with_variables(exchange.request)
    if place == COMMAND_LINE:
        return command_line(operation, given, _region(exchange.url))
    return program(SDKS[place], operation, given)


def with_variables(value: Any, name: str = "", within: str = "") -> Any:
    """A redacted request with a `Variable` for each hidden value."""
    if value is not None and is_secret(name, within):
        return Variable(_variable_name(name))
    if isinstance(value, dict):
        return {key: with_variables(member, key, name) for key, member in value.items()}
    if isinstance(value, list):
        return [with_variables(item, name, within) for item in value]
    return value


def _variable_name(name: str) -> str:
    """A name that's valid in every language, also for a made-up parameter."""
    words = re.sub(
        r"[^a-z0-9]+", "_", name.lower() if name.upper() == name else xform_name(name).lower()
    ).strip("_")
    return words if words[:1].isalpha() else f"value_{words}".strip("_")


def _region(url: str) -> str:
    """The Region in an endpoint's address; AWS's first one if there is none, as on this machine."""
    found = re.search(r"://cognito-idp(?:-fips)?\.([a-z0-9-]+)\.", url)
    return found[1] if found else "us-east-1"


# The command line

Piece = str | Variable


def command_line(operation: OperationModel, given: dict[str, Any], region: str) -> str:
    """The AWS CLI line that makes this call, quoted for a POSIX shell."""
    if any(_is_no_option(value) for value in given.values()):
        options = [f"--cli-input-json {_quoted(_json(given))}"]
    else:
        options = [_option(xform_name(name, "-"), value) for name, value in given.items()]
    return " \\\n    ".join(
        [f"aws cognito-idp {xform_name(operation.name, '-')}", f"--region {region}", *options]
    )


def _is_no_option(value: Any) -> bool:
    """Whether a value can only be written as JSON. The AWS CLI reads a file or a page if a value
    begins like its address, and invisible characters have no safe form in a shell.
    """
    return isinstance(value, str) and (
        value.startswith(("file://", "fileb://", "http://", "https://")) or has_unseen(value)
    )


def _option(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    if (
        isinstance(value, list)
        and value
        and all(isinstance(item, str) and re.fullmatch(r"\w[\w.:@]*", item) for item in value)
    ):
        return f"--{name} {' '.join(value)}"
    if isinstance(value, dict | list):
        return f"--{name} {_quoted(_json(value))}"
    # After a space, a value that begins with a hyphen would be read as an option.
    joint = "=" if str(value).startswith("-") else " "
    return f"--{name}{joint}{_quoted([value if isinstance(value, Variable) else str(value)])}"


def _json(value: Any) -> Iterator[Piece]:
    """JSON in pieces, the variables apart."""
    if isinstance(value, Variable):
        yield from ('"', value, '"')
    elif isinstance(value, dict):
        yield "{"
        for number, (name, member) in enumerate(value.items()):
            yield f"{', ' if number else ''}{_text(name)}: "
            yield from _json(member)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for number, item in enumerate(value):
            yield ", " if number else ""
            yield from _json(item)
        yield "]"
    else:
        yield _text(value)


def _text(value: Any) -> str:
    """JSON without invisible characters."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if has_unseen(text) else text


def _quoted(pieces: Iterable[Piece]) -> str:
    """One word of a shell: text in single quotes, where nothing has a special meaning, and
    variables in double quotes between.
    """
    parts = groupby(pieces, key=lambda piece: isinstance(piece, Variable))
    return "".join(
        (
            "".join(f'"${piece.name.upper()}"' for piece in group if isinstance(piece, Variable))
            if is_variable
            else shlex.quote("".join(map(str, group)))
        )
        for is_variable, group in parts
    )
