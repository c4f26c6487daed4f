"""The triggers around sign-up, sign-in, tokens and messages. BEHAVIOR.md, 11.16."""

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.sign_in.tokens import claims_of

from . import lambdas, odd_lambdas
from .flow import (
    CHOICE,
    EMAIL,
    MUTABLE,
    OTHER_EMAIL,
    OWN_SENDER,
    PASSWORD,
    PHONE,
    PLANES,
    SMS,
    TRACKING,
    TUTORIAL_FLOWS,
    WRONG_PASSWORD,
    first_factors,
    pairs,
    rejects,
)
from .lambdas import Seen, config

pytestmark = pytest.mark.emulator_only("Lambda functions of the test's own")

HIDING = {"PreventUserExistenceErrors": "ENABLED"}
ALL = {"ExplicitAuthFlows": [*TUTORIAL_FLOWS, "ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"]}
UNREADABLE = ("InvalidLambdaResponseException", "Unrecognizable lambda output")
NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"


def passing(event, _):
    return event


def failing(event, _):
    raise ValueError("No")


def saying(**response):
    def function(event, _):
        event["response"].update(response)
        return event

    return function


@pytest.fixture
def seen(emulator):
    return Seen(emulator)


@pytest.fixture
def make(make_flow, seen):
    """A pool with these functions, each by its trigger."""

    def make(mfa="OFF", pool=(), client=ALL, **functions):
        seen.put(**functions)
        settings = MUTABLE | config(*functions) | dict(pool)
        return make_flow("tutorial", mfa=mfa, pool=settings, client=client)

    return make


def rejected(trigger):
    return ("UserLambdaValidationException", f"{trigger} failed with error No.")


# PreSignUp


def test_pre_sign_up_is_told(make, seen):
    """11.16"""
    flow = make(PreSignUp=passing)
    flow.sign_up(
        ValidationData=pairs(invited="yes", empty="")[:2], ClientMetadata={"from": "a test"}
    )
    (event,) = seen.of("PreSignUp")
    assert (event["triggerSource"], event["userName"]) == ("PreSignUp_SignUp", flow.username)
    assert event["request"] == {
        "userAttributes": {"email": EMAIL},
        "validationData": {"invited": "yes", "empty": ""},
        "clientMetadata": {"from": "a test"},
    }
    assert event["response"] == {
        "autoConfirmUser": False,
        "autoVerifyEmail": False,
        "autoVerifyPhone": False,
    }


def test_pre_sign_up_may_say_no(make):
    """11.16"""
    flow = make(PreSignUp=failing)
    with rejects(flow, *rejected("PreSignUp")):
        flow.sign_up()
    with rejects(flow, *rejected("PreSignUp")):
        flow.create()


def test_pre_sign_up_may_confirm_and_verify(make, seen):
    """11.16: and PostConfirmation is told."""
    flow = make(
        PreSignUp=saying(autoConfirmUser=True, autoVerifyEmail=True, autoVerifyPhone=True),
        PostConfirmation=passing,
    )
    answer = flow.sign_up(UserAttributes=pairs(email=EMAIL, phone_number=PHONE))
    assert answer["UserConfirmed"] is True and "CodeDeliveryDetails" not in answer
    assert flow.look()["UserStatus"] == "CONFIRMED" and not flow.emulator.inbox(flow.username)
    known = flow.attributes()
    assert (known["email_verified"], known["phone_number_verified"]) == ("true", "true")
    assert seen.of("PostConfirmation")[0]["triggerSource"] == "PostConfirmation_ConfirmSignUp"
    assert flow.sign_in()["AuthenticationResult"]


def test_confirmed_without_a_verified_address(make):
    """10.1, 11.16"""
    flow = make(PreSignUp=saying(autoConfirmUser=True))
    flow.sign_up()
    assert flow.attributes()["email_verified"] == "false"
    assert flow.look()["UserStatus"] == "CONFIRMED"


@pytest.mark.parametrize("flag", ["autoVerifyEmail", "autoVerifyPhone"])
def test_nothing_to_verify(make, flag):
    """11.23"""
    flow = make(PreSignUp=saying(autoConfirmUser=True, **{flag: True}))
    given = {"autoVerifyEmail": {"phone_number": PHONE}, "autoVerifyPhone": {"email": EMAIL}}
    with rejects(flow, *UNREADABLE):
        flow.sign_up(UserAttributes=pairs(**given[flag]))


def test_an_alias_of_another_user_is_not_taken(make):
    """10.1"""
    flow = make(
        pool={"AliasAttributes": ["email"]},
        PreSignUp=saying(autoConfirmUser=True, autoVerifyEmail=True),
    )
    flow.sign_up()
    with rejects(flow, "UsernameExistsException", "An account with the email already exists."):
        flow.sign_up("ben")


def test_a_function_that_signs_the_same_name_up(make, emulator):
    """11.23"""

    def function(event, _):
        emulator.lambdas["PreSignUp"] = passing
        flow.sign_up()
        return event

    flow = make(PreSignUp=function)
    with pytest.raises(ClientError, match="User already exists"):
        flow.sign_up()


def test_the_name_in_a_pool_without_user_names(make, seen):
    """11.23: the sub."""
    flow = make(pool={"UsernameAttributes": ["email"]}, PreSignUp=passing)
    sub = flow.sign_up(EMAIL)["UserSub"]
    assert seen.of("PreSignUp")[0]["userName"] == sub
    created = flow.create(OTHER_EMAIL, UserAttributes=pairs(email=OTHER_EMAIL))
    assert seen.of("PreSignUp")[1]["userName"] == created["User"]["Username"]


def test_an_administrator_creates_a_user(make, seen):
    """11.23: the flags are for sign-ups."""
    flow = make(PreSignUp=saying(autoConfirmUser=True))
    assert flow.create()["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    (event,) = seen.of("PreSignUp")
    assert event["triggerSource"] == "PreSignUp_AdminCreateUser"
    assert event["callerContext"]["clientId"] == NO_CLIENT


# PostConfirmation


def test_post_confirmation_is_told_of_each_confirmation(make, seen):
    """11.16"""
    flow = make(PostConfirmation=passing).confirmed()
    flow.sign_up("ben")
    flow.admin_confirm("ben")
    flow.forgot()
    flow.reset("Another-Horse-7")
    assert [(event["triggerSource"], event["userName"]) for _, event in seen.events] == [
        ("PostConfirmation_ConfirmSignUp", "alice"),
        ("PostConfirmation_ConfirmSignUp", "ben"),
        ("PostConfirmation_ConfirmForgotPassword", "alice"),
    ]
    told = seen.requests("PostConfirmation")[0]["userAttributes"]
    assert (told["email_verified"], told["cognito:user_status"]) == ("true", "CONFIRMED")


def test_a_code_as_a_first_factor_confirms(make, seen):
    """11.23"""
    pool = first_factors("PASSWORD", "EMAIL_OTP")
    flow = make(pool=pool, PostConfirmation=passing)
    flow.sign_up()
    flow.choose("EMAIL_OTP")
    assert flow.one_time_code("EMAIL_OTP")["AuthenticationResult"]
    assert seen.names == ["PostConfirmation"]


def test_a_user_stays_confirmed_though_the_function_fails(make):
    """11.23"""
    flow = make(PostConfirmation=failing)
    flow.sign_up()
    with pytest.raises(ClientError, match=r"PostConfirmation failed with error No\."):
        flow.confirm()
    assert flow.look()["UserStatus"] == "CONFIRMED"


def test_a_function_puts_a_new_user_into_a_group(make):
    """What it's mostly for."""

    def function(event, _):
        flow.aws.admin_add_user_to_group(**flow.named(event["userName"]), GroupName="new")
        return event

    flow = make(PostConfirmation=function)
    flow.aws.create_group(UserPoolId=flow.pool_id, GroupName="new")
    flow.signed_in()
    assert claims_of(flow.tokens["IdToken"])["cognito:groups"] == ["new"]


# PreAuthentication and PostAuthentication


@pytest.mark.parametrize("plane", PLANES)
def test_pre_authentication_is_called_before_the_password_is_checked(make, seen, plane):
    """11.16"""
    flow = make(PreAuthentication=passing, PostAuthentication=passing).confirmed()
    with rejects(flow, "NotAuthorizedException"):
        flow.sign_in(WRONG_PASSWORD, plane=plane)
    assert seen.names == ["PreAuthentication"]
    flow.sign_in(plane=plane)
    assert seen.names == ["PreAuthentication"] * 2 + ["PostAuthentication"]
    for trigger in ("PreAuthentication", "PostAuthentication"):
        (*_, event) = seen.of(trigger)
        assert event["triggerSource"] == f"{trigger}_Authentication"
        assert event["userName"] == flow.username and event["response"] == {}


@pytest.mark.parametrize("password", [PASSWORD, WRONG_PASSWORD])
def test_what_pre_authentication_raises_wins(make, password):
    """11.16"""
    flow = make(PreAuthentication=failing).confirmed()
    with rejects(flow, *rejected("PreAuthentication")):
        flow.sign_in(password)


@pytest.mark.parametrize("missing", ["USERNAME", "PASSWORD"])
def test_pre_authentication_is_not_called_if_something_is_missing(make, seen, missing):
    """11.16"""
    flow = make(PreAuthentication=passing).confirmed()
    with rejects(flow, "InvalidParameterException"):
        flow.sign_in(**{missing: None})
    assert not seen.events


def test_pre_authentication_is_told_of_unknown_users(make, seen):
    """11.16"""
    flow = make(client=ALL | HIDING, PreAuthentication=passing)
    with rejects(flow, "NotAuthorizedException"):
        flow.sign_in(username="nobody")
    (event,) = seen.of("PreAuthentication")
    assert event["userName"] == "nobody" and event["request"] == {
        "userAttributes": {},
        "validationData": None,
        "userNotFound": True,
    }


def test_metadata_of_the_beginning(make, seen):
    """11.16"""
    flow = make(PreAuthentication=passing, PostAuthentication=passing).confirmed()
    flow.aws.initiate_auth(
        ClientId=flow.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": flow.username, "PASSWORD": PASSWORD},
        ClientMetadata={"from": "a test"},
    )
    pre, post = (seen.requests(f"{when}Authentication")[0] for when in ("Pre", "Post"))
    assert pre["validationData"] == {"from": "a test"} and "clientMetadata" not in pre
    assert "clientMetadata" not in post and post["newDeviceUsed"] is False


def test_metadata_of_the_last_answer(make, seen):
    """11.16"""
    flow = make(PostAuthentication=passing).confirmed()
    flow.srp_begin()
    made = flow.srp.process_challenge(flow.srp_challenge, {"USERNAME": flow.username})
    flow.aws.respond_to_auth_challenge(
        ClientId=flow.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=made,
        ClientMetadata={"from": "a test"},
    )
    assert seen.requests("PostAuthentication")[0]["clientMetadata"] == {"from": "a test"}


def test_a_new_device(make, seen):
    """11.23"""
    flow = make(pool={"DeviceConfiguration": TRACKING}, PostAuthentication=passing)
    flow.with_device()
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_sign_in()
    told = [request["newDeviceUsed"] for request in seen.requests("PostAuthentication")]
    assert told == [True, False]


def test_a_second_factor_comes_before_post_authentication(make, seen):
    """11.16: on success only."""
    flow = make(mfa="ON", PostAuthentication=passing, PreAuthentication=passing).confirmed()
    flow.sign_in()
    assert seen.names == ["PreAuthentication"]
    flow.associate()
    flow.verify()
    flow.answer("MFA_SETUP")
    assert seen.names == ["PreAuthentication", "PostAuthentication"]


def test_no_tokens_if_post_authentication_fails(make):
    """11.23"""
    flow = make(PostAuthentication=failing).confirmed()
    with rejects(flow, *rejected("PostAuthentication")):
        flow.sign_in()


@pytest.mark.parametrize("flow_name", ["USER_SRP_AUTH", "USER_AUTH", "CUSTOM_AUTH"])
def test_other_flows_begin_with_pre_authentication(make, flow_name):
    """11.23"""
    flows = [*ALL["ExplicitAuthFlows"], "ALLOW_CUSTOM_AUTH"]
    flow = make(
        client={"ExplicitAuthFlows": flows}, PreAuthentication=failing, **lambdas.FUNCTIONS
    ).confirmed()
    with rejects(flow, *rejected("PreAuthentication")):
        flow.initiate(flow_name, USERNAME=flow.username, SRP_A="abc")


def test_a_refresh_is_no_sign_in(make, seen):
    """11.23"""
    flow = make(PreAuthentication=passing, PostAuthentication=passing).signed_in()
    del seen.events[:]
    flow.refresh()
    assert not seen.events


def test_pre_authentication_may_disable_the_user(make):
    """11.23"""

    def function(event, _):
        flow.disable()
        return event

    flow = make(PreAuthentication=function).confirmed()
    with pytest.raises(ClientError, match=r"User is disabled\."):
        flow.sign_in()


def test_pre_authentication_may_change_the_password(make):
    """11.23: the new one counts."""

    def function(event, _):
        flow.set_password("Another-Horse-7")
        return event

    flow = make(PreAuthentication=function).confirmed()
    with pytest.raises(ClientError, match="Incorrect username or password"):
        flow.sign_in()
    assert flow.sign_in("Another-Horse-7")["AuthenticationResult"]


def test_wrong_passwords_are_counted_as_before(make):
    """8"""
    flow = make(PreAuthentication=passing).confirmed()
    for _ in range(6):
        with rejects(flow, "NotAuthorizedException"):
            flow.sign_in(WRONG_PASSWORD)
    with rejects(flow, "NotAuthorizedException", "Password attempts exceeded"):
        flow.sign_in()


# PreTokenGeneration


def overriding(**details):
    return saying(claimsOverrideDetails=details)


def identity(flow):
    return claims_of(flow.tokens["IdToken"])


def access(flow):
    return claims_of(flow.tokens["AccessToken"])


def test_claims_are_added_replaced_and_suppressed(make):
    """11.16"""
    flow = make(
        PreTokenGeneration=overriding(
            claimsToAddOrOverride={"team": "blue", "email": "x@example.com", "sub": "another"},
            claimsToSuppress=["email_verified", "aud", "jti"],
        )
    ).signed_in()
    claims = identity(flow)
    assert (claims["team"], claims["email"]) == ("blue", "x@example.com")
    assert "email_verified" not in claims and claims["aud"] == flow.client_id and claims["jti"]
    assert claims["sub"] == flow.attributes()["sub"] == access(flow)["sub"]
    assert "team" not in access(flow)


def test_what_is_added_and_suppressed_is_suppressed(make):
    """11.23"""
    flow = make(
        PreTokenGeneration=overriding(
            claimsToAddOrOverride={"team": "blue"}, claimsToSuppress=["team"]
        )
    ).signed_in()
    assert "team" not in identity(flow)


ROLE = "arn:aws:iam::123456789012:role/editor"


@pytest.fixture
def grouped(make):
    def grouped(function):
        flow = make(PreTokenGeneration=function).confirmed()
        flow.aws.create_group(UserPoolId=flow.pool_id, GroupName="editors", RoleArn=ROLE)
        flow.aws.admin_add_user_to_group(**flow.named(), GroupName="editors")
        flow.sign_in()
        return flow

    return grouped


def test_groups_are_told(grouped, seen):
    """11.16"""
    flow = grouped(passing)
    request = seen.requests("PreTokenGeneration")[0]
    assert request["groupConfiguration"] == {
        "groupsToOverride": ["editors"],
        "iamRolesToOverride": [ROLE],
        "preferredRole": ROLE,
    }
    assert request["userAttributes"]["email"] == EMAIL
    assert identity(flow)["cognito:groups"] == access(flow)["cognito:groups"] == ["editors"]


@pytest.mark.parametrize("nothing", [{}, None])
def test_groups_are_taken_out(grouped, nothing):
    """11.16"""
    flow = grouped(overriding(groupOverrideDetails=nothing))
    for claims in (identity(flow), access(flow)):
        assert not claims.keys() & {
            "cognito:groups",
            "cognito:roles",
            "cognito:preferred_role",
        }


def test_groups_are_replaced_in_both_tokens(grouped):
    """11.16"""
    flow = grouped(
        overriding(groupOverrideDetails={"groupsToOverride": ["a", "b"], "preferredRole": "r"})
    )
    assert identity(flow)["cognito:groups"] == access(flow)["cognito:groups"] == ["a", "b"]
    assert identity(flow)["cognito:preferred_role"] == "r"
    assert "cognito:preferred_role" not in access(flow) and "cognito:roles" not in identity(flow)


def test_groups_that_are_not_mentioned_stay(grouped):
    """11.23"""
    flow = grouped(overriding(claimsToAddOrOverride={"team": "blue"}))
    assert identity(flow)["cognito:groups"] == ["editors"]


def test_why_tokens_are_issued(make, seen):
    """11.23"""
    flow = make(pool={"DeviceConfiguration": TRACKING}, PreTokenGeneration=passing)
    flow.with_device()
    flow.refresh(DEVICE_KEY=flow.device.key)
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_sign_in()
    flow.set_password(PASSWORD, permanent=False)
    flow.sign_in()
    flow.answer("NEW_PASSWORD_REQUIRED", NEW_PASSWORD="Another-Horse-7")
    assert [event["triggerSource"] for event in seen.of("PreTokenGeneration")] == [
        "TokenGeneration_Authentication",
        "TokenGeneration_RefreshTokens",
        "TokenGeneration_AuthenticateDevice",
        "TokenGeneration_NewPasswordChallenge",
    ]


def test_a_refresh_takes_metadata_only_by_its_own_operation(make, seen):
    """11.16"""
    flow = make(PreTokenGeneration=passing).signed_in()
    flow.get_tokens(ClientMetadata={"from": "a test"})
    assert seen.requests("PreTokenGeneration")[-1]["clientMetadata"] == {"from": "a test"}


def test_no_tokens_if_pre_token_generation_fails(make, seen):
    """11.23: and nothing is left of them."""
    flow = make(PreTokenGeneration=failing).confirmed()
    with rejects(flow, *rejected("PreTokenGeneration")):
        flow.sign_in()
    seen.put(PreTokenGeneration=passing)
    flow.sign_in()
    seen.put(PreTokenGeneration=failing)
    with rejects(flow, *rejected("PreTokenGeneration")):
        flow.refresh()


@pytest.mark.parametrize(
    "details",
    [
        [],
        {"claimsToAddOrOverride": {"n": 1}},
        {"claimsToAddOrOverride": {"n": ["a"]}},
        {"claimsToSuppress": "email"},
        {"groupOverrideDetails": {"groupsToOverride": "a"}},
        {"groupOverrideDetails": {"preferredRole": ["a"]}},
        {"groupOverrideDetails": ["a"]},
    ],
    ids=str,
)
def test_claims_that_make_no_sense(make, details):
    """11.23"""
    flow = make(PreTokenGeneration=saying(claimsOverrideDetails=details)).confirmed()
    with rejects(flow, *UNREADABLE):
        flow.sign_in()


# CustomMessage

SAYS = saying(emailMessage="Hello, {####} it is", emailSubject="Hello")


def newest(flow):
    return flow.emulator.inbox(flow.username)[-1]


def test_a_message_is_written_by_the_function(make, seen):
    """11.16"""
    flow = make(CustomMessage=SAYS)
    flow.sign_up(ClientMetadata={"from": "a test"})
    message = newest(flow)
    assert (message.subject, message.body) == ("Hello", f"Hello, {message.code} it is")
    (event,) = seen.of("CustomMessage")
    assert event["triggerSource"] == "CustomMessage_SignUp"
    assert event["request"]["codeParameter"] == "{####}"
    assert event["request"]["clientMetadata"] == {"from": "a test"}
    assert event["response"] == {"smsMessage": None, "emailMessage": None, "emailSubject": None}
    assert message.code not in str(event)
    flow.confirm()


def test_why_messages_are_sent(make, seen):
    """11.23"""
    pool = OWN_SENDER | first_factors("PASSWORD", "EMAIL_OTP")
    flow = make(pool=pool, client=CHOICE, CustomMessage=passing)
    flow.sign_up()
    flow.resend()
    flow.confirm()
    flow.sign_in()
    flow.ask_for_code()
    flow.prove()
    flow.forgot()
    flow.aws.admin_reset_user_password(**flow.named())
    flow.reset(PASSWORD)
    flow.choose("EMAIL_OTP")
    flow.update(email=OTHER_EMAIL)
    flow.admin_update(email=EMAIL)
    flow.create("ben")
    assert [event["triggerSource"] for event in seen.of("CustomMessage")] == [
        f"CustomMessage_{occasion}"
        for occasion in (
            "SignUp",
            "ResendCode",
            "VerifyUserAttribute",
            "ForgotPassword",
            "ForgotPassword",
            "Authentication",
            "UpdateUserAttribute",
            "UpdateUserAttribute",
            "AdminCreateUser",
        )
    ]


def test_a_text_message(make):
    """11.16"""
    pool = SMS | first_factors("PASSWORD", "SMS_OTP")
    flow = make(pool=pool, client=CHOICE, CustomMessage=saying(smsMessage="Type {####}"))
    flow.sign_up(UserAttributes=pairs(email=EMAIL, phone_number=PHONE))
    flow.confirm()
    flow.choose("SMS_OTP")
    message = newest(flow)
    assert (message.subject, message.body) == ("", f"Type {message.code}")


def test_an_invitation(make):
    """11.16: both places must be there."""
    flow = make(CustomMessage=saying(emailMessage="{username}: {####}"))
    flow.create()
    assert newest(flow).body == f"{flow.username}: {newest(flow).code}"
    flow = make(CustomMessage=saying(emailMessage="Only {####}"))
    flow.create()
    assert newest(flow).body.startswith("Your username is")


def test_a_message_without_its_code_is_not_taken(make):
    """11.23"""
    flow = make(CustomMessage=saying(emailMessage="Hello"))
    flow.sign_up()
    assert newest(flow).body == f"Your confirmation code is {newest(flow).code}"


def test_a_failure_leaves_the_user_without_a_message(make):
    """11.23"""
    flow = make(CustomMessage=failing)
    with pytest.raises(ClientError, match=r"CustomMessage failed with error No\."):
        flow.sign_up()
    assert flow.look()["UserStatus"] == "UNCONFIRMED" and not flow.emulator.inbox(flow.username)


# Together


def test_a_pool_without_triggers_reads_nothing_more(make_flow, emulator):
    """No function is looked up, and no statement is run for it."""

    def statements(pool):
        flow = make_flow("no MFA", pool=MUTABLE | pool).confirmed()
        ran = []
        emulator._store._connection.set_trace_callback(ran.append)
        flow.sign_in()
        emulator._store._connection.set_trace_callback(None)
        return len(ran)

    emulator.lambdas.update(UserMigration=passing, PostConfirmation=passing)
    assert statements({}) == statements(config("PostConfirmation"))


def test_a_trigger_the_emulator_does_not_have(make_flow):
    """0"""
    flow = make_flow()
    for more in (
        config("UserMigration"),
        {
            "LambdaConfig": {
                "PreTokenGenerationConfig": {
                    "LambdaVersion": "V2_0",
                    "LambdaArn": lambdas.ARN + "x",
                }
            }
        },
    ):
        with rejects(flow, "NotInEmulatorException"):
            flow.aws.update_user_pool(UserPoolId=flow.pool_id, **more)


def test_whatever_functions_do_is_an_error_of_the_service(make_flow, emulator):
    """Functions that answer anything, in every operation that calls one. The shared client holds
    each response against the model.
    """
    emulator.lambdas.update(odd_lambdas.FUNCTIONS)
    flows = [*ALL["ExplicitAuthFlows"], "ALLOW_CUSTOM_AUTH"]
    pool = MUTABLE | config(*odd_lambdas.TRIGGERS) | {"DeviceConfiguration": TRACKING}
    pool |= first_factors("PASSWORD", "EMAIL_OTP")
    flow = make_flow("tutorial", mfa="OFF", pool=pool, client={"ExplicitAuthFlows": flows} | HIDING)
    calls = [
        lambda: flow.sign_up(),
        lambda: flow.resend(),
        lambda: flow.confirm(),
        lambda: flow.create("ben"),
        lambda: flow.admin_confirm(),
        lambda: flow.sign_in(),
        lambda: flow.sign_in(username="nobody"),
        lambda: flow.initiate("CUSTOM_AUTH", USERNAME=flow.username),
        lambda: flow.answer("CUSTOM_CHALLENGE", ANSWER="b"),
        lambda: flow.initiate("CUSTOM_AUTH", USERNAME="nobody"),
        lambda: flow.answer("CUSTOM_CHALLENGE", USERNAME="nobody", ANSWER="b"),
        lambda: flow.choose("EMAIL_OTP"),
        lambda: flow.one_time_code("EMAIL_OTP"),
        lambda: flow.refresh(),
        lambda: flow.get_tokens(),
        lambda: flow.ask_for_code(),
        lambda: flow.update(email=OTHER_EMAIL),
        lambda: flow.admin_update(email=EMAIL, email_verified="true"),
        lambda: flow.forgot(),
        lambda: flow.reset(PASSWORD),
        lambda: flow.delete(),
    ]
    done, failed = set(), set()
    for _ in range(10):
        for number, call in enumerate(calls):
            try:
                call()
            except ClientError as error:
                failed.add(error.response["Error"]["Code"])
            except (TypeError, IndexError):
                # Nothing in hand: no tokens yet, or no mail.
                continue
            else:
                done.add(number)
    assert failed >= {"UserLambdaValidationException", "InvalidLambdaResponseException"}
    assert len(done) >= 10
