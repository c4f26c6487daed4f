"""The service's input checks, taken from botocore's own model of the service.

Types, required members, lengths, ranges, patterns and enums: a small loop checks all of them from
the model, and reports every fault in one message, like the service. An ordinary boto3 client
rejects wrong types, missing members and values that are too short before it sends anything, so only
other clients see those errors here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from .errors import InvalidParameterException, SerializationException

# The model calls these sensitive today, but messages observed at the service show the value
# (BEHAVIOR.md, 1.9).
_SHOWN_ALL_THE_SAME = {"SoftwareTokenMFAUserCodeType"}

# Where the service differs from the model (BEHAVIOR.md, 12.1 and 12.5): spaces inside a password
# are allowed, and the values of MfaConfiguration come in another order.
_PATTERNS = {"PasswordType": r"^[\S]+.*[\S]+$"}
_VALUES = {"UserPoolMfaType": ["OPTIONAL", "OFF", "ON"]}

_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "timestamp": (int, float),
    "blob": (str,),
}


def check(shape: Shape, request: Any) -> None:
    """Reject `request` unless it fits the service's model of `shape`.

    Raises `SerializationException` if the JSON is of another type, otherwise
    `InvalidParameterException` with every fault in one message.
    """
    faults = list(_faults(shape, request, "", hidden=False))
    if faults:
        noun = "error" if len(faults) == 1 else "errors"
        raise InvalidParameterException(
            f"{len(faults)} validation {noun} detected: " + "; ".join(faults)
        )


def required(parameters: dict[str, str], name: str) -> str:
    """A required, non-empty entry of AuthParameters or ChallengeResponses; the model doesn't
    describe these.
    """
    if not parameters.get(name):
        raise InvalidParameterException(f"Missing required parameter {name}")
    return parameters[name]


# The model's rules for every user name
_NAME = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+"


def check_user_name(parameters: dict[str, str]) -> None:
    """Reject a USERNAME with white space among AuthParameters or ChallengeResponses. The service
    checks it as two of its own fields (BEHAVIOR.md, 12.5).
    """
    if parameters.get("USERNAME") and not _matches(_NAME, parameters["USERNAME"]):
        faults = [
            f"Value at '{field}' failed to satisfy constraint: Member must satisfy regular"
            f" expression pattern: {_NAME}"
            for field in ("userAlias", "userName")
        ]
        raise InvalidParameterException("2 validation errors detected: " + "; ".join(faults))


def _faults(shape: Shape, value: Any, where: str, hidden: bool) -> Iterator[str]:
    """What is wrong with `value`. Everything inside something sensitive is sensitive, though the
    model says so only of the outermost.
    """
    hidden = hidden or bool(shape.metadata.get("sensitive"))
    if not _is_a(shape.type_name, value):
        raise SerializationException(
            f"The value at '{where or 'body'}' is not of the type {shape.type_name}."
        )
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            path = f"{where}.{_lower_camel(name)}" if where else _lower_camel(name)
            if name in value:
                yield from _faults(member, value[name], path, hidden)
            elif name in shape.required_members:
                sensitive = hidden or bool(member.metadata.get("sensitive"))
                shown = "Value" if sensitive else "Value null"
                yield f"{shown} at '{path}' failed to satisfy constraint: Member must not be null"
    elif isinstance(shape, ListShape):
        yield from _broken_rules(shape, value, len(value), where, hidden)
        for number, item in enumerate(value, start=1):
            yield from _faults(shape.member, item, f"{where}.{number}.member", hidden)
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from _faults(shape.key, key, where, hidden)
            yield from _faults(shape.value, item, f"{where}.{key}.member", hidden)
    elif shape.type_name == "string":
        yield from _broken_rules(shape, value, len(value), where, hidden)
    elif shape.type_name in ("integer", "long"):
        yield from _broken_rules(shape, value, value, where, hidden)


def _is_a(kind: str, value: Any) -> bool:
    # bool is an int to Python, not to JSON.
    return isinstance(value, _JSON_TYPES[kind]) and (
        kind == "boolean" or not isinstance(value, bool)
    )


def _broken_rules(shape: Shape, value: Any, size: int, where: str, hidden: bool) -> Iterator[str]:
    rules = shape.metadata
    subject = (
        f"Value at '{where}'"
        if hidden and shape.name not in _SHOWN_ALL_THE_SAME
        else f"Value '{value}' at '{where}'"
    )
    measure = "value" if isinstance(value, int) else "length"
    pattern = _PATTERNS.get(shape.name, rules.get("pattern"))
    if pattern is not None and not _matches(pattern, value):
        yield (
            f"{subject} failed to satisfy constraint: Member must satisfy regular expression"
            f" pattern: {pattern}"
        )
    if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        yield (
            f"{subject} failed to satisfy constraint: Member must satisfy enum value set:"
            f" [{', '.join(_VALUES.get(shape.name, shape.enum))}]"
        )
    if size < rules.get("min", size):
        yield (
            f"{subject} failed to satisfy constraint: Member must have {measure} greater than or"
            f" equal to {rules['min']}"
        )
    if size > rules.get("max", size):
        yield (
            f"{subject} failed to satisfy constraint: Member must have {measure} less than or equal"
            f" to {rules['max']}"
        )


@cache
def _lower_camel(name: str) -> str:
    return name[0].lower() + name[1:]


# The model's patterns are Java's: `\w` and `\s` are ASCII only, and `\p{L}` is a Unicode category,
# which Python's `re` lacks. The model names five categories, always together, and the separators.
# So a character of none of these becomes one private-use character, a separator that isn't ASCII
# becomes another, and in such a text the five categories are ranges.
_VISIBLE, _VISIBLE_RANGES = r"\p{L}\p{M}\p{S}\p{N}\p{P}", r"!-~\xa1-\ud7ff\uf900-\U0010ffff"
_SEPARATOR, _SEPARATORS = r"\p{Z}", " \ue001"
_SIGNS = {"C": "\ue000", "Z": "\ue001"}


@cache
def _pattern(java: str) -> re.Pattern[str]:
    return re.compile(
        java.replace(_VISIBLE, _VISIBLE_RANGES).replace(_SEPARATOR, _SEPARATORS), re.ASCII
    )


def _matches(java: str, text: str) -> bool:
    """Whether the whole of `text` matches the model's pattern `java`."""
    if not text.isascii():
        text = "".join(_SIGNS.get(unicodedata.category(c)[0], c) if c > "\x7f" else c for c in text)
    return _pattern(java).fullmatch(text) is not None
