"""CUSTOM_AUTH: the pool's own functions ask, and decide. BEHAVIOR.md, 11.14 and 11.15."""

import pytest
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP, long_to_hex

from . import lambdas
from .flow import EMAIL, MINUTE, MUTABLE, OWN_SENDER, PASSWORD, PLANES, SMS, TRACKING, rejects
from .lambdas import ANSWER, CLIENT, CUSTOM, FUNCTIONS, Seen, config

pytestmark = pytest.mark.emulator_only("Lambda functions of the test's own")

WRONG = ("NotAuthorizedException", "Incorrect username or password.")
UNREADABLE = ("InvalidLambdaResponseException", "Unrecognizable lambda output")
NOT_CONFIGURED = (
    "InvalidParameterException",
    "Custom auth lambda trigger is not configured for the user pool.",
)
ONLY_CUSTOM = (
    "InvalidParameterException",
    "Only custom auth (lambda driven) is enabled for this client.",
)
HIDING = CLIENT | {"PreventUserExistenceErrors": "ENABLED"}


@pytest.fixture
def seen(emulator):
    return Seen(emulator).put(**FUNCTIONS)


@pytest.fixture
def make(make_flow, seen):
    """A confirmed user of a pool with the three triggers."""

    def make(mfa="OFF", pool=(), client=CLIENT, **more):
        settings = MUTABLE | config(*CUSTOM) | dict(pool)
        return make_flow("tutorial", mfa=mfa, pool=settings, client=client, **more).confirmed()

    return make


@pytest.fixture
def flow(make):
    return make()


def begin(flow, plane=None, **parameters):
    named = {"USERNAME": flow.username, **flow.proof(flow.username), **parameters}
    return flow.initiate("CUSTOM_AUTH", plane, **named)


def reply(flow, text=ANSWER, **rest):
    return flow.answer("CUSTOM_CHALLENGE", ANSWER=text, **rest)


def begin_with_srp(flow, password=None, **parameters):
    flow.srp = AWSSRP(
        flow.username, password or PASSWORD, flow.pool_id, flow.client_id, client=object()
    )
    big_a = long_to_hex(flow.srp.large_a_value)
    flow.session = None
    answer = begin(flow, CHALLENGE_NAME="SRP_A", SRP_A=big_a, **parameters)
    flow.srp_challenge = answer["ChallengeParameters"]
    return answer


def saying(**response):
    """A function that says this, whatever it's told."""

    def function(event, _):
        event["response"] = response
        return event

    return function


@pytest.mark.parametrize("plane", PLANES)
def test_the_functions_ask_and_decide(flow, seen, plane):
    """11.14"""
    asked = begin(flow, plane)
    assert asked["ChallengeName"] == "CUSTOM_CHALLENGE" and asked["Session"]
    assert asked["ChallengeParameters"] == {
        "question": "What color is the sky?",
        "USERNAME": flow.username,
    }
    assert seen.names == ["DefineAuthChallenge", "CreateAuthChallenge"]
    assert seen.requests("DefineAuthChallenge")[0]["session"] == []

    result = reply(flow, plane=plane)
    assert result["AuthenticationResult"]["AccessToken"] and result["ChallengeParameters"] == {}
    assert seen.names[2:] == ["VerifyAuthChallengeResponse", "DefineAuthChallenge"]


def test_a_wrong_answer_is_for_the_functions_to_judge(flow, seen):
    """11.14: it's asked again with a new session, without USERNAME, until they say no."""
    first = begin(flow)["Session"]
    again = reply(flow, "red")
    assert again["ChallengeName"] == "CUSTOM_CHALLENGE" and again["Session"] != first
    assert again["ChallengeParameters"] == {"question": "What color is the sky?"}
    reply(flow, "green")
    with pytest.raises(ClientError, match=r"Incorrect username or password\."):
        reply(flow, "yellow")
    assert seen.requests("DefineAuthChallenge")[-1]["session"] == [
        {
            "challengeName": "CUSTOM_CHALLENGE",
            "challengeResult": False,
            "challengeMetadata": f"try {number}",
        }
        for number in (1, 2, 3)
    ]
    with rejects(flow, "NotAuthorizedException"):
        reply(flow)


def test_a_right_answer_may_lead_to_another_challenge(flow, seen):
    """11.14"""

    def twice(event, _):
        right = [entry["challengeResult"] for entry in event["request"]["session"]]
        event["response"] = (
            {"issueTokens": True} if right == [True] * 2 else {"challengeName": "CUSTOM_CHALLENGE"}
        )
        return event

    seen.put(DefineAuthChallenge=twice)
    begin(flow)
    assert reply(flow)["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert reply(flow)["AuthenticationResult"]


def test_there_is_no_limit_in_the_service(flow, seen):
    """11.14: three tries are the functions' own rule."""
    seen.put(DefineAuthChallenge=saying(challengeName="CUSTOM_CHALLENGE"))
    begin(flow)
    for _ in range(8):
        assert reply(flow, "red")["ChallengeName"] == "CUSTOM_CHALLENGE"


def test_tokens_may_come_at_once(flow, seen):
    """11.14"""
    seen.put(DefineAuthChallenge=saying(issueTokens=True))
    assert begin(flow)["AuthenticationResult"]


# The password first


def test_a_sign_in_may_begin_with_the_proof_of_the_password(flow, seen):
    """11.14"""
    assert begin_with_srp(flow)["ChallengeName"] == "PASSWORD_VERIFIER"
    asked = flow.srp_finish()
    assert (
        asked["ChallengeName"] == "CUSTOM_CHALLENGE"
        and "USERNAME" not in (asked["ChallengeParameters"])
    )
    assert reply(flow)["AuthenticationResult"]
    told = [request["session"] for request in seen.requests("DefineAuthChallenge")]
    srp = {"challengeName": "SRP_A", "challengeResult": True, "challengeMetadata": None}
    proof = srp | {"challengeName": "PASSWORD_VERIFIER"}
    assert told[:2] == [[srp], [srp, proof]]


def test_a_wrong_password_ends_it(flow, seen):
    """11.14"""
    begin_with_srp(flow, "Wrong-Horse-7")
    with rejects(flow, *WRONG):
        flow.srp_finish()
    assert seen.names == ["DefineAuthChallenge"]


def test_a_second_factor_is_asked_after_the_password(make, seen):
    """11.14"""
    flow = make(mfa="OPTIONAL", pool=OWN_SENDER)
    flow.aws.set_user_pool_mfa_config(
        UserPoolId=flow.pool_id,
        MfaConfiguration="OPTIONAL",
        EmailMfaConfiguration={"Message": "Code {####}", "Subject": "Code"},
    )
    on = {"Enabled": True, "PreferredMfa": True}
    flow.aws.admin_set_user_mfa_preference(**flow.named(), EmailMfaSettings=on)
    begin_with_srp(flow)
    assert flow.srp_finish()["ChallengeName"] == "EMAIL_OTP"
    assert flow.one_time_code("EMAIL_OTP")["ChallengeName"] == "CUSTOM_CHALLENGE"
    names = [
        entry["challengeName"] for entry in seen.requests("DefineAuthChallenge")[-1]["session"]
    ]
    assert names == ["SRP_A", "PASSWORD_VERIFIER", "EMAIL_OTP"]
    assert reply(flow)["AuthenticationResult"]


def test_an_app_is_set_up_in_between(make):
    """11.23"""
    flow = make(mfa="ON")
    begin_with_srp(flow)
    assert flow.srp_finish()["ChallengeName"] == "MFA_SETUP"
    flow.associate()
    flow.verify()
    assert flow.answer("MFA_SETUP")["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert reply(flow)["AuthenticationResult"]


def test_without_a_password_no_second_factor_is_asked(make):
    """11.23"""
    flow = make(mfa="ON")
    begin(flow)
    assert reply(flow)["AuthenticationResult"]


def test_a_remembered_device_proves_itself_at_the_end(make, seen):
    """11.14: after the functions issued tokens, and they aren't asked again."""
    flow = make(pool={"DeviceConfiguration": TRACKING | {"ChallengeRequiredOnNewDevice": False}})
    begin(flow)
    offered = reply(flow)["AuthenticationResult"]["NewDeviceMetadata"]
    flow.confirm_device(offered)
    for named_first in (True, False):
        key = {"DEVICE_KEY": flow.device.key}
        begin(flow, **key if named_first else {})
        assert reply(flow, **key)["ChallengeName"] == "DEVICE_SRP_AUTH"
        before = len(seen.events)
        assert flow.device_sign_in()["AuthenticationResult"]
        assert len(seen.events) == before


def test_a_temporary_password_is_changed_after_its_proof(make):
    """11.23"""
    flow = make()
    flow.set_password(PASSWORD, permanent=False)
    begin_with_srp(flow)
    assert flow.srp_finish()["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    changed = flow.answer("NEW_PASSWORD_REQUIRED", NEW_PASSWORD="Another-Horse-7")
    assert changed["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert reply(flow)["AuthenticationResult"]


def test_a_temporary_password_is_no_obstacle_without_it(flow):
    """11.14"""
    flow.set_password(PASSWORD, permanent=False)
    begin(flow)
    assert reply(flow)["AuthenticationResult"]
    assert flow.look()["UserStatus"] == "FORCE_CHANGE_PASSWORD"


# What functions are told


def test_events(flow, seen):
    """11.15"""
    begin(flow)
    reply(flow)
    define, create, verify = (seen.of(name)[0] for name in CUSTOM)
    attributes = flow.attributes() | {"cognito:user_status": "CONFIRMED"}
    common = {
        "version": "1",
        "region": "us-east-1",
        "userPoolId": flow.pool_id,
        "userName": flow.username,
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": flow.client_id,
        },
    }
    assert define == common | {
        "triggerSource": "DefineAuthChallenge_Authentication",
        "request": {"userAttributes": attributes, "session": []},
        "response": {"challengeName": None, "issueTokens": None, "failAuthentication": None},
    }
    assert create == common | {
        "triggerSource": "CreateAuthChallenge_Authentication",
        "request": {
            "userAttributes": attributes,
            "challengeName": "CUSTOM_CHALLENGE",
            "session": [],
        },
        "response": {
            "publicChallengeParameters": None,
            "privateChallengeParameters": None,
            "challengeMetadata": None,
        },
    }
    assert verify == common | {
        "triggerSource": "VerifyAuthChallengeResponse_Authentication",
        "request": {
            "userAttributes": attributes,
            "privateChallengeParameters": {"answer": ANSWER},
            "challengeAnswer": ANSWER,
        },
        "response": {"answerCorrect": None},
    }
    assert attributes["email_verified"] == "true" and attributes["sub"]


def test_an_alias_is_told(make, seen):
    """11.15"""
    flow = make(pool={"AliasAttributes": ["email"]})
    begin(flow)
    assert seen.requests("DefineAuthChallenge")[0]["userAttributes"]["cognito:email_alias"] == EMAIL


def test_metadata_of_the_answer_is_told_and_of_the_beginning_not(flow, seen):
    """11.14"""
    flow.aws.initiate_auth(
        ClientId=flow.client_id,
        AuthFlow="CUSTOM_AUTH",
        AuthParameters={"USERNAME": flow.username},
        ClientMetadata={"from": "beginning"},
    )
    session = begin(flow)["Session"]
    assert all("clientMetadata" not in event["request"] for _, event in seen.events)
    del seen.events[:]
    flow.aws.respond_to_auth_challenge(
        ClientId=flow.client_id,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=session,
        ChallengeResponses={"USERNAME": flow.username, "ANSWER": "red"},
        ClientMetadata={"from": "answer"},
    )
    assert seen.names == [CUSTOM[2], CUSTOM[0], CUSTOM[1]]
    assert all(event["request"]["clientMetadata"] == {"from": "answer"} for _, event in seen.events)


# Names no user has


def test_an_unknown_user_at_a_client_that_tells(flow, seen):
    """11.5"""
    with rejects(flow, "UserNotFoundException", "User does not exist."):
        begin(flow, USERNAME="nobody")
    assert not seen.events


def test_functions_may_simulate_an_unknown_user(make, seen):
    """11.5: they are told, and there are no tokens."""
    flow = make(client=HIDING)
    flow.username = "nobody"
    asked = begin(flow)
    assert asked["ChallengeParameters"]["USERNAME"] == "nobody"
    assert reply(flow, "red")["ChallengeName"] == "CUSTOM_CHALLENGE"
    with pytest.raises(ClientError, match=r"Incorrect username or password\."):
        reply(flow)
    for _, event in seen.events:
        assert event["request"]["userNotFound"] is True and event["userName"] == "nobody"
        assert event["request"]["userAttributes"] == {}


def test_the_session_of_an_unknown_user_is_theirs(make):
    """11.19"""
    flow = make(client=HIDING)
    flow.username = "nobody"
    begin(flow)
    for other in ("nobody-else", "alice"):
        with rejects(flow, "NotAuthorizedException", "Invalid session for the user."):
            reply(flow, USERNAME=other)
    assert reply(flow, "red")["ChallengeName"] == "CUSTOM_CHALLENGE"


def test_an_unknown_user_with_a_password_first(make):
    """11.5"""
    flow = make(client=HIDING)
    flow.username = "nobody"
    begin_with_srp(flow)
    with rejects(flow, *WRONG):
        flow.srp_finish()


def test_a_known_user_at_a_client_that_hides(make, seen):
    """11.15"""
    flow = make(client=HIDING)
    begin(flow)
    assert reply(flow)["AuthenticationResult"]
    assert all(event["request"]["userNotFound"] is False for _, event in seen.events)


def test_users_who_cannot_sign_in(make_flow, make, seen):
    """11.23"""
    flow = make()
    flow.disable()
    with rejects(flow, "NotAuthorizedException", "User is disabled."):
        begin(flow)
    flow.sign_up("ben")
    with rejects(flow, "UserNotConfirmedException", "User is not confirmed."):
        begin(flow, USERNAME="ben")
    assert not seen.events


# Settings


def test_a_client_without_the_flow(make):
    """11.14"""
    flow = make(client={"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]})
    with rejects(flow, "InvalidParameterException", "CUSTOM_AUTH is not enabled for the client."):
        begin(flow)


def test_a_pool_without_the_triggers(make):
    """11.14"""
    flow = make(pool={"LambdaConfig": {}})
    with rejects(flow, *NOT_CONFIGURED):
        begin(flow)
    for pool in (config(CUSTOM[1]), config(CUSTOM[0])):
        with rejects(flow := make(pool=pool), *NOT_CONFIGURED):
            begin(flow)


def test_a_client_for_nothing_else(make):
    """11.14"""
    flow = make(client={"ExplicitAuthFlows": ["CUSTOM_AUTH_FLOW_ONLY"]})
    begin(flow)
    assert reply(flow)["AuthenticationResult"]
    assert flow.refresh()["AuthenticationResult"]
    begin_with_srp(flow)
    flow.srp_finish()
    assert reply(flow)["AuthenticationResult"]
    for plane in PLANES:
        with rejects(flow, *ONLY_CUSTOM):
            flow.sign_in(plane=plane)
    with rejects(flow, *ONLY_CUSTOM):
        flow.srp_begin()


def test_another_challenge_at_a_client_for_nothing_else(make):
    """11.14"""
    flow = make(client=CLIENT)
    flow.srp_begin()
    flow.aws.update_user_pool_client(
        UserPoolId=flow.pool_id,
        ClientId=flow.client_id,
        ExplicitAuthFlows=["CUSTOM_AUTH_FLOW_ONLY"],
    )
    with rejects(flow, *ONLY_CUSTOM):
        flow.srp_finish()


def test_pools_show_their_triggers(flow):
    """1.6, 1.16"""
    arns = config(*CUSTOM)["LambdaConfig"]
    pool = {"UserPoolId": flow.pool_id}
    assert flow.aws.describe_user_pool(**pool)["UserPool"]["LambdaConfig"] == arns
    listed = flow.aws.list_user_pools(MaxResults=60)["UserPools"]
    assert [entry["LambdaConfig"] for entry in listed if entry["Id"] == flow.pool_id] == [arns]
    # What's left out goes back to its default.
    flow.aws.update_user_pool(**pool)
    assert flow.aws.describe_user_pool(**pool)["UserPool"]["LambdaConfig"] == {}
    flow.aws.update_user_pool(**pool, LambdaConfig=arns)
    assert flow.aws.describe_user_pool(**pool)["UserPool"]["LambdaConfig"] == arns


def test_an_arn_that_is_none(flow):
    """0"""
    with rejects(flow, "InvalidParameterException"):
        flow.aws.update_user_pool(
            UserPoolId=flow.pool_id, LambdaConfig={"DefineAuthChallenge": "x" * 30}
        )


# Answers that make no sense

BAD = {
    "11.14 private parameters: none": (
        {"CreateAuthChallenge": saying(publicChallengeParameters={"a": "b"})},
        ("NotAuthorizedException", "Incorrect username or password"),
    ),
    "choice: nothing said": ({"DefineAuthChallenge": saying()}, WRONG),
    "choice: a challenge that's none": (
        {"DefineAuthChallenge": saying(challengeName="SMS_MFA")},
        UNREADABLE,
    ),
    "choice: a proof without SRP_A": (
        {"DefineAuthChallenge": saying(challengeName="PASSWORD_VERIFIER")},
        UNREADABLE,
    ),
    "11.14 no": ({"DefineAuthChallenge": saying(failAuthentication=True)}, WRONG),
    "choice: yes and no": (
        {"DefineAuthChallenge": saying(failAuthentication=True, issueTokens=True)},
        WRONG,
    ),
    "choice: not a flag": ({"DefineAuthChallenge": saying(issueTokens="yes")}, UNREADABLE),
    "choice: not texts": (
        {
            "CreateAuthChallenge": saying(
                publicChallengeParameters={"n": 1}, privateChallengeParameters={"a": "b"}
            )
        },
        UNREADABLE,
    ),
    "choice: a list": (
        {"CreateAuthChallenge": saying(privateChallengeParameters=["a"])},
        UNREADABLE,
    ),
}


@pytest.mark.parametrize(("functions", "error"), BAD.values(), ids=BAD)
def test_what_functions_say_makes_no_sense(flow, seen, functions, error):
    seen.put(**functions)
    with rejects(flow, *error):
        begin(flow)


def test_an_answer_that_no_function_checks(flow, seen):
    """11.23: without answerCorrect it's wrong."""
    seen.put(VerifyAuthChallengeResponse=saying())
    begin(flow)
    assert reply(flow)["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert seen.requests("DefineAuthChallenge")[-1]["session"][0]["challengeResult"] is False


def test_a_session_is_spent_whatever_the_functions_do(flow, seen):
    """11.16"""

    def fail(event, _):
        return event["request"]["challengeMetaData"]

    for name in CUSTOM:
        seen.put(**FUNCTIONS)
        session = begin(flow)["Session"]
        seen.put(**{name: fail})
        with pytest.raises(ClientError, match="failed with error 'challengeMetaData'\\."):
            reply(flow, "red")
        seen.put(**FUNCTIONS)
        with rejects(flow, "NotAuthorizedException"):
            reply(flow, session=session)


def test_private_parameters_stay_private(flow, seen):
    """11.15"""
    seen.put(
        CreateAuthChallenge=saying(
            publicChallengeParameters={"a": "b"}, privateChallengeParameters={"s": "a-secret"}
        )
    )
    assert "a-secret" not in str(begin(flow))


def test_a_session_lasts_as_long_as_any(flow):
    """11.19"""
    begin(flow)
    flow.wait(3 * MINUTE)
    with rejects(flow, "NotAuthorizedException"):
        reply(flow)


@pytest.mark.parametrize("name", ["SMS_MFA", "SRP"])
def test_a_beginning_that_is_none(flow, name):
    """11.23"""
    with rejects(flow, "InvalidParameterException"):
        begin(flow, CHALLENGE_NAME=name)


def test_a_function_may_delete_what_it_is_asked_about(flow, seen):
    """11.23"""

    def then(call):
        def function(event, context):
            call()
            return lambdas.verify(event, context)

        return function

    seen.put(VerifyAuthChallengeResponse=then(flow.disable))
    begin(flow)
    with pytest.raises(ClientError, match=r"User is disabled\."):
        reply(flow)
    flow.enable()
    begin(flow)
    seen.put(VerifyAuthChallengeResponse=then(flow.delete))
    with pytest.raises(ClientError, match=r"User does not exist\."):
        reply(flow)


def test_the_client_may_be_gone(flow, seen):
    """11.23"""

    def function(event, context):
        flow.aws.delete_user_pool_client(UserPoolId=flow.pool_id, ClientId=flow.client_id)
        return lambdas.create(event, context)

    seen.put(CreateAuthChallenge=function)
    with pytest.raises(ClientError, match="does not exist"):
        begin(flow)


def test_a_phone_number_and_a_secret(make):
    """7, 11.14"""
    flow = make(pool=SMS, client=CLIENT | {"GenerateSecret": True})
    begin(flow)
    with rejects(flow, "NotAuthorizedException"):
        reply(flow, SECRET_HASH=None)
    assert reply(flow)["AuthenticationResult"]
