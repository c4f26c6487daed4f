"""Requests, responses, JSON and Python with their parts in different colors."""

from __future__ import annotations

import keyword
import re

from .markup import escaped

_JSON = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<value>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\b(?:true|false|null)\b)"
)
_PYTHON = re.compile(
    r'(?P<note>#[^\n]*)|(?P<text>[rbfRBF]{0,2}(?:"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'))|(?P<value>\b\d[\d_.]*\b)"
    rf"|(?P<word>\b(?:{'|'.join(keyword.kwlist)})\b)"
)
_HEADER = re.compile(r"(?m)^(?P<name>[\w-]+)(?=:)")


def json_markup(text: str) -> str:
    """JSON, or what looks like it, as harmless HTML."""
    return _marked(_JSON, text)


def python_markup(text: str) -> str:
    """Python as harmless HTML."""
    return _marked(_PYTHON, text)


def message_markup(text: str) -> str:
    """An HTTP message as harmless HTML: its first line, its headers, an empty line, its body."""
    head, gap, body = text.partition("\n\n")
    first, _, headers = head.partition("\n")
    lines = [f"<strong>{escaped(first)}</strong>", *filter(None, [_marked(_HEADER, headers)])]
    return "\n".join(lines) + gap + json_markup(body)


def message(markup: str) -> str:
    """A block of text in a monospaced font, unchanged. `markup` is harmless already."""
    return f'<pre class="cognito-message">{markup}</pre>'


def request_and_response(asked: str, answered: str, said: str, kind: str) -> str:
    """Both messages in one frame, a line between them. `said` is the response in a word or two, and
    `kind` its state: `good` or `bad`.
    """
    state = f'<span class="cognito-is-{kind}">{escaped(said)}</span>'
    return (
        '<div class="cognito-card"><div class="cognito-title">Request</div>'
        f"{message(message_markup(asked))}"
        f'<div class="cognito-title">Response: {state}</div>'
        f"{message(message_markup(answered))}</div>"
    )


def _marked(pattern: re.Pattern[str], text: str) -> str:
    parts, end = [], 0
    for found in pattern.finditer(text):
        parts.append(escaped(text[end : found.start()]))
        parts.append(f'<span class="cognito-{found.lastgroup}">{escaped(found[0])}</span>')
        end = found.end()
    return "".join([*parts, escaped(text[end:])])
