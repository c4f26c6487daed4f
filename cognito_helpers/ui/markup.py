"""Harmless HTML for widgets and outputs."""

from __future__ import annotations

import html
from collections.abc import Sequence

from ..text import visible

# How what was sent, or would be, looks in a `<pre>`: as it is, but for lines that are too long,
# which end between words where they can.
VERBATIM = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere"


def escaped(text: object) -> str:
    """`text` made harmless for HTML. Everything that comes from a person or a server goes through
    here.
    """
    return html.escape(visible(text))


# Copies what the field above holds. The oldest way to do so, and the only one that needs neither a
# secure address nor the kernel.
_COPY = (
    "const field = this.parentElement.querySelector('input, textarea'); field.select();"
    " document.execCommand('copy'); this.textContent = 'Copied'"
)


def copy_field(label: str, text: str) -> str:
    """A field that holds `text` and cannot be changed, and a button that copies it. Where a page
    runs no script of an output, the text can be selected.
    """
    look = (
        "box-sizing: border-box; font-family: monospace; color: inherit; background: transparent;"
        " border: 1px solid currentColor; padding: 0.2em 0.4em"
    )
    # As it is, for what is copied must be what was meant; in a field of its own nothing turns the
    # words around it.
    held, rows = html.escape(text), text.count("\n") + 1
    field = (
        f'<input readonly value="{held}" size="{min(len(text), 40)}" style="{look}; max-width:'
        ' 100%" onfocus="this.select()">'
        if rows == 1
        # A line break right after the tag is dropped, and no other.
        else (
            f'<textarea readonly rows="{rows + 1}" style="{look}; width: 100%; white-space: pre;'
            f' overflow-x: auto">\n{held}</textarea>'
        )
    )
    named = f"<label>{escaped(label)}{' ' if rows == 1 else '<br>'}{field}</label>"
    press = (
        '<button type="button" class="jupyter-widgets jupyter-button" style="width: max-content"'
        f' onclick="{_COPY}">Copy</button>'
    )
    return f'<div style="margin: 0.3em 0">{named} {press}</div>'


# On a page as narrow as a phone, the cells of a row stand under each other. Where a front end takes
# the style away, the table scrolls.
_STACKED = (
    "<style>@media (max-width: 40em) { .cognito-stacked thead, .cognito-stacked td:empty { display:"
    " none } .cognito-stacked th, .cognito-stacked td { display: block } }</style>"
)


def table(
    columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], depths: Sequence[int] | None = None
) -> str:
    """A table whose first column names its rows. Its cells are harmless HTML already; `depths` says
    how far each row is set in.
    """
    # Left to the front end's theme but for what every theme gets wrong here: numbers to the right,
    # long values on one line, the table in the middle.
    style = "text-align: left; vertical-align: top"
    cell = f'<td style="{style}; overflow-wrap: anywhere; min-width: 8em">'
    breaks = ["", *["; overflow-wrap: anywhere"] * (len(columns) - 1)]
    head = "".join(
        f'<th scope="col" style="{style}{wrap}">{column}</th>'
        for column, wrap in zip(columns, breaks, strict=True)
    )
    lines = []
    for (name, *values), depth in zip(rows, depths or [0] * len(rows), strict=True):
        first = f'<th scope="row" style="{style}; padding-left: {0.5 + 1.5 * depth}em">{name}</th>'
        lines.append(f"<tr>{first}{''.join(f'{cell}{value}</td>' for value in values)}</tr>")
    # Two columns fit on a phone. The other class gives the table the theme's look inside a widget
    # too.
    narrow, kind = (
        (_STACKED, "cognito-stacked jp-RenderedHTMLCommon")
        if len(columns) > 2
        else ("", "jp-RenderedHTMLCommon")
    )
    body = (
        '<table style="margin-left:'
        f' 0"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
    )
    return f'{narrow}<div class="{kind}" style="overflow-x: auto">{body}</div>'


def card(title: str, body: str, kind: str = "") -> str:
    """A frame with a title around `body`; both are harmless HTML already. `kind` is its state:
    `good`, `bad`, `warn`, or none.
    """
    state = f" cognito-{kind}" if kind else ""
    return (
        f'<div class="cognito-card{state}"><div class="cognito-title">{title}</div>'
        f'<div class="cognito-body">{body}</div></div>'
    )


def state(kind: str, said: str) -> str:
    """Words in the color of a state: `good`, `bad` or `warn`."""
    return f'<span class="cognito-is-{kind}">{escaped(said)}</span>'


def words(markup: str, role: str = "note") -> str:
    """`markup`, already harmless, as a block of running text. With the role `status` a screen
    reader says it when it changes.
    """
    return f'<div role="{role}" style="line-height: 1.5; margin: 0.3em 0">{markup}</div>'
