"""An operation of the playground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .choice_fields import Choices, Field


@dataclass(frozen=True)
class Operation:
    """The fields of an operation, and its request, each from the choices so far."""

    fields: Callable[[Choices], list[Field]]
    request: Callable[[Choices], dict[str, Any]]
