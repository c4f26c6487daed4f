"""The flow as steps: each follows from the response before, a wrong answer is asked again, and an
unforeseen response is reported clearly.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from cognito_helpers.actions import Device
from cognito_helpers.errors import LessonError
from cognito_helpers.sign_in.next_step import (
    DEVICE_SRP_AUTH,
    MFA_SETUP,
    NEW_PASSWORD_REQUIRED,
    SIGNED_IN,
    SOFTWARE_TOKEN_MFA,
    STEPS,
    Step,
    UnexpectedChallenge,
    next_step,
)
from cognito_helpers.sign_in.scenario import MOST_TIMES, UNKNOWN, Scenario
from cognito_helpers.tutorial_pool.settings import POOL_SETTINGS
from tests.tutorial_pool import (
    MINUTE,
    TRANSPORTS,
    Scripted,
    late,
    right_code,
    tutorial_pool,
    used_code,
    wrong_code,
)

ENROL = [
    "AdminInitiateAuth",
    "AssociateSoftwareToken",
    "VerifySoftwareToken",
    "AdminRespondToAuthChallenge",
]
BY_CODE = ["AdminInitiateAuth", "AdminRespondToAuthChallenge"]
BY_DEVICE = ["InitiateAuth", "RespondToAuthChallenge"]
WHOLE = [
    "SignUp",
    "AdminGetUser",
    "ConfirmSignUp",
    "ListUsers",
    *ENROL,
    *BY_CODE,
    "ConfirmDevice",
    "ListDevices",
    *BY_DEVICE,
    "InitiateAuth",
    "RevokeToken",
    "DeleteUser",
]


@pytest.fixture
def pool():
    with tutorial_pool() as pool:
        yield pool


def names(calls):
    return [call.operation for call in calls]


def at(pool, person=None, *steps, **state):
    """A scenario that has taken these steps, by name, with its state then set to `state`."""
    scenario = Scenario(pool.wrapper, person or Scripted(pool))
    for step in steps:
        list(getattr(scenario, step)())
    for name, value in state.items():
        setattr(scenario, name, value)
    return scenario


# What a response asks for

OFFERED = {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]'}


class Expected(NamedTuple):
    """A response to a sign-in, and the step that follows from it."""

    answer: dict[str, Any]
    step: Step


EXPECTED = {
    "an app to set up": Expected(
        answer={"ChallengeName": "MFA_SETUP", "ChallengeParameters": OFFERED}, step=MFA_SETUP
    ),
    "a choice of factors to set up": Expected(
        answer={
            "ChallengeName": "MFA_SETUP",
            "ChallengeParameters": {"MFAS_CAN_SETUP": '["SMS_MFA","SOFTWARE_TOKEN_MFA"]'},
        },
        step=MFA_SETUP,
    ),
    "a code": Expected(answer={"ChallengeName": "SOFTWARE_TOKEN_MFA"}, step=SOFTWARE_TOKEN_MFA),
    "an email address to set up": Expected(
        answer={
            "ChallengeName": "MFA_SETUP",
            "ChallengeParameters": {"MFAS_CAN_SETUP": '["EMAIL_OTP"]'},
        },
        step=MFA_SETUP,
    ),
    **{
        name: Expected(answer={"ChallengeName": name}, step=STEPS[name])
        for name in STEPS
        if name != "MFA_SETUP"
    },
    "a device": Expected(answer={"ChallengeName": "DEVICE_SRP_AUTH"}, step=DEVICE_SRP_AUTH),
    "a new password": Expected(
        answer={"ChallengeName": "NEW_PASSWORD_REQUIRED"}, step=NEW_PASSWORD_REQUIRED
    ),
    "nothing more": Expected(
        answer={"ChallengeParameters": {}, "AuthenticationResult": {"AccessToken": "t"}},
        step=SIGNED_IN,
    ),
}


@pytest.mark.parametrize(("answer", "step"), EXPECTED.values(), ids=EXPECTED)
def test_the_next_step_follows_from_the_response(answer, step):
    assert next_step(answer) is step
    assert (step.challenge or "No challenge") in repr(step) and "Next: " in repr(step)


class Unexpected(NamedTuple):
    """A response the flow has no step for, and some words of what's said about it."""

    answer: dict[str, Any]
    words: str


UNEXPECTED = {
    "what is not invented yet": Unexpected(
        answer={"ChallengeName": "A_NEW_ONE"},
        words="asks for A_NEW_ONE, and this flow has no step for it. It has one for MFA_SETUP, SOF",
    ),
    "a step out of its turn": Unexpected(
        answer={"ChallengeName": "DEVICE_PASSWORD_VERIFIER"},
        words="asks for DEVICE_PASSWORD_VERIFIER",
    ),
    "no app on offer": Unexpected(
        answer={
            "ChallengeName": "MFA_SETUP",
            "ChallengeParameters": {"MFAS_CAN_SETUP": '["SMS_MFA"]'},
        },
        words="offers SMS_MFA to set up, and no",
    ),
    "nothing on offer": Unexpected(
        answer={"ChallengeName": "MFA_SETUP"}, words="offers nothing to set up"
    ),
    "no answer to a sign-in": Unexpected(
        answer={"UserConfirmed": False}, words="neither a challenge nor tokens"
    ),
    "nothing at all": Unexpected(answer={}, words="neither a challenge nor tokens"),
}


@pytest.mark.parametrize(("answer", "words"), UNEXPECTED.values(), ids=UNEXPECTED)
def test_a_response_the_flow_has_no_step_for_is_one_sentence(answer, words):
    with pytest.raises(UnexpectedChallenge, match=words) as caught:
        next_step(answer)
    assert isinstance(caught.value, LessonError), "shown without a traceback"


# The whole flow


@pytest.mark.parametrize("secret", [False, True], ids=["without a secret", "with a secret"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_whole_flow(transport, secret):
    with tutorial_pool(transport, secret=secret) as pool:
        person = Scripted(pool)
        scenario = Scenario(pool.wrapper, person)
        assert names(scenario.run()) == WHOLE
        assert (scenario.tokens, scenario.device, scenario.status) == (None, None, "")
        assert person.errors == [] and pool.statuses() == {}
        assert person.asked == [
            "username",
            "email",
            "password",
            "email_code",
            "app_code",
            "app_code",
            "wants_device_remembered",
            "wants_to_leave",
        ]


def test_answering_no_to_everything_leaves_a_user_who_signs_in_with_a_code(pool):
    scenario = Scenario(
        pool.wrapper, Scripted(pool, wants_device_remembered=[False], wants_to_leave=[False])
    )
    assert names(scenario.run()) == WHOLE[: WHOLE.index("ConfirmDevice")]
    assert pool.statuses() == {"ana": "CONFIRMED"} and scenario.tokens and scenario.device is None


def test_without_mfa_the_password_is_enough_for_tokens():
    with tutorial_pool(mfa="OFF") as pool:
        person = Scripted(pool)
        calls = names(Scenario(pool.wrapper, person).run())
    assert (
        calls[4:6] == ["AdminInitiateAuth", "AdminInitiateAuth"] and "app_code" not in person.asked
    )
    assert calls[-1] == "DeleteUser"


def test_the_earlier_sign_in_is_over_and_the_refreshed_one_is_not(pool):
    scenario = at(pool, None, "sign_up", "confirm", "sign_in", "sign_in")
    by_code = scenario.tokens
    for step in ("remember_device", "sign_in", "refresh"):
        list(getattr(scenario, step)())
    list(scenario.revoke(by_code))
    assert scenario.tokens["RefreshToken"] != by_code["RefreshToken"]
    assert list(pool.wrapper.list_devices(scenario.tokens["AccessToken"]))
    with pytest.raises(pool.client.exceptions.NotAuthorizedException):
        list(pool.wrapper.list_devices(by_code["AccessToken"]))


def test_of_many_users_the_first_ten_are_listed(pool):
    for number in range(10):
        pool.client.admin_create_user(
            UserPoolId=pool.id, Username=f"user{number}", MessageAction="SUPPRESS"
        )
    listed = next(
        call.answer["Users"]
        for call in Scenario(pool.wrapper, Scripted(pool)).run()
        if call.operation == "ListUsers"
    )
    assert len(pool.statuses()) == 11 and len(listed) == 10


# Wrong answers

ALL_CONFIRMED = ["sign_up", "confirm"]


def a_day_late(person):
    person.pool.emulator.clock.advance(24 * 60 * MINUTE)
    return person.pool.email_code()


def wrong_email_code(person):
    return "000000" if person.pool.email_code() != "000000" else "111111"


class WrongAnswer(NamedTuple):
    """What the user answers first to each question, and the errors that brings."""

    script: dict[str, list[Any]]
    errors: list[str]


WRONG = {
    "a password that breaks the policy": WrongAnswer(
        script={"password": ["password"]}, errors=["InvalidPasswordException"]
    ),
    "an address that is none": WrongAnswer(
        script={"email": ["no address"]}, errors=["InvalidParameterException"]
    ),
    "a wrong code from the mail": WrongAnswer(
        script={"email_code": [wrong_email_code]},
        errors=["CodeMismatchException"],
    ),
    "another code, please": WrongAnswer(script={"email_code": [""]}, errors=[]),
    "a code from the mail that is too old": WrongAnswer(
        script={"email_code": [a_day_late, ""]},
        errors=["ExpiredCodeException"],
    ),
    "too many other codes": WrongAnswer(
        script={"email_code": [""] * 6}, errors=["LimitExceededException"]
    ),
    "a wrong code from the app, setting it up": WrongAnswer(
        script={"app_code": [wrong_code]},
        errors=["EnableSoftwareTokenMFAException"],
    ),
    "a wrong code from the app, signing in": WrongAnswer(
        script={"app_code": [right_code, wrong_code]},
        errors=["CodeMismatchException"],
    ),
    "a used code": WrongAnswer(
        script={"app_code": [right_code, used_code]},
        errors=["ExpiredCodeException"],
    ),
    "an app set up too late": WrongAnswer(
        script={"app_code": [late(16)]}, errors=["NotAuthorizedException"]
    ),
    "a code too late": WrongAnswer(
        script={"app_code": [right_code, late(16)]}, errors=["NotAuthorizedException"]
    ),
}


@pytest.mark.parametrize(("script", "errors"), WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_asked_again_and_the_flow_continues(pool, script, errors):
    person = Scripted(pool, **{question: list(answers) for question, answers in script.items()})
    calls = names(Scenario(pool.wrapper, person).run())
    assert person.errors == errors
    assert [call for call in calls if call != "ResendConfirmationCode"][-8:] == WHOLE[
        -8:
    ] and pool.statuses() == {}


def test_an_app_set_up_too_late_gets_a_new_secret(pool):
    person = Scripted(pool, app_code=[late(16)])
    list(Scenario(pool.wrapper, person).run())
    assert len(set(person.secrets)) == 2


def test_a_sign_in_is_not_restarted_forever(pool):
    person = Scripted(pool, app_code=[late(16)] * MOST_TIMES)
    list(at(pool, person, *ALL_CONFIRMED).sign_in())
    assert len(person.errors) == MOST_TIMES
    # The app is set up by now, and the account was used: another user sets up theirs.
    person = Scripted(pool, username=["ben"], app_code=[late(16)] * (MOST_TIMES + 1))
    scenario = at(pool, person, *ALL_CONFIRMED)
    with pytest.raises(pool.client.exceptions.NotAuthorizedException, match="session is expired"):
        list(scenario.sign_in())
    assert len(person.errors) == MOST_TIMES


def test_too_many_wrong_confirmation_codes_end_the_flow(pool):
    """BEHAVIOR.md, 1.3: fifteen in an hour."""
    person = Scripted(pool, email_code=[wrong_email_code] * 16)
    scenario = at(pool, person, "sign_up")
    with pytest.raises(pool.client.exceptions.LimitExceededException):
        list(scenario.confirm())
    assert person.errors == ["CodeMismatchException"] * 15 and scenario.status == "UNCONFIRMED"


def test_a_wrong_password_is_asked_again(pool):
    person = Scripted(pool, password=["Passw0rd!"])
    scenario = at(pool, person, *ALL_CONFIRMED, password="Wr0ng-password")
    list(scenario.sign_in())
    assert person.errors == ["NotAuthorizedException"] and scenario.tokens


# Existing users


def test_a_taken_name_leads_to_another(pool):
    list(Scenario(pool.wrapper, Scripted(pool)).sign_up())
    person = Scripted(pool, continues_as=[False], username=["ana", "ben"])
    scenario = at(pool, person)
    assert names(scenario.sign_up()) == ["AdminGetUser", "SignUp"]
    assert person.errors == ["UsernameExistsException"] and scenario.username == "ben"
    assert pool.statuses() == {"ana": "UNCONFIRMED", "ben": "UNCONFIRMED"}


def test_another_persons_user_is_not_said_to_be_left_behind(pool):
    list(Scenario(pool.wrapper, Scripted(pool)).sign_up())

    def stopped(_):
        raise KeyboardInterrupt

    scenario = at(pool, Scripted(pool, continues_as=[False], username=["ana", stopped]))
    with pytest.raises(KeyboardInterrupt):
        list(scenario.sign_up())
    assert scenario.status == ""


def test_an_existing_user_continues_from_their_status(pool):
    list(Scenario(pool.wrapper, Scripted(pool)).sign_up())
    calls = names(Scenario(pool.wrapper, Scripted(pool)).run())
    assert calls[:4] == ["AdminGetUser", "AdminGetUser", "ConfirmSignUp", "ListUsers"]
    at(pool, None, *ALL_CONFIRMED)
    calls = names(Scenario(pool.wrapper, Scripted(pool)).run())
    assert calls[:3] == ["AdminGetUser", "AdminGetUser", "ListUsers"], "confirmed already"


def test_a_user_created_by_an_administrator_chooses_a_password(pool):
    pool.client.admin_create_user(
        UserPoolId=pool.id,
        Username="ana",
        TemporaryPassword="Temp0rary!",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": "a@example.com"}],
    )
    person = Scripted(pool, password=["Temp0rary!"], new_password=["weak"])
    scenario = at(pool, person)
    calls = names(scenario.run())
    assert person.errors == ["UsernameExistsException", "InvalidPasswordException"]
    assert calls[3:8] == [
        "AdminInitiateAuth",
        "AdminRespondToAuthChallenge",
        "AssociateSoftwareToken",
        "VerifySoftwareToken",
        "AdminRespondToAuthChallenge",
    ]
    assert person.asked.count("new_password") == 2 and scenario.password == "Passw0rd!"


def test_a_missing_attribute_is_asked_for_with_the_password(pool):
    pool.client.admin_create_user(
        UserPoolId=pool.id, Username="ana", TemporaryPassword="Temp0rary!", MessageAction="SUPPRESS"
    )
    person = Scripted(pool, password=["Temp0rary!"], email=["ana@example.com", "no address"])
    list(at(pool, person, "sign_up").sign_in())
    assert person.errors == ["UsernameExistsException", "InvalidParameterException"]
    attributes = pool.wrapper.admin_get_user("ana")["UserAttributes"]
    assert {"Name": "email", "Value": "ana@example.com"} in attributes


# Devices


def remembered(pool, person=None):
    return at(pool, person, *ALL_CONFIRMED, "sign_in", "sign_in", "remember_device")


def forgotten(scenario, pool):
    pool.wrapper.forget_device(scenario.tokens["AccessToken"], scenario.device.key)


def another_password(scenario, pool):
    scenario.device = Device(
        scenario.device.key, scenario.device.group_key, "not the device's password"
    )


def not_remembered(scenario, pool):
    token = scenario.tokens["AccessToken"]
    pool.client.update_device_status(
        AccessToken=token, DeviceKey=scenario.device.key, DeviceRememberedStatus="not_remembered"
    )


class LostDevice(NamedTuple):
    """How a device stops working, the errors that brings, and the calls of the next sign-in."""

    lose: Callable[[Scenario, Any], None]
    errors: list[str]
    calls: list[str]


LOST = {
    "forgotten": LostDevice(lose=forgotten, errors=["ResourceNotFoundException"], calls=BY_CODE),
    "without its password": LostDevice(
        lose=another_password,
        errors=["NotAuthorizedException"],
        calls=["InitiateAuth", *BY_CODE],
    ),
    "not remembered": LostDevice(lose=not_remembered, errors=[], calls=BY_DEVICE),
}


@pytest.mark.parametrize(("lose", "errors", "calls"), LOST.values(), ids=LOST)
def test_if_a_device_no_longer_works_the_user_gives_a_code(pool, lose, errors, calls):
    person = Scripted(pool)
    scenario = remembered(pool, person)
    lose(scenario, pool)
    codes = person.asked.count("app_code")
    assert names(scenario.sign_in()) == calls
    assert (
        person.errors == errors and person.asked.count("app_code") == codes + 1 and scenario.tokens
    )


def test_if_the_pool_asks_the_user_a_device_is_remembered_by_another_call():
    asked = POOL_SETTINGS["DeviceConfiguration"] | {"DeviceOnlyRememberedOnUserPrompt": True}
    with tutorial_pool(DeviceConfiguration=asked) as pool:
        scenario = at(pool, None, *ALL_CONFIRMED, "sign_in", "sign_in")
        assert names(scenario.remember_device()) == ["ConfirmDevice", "UpdateDeviceStatus"]
        assert names(scenario.sign_in()) == BY_DEVICE


# What no answer fixes


def test_an_error_no_answer_can_fix_is_raised(pool):
    scenario = at(pool, Scripted(pool), "sign_up")
    pool.client.delete_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)
    with pytest.raises(pool.client.exceptions.ResourceNotFoundException):
        list(scenario.confirm())
    with pytest.raises(LessonError, match="No one is signed in"):
        list(scenario.refresh())


@pytest.mark.parametrize("step", ["sign_up", "leave"])
def test_a_call_without_a_response_leaves_open_what_it_did(pool, monkeypatch, step):
    """Stopped, or cut off, in the middle of a call that creates or deletes a user."""

    def stopped(*_):
        raise KeyboardInterrupt

    scenario = at(pool, None) if step == "sign_up" else at(pool, None, *ALL_CONFIRMED, "sign_in")
    monkeypatch.setattr(pool.wrapper, "sign_up_user", stopped)
    monkeypatch.setattr(pool.wrapper, "delete_user", stopped)
    with pytest.raises(KeyboardInterrupt):
        list(getattr(scenario, step)())
    assert scenario.status == UNKNOWN


def test_an_unexpected_challenge_stops_the_sign_in(pool, monkeypatch):
    scenario = at(pool, None, *ALL_CONFIRMED)
    monkeypatch.setattr(
        pool.wrapper,
        "admin_start_sign_in",
        lambda *_: {"ChallengeName": "A_NEW_ONE", "Session": "s"},
    )
    with pytest.raises(UnexpectedChallenge, match="A_NEW_ONE"):
        list(scenario.sign_in())


def test_the_state_is_shown_without_secrets(pool):
    scenario = remembered(pool)
    told = repr(scenario)
    assert "'ana'" in told and "signed_in=True" in told
    assert not any(
        secret in told
        for secret in (scenario.password, scenario.tokens["AccessToken"], scenario.device.password)
    )
