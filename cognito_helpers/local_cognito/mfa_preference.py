"""Which second factors a user has turned on, and which one comes first. BEHAVIOR.md, 11.12."""

from __future__ import annotations

from . import tokens
from .challenges.names import EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA, WEB_AUTHN
from .errors import InvalidParameterException
from .pools import find_pool
from .storage.store import Transaction
from .types import Request, Response, Settings
from .user_factors import ADDRESSES
from .users import User, attributes_of, named_user

BLOCKS = {
    "SMSMfaSettings": SMS_MFA,
    "SoftwareTokenMfaSettings": SOFTWARE_TOKEN_MFA,
    "EmailMfaSettings": EMAIL_OTP,
}


def set_user_mfa_preference(tx: Transaction, request: Request) -> Response:
    """SetUserMFAPreference: `{}`; which second factors the user of an access token has on, and
    which is asked for first.
    """
    user = tokens.bearer(tx, request["AccessToken"])
    chosen = request.get("SoftwareTokenMfaSettings")
    if user.totp_secret is None and chosen is not None and not chosen.get("Enabled"):
        # BEHAVIOR.md, 12.5.
        raise InvalidParameterException("User has not set up software token mfa")
    return _prefer(tx, user, request)


def admin_set_user_mfa_preference(tx: Transaction, request: Request) -> Response:
    """AdminSetUserMFAPreference: like SetUserMFAPreference, by an administrator for any user. Here
    an authenticator app the user doesn't have can be turned off: a test run against AWS does so.
    """
    _, user = named_user(tx, request)
    return _prefer(tx, user, request)


def _prefer(tx: Transaction, user: User, request: Request) -> Response:
    chosen = {name: request[block] for block, name in BLOCKS.items() if block in request}
    if sum(_is_preferred(settings) for settings in chosen.values()) > 1:
        raise InvalidParameterException("Only one MFA method can be the preferred one.")
    on, preferred, automatic = set(user.factors), user.mfa_preference, user.mfa_automatic
    for name, settings in chosen.items():
        # The preferred factor, or the one that counted as it, is set again.
        preferred, automatic = (
            None if name == known else known for known in (preferred, automatic)
        )
        if settings.get("Enabled"):
            _reject_missing(tx, user, name)
            on.add(name)
        else:
            on.discard(name)
    preferred = next((name for name in chosen if _is_preferred(chosen[name])), preferred)
    if _wants_passkey(tx, user, request, on):
        on.add(WEB_AUTHN)
    tx.run(
        "UPDATE users SET mfa_factors = ?, mfa_preference = ?, mfa_automatic = ? WHERE id = ?",
        " ".join(name for name in (*BLOCKS.values(), WEB_AUTHN) if name in on),
        preferred,
        automatic,
        user.id,
    )
    return {}


def _wants_passkey(tx: Transaction, user: User, request: Request, others: set[str]) -> bool:
    """Whether a passkey should count as MFA. BEHAVIOR.md, 11.12."""
    chosen = request.get("WebAuthnMfaSettings")
    if chosen is None:
        return user.passkey_is_mfa
    if not chosen.get("Enabled"):
        return False
    if not find_pool(tx, user.pool_id).passkey_is_mfa or not others:
        raise InvalidParameterException(
            "WebAuthnMfaSettings needs MULTI_FACTOR_WITH_USER_VERIFICATION and another MFA method."
        )
    return True


def _is_preferred(settings: Settings) -> bool:
    return bool(settings.get("Enabled") and settings.get("PreferredMfa"))


def _reject_missing(tx: Transaction, user: User, name: str) -> None:
    """Known for an authenticator app; for the others by analogy. BEHAVIOR.md, 11.12 and 12.3."""
    has = (
        user.totp_secret
        if name == SOFTWARE_TOKEN_MFA
        else attributes_of(tx, user).get(ADDRESSES[name])
    )
    if not has:
        raise InvalidParameterException(f"User does not have delivery config set to turn on {name}")
