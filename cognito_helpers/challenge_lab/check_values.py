"""What a condition of the emulator compared: its variables when it rejected a call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ..text import date_and_time

# Text is shown only under these names. Under any other it may be a secret.
PUBLIC = frozenset(
    ("client_id", "expects", "first_factors", "flow", "id", "mfa", "name", "operation", "status")
)
TIMES = frozenset({"exp", "expires", "now"})
# Larger numbers are keys and proofs.
LARGEST = 10**12


def compared(test: ast.expr, variables: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The variables, attributes and items a condition reads, each with its value in words.

    Left out are secrets, what has no short text, and what says no more than the condition: that
    `step` is None in `if step is None`, and whether a variable is true.
    """
    found = {}
    condition = ast.unparse(test)
    for node in _read(test):
        text = ast.unparse(node)
        try:
            name, value = _value(node, variables)
        except Exception:
            # Not reached by the condition, or gone since the call ended.
            continue
        is_none_there = value is None and f"{text} is None" in condition
        if not is_none_there and not (isinstance(node, ast.Name) and isinstance(value, int)):
            found[text] = _in_words(name, value)
    return tuple((text, words) for text, words in found.items() if words)


def _read(node: ast.AST) -> Iterator[ast.expr]:
    """What an expression reads, from left to right. A function that's called isn't a value."""
    match node:
        case ast.Name() | ast.Attribute(value=ast.Name()):
            yield node
        case ast.Subscript(value=ast.Name(), slice=ast.Constant()):
            yield node
        case ast.Call(args=arguments):
            for argument in arguments:
                yield from _read(argument)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _read(child)


def _value(node: ast.expr, variables: dict[str, Any]) -> tuple[str, Any]:
    """The last name of what an expression reads, and its value."""
    match node:
        case ast.Name(name):
            return name, variables[name]
        case ast.Attribute(ast.Name(owner), name):
            return name, getattr(variables[owner], name)
        case ast.Subscript(ast.Name(owner), ast.Constant(key)):
            return str(key), variables[owner][key]
    raise LookupError


def _in_words(name: str, value: Any) -> str:
    """A value as text, empty if it isn't shown."""
    match value:
        case None | bool():
            return str(value)
        case int() | float() if name in TIMES:
            return date_and_time(value)
        case int():
            return str(value) if value < LARGEST else ""
        case str() if name in PUBLIC:
            return value
        case list() if name in PUBLIC:
            return ", ".join(value)
    return ""
