"""Every challenge of the emulator: which responses it needs, and what may come next.

To add one: a name in `names.py`, a module that poses it and checks its answer, and a row here.
"""

from __future__ import annotations

from . import device, new_password, password, totp
from .names import (
    DEVICE_PASSWORD_VERIFIER,
    DEVICE_SRP_AUTH,
    MFA_SETUP,
    NEW_PASSWORD_REQUIRED,
    PASSWORD_VERIFIER,
    SOFTWARE_TOKEN_MFA,
    TOKENS,
)
from .step import Challenge

_LAST = frozenset({TOKENS})
_SECOND_FACTOR = _LAST | {SOFTWARE_TOKEN_MFA, MFA_SETUP}
_AFTER_PASSWORD = _SECOND_FACTOR | {DEVICE_SRP_AUTH}
_SRP_PROOF = ("PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP")

CHALLENGES = {
    challenge.name: challenge
    for challenge in (
        Challenge(
            PASSWORD_VERIFIER,
            _SRP_PROOF,
            password.answer,
            _AFTER_PASSWORD | {NEW_PASSWORD_REQUIRED},
            password.find,
        ),
        Challenge(NEW_PASSWORD_REQUIRED, ("NEW_PASSWORD",), new_password.answer, _AFTER_PASSWORD),
        Challenge(
            DEVICE_SRP_AUTH,
            ("SRP_A", "DEVICE_KEY"),
            device.exchange,
            frozenset({DEVICE_PASSWORD_VERIFIER}),
            device.find,
        ),
        Challenge(
            DEVICE_PASSWORD_VERIFIER,
            (*_SRP_PROOF, "DEVICE_KEY"),
            device.prove,
            _SECOND_FACTOR,
            password.find,
        ),
        Challenge(MFA_SETUP, (), totp.set_up, _LAST),
        Challenge(SOFTWARE_TOKEN_MFA, ("SOFTWARE_TOKEN_MFA_CODE",), totp.answer, _LAST),
    )
}
