"""What the lab prints."""

from __future__ import annotations

import textwrap

# As many letters as a line of the page has room for.
LINE = 100


def say(sentence: str) -> None:
    """Print a sentence in lines that end between words: where a line is too long, JupyterLab breaks it in the middle of a word."""
    print(textwrap.fill(sentence, LINE, break_long_words=False, break_on_hyphens=False))
