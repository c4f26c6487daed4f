"""Where a request arrives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """Where a request arrived: its Region, None if it doesn't name one, and the URL under which
    that endpoint shows a pool's public keys.
    """

    region: str | None = "us-east-1"
    url: str = "https://cognito-idp.us-east-1.amazonaws.com"

    @property
    def own_region(self) -> str:
        """The Region where this endpoint creates and lists pools."""
        return self.region or "us-east-1"
