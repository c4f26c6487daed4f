"""Setting up an authenticator app, in a sign-in or by access token. BEHAVIOR.md, 1.8 and 1.9."""

from __future__ import annotations

from dataclasses import dataclass

from . import lockout, tokens, totp_codes, user_factors
from .challenges.names import MFA_SETUP, SETUP_OFFERED, SETUP_VERIFIED, SOFTWARE_TOKEN_MFA
from .clients import find_client
from .crypto import random_values
from .errors import (
    EnableSoftwareTokenMFAException,
    InvalidParameterException,
    NotAuthorizedException,
    SoftwareTokenMFANotFoundException,
    UserNotFoundException,
)
from .pools import find_pool
from .sessions import (
    INVALID,
    Session,
    find_session,
    open_session,
    use_session,
)
from .storage.store import Transaction
from .types import Request, Response
from .users import User, named_user, user_by


@dataclass(frozen=True)
class Caller:
    """Who sets up an authenticator app: by a session of a sign-in, or by an access token. For a
    token, `origin_jti` is the sign-in it comes from.
    """

    user: User
    session: Session | None = None
    origin_jti: str | None = None


def associate_software_token(tx: Transaction, request: Request) -> Response:
    """AssociateSoftwareToken: `SecretCode`, 52 characters of base32, and a new `Session` if one
    was sent. Only that session, or the access token's sign-in, can verify the secret. BEHAVIOR.md,
    1.9.
    """
    caller = _caller(tx, request, {MFA_SETUP, SETUP_OFFERED})
    if not find_pool(tx, caller.user.pool_id).totp:
        raise SoftwareTokenMFANotFoundException
    secret = random_values.totp_secret()
    if caller.session is None:
        _offer_to_sign_in(tx, caller, secret)
    return {"SecretCode": secret, **_next(tx, caller, SETUP_OFFERED, secret)}


def verify_software_token(tx: Transaction, request: Request) -> Response:
    """VerifySoftwareToken: `Status` SUCCESS, and a new `Session` if one was sent. The code is then
    used up. BEHAVIOR.md, 1.9.
    """
    caller = _caller(tx, request, {SETUP_OFFERED})
    user, secret = caller.user, _offered(tx, caller)
    if secret is None:
        raise SoftwareTokenMFANotFoundException(totp_codes.NO_TOKEN)
    lockout.reject_locked(tx, user, lockout.SECOND_FACTOR)
    step = totp_codes.step_of(secret, request["UserCode"], tx.now)
    if step is None:
        lockout.count_wrong(tx, user, lockout.SECOND_FACTOR)
        raise EnableSoftwareTokenMFAException
    lockout.reset(tx, user, lockout.SECOND_FACTOR)
    tx.run(
        "UPDATE users SET totp_secret = ?, totp_name = ?, modified = ? WHERE id = ?",
        secret,
        request.get("FriendlyDeviceName"),
        tx.now,
        user.id,
    )
    if caller.session is None:
        _offer_to_sign_in(tx, caller, None)
    # Codes of an earlier authenticator say nothing about this one's.
    tx.run("DELETE FROM used_totp_steps WHERE user_id = ?", user.id)
    assert step is not None
    totp_codes.use(tx, user, step)
    return {"Status": "SUCCESS", **_next(tx, caller, SETUP_VERIFIED)}


def _caller(tx: Transaction, request: Request, expected: set[str]) -> Caller:
    """Who is calling: the user of an access token, or of a session that expects one of
    `expected`.
    """
    if ("AccessToken" in request) == ("Session" in request):
        raise InvalidParameterException(
            "Either an access token or a session is needed, and not both."
        )
    if "AccessToken" in request:
        try:
            user, origin_jti = tokens.bearer_and_sign_in(tx, request["AccessToken"])
        except UserNotFoundException:
            # AssociateSoftwareToken has no such error in the model.
            raise NotAuthorizedException("Access Token has been revoked") from None
        return Caller(user, origin_jti=origin_jti)
    session = find_session(tx, request["Session"])
    found = user_by(tx, "id", session.user_id) if session.user_id is not None else None
    if found is None or not found.enabled or session.expects not in expected:
        raise NotAuthorizedException(INVALID)
    # Each step brings a new session: anyone who knew the password once could continue forever, and
    # in the end replace the owner's app, or add one beside another factor.
    pool = find_pool(tx, found.pool_id)
    if found.totp_secret is not None or user_factors.second(tx, pool, found):
        raise NotAuthorizedException(INVALID)
    return Caller(found, session)


def _offered(tx: Transaction, caller: Caller) -> str | None:
    """The secret that this caller asked for, and no one else's."""
    if caller.session is not None:
        return caller.session.totp_offered
    row = tx.one("SELECT totp_offered FROM sign_ins WHERE origin_jti = ?", caller.origin_jti)
    return row["totp_offered"] if row else None


def _offer_to_sign_in(tx: Transaction, caller: Caller, secret: str | None) -> None:
    tx.run("UPDATE sign_ins SET totp_offered = ? WHERE origin_jti = ?", secret, caller.origin_jti)


def _next(
    tx: Transaction, caller: Caller, expects: str, totp_offered: str | None = None
) -> dict[str, str]:
    session = caller.session
    if session is None:
        return {}
    use_session(tx, session)
    return {
        "Session": open_session(
            tx,
            find_client(tx, session.client_id),
            caller.user.id,
            session.attempt,
            expects,
            device_key=session.device_key,
            totp_offered=totp_offered,
            state=session.state,
        )
    }


def admin_delete_software_token(tx: Transaction, request: Request) -> Response:
    """AdminDeleteSoftwareToken: `{}`; the user no longer has an authenticator app, or a preference
    for one. BEHAVIOR.md, 12.6.
    """
    _, user = named_user(tx, request)
    others = [name for name in user.mfa_factors.split() if name != SOFTWARE_TOKEN_MFA]
    tx.run(
        "UPDATE users SET totp_secret = NULL, totp_name = NULL, mfa_factors = ?, mfa_preference ="
        " nullif(mfa_preference, ?), modified = ? WHERE id = ?",
        " ".join(others),
        SOFTWARE_TOKEN_MFA,
        tx.now,
        user.id,
    )
    tx.run("DELETE FROM used_totp_steps WHERE user_id = ?", user.id)
    return {}
