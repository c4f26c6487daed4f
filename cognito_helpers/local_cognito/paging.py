"""Lists in pages: the token at the end of a page names the row after which the next one begins."""

from __future__ import annotations

import base64
import binascii
import re

from .errors import InvalidParameterException

INVALID = "Invalid pagination token given."


def token(last: str) -> str:
    """The token for the page that follows the row `last`."""
    return base64.urlsafe_b64encode(last.encode()).decode()


def after(given: str | None) -> str:
    """The row before the requested page; "" for the first page."""
    try:
        return base64.b64decode(given or "", altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidParameterException(INVALID) from None


def numbered_token(number: int, key: str) -> str:
    """Like `token`, after the row with that number and key."""
    return token(f"{number} {key}")


def after_numbered(given: str | None) -> tuple[int, str]:
    """Like `after`, for rows identified by a number and, if they're sorted by one, a key; 0 and ""
    for the first page.
    """
    # Eighteen digits always fit SQLite's integers.
    row = re.fullmatch("([0-9]{1,18}) (.*)", after(given) or "0 ", re.DOTALL)
    if row is None:
        raise InvalidParameterException(INVALID)
    return int(row[1]), row[2]
