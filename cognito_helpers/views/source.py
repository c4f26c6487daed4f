"""Source code of the files to take home, shown in a lesson."""

from __future__ import annotations

import ast
from pathlib import Path

from ..ui.highlight import python_markup
from ..ui.markup import escaped
from ..ui.stylesheet import styled

PACKAGE = Path(__file__).parents[1]


class Source:
    """One function, method or class of a file, highlighted. `file` is a file to take home:
    `Source("web_app.py", "send_cookie")`. It's read, not imported, so it also works in a browser
    tab.
    """

    def __init__(self, file: str, name: str) -> None:
        text = (PACKAGE / file).read_text(encoding="utf-8")
        kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        found = [
            node
            for node in ast.walk(ast.parse(text))
            if isinstance(node, kinds) and node.name == name
        ]
        if not found:
            raise ValueError(f"{file} has no function or class named {name}.")
        first = min(line.lineno for line in (found[0], *found[0].decorator_list))
        lines = text.splitlines()[first - 1 : found[0].end_lineno]
        indent = len(lines[0]) - len(lines[0].lstrip())
        self._code = "\n".join(line[indent:] for line in lines)
        self._label = f"{name} in {file}"

    def __repr__(self) -> str:
        return self._code

    def _repr_html_(self) -> str:
        # Not as Markdown: JupyterLab breaks the code of a narrow page in the middle of words.
        return styled(
            f'<pre class="cognito-code-block" role="region" aria-label="{escaped(self._label)}"'
            f' tabindex="0">{python_markup(self._code)}</pre>'
        )
