"""Responding to a challenge: finding the sign-in a response belongs to, and what comes next.
BEHAVIOR.md, 1.8 to 1.13.
"""

from __future__ import annotations

from . import passwords
from .challenges import custom
from .challenges.codes import MISMATCH
from .challenges.names import CUSTOM_CHALLENGE, PASSWORD_VERIFIER, TOKENS
from .challenges.order import next_step
from .challenges.step import Challenge, Passed
from .challenges.table import BY_TRIGGERS, CHALLENGES
from .clients import ONLY_CUSTOM, client_and_pool
from .errors import (
    CodeMismatchException,
    InvalidParameterException,
    NotAuthorizedException,
    NotInEmulatorException,
)
from .sessions import INVALID, Custom, SignIn, UnknownUser, use_session
from .storage.store import Transaction
from .types import Request, Response
from .users import find_user
from .validation import check_user_name, required

# Responses that may name a device, beside the sign-in's first call: the proof of the password
# (BEHAVIOR.md, 1.12) and a custom answer (11.14). The device's own proof always follows.
NAMES_DEVICE = {PASSWORD_VERIFIER, CUSTOM_CHALLENGE}


def respond_to_auth_challenge(tx: Transaction, request: Request) -> Response:
    """RespondToAuthChallenge, and AdminRespondToAuthChallenge for a server with IAM credentials:
    the next challenge, or tokens.
    """
    client, pool = client_and_pool(tx, request)
    name, responses = request["ChallengeName"], request.get("ChallengeResponses", {})
    challenge = CHALLENGES.get(name)
    if challenge is None:
        raise NotInEmulatorException(f"the challenge {name}")
    if challenge.needs_session and "Session" not in request:
        raise InvalidParameterException("Missing required parameter Session")
    # By analogy with the sign-in's first call.
    check_user_name(responses)
    username = required(responses, "USERNAME")
    client.check_secret_hash(username, responses.get("SECRET_HASH"))
    user = find_user(tx, pool, username)
    if user is not None and not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    for response in challenge.needs:
        required(responses, response)
    session = challenge.find(tx, client, user, request)
    # For a proof of the password the same error as for a wrong one: otherwise the words would tell
    # whose secret block it is.
    not_theirs = passwords.WRONG if name == PASSWORD_VERIFIER else INVALID
    if session.user_id != (user.id if user else None):
        raise NotAuthorizedException(not_theirs)
    if session.client_id != client.id:
        raise NotAuthorizedException(not_theirs)
    if session.expects.partition(",")[0] not in (name, challenge.at):
        if challenge.is_code:
            raise CodeMismatchException(MISMATCH)
        raise NotAuthorizedException(INVALID)
    so_far, metadata = Custom.of(session.state), request.get("ClientMetadata")
    if client.is_custom_only and so_far is None:
        raise InvalidParameterException(ONLY_CUSTOM)
    if user is None:
        unknown = UnknownUser(pool, client, username, session.attempt, so_far, metadata)
        return challenge.simulate(tx, unknown, session, responses)
    use_session(tx, session)
    device_key = session.device_key or (
        responses.get("DEVICE_KEY") if name in NAMES_DEVICE else None
    )
    by_alias = pool.name_key(username) != pool.name_key(user.username)
    sign_in = SignIn(
        pool, client, user, session.attempt, device_key, by_alias, so_far, metadata, name
    )
    return _step(tx, challenge, challenge.answer(tx, sign_in, session, responses))


def _step(tx: Transaction, challenge: Challenge, came: Response | Passed) -> Response:
    """What follows a response. The table must allow it."""
    then = challenge.then
    if isinstance(came, Passed):
        came = custom.noted(came, challenge.name)
        then |= BY_TRIGGERS if came.sign_in.custom else frozenset()
    step = next_step(tx, came) if isinstance(came, Passed) else came
    assert step.get("ChallengeName", TOKENS) in then
    return step
