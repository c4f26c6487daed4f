"""Which factors a pool can have together, in the service's words. BEHAVIOR.md, 11.13."""

import re

import pytest

from .flow import ALL_FACTORS, APPS, EMAILS, OWN_SENDER, SMS, TEXTS, plain, rejects

FIRST = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
COUNTS = {"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}
INVALID = "InvalidParameterException"
NO_SMS = (
    INVALID,
    "SMS_OTP can not be configured as AuthFactor as user pool is missing valid SMS configuration",
)
NO_CODES_WITH_MFA = (
    INVALID,
    "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is"
    " enabled",
)
PASSKEYS_ARE_NO_MFA = (
    INVALID,
    "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is"
    " an allowed first auth factor",
)
NO_PHONE_RECOVERY = (
    INVALID,
    "Invalid account recovery setting parameter. Account Recovery Setting cannot use"
    " verified_phone_number as a recovery mechanism when SMS MFA is configured.",
)


def first(*factors):
    return {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": list(factors)}}}


def recovery(*names):
    mechanisms = [{"Priority": n, "Name": name} for n, name in enumerate(names, 1)]
    return {"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}}


def made(flow, **settings):
    return flow.aws.create_user_pool(PoolName="another", **settings)["UserPool"]


def set_mfa(flow, pool_id=None, **settings):
    return plain(flow.aws.set_user_pool_mfa_config(UserPoolId=pool_id or flow.pool_id, **settings))


def then_mfa(pool, **mfa):
    """Create a pool, then set its MFA."""
    return lambda f: set_mfa(f, made(f, **pool)["Id"], **mfa)


def then_update(mfa, **pool):
    """Set MFA of a pool, then update it."""

    def calls(flow):
        pool_id = made(flow, **pool.pop("made", {}))["Id"]
        set_mfa(flow, pool_id, **mfa)
        flow.aws.update_user_pool(UserPoolId=pool_id, **pool)

    return calls


ON = {"MfaConfiguration": "ON", **APPS}
CASES = {
    "11.13 SMS_OTP without SmsConfiguration": (
        lambda f: made(f, **first("PASSWORD", "SMS_OTP")),
        NO_SMS,
    ),
    "11.13 SMS_OTP without SmsConfiguration, updated": (
        then_update({}, **first("PASSWORD", "SMS_OTP")),
        NO_SMS,
    ),
    "11.13 email codes, then MFA ON": (
        then_mfa(first("PASSWORD", "EMAIL_OTP"), **ON),
        NO_CODES_WITH_MFA,
    ),
    "11.13 MFA ON, then email codes": (
        then_update(ON, **first("PASSWORD", "EMAIL_OTP")),
        NO_CODES_WITH_MFA,
    ),
    "11.13 text messages, then MFA ON": (
        then_mfa(SMS | first("PASSWORD", "SMS_OTP"), **ON),
        NO_CODES_WITH_MFA,
    ),
    "11.13 passkeys, then MFA ON": (
        then_mfa(first("PASSWORD", "WEB_AUTHN"), **ON),
        PASSKEYS_ARE_NO_MFA,
    ),
    "11.13 passkeys, then MFA ON, preferred": (
        then_mfa(
            first("PASSWORD", "WEB_AUTHN"),
            WebAuthnConfiguration={"UserVerification": "preferred"},
            **ON,
        ),
        PASSKEYS_ARE_NO_MFA,
    ),
    "11.13 passkeys, then MFA ON, required": (
        then_mfa(
            first("PASSWORD", "WEB_AUTHN"),
            WebAuthnConfiguration={"UserVerification": "required"},
            **ON,
        ),
        PASSKEYS_ARE_NO_MFA,
    ),
    "11.13 recovery by phone": (
        lambda f: made(f, MfaConfiguration="OPTIONAL", **SMS, **recovery("verified_phone_number")),
        NO_PHONE_RECOVERY,
    ),
    "11.13 recovery by email, D": (
        then_mfa(OWN_SENDER | recovery("verified_email"), MfaConfiguration="ON", **EMAILS),
        (INVALID, re.compile("Invalid account recovery setting parameter. .*")),
    ),
    "11.13 passkeys alone": (lambda f: made(f, **first("WEB_AUTHN")), (INVALID, None)),
    "11.13 SmsConfiguration left out": (
        then_mfa(SMS, MfaConfiguration="ON", SmsMfaConfiguration={}),
        (INVALID, None),
    ),
    "11.1 email codes on Lite": (
        lambda f: made(f, UserPoolTier="LITE", **first("PASSWORD", "EMAIL_OTP")),
        ("FeatureUnavailableInTierException", None),
    ),
    "11.9 email MFA on Lite": (
        then_mfa(OWN_SENDER | {"UserPoolTier": "LITE"}, MfaConfiguration="ON", **EMAILS),
        ("FeatureUnavailableInTierException", None),
    ),
}


@pytest.mark.parametrize(("call", "error"), CASES.values(), ids=CASES)
def test_conflicting_settings_are_rejected(no_mfa, call, error):
    from botocore.exceptions import ClientError

    code, message = error
    with pytest.raises(ClientError) as caught:
        call(no_mfa)
    said = caught.value.response["Error"]
    assert said["Code"] == code, said
    if isinstance(message, str):
        assert said["Message"] == message
    elif message is not None:
        assert message.fullmatch(said["Message"])


ACCEPTED = {
    "11.13 email codes with the default sender": lambda f: made(
        f, **first("PASSWORD", "EMAIL_OTP")
    ),
    "11.13 email codes, OPTIONAL": then_mfa(
        first("PASSWORD", "EMAIL_OTP"), MfaConfiguration="OPTIONAL", **APPS
    ),
    "11.13 passkeys that count, ON": then_mfa(
        first("PASSWORD", "WEB_AUTHN"), WebAuthnConfiguration=COUNTS, **ON
    ),
    "11.13 passkeys, OPTIONAL": then_mfa(
        first("PASSWORD", "WEB_AUTHN"),
        WebAuthnConfiguration={"FactorConfiguration": "SINGLE_FACTOR"},
        MfaConfiguration="OPTIONAL",
        **APPS,
    ),
    "11.13 OFF with passkeys": then_mfa(
        {}, MfaConfiguration="OFF", WebAuthnConfiguration={"UserVerification": "preferred"}
    ),
    "11.7 a relying party that is no host": then_mfa(
        {}, WebAuthnConfiguration={"RelyingPartyId": "123456789", "UserVerification": "preferred"}
    ),
    "11.13 all first factors": lambda f: made(f, **SMS, **first(*FIRST)),
    "choice: recovery by phone or email": lambda f: made(
        f,
        MfaConfiguration="OPTIONAL",
        **SMS,
        **recovery("verified_phone_number", "verified_email"),
    ),
}


@pytest.mark.parametrize("call", ACCEPTED.values(), ids=ACCEPTED)
def test_compatible_settings_are_accepted(no_mfa, call):
    assert call(no_mfa)


def test_settings_are_echoed_and_shown(no_mfa):
    """11.13"""
    pool_id = made(no_mfa, **OWN_SENDER)["Id"]
    config = ALL_FACTORS | {
        "MfaConfiguration": "OPTIONAL",
        "WebAuthnConfiguration": {"RelyingPartyId": "example.com", "UserVerification": "required"},
    }
    assert set_mfa(no_mfa, pool_id, **config) == config
    assert plain(no_mfa.aws.get_user_pool_mfa_config(UserPoolId=pool_id)) == config
    shown = no_mfa.aws.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    assert shown["SmsConfiguration"] == SMS["SmsConfiguration"]


def test_first_factors_are_shown(no_mfa):
    """11.13"""
    policies = made(no_mfa, **first("PASSWORD", "EMAIL_OTP"))["Policies"]
    assert policies["SignInPolicy"] == {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}


@pytest.mark.parametrize("text", ["no place for it", "x" * 141 + "{####}"])
def test_messages_need_a_placeholder_for_the_code(no_mfa, text):
    """11.13"""
    sms = TEXTS["SmsMfaConfiguration"] | {"SmsAuthenticationMessage": text}
    with rejects(no_mfa, INVALID):
        set_mfa(no_mfa, MfaConfiguration="ON", SmsMfaConfiguration=sms)
