"""Operations on devices: a user confirms and manages their own, and an administrator anyone's.
BEHAVIOR.md, 1.11 to 1.14 and 10.4.
"""

from __future__ import annotations

import base64

from . import paging, tokens
from .crypto import srp
from .devices import Device, find, find_offered
from .errors import (
    DeviceKeyExistsException,
    InvalidParameterException,
    InvalidUserPoolConfigurationException,
    ResourceNotFoundException,
    UserNotFoundException,
)
from .pools import ACCOUNT, Pool, find_pool
from .storage.store import Transaction
from .types import Request, Response
from .users import User, named_user
from .validation import required

NOT_THEIRS = "Invalid device key given."


# Confirming


def confirm_device(tx: Transaction, request: Request) -> Response:
    """ConfirmDevice: `UserConfirmationNecessary`, which tells whether the user must still be asked
    (UpdateDeviceStatus).

    Any access token of the device's user works. The verifier of the device's password is stored,
    never the password.
    """
    user, pool = _caller(tx, request)
    device, config = (
        find_offered(tx, user, request["DeviceKey"]),
        request.get("DeviceSecretVerifierConfig", {}),
    )
    if device is None or not {"PasswordVerifier", "Salt"} <= set(config):
        raise InvalidParameterException(NOT_THEIRS)
    if device.verifier is not None:
        raise DeviceKeyExistsException
    salt, verifier = (
        _positive("Salt", config["Salt"]),
        _positive("PasswordVerifier", config["PasswordVerifier"]),
    )
    if srp.from_bytes(verifier) % srp.N == 0:
        raise InvalidParameterException("The password verifier is not usable.")
    tx.run(
        "UPDATE devices SET name = ?, salt = ?, verifier = ?, remembered = ?, modified = ? WHERE"
        " key = ?",
        *(
            request.get("DeviceName"),
            salt,
            verifier,
            pool.remembers_devices_unasked,
            tx.now,
            device.key,
        ),
    )
    return {"UserConfirmationNecessary": not pool.remembers_devices_unasked}


def _positive(name: str, text: str) -> bytes:
    """The bytes behind Base64. They're a number in two's complement: one whose top bit is set would
    be negative, and needs a byte 00 before it.
    """
    try:
        octets = base64.b64decode(text, validate=True)
    except ValueError:
        raise InvalidParameterException(f"{name} is not Base64.") from None
    if not octets or octets[0] >= 0x80:
        raise InvalidParameterException(f"Negative value passed for {name}.")
    return octets


# A user's own devices


def get_device(tx: Transaction, request: Request) -> Response:
    """GetDevice: `{"Device": {...}}`."""
    user, pool = _caller(tx, request)
    return {"Device": _described(pool, user, find(tx, user, request["DeviceKey"]))}


def list_devices(tx: Transaction, request: Request) -> Response:
    """ListDevices: `{"Devices": [...]}`, the remembered ones, and `PaginationToken` while more
    follow. BEHAVIOR.md, 12.5.
    """
    user, pool = _caller(tx, request)
    return _listed(tx, pool, user, request)


def update_device_status(tx: Transaction, request: Request) -> Response:
    """UpdateDeviceStatus: `{}`; from now on the device is `remembered`, and signs in by its proof,
    or `not_remembered`.
    """
    user, _ = _caller(tx, request)
    return _remember(tx, user, request)


def forget_device(tx: Transaction, request: Request) -> Response:
    """ForgetDevice: no response; the key is never accepted again, and the refresh tokens that came
    with it stop working.
    """
    user, _ = _caller(tx, request)
    return _forget(tx, user, request)


def _caller(tx: Transaction, request: Request) -> tuple[User, Pool]:
    # By the model GetDevice and ForgetDevice may come without; the purpose is unknown.
    user = tokens.bearer(tx, required(request, "AccessToken"))
    return user, _tracking(find_pool(tx, user.pool_id))


# The administrator's versions


def admin_get_device(tx: Transaction, request: Request) -> Response:
    """AdminGetDevice: like GetDevice, for any user."""
    user, pool = _looked_at(tx, request)
    return {"Device": _described(pool, user, find(tx, user, request["DeviceKey"]))}


def admin_list_devices(tx: Transaction, request: Request) -> Response:
    """AdminListDevices: like ListDevices, for any user."""
    user, pool = _looked_at(tx, request)
    return _listed(tx, pool, user, request)


def admin_update_device_status(tx: Transaction, request: Request) -> Response:
    """AdminUpdateDeviceStatus: like UpdateDeviceStatus, for any user."""
    user, _ = _named_user(tx, request)
    return _remember(tx, user, request)


def admin_forget_device(tx: Transaction, request: Request) -> Response:
    """AdminForgetDevice: like ForgetDevice, for any user."""
    user, _ = _named_user(tx, request)
    return _forget(tx, user, request)


def _named_user(tx: Transaction, request: Request) -> tuple[User, Pool]:
    pool, user = named_user(tx, request)
    return user, _tracking(pool)


def _looked_at(tx: Transaction, request: Request) -> tuple[User, Pool]:
    try:
        return _named_user(tx, request)
    except UserNotFoundException as unknown:
        # The two calls that only read have no such error in the model.
        raise ResourceNotFoundException(str(unknown)) from None


# Shared by both


def _tracking(pool: Pool) -> Pool:
    if not pool.tracks_devices:
        raise InvalidUserPoolConfigurationException(
            # Its text is in two captures, which disagree about the type (12.3).
            "Device tracking not currently enabled for this pool."
        )
    return pool


def _listed(tx: Transaction, pool: Pool, user: User, request: Request) -> Response:
    limit = request.get("Limit") or 60
    after = paging.after(request.get("PaginationToken"))
    rows = tx.all(
        "SELECT * FROM devices WHERE user_id = ? AND remembered = 1 AND key > ? ORDER BY key"
        " LIMIT ?",
        user.id,
        after,
        limit + 1,
    )
    found = [Device(*row) for row in rows[:limit]]
    more = {"PaginationToken": paging.token(found[-1].key)} if len(rows) > limit else {}
    return {"Devices": [_described(pool, user, device) for device in found], **more}


def _remember(tx: Transaction, user: User, request: Request) -> Response:
    device = find(tx, user, request["DeviceKey"])
    status = request.get("DeviceRememberedStatus")
    if status is not None:
        tx.run(
            "UPDATE devices SET remembered = ?, modified = ? WHERE key = ?",
            status == "remembered",
            tx.now,
            device.key,
        )
    return {}


def _forget(tx: Transaction, user: User, request: Request) -> Response:
    tx.run("DELETE FROM devices WHERE key = ?", find(tx, user, request["DeviceKey"]).key)
    return {}


def _described(pool: Pool, user: User, device: Device) -> Response:
    owner = f"{user.username}.{pool.id}"
    attributes = {
        "device_status": "valid",
        "device_name": device.name,
        "dev:device_arn": (
            f"arn:aws:cognito-idp:{pool.region}:{ACCOUNT}:owner/{owner}/device/{device.key}"
        ),
        "dev:device_owner": owner,
        "last_ip_used": "127.0.0.1",
        "dev:device_remembered_status": "remembered" if device.remembered else "not_remembered",
        "dev:device_sdk": "aws-sdk",
    }
    return {
        "DeviceKey": device.key,
        "DeviceAttributes": [
            {"Name": name, "Value": value}
            for name, value in attributes.items()
            if value is not None
        ],
        "DeviceCreateDate": device.created,
        "DeviceLastModifiedDate": device.modified,
        "DeviceLastAuthenticatedDate": device.authenticated,
    }
