"""The growing lock after wrong second factors. BEHAVIOR.md, section 8, 11.19 and 11.20.

That five wrong MFA codes start the lock is in the developer guide (11.20). How the service words
it, how long it lasts and what else counts isn't known (11.22, 12.4). Rows marked "choice" are the
emulator's own.
"""

from contextlib import suppress

import pyotp
import pytest
from botocore.exceptions import ClientError

from .flow import MINUTE, NOW, PLANES, STEP, WRONG_PASSWORD, rejects
from .test_devices import NOT_INSTEAD, WRONG_DEVICES

LOCKED = "NotAuthorizedException", None
MISMATCH = "CodeMismatchException", None
WRONG_FIRST_CODE = "EnableSoftwareTokenMFAException", None
WRONG = "NotAuthorizedException", "Incorrect username or password."
# The wrong code before it: how long it locks.
LOCKS = {5: 1, 6: 2, 7: 4, 8: 8, 9: 16, 10: 32, 11: 64, 12: 128, 13: 256, 14: 512, 15: 15 * MINUTE}


def wrong_codes(flow, times=5, plane=None):
    for _ in range(times):
        with rejects(flow, *MISMATCH):
            flow.send_code(flow.wrong_code(), plane=plane)


def by_token(flow):
    """An access token, and the secret that was offered to its user."""
    flow.signed_in()
    flow.associate(AccessToken=flow.tokens["AccessToken"])
    return {"AccessToken": flow.tokens["AccessToken"]}


def test_each_wrong_code_from_the_fifth_doubles_the_lock(make_flow):
    """Choice, 11.20: the lock of section 8. Attempts during a lock don't make it longer."""
    flow = make_flow(client={"AuthSessionValidity": 15}).challenged()
    wrong_codes(flow, 4)
    for lock in LOCKS.values():
        wrong_codes(flow, 1)
        for wait in (0, lock - 0.5):
            flow.wait(wait)
            flow.sign_in()
            for code in (flow.code(), flow.wrong_code()):
                with rejects(flow, *LOCKED):
                    flow.send_code(code)
        flow.wait(0.5).sign_in()
    assert flow.wait(STEP).send_code()["AuthenticationResult"]


@pytest.mark.parametrize("plane", PLANES)
def test_a_new_sign_in_does_not_reset_the_count(make_flow, plane):
    """11.20. Repeating the right password allows no more guesses."""
    flow = make_flow().challenged()
    for _ in range(5):
        flow.sign_in(plane=plane)
        wrong_codes(flow, 1, plane)
    flow.sign_in(plane=plane)
    with rejects(flow, *LOCKED):
        flow.send_code(plane=plane)


def test_guessing_is_hopeless(flow):
    """11.20. Of a million codes, six can be tried in one session's life."""
    flow.challenged()
    looked_at, guesses = 0, iter(range(10**6))
    for _ in range(2):
        for _ in range(20):
            with suppress(ClientError):
                try:
                    flow.send_code(f"{next(guesses):06}")
                except flow.aws.exceptions.CodeMismatchException:
                    looked_at += 1
        flow.wait(1)
    assert looked_at == 6


def test_client_side_and_server_side_codes_share_one_count(flow):
    """Choice, 11.20: by analogy with passwords."""
    flow.challenged()
    admin = flow.sign_in(plane="admin")["Session"]
    user = flow.sign_in()["Session"]
    for plane in ("user", "admin", "user", "admin", "user"):
        with rejects(flow, *MISMATCH):
            session = user if plane == "user" else admin
            flow.send_code(flow.wrong_code(), plane=plane, session=session)
    for plane, session in (("user", user), ("admin", admin)):
        with rejects(flow, *LOCKED):
            flow.send_code(plane=plane, session=session)


@pytest.mark.parametrize("seconds", [15 * MINUTE - 1, 15 * MINUTE])
def test_15_minutes_without_attempts_reset_the_count(flow, seconds):
    """Choice, section 8 by analogy."""
    flow.challenged()
    wrong_codes(flow, 4)
    flow.wait(seconds).sign_in()
    wrong_codes(flow, 1)
    if seconds == 15 * MINUTE:
        assert flow.send_code()["AuthenticationResult"]
    else:
        with rejects(flow, *LOCKED):
            flow.send_code()


def test_a_right_code_resets_the_count(flow):
    """Choice, section 8 by analogy."""
    flow.challenged()
    for _ in range(2):
        wrong_codes(flow, 4)
        flow.send_code()
        flow.wait(STEP).sign_in()
    wrong_codes(flow, 5)
    with rejects(flow, *LOCKED):
        flow.send_code()


def test_a_used_code_is_not_a_wrong_code(flow):
    """Choice. A code that worked isn't a guess."""
    flow.challenged()
    for _ in range(6):
        with rejects(flow, "ExpiredCodeException"):
            flow.send_code(flow.code(-1))
    assert flow.send_code()["AuthenticationResult"]


def test_passwords_and_codes_are_counted_separately(flow):
    """Choice. Neither lock opens or closes the other."""
    flow.challenged()
    wrong_codes(flow)
    assert flow.sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    for _ in range(5):
        with rejects(flow, *WRONG):
            flow.sign_in(WRONG_PASSWORD)
    flow.wait(1)
    assert flow.send_code()["AuthenticationResult"]


def test_one_users_codes_are_not_counted_for_another(flow):
    """Choice, section 8 by analogy."""
    flow.challenged()
    wrong_codes(flow)
    flow.username = "bob"
    assert flow.challenged().send_code()["AuthenticationResult"]


# VerifySoftwareToken


def test_wrong_first_codes_start_the_lock_too(flow):
    """Choice, 11.20 by analogy: in all sessions of the user together."""
    flow.offered()
    for _ in range(5):
        with rejects(flow, *WRONG_FIRST_CODE):
            flow.verify(flow.wrong_code())
        flow.associate()
    with rejects(flow, *LOCKED):
        flow.verify()
    flow.wait(1)
    assert flow.verify()["Status"] == "SUCCESS"


def test_wrong_first_codes_by_access_token_start_the_lock_too(make_flow):
    """Choice, 11.20 by analogy."""
    flow = make_flow("optional MFA")
    token = by_token(flow)
    for _ in range(5):
        with rejects(flow, *WRONG_FIRST_CODE):
            flow.verify(flow.wrong_code(), **token)
    with rejects(flow, *LOCKED):
        flow.verify(**token)
    flow.wait(1)
    assert flow.verify(**token)["Status"] == "SUCCESS"


def test_an_offered_secret_is_for_the_session_that_asked(flow):
    """1.9. Another session of the same user, with the right code, can't verify it."""
    flow.offered()
    first, secret = flow.session, flow.totp_secret
    flow.sign_in()
    flow.associate()
    with rejects(flow, *WRONG_FIRST_CODE):
        flow.verify(flow.code(secret=secret))
    assert flow.verify(flow.code(secret=secret), Session=first)["Status"] == "SUCCESS"


def test_an_offered_secret_is_for_the_sign_in_whose_token_asked(make_flow):
    """1.9, the same by access token. A refreshed token is of the same sign-in."""
    flow = make_flow("optional MFA")
    by_token(flow)
    refreshed = flow.refresh()["AuthenticationResult"]["AccessToken"]
    other = flow.sign_in()["AuthenticationResult"]["AccessToken"]
    with rejects(flow, "SoftwareTokenMFANotFoundException"):
        flow.verify(AccessToken=other)
    secret = flow.totp_secret
    flow.associate(AccessToken=other)
    with rejects(flow, *WRONG_FIRST_CODE):
        flow.verify(flow.code(secret=secret), AccessToken=other)
    assert flow.verify(flow.code(secret=secret), AccessToken=refreshed)["Status"] == "SUCCESS"


def test_a_token_cannot_verify_what_a_session_was_offered(make_flow):
    """1.9, the same between the two."""
    flow = make_flow("optional MFA").signed_in()
    token = {"AccessToken": flow.tokens["AccessToken"]}
    flow.aws.set_user_pool_mfa_config(
        UserPoolId=flow.pool_id,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="ON",
    )
    flow.sign_in()
    secret = flow.associate()["SecretCode"]
    code = pyotp.TOTP(secret).at(int(NOW))
    with rejects(flow, "SoftwareTokenMFANotFoundException"):
        flow.verify(code, **token)
    assert flow.verify()["Status"] == "SUCCESS"


# A device's proof


@pytest.mark.parametrize("plane", PLANES)
def test_wrong_proofs_of_a_device_start_the_lock_too(flow, plane):
    """Choice: it replaces a code."""
    flow.with_device()
    wrong = WRONG_DEVICES["1.13 wrong device password"](flow.device)
    for _ in range(5):
        flow.sign_in(plane=plane, DEVICE_KEY=flow.device.key)
        flow.device_begin(plane, wrong)
        with rejects(flow, *WRONG):
            flow.device_finish(plane)
    flow.sign_in(plane=plane, DEVICE_KEY=flow.device.key)
    flow.device_begin(plane)
    with rejects(flow, *LOCKED):
        flow.device_finish(plane)
    flow.wait(1)
    assert flow.device_finish(plane)["AuthenticationResult"]


def test_a_right_proof_of_a_device_allows_no_more_guesses_of_the_code(make_flow):
    """Choice: if the code is asked as well, the device's proof must not reset its count."""
    flow = make_flow(pool=NOT_INSTEAD).with_device()
    for _ in range(5):
        flow.sign_in(DEVICE_KEY=flow.device.key)
        flow.device_sign_in()
        wrong_codes(flow, 1)
    flow.sign_in()
    with rejects(flow, *LOCKED):
        flow.send_code()


# What ended stays ended


def test_a_session_ended_by_a_new_password_stays_ended_whatever_the_clock_says(flow):
    """Choice. It's stored as a fact, not as a time."""
    session = flow.challenged().session
    flow.aws.admin_set_user_password(
        UserPoolId=flow.pool_id, Username="alice", Password="Another-Horse-8", Permanent=True
    )
    flow.sql("UPDATE sessions SET expires = expires + 100000")
    with rejects(flow, *LOCKED):
        flow.send_code(session=session)
