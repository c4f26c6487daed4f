"""Turning the authenticator app on and off if the pool leaves it to the user. BEHAVIOR.md, 1.4,
1.8, 1.9 and 10.3.
"""

import pytest

from .flow import ALL_FACTORS, PHONE, PLANES, STEP, plain, rejects

# Whose call it is: (the operation, how the caller is named)
CALLS = {
    "SetUserMFAPreference": (
        "set_user_mfa_preference",
        lambda f: {"AccessToken": f.tokens["AccessToken"]},
    ),
    "AdminSetUserMFAPreference": (
        "admin_set_user_mfa_preference",
        lambda f: {"UserPoolId": f.pool_id, "Username": f.username},
    ),
}
EACH_CALL = pytest.mark.parametrize(("operation", "who"), CALLS.values(), ids=CALLS)
NOTHING_TO_TURN_ON = (
    "InvalidParameterException",
    "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
)
NOTHING_TO_TURN_OFF = "InvalidParameterException", "User has not set up software token mfa"


def with_app(flow):
    """Signed in by the password, with an authenticator app that was verified by access token."""
    flow.signed_in()
    token = {"AccessToken": flow.tokens["AccessToken"]}
    flow.associate(**token)
    assert flow.verify(**token) == {"Status": "SUCCESS"}
    return flow


def prefer(flow, operation, who, **settings):
    return plain(getattr(flow.aws, operation)(**who(flow), **settings))


def factors(flow):
    shown = flow.look()
    assert {name: value for name, value in flow.get_user().items() if name != "UserAttributes"} == {
        name: shown[name]
        for name in ("Username", "UserMFASettingList", "PreferredMfaSetting")
        if name in shown
    }
    return shown.get("UserMFASettingList"), shown.get("PreferredMfaSetting")


@EACH_CALL
@pytest.mark.parametrize("plane", PLANES)
def test_an_app_is_asked_for_once_it_is_turned_on(make_flow, plane, operation, who):
    """1.8, 10.3, 12.3: in a pool with OPTIONAL MFA; verifying the app doesn't turn it on."""
    flow = with_app(make_flow("optional MFA"))
    assert flow.sign_in(plane=plane)["AuthenticationResult"]
    assert factors(flow) == (None, None)

    assert (
        prefer(
            flow, operation, who, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
        == {}
    )

    assert factors(flow) == (["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA")
    assert flow.wait(STEP).sign_in(plane=plane)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert flow.send_code(plane=plane)["AuthenticationResult"]


@EACH_CALL
def test_an_enabled_app_is_asked_for_even_if_it_is_not_preferred(make_flow, operation, who):
    """The model: an activated factor is asked for."""
    flow = with_app(make_flow("optional MFA"))
    prefer(flow, operation, who, SoftwareTokenMfaSettings={"Enabled": True})
    assert factors(flow) == (["SOFTWARE_TOKEN_MFA"], None)
    assert flow.wait(STEP).sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@EACH_CALL
def test_a_disabled_app_is_no_longer_asked_for(make_flow, operation, who):
    """1.8: OPTIONAL. 1.4: both members are left out again."""
    flow = with_app(make_flow("optional MFA"))
    prefer(flow, operation, who, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    prefer(flow, operation, who, SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False})
    assert factors(flow) == (None, None)
    assert flow.sign_in()["AuthenticationResult"]


@EACH_CALL
@pytest.mark.parametrize(
    ("kind", "challenge"),
    [("untracked", "SOFTWARE_TOKEN_MFA"), ("optional MFA", None)],
    ids=["MFA ON", "MFA OFF"],
)
def test_the_pools_setting_overrides_the_users(make_flow, kind, challenge, operation, who):
    """1.8: ON asks everyone, OFF asks no one, regardless of preferences."""
    flow = make_flow(kind)
    if challenge:
        flow.challenged().send_code()
    else:
        with_app(flow)
        flow.aws.set_user_pool_mfa_config(UserPoolId=flow.pool_id, MfaConfiguration="OFF")
    prefer(flow, operation, who, SoftwareTokenMfaSettings={"Enabled": challenge is None})
    assert flow.wait(STEP).sign_in().get("ChallengeName") == challenge


@EACH_CALL
def test_a_factor_that_is_not_set_up_cannot_be_turned_on(make_flow, operation, who):
    """12.3: one text for both calls. 12.5: a user's own call can't turn it off either; the Admin
    form can, as moto's test against AWS does.
    """
    flow = make_flow("optional MFA").signed_in()
    on = {"Enabled": True, "PreferredMfa": True}
    for offered in (False, True):
        if offered:
            flow.associate(AccessToken=flow.tokens["AccessToken"])
        with rejects(flow, *NOTHING_TO_TURN_ON):
            prefer(flow, operation, who, SoftwareTokenMfaSettings=on)
        off = {"Enabled": False}
        if operation.startswith("admin"):
            prefer(flow, operation, who, SoftwareTokenMfaSettings=off)
        else:
            with rejects(flow, *NOTHING_TO_TURN_OFF):
                prefer(flow, operation, who, SoftwareTokenMfaSettings=off)


def test_an_app_from_mfa_setup_is_not_listed_before_a_preference_is_set(flow):
    """12.3: an ON pool still asks for it."""
    flow.enrolled()
    assert factors(flow) == (None, None)
    assert flow.wait(STEP).sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    prefer(flow, *CALLS["SetUserMFAPreference"], SoftwareTokenMfaSettings={"Enabled": True})
    assert factors(flow) == (["SOFTWARE_TOKEN_MFA"], None)


@EACH_CALL
def test_a_preference_does_not_reset_an_app_if_mfa_is_required(make_flow, operation, who):
    """12.6: the call is accepted, and the lost app is still asked for."""
    flow = make_flow("untracked").challenged()
    flow.send_code()
    assert prefer(flow, operation, who, SoftwareTokenMfaSettings={"Enabled": False}) == {}
    assert flow.sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def delete_app(flow):
    return plain(flow.aws.admin_delete_software_token(**flow.named()))


def test_a_deleted_app_is_set_up_again_if_mfa_is_required(flow):
    """12.6: the next sign-in is MFA_SETUP, and the new app's first code works at once."""
    flow.challenged().send_code()
    assert delete_app(flow) == {}
    assert flow.sign_in()["ChallengeName"] == "MFA_SETUP"
    flow.associate()
    assert flow.verify()["Status"] == "SUCCESS"
    assert flow.answer("MFA_SETUP")["AuthenticationResult"]
    assert flow.wait(STEP).sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_a_deleted_app_leaves_no_preference(make_flow):
    """12.6: if MFA is OPTIONAL, the password is enough then."""
    flow = with_app(make_flow("optional MFA"))
    prefer(
        flow,
        *CALLS["SetUserMFAPreference"],
        SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
    )
    delete_app(flow)
    assert factors(flow) == (None, None)
    assert flow.sign_in()["AuthenticationResult"]


def test_a_code_of_a_deleted_app_is_rejected(flow):
    """12.6: for a challenge from before the deletion."""
    flow.challenged()
    code = flow.code()
    delete_app(flow)
    with rejects(flow, "SoftwareTokenMFANotFoundException"):
        flow.send_code(code)


def test_deleting_a_missing_app_is_accepted(flow):
    """12.6, choice: accepted. 8a: an unknown user is named."""
    assert delete_app(flow.confirmed()) == {}
    with rejects(flow, "UserNotFoundException", "User does not exist."):
        flow.aws.admin_delete_software_token(UserPoolId=flow.pool_id, Username="nobody")


@EACH_CALL
def test_factors_not_in_the_request_stay_unchanged(make_flow, operation, who):
    """11.12. Clients send every factor they know with each call."""
    flow = with_app(make_flow("optional MFA"))
    off = {
        "SMSMfaSettings": {"Enabled": False, "PreferredMfa": False},
        "EmailMfaSettings": {"Enabled": False},
    }
    prefer(flow, operation, who, SoftwareTokenMfaSettings={"Enabled": True}, **off)
    assert factors(flow) == (["SOFTWARE_TOKEN_MFA"], None)
    prefer(flow, operation, who, **off)
    assert factors(flow) == (["SOFTWARE_TOKEN_MFA"], None)


def with_all(flow):
    """A user with an app, an email address and a phone number, none of them turned on."""
    with_app(flow).admin_update(phone_number=PHONE)
    return flow


@EACH_CALL
def test_factors_are_listed_and_one_of_them_is_preferred(make_flow, operation, who):
    """11.12: enabled, preferred, another preferred, no longer preferred, disabled."""
    flow = with_all(make_flow("optional MFA", factors=ALL_FACTORS))
    on, first = {"Enabled": True}, {"Enabled": True, "PreferredMfa": True}
    assert factors(flow) == (None, None)

    prefer(flow, operation, who, SMSMfaSettings=on, EmailMfaSettings=first)
    assert factors(flow) == (["SMS_MFA", "EMAIL_OTP"], "EMAIL_OTP")
    prefer(flow, operation, who, SoftwareTokenMfaSettings=first)
    assert factors(flow) == (["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"], "SOFTWARE_TOKEN_MFA")
    prefer(flow, operation, who, SMSMfaSettings=on)
    assert factors(flow)[1] == "SOFTWARE_TOKEN_MFA"
    prefer(flow, operation, who, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": False})
    assert factors(flow) == (["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"], None)
    prefer(flow, operation, who, EmailMfaSettings=first)
    prefer(flow, operation, who, EmailMfaSettings={"Enabled": False})
    assert factors(flow) == (["SMS_MFA", "SOFTWARE_TOKEN_MFA"], None)


@EACH_CALL
def test_only_one_factor_is_preferred(make_flow, operation, who):
    """11.12: the type."""
    flow = with_all(make_flow("optional MFA", factors=ALL_FACTORS))
    first = {"Enabled": True, "PreferredMfa": True}
    with rejects(flow, "InvalidParameterException"):
        prefer(flow, operation, who, SMSMfaSettings=first, SoftwareTokenMfaSettings=first)


@EACH_CALL
@pytest.mark.parametrize(
    ("block", "name"), [("SMSMfaSettings", "SMS_MFA"), ("EmailMfaSettings", "EMAIL_OTP")]
)
def test_a_factor_needs_its_address(make_flow, operation, who, block, name):
    """11.12: by analogy with authenticator apps."""
    flow = make_flow("mutable", factors=ALL_FACTORS)
    flow.sign_up(UserAttributes=[])
    flow.admin_confirm()
    flow.sign_in()
    text = f"User does not have delivery config set to turn on {name}"
    with rejects(flow, "InvalidParameterException", text):
        prefer(flow, operation, who, **{block: {"Enabled": True}})


def test_text_messages_may_be_preferred_in_a_pool_without_them(make_flow):
    """11.12: stored, but the sign-in asks for the app."""
    flow = with_all(make_flow("optional MFA"))
    admin = CALLS["AdminSetUserMFAPreference"]
    prefer(flow, *admin, SoftwareTokenMfaSettings={"Enabled": True})
    prefer(flow, *admin, SMSMfaSettings={"Enabled": True, "PreferredMfa": True})
    assert factors(flow)[1] == "SMS_MFA"
    assert flow.wait(STEP).sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_a_remembered_device_is_asked_instead_of_the_app(make_flow):
    """The model: unless the device is trusted."""
    flow = with_app(make_flow("optional MFA", pool=()))
    prefer(flow, *CALLS["SetUserMFAPreference"], SoftwareTokenMfaSettings={"Enabled": True})
    flow.confirm_device()
    assert flow.sign_in(DEVICE_KEY=flow.device.key)["ChallengeName"] == "DEVICE_SRP_AUTH"
    assert flow.device_sign_in()["AuthenticationResult"]


def test_calls_need_a_caller(make_flow):
    """8a, 1.4 and 1.7"""
    flow = make_flow("optional MFA")
    with rejects(flow, "NotAuthorizedException", "Invalid Access Token"):
        flow.aws.set_user_mfa_preference(
            AccessToken="garbage", SoftwareTokenMfaSettings={"Enabled": True}
        )
    with rejects(flow, "UserNotFoundException", "User does not exist."):
        flow.aws.admin_set_user_mfa_preference(
            UserPoolId=flow.pool_id, Username="nobody", SoftwareTokenMfaSettings={"Enabled": True}
        )
    with rejects(
        flow, "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."
    ):
        flow.aws.admin_set_user_mfa_preference(
            UserPoolId="us-east-1_nosuchone",
            Username="nobody",
            SoftwareTokenMfaSettings={"Enabled": True},
        )
