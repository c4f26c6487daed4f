"""Every challenge of the emulator: which responses it needs, and what may come next.

To add one: a name in `names.py`, a module that poses it and checks its answer, and a row here.
"""

from __future__ import annotations

from . import (
    choice,
    codes,
    custom,
    device,
    new_password,
    passkey,
    password,
    second_factor,
    set_up,
    totp,
)
from .names import (
    CUSTOM_CHALLENGE,
    DEVICE_PASSWORD_VERIFIER,
    DEVICE_SRP_AUTH,
    EMAIL_OTP,
    MFA_SETUP,
    NEW_PASSWORD_REQUIRED,
    PASSWORD,
    PASSWORD_SRP,
    PASSWORD_VERIFIER,
    SELECT_CHALLENGE,
    SELECT_MFA_TYPE,
    SMS_MFA,
    SMS_OTP,
    SOFTWARE_TOKEN_MFA,
    TOKENS,
    WEB_AUTHN,
)
from .step import Challenge

_LAST = frozenset({TOKENS})
_FACTORS = frozenset({SMS_MFA, SOFTWARE_TOKEN_MFA, EMAIL_OTP})
_SECOND_FACTOR = _LAST | _FACTORS | {SELECT_MFA_TYPE, MFA_SETUP}
_AFTER_PASSWORD = _SECOND_FACTOR | {DEVICE_SRP_AUTH}
_AFTER_FIRST_PASSWORD = _AFTER_PASSWORD | {NEW_PASSWORD_REQUIRED}
# In CUSTOM_AUTH these may come after any right answer.
BY_TRIGGERS = _LAST | {CUSTOM_CHALLENGE, DEVICE_SRP_AUTH}
_SRP_PROOF = ("PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP")

CHALLENGES = {
    challenge.name: challenge
    for challenge in (
        Challenge(
            PASSWORD_VERIFIER,
            _SRP_PROOF,
            password.answer,
            _AFTER_FIRST_PASSWORD,
            password.find,
            simulate=password.simulate,
        ),
        Challenge(
            SELECT_CHALLENGE,
            ("ANSWER",),
            choice.select,
            _AFTER_FIRST_PASSWORD | {PASSWORD_VERIFIER, EMAIL_OTP, SMS_OTP, WEB_AUTHN},
            simulate=choice.simulate_selected,
        ),
        Challenge(
            PASSWORD,
            ("PASSWORD",),
            choice.password,
            _AFTER_FIRST_PASSWORD,
            at=SELECT_CHALLENGE,
            simulate=choice.simulate_password,
        ),
        Challenge(
            PASSWORD_SRP,
            ("SRP_A",),
            choice.password_srp,
            frozenset({PASSWORD_VERIFIER}),
            at=SELECT_CHALLENGE,
            simulate=choice.simulate_password_srp,
        ),
        Challenge(WEB_AUTHN, ("CREDENTIAL",), passkey.answer, _LAST),
        Challenge(
            CUSTOM_CHALLENGE,
            ("ANSWER",),
            custom.answer,
            BY_TRIGGERS,
            simulate=custom.simulate,
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
        Challenge(MFA_SETUP, (), set_up.answer, _LAST | {EMAIL_OTP}),
        Challenge(SELECT_MFA_TYPE, ("ANSWER",), second_factor.select, _FACTORS),
        Challenge(SOFTWARE_TOKEN_MFA, ("SOFTWARE_TOKEN_MFA_CODE",), totp.answer, _LAST),
        *(
            Challenge(
                name, (way.response,), codes.answer, _LAST, is_code=True, simulate=codes.simulate
            )
            for name, way in codes.WAYS.items()
        ),
    )
}
