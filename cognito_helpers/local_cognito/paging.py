"""Lists in pages: the token that a page ends with says after which row the next one begins."""

from __future__ import annotations

import base64
import binascii

from .errors import InvalidParameterException


def token(last: str) -> str:
    """The token for the page that follows the row `last`."""
    return base64.urlsafe_b64encode(last.encode()).decode()


def after(given: str | None) -> str:
    """The row that the page asked for comes after; "" for the first page."""
    try:
        return base64.urlsafe_b64decode(given or "").decode()
    except (binascii.Error, ValueError):
        raise InvalidParameterException("Invalid pagination token given.") from None
