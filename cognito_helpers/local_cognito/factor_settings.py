"""Which settings of first and second factors a pool can't have together. BEHAVIOR.md, 11.13 and
12.1.
"""

from __future__ import annotations

from .errors import FeatureUnavailableInTierException, InvalidParameterException
from .pools import FIRST_FACTORS, has_own_sender
from .types import Request, Settings

# What SetUserPoolMfaConfig takes: one block for each second factor, and passkeys, which aren't one.
FACTORS = ("SmsMfaConfiguration", "EmailMfaConfiguration", "SoftwareTokenMfaConfiguration")
PASSKEYS = "WebAuthnConfiguration"
_RECOVERY_BY_PHONE = (
    "Invalid account recovery setting parameter. Account Recovery Setting cannot use"
    " verified_phone_number as a recovery mechanism when SMS MFA is configured."
)
_RECOVERY_BY_EMAIL = (
    "Invalid account recovery setting parameter. Account Recovery Setting cannot use"
    " verified_email as a recovery mechanism when Email MFA is configured."
)


def check_mfa(request: Request, pool: Settings) -> None:
    """Reject a combination SetUserPoolMfaConfig doesn't accept, whatever the pool's first factors
    are.
    """
    factors = [name for name in FACTORS if name in request]
    off = request.get("MfaConfiguration", "OFF") == "OFF"
    if off and factors:
        raise InvalidParameterException(
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
        )
    if not off and not factors:
        raise InvalidParameterException(
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be"
            " enabled."
        )
    if "EmailMfaConfiguration" in factors and not has_own_sender(pool):
        raise InvalidParameterException(
            "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an"
            " EmailSendingAccount of COGNITO_DEFAULT."
        )
    if "EmailMfaConfiguration" in factors and pool["UserPoolTier"] == "LITE":
        raise FeatureUnavailableInTierException
    if not request.get("SmsMfaConfiguration", {"SmsConfiguration": True}).get("SmsConfiguration"):
        raise InvalidParameterException("SmsMfaConfiguration needs an SmsConfiguration of its own.")


def check_factors(settings: Settings, mfa_config: Settings) -> None:
    """Reject factors of a pool that exclude each other. `settings` and `mfa_config` are all the
    pool has after the change.
    """
    policy = settings["Policies"].get("SignInPolicy", FIRST_FACTORS)
    first, mfa = set(policy["AllowedFirstAuthFactors"]), settings["MfaConfiguration"]
    if settings["UserPoolTier"] == "LITE" and first - {"PASSWORD"}:
        raise FeatureUnavailableInTierException
    if first <= {"WEB_AUTHN"}:
        raise InvalidParameterException("WEB_AUTHN needs another first factor beside it.")
    if "SMS_OTP" in first and not settings.get("SmsConfiguration"):
        raise InvalidParameterException(
            "SMS_OTP can not be configured as AuthFactor as user pool is missing valid SMS"
            " configuration"
        )
    if mfa == "ON" and first & {"EMAIL_OTP", "SMS_OTP"}:
        raise InvalidParameterException(
            "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is"
            " enabled"
        )
    counts = mfa_config.get(PASSKEYS, {}).get("FactorConfiguration")
    if mfa == "ON" and "WEB_AUTHN" in first and counts != "MULTI_FACTOR_WITH_USER_VERIFICATION":
        raise InvalidParameterException(
            "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and"
            " WebAuthn is an allowed first auth factor"
        )
    if mfa != "OFF":
        _check_recovery(settings, mfa_config)


def _check_recovery(settings: Settings, mfa_config: Settings) -> None:
    """Known for a phone number as the only mechanism. By analogy: an email address."""
    mechanisms = settings.get("AccountRecoverySetting", {}).get("RecoveryMechanisms", [])
    only = [mechanism["Name"] for mechanism in mechanisms]
    if only == ["verified_phone_number"] and settings.get("SmsConfiguration"):
        raise InvalidParameterException(_RECOVERY_BY_PHONE)
    if only == ["verified_email"] and "EmailMfaConfiguration" in mfa_config:
        raise InvalidParameterException(_RECOVERY_BY_EMAIL)
