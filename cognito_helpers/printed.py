"""What the lab prints."""

from __future__ import annotations

import textwrap

# As many letters as a line of a narrow page, or of one beside the list of files, has room for.
LINE = 88


def wrapped(sentence: str) -> str:
    """A sentence in lines that end between words: where a line is too long, JupyterLab breaks it in the middle of a word."""
    return textwrap.fill(sentence, LINE, break_long_words=False, break_on_hyphens=False)


def say(sentence: str) -> None:
    """Print a sentence, wrapped."""
    print(wrapped(sentence))
