"""Beginning a sign-in: the first call of each flow. BEHAVIOR.md, 1.7.

InitiateAuth is for anyone; its Admin twin needs IAM credentials and takes other flows. What comes
after it is in `challenges/`.
"""

from __future__ import annotations

from . import passwords, refresh, sign_up_sessions
from .challenges import choice, custom
from .challenges import password as password_challenges
from .challenges.order import next_step
from .challenges.step import Passed, Proved
from .clients import ADMIN_PASSWORD_FLOWS, ONLY_CUSTOM, Client, client_and_pool
from .crypto import random_values
from .errors import (
    InvalidParameterException,
    NotAuthorizedException,
    UserNotConfirmedException,
    UserNotFoundException,
)
from .pools import Pool
from .sessions import INVALID, Custom, SignIn, UnknownUser
from .storage.store import Transaction
from .triggers.custom import reject_without
from .triggers.sign_in import pre_authentication
from .types import Request, Response
from .users import User, find_user
from .validation import check_user_name, required

NOT_FOR_THIS_CALL = "Initiate Auth method not supported."
PASSWORD_FLOW, SRP_FLOW, CHOICE_FLOW = "USER_PASSWORD_AUTH", "USER_SRP_AUTH", "USER_AUTH"
CUSTOM_FLOW = "CUSTOM_AUTH"
REFRESH_FLOWS = {"REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"}


# Beginning


def initiate_auth(tx: Transaction, request: Request) -> Response:
    """InitiateAuth: the next challenge, mostly with a `Session`, or an `AuthenticationResult`."""
    flow = request["AuthFlow"]
    if flow in ADMIN_PASSWORD_FLOWS:
        raise InvalidParameterException(NOT_FOR_THIS_CALL)
    return _initiate(tx, request, f"{flow} flow not enabled for this client")


def admin_initiate_auth(tx: Transaction, request: Request) -> Response:
    """AdminInitiateAuth: like InitiateAuth, for a server with IAM credentials."""
    if request["AuthFlow"] == PASSWORD_FLOW:
        raise InvalidParameterException(NOT_FOR_THIS_CALL)
    return _initiate(tx, request, "Auth flow not enabled for this client")


def _initiate(tx: Transaction, request: Request, not_enabled: str) -> Response:
    client, pool = client_and_pool(tx, request)
    flow = "REFRESH_TOKEN_AUTH" if request["AuthFlow"] in REFRESH_FLOWS else request["AuthFlow"]
    if not client.allows(flow):
        if client.is_custom_only:
            raise InvalidParameterException(ONLY_CUSTOM)
        # Known for SRP and CUSTOM_AUTH; for USER_AUTH by analogy.
        named = f"{flow} is not enabled for the client."
        by_name = flow in (SRP_FLOW, CHOICE_FLOW, CUSTOM_FLOW)
        raise InvalidParameterException(named if by_name else not_enabled)
    parameters = request.get("AuthParameters", {})
    check_user_name(parameters)
    if flow in REFRESH_FLOWS:
        return refresh.refresh_token_auth(tx, pool, client, parameters)
    by = {SRP_FLOW: _by_srp, CHOICE_FLOW: _by_choice, CUSTOM_FLOW: _by_triggers}
    return by.get(flow, _by_password)(tx, pool, client, request, parameters)


def _by_password(
    tx: Transaction, pool: Pool, client: Client, request: Request, parameters: dict[str, str]
) -> Response:
    username, password = required(parameters, "USERNAME"), required(parameters, "PASSWORD")
    client.check_secret_hash(username, parameters.get("SECRET_HASH"))
    user = _user(tx, pool, client, username)
    if user is not None:
        _reject_unusable(user)
    user = _before(tx, pool, client, user, request)
    if user is None:
        passwords.reject_unknown_user(pool.id, username, password)
    passwords.check(tx, user, password)
    device_key = parameters.get("DEVICE_KEY")
    sign_in = SignIn(pool, client, user, random_values.new_uuid(), device_key)
    return next_step(tx, Passed(Proved.PASSWORD, sign_in))


def _by_srp(
    tx: Transaction, pool: Pool, client: Client, request: Request, parameters: dict[str, str]
) -> Response:
    username = required(parameters, "USERNAME")
    required(parameters, "SRP_A")
    client.check_secret_hash(username, parameters.get("SECRET_HASH"))
    user = _user(tx, pool, client, username)
    if user is not None and not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    user = _before(tx, pool, client, user, request)
    return password_challenges.ask_for_proof(tx, pool, client, user, parameters)


def _by_choice(
    tx: Transaction, pool: Pool, client: Client, request: Request, parameters: dict[str, str]
) -> Response:
    """USER_AUTH. With the session of ConfirmSignUp it needs nothing more (BEHAVIOR.md, 11.6)."""
    session = request.get("Session")
    username = required(parameters, "USERNAME")
    client.check_secret_hash(username, parameters.get("SECRET_HASH"))
    user = _user(tx, pool, client, username)
    if user is not None and not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    user = _before(tx, pool, client, user, request)
    if user is None and session is None:
        return choice.simulate(tx, pool, client, parameters)
    if user is None:
        raise NotAuthorizedException(INVALID)
    if session is not None:
        return sign_up_sessions.sign_in(tx, pool, client, user, session)
    attempt = random_values.new_uuid()
    sign_in = SignIn(pool, client, user, attempt, parameters.get("DEVICE_KEY"))
    step = choice.pose(tx, sign_in, parameters)
    return next_step(tx, step) if isinstance(step, Passed) else step


def _by_triggers(
    tx: Transaction, pool: Pool, client: Client, request: Request, parameters: dict[str, str]
) -> Response:
    """CUSTOM_AUTH: the pool's own functions decide what comes. BEHAVIOR.md, 11.14."""
    reject_without(pool)
    username = required(parameters, "USERNAME")
    client.check_secret_hash(username, parameters.get("SECRET_HASH"))
    user, attempt = _user(tx, pool, client, username), random_values.new_uuid()
    if user is not None:
        _reject_unusable(user)
    user = _before(tx, pool, client, user, request)
    if user is None:
        unknown = UnknownUser(pool, client, username, attempt, Custom())
        step = custom.begin(tx, unknown, parameters)
    else:
        key = parameters.get("DEVICE_KEY")
        sign_in = SignIn(pool, client, user, attempt, key, custom=Custom())
        step = custom.begin(tx, sign_in, parameters)
    return next_step(tx, step) if isinstance(step, Passed) else step


def _user(tx: Transaction, pool: Pool, client: Client, username: str) -> User | None:
    """Who signs in; None for an unknown name, if the client hides that."""
    user = find_user(tx, pool, username)
    if user is None and not client.hides_unknown_users:
        raise UserNotFoundException
    return user


def _before(
    tx: Transaction, pool: Pool, client: Client, user: User | None, request: Request
) -> User | None:
    """Let PreAuthentication reject the sign-in, of a user or in the name of none."""
    username, metadata = request["AuthParameters"]["USERNAME"], request.get("ClientMetadata")
    return pre_authentication(tx, pool, client, user, username, metadata)


def _reject_unusable(user: User) -> None:
    # Before the password is checked, as observed at the real service
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
