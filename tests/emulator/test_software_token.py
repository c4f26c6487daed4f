"""Responding to SOFTWARE_TOKEN_MFA: which codes are valid, and once each. BEHAVIOR.md, 1.10, 1.11
and section 4.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from .flow import PLANES, STEP, Flow, rejects

# The final full stop is open (9.6).
MISMATCH = "CodeMismatchException", re.compile(r"Invalid code received for user\.?")
USED = "ExpiredCodeException", "Your software token has already been used once."
OTHER_STATE = "CodeMismatchException", "Invalid code or auth state for the user."


def with_the_setup_code(flow):
    """The code that VerifySoftwareToken accepted is still on the phone's screen."""
    flow.enrolled().sign_in()


def used_before(flow):
    flow.challenged().send_code()
    flow.sign_in()


def used_in_the_other_plane(flow):
    flow.challenged()
    flow.sign_in(plane="user" if flow.plane == "admin" else "admin")
    flow.send_code(plane="user" if flow.plane == "admin" else "admin")
    flow.sign_in()


class RejectedCode(NamedTuple):
    """A code that ends with an error, client-side and server-side."""

    before: Callable[[Flow], Any]
    call: Callable[[Flow], Any]
    error: tuple[str, Any]


ERRORS = {
    "1.10 wrong code": RejectedCode(
        before=lambda f: f.challenged(), call=lambda f: f.send_code(f.wrong_code()), error=MISMATCH
    ),
    "1.10 code outside ASCII": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.send_code("４８２９１３"),
        error=MISMATCH,
    ),
    "1.10 code of another length": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.send_code(f.code() + "0"),
        error=MISMATCH,
    ),
    "section 4 code two steps old": RejectedCode(
        before=lambda f: f.challenged().wait(STEP),
        call=lambda f: f.send_code(f.code(-2)),
        error=MISMATCH,
    ),
    "section 4 code two steps early": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.send_code(f.code(2)),
        error=MISMATCH,
    ),
    "1.10 code that Verify took": RejectedCode(
        before=with_the_setup_code, call=lambda f: f.send_code(), error=USED
    ),
    "1.10 code that Verify took, a step later": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.send_code(f.code(-1)),
        error=USED,
    ),
    "1.10 code that another sign-in took": RejectedCode(
        before=used_before, call=lambda f: f.send_code(), error=USED
    ),
    "1.10 code that the other plane took": RejectedCode(
        before=used_in_the_other_plane, call=lambda f: f.send_code(), error=USED
    ),
    "1.10 no authenticator": RejectedCode(
        before=lambda f: f.challenged().sql("UPDATE users SET totp_secret = NULL"),
        call=lambda f: f.send_code(),
        error=(
            "SoftwareTokenMFANotFoundException",
            "Software Token MFA does not exist for the user.",
        ),
    ),
    "1.10 answered as if by text message": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.answer("SMS_MFA", SMS_MFA_CODE=f.code()),
        error=OTHER_STATE,
    ),
    "1.10 answered as if by e-mail": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.answer("EMAIL_OTP", EMAIL_OTP_CODE=f.code()),
        error=OTHER_STATE,
    ),
    "1.7 disabled meanwhile": RejectedCode(
        before=lambda f: f.challenged().disable(),
        call=lambda f: f.send_code(),
        error=("NotAuthorizedException", "User is disabled."),
    ),
    "1.7 no USERNAME": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.send_code(USERNAME=None),
        error=("InvalidParameterException", "Missing required parameter USERNAME"),
    ),
    "1.7 no such client": RejectedCode(
        before=lambda f: (f.challenged(), setattr(f, "client_id", "nosuchclient")),
        call=lambda f: f.send_code(),
        error=("ResourceNotFoundException", "User pool client nosuchclient does not exist."),
    ),
    "choice: no code": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.answer("SOFTWARE_TOKEN_MFA"),
        error=("InvalidParameterException", None),
    ),
    "choice: MFA_SETUP for a user who has set up": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.answer("MFA_SETUP"),
        error=("NotAuthorizedException", None),
    ),
    "choice: a challenge of another flow": RejectedCode(
        before=lambda f: f.challenged(),
        call=lambda f: f.answer("CUSTOM_CHALLENGE", ANSWER="x"),
        error=("NotAuthorizedException", "Invalid session for the user."),
    ),
}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize(("before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_a_code_is_rejected(flow, plane, before, call, error):
    flow.plane = plane
    before(flow)
    with rejects(flow, *error):
        call(flow)


def test_an_unknown_pool_is_rejected(flow):
    """1.7, of AdminRespondToAuthChallenge"""
    flow.challenged().pool_id = "us-east-1_nosuchone"
    with rejects(
        flow, "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."
    ):
        flow.send_code(plane="admin")


@pytest.mark.parametrize("plane", PLANES)
def test_a_missing_session_is_named(flow, plane):
    """1.10"""
    flow.challenged()
    call = (
        flow.aws.admin_respond_to_auth_challenge
        if plane == "admin"
        else flow.aws.respond_to_auth_challenge
    )
    with rejects(flow, "InvalidParameterException", "Missing required parameter Session"):
        call(
            **flow._plane(plane),
            ChallengeName="SOFTWARE_TOKEN_MFA",
            ChallengeResponses={"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": flow.code()},
        )


@pytest.mark.parametrize("plane", PLANES)
def test_a_right_code_brings_tokens_and_a_device(flow, plane):
    """1.10, 1.11: the challenge names the phone and the user."""
    challenge = flow.enrolled("my phone").wait(STEP).sign_in(plane=plane)
    assert set(challenge) == {"ChallengeName", "Session", "ChallengeParameters"}
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert challenge["ChallengeParameters"] == {
        "FRIENDLY_DEVICE_NAME": "my phone",
        "USER_ID_FOR_SRP": "alice",
    }

    answer = flow.send_code(plane=plane)

    assert answer["ChallengeParameters"] == {}
    assert set(answer["AuthenticationResult"]) == {
        "AccessToken",
        "ExpiresIn",
        "TokenType",
        "RefreshToken",
        "IdToken",
        "NewDeviceMetadata",
    }
    assert "Session" not in answer


def test_without_device_tracking_no_device_is_returned(make_flow):
    """1.12"""
    flow = make_flow("untracked").challenged()
    assert "NewDeviceMetadata" not in flow.send_code()["AuthenticationResult"]


def test_with_tracking_and_without_mfa_a_device_is_returned(make_flow):
    """10.4, there for SRP."""
    flow = make_flow("no MFA, tracked").signed_in()
    assert set(flow.offer) == {"DeviceKey", "DeviceGroupKey"}


@pytest.mark.parametrize("steps", [-1, 0, 1])
@pytest.mark.parametrize(
    "into_the_step", [0, STEP - 1], ids=["at its first second", "at its last second"]
)
def test_a_code_is_valid_one_step_early_and_one_late(flow, steps, into_the_step):
    """Section 4"""
    flow.challenged().wait(STEP + into_the_step)
    assert flow.send_code(flow.code(steps))["AuthenticationResult"]


def test_a_code_expires_with_the_step_after_its_own(flow):
    """Section 4: the last second that still works beside the first that doesn't."""
    flow.challenged()
    code = flow.code()
    flow.wait(2 * STEP)
    with rejects(flow, *MISMATCH):
        flow.send_code(code)
    fresh = flow.code()
    flow.wait(2 * STEP - 1)
    assert flow.send_code(fresh)["AuthenticationResult"]


def test_each_steps_code_works_once_in_any_order(flow):
    """Section 4: the early, late and current code work once each, whichever comes first."""
    flow.challenged().wait(2 * STEP)
    for steps in (-1, 1, 0):
        flow.sign_in()
        assert flow.send_code(flow.code(steps))["AuthenticationResult"]
    for steps in (-1, 0, 1):
        flow.sign_in()
        with rejects(flow, *USED):
            flow.send_code(flow.code(steps))


def test_used_codes_are_forgotten_once_they_are_too_old(flow):
    """Section 4. Three can still matter: the newest and the two before it, if it was an early
    one.
    """
    flow.challenged()
    for _ in range(6):
        flow.send_code()
        flow.wait(STEP).sign_in()
    assert len(flow.state()["used_totp_steps"]) == 3


def test_a_rejected_code_is_not_used_up(flow):
    """1.10. Choice: nor if the session was rejected."""
    flow.challenged()
    with rejects(flow, "NotAuthorizedException"):
        flow.send_code(session="x" * 40)
    assert flow.send_code()["AuthenticationResult"]


@pytest.mark.parametrize(
    ("bad", "error"),
    [(lambda f: f.wrong_code(), MISMATCH), (lambda f: f.code(-1), USED)],
    ids=["a wrong code", "a used code"],
)
def test_after_an_error_the_same_session_accepts_the_right_code(flow, bad, error):
    """1.10, 11.19: as long as the lock (11.20) hasn't started."""
    flow.challenged()
    for _ in range(4):
        with rejects(flow, *error):
            flow.send_code(bad(flow))
    assert flow.send_code()["AuthenticationResult"]


def test_two_users_have_separate_used_codes(flow):
    """Section 4. Alice's use of a code doesn't count for Bob with the same secret."""
    flow.enrolled()
    secret = flow.totp_secret
    flow.username = "bob"
    flow.enrolled()
    flow.sql("UPDATE users SET totp_secret = ?", secret)
    flow.totp_secret = secret
    flow.wait(STEP).sign_in()
    assert flow.send_code()["AuthenticationResult"]
    flow.username = "alice"
    flow.sign_in()
    assert flow.send_code()["AuthenticationResult"]


def test_the_name_may_be_written_in_other_case(flow):
    """10.2"""
    flow.challenged()
    assert flow.send_code(USERNAME="ALICE")["AuthenticationResult"]
