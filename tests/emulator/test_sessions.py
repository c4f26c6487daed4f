"""Sessions: one user, one client, one next step, once, for a few minutes. BEHAVIOR.md, section
2.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from .flow import DAY, MINUTE, PLANES, STEP, TUTORIAL_FLOWS, Flow, rejects

GARBLED = "NotAuthorizedException", "Invalid session for the user."
EXPIRED = "NotAuthorizedException", "Invalid session for the user, session is expired."
SPENT = "NotAuthorizedException", "Invalid session for the user, session can only be used once."


class Step(NamedTuple):
    """What happens before a step, and the call that takes its session."""

    before: Callable[[Flow], Any]
    take: Callable[..., Any]


STEPS = {
    "Associate": Step(
        before=lambda f: f.confirmed().sign_in(),
        take=lambda f, session: f.associate(Session=session),
    ),
    "Verify": Step(
        before=lambda f: f.offered(), take=lambda f, session: f.verify(f.code(1), Session=session)
    ),
    "MFA_SETUP": Step(
        before=lambda f: f.offered().verify(),
        take=lambda f, session: f.answer("MFA_SETUP", session=session),
    ),
    "SOFTWARE_TOKEN_MFA": Step(
        before=lambda f: f.challenged(),
        take=lambda f, session: f.send_code(f.code(1), session=session),
    ),
}
EACH_STEP = pytest.mark.parametrize(("before", "take"), STEPS.values(), ids=STEPS)


@EACH_STEP
@pytest.mark.parametrize("minutes", [3, 15])
def test_a_session_is_valid_until_its_last_second(make_flow, minutes, before, take):
    """Section 2"""
    flow = make_flow(client={"AuthSessionValidity": minutes})
    before(flow)
    flow.wait(minutes * MINUTE - 1)
    assert take(flow, flow.session)


@EACH_STEP
@pytest.mark.parametrize("minutes", [3, 15])
def test_a_session_expires_after_its_minutes(make_flow, minutes, before, take):
    """Section 2"""
    flow = make_flow(client={"AuthSessionValidity": minutes})
    before(flow)
    flow.wait(minutes * MINUTE)
    with rejects(flow, *EXPIRED):
        take(flow, flow.session)


@EACH_STEP
def test_a_session_works_once(flow, before, take):
    """Section 2"""
    before(flow)
    session = flow.session
    take(flow, session)
    flow.wait(2 * STEP)
    with rejects(flow, *SPENT):
        take(flow, session)


@EACH_STEP
@pytest.mark.parametrize(
    "garble",
    [lambda s: "x" * 40, lambda s: s[:-1], lambda s: s.swapcase(), lambda s: s + "ä"],
    ids=["made up", "cut", "case", "more"],
)
def test_an_invalid_session_is_rejected(flow, before, take, garble):
    """Section 2"""
    before(flow)
    with rejects(flow, *GARBLED):
        take(flow, garble(flow.session))
    assert take(flow, flow.session)


def test_a_used_session_is_called_used_even_after_it_has_expired(flow):
    """Choice."""
    session = flow.challenged().session
    flow.send_code()
    flow.wait(3 * MINUTE)
    with rejects(flow, *SPENT):
        flow.send_code(session=session)


def test_an_expired_session_is_remembered_for_at_least_a_day(flow):
    """Choice. Other sign-ins delete old sessions; a learner who returns after lunch still reads
    what was wrong.
    """
    session = flow.challenged().session
    flow.wait(DAY)
    flow.sign_in()
    with rejects(flow, *EXPIRED):
        flow.send_code(session=session)


def test_sessions_that_expired_long_ago_are_deleted(flow):
    """Choice. A day after they expired. Those of enrolling are 30 seconds older than the last."""
    flow.challenged()
    flow.wait(DAY + 3 * MINUTE)
    flow.sign_in()
    assert len(flow.state()["sessions"]) == 2
    flow.wait(1)
    flow.sign_in()
    assert len(flow.state()["sessions"]) == 2


def bob_as_well(flow):
    flow.enrolled()
    flow.username, alice = "bob", flow.username
    flow.enrolled()
    flow.wait(STEP).sign_in()
    return alice


@pytest.mark.parametrize("plane", PLANES)
def test_a_session_belongs_to_one_user(flow, plane):
    """Section 2. Bob's session and Bob's code do not sign Alice in."""
    flow.plane = plane
    alice = bob_as_well(flow)
    with rejects(flow, *GARBLED):
        flow.send_code(USERNAME=alice)
    with rejects(flow, *GARBLED):
        flow.send_code(USERNAME="nobody")
    assert flow.send_code()["AuthenticationResult"]


def test_a_session_belongs_to_one_client(flow):
    """Section 2"""
    flow.challenged()
    own = flow.client_id
    other = flow.aws.create_user_pool_client(
        UserPoolId=flow.pool_id, ClientName="other", ExplicitAuthFlows=TUTORIAL_FLOWS
    )
    flow.client_id = other["UserPoolClient"]["ClientId"]
    with rejects(flow, *GARBLED):
        flow.send_code()
    flow.client_id = own
    assert flow.send_code()["AuthenticationResult"]


def test_sessions_look_like_cognitos_and_are_never_the_same(flow):
    """Section 2: 20 to 2048 characters, another in each response."""
    seen = [
        flow.confirmed().sign_in()["Session"],
        flow.associate()["Session"],
        flow.verify()["Session"],
        flow.sign_in()["Session"],
    ]
    assert len(set(seen)) == len(seen)
    assert all(session.startswith("AYABe") and 20 <= len(session) <= 2048 for session in seen)


def test_a_new_sign_in_leaves_the_earlier_session_valid(flow):
    """Choice: two tabs may sign in side by side."""
    first = flow.challenged().session
    flow.sign_in()
    assert flow.send_code(session=first)["AuthenticationResult"]


def test_a_session_is_deleted_with_its_user(flow):
    """Choice: the name is used again, the session isn't."""
    session = flow.challenged().session
    flow.aws.delete_user(AccessToken=flow.tokens["AccessToken"])
    with rejects(flow, "NotAuthorizedException", re.compile(r"Invalid session for the user\.")):
        flow.send_code(session=session)
