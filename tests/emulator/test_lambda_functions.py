"""Lambda functions that fail, and functions that use the emulator. BEHAVIOR.md, 11.16."""

import json
import threading

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.triggers import function as functions

from . import lambdas
from .flow import MUTABLE, rejects
from .lambdas import ANSWER, ARN, CLIENT, CUSTOM, FUNCTIONS, Seen, config

pytestmark = pytest.mark.emulator_only("Lambda functions of the test's own")

UNREADABLE = ("InvalidLambdaResponseException", "Unrecognizable lambda output")
NAME = "DefineAuthChallenge"


class Unprintable(Exception):
    def __str__(self):
        raise ValueError


def raising(error):
    def function(event, _):
        raise error

    return function


def returning(make):
    return lambda event, _: make(event)


def deep(event):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return event | {"more": nested}


def failed(text):
    return ("UserLambdaValidationException", f"{NAME} failed with error {text}.")


NO_CALL = (
    "UnexpectedLambdaException",
    f"{NAME} invocation failed due to error AccessDeniedException.",
)
TOO_LATE = (
    "UnexpectedLambdaException",
    f"{NAME} invocation failed due to error Socket timeout while invoking Lambda function.",
)

FAILURES = {
    "11.16 raises": (raising(Exception("Not on Sundays")), failed("Not on Sundays")),
    "11.16 raises a KeyError": (raising(KeyError("x")), failed("'x'")),
    "choice: raises without a text": (raising(ValueError()), failed("")),
    "choice: raises what has no text": (raising(Unprintable()), failed("Unprintable")),
    "choice: several lines": (raising(Exception("a\nb")), failed("a\nb")),
    "choice: exits": (raising(SystemExit(3)), failed("3")),
    "11.16 returns nothing": (returning(lambda event: None), UNREADABLE),
    "11.16 returns the response alone": (returning(lambda event: event["response"]), UNREADABLE),
    "11.16 returns a part": (
        returning(lambda event: {"response": {"issueTokens": True}}),
        UNREADABLE,
    ),
    "choice: no response": (returning(lambda event: event | {"response": None}), UNREADABLE),
    "choice: a list": (returning(lambda event: [event]), UNREADABLE),
    "choice: no JSON": (returning(lambda event: event | {"response": {1, 2}}), UNREADABLE),
    "choice: a number that is none": (
        returning(lambda event: event | {"more": float("nan")}),
        UNREADABLE,
    ),
    "choice: half a character": (returning(lambda event: event | {"more": "\ud800"}), UNREADABLE),
    "choice: too deep": (returning(deep), UNREADABLE),
    "11.16 can't be called": (None, NO_CALL),
    "choice: no function": ("text", NO_CALL),
}


@pytest.fixture
def seen(emulator):
    return Seen(emulator).put(**FUNCTIONS)


@pytest.fixture
def flow(make_flow, seen):
    pool = MUTABLE | config(*CUSTOM)
    return make_flow("tutorial", mfa="OFF", pool=pool, client=CLIENT).confirmed()


def begin(flow):
    return flow.initiate("CUSTOM_AUTH", USERNAME=flow.username)


@pytest.mark.parametrize(("function", "error"), FAILURES.values(), ids=FAILURES)
def test_a_function_that_fails(flow, emulator, function, error):
    emulator.lambdas[NAME] = function
    with rejects(flow, *error):
        begin(flow)


def test_a_function_that_was_never_given(flow, emulator):
    """11.16"""
    del emulator.lambdas[NAME]
    with rejects(flow, *NO_CALL):
        begin(flow)


@pytest.mark.parametrize("arn", [ARN + f"{NAME}:7", ARN + f"{NAME}:live"])
def test_an_arn_may_name_a_version(flow, arn):
    triggers = config(*CUSTOM)["LambdaConfig"] | {NAME: arn}
    flow.aws.update_user_pool(UserPoolId=flow.pool_id, LambdaConfig=triggers)
    assert begin(flow)["ChallengeName"] == "CUSTOM_CHALLENGE"


def test_an_arn_of_something_else(flow):
    """11.16"""
    triggers = config(*CUSTOM)["LambdaConfig"] | {NAME: "arn:aws:sns:us-east-1:123456789012:x"}
    flow.aws.update_user_pool(UserPoolId=flow.pool_id, LambdaConfig=triggers)
    with rejects(flow, *NO_CALL):
        begin(flow)


def test_a_function_is_told_who_it_is(flow, emulator):
    def function(event, context):
        told.append(context)
        return lambdas.define(event, context)

    told = []
    emulator.lambdas[NAME] = function
    begin(flow)
    (context,) = told
    assert (context.function_name, context.invoked_function_arn) == (NAME, ARN + NAME)
    assert 0 < context.get_remaining_time_in_millis() <= 5000 and context.aws_request_id


def test_what_a_function_keeps_is_its_own(flow, emulator):
    """What a function changes after it returned has no effect."""

    def create(event, context):
        answer = lambdas.create(event, context)
        kept.append(answer)
        return answer

    kept = []
    emulator.lambdas["CreateAuthChallenge"] = create
    begin(flow)
    kept[0]["response"]["privateChallengeParameters"]["answer"] = "changed"
    assert flow.answer("CUSTOM_CHALLENGE", ANSWER=ANSWER)["AuthenticationResult"]


# Time


@pytest.mark.parametrize(("seconds", "late"), [(4.9, False), (5.1, True)])
def test_what_a_function_returns_too_late_is_thrown_away(flow, emulator, seconds, late):
    """11.15: the service waits for 5 seconds."""

    def slow(event, context):
        emulator.clock.advance(seconds)
        return lambdas.define(event, context)

    emulator.lambdas[NAME] = slow
    if not late:
        assert begin(flow)["ChallengeName"] == "CUSTOM_CHALLENGE"
        return
    with pytest.raises(ClientError, match="Socket timeout"):
        begin(flow)


def test_a_function_may_ask_how_long_it_has():
    context = functions.Context("x", "arn", "id", ends=0)
    assert context.get_remaining_time_in_millis() == 0


def test_a_function_that_never_returns(flow, emulator):
    """11.15: where there are threads, no call waits longer."""
    end = threading.Event()

    def endless(event, _):
        end.wait()
        return event

    emulator.lambdas[NAME] = functions.in_time(endless, 0.01)
    with rejects(flow, *TOO_LATE):
        begin(flow)
    end.set()


def test_a_function_in_time(flow, emulator):
    emulator.lambdas.update({name: functions.in_time(FUNCTIONS[name]) for name in CUSTOM})
    begin(flow)
    assert flow.answer("CUSTOM_CHALLENGE", ANSWER=ANSWER)["AuthenticationResult"]
    emulator.lambdas[NAME] = functions.in_time(raising(KeyError("x")))
    with rejects(flow, *failed("'x'")):
        begin(flow)


# Functions that use the emulator


def test_a_function_may_call_the_emulator(flow, emulator):
    """What it changes stays, though the sign-in fails."""

    def refusing(event, _):
        flow.admin_update(name="seen")
        event["response"]["failAuthentication"] = True
        return event

    emulator.lambdas[NAME] = refusing
    with pytest.raises(ClientError, match="Incorrect username or password"):
        begin(flow)
    assert flow.attributes()["name"] == "seen"


def test_an_error_of_its_own_call_is_the_functions(flow, emulator):
    """11.16"""

    def function(event, _):
        flow.look("nobody")

    emulator.lambdas[NAME] = function
    with pytest.raises(ClientError) as caught:
        begin(flow)
    assert caught.value.response["Error"]["Message"] == (
        f"{NAME} failed with error An error occurred (UserNotFoundException) when calling the"
        " AdminGetUser operation: User does not exist.."
    )


def test_a_function_may_sign_another_user_in(flow, emulator):
    def function(event, context):
        if event["userName"] == flow.username:
            assert begin_as("ben")["ChallengeName"] == "CUSTOM_CHALLENGE"
        return lambdas.define(event, context)

    def begin_as(name):
        return flow.initiate("CUSTOM_AUTH", USERNAME=name)

    flow.confirmed("ben")
    emulator.lambdas[NAME] = function
    assert begin(flow)["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert flow.answer("CUSTOM_CHALLENGE", ANSWER=ANSWER)["AuthenticationResult"]


def test_a_function_that_calls_itself_without_end(flow, emulator):
    emulator.lambdas[NAME] = lambda event, _: begin(flow)
    with pytest.raises(ClientError) as caught:
        begin(flow)
    assert caught.value.response["Error"]["Code"] == "UserLambdaValidationException"
    emulator.lambdas[NAME] = lambdas.define
    assert begin(flow)["ChallengeName"] == "CUSTOM_CHALLENGE"


def test_an_interrupt_ends_the_function_and_nothing_else(flow, emulator):
    emulator.lambdas[NAME] = raising(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        begin(flow)
    emulator.lambdas[NAME] = lambdas.define
    assert begin(flow)["ChallengeName"] == "CUSTOM_CHALLENGE"


# The emulator


def test_functions_are_given_with_the_emulator(tmp_path):
    """And the session of a custom challenge outlives a restart."""
    path, pool = tmp_path / "state.sqlite", {"PoolName": "p", **config(*CUSTOM)}
    for given in (FUNCTIONS, dict(FUNCTIONS)):
        emulator = LocalCognito(path, lambdas=given)
        assert emulator.lambdas is given
        aws = emulator.client()
        if given is FUNCTIONS:
            pool_id = aws.create_user_pool(**pool)["UserPool"]["Id"]
            client = aws.create_user_pool_client(UserPoolId=pool_id, ClientName="c", **CLIENT)
            client_id = client["UserPoolClient"]["ClientId"]
            named = {"UserPoolId": pool_id, "Username": "ana"}
            aws.admin_create_user(**named, MessageAction="SUPPRESS")
            session = aws.initiate_auth(
                ClientId=client_id, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "ana"}
            )["Session"]
        else:
            answer = aws.respond_to_auth_challenge(
                ClientId=client_id,
                ChallengeName="CUSTOM_CHALLENGE",
                Session=session,
                ChallengeResponses={"USERNAME": "ana", "ANSWER": ANSWER},
            )
            assert answer["AuthenticationResult"]
        emulator.close()


def test_what_is_no_function_is_rejected_at_once():
    with pytest.raises(TypeError, match="The Lambda function 'x' isn't a function"):
        LocalCognito(lambdas={"x": 3})


def test_a_message_of_any_text_travels(flow, emulator):
    """0: in the body whole, and in the header as far as a header goes."""
    emulator.lambdas[NAME] = raising(Exception("ünï\n" + "x" * 5000))
    request = {
        "ClientId": flow.client_id,
        "AuthFlow": "CUSTOM_AUTH",
        "AuthParameters": {"USERNAME": flow.username},
    }
    code, message = flow.raw("InitiateAuth", **request)
    assert code == "UserLambdaValidationException" and "ünï\n" in message
    assert json.dumps(message)
