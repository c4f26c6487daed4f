"""Passkeys of users: what's stored, and which of them a sign-in may use."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from .crypto.passkeys import is_available
from .errors import NotInEmulatorException
from .pools import Pool
from .storage.store import Transaction
from .users import User


@dataclass(frozen=True)
class Passkey:
    """A passkey as stored. Times are in seconds since 1970."""

    id: str
    user_id: int
    relying_party: str
    public_key: bytes = field(repr=False)
    sign_count: int
    name: str
    attachment: str | None
    transports: str
    created: float

    @property
    def described(self) -> dict[str, object]:
        """The passkey as WebAuthn options name it."""
        return {"id": self.id, "type": "public-key"}

    @property
    def transport_names(self) -> list[str]:
        """How a browser reaches the authenticator."""
        return [str(name) for name in json.loads(self.transports)]


def reject_unavailable() -> None:
    """Say so if passkeys can't be checked here."""
    if not is_available():
        raise NotInEmulatorException("passkeys in a browser tab, which need an installation")


def all_of(tx: Transaction, user: User) -> list[Passkey]:
    """The user's passkeys, oldest first, for any relying party."""
    rows = tx.all("SELECT * FROM passkeys WHERE user_id = ? ORDER BY created, id", user.id)
    return [Passkey(*row) for row in rows]


def usable(tx: Transaction, pool: Pool, user: User) -> list[Passkey]:
    """Those for the pool's relying party. After a change of it users must register again."""
    return [key for key in all_of(tx, user) if key.relying_party == pool.relying_party]
