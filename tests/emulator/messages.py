"""Every error the emulator can send, read from its source: code, message, and where it's raised.

What differs from case to case is `…` in a message, as in the table of errors.
"""

import ast
from itertools import product
from pathlib import Path
from typing import NamedTuple

import cognito_helpers.local_cognito

ROOT = Path(cognito_helpers.local_cognito.__file__).parent
TREES = {
    path.relative_to(ROOT).with_suffix("").as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.rglob("*.py"))
}
# Messages this file can't read from an expression, by the file and the expression.
BY_HAND = {
    ("device_operations", "str(unknown)"): ["User pool … does not exist."],
    ("refresh", "str(unknown)"): ["User pool client … does not exist."],
    ("transports/http_handler", "str(trouble)"): ["The state file …"],
}


class Message(NamedTuple):
    code: str
    text: str
    where: str


def messages() -> list[Message]:
    """All of them, once for each place."""
    return [
        Message(code, text, f"{module}.py:{line}")
        for module, tree in TREES.items()
        for code, line, texts in _raised(module, tree)
        for text in texts
    ]


def _classes() -> dict[str, tuple[str, ast.ClassDef]]:
    """The exceptions the service returns as errors."""
    return {
        node.name: (module, node)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "CognitoError" for base in node.bases)
    }


CLASSES = _classes()


def _raised(module, tree):
    functions = {
        inner: outer
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
            if node.exc.id in CLASSES:
                yield node.exc.id, node.lineno, _default(node.exc.id)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", "")
            if name in CLASSES:
                own = _own_wording(name)
                texts = own or (
                    _texts(node.args[0], module, functions.get(node))
                    if node.args
                    else _default(name)
                )
                yield name, node.lineno, texts


def _own_wording(name):
    """What the class makes of its argument, if it has a constructor."""
    module, node = CLASSES[name]
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and ast.unparse(part.func) == "super().__init__":
            return _texts(part.args[0], module, None)
    return []


def _default(name):
    module, node = CLASSES[name]
    for part in node.body:
        if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "message":
            return _texts(part.value, module, None)
    raise AssertionError(f"{name} has no message of its own, and is raised without one")


def _texts(node, module, function) -> list[str]:
    """The possible values of an expression."""
    known = _read(node, module, function)
    if known is None:
        known = BY_HAND.get((module, ast.unparse(node)))
    assert known, (
        f"{module}.py:{node.lineno}: {ast.unparse(node)} can't be read from the source: name its"
        " messages in BY_HAND of tests/emulator/messages.py"
    )
    return known


def _read(node, module, function):
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        parts = [[part.value] if isinstance(part, ast.Constant) else ["…"] for part in node.values]
        return ["".join(chosen) for chosen in product(*parts)]
    if isinstance(node, ast.IfExp):
        return _texts(node.body, module, function) + _texts(node.orelse, module, function)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_read(side, module, function) or ["…"] for side in (node.left, node.right)]
        return ["".join(chosen) for chosen in product(*sides)]
    if isinstance(node, ast.Dict):
        return [text for value in node.values for text in _texts(value, module, function)]
    if isinstance(node, ast.Subscript):
        return _read(node.value, module, function)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return _of_another(node.value.id, node.attr, module)
    return _named(node.id, module, function) if isinstance(node, ast.Name) else None


def _of_another(owner, name, module):
    """`passwords.WRONG`, or `SomeException.message`."""
    if owner in CLASSES:
        return _default(owner)
    found = next((other for other in TREES if other.rpartition("/")[2] == owner), None)
    return _named(name, found, None) if found else None


def _named(name, module, function):
    """A name: of this function, of a parameter set by its callers, of the module, imported."""
    if function is not None:
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
                return _read(node.value, module, function)
        if name in (parameters := [argument.arg for argument in function.args.args]):
            return _given(function.name, parameters.index(name), module)
    for node in TREES[module].body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(target) == name and node.value is not None:
                return _read(node.value, module, None)
        if isinstance(node, ast.ImportFrom) and name in {alias.name for alias in node.names}:
            found = next(
                (other for other in TREES if other.endswith((node.module or "").split(".")[-1])),
                None,
            )
            return _named(name, found, None) if found else None
    return None


def _given(function, position, module):
    calls = [
        (node, next((f for f in ast.walk(TREES[module]) if _holds(f, node)), None))
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function
    ]
    given = [
        _read(node.args[position], module, caller)
        for node, caller in calls
        if position < len(node.args)
    ]
    return None if not given or None in given else [text for texts in given for text in texts]


def _holds(function, node):
    return isinstance(function, ast.FunctionDef) and any(
        inner is node for inner in ast.walk(function)
    )
