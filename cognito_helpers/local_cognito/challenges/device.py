"""DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER: a remembered device proves its password.
BEHAVIOR.md, 1.13 and 10.4.
"""

from __future__ import annotations

from .. import devices, lockout, passwords, srp_challenges
from ..clients import Client
from ..errors import NotAuthorizedException
from ..sessions import Session, SignIn, find_by_device
from ..storage.store import Transaction
from ..types import Request, Response
from ..users import User
from .names import DEVICE_PASSWORD_VERIFIER, DEVICE_SRP_AUTH
from .step import Passed, Proved, ask


def pose(tx: Transaction, sign_in: SignIn) -> Response | None:
    """Ask the device the sign-in named, if it's remembered. The challenge names the user, but not
    for SRP: there it's the device that proves something.
    """
    device = devices.named(tx, sign_in)
    if device is None or not device.remembered:
        return None
    return ask(tx, sign_in, DEVICE_SRP_AUTH, {"USERNAME": sign_in.user.username})


def find(tx: Transaction, client: Client, user: User | None, request: Request) -> Session:
    """The session of the challenge this device was sent."""
    key = request["ChallengeResponses"]["DEVICE_KEY"]
    return find_by_device(tx, client, user, key, request.get("Session"))


def exchange(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Accept the device's public number, and return the server's with the challenge to prove the
    device's password.
    """
    big_a = srp_challenges.public_number(responses)
    device = devices.find(tx, sign_in.user, responses["DEVICE_KEY"])
    asked = srp_challenges.challenge(big_a, srp_challenges.of_device(sign_in.pool, device))
    names = {"USERNAME": sign_in.user.username, "DEVICE_KEY": device.key}
    return ask(tx, sign_in, DEVICE_PASSWORD_VERIFIER, asked.parameters | names, asked)


def prove(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Check the device's proof. It replaces the second factor if the pool says so (BEHAVIOR.md,
    1.12).
    """
    device = devices.find(tx, sign_in.user, responses["DEVICE_KEY"])
    right = srp_challenges.check(
        srp_challenges.of_device(sign_in.pool, device).identity, session, responses
    )
    # Anyone who knows the key of the exchange could sign another device's name with it.
    right = right and device.key == session.device_key and device.remembered
    replaces = sign_in.pool.device_replaces_factor
    # Choice: it replaces a code, and so counts with the codes.
    lockout.reject_locked(tx, sign_in.user, lockout.SECOND_FACTOR)
    if not right:
        lockout.count_wrong(tx, sign_in.user, lockout.SECOND_FACTOR)
        raise NotAuthorizedException(passwords.WRONG)
    if replaces:
        # If it doesn't, the code is still to come: with a reset it could be guessed without limit.
        lockout.reset(tx, sign_in.user, lockout.SECOND_FACTOR)
    return Passed(Proved.ALL if replaces else Proved.DEVICE, sign_in)
