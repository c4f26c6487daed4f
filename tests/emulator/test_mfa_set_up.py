"""Setting up an authenticator: MFA_SETUP, the secret, and its first code. BEHAVIOR.md, 1.8, 1.9 and
10.3.
"""

import base64
import json
import re

import pytest

from .flow import HOUR, MINUTE, PLANES, STEP, rejects
from .rows import Rejected

WRONG_CODE = "EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA"
INVALID_SESSION = "NotAuthorizedException", "Invalid session for the user."
INVALID = "InvalidParameterException", None


def no_totp(flow):
    """The pool turns authenticators off while the user is setting one up."""
    flow.confirmed().sign_in()
    flow.aws.set_user_pool_mfa_config(UserPoolId=flow.pool_id, MfaConfiguration="OFF")


def two_users(flow):
    """Alice has a secret; the current session is Bob's, who has none."""
    flow.offered().confirmed("bob")
    flow.sign_in(username="bob")


ERRORS = {
    "1.9 wrong code": Rejected(
        pool="tutorial",
        before=lambda f: f.offered(),
        call=lambda f: f.verify(f.wrong_code()),
        error=WRONG_CODE,
    ),
    "section 4 code two steps old": Rejected(
        pool="tutorial",
        before=lambda f: f.offered(),
        call=lambda f: f.verify(f.code(-2)),
        error=WRONG_CODE,
    ),
    "section 4 code two steps early": Rejected(
        pool="tutorial",
        before=lambda f: f.offered(),
        call=lambda f: f.verify(f.code(2)),
        error=WRONG_CODE,
    ),
    "1.9 code of a secret that was replaced": Rejected(
        pool="tutorial",
        before=lambda f: (setattr(f.offered(), "stale", f.totp_secret), f.associate()),
        call=lambda f: f.verify(f.code(secret=f.stale)),
        error=WRONG_CODE,
    ),
    "1.9 the pool offers no authenticators": Rejected(
        pool="tutorial",
        before=no_totp,
        call=lambda f: f.associate(),
        error=(
            "SoftwareTokenMFANotFoundException",
            "Software Token MFA has not been enabled by the userPool",
        ),
    ),
    "1.9 the pool offers no authenticators, access token": Rejected(
        pool="no MFA",
        before=lambda f: f.signed_in(),
        call=lambda f: f.associate(AccessToken=f.tokens["AccessToken"]),
        error=(
            "SoftwareTokenMFANotFoundException",
            "Software Token MFA has not been enabled by the userPool",
        ),
    ),
    "1.9 Associate with a made-up session": Rejected(
        pool="tutorial",
        before=lambda f: f.confirmed(),
        call=lambda f: f.associate(Session="x" * 40),
        error=INVALID_SESSION,
    ),
    "1.9 Associate with a session that asks for a code": Rejected(
        pool="tutorial",
        before=lambda f: f.challenged(),
        call=lambda f: f.associate(),
        error=INVALID_SESSION,
    ),
    "1.9 Verify before Associate": Rejected(
        pool="tutorial",
        before=lambda f: f.confirmed().sign_in(),
        call=lambda f: f.verify("123456"),
        error=INVALID_SESSION,
    ),
    "1.9 Verify with another user's session": Rejected(
        pool="tutorial",
        before=two_users,
        call=lambda f: f.verify(),
        error=INVALID_SESSION,
    ),
    "1.9 Associate after Verify": Rejected(
        pool="tutorial",
        before=lambda f: f.offered().verify(),
        call=lambda f: f.associate(),
        error=INVALID_SESSION,
    ),
    "1.8 MFA_SETUP before Associate": Rejected(
        pool="tutorial",
        before=lambda f: f.confirmed().sign_in(),
        call=lambda f: f.answer("MFA_SETUP"),
        error=INVALID_SESSION,
    ),
    "1.8 MFA_SETUP before Verify": Rejected(
        pool="tutorial",
        before=lambda f: f.offered(),
        call=lambda f: f.answer("MFA_SETUP"),
        error=INVALID_SESSION,
    ),
    "1.8 MFA_SETUP with the password's session": Rejected(
        pool="tutorial",
        before=lambda f: (
            setattr(f, "first", f.confirmed().sign_in()["Session"]),
            f.associate(),
            f.verify(),
        ),
        call=lambda f: f.answer("MFA_SETUP", session=f.first),
        error=(
            "NotAuthorizedException",
            "Invalid session for the user, session can only be used once.",
        ),
    ),
    "choice: a code for MFA_SETUP's session": Rejected(
        pool="tutorial",
        before=lambda f: f.offered().verify(),
        call=lambda f: f.send_code(f.code(1)),
        error=("NotAuthorizedException", None),
    ),
    "1.9 Associate with neither token nor session": Rejected(
        pool="tutorial",
        before=lambda f: f.confirmed(),
        call=lambda f: f.aws.associate_software_token(),
        error=INVALID,
    ),
    "1.9 Associate with both an access token and a session": Rejected(
        pool="optional MFA",
        before=lambda f: f.signed_in(),
        call=lambda f: f.associate(AccessToken=f.tokens["AccessToken"], Session="x" * 40),
        error=INVALID,
    ),
    "1.9 Verify with neither token nor session": Rejected(
        pool="tutorial",
        before=lambda f: f.offered(),
        call=lambda f: f.aws.verify_software_token(UserCode="123456"),
        error=INVALID,
    ),
    "1.9 Verify with both an access token and a session": Rejected(
        pool="optional MFA",
        before=lambda f: (f.signed_in(), f.associate(AccessToken=f.tokens["AccessToken"])),
        call=lambda f: f.verify(AccessToken=f.tokens["AccessToken"], Session="x" * 40),
        error=INVALID,
    ),
    "1.9 Verify with letters": Rejected(
        pool="tutorial",
        before=lambda f: f.offered(),
        call=lambda f: f.verify("abcdef"),
        error=(
            "InvalidParameterException",
            (
                "1 validation error detected: Value 'abcdef' at 'userCode' failed to satisfy"
                " constraint: Member must satisfy regular expression pattern: [0-9]+"
            ),
        ),
    ),
    "1.9 Verify with seven digits": Rejected(
        pool="tutorial",
        before=lambda f: f.offered(),
        call=lambda f: f.verify("1234567"),
        error=INVALID,
    ),
    "choice: Verify by token before Associate": Rejected(
        pool="optional MFA",
        before=lambda f: f.signed_in(),
        call=lambda f: f.verify("123456", AccessToken=f.tokens["AccessToken"]),
        error=("SoftwareTokenMFANotFoundException", None),
    ),
}


@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_setting_up_is_rejected(make_flow, kind, before, call, error):
    flow = make_flow(kind)
    before(flow)
    with rejects(flow, *error):
        call(flow)


def test_a_short_code_is_rejected_in_the_services_words(flow):
    """1.9: both faults in one message. boto3 itself rejects this one, other clients send it."""
    flow.offered()
    assert flow.raw("VerifySoftwareToken", Session=flow.session, UserCode="Aaaa") == (
        "InvalidParameterException",
        "2 validation errors detected: "
        + "Value 'Aaaa' at 'userCode' failed to satisfy constraint: Member must satisfy regular"
        " expression pattern: [0-9]+; "
        + "Value 'Aaaa' at 'userCode' failed to satisfy constraint: Member must have length greater"
        " than or equal to 6",
    )


@pytest.mark.parametrize("plane", PLANES)
def test_a_user_without_an_authenticator_is_asked_to_set_one_up(flow, plane):
    """1.8, 10.0: a list inside a string, with exactly one element."""
    answer = flow.confirmed().sign_in(plane=plane)

    assert set(answer) == {"ChallengeName", "Session", "ChallengeParameters"}
    assert answer["ChallengeName"] == "MFA_SETUP"
    assert set(answer["ChallengeParameters"]) == {"MFAS_CAN_SETUP", "USER_ID_FOR_SRP"}
    assert json.loads(answer["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
    assert answer["ChallengeParameters"]["USER_ID_FOR_SRP"] == "alice"


def test_the_user_id_is_spelled_as_at_sign_up(flow):
    """1.8"""
    flow.confirmed()
    assert flow.sign_in(username="ALICE")["ChallengeParameters"]["USER_ID_FOR_SRP"] == "alice"


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize(
    "extra",
    [{}, {"SOFTWARE_TOKEN_MFA_CODE": "000000"}],
    ids=["path A", "an extra code is tolerated"],
)
def test_after_verify_the_challenge_is_answered_without_a_code(flow, plane, extra):
    """1.8"""
    flow.plane = plane
    flow.offered()
    verified = flow.verify(name="my phone")
    assert verified["Status"] == "SUCCESS"
    assert set(verified) == {"Status", "Session"}

    answer = flow.answer("MFA_SETUP", session=verified["Session"], **extra)

    assert answer["ChallengeParameters"] == {}
    assert {"AccessToken", "IdToken", "RefreshToken"} <= set(answer["AuthenticationResult"])
    assert "Session" not in answer


def test_after_verify_a_new_sign_in_asks_for_a_code(flow):
    """1.8, path B: no preference is set."""
    flow.offered().verify()
    assert flow.sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@pytest.mark.parametrize(
    "stop", [lambda f: None, lambda f: f.associate()], ids=["before Associate", "after Associate"]
)
def test_an_unfinished_setup_is_asked_for_again(flow, stop):
    """1.8"""
    flow.confirmed().sign_in()
    stop(flow)
    assert flow.sign_in()["ChallengeName"] == "MFA_SETUP"


def test_if_mfa_is_optional_no_setup_is_asked_for(make_flow):
    """1.8: nor is a verified authenticator enough, without a preference."""
    flow = make_flow("optional MFA")
    assert flow.confirmed().sign_in()["AuthenticationResult"]
    flow.associate(AccessToken=flow.tokens["AccessToken"])
    flow.verify(AccessToken=flow.tokens["AccessToken"])
    assert flow.sign_in()["AuthenticationResult"]


def test_the_secret_is_base32_and_comes_with_a_new_session(flow):
    """1.9, 10.3: at least 16 characters; how many is open (9.4)."""
    first = flow.confirmed().sign_in()["Session"]

    answer = flow.associate()

    assert set(answer) == {"SecretCode", "Session"}
    assert re.fullmatch("[A-Z2-7]{16,}", answer["SecretCode"])
    assert (
        len(base64.b32decode(answer["SecretCode"] + "=" * (-len(answer["SecretCode"]) % 8))) >= 10
    )
    assert answer["Session"] != first


def test_by_access_token_no_session_is_returned(make_flow):
    """1.9"""
    flow = make_flow("optional MFA").signed_in()
    token = {"AccessToken": flow.tokens["AccessToken"]}
    assert set(flow.associate(**token)) == {"SecretCode"}
    assert flow.verify(**token) == {"Status": "SUCCESS"}


def test_every_secret_is_different(flow):
    """1.9"""
    secrets = {
        flow.offered().totp_secret,
        flow.associate()["SecretCode"],
        flow.associate()["SecretCode"],
    }
    assert len(secrets) == 3
    flow.verify()
    assert flow.answer("MFA_SETUP")["AuthenticationResult"]


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_the_first_code_may_be_one_step_off(flow, steps):
    """Section 4"""
    flow.offered()
    assert flow.verify(flow.code(steps))["Status"] == "SUCCESS"


def test_a_wrong_code_leaves_the_session_valid(flow):
    """1.9"""
    flow.offered()
    for _ in range(3):
        with rejects(flow, *WRONG_CODE):
            flow.verify(flow.wrong_code())
    assert flow.verify()["Status"] == "SUCCESS"


def test_an_authenticator_counts_only_once_its_code_is_verified(make_flow):
    """1.9: a verified new one replaces the old one, which stays valid until then."""
    flow = make_flow("optional MFA").signed_in()
    token = {"AccessToken": flow.tokens["AccessToken"]}
    old = flow.associate(**token)["SecretCode"]
    flow.verify(name="old phone", **token)
    flow.aws.set_user_pool_mfa_config(
        UserPoolId=flow.pool_id,
        MfaConfiguration="ON",
        SoftwareTokenMfaConfiguration={"Enabled": True},
    )
    new = flow.associate(**token)["SecretCode"]
    flow.wait(STEP)
    flow.sign_in()
    with rejects(flow, "CodeMismatchException"):
        flow.send_code(flow.code(secret=new))
    assert flow.send_code(flow.code(secret=old))["AuthenticationResult"]

    flow.verify(flow.code(secret=new), name="new phone", **token)

    flow.wait(STEP)
    assert flow.sign_in()["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "new phone"
    with rejects(flow, "CodeMismatchException"):
        flow.send_code(flow.code(secret=old))
    assert flow.send_code(flow.code(secret=new))["AuthenticationResult"]


def test_verify_uses_up_an_offered_secret(make_flow):
    """Choice."""
    flow = make_flow("optional MFA").signed_in()
    token = {"AccessToken": flow.tokens["AccessToken"]}
    flow.associate(**token)
    flow.verify(**token)
    with rejects(flow, "SoftwareTokenMFANotFoundException"):
        flow.verify(flow.code(1), **token)


def test_enrolled_users_keep_their_authenticator_when_the_pool_stops_offering_it(flow):
    """Section 4"""
    flow.enrolled().wait(STEP)
    flow.sql("UPDATE pools SET mfa_config = '{}'")
    assert flow.sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert flow.send_code()["AuthenticationResult"]


def test_a_device_key_comes_with_the_first_tokens_if_devices_are_tracked(flow):
    """1.11: by the one sign-in after MFA_SETUP as well; the key is new each time, the group is the
    pool's.
    """
    assert set(flow.enrolled().offer) == {"DeviceKey", "DeviceGroupKey"}
    first = flow.offer
    assert re.fullmatch(
        f"{flow.region}_[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}", first["DeviceKey"]
    )
    assert re.fullmatch("-[0-9A-Za-z]{8}", first["DeviceGroupKey"])
    flow.wait(STEP).sign_in()
    flow.send_code()
    assert flow.offer["DeviceKey"] != first["DeviceKey"]
    assert flow.offer["DeviceGroupKey"] == first["DeviceGroupKey"]
    assert {row["key"] for row in flow.state()["devices"]} == {
        first["DeviceKey"],
        flow.offer["DeviceKey"],
    }


def test_each_step_of_setting_up_has_three_minutes(flow):
    """Section 2: each step's session counts from that step."""
    flow.confirmed().sign_in()
    flow.wait(3 * MINUTE - 1)
    flow.associate()
    flow.wait(3 * MINUTE - 1)
    flow.verify()
    flow.wait(3 * MINUTE - 1)
    assert flow.answer("MFA_SETUP")["AuthenticationResult"]


def test_setting_up_by_access_token_ends_when_the_token_expires(make_flow):
    """8a"""
    flow = make_flow("optional MFA").signed_in()
    flow.wait(HOUR)
    with rejects(flow, "NotAuthorizedException", "Access Token has expired"):
        flow.associate(AccessToken=flow.tokens["AccessToken"])
