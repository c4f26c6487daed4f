"""Text that is safe to show, and wrapped to the width of a narrow page."""

from __future__ import annotations

import textwrap
import unicodedata
from datetime import UTC, datetime

# The number of characters that fit on a line of a narrow page, or of one beside the list of files
LINE = 88


def wrapped(text: str) -> str:
    """The text in lines that end between words: JupyterLab breaks a line that is too long in the
    middle of a word. Indented lines stay indented.
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


def date_and_time(moment: float) -> str:
    """A moment in seconds since 1970, as 2026-11-29 12:00:00 UTC."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC"


def in_words(seconds: float) -> str:
    """A span of time in words, rounded.

    >>> in_words(30), in_words(90), in_words(3601), in_words(30 * 86400)
    ('30 seconds', '2 minutes', '1 hour', '30 days')
    """
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        number = max(1, int(seconds / unit + 0.5)) if unit == 1 else int(seconds / unit + 0.5)
        if seconds >= unit * 0.999 or unit == 1:
            return f"{number} {name}{'s' * (number != 1)}"
    raise AssertionError


def in_parts(seconds: float) -> str:
    """A span of time in words, including what rounding would leave out.

    >>> in_parts(16 * 60), in_parts(25 * 3600), in_parts(3 * 86400), in_parts(90)
    ('16 minutes', '1 day 1 hour', '3 days', '1 minute 30 seconds')
    """
    parts, left = [], round(seconds)
    for unit in (86400, 3600, 60, 1):
        number, left = divmod(left, unit)
        if number:
            parts.append(in_words(number * unit))
    return " ".join(parts) or in_words(0)


# The marks that set the direction of writing, alone and in pairs, and characters without width:
# with them one name could look like another. The joiners stay, since emoji and some scripts need
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
    """Whether it holds control characters, including line ends, or marks that change the
    direction.
    """
    return any(map(_is_unseen, text))


def _is_unseen(character: str) -> bool:
    return character in _UNSEEN or unicodedata.category(character) in ("Cc", "Cs")
