"""Errors in a widget's callback: one sentence on the page, and a traceback that's kept. Front ends
show neither.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

from ..errors import LessonError


class Tells(Protocol):
    """Shows a sentence."""

    def tell(self, sentence: str) -> None: ...


Shows = TypeVar("Shows", bound=Tells)


def attempt(callback: Callable[..., None], tell: Callable[[str], None], *given: Any) -> None:
    """Call `callback`, and show its error in one sentence. The traceback of a bug is kept where
    Python keeps that of the last error, so that `%tb` shows it.
    """
    try:
        callback(*given)
    except LessonError as sentence:
        tell(str(sentence))
    except Exception as error:
        sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
        # The text of this one may hold a secret.
        tell(
            f"Something went wrong in the lab itself ({type(error).__name__}). Nothing is lost: try"
            " it again. To report it, run %tb in a new cell and copy the traceback it shows."
        )


def guarded(callback: Callable[..., None]) -> Callable[..., None]:
    """A method that is a callback, with its errors shown by its object."""

    @wraps(callback)
    def safe(self: Shows, *given: Any) -> None:
        attempt(callback, self.tell, self, *given)

    return safe
