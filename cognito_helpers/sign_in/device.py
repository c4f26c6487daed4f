"""The remembered device: what it stores, what Cognito stores of it, and how it proves it has its
password without sending it.

The mathematics are pycognito's, the maintained successor of the package in the published example.
pycognito makes no calls to AWS here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..actions import Device

if TYPE_CHECKING:
    from pycognito.aws_srp import AWSSRP


def new_device(metadata: dict[str, str]) -> tuple[Device, dict[str, str]]:
    """A device for the keys in `NewDeviceMetadata`, and its `DeviceSecretVerifierConfig` for
    ConfirmDevice.

    The password is 40 random bytes in Base64. Cognito gets `PasswordVerifier` and `Salt`, both
    Base64, from which the password can't be computed. Source: the developer guide's page on working
    with devices.
    """
    # Imported only when needed: it has many imports of its own.
    from pycognito.aws_srp import generate_hash_device

    password, config = generate_hash_device(metadata["DeviceGroupKey"], metadata["DeviceKey"])
    return Device(metadata["DeviceKey"], metadata["DeviceGroupKey"], password), config


class DeviceProof:
    """One proof by a device, in two responses. Create a new one for each sign-in: its secret number
    must be used only once.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._srp = _mathematics(device)

    def __repr__(self) -> str:
        return f"DeviceProof(of={self._device.key!r})"

    def first_answer(self, username: str) -> dict[str, str]:
        """The responses to DEVICE_SRP_AUTH: the user, the device, and `SRP_A`, the device's public
        number. A client with a secret adds its SECRET_HASH.
        """
        return {
            "USERNAME": username,
            "DEVICE_KEY": self._device.key,
            "SRP_A": format(self._srp.large_a_value, "x"),
        }

    def second_answer(self, challenge_parameters: dict[str, str]) -> dict[str, str]:
        """The responses to DEVICE_PASSWORD_VERIFIER, from the parameters of that challenge: the
        unchanged secret block, the time, and the signature of both.

        A client with a secret adds its SECRET_HASH, of the USERNAME in them.
        """
        responses: dict[str, str] = self._srp.process_device_challenge(challenge_parameters)
        return responses


def _mathematics(device: Device) -> AWSSRP:
    from pycognito.aws_srp import AWSSRP

    # It needs a user, a pool and a client for other ways of signing in. None of them is part of a
    # device's proof; with a given client it creates none.
    unknown: dict[str, Any] = {
        "username": "",
        "password": "",
        "pool_id": "_",
        "client_id": "",
        "client": object(),
    }
    return AWSSRP(
        **unknown,
        device_key=device.key,
        device_group_key=device.group_key,
        device_password=device.password,
    )
