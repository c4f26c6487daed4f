"""SECRET_HASH: every call that takes one, and each way to get it wrong. BEHAVIOR.md, section
7.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from .flow import EMAIL, PASSWORD, PLANES, STEP, Flow, rejects

ADDRESS = [{"Name": "email", "Value": EMAIL}]


def sign_up(flow, proof):
    return flow.aws.sign_up(
        ClientId=flow.client_id,
        Username="bob",
        Password=PASSWORD,
        UserAttributes=ADDRESS,
        **member(proof),
    )


def member(proof):
    return {"SecretHash": proof} if proof else {}


class Call(NamedTuple):
    """A call that takes a proof: what happens first, how it's made with a proof or None, and the
    name the proof is of.
    """

    before: Callable[[Flow], Any]
    make: Callable[[Flow, str | None], Any]
    name: str


CALLS = {
    "SignUp": Call(before=lambda f: f, make=sign_up, name="bob"),
    "ConfirmSignUp": Call(
        before=lambda f: f.reading_mail().sign_up(),
        make=lambda f, proof: f.aws.confirm_sign_up(
            ClientId=f.client_id,
            Username="alice",
            ConfirmationCode=f.email_code(),
            **member(proof),
        ),
        name="alice",
    ),
    "ResendConfirmationCode": Call(
        before=lambda f: f.sign_up(),
        make=lambda f, proof: f.aws.resend_confirmation_code(
            ClientId=f.client_id, Username="alice", **member(proof)
        ),
        name="alice",
    ),
    "ForgotPassword": Call(
        before=lambda f: f.confirmed(),
        make=lambda f, proof: f.aws.forgot_password(
            ClientId=f.client_id, Username="alice", **member(proof)
        ),
        name="alice",
    ),
    "ConfirmForgotPassword": Call(
        before=lambda f: f.reading_mail().confirmed().forgot(),
        make=lambda f, proof: f.aws.confirm_forgot_password(
            ClientId=f.client_id,
            Username="alice",
            ConfirmationCode=f.email_code(),
            Password=PASSWORD,
            **member(proof),
        ),
        name="alice",
    ),
    "a password": Call(
        before=lambda f: f.confirmed(),
        make=lambda f, proof: f.sign_in(SECRET_HASH=proof),
        name="alice",
    ),
    "a password, admin": Call(
        before=lambda f: f.confirmed(),
        make=lambda f, proof: f.sign_in(plane="admin", SECRET_HASH=proof),
        name="alice",
    ),
    "a code": Call(
        before=lambda f: f.challenged(),
        make=lambda f, proof: f.send_code(SECRET_HASH=proof),
        name="alice",
    ),
    "a code, admin": Call(
        before=lambda f: f.challenged(),
        make=lambda f, proof: f.send_code(plane="admin", SECRET_HASH=proof),
        name="alice",
    ),
    "MFA_SETUP": Call(
        before=lambda f: f.offered().verify(),
        make=lambda f, proof: f.answer("MFA_SETUP", SECRET_HASH=proof),
        name="alice",
    ),
    "a refresh": Call(
        before=lambda f: f.enrolled(),
        make=lambda f, proof: f.refresh(SECRET_HASH=proof),
        name="alice",
    ),
    "a refresh, admin": Call(
        before=lambda f: f.enrolled(),
        make=lambda f, proof: f.refresh(plane="admin", SECRET_HASH=proof),
        name="alice",
    ),
}
EACH_CALL = pytest.mark.parametrize(("before", "call", "name"), CALLS.values(), ids=CALLS)

# A way to get it wrong: what is sent instead of the hash of the name
MISTAKES = {
    "another name": lambda f, name: f.hash(name + "x"),
    "another case": lambda f, name: f.hash(name.upper()),
    "another secret": lambda f, name: f.hash(name, secret="x" * 52),
    "not base64": lambda f, name: "xxxxx",
    "cut short": lambda f, name: f.hash(name)[:-1],
}


def wrong(flow):
    """Two generations of words are known for a refresh (9.7)."""
    words = "(Unable to verify secret hash for client|SecretHash does not match for the client:)"
    return "NotAuthorizedException", re.compile(f"{words} {flow.client_id}")


@EACH_CALL
def test_a_missing_hash_is_named(make_flow, before, call, name):
    """Section 7. Two generations of words are known (9.7)."""
    flow = make_flow("secret and MFA")
    before(flow)
    words = (
        f"Client {flow.client_id} is configured (with secret but SECRET_HASH|for secret but secret)"
        " was not received"
    )
    with rejects(flow, "NotAuthorizedException", re.compile(words)):
        call(flow, None)


@EACH_CALL
@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_wrong_hash_is_rejected(make_flow, before, call, name, mistake):
    """Section 7"""
    flow = make_flow("secret and MFA")
    before(flow)
    with rejects(flow, *wrong(flow)):
        call(flow, mistake(flow, name))


@pytest.mark.parametrize("plane", PLANES)
def test_a_hash_outside_ascii_is_wrong_like_any_other(make_flow, plane):
    """The model's pattern for a parameter allows it."""
    flow = make_flow("secret").confirmed()
    with rejects(flow, *wrong(flow)):
        flow.sign_in(plane=plane, SECRET_HASH="ä" * 44)


@pytest.mark.mails
@EACH_CALL
def test_the_right_hash_is_accepted(make_flow, before, call, name):
    """Section 7, 10.5"""
    flow = make_flow("secret and MFA")
    before(flow)
    assert call(flow, flow.hash(name))


def test_the_error_of_a_sign_in_has_these_words(make_flow):
    """Section 7. No final full stop."""
    flow = make_flow("secret").confirmed()
    with rejects(
        flow, "NotAuthorizedException", f"Unable to verify secret hash for client {flow.client_id}"
    ):
        flow.sign_in(SECRET_HASH=flow.hash("bob"))


@pytest.mark.parametrize("plane", PLANES)
def test_the_hash_is_of_the_name_in_the_request(make_flow, plane):
    """Section 7. Hash the same user name that you send."""
    flow = make_flow("secret and MFA").enrolled().wait(STEP)
    flow.plane = plane
    with rejects(flow, *wrong(flow)):
        flow.sign_in(username="ALICE", SECRET_HASH=flow.hash("alice"))
    assert flow.sign_in(username="ALICE")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert flow.send_code(USERNAME="ALICE", SECRET_HASH=flow.hash("ALICE"))["AuthenticationResult"]


def test_a_refresh_needs_the_hash_of_the_name_at_sign_up(make_flow):
    """Section 7. Even if another name was used at sign-in: the refresh token has only that one."""
    flow = make_flow("secret").confirmed()
    flow.sign_in(username="ALICE")
    assert flow.refresh(SECRET_HASH=flow.hash("alice"))["AuthenticationResult"]
    with rejects(flow, *wrong(flow)):
        flow.refresh(SECRET_HASH=flow.hash("ALICE"))


def test_a_wrong_hash_does_not_count_as_a_wrong_password(make_flow):
    """Choice."""
    flow = make_flow("secret").confirmed()
    for _ in range(6):
        with rejects(flow, *wrong(flow)):
            flow.sign_in(SECRET_HASH=flow.hash("bob"))
    assert flow.sign_in()["AuthenticationResult"]


def test_calls_by_session_or_token_take_no_hash(make_flow):
    """Section 7. Associate and Verify have no member for one."""
    flow = make_flow("secret and MFA").offered()
    assert flow.verify()["Status"] == "SUCCESS"
