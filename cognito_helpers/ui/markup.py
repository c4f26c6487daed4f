"""Harmless HTML for widgets and outputs."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from ..text import visible


def escaped(text: object) -> str:
    """`text` made harmless for HTML. Everything from a user or a server goes through here."""
    return html.escape(visible(text))


# Copies the value of the field above. The oldest way to do so, and the only one that needs neither
# a secure address nor the kernel.
_COPY = (
    "const field = this.parentElement.querySelector('input, textarea'); field.select();"
    " document.execCommand('copy'); this.textContent = 'Copied'"
)


def copy_field(label: str, text: str) -> str:
    """A read-only field with `text`, and a button that copies it. If a page runs no script of an
    output, the text can be selected.
    """
    # Unchanged, since the copy must be exact; in its own field no character changes the direction
    # of the words around it.
    held, rows = html.escape(text), text.count("\n") + 1
    field = (
        f'<input readonly value="{held}" size="{min(len(text), 40)}" onfocus="this.select()">'
        if rows == 1
        # A line break right after the tag is dropped, and no other.
        else f'<textarea readonly rows="{rows + 1}">\n{held}</textarea>'
    )
    named = f"<label>{escaped(label)}{' ' if rows == 1 else '<br>'}{field}</label>"
    press = (
        '<button type="button" class="jupyter-widgets jupyter-button"'
        f' onclick="{_COPY}">Copy</button>'
    )
    return f'<div class="cognito-copy">{named} {press}</div>'


# A value of up to so many characters stays on one line, which fits a phone: the name of a
# challenge, the ID of an app client. A longer one may break anywhere, and does so between its parts
# if it can.
ONE_LINE = 28
# A name in bold is wider.
LONG_NAME = 20
# Where an ARN or a URL may continue on the next line.
_PART = re.compile(r"(?<=[:/])(?=\w)")


def code(text: str) -> str:
    """Text as the service sent it; nothing for an empty text."""
    shown, kind = escaped(text), "long" if len(text) > ONE_LINE else "short"
    if kind == "long" and text.startswith(("arn:", "https://")):
        shown = _PART.sub("<wbr>", shown)
    return f'<code class="cognito-{kind}">{shown}</code>' if text else ""


# Where a long name may continue on the next line: after an underscore, before a capital letter.
_SEAM = re.compile(r"(?<=_)(?=\w)|(?<=[a-z])(?=[A-Z])")


def breakable(name: str) -> str:
    """A name from the service, harmless. Only a long one may break, and only between its words."""
    shown = escaped(name)
    return _SEAM.sub("<wbr>", shown) if len(name) > LONG_NAME else shown


def table(
    columns: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    depths: Sequence[int] | None = None,
    kind: str = "",
) -> str:
    """A table whose first column names its rows. Its cells are harmless HTML already; `depths` says
    how far each row is indented. A single column is a heading over all of them; `kind` is its
    state, `bad` or `warn`; or `compare` if the columns are two things beside each other.
    """
    spanning = ' colspan="2" class="cognito-headline"' if len(columns) == 1 else ""
    head = "".join(f'<th scope="col"{spanning}>{column}</th>' for column in columns)
    lines = []
    for (name, *values), depth in zip(rows, depths or [0] * len(rows), strict=True):
        deep = f' style="--depth:{depth}"' if depth else ""
        cells = "".join(f"<td>{value}</td>" for value in values)
        lines.append(f'<tr{deep}><th scope="row">{name}</th>{cells}</tr>')
    state = f" cognito-{kind}" if kind else ""
    return (
        f'<div class="cognito-fit"><div class="cognito-table{state}"><table><thead><tr>{head}</tr>'
        f"</thead><tbody>{''.join(lines)}</tbody></table></div></div>"
    )


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


def said_when(moment: float) -> str:
    """The time of day of a moment, in seconds since 1970."""
    return f"{datetime.fromtimestamp(moment, UTC):%H:%M:%S} UTC"


def words(markup: str, role: str = "note") -> str:
    """`markup`, already harmless, as a block of running text. With the role `status` a screen
    reader reads it when it changes.
    """
    return f'<div role="{role}" style="line-height: 1.5; margin: 0.3em 0">{markup}</div>'
