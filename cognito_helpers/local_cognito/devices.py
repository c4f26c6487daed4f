"""Devices in a sign-in: offering a key to a new one, and finding one that's known. The operations
are in `device_operations.py`. BEHAVIOR.md, 1.11 to 1.14.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .crypto import random_values
from .errors import ResourceNotFoundException
from .sessions import SignIn
from .storage.store import Transaction
from .users import User

NO_DEVICE = "Device does not exist."


@dataclass(frozen=True)
class Device:
    """A device as stored. Until it's confirmed it has neither salt nor verifier. Times are in
    seconds since 1970.
    """

    key: str
    user_id: int
    created: float
    modified: float
    authenticated: float
    name: str | None
    salt: bytes | None = field(repr=False)
    verifier: bytes | None = field(repr=False)
    remembered: bool


# In a sign-in


def offer(tx: Transaction, sign_in: SignIn) -> dict[str, str] | None:
    """NewDeviceMetadata for a sign-in that named no device; None for any other, and if the pool
    doesn't track devices.
    """
    if sign_in.device_key is not None or not sign_in.pool.tracks_devices:
        return None
    key = random_values.device_key(sign_in.pool.region)
    # A user who answered by an alias gets a key that belongs to no one: the real service does so,
    # and ConfirmDevice then rejects it (BEHAVIOR.md, 1.10).
    if not sign_in.by_alias:
        tx.run(
            "INSERT INTO devices (key, user_id, created, modified, authenticated) VALUES (?, ?, ?,"
            " ?, ?)",
            key,
            sign_in.user.id,
            *[tx.now] * 3,
        )
    return {"DeviceKey": key, "DeviceGroupKey": sign_in.pool.device_group}


def named(tx: Transaction, sign_in: SignIn) -> Device | None:
    """The device a sign-in named, None if it named none or the pool doesn't track devices; rejects
    an unknown one.
    """
    if sign_in.device_key is None or not sign_in.pool.tracks_devices:
        return None
    return find(tx, sign_in.user, sign_in.device_key)


def used(tx: Transaction, sign_in: SignIn) -> str | None:
    """The key of the device a completed sign-in named, with the time recorded."""
    device = named(tx, sign_in)
    if device is None:
        return None
    tx.run("UPDATE devices SET authenticated = ? WHERE key = ?", tx.now, device.key)
    return device.key


def find(tx: Transaction, user: User, key: str) -> Device:
    """The confirmed device with that key. For other users, and before it's confirmed, it doesn't
    exist.
    """
    device = find_offered(tx, user, key)
    if device is None or device.verifier is None:
        raise ResourceNotFoundException(NO_DEVICE)
    return device


def without_unknown(tx: Transaction, sign_in: SignIn) -> SignIn:
    """`sign_in` unchanged, but without its device if that doesn't exist.

    For a response that leaves the key out. Amazon's own library for browsers responds like that
    after the error that a device doesn't exist, and expects to continue.
    """
    device = (
        find_offered(tx, sign_in.user, sign_in.device_key)
        if sign_in.device_key is not None
        else None
    )
    return (
        sign_in
        if device is not None and device.verifier is not None
        else replace(sign_in, device_key=None)
    )


def find_offered(tx: Transaction, user: User, key: str) -> Device | None:
    """The device with that key, also before it's confirmed; None if it isn't the user's."""
    row = tx.one("SELECT * FROM devices WHERE key = ? AND user_id = ?", key, user.id)
    return Device(*row) if row else None
