"""Rotation: a refresh token is replaced each time it's used.

"D" marks what AWS documents: the model, and the developer guide's page on refresh tokens.
"""

import pytest

from .flow import DAY, PLANES, TUTORIAL_FLOWS, rejects
from .test_refresh import (
    ACCESS_REVOKED,
    BAD_TOKEN,
    EACH_ROAD,
    EXPIRED,
    NEW_ROAD,
    NOT_ENABLED,
    PASSWORDS_ONLY,
    REVOKED,
    renew,
    revoke,
)
from .test_tokens import claims

# The exception is the model's, the words are ours.
REUSED = "RefreshTokenReuseException", None


@pytest.fixture
def rotating(make_flow):
    """A client that rotates refresh tokens: with `rotating(10)` the old one stays valid for ten
    seconds.
    """

    def make(grace=None, kind="no MFA", flows=PASSWORDS_ONLY):
        rotation = {"Feature": "ENABLED"} | (
            {} if grace is None else {"RetryGracePeriodSeconds": grace}
        )
        return make_flow(
            kind, client={"RefreshTokenRotation": rotation, "ExplicitAuthFlows": flows}
        ).signed_in()

    return make


def rotate(flow, token=None):
    """Exchange a refresh token for another, which then becomes current; return both."""
    old = token or flow.tokens["RefreshToken"]
    return old, flow.get_tokens(old)["AuthenticationResult"]["RefreshToken"]


@pytest.mark.parametrize("feature", ["ENABLED", "DISABLED"])
def test_an_unset_grace_period_is_shown_as_zero(make_flow, feature):
    """O: the setting comes back with 0 seconds."""
    flow = make_flow(
        "no MFA",
        client={"RefreshTokenRotation": {"Feature": feature}, "ExplicitAuthFlows": PASSWORDS_ONLY},
    )
    assert flow.client["RefreshTokenRotation"] == {"Feature": feature, "RetryGracePeriodSeconds": 0}


def test_each_refresh_brings_another_refresh_token(rotating):
    """D; of the same sign-in."""
    flow = rotating()
    before = claims(flow, "AccessToken")
    tokens = {flow.tokens["RefreshToken"]}
    for _ in range(3):
        answer = flow.get_tokens()["AuthenticationResult"]
        assert set(answer) == {"AccessToken", "ExpiresIn", "TokenType", "IdToken", "RefreshToken"}
        tokens.add(answer["RefreshToken"])
    assert len(tokens) == 4
    assert claims(flow, "AccessToken")["origin_jti"] == before["origin_jti"]
    assert flow.get_user()["Username"] == "alice"


@pytest.mark.parametrize("grace", [None, 0], ids=["nothing is said", "0"])
def test_without_a_grace_period_the_old_refresh_token_stops_working(rotating, grace):
    """D; 0 is the choice if nothing is said. Choice: a reuse ends nothing else."""
    flow = rotating(grace)
    old, new = rotate(flow)
    with rejects(flow, *REUSED):
        flow.get_tokens(old)
    assert flow.get_tokens(new)["AuthenticationResult"]


@pytest.mark.parametrize("grace", [1, 60])
def test_the_old_refresh_token_works_until_the_last_second_of_its_grace_period(rotating, grace):
    """D. A retry brings another token, and doesn't lengthen the time."""
    flow = rotating(grace)
    old, first = rotate(flow)
    _, second = rotate(flow.wait(grace - 0.5), old)
    assert first != second
    with rejects(flow.wait(0.5), *REUSED):
        flow.get_tokens(old)
    for token in (first, second):
        assert flow.get_tokens(token)["AuthenticationResult"]


def test_rotation_does_not_lengthen_the_life_of_a_sign_in(rotating):
    """D: the new one is valid for the rest of the old one's life."""
    flow = rotating().wait(29 * DAY)
    rotate(flow)
    flow.wait(DAY - 1)
    rotate(flow)
    with rejects(flow.wait(1), *EXPIRED):
        flow.get_tokens()


def test_one_call_revokes_all_tokens_of_the_sign_in(rotating):
    """D: every access token, and the newest refresh token, whichever of them is sent."""
    flow = rotating()
    old, new = rotate(flow)
    revoke(flow, old)
    with rejects(flow, *REVOKED):
        flow.get_tokens(new)
    with rejects(flow, *ACCESS_REVOKED):
        flow.get_user()


def test_another_sign_in_is_not_affected(rotating):
    """D"""
    flow = rotating()
    first = flow.tokens["RefreshToken"]
    flow.sign_in()
    rotate(flow)
    assert flow.get_tokens(first)["AuthenticationResult"]


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("flows", [PASSWORDS_ONLY, None], ids=["said", "left to the default"])
def test_a_client_with_rotation_has_no_refresh_flow(rotating, plane, flows):
    """D. Choice: the words, and that the default flows are then one fewer."""
    flow = rotating(flows=PASSWORDS_ONLY)
    if flows is None:
        settings = {
            "ClientId": flow.client_id,
            "UserPoolId": flow.pool_id,
            "RefreshTokenRotation": {"Feature": "ENABLED"},
        }
        flow.aws.update_user_pool_client(**settings)
    with rejects(flow, *NOT_ENABLED):
        flow.refresh(plane=plane)


@EACH_ROAD
def test_a_replaced_token_stays_replaced_when_rotation_is_turned_off(rotating, road):
    """Choice. InitiateAuth uses other words: the model has no reuse error there."""
    flow = rotating(60)
    old, new = rotate(flow)
    flow.aws.update_user_pool_client(
        UserPoolId=flow.pool_id, ClientId=flow.client_id, ExplicitAuthFlows=TUTORIAL_FLOWS
    )
    with rejects(flow, *(REUSED if road == NEW_ROAD else BAD_TOKEN)):
        renew(flow, road, old)
    assert "RefreshToken" not in renew(flow, road, new)["AuthenticationResult"]


def test_a_device_and_rotation_together(rotating):
    """1.7, and D"""
    flow = rotating(kind="no MFA, tracked")
    flow.confirm_device()
    with rejects(flow, *BAD_TOKEN):
        flow.get_tokens()
    for _ in range(2):
        assert flow.get_tokens(DeviceKey=flow.device.key)["AuthenticationResult"]["RefreshToken"]
