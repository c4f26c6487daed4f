"""SMS_MFA, EMAIL_OTP as a second factor, SELECT_MFA_TYPE, and MFA_SETUP by email. BEHAVIOR.md,
11.9 to 11.11.
"""

import json

import pytest

from cognito_helpers.local_cognito.__main__ import _as_text

from .flow import (
    ALL_FACTORS,
    APPS,
    EMAIL,
    EMAILS,
    MINUTE,
    PHONE,
    PLANES,
    STEP,
    TEXTS,
    pairs,
    rejects,
)

MISMATCH = "CodeMismatchException", "Invalid code or auth state for the user."
INVALID_SESSION = "NotAuthorizedException", "Invalid session for the user."
USED = "NotAuthorizedException", "Invalid session for the user, session can only be used once."
EXPIRED = "NotAuthorizedException", "Invalid session for the user, session is expired."
KEYS = {"SMS_MFA": "SMS_MFA_CODE", "EMAIL_OTP": "EMAIL_OTP_CODE"}
BOTH = pairs(email=EMAIL, phone_number=PHONE)
# What each factor alone needs: the pool's factors, the user's attributes, where a code goes
ALONE = {
    "SMS_MFA": (TEXTS, pairs(phone_number=PHONE), "SMS", "+*******1212"),
    "EMAIL_OTP": (EMAILS, pairs(email=EMAIL), "EMAIL", "s***@s***"),
}
EACH_FACTOR = pytest.mark.parametrize("factor", ALONE)


def user_of(make_flow, factors, attributes, **settings):
    """A user of a pool with these factors, who has these attributes and can sign in."""
    flow = make_flow("mutable", mfa="ON", factors=factors, **settings)
    flow.sign_up(UserAttributes=attributes)
    flow.admin_confirm()
    return flow


def alone(make_flow, factor, **settings):
    factors, attributes, *_ = ALONE[factor]
    return user_of(make_flow, factors, attributes, **settings)


def answer(flow, factor, code=None, **rest):
    return flow.answer(factor, **{KEYS[factor]: code or flow.email_code()}, **rest)


def listed(flow):
    shown = flow.look()
    return shown.get("UserMFASettingList"), shown.get("PreferredMfaSetting")


def prefer(flow, **settings):
    flow.aws.admin_set_user_mfa_preference(**flow.named(), **settings)


@EACH_FACTOR
@pytest.mark.parametrize("plane", PLANES)
def test_the_only_factor_of_the_pool_is_asked_for_at_once(make_flow, factor, plane):
    """11.9: its parameters, a code of six digits, and what's listed and verified afterwards."""
    flow = alone(make_flow, factor)
    *_, medium, masked = ALONE[factor]

    asked = flow.sign_in(plane=plane)

    assert asked["ChallengeName"] == factor
    assert asked["ChallengeParameters"] == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": medium,
        "CODE_DELIVERY_DESTINATION": masked,
        "USER_ID_FOR_SRP": "alice",
    }
    message = flow.emulator.inbox("alice")[-1]
    assert (message.medium, len(message.code)) == (medium, 6)
    assert message.code.isdigit() and message.code in message.body
    assert listed(flow) == (None, None)
    assert answer(flow, factor, plane=plane)["AuthenticationResult"]
    assert listed(flow) == ([factor], factor)
    proved = {"SMS_MFA": "phone_number_verified", "EMAIL_OTP": "email_verified"}[factor]
    assert flow.attributes()[proved] == "true"
    assert flow.sign_in()["ChallengeName"] == factor


@EACH_FACTOR
def test_a_wrong_code_leaves_the_session_valid(make_flow, factor):
    """11.9"""
    flow = alone(make_flow, factor)
    flow.sign_in()
    with rejects(flow, *MISMATCH):
        answer(flow, factor, flow.wrong_email_code())
    assert answer(flow, factor)["AuthenticationResult"]
    with rejects(flow, *USED):
        answer(flow, factor)


@EACH_FACTOR
def test_a_code_expires_with_its_session(make_flow, factor):
    """11.9: AuthSessionValidity, three minutes by default."""
    flow = alone(make_flow, factor)
    flow.sign_in()
    flow.wait(3 * MINUTE)
    with rejects(flow, *EXPIRED):
        answer(flow, factor)


@EACH_FACTOR
def test_a_code_belongs_to_its_sign_in(make_flow, factor):
    """Choice: each session has its own code."""
    flow = alone(make_flow, factor)
    first = flow.sign_in()["Session"]
    code = flow.email_code()
    flow.sign_in()
    if code != flow.email_code():
        with rejects(flow, *MISMATCH):
            answer(flow, factor, code)
    assert answer(flow, factor, code, session=first)["AuthenticationResult"]


@EACH_FACTOR
def test_wrong_codes_start_the_lock(make_flow, factor):
    """11.9: after five. Choice: the words."""
    flow = alone(make_flow, factor)
    flow.sign_in()
    for _ in range(5):
        with rejects(flow, *MISMATCH):
            answer(flow, factor, flow.wrong_email_code())
    with rejects(flow, "NotAuthorizedException", "Password attempts exceeded"):
        answer(flow, factor)
    flow.wait(1)
    assert answer(flow, factor)["AuthenticationResult"]


@EACH_FACTOR
def test_a_code_to_an_address_the_user_no_longer_has_is_rejected(make_flow, factor):
    """Choice"""
    flow = alone(make_flow, factor)
    flow.sign_in()
    flow.admin_update(email="success+else@simulator.amazonses.com", phone_number="+15550000000")
    with rejects(flow, *MISMATCH):
        answer(flow, factor)


def test_codes_of_an_app_and_of_a_message_are_not_interchangeable(make_flow):
    """1.10, 11.19"""
    flow = make_flow("untracked").challenged()
    with rejects(flow, *MISMATCH):
        flow.answer("SMS_MFA", SMS_MFA_CODE="123456")
    other = alone(make_flow, "EMAIL_OTP")
    other.sign_in()
    with rejects(other, *INVALID_SESSION):
        other.answer("SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE="123456")


# The pool's factors and the user's attributes: what's asked for first
FIRST_ASKED = {
    "11.9 app and email, with email": (APPS | EMAILS, pairs(email=EMAIL), "EMAIL_OTP"),
    "11.9 text and app, with phone": (TEXTS | APPS, pairs(phone_number=PHONE), "SMS_MFA"),
    "11.9 text and app, without phone": (TEXTS | APPS, pairs(email=EMAIL), "MFA_SETUP"),
    "11.9 text and email, without phone": (TEXTS | EMAILS, pairs(email=EMAIL), "EMAIL_OTP"),
    "11.10 text and email, with both": (TEXTS | EMAILS, BOTH, "SELECT_MFA_TYPE"),
    "11.10 app alone, with email": (APPS, pairs(email=EMAIL), "MFA_SETUP"),
    "11.11 app and email, without email": (APPS | EMAILS, [], "MFA_SETUP"),
}


@pytest.mark.parametrize(
    ("factors", "attributes", "challenge"), FIRST_ASKED.values(), ids=FIRST_ASKED
)
def test_the_required_factor_is_asked_for(make_flow, factors, attributes, challenge):
    assert user_of(make_flow, factors, attributes).sign_in()["ChallengeName"] == challenge


def chosen(flow, factor):
    assert flow.answer("SELECT_MFA_TYPE", ANSWER=factor)["ChallengeName"] == factor


def test_a_user_chooses_between_text_message_and_email(make_flow):
    """11.10: choosing SMS leaves it listed and preferred."""
    flow = user_of(make_flow, TEXTS | EMAILS, BOTH)
    asked = flow.sign_in()
    first = flow.session
    assert set(json.loads(asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"])) == set(KEYS)
    chosen(flow, "SMS_MFA")
    assert flow.session != first
    assert answer(flow, "SMS_MFA")["AuthenticationResult"]
    assert listed(flow) == (["SMS_MFA"], "SMS_MFA")
    assert flow.sign_in()["ChallengeName"] == "SMS_MFA"


def test_an_answer_that_was_not_offered_is_rejected(make_flow):
    """11.10, 11.21: EMAIL_MFA is a name of the guide's that the service doesn't know."""
    flow = user_of(make_flow, TEXTS | EMAILS, BOTH)
    flow.sign_in()
    for other in ("SOFTWARE_TOKEN_MFA", "EMAIL_MFA"):
        with rejects(flow, "InvalidParameterException"):
            flow.answer("SELECT_MFA_TYPE", ANSWER=other)
    chosen(flow, "EMAIL_OTP")
    assert answer(flow, "EMAIL_OTP")["AuthenticationResult"]


def with_app(flow):
    token = {"AccessToken": flow.tokens["AccessToken"]}
    flow.associate(**token)
    flow.verify(**token)
    return flow


def test_an_app_beside_a_factor_enabled_by_a_sign_in(make_flow):
    """11.10: both listed, none preferred, and choosing sets no preference."""
    flow = alone_with_app(make_flow)
    prefer(flow, SoftwareTokenMfaSettings={"Enabled": True})
    assert listed(flow) == (["SMS_MFA", "SOFTWARE_TOKEN_MFA"], None)
    asked = flow.wait(STEP).sign_in()
    offered = json.loads(asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"])
    assert set(offered) == {"SMS_MFA", "SOFTWARE_TOKEN_MFA"}
    chosen(flow, "SOFTWARE_TOKEN_MFA")
    assert flow.send_code()["AuthenticationResult"]
    assert listed(flow)[1] is None


def alone_with_app(make_flow):
    flow = user_of(make_flow, TEXTS | APPS, pairs(phone_number=PHONE))
    flow.sign_in()
    answer(flow, "SMS_MFA")
    return with_app(flow)


def test_the_preferred_factor_is_asked_for(make_flow):
    """11.10"""
    flow = alone_with_app(make_flow)
    prefer(flow, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    assert flow.wait(STEP).sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    prefer(flow, SMSMfaSettings={"Enabled": True, "PreferredMfa": True})
    assert flow.sign_in()["ChallengeName"] == "SMS_MFA"


@pytest.mark.parametrize(
    ("block", "factor"), [("SMSMfaSettings", "SMS_MFA"), ("EmailMfaSettings", "EMAIL_OTP")]
)
def test_if_mfa_is_optional_a_factor_must_be_enabled_first(make_flow, block, factor):
    """11.9: tokens with nothing turned on. An administrator's preference alone is enough."""
    flow = make_flow("mutable", mfa="OPTIONAL", factors=ALL_FACTORS)
    flow.sign_up(UserAttributes=BOTH)
    flow.confirm()
    assert flow.sign_in()["AuthenticationResult"]
    prefer(flow, **{block: {"Enabled": True}})
    assert flow.sign_in()["ChallengeName"] == factor
    assert answer(flow, factor)["AuthenticationResult"]
    assert listed(flow) == ([factor], None)


def test_email_is_set_up_during_the_sign_in(make_flow):
    """11.11"""
    flow = user_of(make_flow, APPS | EMAILS, [])
    asked = flow.sign_in()
    offered = json.loads(asked["ChallengeParameters"]["MFAS_CAN_SETUP"])
    assert set(offered) == {"SOFTWARE_TOKEN_MFA", "EMAIL_OTP"}
    asked = flow.answer("MFA_SETUP", EMAIL=EMAIL)
    assert asked["ChallengeName"] == "EMAIL_OTP"
    assert flow.emulator.inbox("alice")[-1].destination == EMAIL
    assert "email" not in flow.attributes()
    with rejects(flow, *MISMATCH):
        answer(flow, "EMAIL_OTP", flow.wrong_email_code())
    assert answer(flow, "EMAIL_OTP")["AuthenticationResult"]
    assert (flow.attributes()["email"], flow.attributes()["email_verified"]) == (EMAIL, "true")
    assert listed(flow) == (["EMAIL_OTP"], "EMAIL_OTP")


def test_email_can_be_set_up_with_the_guides_key_too(make_flow):
    """11.21"""
    flow = user_of(make_flow, APPS | EMAILS, [])
    flow.sign_in()
    assert flow.answer("MFA_SETUP", email=EMAIL)["ChallengeName"] == "EMAIL_OTP"


def test_a_malformed_address_ends_the_session(make_flow):
    """11.11. Choice: the text of the first error."""
    flow = user_of(make_flow, APPS | EMAILS, [])
    flow.sign_in()
    for address, error in (("nonsense", "InvalidParameterException"), (EMAIL, USED[0])):
        code, _ = flow.raw(
            "RespondToAuthChallenge",
            ClientId=flow.client_id,
            ChallengeName="MFA_SETUP",
            Session=flow.session,
            ChallengeResponses={"USERNAME": "alice", "EMAIL": address},
        )
        assert code == error


def test_email_cannot_be_set_up_if_the_pool_lacks_that_factor(make_flow):
    """Choice"""
    flow = user_of(make_flow, APPS, [])
    session = flow.sign_in()["Session"]
    responses = {"USERNAME": "alice", "EMAIL": EMAIL}
    request = {"ChallengeName": "MFA_SETUP", "Session": session, "ChallengeResponses": responses}
    code, _ = flow.raw("RespondToAuthChallenge", ClientId=flow.client_id, **request)
    assert code == "InvalidParameterException"


def test_a_stolen_password_cannot_set_up_a_factor_beside_the_owners(make_flow):
    flow = user_of(make_flow, APPS | EMAILS, [])
    kept = [flow.sign_in()["Session"] for _ in range(2)]
    code_sent = flow.answer("MFA_SETUP", session=kept.pop(), EMAIL="thief@example.com")["Session"]
    thiefs = flow.email_code()
    flow.sign_in()
    flow.answer("MFA_SETUP", EMAIL=EMAIL)
    assert answer(flow, "EMAIL_OTP")["AuthenticationResult"]
    with rejects(flow, *INVALID_SESSION):
        flow.answer("MFA_SETUP", session=kept[0], EMAIL="thief@example.com")
    with rejects(flow, *INVALID_SESSION):
        flow.associate(Session=kept[0])
    with rejects(flow, *INVALID_SESSION):
        answer(flow, "EMAIL_OTP", thiefs, session=code_sent)


def test_messages_use_the_pools_templates(make_flow):
    """11.4"""
    texts = {"SmsMfaConfiguration": TEXTS["SmsMfaConfiguration"]}
    texts["SmsMfaConfiguration"] = texts["SmsMfaConfiguration"] | {
        "SmsAuthenticationMessage": "It is {####}"
    }
    flow = user_of(make_flow, texts | EMAILS, BOTH)
    flow.sign_in()
    chosen(flow, "SMS_MFA")
    message = flow.emulator.inbox(PHONE)[-1]
    assert (message.body, message.subject) == (f"It is {message.code}", "")
    flow.sign_in()
    chosen(flow, "EMAIL_OTP")
    message = flow.emulator.inbox("alice")[-1]
    assert (message.body, message.subject) == (f"Your code: {message.code}", "Code")


def test_a_second_factor_by_email_cannot_reset_the_password(make_flow):
    """11.10: the type."""
    flow = make_flow("mutable", mfa="OPTIONAL", factors=EMAILS).confirmed()
    prefer(flow, EmailMfaSettings={"Enabled": True})
    with rejects(flow, "InvalidParameterException"):
        flow.forgot()
    with rejects(flow, "InvalidParameterException"):
        flow.aws.admin_reset_user_password(**flow.named())
    prefer(flow, EmailMfaSettings={"Enabled": False})
    assert flow.forgot()


def test_the_inbox_command_prints_a_text_message(make_flow):
    flow = alone(make_flow, "SMS_MFA")
    flow.sign_in()
    (message,) = flow.emulator.inbox("alice")
    head, _, body = _as_text(message).partition("\n\n")
    assert head.splitlines()[1:] == [f"To: {PHONE}"]
    assert body == message.body
