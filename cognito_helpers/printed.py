"""What the lab prints."""

from __future__ import annotations

import textwrap

# As many letters as a line of a narrow page, or of one beside the list of files, has room for.
LINE = 88


def wrapped(text: str) -> str:
    """The text in lines that end between words: where a line is too long, JupyterLab breaks it in
    the middle of a word. Indented lines stay so.
    """
    return "\n".join(_wrapped(line) for line in text.splitlines())


def say(text: str) -> None:
    """Print a text, wrapped."""
    print(wrapped(text))


def _wrapped(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line, LINE, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
