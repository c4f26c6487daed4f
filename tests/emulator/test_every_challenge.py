"""Every challenge the emulator has, posed, answered wrongly and answered rightly, in process and
over HTTP. BEHAVIOR.md, 11.0. `tests/site/test_challenges.py` does it in a browser tab.
"""

import json

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.local_cognito.challenges.table import CHALLENGES
from cognito_helpers.sign_in.software_authenticator import SoftwareAuthenticator

from . import lambdas
from .flow import (
    ALL_FACTORS,
    CHOICE,
    EMAIL,
    MUTABLE,
    OWN_SENDER,
    PASSWORD,
    PHONE,
    SMS,
    STEP,
    TRACKING,
    Flow,
    first_factors,
    pairs,
)
from .raw_http import boto_client

BOTH = pairs(email=EMAIL, phone_number=PHONE)
FACTORS = first_factors("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN")


class Counting(Flow):
    """A flow that records which challenges came, and which were answered how."""

    def __init__(self, *emulator_and_client, **settings):
        self.posed, self.wrong, self.right = set(), set(), set()
        super().__init__(*emulator_and_client, **settings)

    def initiate(self, *flow, **parameters):
        return self._noted(super().initiate(*flow, **parameters))

    def answer(self, challenge, *rest, **responses):
        try:
            answer = super().answer(challenge, *rest, **responses)
        except ClientError:
            self.wrong.add(challenge)
            raise
        self.right.add(challenge)
        return self._noted(answer)

    def _noted(self, answer):
        self.posed |= {answer.get("ChallengeName"), *answer.get("AvailableChallenges", [])}
        return answer

    def wrongly(self, challenge, **responses):
        with pytest.raises(ClientError):
            self.answer(challenge, **responses)


def maker(emulator, aws):
    """A function that makes pools with a confirmed user; `make.seen` has their flows."""
    seen = []

    def make(client=CHOICE, **settings):
        flow = Counting(emulator, aws, client=client, **settings)
        flow.sign_up(UserAttributes=BOTH)
        flow.admin_confirm()
        seen.append(flow)
        return flow

    make.seen = seen
    return make


@pytest.fixture(params=["in process", "over HTTP"])
def make(request, emulator, aws):
    if request.param == "over HTTP":
        aws = boto_client(request.getfixturevalue("endpoint"))
    return maker(emulator, aws)


def codes_and_choice(make):
    flow = make(mfa="OFF", pool=MUTABLE | SMS | FACTORS)
    flow.aws.set_user_pool_mfa_config(
        UserPoolId=flow.pool_id,
        MfaConfiguration="OFF",
        WebAuthnConfiguration={"RelyingPartyId": "example.com"},
    )
    flow.choose()
    flow.wrongly("SELECT_CHALLENGE", ANSWER="PASSWORD", PASSWORD="wrong")
    flow.choose()
    flow.wrongly("PASSWORD", PASSWORD="wrong")
    flow.choose()
    flow.answer("PASSWORD", PASSWORD=PASSWORD)
    for challenge in ("EMAIL_OTP", "SMS_OTP"):
        flow.choose()
        flow.select(challenge)
        flow.wrongly(challenge, **{f"{challenge}_CODE": flow.wrong_email_code()})
        flow.one_time_code(challenge)
    flow.srp_begin()
    big_a = f"{flow.srp.large_a_value:x}"
    flow.choose()
    flow.wrongly("PASSWORD_SRP", SRP_A="0")
    flow.srp_challenge = flow.answer("PASSWORD_SRP", SRP_A=big_a)["ChallengeParameters"]
    flow.wrongly("PASSWORD_VERIFIER", session=False, PASSWORD_CLAIM_SECRET_BLOCK="x")
    flow.srp_finish()
    passkey(flow)


def passkey(flow):
    token = {"AccessToken": flow.tokens["AccessToken"]}
    device = SoftwareAuthenticator()
    options = flow.aws.start_web_authn_registration(**token)["CredentialCreationOptions"]
    flow.aws.complete_web_authn_registration(**token, Credential=device.create(options))
    for right in (False, True):
        told = flow.choose("WEB_AUTHN")["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"]
        credential = json.dumps(device.get(json.loads(told)))
        if right:
            assert flow.answer("WEB_AUTHN", CREDENTIAL=credential)["AuthenticationResult"]
        else:
            flow.wrongly("WEB_AUTHN", CREDENTIAL="{}")


def second_factors(make):
    flow = make(mfa="ON", pool=MUTABLE | OWN_SENDER, factors=ALL_FACTORS)
    flow.sign_in()
    flow.wrongly("SELECT_MFA_TYPE", ANSWER="EMAIL_MFA")
    flow.answer("SELECT_MFA_TYPE", ANSWER="SMS_MFA")
    flow.wrongly("SMS_MFA", SMS_MFA_CODE=flow.wrong_email_code())
    flow.answer("SMS_MFA", SMS_MFA_CODE=flow.email_code())


def app_device_and_password(make):
    flow = make(mfa="ON", pool=MUTABLE | {"DeviceConfiguration": TRACKING})
    flow.set_password(PASSWORD, permanent=False)
    flow.sign_in()
    flow.wrongly("NEW_PASSWORD_REQUIRED", NEW_PASSWORD="x")
    flow.answer("NEW_PASSWORD_REQUIRED", NEW_PASSWORD=PASSWORD)
    flow.wrongly("MFA_SETUP")
    flow.associate()
    flow.verify()
    flow.answer("MFA_SETUP")
    flow.confirm_device()
    flow.wait(STEP).sign_in()
    flow.wrongly("SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE=flow.wrong_code())
    flow.send_code()
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.wrongly("DEVICE_SRP_AUTH", DEVICE_KEY=flow.device.key, SRP_A="0")
    flow.device_begin()
    flow.wrongly("DEVICE_PASSWORD_VERIFIER", DEVICE_KEY=flow.device.key)
    flow.device_finish()


def custom(make):
    flow = make(mfa="OFF", pool=MUTABLE | lambdas.config(*lambdas.CUSTOM), client=lambdas.CLIENT)
    flow.emulator.lambdas.update(lambdas.FUNCTIONS)
    for right in (False, True):
        flow.initiate("CUSTOM_AUTH", USERNAME=flow.username)
        if right:
            assert flow.answer("CUSTOM_CHALLENGE", ANSWER=lambdas.ANSWER)["AuthenticationResult"]
            continue
        # A wrong answer is asked again as often as the functions like.
        flow.answer("CUSTOM_CHALLENGE", ANSWER="wrong")
        flow.answer("CUSTOM_CHALLENGE", ANSWER="wrong")
        flow.wrongly("CUSTOM_CHALLENGE", ANSWER="wrong")


def test_every_challenge_is_posed_and_answered_both_ways(make):
    for walk in (codes_and_choice, second_factors, app_device_and_password, custom):
        walk(make)
    for how in ("posed", "wrong", "right"):
        found = set().union(*(getattr(flow, how) for flow in make.seen))
        assert CHALLENGES.keys() - found == set(), how
