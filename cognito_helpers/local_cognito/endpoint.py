"""Where a request comes in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Endpoint:
    """Where a request came in: the region it is for, None where it does not say, and the URL under
    which that endpoint shows a pool's public keys.
    """

    region: str | None = "us-east-1"
    url: str = "https://cognito-idp.us-east-1.amazonaws.com"

    @property
    def own_region(self) -> str:
        """Where this endpoint's pools are made and listed."""
        return self.region or "us-east-1"
