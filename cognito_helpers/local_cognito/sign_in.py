"""Signing in: from a flow's first call, through its challenges, to tokens. BEHAVIOR.md, 1.7 to
1.13.

InitiateAuth and RespondToAuthChallenge are for anyone; their Admin twins need AWS credentials and
differ in the flows they take. A sign-in passes, in this order, what applies to it: the password or
its proof; a new password; a remembered device's proof; a second factor; tokens.
"""

from __future__ import annotations

import json

from . import devices, mfa, new_password_required, passwords, refresh, srp_challenges, tokens
from .clients import ADMIN_PASSWORD_FLOWS, Client, client_and_pool
from .crypto import random_values
from .errors import (
    InvalidParameterException,
    NotAuthorizedException,
    NotInEmulatorException,
    PasswordResetRequiredException,
    UserNotConfirmedException,
    UserNotFoundException,
)
from .pools import Pool
from .sessions import (
    DEVICE_PASSWORD_VERIFIER,
    DEVICE_SRP_AUTH,
    MFA_SETUP,
    NEW_PASSWORD_REQUIRED,
    PASSWORD_VERIFIER,
    SOFTWARE_TOKEN_MFA,
    SignIn,
    open_session,
)
from .storage.store import Transaction
from .types import Request, Response
from .users import User, find_user
from .validation import check_user_name, required

NOT_FOR_THIS_CALL = "Initiate Auth method not supported."
PASSWORD_FLOW, SRP_FLOW = "USER_PASSWORD_AUTH", "USER_SRP_AUTH"
REFRESH_FLOWS = {"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"}


# Beginning


def initiate_auth(tx: Transaction, request: Request) -> Response:
    """InitiateAuth: the next challenge, mostly with a `Session`, or an `AuthenticationResult`."""
    flow = request["AuthFlow"]
    if flow in ADMIN_PASSWORD_FLOWS:
        raise InvalidParameterException(NOT_FOR_THIS_CALL)
    return _initiate(tx, request, {PASSWORD_FLOW}, f"{flow} flow not enabled for this client")


def admin_initiate_auth(tx: Transaction, request: Request) -> Response:
    """AdminInitiateAuth: as InitiateAuth, for a server with AWS credentials."""
    if request["AuthFlow"] == PASSWORD_FLOW:
        raise InvalidParameterException(NOT_FOR_THIS_CALL)
    return _initiate(tx, request, ADMIN_PASSWORD_FLOWS, "Auth flow not enabled for this client")


def _initiate(
    tx: Transaction, request: Request, password_flows: set[str], not_enabled: str
) -> Response:
    client, pool = client_and_pool(tx, request)
    flow = "REFRESH_TOKEN_AUTH" if request["AuthFlow"] in REFRESH_FLOWS else request["AuthFlow"]
    if flow not in password_flows | REFRESH_FLOWS | {SRP_FLOW}:
        raise NotInEmulatorException(f"the sign-in flow {flow}")
    if not client.allows(flow):
        raise InvalidParameterException(
            f"{SRP_FLOW} is not enabled for the client." if flow == SRP_FLOW else not_enabled
        )
    parameters = request.get("AuthParameters", {})
    check_user_name(parameters)
    if flow in REFRESH_FLOWS:
        return refresh.refresh_token_auth(tx, pool, client, parameters)
    return (
        _by_srp(tx, pool, client, parameters)
        if flow == SRP_FLOW
        else _by_password(tx, pool, client, parameters)
    )


def _by_password(
    tx: Transaction, pool: Pool, client: Client, parameters: dict[str, str]
) -> Response:
    username, password = required(parameters, "USERNAME"), required(parameters, "PASSWORD")
    client.check_secret_hash(username, parameters.get("SECRET_HASH"))
    user = _user(tx, pool, client, username)
    if user is None:
        passwords.refuse_unknown_user(pool.id, username, password)
    _refuse_unusable(user)
    passwords.check(tx, user, password)
    return after_password(
        tx, SignIn(pool, client, user, random_values.new_uuid(), parameters.get("DEVICE_KEY"))
    )


def _by_srp(tx: Transaction, pool: Pool, client: Client, parameters: dict[str, str]) -> Response:
    """The challenge to prove the password without sending it. No session comes with it: the secret
    block takes its place.
    """
    username, big_a = required(parameters, "USERNAME"), srp_challenges.public_number(parameters)
    client.check_secret_hash(username, parameters.get("SECRET_HASH"))
    user = _user(tx, pool, client, username)
    if user is not None and not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    secrets = srp_challenges.of_user(user) if user else srp_challenges.of_nobody(pool, username)
    asked = srp_challenges.challenge(big_a, secrets)
    open_session(
        tx,
        client,
        user.id if user else None,
        random_values.new_uuid(),
        PASSWORD_VERIFIER,
        device_key=parameters.get("DEVICE_KEY"),
        secret_block=asked.secret_block,
        srp_key=asked.key,
    )
    name = (
        user.username
        if user
        else secrets.user_id
        if pool.username_attributes
        else pool.name_key(username)
    )
    names = {"USERNAME": name, "USER_ID_FOR_SRP": secrets.user_id}
    return {"ChallengeName": PASSWORD_VERIFIER, "ChallengeParameters": asked.parameters | names}


def _user(tx: Transaction, pool: Pool, client: Client, username: str) -> User | None:
    """Who signs in; None for a name that nobody has, where the client hides that."""
    user = find_user(tx, pool, username)
    if user is None and not client.hides_unknown_users:
        raise UserNotFoundException
    return user


def _refuse_unusable(user: User) -> None:
    # Before the password is looked at: so the real service was seen to do.
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if user.status == "UNCONFIRMED":
        raise UserNotConfirmedException


# Going on: each of these is what follows once the one before it is passed


def after_password(tx: Transaction, sign_in: SignIn) -> Response:
    """What follows a right password: a new password, a device's proof, a second factor or
    tokens.
    """
    if sign_in.user.status == "RESET_REQUIRED":
        raise PasswordResetRequiredException
    if sign_in.user.status == "FORCE_CHANGE_PASSWORD":
        new_password_required.refuse_expired(tx, sign_in.user)
        return ask(
            tx,
            sign_in,
            NEW_PASSWORD_REQUIRED,
            new_password_required.parameters(tx, sign_in.pool, sign_in.user),
        )
    device = devices.named(tx, sign_in)
    if device is not None and device.remembered:
        return ask(tx, sign_in, DEVICE_SRP_AUTH, {"USERNAME": sign_in.user.username})
    return _second_factor(tx, sign_in)


def after_device(tx: Transaction, sign_in: SignIn) -> Response:
    """A device's proof stands in for the second factor where the pool says so (BEHAVIOR.md,
    1.12).
    """
    if sign_in.pool.device_replaces_factor:
        return signed_in(tx, sign_in)
    return _second_factor(tx, sign_in)


def _second_factor(tx: Transaction, sign_in: SignIn) -> Response:
    user = sign_in.user
    if not mfa.asks(sign_in.pool, user):
        return signed_in(tx, sign_in)
    if user.totp_secret is None:
        # A list inside a text: the service sends it as JSON.
        return ask(tx, sign_in, MFA_SETUP, {"MFAS_CAN_SETUP": json.dumps(sign_in.pool.can_set_up)})
    return ask(
        tx,
        sign_in,
        SOFTWARE_TOKEN_MFA,
        {"FRIENDLY_DEVICE_NAME": user.totp_name} if user.totp_name else {},
    )


def ask(
    tx: Transaction,
    sign_in: SignIn,
    challenge: str,
    parameters: dict[str, str],
    asked: srp_challenges.Asked | None = None,
) -> Response:
    """A challenge to the user of a sign-in, with the session for its answer."""
    session = open_session(
        tx,
        sign_in.client,
        sign_in.user.id,
        sign_in.attempt,
        challenge,
        device_key=sign_in.device_key,
        secret_block=asked.secret_block if asked else None,
        srp_key=asked.key if asked else None,
    )
    # The challenges to a device name the user, and nobody for SRP: there it is the device that
    # proves something.
    named = (
        {}
        if challenge in (DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER)
        else {"USER_ID_FOR_SRP": sign_in.user.username}
    )
    return {
        "ChallengeName": challenge,
        "Session": session,
        "ChallengeParameters": {**parameters, **named},
    }


def signed_in(tx: Transaction, sign_in: SignIn) -> Response:
    """The tokens, and the offer of a device key where the sign-in named no device."""
    offered = devices.offer(tx, sign_in)
    device_key = offered["DeviceKey"] if offered else devices.used(tx, sign_in)
    result = tokens.start(tx, sign_in.pool, sign_in.client, sign_in.user, device_key)
    if offered:
        result["NewDeviceMetadata"] = offered
    return {"ChallengeParameters": {}, "AuthenticationResult": result}
