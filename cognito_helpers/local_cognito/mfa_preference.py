"""Which second factors a user has turned on, and which one comes first. BEHAVIOR.md, 11.12."""

from __future__ import annotations

from . import tokens
from .errors import InvalidParameterException, NotInEmulatorException
from .storage.store import Transaction
from .types import Request, Response
from .users import User, named_user

# BEHAVIOR.md, 12.3 and 12.5.
NOTHING_TO_TURN_ON = "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA"
NOTHING_TO_TURN_OFF = "User has not set up software token mfa"


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
