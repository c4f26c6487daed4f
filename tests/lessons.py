"""The lessons as data: which notebooks there are, their cells, and the calls that they make."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from botocore import xform_name
from botocore.loaders import create_loader

from cognito_helpers import actions
from cognito_helpers.actions import CognitoIdentityProviderWrapper

LESSONS = sorted((Path(__file__).parent.parent / "notebooks").glob("[0-9]*.ipynb"))
MODEL: dict[str, Any] = create_loader().load_service_model("cognito-idp", "service-2")
_BY_METHOD = {xform_name(name): name for name in MODEL["operations"]}


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def calls(path: Path) -> dict[str, set[str]]:
    """The operations that a lesson's cells call, by their API names, each with the parameters that it is given there."""
    return called_in("\n".join(cell.source for cell in cells(path, "code")))


def called_in(source: str) -> dict[str, set[str]]:
    """As `calls`, for Python source."""
    found: dict[str, set[str]] = {}
    wrapped = _wrapped() if CognitoIdentityProviderWrapper.__name__ in source else {}
    for operation, parameters in _calls(ast.parse(source), wrapped):
        known = MODEL["shapes"][MODEL["operations"][operation]["input"]["shape"]]["members"]
        found.setdefault(operation, set()).update(name for name in parameters if name in known)
    return found


def _wrapped() -> dict[str, ast.FunctionDef]:
    """The methods of the wrapper, each of which makes calls of its own."""
    tree = ast.parse(Path(actions.__file__).read_text(encoding="utf-8"))
    (wrapper,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == CognitoIdentityProviderWrapper.__name__)
    return {node.name: node for node in wrapper.body if isinstance(node, ast.FunctionDef)}


def _calls(tree: ast.AST, wrapped: dict[str, ast.FunctionDef]) -> Iterator[tuple[str, set[str]]]:
    methods = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    for node in sorted(methods, key=lambda node: (node.lineno, node.col_offset)):
        # A paginator makes the call that it is named after.
        method = _paginated(node.func.value, tree) if node.func.attr == "paginate" else node.func.attr
        if method in wrapped:
            yield from _calls(wrapped[method], {})
        elif method in _BY_METHOD:
            yield _BY_METHOD[method], {keyword.arg for keyword in node.keywords if keyword.arg}


def _paginated(paginator: ast.expr, tree: ast.AST) -> str:
    """The method that a paginator is named after, also where it was given a name of its own."""
    if isinstance(paginator, ast.Name):
        made = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and ast.dump(node.targets[0]) == ast.dump(ast.Name(paginator.id, ast.Store()))]
        paginator = next(value for value in made if isinstance(value, ast.Call) and ast.unparse(value.func).endswith(".get_paginator"))
    assert isinstance(paginator, ast.Call) and isinstance(paginator.args[0], ast.Constant)
    return str(paginator.args[0].value)
