"""The scenario follows every challenge of USER_AUTH, and every second factor."""

import pytest

from cognito_helpers.local_cognito.challenges.names import TOKENS
from cognito_helpers.local_cognito.challenges.table import CHALLENGES
from cognito_helpers.sign_in.challenge_answers import ANSWERS
from cognito_helpers.sign_in.next_step import STEPS, UnexpectedChallenge, next_step
from cognito_helpers.sign_in.scenario import Flow, Scenario
from cognito_helpers.tutorial_pool.settings import CLIENT_SETTINGS
from tests.emulator import lambdas
from tests.tutorial_pool import Scripted, tutorial_pool

NUMBER = "+14325551212"
SENDER = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "id"}
SES = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
}
APPS = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
EMAILS = {"EmailMfaConfiguration": {"Message": "Your code is {####}", "Subject": "Code"}}
TEXTS = {"SmsMfaConfiguration": {"SmsConfiguration": SENDER}}
# What comes only inside a method that makes two calls, or as an answer of its own.
WITHIN = {"PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER", "PASSWORD", "PASSWORD_SRP"}


def test_there_is_a_step_for_every_challenge_of_the_emulator():
    posed = set(CHALLENGES) - WITHIN - {TOKENS}
    assert posed <= set(STEPS) and set(ANSWERS) == set(STEPS.values())


@pytest.fixture
def make():
    """Pools with ana in them, and a scenario for her."""
    opened = []

    def made(first=(), mfa="OFF", factors=None, person=None, **attributes):
        policy = {"AllowedFirstAuthFactors": ["PASSWORD", *first]}
        context = tutorial_pool(
            mfa="OFF",
            Policies={"SignInPolicy": policy},
            SmsConfiguration=SENDER,
            EmailConfiguration=SES,
            Schema=None,
            DeviceConfiguration=None,
        )
        pool = context.__enter__()
        opened.append(context)
        passkeys = {"WebAuthnConfiguration": {"RelyingPartyId": "example.com"}}
        pool.client.set_user_pool_mfa_config(
            UserPoolId=pool.id, MfaConfiguration=mfa, **(factors or {}), **passkeys
        )
        flows = [*CLIENT_SETTINGS["ExplicitAuthFlows"], "ALLOW_USER_AUTH"]
        pool.client.update_user_pool_client(
            UserPoolId=pool.id,
            ClientId=pool.client_id,
            **{**CLIENT_SETTINGS, "ExplicitAuthFlows": flows},
        )
        user = {"UserPoolId": pool.id, "Username": "ana"}
        given = [{"Name": name, "Value": value} for name, value in attributes.items()]
        pool.client.admin_create_user(**user, UserAttributes=given, MessageAction="SUPPRESS")
        pool.client.admin_set_user_password(**user, Password="Passw0rd!", Permanent=True)
        scenario = Scenario(pool.wrapper, Scripted(pool, **(person or {})))
        scenario.username, scenario.password, scenario.status = "ana", "Passw0rd!", "CONFIRMED"
        scenario.flow = Flow.CHOICE if first else Flow.PASSWORD
        return scenario

    yield made
    for context in opened:
        context.__exit__(None, None, None)


def names(calls):
    return [(call.operation, call.answer.get("ChallengeName")) for call in calls]


RESPOND = "RespondToAuthChallenge"
CHOICE = [("InitiateAuth", "SELECT_CHALLENGE")]
ADDRESSES = {"email": "ana@example.com", "phone_number": NUMBER}


@pytest.mark.parametrize("factor", ["EMAIL_OTP", "SMS_OTP"])
def test_a_code_as_the_first_factor(make, factor):
    wrong = {"first_factor": [factor], "sent_code": ["00000000"]}
    scenario = make(["EMAIL_OTP", "SMS_OTP"], person=wrong, **ADDRESSES)
    assert names(scenario.sign_in()) == [*CHOICE, (RESPOND, factor), (RESPOND, None)]
    assert scenario.person.errors == ["CodeMismatchException"] and scenario.tokens


@pytest.mark.parametrize("factor", ["PASSWORD", "PASSWORD_SRP"])
def test_a_password_as_the_chosen_factor(make, factor):
    scenario = make(["EMAIL_OTP"], person={"first_factor": [factor] * 2}, **ADDRESSES)
    scenario.password = "Wr0ng-password"
    calls = names(scenario.sign_in())
    assert calls == [*CHOICE, *CHOICE, (RESPOND, None)]
    assert scenario.person.errors == ["NotAuthorizedException"]
    assert scenario.tokens and scenario.password == "Passw0rd!"


def test_a_passkey(make):
    scenario = make(["WEB_AUTHN"], person={"first_factor": ["PASSWORD"]}, **ADDRESSES)
    list(scenario.sign_in())
    token, person = scenario.tokens["AccessToken"], scenario.person
    options = scenario.cognito.start_passkey_registration(token)["CredentialCreationOptions"]
    scenario.cognito.finish_passkey_registration(token, person.passkeys.create(options))
    person._script = {"first_factor": ["WEB_AUTHN"] * 2, "signed": [wrongly_signed]}
    calls = names(scenario.sign_in())
    assert calls == [
        *CHOICE,
        (RESPOND, "WEB_AUTHN"),
        *CHOICE,
        (RESPOND, "WEB_AUTHN"),
        (RESPOND, None),
    ]
    assert person.errors == ["NotAuthorizedException"] and scenario.tokens
    (passkey,) = scenario.cognito.list_passkeys(scenario.tokens["AccessToken"])
    scenario.cognito.delete_passkey(scenario.tokens["AccessToken"], passkey["CredentialId"])


def wrongly_signed(person):
    (key,) = person.passkeys.passkeys
    options = {"rpId": "example.com", "challenge": "AAAA", "allowCredentials": [{"id": key.id}]}
    return person.passkeys.sign(options)


SECOND = {
    "SMS_MFA": (TEXTS, {"phone_number": NUMBER}),
    "EMAIL_OTP": (EMAILS, {"email": "ana@example.com"}),
}


@pytest.mark.parametrize("factor", SECOND)
def test_a_code_as_the_second_factor(make, factor):
    factors, attributes = SECOND[factor]
    wrong = {"sent_code": ["000000"]}
    scenario = make(mfa="ON", factors=factors, person=wrong, **attributes)
    assert names(scenario.sign_in()) == [
        ("AdminInitiateAuth", factor),
        ("AdminRespondToAuthChallenge", None),
    ]
    assert scenario.person.errors == ["CodeMismatchException"]


def test_a_choice_of_second_factors(make):
    scenario = make(mfa="ON", factors=TEXTS | EMAILS, **ADDRESSES)
    scenario.cognito._client.admin_set_user_mfa_preference(
        UserPoolId=scenario.cognito._user_pool_id,
        Username="ana",
        SMSMfaSettings={"Enabled": True},
        EmailMfaSettings={"Enabled": True},
    )
    calls = names(scenario.sign_in())
    assert calls[0] == ("AdminInitiateAuth", "SELECT_MFA_TYPE")
    assert len(calls) == 3 and scenario.tokens


def test_an_email_address_is_set_up_during_the_sign_in(make):
    scenario = make(mfa="ON", factors=EMAILS)
    assert names(scenario.sign_in()) == [
        ("AdminInitiateAuth", "MFA_SETUP"),
        ("AdminRespondToAuthChallenge", "EMAIL_OTP"),
        ("AdminRespondToAuthChallenge", None),
    ]
    assert "email" in scenario.person.asked


def test_a_challenge_of_the_pools_own():
    """A wrong answer is asked again, as the pool's functions decide."""
    with tutorial_pool(mfa="OFF", **lambdas.config(*lambdas.CUSTOM)) as pool:
        pool.emulator.lambdas.update(lambdas.FUNCTIONS)
        flows = [*CLIENT_SETTINGS["ExplicitAuthFlows"], "ALLOW_CUSTOM_AUTH"]
        pool.client.update_user_pool_client(
            UserPoolId=pool.id, ClientId=pool.client_id, ExplicitAuthFlows=flows
        )
        person = Scripted(pool, own_answer=["red", lambdas.ANSWER])
        scenario = Scenario(pool.wrapper, person)
        for step in (scenario.sign_up, scenario.confirm):
            list(step())
        scenario.flow = Flow.CUSTOM
        asked = "CUSTOM_CHALLENGE"
        assert names(scenario.sign_in()) == [
            ("InitiateAuth", asked),
            (RESPOND, asked),
            (RESPOND, None),
        ]
        assert scenario.tokens and person.asked.count("own_answer") == 2


def test_a_factor_that_cannot_be_set_up_here_is_said_so():
    offered = {"ChallengeParameters": {"MFAS_CAN_SETUP": '["SMS_MFA"]'}}
    with pytest.raises(UnexpectedChallenge, match="no authenticator app or email"):
        next_step({"ChallengeName": "MFA_SETUP", **offered})
