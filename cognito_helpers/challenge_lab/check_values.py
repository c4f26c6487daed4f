"""What a condition of the emulator compared: its variables when it rejected a call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

# Text is shown only under these names. Under any other it may be a secret.
PUBLIC = frozenset(
    {
        *("client_id", "expects", "first_factors", "flow", "id", "mfa", "name"),
        *("operation", "status"),
    }
)
TIMES = frozenset({"exp", "expires", "now"})
# Larger numbers are keys and proofs.
LARGEST = 10**12


def compared(test: ast.expr, variables: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The variables, attributes and items a condition reads, each with its value in words.

    Left out are secrets, what has no short text, and what the condition itself says: in
    `if step is None` that `step` is None.
    """
    found = {}
    condition = ast.unparse(test)
    for node in _read(test):
        text = ast.unparse(node)
        try:
            value = _value(node, variables)
        except Exception:
            # Not reached by the condition, or gone since the call ended.
            continue
        says_so = f"{text} is None" in condition or isinstance(value, int)
        if not (says_so and isinstance(node, ast.Name)):
            found[text] = _in_words(_last_name(node), value)
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


def _value(node: ast.expr, variables: dict[str, Any]) -> Any:
    match node:
        case ast.Name(name):
            return variables[name]
        case ast.Attribute(ast.Name(name), attribute):
            return getattr(variables[name], attribute)
        case ast.Subscript(ast.Name(name), ast.Constant(key)):
            return variables[name][key]
    raise LookupError


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(name) | ast.Attribute(_, name) | ast.Subscript(_, ast.Constant(name)):
            return str(name)
    return ""


def _in_words(name: str, value: Any) -> str:
    """A value as text, empty if it isn't shown."""
    match value:
        case None | bool():
            return str(value)
        case int() | float() if name in TIMES:
            return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M:%S} UTC"
        case int():
            return str(value) if value < LARGEST else ""
        case str() if name in PUBLIC:
            return value
        case list() if name in PUBLIC:
            return ", ".join(value)
    return ""
