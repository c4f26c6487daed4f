"""Confirming the address with the emailed code, resending it, and how often. BEHAVIOR.md, 1.2, 1.3
and section 3.
"""

import pytest

from .flow import DAY, HOUR, MASKED, rejects, unchanged
from .rows import Rejected

MISMATCH = "CodeMismatchException", "Invalid verification code provided, please try again."
EXPIRED = "ExpiredCodeException", "Invalid code provided, please request a code again."
TOO_OFTEN = "LimitExceededException", "Attempt limit exceeded, please try after some time."
NO_CLIENT = "ResourceNotFoundException", "User pool client nosuchclient does not exist."
OWN_POOLS = {
    "silent": {"pool": {"AutoVerifiedAttributes": None}},
    "no address needed": {"pool": {"Schema": None}},
}


def nothing(flow):
    pass


def unknown_client(flow):
    """The call comes from a client that doesn't exist."""
    flow.client_id = "nosuchclient"


def two_in_one_pool(flow):
    flow.sign_up()
    flow.sign_up("bob")


ERRORS = {
    "1.7 no such client, ConfirmSignUp": Rejected(
        pool="tutorial",
        before=unknown_client,
        call=lambda f: f.confirm("123456"),
        error=NO_CLIENT,
    ),
    "1.7 no such client, Resend": Rejected(
        pool="tutorial", before=unknown_client, call=lambda f: f.resend(), error=NO_CLIENT
    ),
    "1.2 confirmed": Rejected(
        pool="tutorial",
        before=lambda f: f.confirmed(),
        call=lambda f: f.resend(),
        error=("InvalidParameterException", "User is already confirmed."),
    ),
    "1.2 unknown": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.resend(),
        error=("UserNotFoundException", "Username/client id combination not found."),
    ),
    "1.3 wrong code": Rejected(
        pool="tutorial",
        before=lambda f: f.sign_up(),
        call=lambda f: f.confirm(f.wrong_email_code()),
        error=MISMATCH,
    ),
    "1.3 code outside ASCII": Rejected(
        pool="tutorial",
        before=lambda f: f.sign_up(),
        call=lambda f: f.confirm("４８２９１３"),
        error=MISMATCH,
    ),
    "1.3 code of another user": Rejected(
        pool="tutorial",
        before=two_in_one_pool,
        call=lambda f: f.confirm("77" + f.email_code("bob")),
        error=MISMATCH,
    ),
    "1.3 code a day old": Rejected(
        pool="tutorial",
        before=lambda f: (f.sign_up(), f.wait(DAY)),
        call=lambda f: f.confirm(),
        error=EXPIRED,
    ),
    "1.3 no code was ever sent": Rejected(
        pool="bare",
        before=lambda f: f.sign_up(),
        call=lambda f: f.confirm("123456"),
        error=EXPIRED,
    ),
    "1.3 unknown, the client hides who exists": Rejected(
        pool="hiding",
        before=nothing,
        call=lambda f: f.confirm("123456"),
        error=EXPIRED,
    ),
    "1.3 confirmed before": Rejected(
        pool="tutorial",
        before=lambda f: f.confirmed(),
        call=lambda f: f.confirm(),
        error=("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"),
    ),
    "choice: ConfirmSignUp for an unknown user": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.confirm("123456"),
        error=("UserNotFoundException", None),
    ),
    "choice: nowhere to send a code": Rejected(
        pool="bare",
        before=lambda f: f.sign_up(),
        call=lambda f: f.resend(),
        error=("InvalidParameterException", None),
    ),
    "choice: nowhere to send a code, in a pool that mails": Rejected(
        pool="no address needed",
        before=lambda f: f.sign_up(UserAttributes=[]),
        call=lambda f: f.resend(),
        error=("InvalidParameterException", None),
    ),
    "choice: an e-mail, in a pool that mails nothing": Rejected(
        pool="silent",
        before=lambda f: f.sign_up(),
        call=lambda f: f.resend(),
        error=("InvalidParameterException", None),
    ),
}


@pytest.mark.mails
@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_confirming_or_resending_is_rejected(make_flow, kind, before, call, error):
    flow = make_flow(**OWN_POOLS[kind]) if kind in OWN_POOLS else make_flow(kind)
    before(flow)
    with rejects(flow, *error):
        call(flow)


@pytest.mark.parametrize("age", [0, DAY - 1], ids=["at once", "in the day's last second"])
def test_the_emailed_code_confirms_the_user_and_the_address(flow, age):
    """1.3, section 3"""
    flow.sign_up()
    flow.wait(age)

    assert flow.confirm() == {}

    assert flow.state()["codes"] == [], "the code was not used up"
    user = flow.look()
    assert user["UserStatus"] == "CONFIRMED"
    assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]


def test_a_wrong_code_does_not_use_up_the_right_one(flow):
    """1.3: the message says to try again."""
    flow.sign_up()
    with rejects(flow, *MISMATCH):
        flow.confirm(flow.wrong_email_code())
    assert flow.confirm() == {}


@pytest.mark.emulator_only("the mail that was sent")
def test_resending_sends_a_new_code_valid_for_another_day(flow):
    """1.2: what becomes of the earlier code is open (9.9)."""
    flow.sign_up()
    flow.wait(DAY - 1)
    assert flow.resend() == {
        "CodeDeliveryDetails": {
            "Destination": MASKED,
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
    }
    assert len(flow.emulator.inbox("alice")) == 2
    flow.wait(DAY - 1)
    assert flow.confirm() == {}


# fact: which user exists, if the client hides that
HIDDEN = {
    "1.2 unknown": nothing,
    "1.2 disabled": lambda f: (f.sign_up(), f.disable()),
}


@pytest.mark.parametrize("before", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("username", ["alice", "ALICE"])
def test_if_the_client_hides_who_exists_a_code_seems_to_be_sent(make_flow, before, username):
    """1.2, section 8. Choice: the invented details stay the same."""
    flow = make_flow("hiding")
    before(flow)
    with unchanged(flow):
        first, second = flow.resend(username), flow.resend(username.lower())
    assert set(first["CodeDeliveryDetails"]) == {"Destination", "DeliveryMedium", "AttributeName"}
    assert first == second


@pytest.mark.emulator_only("the mail that was sent")
def test_existing_users_are_served_as_usual_if_the_client_hides_who_exists(make_flow):
    """1.2, 1.3"""
    flow = make_flow("hiding")
    flow.sign_up()
    flow.resend()
    assert len(flow.emulator.inbox("alice")) == 2
    assert flow.confirm() == {}
    assert flow.sign_in()["ChallengeName"] == "MFA_SETUP"


def test_fifteen_attempts_an_hour_to_confirm(flow):
    """Section 3. The right code is rejected as well, and doesn't lengthen the wait."""
    flow.sign_up()
    for _ in range(14):
        with rejects(flow, *MISMATCH):
            flow.confirm(flow.wrong_email_code())
        flow.wait(1)
    with rejects(flow, *MISMATCH):
        flow.confirm(flow.wrong_email_code())
    for wait in (0, HOUR - 14 - 1):
        flow.wait(wait)
        with rejects(flow, *TOO_OFTEN):
            flow.confirm()
    # An hour after the first attempt
    flow.wait(1)
    assert flow.confirm() == {}


def test_the_fifteenth_attempt_still_confirms(flow):
    """Section 3"""
    flow.sign_up()
    for _ in range(14):
        with rejects(flow, *MISMATCH):
            flow.confirm(flow.wrong_email_code())
    assert flow.confirm() == {}


@pytest.mark.mails
def test_five_new_codes_an_hour(flow):
    """Section 3. Each user has a separate count."""
    flow.sign_up()
    flow.sign_up("bob")
    for _ in range(5):
        assert flow.resend()
    with rejects(flow, *TOO_OFTEN):
        flow.resend()
    assert flow.resend("bob")
    flow.wait(HOUR - 1)
    with rejects(flow, *TOO_OFTEN):
        flow.resend()
    flow.wait(1)
    assert flow.resend()


@pytest.mark.emulator_only("the mail that was sent")
def test_asking_for_codes_does_not_count_as_attempts_to_confirm(flow):
    """Section 3: each has its own number."""
    flow.sign_up()
    for _ in range(5):
        flow.resend()
    assert flow.confirm() == {}
