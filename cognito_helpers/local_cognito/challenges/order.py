"""The order of a sign-in, defined only here.

First the password or its proof, then a new password, a remembered device's proof, a second factor,
and tokens; each if it applies. After a code or a passkey instead of a password, tokens at once. In
CUSTOM_AUTH the pool's own functions decide.
"""

from __future__ import annotations

from dataclasses import replace

from .. import devices, tokens
from ..errors import PasswordResetRequiredException
from ..sessions import SignIn
from ..storage.store import Transaction
from ..triggers import token_claims
from ..triggers.invoke import Occasion
from ..triggers.sign_in import post_authentication
from ..types import Response
from . import custom, device, new_password, second_factor
from .names import DEVICE_PASSWORD_VERIFIER, NEW_PASSWORD_REQUIRED
from .step import Passed, Proved

# Why tokens are issued, by the challenge that was answered last
OCCASIONS = {
    NEW_PASSWORD_REQUIRED: "NewPasswordChallenge",
    DEVICE_PASSWORD_VERIFIER: "AuthenticateDevice",
}


def next_step(tx: Transaction, passed: Passed) -> Response:
    """The next challenge after what a sign-in has proved, or its tokens."""
    sign_in, asked = passed.sign_in, None
    if sign_in.custom is not None:
        return _by_triggers(tx, passed)
    if passed.proved is Proved.NO_PASSWORD:
        # No device is asked then, and one that's only named is not where the user signed in.
        return _signed_in(tx, replace(sign_in, device_key=None))
    if passed.proved is Proved.PASSWORD:
        _reject_reset(sign_in)
        asked = new_password.pose(tx, sign_in) or device.pose(tx, sign_in)
    if passed.proved is not Proved.ALL:
        asked = asked or second_factor.pose(tx, sign_in)
    return asked or _signed_in(tx, sign_in)


def _by_triggers(tx: Transaction, passed: Passed) -> Response:
    """Like `next_step`, in CUSTOM_AUTH: the second factor comes right after a password, the pool's
    functions decide after that, and a device proves itself at the end. BEHAVIOR.md, 11.14.
    """
    sign_in, asked = passed.sign_in, None
    if passed.proved is Proved.PASSWORD:
        _reject_reset(sign_in)
        asked = new_password.pose(tx, sign_in) or second_factor.pose(tx, sign_in)
        if asked:
            return asked
    if sign_in.custom and not sign_in.custom.issued:
        came = custom.decide(tx, sign_in)
        if not isinstance(came, Passed):
            return came
        passed = came
    if passed.proved is Proved.TRIGGERS:
        asked = device.pose(tx, passed.sign_in)
    return asked or _signed_in(tx, passed.sign_in)


def _reject_reset(sign_in: SignIn) -> None:
    if sign_in.user.status == "RESET_REQUIRED":
        raise PasswordResetRequiredException


def _signed_in(tx: Transaction, sign_in: SignIn) -> Response:
    """The tokens, and the new device key if the sign-in named no device."""
    sign_in = post_authentication(tx, sign_in)
    occasion = Occasion(
        OCCASIONS.get(sign_in.answered, "Authentication"), sign_in.client.id, sign_in.metadata
    )
    changes = token_claims.changes(tx, sign_in.pool, sign_in.user, occasion)
    offered = devices.offer(tx, sign_in)
    device_key = offered["DeviceKey"] if offered else devices.used(tx, sign_in)
    result = tokens.start(tx, sign_in.pool, sign_in.client, sign_in.user, device_key, changes)
    if offered:
        result["NewDeviceMetadata"] = offered
    return {"ChallengeParameters": {}, "AuthenticationResult": result}
