"""The choice of a first factor in USER_AUTH: SELECT_CHALLENGE, and its answers PASSWORD and
PASSWORD_SRP. BEHAVIOR.md, 11.1 to 11.5.
"""

from __future__ import annotations

from typing import NoReturn

from .. import outbox, passwords, user_factors
from ..clients import Client
from ..crypto import random_values
from ..errors import (
    CognitoError,
    InvalidParameterException,
    NotAuthorizedException,
    UserNotConfirmedException,
)
from ..pools import Pool
from ..sessions import Session, SignIn, UnknownUser, open_session, spend_session
from ..storage.store import Transaction
from ..types import Response
from ..validation import required
from . import codes, passkey
from .names import EMAIL_OTP, PASSWORD, PASSWORD_SRP, SELECT_CHALLENGE, SMS_OTP, WEB_AUTHN
from .password import ONCE, ask_for_proof
from .step import Passed, Proved, ask

NOT_AVAILABLE = "Selected challenge is not available"


# Posing


def pose(tx: Transaction, sign_in: SignIn, parameters: dict[str, str]) -> Response | Passed:
    """Begin with the preferred factor, or the only one, or let the user choose."""
    offered = user_factors.first(tx, sign_in.pool, sign_in.user)
    preferred = parameters.get("PREFERRED_CHALLENGE")
    if sign_in.user.status == "UNCONFIRMED" and (
        not offered or preferred in (PASSWORD, PASSWORD_SRP)
    ):
        raise UserNotConfirmedException
    if not offered:
        raise NotAuthorizedException(passwords.WRONG)
    if preferred not in offered and len(offered) == 1:
        preferred = offered[0]
    asked = (
        _begin(tx, sign_in, preferred, parameters)
        if preferred in offered
        else ask(tx, sign_in, SELECT_CHALLENGE, {})
    )
    return asked if isinstance(asked, Passed) else {**asked, "AvailableChallenges": offered}


def _begin(
    tx: Transaction, sign_in: SignIn, factor: str, given: dict[str, str]
) -> Response | Passed:
    """Take the first step of a factor, with what it needs from `given`."""
    if factor == PASSWORD:
        passwords.check(tx, sign_in.user, required(given, "PASSWORD"))
        return Passed(Proved.PASSWORD, sign_in)
    if factor == PASSWORD_SRP:
        required(given, "SRP_A")
        known = {"DEVICE_KEY": sign_in.device_key} if sign_in.device_key else {}
        return ask_for_proof(
            tx,
            sign_in.pool,
            sign_in.client,
            sign_in.user,
            given | known,
            sign_in.attempt,
            {ONCE: True},
        )
    if factor == WEB_AUTHN:
        return passkey.pose(tx, sign_in)
    return codes.pose(tx, sign_in, factor, codes.FIRST)


# Answering


def select(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Take the first step of the factor the user has chosen. A wrong password ends the session
    (BEHAVIOR.md, 11.2).
    """
    chosen = responses["ANSWER"]
    if chosen not in user_factors.first(tx, sign_in.pool, sign_in.user):
        raise InvalidParameterException(NOT_AVAILABLE)
    try:
        return _begin(tx, sign_in, chosen, responses)
    except NotAuthorizedException:
        spend_session(tx, session)
        raise


def password(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """PASSWORD as a challenge of its own: like SELECT_CHALLENGE with that ANSWER."""
    return select(tx, sign_in, session, responses | {"ANSWER": PASSWORD})


def password_srp(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """PASSWORD_SRP as a challenge of its own."""
    return select(tx, sign_in, session, responses | {"ANSWER": PASSWORD_SRP})


# For names no user has


def simulate(tx: Transaction, pool: Pool, client: Client, parameters: dict[str, str]) -> Response:
    """What USER_AUTH begins with for a name no user has: the code that's preferred, or a choice of
    passwords (BEHAVIOR.md, 11.5).
    """
    allowed, preferred = pool.first_factors, parameters.get("PREFERRED_CHALLENGE")
    by_password = [PASSWORD_SRP, PASSWORD] if PASSWORD in allowed else []
    by_code = [name for name in (EMAIL_OTP, SMS_OTP) if name in allowed and pool.mfa != "ON"]
    username = parameters["USERNAME"]
    if preferred == PASSWORD and by_password:
        passwords.reject_unknown_user(pool.id, username, required(parameters, "PASSWORD"))
    if preferred == PASSWORD_SRP and by_password:
        required(parameters, "SRP_A")
        return ask_for_proof(tx, pool, client, None, parameters, state={ONCE: True})
    if preferred in by_code or not by_password:
        if not by_code:
            raise NotAuthorizedException(passwords.WRONG)
        challenge = preferred if preferred in by_code else by_code[0]
        told, offered = _simulated_code(pool, username, challenge), [challenge]
    else:
        challenge, told, offered = SELECT_CHALLENGE, {}, by_password
    return {
        "ChallengeName": challenge,
        "Session": open_session(tx, client, None, random_values.new_uuid(), challenge),
        "ChallengeParameters": told,
        "AvailableChallenges": offered,
    }


def _simulated_code(pool: Pool, username: str, challenge: str) -> dict[str, str]:
    """As if a code had gone to the name itself or, if it's no address, to a generated one."""
    if challenge == EMAIL_OTP:
        masked = outbox.simulated_delivery(pool, username)["Destination"]
        return {
            "CODE_DELIVERY_DELIVERY_MEDIUM": outbox.EMAIL,
            "CODE_DELIVERY_DESTINATION": masked,
        }
    return codes.told_of(outbox.SMS, outbox.simulated_number(pool, username))


def simulate_selected(
    tx: Transaction, unknown: UnknownUser, session: Session, responses: dict[str, str]
) -> Response:
    """An answer to the simulated SELECT_CHALLENGE."""
    simulated = {PASSWORD: simulate_password, PASSWORD_SRP: simulate_password_srp}
    if responses["ANSWER"] not in simulated:
        raise InvalidParameterException(NOT_AVAILABLE)
    return simulated[responses["ANSWER"]](tx, unknown, session, responses)


def simulate_password(
    tx: Transaction, unknown: UnknownUser, session: Session, responses: dict[str, str]
) -> NoReturn:
    """A password for a name no user has is wrong, and spends the session."""
    given = required(responses, "PASSWORD")
    try:
        passwords.reject_unknown_user(unknown.pool.id, unknown.username, given)
    except CognitoError:
        spend_session(tx, session)
        raise


def simulate_password_srp(
    tx: Transaction, unknown: UnknownUser, session: Session, responses: dict[str, str]
) -> Response:
    """The challenge to prove a password no user has."""
    required(responses, "SRP_A")
    pool, client = unknown.pool, unknown.client
    return ask_for_proof(tx, pool, client, None, responses, session.attempt, {ONCE: True})
