"""Lists in pages: the token that a page ends with says after which row the next one begins."""

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
    """The row that the page asked for comes after; "" for the first page."""
    try:
        return base64.b64decode(given or "", altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidParameterException(INVALID) from None


def after_number(given: str | None) -> int:
    """As `after`, for rows that are known by a number; 0 for the first page."""
    row = after(given) or "0"
    # Eighteen digits are what SQLite's numbers hold for certain.
    if not re.fullmatch("[0-9]{1,18}", row):
        raise InvalidParameterException(INVALID)
    return int(row)
