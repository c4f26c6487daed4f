"""Each lesson, the cheat sheet and the reference as web pages, to read without Jupyter and a
network: `make pages` writes them to notebooks/html, and `make site` into the site.

A page has the lesson's content in its order, with the text of each live view, and the table of each
diagram. It has no script and loads nothing; it uses the colors of the reader's own settings, and
wraps on a phone.
"""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import mistune
import nbformat
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from cognito_helpers.ui.markup import escaped
from etc.tools.lessons import LESSONS

from . import cheat_sheet, published_programs, reference

FOLDER = LESSONS[0].parent / "html"
GENERATED = {cheat_sheet.PATH: "Cheat sheet", reference.PATH: "Reference"}
SOURCES = [*LESSONS, *GENERATED, published_programs.PATH]
MERMAID = "text/vnd.mermaid"

# Weight and slant instead of colors, which are the reader's
STYLE = """
:root { color-scheme: light dark; background: Canvas; color: CanvasText }
body { font: 1.05rem/1.55 system-ui, sans-serif; max-width: 60rem; margin: 0 auto;
    padding: 0 1rem 3rem; overflow-wrap: break-word }
pre, code { font-family: ui-monospace, monospace; font-size: .92em }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0 }
table { border-collapse: collapse; margin: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0;
    border-bottom: 1px solid }
td { overflow-wrap: anywhere }
img { max-width: 100% }
[role=group] { border-left: .25rem solid; padding-left: .8rem; margin: 1rem 0 }
[role=group] > p:first-child { margin: 0; font-size: .9em; font-style: italic }
.k, .kn, .kc, .ow { font-weight: bold } .c1 { font-style: italic }
@media (prefers-color-scheme: dark) {
    :root .cognito { --cognito-good: #81c784; --cognito-bad: #ff8a80; --cognito-warn: #ffb74d }
}
@media (max-width: 40em) {
    table, thead, tbody, tr, th, td { display: block }
    th, td { border: 0 } tr { border-bottom: 1px solid }
}
"""

# The cheat sheet fits on one A4 page.
PRINTED = """
@page { size: A4; margin: 8mm }
@media print {
    nav { display: none }
    body { font-size: 6.9pt; line-height: 1.22; max-width: none; padding: 0 }
    main { columns: 2; column-gap: 5mm }
    h1 { font-size: 11pt; margin: 0 } h2 { font-size: 8.5pt; margin: 1.4mm 0 0.4mm }
    p { margin: 0.6mm 0 } h2, h2 + p { break-after: avoid }
    table { width: 100%; margin: 0.4mm 0; display: table } thead { display: table-header-group }
    tbody { display: table-row-group } tr { display: table-row; break-inside: avoid }
    th, td { display: table-cell; padding: 0.25mm 1.2mm 0.25mm 0; border-bottom: 0.1mm solid }
    td:first-child { width: 36% } td:first-child code { overflow-wrap: normal }
}
"""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Learn Amazon Cognito sign-in</title>
<style>{style}</style>
</head>
<body>
<nav aria-label="This page"><p>{navigation}</p></nav>
<main>
{body}
</main>
</body>
</html>
"""


class Renderer(mistune.HTMLRenderer):
    """Markdown as the lessons use it: headings with anchors, and a diagram as the chain of its
    boxes.
    """

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f'<h{level} id="{re.sub("<.*?>", "", text).replace(" ", "-")}">{text}</h{level}>\n'

    def block_code(self, code: str, info: str | None = None) -> str:
        return (
            f"<p>{_way(code)}</p>\n"
            if info == "mermaid"
            else f"<pre><code>{escaped(code)}</code></pre>\n"
        )


_markdown = mistune.create_markdown(renderer=Renderer(escape=False), plugins=["table"])


def _way(chart: str) -> str:
    """The boxes of a chart that is one chain, on one line, in order."""
    boxes = re.findall(r'\["(.*?)"\]', chart)
    assert boxes and len(chart.strip().splitlines()) == 2, (
        "a chart that is no chain needs words of its own"
    )
    return "The way: " + " → ".join(box.replace("<br>", " ") for box in boxes) + "."


def page(source: Path) -> str:
    """The web page of a lesson, of the cheat sheet or of the reference."""
    body = (
        _lesson(source)
        if source.suffix == ".ipynb"
        else str(_markdown(source.read_text(encoding="utf-8")))
    )
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body)
    assert title, f"{source.name} has no title"
    links = [
        f'<a href="{LESSONS[0].name}">All lessons</a>' if source != LESSONS[0] else "",
        f'<a href="../{source.name}" data-kept>Open this in Jupyter</a>',
    ]
    links += [
        f'<a href="{path.name}">{name}</a>' for path, name in GENERATED.items() if source != path
    ]
    style = STYLE + PRINTED if source == cheat_sheet.PATH else STYLE
    whole = PAGE.format(
        title=title[1], style=style, navigation=" · ".join(filter(None, links)), body=body
    )
    return re.sub(r'(href|src)="([^"]*)"( data-kept)?', _moved, whole)


def _moved(link: re.Match[str]) -> str:
    """A link for the folder of the pages: to a page, if there is one."""
    name, target, kept = link.groups()
    parts = urlsplit(html.unescape(target))
    if kept or parts.scheme or not parts.path:
        return f'{name}="{target}"'
    known = parts.path in [source.name for source in SOURCES]
    path = Path(parts.path).with_suffix(".html").name if known else f"../{parts.path}"
    return f'{name}="{path}{f"#{parts.fragment}" if parts.fragment else ""}"'


def _lesson(path: Path) -> str:
    return "\n".join(_cell(cell) for cell in nbformat.read(path, as_version=4).cells)


def _cell(cell: nbformat.NotebookNode) -> str:
    if cell.cell_type == "markdown":
        return str(_markdown(cell.source))
    code = highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip()
    shown = _group("Code", f"<pre><code>{code}</code></pre>")
    outputs = "\n".join(filter(None, (_output(output) for output in cell.outputs)))
    return f"{shown}\n{_group('Output', outputs)}" if outputs else shown


def _group(name: str, content: str) -> str:
    return f'<div role="group" aria-label="{name}"><p>{name}</p>\n{content}</div>'


def _output(output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        return f"<pre>{escaped(output.text.rstrip())}</pre>"
    if MERMAID in output.data:
        # The text version comes next.
        return ""
    if "text/html" in output.data:
        return str(output.data["text/html"]).replace(
            "<details><summary>The same in words</summary>",
            "<details open><summary>In words</summary>",
        )
    return f"<pre>{escaped(output.data['text/plain'])}</pre>"


def write(folder: Path) -> None:
    """Write all pages into `folder`, which must not exist."""
    folder.mkdir()
    for source in SOURCES:
        path = folder / source.with_suffix(".html").name
        path.write_text(page(source), encoding="utf-8")


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    write(FOLDER)
    print(f"The pages are in notebooks/{FOLDER.name}/: open {LESSONS[0].stem}.html.")


if __name__ == "__main__":
    main()
