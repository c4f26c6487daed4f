"""The cases: the symptom is real, fixing the right cause removes it, and wrong causes are
rejected."""

import gc
import re
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import pytest
from botocore.exceptions import ClientError

from cognito_helpers import CauseForm, new_device, open_case
from cognito_helpers.errors import LessonError
from cognito_helpers.exercises.case_data import CASES
from cognito_helpers.exercises.cases import OpenCase
from cognito_helpers.exercises.result import NOT_YET, SOLVED
from cognito_helpers.tutorial_pool.settings import MFA_SETTINGS, TAGS


def begin(case: OpenCase, name: str, client_id: str | None = None):
    return case.begin(name, client_id)


def answer(case: OpenCase, name: str, challenge, username: str):
    given = {"USERNAME": username, "SOFTWARE_TOKEN_MFA_CODE": case.phone.code(name)}
    return case.cognito.respond_to_auth_challenge(
        ClientId=case.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=challenge["Session"],
        ChallengeResponses=given,
    )


def one_and_not_another(case, fixed):
    begin(case, "ana")
    begin(case, "Ben" if fixed else "ben")


def slow_people(case, fixed):
    if fixed:
        case.cognito.update_user_pool_client(
            UserPoolId=case.pool_id,
            ClientId=case.client_id,
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
            AuthSessionValidity=15,
        )
    challenge = begin(case, "ana")
    case.wait(minutes=4)
    answer(case, "ana", challenge, "ana")


def the_new_client(case, fixed):
    """The application's own code, which offers a sign-up to unknown users."""
    begin(case, "ana")
    with pytest.raises(case.cognito.exceptions.UserNotFoundException):
        begin(case, "annna", case.old_client_id)
    if fixed:
        flows = ["ALLOW_USER_PASSWORD_AUTH"]
        case.cognito.update_user_pool_client(
            UserPoolId=case.pool_id,
            ClientId=case.client_id,
            ExplicitAuthFlows=flows,
            PreventUserExistenceErrors="LEGACY",
        )
    with suppress(case.cognito.exceptions.UserNotFoundException):
        begin(case, "annna")


def after_an_hour(case, fixed):
    case.wait(minutes=1)
    given = {"REFRESH_TOKEN": case.tokens["RefreshToken"]}
    if fixed:
        device, verifier = new_device(case.tokens["NewDeviceMetadata"])
        case.cognito.confirm_device(
            AccessToken=case.tokens["AccessToken"],
            DeviceKey=device.key,
            DeviceSecretVerifierConfig=verifier,
        )
        given["DEVICE_KEY"] = device.key
    case.cognito.initiate_auth(
        ClientId=case.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=given
    )


def never_asked(case, fixed):
    if fixed:
        case.cognito.admin_set_user_mfa_preference(
            UserPoolId=case.pool_id,
            Username="ana",
            SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
        )
    if begin(case, "ana").get("ChallengeName") != "SOFTWARE_TOKEN_MFA":
        raise ClientError({"Error": {"Code": "no code was asked", "Message": ""}}, "InitiateAuth")


def never_remembered(case, fixed):
    email = "ana@example.com"
    case.wait(minutes=1)
    challenge = begin(case, email)
    name = challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]
    assert name != email
    tokens = answer(case, email, challenge, name if fixed else email)["AuthenticationResult"]
    for got in [tokens] if fixed else [tokens, case.tokens]:
        device, verifier = new_device(got["NewDeviceMetadata"])
        case.cognito.confirm_device(
            AccessToken=got["AccessToken"],
            DeviceKey=device.key,
            DeviceSecretVerifierConfig=verifier,
        )


def no_preference_yet(case, fixed):
    token = {"AccessToken": begin(case, "ana")["AuthenticationResult"]["AccessToken"]}
    if fixed:
        case.set_up_app("ana")
    case.cognito.set_user_mfa_preference(**token, SoftwareTokenMfaSettings={"Enabled": True})


def switched_off(case, fixed):
    if fixed:
        case.cognito.set_user_pool_mfa_config(UserPoolId=case.pool_id, **MFA_SETTINGS)
        case.cognito.update_user_pool(UserPoolId=case.pool_id, AutoVerifiedAttributes=["email"])
    if begin(case, "ana").get("ChallengeName") != "SOFTWARE_TOKEN_MFA":
        raise ClientError({"Error": {"Code": "no code was asked", "Message": ""}}, "InitiateAuth")


def used_at_set_up(case, fixed):
    if fixed:
        case.wait_for_new_code()
    answer(case, "ana", begin(case, "ana"), "ana")


def dropped_session(case, fixed):
    begun = begin(case, "ana")["Session"]
    offered = case.offer_secret("ana", begun)["Session"]
    case.cognito.verify_software_token(
        Session=offered if fixed else begun, UserCode=case.phone.code("ana")
    )


class Symptom(NamedTuple):
    """How a case fails until its cause is fixed: the calls, and the error's name and message."""

    show: Callable[..., None]
    code: str
    message: str


SYMPTOMS = {
    "it works for one user and not another": Symptom(
        show=one_and_not_another,
        code="NotAuthorizedException",
        message="Incorrect username or password.",
    ),
    "it fails only for slow users": Symptom(
        show=slow_people,
        code="NotAuthorizedException",
        message="Invalid session for the user, session is expired.",
    ),
    "it worked with the other client": Symptom(
        show=the_new_client,
        code="NotAuthorizedException",
        message="Incorrect username or password.",
    ),
    "everyone is signed out after an hour": Symptom(
        show=after_an_hour,
        code="NotAuthorizedException",
        message="Invalid Refresh Token",
    ),
    "no one is asked for a code": Symptom(show=never_asked, code="no code was asked", message=""),
    "the device is never remembered": Symptom(
        show=never_remembered,
        code="InvalidParameterException",
        message="Invalid device key given.",
    ),
    "the preference can't be set": Symptom(
        show=no_preference_yet,
        code="InvalidParameterException",
        message="User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
    ),
    "no code since the deployment": Symptom(
        show=switched_off, code="no code was asked", message=""
    ),
    "the first sign-in fails": Symptom(
        show=used_at_set_up,
        code="ExpiredCodeException",
        message="Your software token has already been used once.",
    ),
    "no code sets up the app": Symptom(
        show=dropped_session,
        code="NotAuthorizedException",
        message="Invalid session for the user, session can only be used once.",
    ),
}


def test_every_case_has_its_symptom():
    assert SYMPTOMS.keys() == CASES.keys() and len(CASES) == 10


@pytest.mark.parametrize("title", SYMPTOMS)
def test_the_symptom_is_real_and_goes_when_the_cause_is_fixed(title):
    symptom, code, message = SYMPTOMS[title]
    case = open_case(title)
    with pytest.raises(ClientError) as caught:
        symptom(case, fixed=False)
    assert (caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]) == (
        code,
        message,
    )
    symptom(open_case(title), fixed=True)


@pytest.mark.parametrize("title", CASES)
def test_one_cause_is_right_and_the_others_say_why_not(title):
    case = open_case(title)
    results = [case.diagnose(number) for number in range(1, len(case.causes) + 1)]
    assert [result.state for result in results].count(SOLVED) == 1
    for cause, result in zip(case.causes, results, strict=True):
        if result.solved:
            assert re.search(r"\nEvidence: .*\b[A-Z][a-z]+[A-Z]\w+", result.words), (
                "no call is named"
            )
        else:
            assert result.state == NOT_YET and cause in result.words
            assert len(result.words) > len(cause) + 40, "nothing is said against it"
    assert len({data.right for data in CASES.values()}) > 3, (
        "the right one is always in the same place"
    )


# Each thing a case says a call shows is looked up with that call.
def test_the_calls_show_what_the_explanations_name():
    one = open_case("it works for one user and not another")
    assert {
        user["Username"] for user in one.cognito.list_users(UserPoolId=one.pool_id)["Users"]
    } == {"ana", "Ben"}
    assert one.cognito.describe_user_pool(UserPoolId=one.pool_id)["UserPool"].get(
        "UsernameConfiguration"
    ) != {"CaseSensitive": False}

    def client(case, client_id):
        return case.cognito.describe_user_pool_client(UserPoolId=case.pool_id, ClientId=client_id)[
            "UserPoolClient"
        ]

    slow = open_case("it fails only for slow users")
    assert client(slow, slow.client_id)["AuthSessionValidity"] == 3
    new = open_case("it worked with the other client")
    assert client(new, new.client_id)["PreventUserExistenceErrors"] == "ENABLED"
    assert client(new, new.old_client_id).get("PreventUserExistenceErrors", "LEGACY") == "LEGACY"
    hour = open_case("everyone is signed out after an hour")
    assert (
        "DeviceConfiguration"
        in hour.cognito.describe_user_pool(UserPoolId=hour.pool_id)["UserPool"]
        and "NewDeviceMetadata" in hour.tokens
    )
    assert client(hour, hour.client_id)["RefreshTokenValidity"] == 30
    assert "ALLOW_REFRESH_TOKEN_AUTH" in client(hour, hour.client_id)["ExplicitAuthFlows"]
    asked = open_case("no one is asked for a code")
    config = asked.cognito.get_user_pool_mfa_config(UserPoolId=asked.pool_id)
    assert (
        config["MfaConfiguration"] == "OPTIONAL"
        and config["SoftwareTokenMfaConfiguration"]["Enabled"]
    )
    assert "PreferredMfaSetting" not in asked.cognito.admin_get_user(
        UserPoolId=asked.pool_id, Username="ana"
    )
    assert (
        "DeviceConfiguration"
        not in asked.cognito.describe_user_pool(UserPoolId=asked.pool_id)["UserPool"]
    )


def test_the_applications_calls_show_the_symptom():
    """They're recorded, listed, and end in the symptom the case is about."""
    for title, symptom in SYMPTOMS.items():
        case = open_case(title)
        assert len(case.log) == len(case.requests.calls) >= 1, title
        assert case.log[-1].endswith(symptom.message or ": tokens"), title
        assert all(line in repr(case) for line in case.log)
    remembered = open_case("the device is never remembered").requests.calls
    assert remembered[1].request["ChallengeResponses"]["USERNAME"] == "ana@example.com"
    name = remembered[0].answer["ChallengeParameters"]["USER_ID_FOR_SRP"]
    assert name != "ana@example.com"


def test_the_calls_show_what_the_new_cases_name():
    off = open_case("no code since the deployment")
    config = off.cognito.get_user_pool_mfa_config(UserPoolId=off.pool_id)
    assert config["MfaConfiguration"] == "OFF"
    (changed,) = [one for one in off.requests.calls if one.operation == "SetUserPoolMfaConfig"]
    assert list(changed.request) == ["UserPoolId"]
    off.cognito.set_user_pool_mfa_config(UserPoolId=off.pool_id, **MFA_SETTINGS)
    off.cognito.update_user_pool(UserPoolId=off.pool_id)
    config = off.cognito.get_user_pool_mfa_config(UserPoolId=off.pool_id)
    assert config["MfaConfiguration"] == "ON", "UpdateUserPool keeps it"
    off.wait(1)
    assert answer(off, "ana", begin(off, "ana"), "ana")["AuthenticationResult"]
    last = open_case("no code sets up the app").requests.calls
    assert last[1].session_sent == last[2].session_sent != last[1].session_given


def test_a_case_is_tagged_and_leaves_nothing_behind():
    case = open_case("it fails only for slow users")
    (pool,) = case.cognito.list_user_pools(MaxResults=60)["UserPools"]
    assert (
        case.cognito.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]["UserPoolTags"] == TAGS
    )
    del case
    gc.collect()
    again = open_case("it fails only for slow users")
    assert len(again.cognito.list_user_pools(MaxResults=60)["UserPools"]) == 1


@pytest.mark.parametrize("cause", [0, 6, -1, "3", None, 2.5])
def test_an_unknown_cause_is_a_sentence(cause):
    with pytest.raises(LessonError, match="by its number, from 1 to 5"):
        open_case("it fails only for slow users").diagnose(cause)


def test_an_unknown_case_is_a_sentence():
    with pytest.raises(LessonError, match="no case “it fails”. The cases are: it works for one"):
        open_case("it fails")


def test_the_form_checks_the_choice_and_its_text_lists_the_causes():
    case = open_case("it fails only for slow users")
    form = CauseForm(case)
    assert all(
        cause in form.text for cause in case.causes
    ) and case.password not in form.text + repr(case)
    form.submit()
    assert "Choose a cause" in form._said.value
    form._choice.value = 1
    form.submit()
    assert "Not yet" in form._said.value
    form._choice.value = 4
    form.submit()
    assert "Solved" in form._said.value and "AuthSessionValidity" in form._said.value
