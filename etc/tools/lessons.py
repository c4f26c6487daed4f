"""The lessons as data: the notebooks, their cells, and the calls they make."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from botocore import xform_name
from botocore.loaders import create_loader

from cognito_helpers import actions
from cognito_helpers.actions import CognitoIdentityProviderWrapper

_NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(_NOTEBOOKS.glob("[0-9]*.ipynb"))
# The demo has no number and no exercises.
NOTEBOOKS = [*LESSONS, _NOTEBOOKS / "demo.ipynb"]
MODEL: dict[str, Any] = create_loader().load_service_model("cognito-idp", "service-2")
# The shapes of secrets, whoever they belong to
SECRETS = {
    "a whole token or session": r"eyJ[\w-]{20,}|AYAB[\w-]{20,}",
    "an authenticator secret": r"\b[A-Z2-7]{4}( [A-Z2-7]{4}){5,}|\b[A-Z2-7]{32,}\b|<svg",
    "the secret of an app client": r"\b[0-9a-z]{51,52}\b",
    # A color begins with #.
    "a six-digit code": r"(?<!#)\b\d{3} ?\d{3}\b",
}
_BY_METHOD = {xform_name(name): name for name in MODEL["operations"]}


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def secrets_in(saved: str) -> list[str]:
    """The kinds of secrets in a saved text, by their shapes."""
    return [kind for kind, shape in SECRETS.items() if re.search(shape, saved)]


def calls(path: Path) -> dict[str, set[str]]:
    """The operations a lesson's cells call, by their API names, each with the parameters it gets
    there.
    """
    return called_in("\n".join(cell.source for cell in cells(path, "code")))


def called_in(source: str) -> dict[str, set[str]]:
    """Like `calls`, for Python source."""
    found: dict[str, set[str]] = {}
    wrapped = _wrapped() if CognitoIdentityProviderWrapper.__name__ in source else {}
    for operation, parameters in _calls(ast.parse(source), wrapped):
        known = MODEL["shapes"][MODEL["operations"][operation]["input"]["shape"]]["members"]
        found.setdefault(operation, set()).update(name for name in parameters if name in known)
    return found


def _wrapped() -> dict[str, ast.FunctionDef]:
    """The methods of the wrapper, each with the calls it makes."""
    tree = ast.parse(Path(actions.__file__).read_text(encoding="utf-8"))
    (wrapper,) = (
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == CognitoIdentityProviderWrapper.__name__
    )
    return {node.name: node for node in wrapper.body if isinstance(node, ast.FunctionDef)}


def _calls(tree: ast.AST, wrapped: dict[str, ast.FunctionDef]) -> Iterator[tuple[str, set[str]]]:
    methods = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    for node in sorted(methods, key=lambda node: (node.lineno, node.col_offset)):
        # A paginator makes the call it's named after.
        method = node.func.value.args[0].value if node.func.attr == "paginate" else node.func.attr
        if method in wrapped:
            yield from _calls(wrapped[method], {})
        elif method in _BY_METHOD:
            yield _BY_METHOD[method], {keyword.arg for keyword in node.keywords if keyword.arg}
