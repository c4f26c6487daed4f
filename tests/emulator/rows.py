"""Rows shared by several tables of these tests."""

from collections.abc import Callable
from typing import Any, NamedTuple

from .flow import Flow


class Rejected(NamedTuple):
    """A call that ends with an error.

    `pool` is one of the pools of `VARIANTS`, `before` what happens first, and `error` the name and
    the message of the exception.
    """

    pool: str
    before: Callable[[Flow], Any]
    call: Callable[[Flow], Any]
    error: tuple[str, str]
