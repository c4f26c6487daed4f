"""Answering a challenge: finding the sign-in that an answer belongs to, and one function for each
challenge. BEHAVIOR.md, 1.8 to 1.13.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from . import devices, lockout, mfa, new_password_required, passwords, srp_challenges
from .clients import Client, client_and_pool
from .errors import (
    CodeMismatchException,
    InvalidParameterException,
    NotAuthorizedException,
    NotInEmulatorException,
    UserNotConfirmedException,
)
from .sessions import (
    DEVICE_PASSWORD_VERIFIER,
    DEVICE_SRP_AUTH,
    INVALID,
    MFA_SETUP,
    NEW_PASSWORD_REQUIRED,
    PASSWORD_VERIFIER,
    SOFTWARE_TOKEN_MFA,
    Session,
    SignIn,
    find_by_device,
    find_by_secret_block,
    find_session,
    use_session,
)
from .sign_in import after_device, after_password, ask, signed_in
from .storage.store import Transaction
from .types import Request, Response
from .users import User, find_user
from .validation import check_user_name, required

Answer = Callable[[Transaction, SignIn, Session, dict[str, str]], Response]


def respond_to_auth_challenge(tx: Transaction, request: Request) -> Response:
    """RespondToAuthChallenge, and AdminRespondToAuthChallenge for a server with AWS credentials:
    the next challenge, or tokens.
    """
    client, pool = client_and_pool(tx, request)
    name, responses = request["ChallengeName"], request.get("ChallengeResponses", {})
    if name not in ANSWERS.keys() | OTHER_FACTORS:
        raise NotInEmulatorException(f"the challenge {name}")
    if name not in WITHOUT_SESSION and "Session" not in request:
        raise InvalidParameterException("Missing required parameter Session")
    # By analogy with the sign-in's first call.
    check_user_name(responses)
    username = required(responses, "USERNAME")
    client.check_secret_hash(username, responses.get("SECRET_HASH"))
    user = find_user(tx, pool, username)
    if user is not None and not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    session = _session(tx, client, user, request)
    if (session.user_id, session.client_id) != (user.id if user else None, client.id):
        # As for a proof that is wrong: or the words would tell whose secret block it is.
        raise NotAuthorizedException(passwords.WRONG if name == PASSWORD_VERIFIER else INVALID)
    if name not in OTHER_FACTORS and session.expects.partition(",")[0] != name:
        raise NotAuthorizedException(INVALID)
    if user is None:
        srp_challenges.check("", session, responses)
        raise NotAuthorizedException(passwords.WRONG)
    if name in OTHER_FACTORS:
        raise CodeMismatchException("Invalid code or auth state for the user.")
    use_session(tx, session)
    # Named at the beginning or with the proof of the password (BEHAVIOR.md, 1.12), and so never
    # without the device's own proof.
    device_key = session.device_key or (
        responses.get("DEVICE_KEY") if name == PASSWORD_VERIFIER else None
    )
    by_alias = pool.name_key(username) != pool.name_key(user.username)
    return ANSWERS[name](
        tx, SignIn(pool, client, user, session.attempt, device_key, by_alias), session, responses
    )


def _session(tx: Transaction, client: Client, user: User | None, request: Request) -> Session:
    """The live session that an answer is for: the one sent with it or, in the steps of SRP, the one
    that fits what was sent.
    """
    name, responses, given = (
        request["ChallengeName"],
        request.get("ChallengeResponses", {}),
        request.get("Session"),
    )
    if name == DEVICE_SRP_AUTH:
        return find_by_device(tx, client, user, required(responses, "DEVICE_KEY"), given)
    if name in WITHOUT_SESSION:
        found = find_by_secret_block(tx, required(responses, "PASSWORD_CLAIM_SECRET_BLOCK"), given)
        if found is None:
            raise NotAuthorizedException(passwords.WRONG)
        return found
    return find_session(tx, request["Session"])


def _code(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response:
    mfa.check_code(tx, sign_in.user, responses)
    return signed_in(tx, sign_in)


def _setup(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response:
    mfa.check_setup(session)
    return signed_in(tx, sign_in)


def _password_proof(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response:
    if sign_in.user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    identity = srp_challenges.of_user(sign_in.user).identity
    passwords.judge(tx, sign_in.user, srp_challenges.check(identity, session, responses))
    return after_password(
        tx, sign_in if "DEVICE_KEY" in responses else devices.without_unknown(tx, sign_in)
    )


def _new_password(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response:
    changed = new_password_required.take(tx, sign_in.pool, sign_in.client, sign_in.user, responses)
    return after_password(tx, replace(sign_in, user=changed))


def _device_exchange(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response:
    """DEVICE_SRP_AUTH is answered by the device's public number; what comes back is the server's,
    and the challenge to prove the device's password.
    """
    big_a = srp_challenges.public_number(responses)
    device = devices.find(tx, sign_in.user, required(responses, "DEVICE_KEY"))
    asked = srp_challenges.challenge(big_a, srp_challenges.of_device(sign_in.pool, device))
    names = {"USERNAME": sign_in.user.username, "DEVICE_KEY": device.key}
    return ask(tx, sign_in, DEVICE_PASSWORD_VERIFIER, asked.parameters | names, asked)


def _device_proof(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response:
    device = devices.find(tx, sign_in.user, required(responses, "DEVICE_KEY"))
    right = srp_challenges.check(
        srp_challenges.of_device(sign_in.pool, device).identity, session, responses
    )
    # Whoever knows the key of the exchange could sign another device's name with it.
    right = right and device.key == session.device_key and device.remembered
    # Choice: it takes the place of a code, and so counts with the codes.
    wrong = NotAuthorizedException(passwords.WRONG)
    lockout.judge(
        tx,
        sign_in.user,
        lockout.SECOND_FACTOR,
        right,
        wrong,
        is_last=sign_in.pool.device_replaces_factor,
    )
    return after_device(tx, sign_in)


ANSWERS: dict[str, Answer] = {
    PASSWORD_VERIFIER: _password_proof,
    NEW_PASSWORD_REQUIRED: _new_password,
    DEVICE_SRP_AUTH: _device_exchange,
    DEVICE_PASSWORD_VERIFIER: _device_proof,
    MFA_SETUP: _setup,
    SOFTWARE_TOKEN_MFA: _code,
}
WITHOUT_SESSION = {PASSWORD_VERIFIER, DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER}
# Of factors that no user of the emulator has, so that an answer to one always meets another state.
OTHER_FACTORS = {"SMS_MFA", "EMAIL_OTP"}
