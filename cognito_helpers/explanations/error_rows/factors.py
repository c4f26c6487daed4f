"""Errors of factors: the settings of a pool, and what users turn on and choose."""

from .row import Row

ROWS = [
    Row(
        "two-preferred-factors",
        "InvalidParameterException",
        "Only one MFA method",
        "A user prefers one second factor at most.",
        "Send PreferredMfa for one of them.",
    ),
    Row(
        "mfa-type-not-offered",
        "InvalidParameterException",
        "The selected MFA type",
        "ANSWER must be one of the factors in MFAS_CAN_CHOOSE.",
        "The session is still valid: send one of them.",
    ),
    Row(
        "factor-not-available",
        "InvalidParameterException",
        "Selected challenge is not available",
        "The user can't sign in with this factor.",
        "The session is still valid: send one of AvailableChallenges.",
    ),
    Row(
        "sms-without-configuration",
        "InvalidParameterException",
        "SmsMfaConfiguration needs",
        "The block must contain the SmsConfiguration, even if the pool has one already.",
        "Send it along.",
    ),
    Row(
        "sms-otp-without-configuration",
        "InvalidParameterException",
        "SMS_OTP can not be configured",
        "The pool can't send text messages.",
        "Give the pool an SmsConfiguration, or leave SMS_OTP out.",
    ),
    Row(
        "passkey-alone",
        "InvalidParameterException",
        "WEB_AUTHN needs another",
        "A user registers a passkey after signing in some other way.",
        "Allow PASSWORD or a one-time code too.",
    ),
    Row(
        "codes-with-mfa",
        "InvalidParameterException",
        "Only PASSWORD and WEB_AUTHN",
        "In a pool with MFA ON, a sign-in can't begin with a one-time code.",
        "Leave EMAIL_OTP and SMS_OTP out, or set MFA to OPTIONAL.",
    ),
    Row(
        "passkeys-with-mfa",
        "InvalidParameterException",
        "Cannot set WebAuthn factor configuration",
        "With MFA ON, a passkey must count as two factors.",
        "Set FactorConfiguration to MULTI_FACTOR_WITH_USER_VERIFICATION.",
    ),
    Row(
        "recovery-by-mfa-factor",
        "InvalidParameterException",
        "Invalid account recovery setting",
        "A user who lost the password can't recover it with the second factor.",
        "Allow another way to recover an account.",
    ),
]
