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
    """A device as stored. Until it is confirmed it has neither salt nor verifier. Times are in
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
    """NewDeviceMetadata for a sign-in that named no device; None for any other, and where the pool
    does not track devices.
    """
    if sign_in.device_key is not None or not sign_in.pool.tracks_devices:
        return None
    key = random_values.device_key(sign_in.pool.region)
    # Who answered by an alias gets a key that is nobody's: the real service does so, and
    # ConfirmDevice then refuses it (BEHAVIOR.md, 1.10).
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
    """The device that a sign-in named, None where it named none or the pool does not track devices;
    refuses one that is not known.
    """
    if sign_in.device_key is None or not sign_in.pool.tracks_devices:
        return None
    return find(tx, sign_in.user, sign_in.device_key)


def used(tx: Transaction, sign_in: SignIn) -> str | None:
    """The key of the device that a completed sign-in named, with the time noted."""
    device = named(tx, sign_in)
    if device is None:
        return None
    tx.run("UPDATE devices SET authenticated = ? WHERE key = ?", tx.now, device.key)
    return device.key


def find(tx: Transaction, user: User, key: str) -> Device:
    """The confirmed device of that key; to everybody else, and before it is confirmed, it does not
    exist.
    """
    device = find_offered(tx, user, key)
    if device is None or device.verifier is None:
        raise ResourceNotFoundException(NO_DEVICE)
    return device


def without_unknown(tx: Transaction, sign_in: SignIn) -> SignIn:
    """`sign_in` as it is, but from no device where it named one that does not exist.

    For an answer that leaves the key out. Amazon's own library for browsers answers like that when
    it is told that a device does not exist, and counts on going on.
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
    """The device of that key, also before it's confirmed; None if it isn't the user's."""
    row = tx.one("SELECT * FROM devices WHERE key = ? AND user_id = ?", key, user.id)
    return Device(*row) if row else None
