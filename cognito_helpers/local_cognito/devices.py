"""Devices: the key that a sign-in from a new one is given. Behaviour page, 1.11."""

from __future__ import annotations

from . import identifiers
from .pools import Pool
from .store import Transaction
from .users import User


def new_device(tx: Transaction, pool: Pool, user: User) -> dict[str, str] | None:
    """NewDeviceMetadata for a sign-in that named no device; None where the pool does not track devices. The device belongs to this user."""
    if not pool.tracks_devices:
        return None
    key = identifiers.device_key(pool.region)
    tx.run("INSERT INTO devices (key, user_id, created, modified, authenticated) VALUES (?, ?, ?, ?, ?)", key, user.id, tx.now, tx.now, tx.now)
    return {"DeviceKey": key, "DeviceGroupKey": pool.device_group}
