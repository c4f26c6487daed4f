"""USER_AUTH: the choice of a first factor, one-time codes, and users without a password.
BEHAVIOR.md, 11.1 to 11.6.
"""

import pytest
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP, long_to_hex

from cognito_helpers.sign_in.tokens import claims_of

from .flow import (
    APPS,
    CHOICE,
    EMAIL,
    EMAILS,
    MASKED,
    MINUTE,
    MUTABLE,
    PASSWORD,
    PHONE,
    PLANES,
    SMS,
    STEP,
    TRACKING,
    WRONG_PASSWORD,
    first_factors,
    pairs,
    plain,
    rejects,
)

WRONG = "NotAuthorizedException", "Incorrect username or password."
MISMATCH = "CodeMismatchException", "Invalid code or auth state for the user."
USED = "NotAuthorizedException", "Invalid session for the user, session can only be used once."
EXPIRED = "NotAuthorizedException", "Invalid session for the user, session is expired."
INVALID = "NotAuthorizedException", "Invalid session for the user."
BOTH = pairs(email=EMAIL, phone_number=PHONE)
PASSWORDS, CODES = ["PASSWORD_SRP", "PASSWORD"], ["EMAIL_OTP", "SMS_OTP"]
EACH_PLANE = pytest.mark.parametrize("plane", PLANES)
EACH_CODE = pytest.mark.parametrize(
    ("challenge", "medium", "masked"),
    [("EMAIL_OTP", "EMAIL", MASKED), ("SMS_OTP", "SMS", "+*******1212")],
)


@pytest.fixture
def choice(make_flow):
    """A confirmed user with a password, an email address and a phone number."""
    return make_flow("choice").confirmed(UserAttributes=BOTH)


def offered(answer):
    return set(answer["AvailableChallenges"])


def spends(flow, error, call):
    """Check that `call` is rejected and ends the session."""
    with pytest.raises(ClientError, match=error[1]):
        call()
    with rejects(flow, *USED):
        call()


# Starting


@EACH_PLANE
def test_a_user_chooses_among_all_factors(choice, plane):
    """11.1: SELECT_CHALLENGE, no parameters, the list at the top level."""
    asked = choice.choose(plane=plane)
    assert (asked["ChallengeName"], asked["ChallengeParameters"]) == ("SELECT_CHALLENGE", {})
    assert offered(asked) == {*PASSWORDS, *CODES}
    assert asked["Session"]


@EACH_PLANE
def test_a_password_in_one_call(choice, plane):
    """11.1"""
    assert choice.choose("PASSWORD", plane, PASSWORD=PASSWORD)["AuthenticationResult"]
    with rejects(choice, *WRONG):
        choice.choose("PASSWORD", plane, PASSWORD=WRONG_PASSWORD)
    with rejects(choice, "InvalidParameterException", "Missing required parameter PASSWORD"):
        choice.choose("PASSWORD", plane)


def srp(flow, password=PASSWORD):
    flow.srp = AWSSRP("alice", password, flow.pool_id, flow.client_id, client=object())
    return long_to_hex(flow.srp.large_a_value)


@EACH_PLANE
def test_a_password_by_srp(choice, plane):
    """11.1, 11.3: as USER_SRP_AUTH gives it. A wrong proof ends the challenge."""
    for password, right in ((PASSWORD, True), (WRONG_PASSWORD, False)):
        asked = choice.choose("PASSWORD_SRP", plane, SRP_A=srp(choice, password))
        assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
        choice.srp_challenge = asked["ChallengeParameters"]
        choice.session = False
        if right:
            assert choice.srp_finish(plane)["AuthenticationResult"]
        else:
            spends(choice, WRONG, lambda: choice.srp_finish(plane))


@EACH_PLANE
@EACH_CODE
def test_a_code_as_the_preferred_factor(choice, challenge, medium, masked, plane):
    """11.4: exactly two parameters, eight digits, all other factors named too."""
    asked = choice.choose(challenge, plane)
    assert asked["ChallengeName"] == challenge
    assert asked["ChallengeParameters"] == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": medium,
        "CODE_DELIVERY_DESTINATION": masked,
    }
    assert offered(asked) == {*PASSWORDS, *CODES}
    message = choice.emulator.inbox("alice")[-1]
    assert message.medium == medium and len(message.code) == 8 and message.code.isdigit()
    assert choice.one_time_code(challenge, plane=plane)["AuthenticationResult"]


def test_the_only_factor_comes_at_once(make_flow):
    """11.1: without SELECT_CHALLENGE."""
    flow = make_flow("choice", pool=MUTABLE | first_factors("EMAIL_OTP"))
    flow.create(UserAttributes=pairs(email=EMAIL, email_verified="true"), MessageAction="SUPPRESS")
    asked = flow.choose()
    assert (asked["ChallengeName"], asked["AvailableChallenges"]) == ("EMAIL_OTP", ["EMAIL_OTP"])


# A user's attributes, what's preferred: what's offered
PREFERENCES = {
    "11.1 SMS_OTP without a phone": (pairs(email=EMAIL), "SMS_OTP", {*PASSWORDS, "EMAIL_OTP"}),
    "11.1 EMAIL_OTP without an address": ([], "EMAIL_OTP", {*PASSWORDS}),
    "11.1 WEB_AUTHN without a passkey": (BOTH, "WEB_AUTHN", {*PASSWORDS, *CODES}),
    "choice: a preference that's no factor": (BOTH, "CUSTOM", {*PASSWORDS, *CODES}),
}


@pytest.mark.parametrize(
    ("attributes", "preferred", "expected"), PREFERENCES.values(), ids=PREFERENCES
)
def test_a_preference_the_user_cannot_meet_is_not_an_error(
    make_flow, attributes, preferred, expected
):
    flow = make_flow("choice")
    flow.sign_up(UserAttributes=attributes)
    flow.admin_confirm()
    asked = flow.choose(preferred)
    assert (asked["ChallengeName"], offered(asked)) == ("SELECT_CHALLENGE", expected)


def test_after_such_a_preference_another_factor_is_chosen(make_flow):
    """11.4"""
    flow = make_flow("choice").confirmed()
    flow.choose("SMS_OTP")
    assert flow.select("EMAIL_OTP")["ChallengeName"] == "EMAIL_OTP"
    assert flow.one_time_code("EMAIL_OTP")["AuthenticationResult"]


# SELECT_CHALLENGE


@EACH_PLANE
def test_choosing_the_password(choice, plane):
    """11.2"""
    choice.choose(plane=plane)
    assert choice.select("PASSWORD", PASSWORD=PASSWORD, plane=plane)["AuthenticationResult"]
    with rejects(choice, *USED):
        choice.select("PASSWORD", PASSWORD=PASSWORD, plane=plane)


def test_choosing_srp(choice):
    """11.2, 11.3"""
    choice.choose()
    asked = choice.select("PASSWORD_SRP", SRP_A=srp(choice))
    assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
    choice.srp_challenge = asked["ChallengeParameters"]
    assert choice.srp_finish()["AuthenticationResult"]


@EACH_CODE
def test_choosing_a_code(choice, challenge, medium, masked):
    """11.2: a new Session."""
    first = choice.choose()["Session"]
    asked = choice.select(challenge)
    assert asked["ChallengeName"] == challenge
    assert asked["Session"] != first
    assert choice.one_time_code(challenge)["AuthenticationResult"]


def test_the_password_may_be_answered_directly(choice):
    """11.2: PASSWORD and PASSWORD_SRP as names of challenges."""
    choice.choose()
    assert choice.answer("PASSWORD", PASSWORD=PASSWORD)["AuthenticationResult"]
    choice.choose()
    asked = choice.answer("PASSWORD_SRP", SRP_A=srp(choice))
    choice.srp_challenge = asked["ChallengeParameters"]
    assert choice.srp_finish()["AuthenticationResult"]


def test_a_wrong_password_ends_the_choice(choice):
    """11.2: the flow must be restarted."""
    for call in (
        lambda: choice.select("PASSWORD", PASSWORD=WRONG_PASSWORD),
        lambda: choice.answer("PASSWORD", PASSWORD=WRONG_PASSWORD),
    ):
        choice.choose()
        spends(choice, WRONG, call)


def test_a_factor_the_user_does_not_have_is_rejected(make_flow):
    """11.2: the text. Choice: the type, and that the session stays valid."""
    flow = make_flow("choice").confirmed()
    flow.choose()
    with rejects(flow, "InvalidParameterException", "Selected challenge is not available"):
        flow.select("SMS_OTP")
    assert flow.select("EMAIL_OTP")["ChallengeName"] == "EMAIL_OTP"


def test_a_choice_is_rejected_as_the_response_to_a_code(choice):
    """Choice. 11.19: sessions are bound to their challenge."""
    choice.choose("EMAIL_OTP")
    with rejects(choice, *INVALID):
        choice.answer("PASSWORD", PASSWORD=PASSWORD)
    choice.choose()
    with rejects(choice, *MISMATCH):
        choice.one_time_code("EMAIL_OTP")
    choice.choose("EMAIL_OTP")
    with rejects(choice, *MISMATCH):
        choice.one_time_code("SMS_OTP")


# Codes


@EACH_CODE
def test_a_wrong_code_and_then_the_right_one(choice, challenge, medium, masked):
    """11.4: six wrong codes and no lock; the session once."""
    choice.choose(challenge)
    for _ in range(6):
        with rejects(choice, *MISMATCH):
            choice.one_time_code(challenge, choice.wrong_email_code())
    assert choice.one_time_code(challenge)["AuthenticationResult"]
    with rejects(choice, *USED):
        choice.one_time_code(challenge)


def test_a_session_does_not_accept_wrong_codes_forever(choice):
    """Choice: how many. 11.19: many end it."""
    choice.choose("EMAIL_OTP")
    for _ in range(20):
        with pytest.raises(ClientError, match=MISMATCH[1]):
            choice.one_time_code("EMAIL_OTP", choice.wrong_email_code())
    with rejects(choice, *EXPIRED):
        choice.one_time_code("EMAIL_OTP")


def test_a_late_code_is_rejected(choice):
    """11.4"""
    choice.choose("EMAIL_OTP")
    choice.wait(3 * MINUTE)
    with rejects(choice, *EXPIRED):
        choice.one_time_code("EMAIL_OTP")


@pytest.mark.parametrize(
    ("challenge", "attribute"), [("EMAIL_OTP", "email"), ("SMS_OTP", "phone_number")]
)
def test_a_code_verifies_and_confirms(make_flow, challenge, attribute):
    """11.4: whatever the pool auto-verifies."""
    flow = make_flow("choice", pool=MUTABLE | SMS | first_factors("PASSWORD", *CODES))
    flow.sign_up(UserAttributes=BOTH)
    assert flow.look()["UserStatus"] == "UNCONFIRMED"
    flow.choose(challenge)
    assert flow.one_time_code(challenge)["AuthenticationResult"]
    assert flow.look()["UserStatus"] == "CONFIRMED"
    assert flow.attributes()[f"{attribute}_verified"] == "true"


def test_an_unconfirmed_user_has_no_password_yet(make_flow):
    """Choice"""
    flow = make_flow("choice")
    flow.sign_up()
    with rejects(flow, "UserNotConfirmedException"):
        flow.choose("PASSWORD", PASSWORD=PASSWORD)


# Users who must use their password


def test_a_temporary_password_is_the_only_factor(make_flow):
    """11.3: even if EMAIL_OTP is preferred."""
    flow = make_flow("choice")
    flow.create(TemporaryPassword="Temporary-Horse-7", MessageAction="SUPPRESS")
    asked = flow.choose("EMAIL_OTP")
    assert (asked["ChallengeName"], offered(asked)) == ("SELECT_CHALLENGE", {*PASSWORDS})
    asked = flow.select("PASSWORD", PASSWORD="Temporary-Horse-7")
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert flow.answer("NEW_PASSWORD_REQUIRED", NEW_PASSWORD=PASSWORD)["AuthenticationResult"]


def test_a_user_with_a_second_factor_has_only_the_password(make_flow):
    """11.3: in an OPTIONAL pool. After the password MFA follows."""
    flow = make_flow("choice", mfa="OPTIONAL", factors=APPS | EMAILS).confirmed()
    assert offered(flow.choose()) == {*PASSWORDS, "EMAIL_OTP"}
    flow.aws.admin_set_user_mfa_preference(**flow.named(), EmailMfaSettings={"Enabled": True})
    assert offered(flow.choose("EMAIL_OTP")) == {*PASSWORDS}
    asked = flow.select("PASSWORD", PASSWORD=PASSWORD)
    assert (asked["ChallengeName"], len(flow.email_code())) == ("EMAIL_OTP", 6)
    assert flow.one_time_code("EMAIL_OTP")["AuthenticationResult"]


def test_if_mfa_is_required_only_the_password_is_offered(make_flow):
    """11.3"""
    flow = make_flow("choice", mfa="ON", pool=MUTABLE).confirmed()
    asked = flow.choose("EMAIL_OTP")
    assert (asked["ChallengeName"], offered(asked)) == ("SELECT_CHALLENGE", {*PASSWORDS})
    assert flow.select("PASSWORD", PASSWORD=PASSWORD)["ChallengeName"] == "MFA_SETUP"


def test_a_code_is_not_enough_once_the_user_has_a_second_factor(make_flow):
    flow = make_flow("choice", mfa="OPTIONAL", factors=APPS | EMAILS).confirmed()
    flow.choose("EMAIL_OTP")
    flow.aws.admin_set_user_mfa_preference(**flow.named(), EmailMfaSettings={"Enabled": True})
    with rejects(flow, *INVALID):
        flow.one_time_code("EMAIL_OTP")


def test_users_who_may_not_sign_in_are_rejected(choice):
    """1.7, and 11.1: the client's setting. Choice: its words."""
    choice.disable()
    with rejects(choice, "NotAuthorizedException", "User is disabled."):
        choice.choose()
    choice.enable()
    choice.aws.update_user_pool_client(
        UserPoolId=choice.pool_id,
        ClientId=choice.client_id,
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"],
    )
    with rejects(choice, "InvalidParameterException"):
        choice.choose()
    with rejects(choice, "InvalidParameterException", "Missing required parameter USERNAME"):
        choice.initiate("USER_SRP_AUTH")


# Unknown users


def test_an_unknown_user_is_reported(make_flow):
    """11.5: LEGACY"""
    flow = make_flow("choice")
    with rejects(flow, "UserNotFoundException", "User does not exist."):
        flow.choose()


@pytest.fixture
def hiding(make_flow):
    return make_flow("choice", client=CHOICE | {"PreventUserExistenceErrors": "ENABLED"})


def test_a_code_for_an_unknown_user_is_simulated(hiding):
    """11.5: the measured shape, and nothing is sent."""
    name = "nobody@example.com"
    asked = hiding.choose("EMAIL_OTP", username=name)
    assert (asked["ChallengeName"], asked["AvailableChallenges"]) == ("EMAIL_OTP", ["EMAIL_OTP"])
    assert asked["ChallengeParameters"] == {
        "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
        "CODE_DELIVERY_DESTINATION": "n***@e***",
    }
    assert hiding.rows("SELECT * FROM outbox") == []
    with rejects(hiding, *MISMATCH):
        hiding.one_time_code("EMAIL_OTP", "12345678", USERNAME=name)
    asked = hiding.choose("SMS_OTP", username=name)
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"].startswith("+")


def test_a_choice_of_an_unknown_user_is_simulated(hiding):
    """11.5: passwords, which are wrong in the end."""
    asked = hiding.choose(username="nobody")
    assert (asked["ChallengeName"], offered(asked)) == ("SELECT_CHALLENGE", {*PASSWORDS})
    with rejects(hiding, "InvalidParameterException", "Selected challenge is not available"):
        hiding.select("EMAIL_OTP", USERNAME="nobody")
    spends(hiding, WRONG, lambda: hiding.select("PASSWORD", PASSWORD=PASSWORD, USERNAME="nobody"))
    hiding.choose(username="nobody")
    spends(hiding, WRONG, lambda: hiding.answer("PASSWORD", PASSWORD=PASSWORD, USERNAME="nobody"))
    with rejects(hiding, *WRONG):
        hiding.choose("PASSWORD", username="nobody", PASSWORD=PASSWORD)


@pytest.mark.parametrize("selected", [True, False])
def test_srp_of_an_unknown_user_is_simulated(hiding, selected):
    """11.5: the same salt and ID each time."""
    told = set()
    for _ in range(2):
        if selected:
            hiding.choose(username="nobody")
            asked = hiding.select("PASSWORD_SRP", SRP_A=srp(hiding), USERNAME="nobody")
        else:
            hiding.session = False
            asked = hiding.choose("PASSWORD_SRP", username="nobody", SRP_A=srp(hiding))
        given = asked["ChallengeParameters"]
        told.add((given["SALT"], given["USER_ID_FOR_SRP"]))
    assert len(told) == 1
    hiding.srp_challenge = given
    # As for an existing user (11.3): otherwise a second response would tell who exists.
    spends(hiding, WRONG, lambda: hiding.srp_finish(USERNAME="nobody"))


# Users without a password


def sign_up(flow, **changes):
    request = {"UserAttributes": pairs(email=EMAIL), **changes}
    return plain(flow.aws.sign_up(ClientId=flow.client_id, Username="alice", **request))


def test_a_user_signs_up_without_a_password(make_flow):
    """11.6, 11.4: and sets a first one later."""
    flow = make_flow("choice")
    sign_up(flow)
    with rejects(flow, "CodeMismatchException"):
        flow.confirm(flow.wrong_email_code())
    flow.confirm()
    assert offered(flow.choose()) == {"EMAIL_OTP"}
    assert flow.one_time_code("EMAIL_OTP")["AuthenticationResult"]
    with rejects(flow, *WRONG):
        flow.sign_in()
    flow.aws.change_password(AccessToken=flow.tokens["AccessToken"], ProposedPassword=PASSWORD)
    assert flow.sign_in()["AuthenticationResult"]
    assert offered(flow.choose()) == {*PASSWORDS, "EMAIL_OTP"}


def test_a_password_is_required_if_nothing_replaces_it(make_flow):
    """Choice: the text is the model's. 11.22, item 17."""
    for settings in ({"pool": MUTABLE | first_factors("PASSWORD")}, {"client": {}}):
        flow = make_flow("choice", **settings)
        with rejects(flow, "InvalidParameterException"):
            sign_up(flow)


def test_a_taken_name_is_rejected(make_flow):
    """11.6"""
    flow = make_flow("choice")
    sign_up(flow)
    with rejects(flow, "UsernameExistsException", "User already exists"):
        sign_up(flow)


def test_an_administrator_creates_a_user_without_a_password(make_flow):
    """11.6: CONFIRMED at once."""
    flow = make_flow("choice")
    proved = pairs(email=EMAIL, email_verified="true")
    assert flow.create(UserAttributes=proved, MessageAction="SUPPRESS")["User"]["UserStatus"] == (
        "CONFIRMED"
    )
    assert offered(flow.choose()) == {"EMAIL_OTP"}


# From signing up to signing in


def test_signing_up_leads_to_tokens(make_flow):
    """11.6: SignUp's session, ConfirmSignUp's, and tokens once."""
    flow = make_flow("choice")
    begun = flow.sign_up()["Session"]
    done = flow.confirm(Session=begun)["Session"]
    assert flow.choose_with(done)["AuthenticationResult"]
    with rejects(flow, *USED):
        flow.choose_with(done)


@pytest.mark.parametrize("without", ["the flow", "a session"])
def test_otherwise_there_is_no_session(make_flow, without):
    """12.2, 11.6: a client without ALLOW_USER_AUTH gets none. Choice: ConfirmSignUp gives one only
    for one.
    """
    flow = make_flow("choice", client={}) if without == "the flow" else make_flow("choice")
    assert ("Session" in flow.sign_up()) == (without == "a session")
    assert flow.confirm() == {}


def test_only_the_confirmed_session_of_this_user_signs_in(make_flow):
    flow = make_flow("choice")
    begun = flow.sign_up()["Session"]
    with rejects(flow, *INVALID):
        flow.choose_with(begun)
    with rejects(flow, *INVALID):
        flow.choose_with("x" * 40)
    done = flow.confirm(Session=begun)["Session"]
    flow.confirmed("bob", UserAttributes=pairs(email="bob@example.com"))
    with rejects(flow, *INVALID):
        flow.choose_with(done, username="bob")
    flow.choose()
    with rejects(flow, *INVALID):
        flow.choose_with(flow.session)
    flow.wait(3 * MINUTE)
    with rejects(flow, *EXPIRED):
        flow.choose_with(done)


def test_a_session_of_sign_up_does_not_replace_mfa(make_flow):
    """11.6: for a user who may sign in without MFA. Choice: the error."""
    flow = make_flow("choice", mfa="ON", pool=MUTABLE)
    begun = flow.sign_up()["Session"]
    done = flow.confirm(Session=begun)["Session"]
    with rejects(flow, *INVALID):
        flow.choose_with(done)


def test_a_new_password_ends_the_session_of_sign_up(make_flow):
    flow = make_flow("choice")
    done = flow.confirm(Session=flow.sign_up()["Session"])["Session"]
    flow.set_password(PASSWORD + "8")
    with rejects(flow, *EXPIRED):
        flow.choose_with(done)


# What a user can choose from


def test_the_factors_of_a_user(choice):
    """11.12"""
    choice.choose("PASSWORD", PASSWORD=PASSWORD)
    token = {"AccessToken": choice.tokens["AccessToken"]}
    found = plain(choice.aws.get_user_auth_factors(**token))
    assert found["Username"] == "alice"
    assert set(found["ConfiguredUserAuthFactors"]) == {"PASSWORD", *CODES}
    assert found.keys() == {"Username", "ConfiguredUserAuthFactors"}
    assert plain(choice.aws.admin_get_user_auth_factors(**choice.named())) == found


def test_second_factors_are_listed_too(make_flow):
    """11.12"""
    flow = make_flow("choice", mfa="OPTIONAL", factors=APPS | EMAILS).confirmed()
    first = {"Enabled": True, "PreferredMfa": True}
    flow.aws.admin_set_user_mfa_preference(**flow.named(), EmailMfaSettings=first)
    assert plain(flow.aws.admin_get_user_auth_factors(**flow.named())) == {
        "Username": "alice",
        "ConfiguredUserAuthFactors": ["PASSWORD"],
        "UserMFASettingList": ["EMAIL_OTP"],
        "PreferredMfaSetting": "EMAIL_OTP",
    }


def test_a_remembered_device_is_asked_after_the_password(make_flow):
    """11.1: DEVICE_KEY is optional in USER_AUTH."""
    pool = MUTABLE | {"DeviceConfiguration": TRACKING}
    flow = make_flow("choice", mfa="ON", pool=pool).with_device()
    asked = flow.wait(STEP).choose("PASSWORD", PASSWORD=PASSWORD, DEVICE_KEY=flow.device.key)
    assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"
    assert flow.device_sign_in()["AuthenticationResult"]


def test_a_device_that_is_only_named_does_not_belong_to_the_sign_in(make_flow):
    """Choice: after a code no device is asked, so the tokens belong to none, and a new one is
    offered.
    """
    pool = MUTABLE | first_factors("PASSWORD", "EMAIL_OTP") | {"DeviceConfiguration": TRACKING}
    flow = make_flow("choice", pool=pool).with_device()
    flow.choose("EMAIL_OTP", DEVICE_KEY=flow.device.key)
    result = flow.one_time_code("EMAIL_OTP")["AuthenticationResult"]
    assert result["NewDeviceMetadata"]["DeviceKey"] != flow.device.key
    assert claims_of(result["AccessToken"])["device_key"] != flow.device.key


@pytest.mark.parametrize("mfa", ["OFF", "OPTIONAL"])
def test_codes_use_the_templates_if_there_is_mfa(make_flow, mfa):
    """11.4: otherwise the service's own text."""
    template = {"SmsAuthenticationMessage": "It is {####}"}
    pool = MUTABLE | SMS | template | first_factors("PASSWORD", "SMS_OTP")
    flow = make_flow("choice", mfa=mfa, pool=pool, factors=APPS)
    flow.confirmed(UserAttributes=BOTH).choose("SMS_OTP")
    message = flow.emulator.inbox(PHONE)[-1]
    assert (message.body == f"It is {message.code}") == (mfa == "OPTIONAL")
