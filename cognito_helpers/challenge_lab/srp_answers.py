"""Secure remote password for experiments: numbers to begin with, and right or wrong proofs. The
mathematics are pycognito's.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from ..sign_in.device import DeviceProof

if TYPE_CHECKING:
    from pycognito.aws_srp import AWSSRP

    from ..actions import Device
    from .demo_users import User
    from .history import History
    from .records import Proof


def begin_password(history: History, user: User, pool_id: str, client_id: str) -> str:
    """SRP_A for a proof of the user's password; the history keeps what the proof will need."""
    from pycognito.aws_srp import AWSSRP

    # With a given client it creates none.
    srp: AWSSRP = AWSSRP(
        username=user.username,
        password=user.password,
        pool_id=pool_id,
        client_id=client_id,
        client=object(),
    )
    number = format(srp.large_a_value, "x")
    history.begun[number] = srp
    return number


def begin_device(history: History, device: Device, username: str) -> dict[str, str]:
    """The responses to DEVICE_SRP_AUTH; the history keeps what the proof will need."""
    proof = DeviceProof(device)
    responses = proof.first_answer(username)
    history.begun[responses["SRP_A"]] = proof
    return responses


def finish(proof: Proof, right: bool) -> dict[str, str]:
    """The responses that prove the password of a user or of a device; for a wrong one the last byte
    of the signature is changed.
    """
    mathematics: Any = proof.srp
    responses: dict[str, str] = (
        mathematics.second_answer(proof.parameters)
        if isinstance(mathematics, DeviceProof)
        else mathematics.process_challenge(
            proof.parameters, {"USERNAME": proof.parameters["USERNAME"]}
        )
    )
    if not right:
        signature = bytearray(base64.b64decode(responses["PASSWORD_CLAIM_SIGNATURE"]))
        signature[-1] ^= 1
        responses["PASSWORD_CLAIM_SIGNATURE"] = base64.b64encode(signature).decode()
    return responses
