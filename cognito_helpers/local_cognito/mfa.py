"""Authenticator apps: handing out the secret, checking codes, and the two challenges about them.
BEHAVIOR.md, 1.8 to 1.10 and section 4.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

import pyotp

from . import lockout, tokens
from .clients import find_client
from .crypto import random_values
from .errors import (
    CodeMismatchException,
    EnableSoftwareTokenMFAException,
    ExpiredCodeException,
    InvalidParameterException,
    NotAuthorizedException,
    NotInEmulatorException,
    SoftwareTokenMFANotFoundException,
    UserNotFoundException,
)
from .pools import Pool, find_pool
from .sessions import (
    INVALID,
    MFA_SETUP,
    SETUP_OFFERED,
    SETUP_VERIFIED,
    Session,
    find_session,
    open_session,
    use_session,
)
from .storage.store import Transaction
from .types import Request, Response
from .users import User, named_user, user_by
from .validation import required

STEP = 30
ALREADY_USED = "Your software token has already been used once."
# BEHAVIOR.md, 12.3 and 12.5.
NOTHING_TO_TURN_ON = "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA"
NOTHING_TO_TURN_OFF = "User has not set up software token mfa"
NO_TOKEN = "Software Token MFA does not exist for the user."


# Enrolling


@dataclass(frozen=True)
class Caller:
    """Who sets up an authenticator app: by a session of a sign-in, or by an access token. In that
    case `origin_jti` is the sign-in it comes from.
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
        raise SoftwareTokenMFANotFoundException(NO_TOKEN)
    lockout.refuse_locked(tx, user, lockout.SECOND_FACTOR)
    step = _step_of(secret, request["UserCode"], tx.now)
    lockout.judge(
        tx, user, lockout.SECOND_FACTOR, step is not None, EnableSoftwareTokenMFAException()
    )
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
    tx.run("INSERT INTO used_totp_steps VALUES (?, ?)", user.id, step)
    return {"Status": "SUCCESS", **_next(tx, caller, SETUP_VERIFIED)}


def _caller(tx: Transaction, request: Request, expected: set[str]) -> Caller:
    """Who is calling: the bearer of an access token, or the user of a session that expects one of
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
    # Each step brings a new session: whoever knew the password once could go on for ever, and in
    # the end put their own app in the place of the owner's.
    if found.totp_secret is not None:
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
        )
    }


# Choosing


def set_user_mfa_preference(tx: Transaction, request: Request) -> Response:
    """SetUserMFAPreference: `{}`; whether the bearer of an access token is asked for their
    authenticator app where the pool leaves that to the user.
    """
    user = tokens.bearer(tx, request["AccessToken"])
    chosen = request.get("SoftwareTokenMfaSettings")
    if user.totp_secret is None and chosen is not None and not chosen.get("Enabled"):
        raise InvalidParameterException(NOTHING_TO_TURN_OFF)
    return _prefer(tx, user, request)


def admin_set_user_mfa_preference(tx: Transaction, request: Request) -> Response:
    """AdminSetUserMFAPreference: as SetUserMFAPreference, by an administrator for any user. Here a
    factor the user doesn't have can be turned off: a test run against AWS does so.
    """
    _, user = named_user(tx, request)
    return _prefer(tx, user, request)


def _prefer(tx: Transaction, user: User, request: Request) -> Response:
    for settings in ("SMSMfaSettings", "EmailMfaSettings", "WebAuthnMfaSettings"):
        if request.get(settings, {}).get("Enabled"):
            raise NotInEmulatorException(f"the second factor of {settings}")
    chosen = request.get("SoftwareTokenMfaSettings")
    if chosen is None:
        return {}
    enabled = chosen.get("Enabled", False)
    if user.totp_secret is None and enabled:
        raise InvalidParameterException(NOTHING_TO_TURN_ON)
    preferred = enabled and chosen.get("PreferredMfa", False)
    tx.run(
        "UPDATE users SET mfa_enabled = ?, mfa_preferred = ? WHERE id = ?",
        enabled,
        preferred,
        user.id,
    )
    return {}


def admin_delete_software_token(tx: Transaction, request: Request) -> Response:
    """AdminDeleteSoftwareToken: `{}`; the user has no authenticator app any more, and no preference
    for one. BEHAVIOR.md, 12.6.
    """
    _, user = named_user(tx, request)
    tx.run(
        "UPDATE users SET totp_secret = NULL, totp_name = NULL, mfa_enabled = FALSE,"
        " mfa_preferred = FALSE, modified = ? WHERE id = ?",
        tx.now,
        user.id,
    )
    tx.run("DELETE FROM used_totp_steps WHERE user_id = ?", user.id)
    return {}


def asks(pool: Pool, user: User) -> bool:
    """Must `user` pass a second factor to sign in to `pool`?"""
    return pool.mfa == "ON" or (pool.mfa == "OPTIONAL" and bool(user.mfa_enabled))


# Answering


def check_setup(session: Session) -> None:
    """MFA_SETUP is answered by a session that has been through VerifySoftwareToken; no code is
    asked for again.
    """
    if session.expects != SETUP_VERIFIED:
        raise NotAuthorizedException(INVALID)


def check_code(tx: Transaction, user: User, responses: dict[str, str]) -> None:
    """SOFTWARE_TOKEN_MFA is answered by the code of this half minute, the one before or the one
    after, each good once.
    """
    code = required(responses, "SOFTWARE_TOKEN_MFA_CODE")
    if user.totp_secret is None:
        raise SoftwareTokenMFANotFoundException(NO_TOKEN)
    lockout.refuse_locked(tx, user, lockout.SECOND_FACTOR)
    step = _step_of(user.totp_secret, code, tx.now)
    if step is not None and _is_used(tx, user, step):
        # Neither a guess nor a proof, so it doesn't count.
        raise ExpiredCodeException(ALREADY_USED)
    wrong = CodeMismatchException("Invalid code received for user")
    lockout.judge(tx, user, lockout.SECOND_FACTOR, step is not None, wrong)
    assert step is not None
    tx.run("DELETE FROM used_totp_steps WHERE user_id = ? AND step < ?", user.id, step - 2)
    tx.run("INSERT INTO used_totp_steps VALUES (?, ?)", user.id, step)


def _is_used(tx: Transaction, user: User, step: int) -> bool:
    row = tx.one("SELECT 1 FROM used_totp_steps WHERE user_id = ? AND step = ?", user.id, step)
    return row is not None


def _step_of(secret: str, code: str, now: float) -> int | None:
    """The half minute that `code` belongs to, of the present one and its neighbours; None where it
    is none of theirs (RFC 6238, one step of tolerance).
    """
    totp = pyotp.TOTP(secret)
    present = int(now) // STEP
    found = None
    # All three are computed and compared, so that the time taken does not say which one it was.
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(totp.at(step * STEP).encode(), code.encode()):
            found = step
    return found
