"""Signing in: from a flow's first call, through its challenges, to tokens. Behaviour page, 1.7 to 1.10.

InitiateAuth and RespondToAuthChallenge are for anyone; their Admin twins need AWS credentials and differ in the flows they take.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from . import devices, mfa, passwords, tokens
from .challenges import INVALID, MFA_SETUP, SOFTWARE_TOKEN_MFA, find_session, open_session, use_session
from .clients import Client, client_and_pool
from .errors import (
    CodeMismatchException,
    InvalidParameterException,
    NotAuthorizedException,
    NotInStandInException,
    UserNotConfirmedException,
    UserNotFoundException,
)
from .pools import Pool
from .store import Transaction
from .users import User, find_user

NOT_FOR_THIS_CALL = "Initiate Auth method not supported."
PASSWORD_FLOW = "USER_PASSWORD_AUTH"
ADMIN_PASSWORD_FLOWS = {"ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"}
REFRESH_FLOWS = {"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"}


# Beginning


def initiate_auth(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """InitiateAuth: the next challenge with its `Session`, or an `AuthenticationResult`."""
    flow = request["AuthFlow"]
    if flow in ADMIN_PASSWORD_FLOWS:
        raise InvalidParameterException(NOT_FOR_THIS_CALL)
    return _initiate(tx, request, {PASSWORD_FLOW}, f"{flow} flow not enabled for this client")


def admin_initiate_auth(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """AdminInitiateAuth: as InitiateAuth, for a server with AWS credentials."""
    if request["AuthFlow"] == PASSWORD_FLOW:
        raise InvalidParameterException(NOT_FOR_THIS_CALL)
    return _initiate(tx, request, ADMIN_PASSWORD_FLOWS, "Auth flow not enabled for this client")


def _initiate(tx: Transaction, request: dict[str, Any], password_flows: set[str], not_enabled: str) -> dict[str, Any]:
    client, pool = client_and_pool(tx, request)
    flow = "REFRESH_TOKEN_AUTH" if request["AuthFlow"] in REFRESH_FLOWS else request["AuthFlow"]
    if flow not in password_flows | REFRESH_FLOWS:
        raise NotInStandInException(f"the sign-in flow {flow}")
    if not client.allows(flow):
        raise InvalidParameterException(not_enabled)
    parameters = request.get("AuthParameters", {})
    if flow in REFRESH_FLOWS:
        return tokens.refresh(tx, pool, client, parameters)
    return _by_password(tx, pool, client, parameters)


def _by_password(tx: Transaction, pool: Pool, client: Client, parameters: dict[str, str]) -> dict[str, Any]:
    username, password = _required(parameters, "USERNAME"), _required(parameters, "PASSWORD")
    client.check_secret_hash(username, parameters.get("SECRET_HASH"))
    if "DEVICE_KEY" in parameters:
        raise NotInStandInException("signing in with a remembered device (DEVICE_KEY)")
    user = find_user(tx, pool, username)
    if user is None and not client.hides_unknown_users:
        raise UserNotFoundException
    if user is None:
        passwords.refuse_unknown_user(pool.id, username, password)
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    passwords.check(tx, user, password)
    if user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    return _after_password(tx, pool, client, user)


def _after_password(tx: Transaction, pool: Pool, client: Client, user: User) -> dict[str, Any]:
    """What stands between a right password and tokens: a challenge where the pool requires a second factor."""
    if pool.mfa != "ON":
        return _signed_in(tx, pool, client, user)
    if user.totp_secret is None:
        # A list inside a text: the service sends it as JSON.
        return _ask(tx, client, user, MFA_SETUP, {"MFAS_CAN_SETUP": json.dumps(["SOFTWARE_TOKEN_MFA"])})
    named = {"FRIENDLY_DEVICE_NAME": user.totp_name} if user.totp_name else {}
    return _ask(tx, client, user, SOFTWARE_TOKEN_MFA, named)


def _ask(tx: Transaction, client: Client, user: User, challenge: str, parameters: dict[str, str]) -> dict[str, Any]:
    session = open_session(tx, client, user, expects=challenge)
    return {"ChallengeName": challenge, "Session": session, "ChallengeParameters": {**parameters, "USER_ID_FOR_SRP": user.username}}


# Answering

# Each refuses a wrong answer and returns nothing for a right one.
CHALLENGES: dict[str, Callable[..., None]] = {MFA_SETUP: mfa.check_setup, SOFTWARE_TOKEN_MFA: mfa.check_code}
# Of factors that no user of the stand-in has, so that an answer to one always meets another state.
OTHER_FACTORS = {"SMS_MFA", "EMAIL_OTP"}


def respond_to_auth_challenge(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """RespondToAuthChallenge, and AdminRespondToAuthChallenge for a server with AWS credentials: the next challenge, or tokens."""
    client, pool = client_and_pool(tx, request)
    name, responses = request["ChallengeName"], request.get("ChallengeResponses", {})
    if name not in CHALLENGES.keys() | OTHER_FACTORS:
        raise NotInStandInException(f"the challenge {name}")
    if "Session" not in request:
        raise InvalidParameterException("Missing required parameter Session")
    username = _required(responses, "USERNAME")
    client.check_secret_hash(username, responses.get("SECRET_HASH"))
    session, user = find_session(tx, request["Session"]), find_user(tx, pool, username)
    if user is None or (session.user_id, session.client_id) != (user.id, client.id):
        raise NotAuthorizedException(INVALID)
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if name in OTHER_FACTORS:
        raise CodeMismatchException("Invalid code or auth state for the user.")
    if session.expects.partition(",")[0] != name:
        raise NotAuthorizedException(INVALID)
    CHALLENGES[name](tx, user, session, responses)
    use_session(tx, session)
    return _signed_in(tx, pool, client, user)


def _signed_in(tx: Transaction, pool: Pool, client: Client, user: User) -> dict[str, Any]:
    device = devices.new_device(tx, pool, user)
    result = tokens.start(tx, pool, client, user, device["DeviceKey"] if device else None)
    if device is not None:
        result["NewDeviceMetadata"] = device
    return {"ChallengeParameters": {}, "AuthenticationResult": result}


def _required(parameters: dict[str, str], name: str) -> str:
    if not parameters.get(name):
        raise InvalidParameterException(f"Missing required parameter {name}")
    return parameters[name]
