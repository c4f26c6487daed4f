"""What can go wrong between here and the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.client import BaseClient


def watch(client: BaseClient) -> None:
    """Have a client say when it tries a call again and that takes long."""
