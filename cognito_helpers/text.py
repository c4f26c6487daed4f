"""Text that is safe to show, and wrapped to the width of a narrow page."""

from __future__ import annotations

import textwrap
import unicodedata

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


# The marks that set the direction of writing, alone and in pairs, and what has no width: one name
# could look like another by them. The joiners stay, since emoji and some scripts are written with
# them.
_UNSEEN = {
    *map(chr, (0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x2060, 0xFEFF)),
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
}


def visible(text: object) -> str:
    r"""`text` with its control characters, and the marks that turn the direction of what follows
    them, written as their numbers.

    >>> visible("ana\u202enimda")
    'ana[U+202E]nimda'
    """
    return "".join(
        f"[U+{ord(c):04X}]" if _is_unseen(c) and c not in "\n\t" else c for c in str(text)
    )


def has_unseen(text: str) -> bool:
    """Does it hold control characters, line ends too, or marks that turn the direction?"""
    return any(map(_is_unseen, text))


def _is_unseen(character: str) -> bool:
    return character in _UNSEEN or unicodedata.category(character) in ("Cc", "Cs")
