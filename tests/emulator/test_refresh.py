"""Refreshing and revoking tokens. BEHAVIOR.md, 1.7, 8a and 10.6.

"D" marks what AWS documents: the model, and the developer guide's page on refresh tokens.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from .flow import DAY, HOUR, NOW, PLANES, Flow, rejects, unchanged
from .test_tokens import claims

# The final full stop is open (9.6).
BAD_TOKEN = "NotAuthorizedException", re.compile(r"Invalid Refresh Token\.?")
REVOKED = "NotAuthorizedException", "Refresh Token has been revoked"
EXPIRED = "NotAuthorizedException", "Refresh Token has expired"
ACCESS_REVOKED = "NotAuthorizedException", "Access Token has been revoked"
NOT_ENABLED = (
    "InvalidParameterException",
    re.compile("(REFRESH_TOKEN_AUTH|Auth) flow not enabled for this client"),
)

# The three ways to new tokens
NEW_ROAD = "GetTokensFromRefreshToken"
ROADS = [*PLANES, NEW_ROAD]
EACH_ROAD = pytest.mark.parametrize("road", ROADS)


def renew(flow, road, token=None, device=None):
    if road == NEW_ROAD:
        return flow.get_tokens(token, **({"DeviceKey": device} if device else {}))
    return flow.refresh(token, road, DEVICE_KEY=device)


def nothing(flow):
    pass


def revoke(flow, token=None, **request):
    flow.aws.revoke_token(
        Token=token or flow.tokens["RefreshToken"], ClientId=flow.client_id, **request
    )


def another_client(flow, **settings):
    made = flow.aws.create_user_pool_client(
        UserPoolId=flow.pool_id,
        ClientName="other",
        ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"],
        **settings,
    )
    flow.client_id = made["UserPoolClient"]["ClientId"]
    return flow


def confirm_two_devices(flow):
    """Confirm two devices in two sign-ins. The current tokens are the second one's, and the first
    device is the `other`.
    """
    flow.confirm_device()
    flow.other = flow.device
    flow.sign_in()
    flow.confirm_device()


def forget_device(flow):
    flow.confirm_device()
    flow.aws.forget_device(AccessToken=flow.tokens["AccessToken"], DeviceKey=flow.device.key)


class RejectedToken(NamedTuple):
    """A refresh token that brings no new tokens, in any of the three ways."""

    pool: str
    before: Callable[[Flow], Any]
    sent: Callable[[Flow], dict[str, Any]]
    error: tuple[str, Any]


ERRORS = {
    "10.6 a random text": RejectedToken(
        pool="no MFA", before=nothing, sent=lambda f: {"token": "no-such-token"}, error=BAD_TOKEN
    ),
    "10.6 the access token": RejectedToken(
        pool="no MFA",
        before=nothing,
        sent=lambda f: {"token": f.tokens["AccessToken"]},
        error=BAD_TOKEN,
    ),
    "10.6 cut short": RejectedToken(
        pool="no MFA",
        before=nothing,
        sent=lambda f: {"token": f.tokens["RefreshToken"][:-1]},
        error=BAD_TOKEN,
    ),
    "1.7 another client's": RejectedToken(
        pool="no MFA", before=another_client, sent=lambda f: {}, error=BAD_TOKEN
    ),
    "1.7 expired": RejectedToken(
        pool="no MFA", before=lambda f: f.wait(30 * DAY), sent=lambda f: {}, error=EXPIRED
    ),
    "1.7 revoked": RejectedToken(pool="no MFA", before=revoke, sent=lambda f: {}, error=REVOKED),
    "1.7 the device was never confirmed": RejectedToken(
        pool="no MFA, tracked", before=nothing, sent=lambda f: {}, error=BAD_TOKEN
    ),
    "1.7 the device was never confirmed, its key is sent": RejectedToken(
        pool="no MFA, tracked",
        before=nothing,
        sent=lambda f: {"device": f.offer["DeviceKey"]},
        error=BAD_TOKEN,
    ),
    "1.7 no device key": RejectedToken(
        pool="no MFA, tracked",
        before=lambda f: f.confirm_device(),
        sent=lambda f: {},
        error=BAD_TOKEN,
    ),
    "1.7 another device's key": RejectedToken(
        pool="no MFA, tracked",
        before=confirm_two_devices,
        sent=lambda f: {"device": f.other.key},
        error=BAD_TOKEN,
    ),
    "1.7 the device was forgotten": RejectedToken(
        pool="no MFA, tracked",
        before=forget_device,
        sent=lambda f: {"device": f.device.key},
        error=BAD_TOKEN,
    ),
    "1.7 disabled": RejectedToken(
        pool="no MFA",
        before=lambda f: f.disable(),
        sent=lambda f: {},
        error=("NotAuthorizedException", "User is disabled."),
    ),
    "choice: revoked and then expired": RejectedToken(
        pool="no MFA",
        before=lambda f: (revoke(f), f.wait(30 * DAY)),
        sent=lambda f: {},
        error=REVOKED,
    ),
}
PASSWORDS_ONLY = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]


@EACH_ROAD
@pytest.mark.parametrize(("kind", "before", "sent", "error"), ERRORS.values(), ids=ERRORS)
def test_refreshing_is_rejected(make_flow, road, kind, before, sent, error):
    flow = make_flow(kind).signed_in()
    before(flow)
    with rejects(flow, *error):
        renew(flow, road, **sent(flow))


@pytest.mark.parametrize("plane", PLANES)
def test_a_refresh_token_is_required(no_mfa, plane):
    """Choice: the words are those of other parameters."""
    no_mfa.signed_in()
    with rejects(no_mfa, "InvalidParameterException", "Missing required parameter REFRESH_TOKEN"):
        no_mfa.refresh(plane=plane, REFRESH_TOKEN=None)


@pytest.mark.parametrize("plane", PLANES)
def test_the_flow_must_be_enabled(make_flow, plane):
    """1.7. Choice: the new operation isn't a flow, and needs none."""
    flow = make_flow("no MFA", client={"ExplicitAuthFlows": PASSWORDS_ONLY}).signed_in()
    with rejects(flow, *NOT_ENABLED):
        flow.refresh(plane=plane)
    assert flow.get_tokens()["AuthenticationResult"]


@EACH_ROAD
def test_a_confirmed_device_refreshes_its_own_tokens(make_flow, road):
    """1.7; section 6: the access token still names it. Choice: through AdminInitiateAuth as well,
    which is open (10.8, 2).
    """
    flow = make_flow("no MFA, tracked").with_device()
    assert renew(flow, road, device=flow.device.key)["AuthenticationResult"]
    assert claims(flow, "AccessToken")["device_key"] == flow.device.key
    assert flow.offer is None, "a refresh is no new device"


@EACH_ROAD
def test_a_device_that_signed_in_by_its_proof_refreshes(make_flow, road):
    """1.7: as when it was new; its key must be sent again. Choice: through AdminInitiateAuth as
    well (10.8, 2).
    """
    flow = make_flow("no MFA, tracked").with_device()
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_sign_in()
    with rejects(flow, *BAD_TOKEN):
        renew(flow, road)
    assert renew(flow, road, device=flow.device.key)["AuthenticationResult"]
    assert claims(flow, "AccessToken")["device_key"] == flow.device.key


@EACH_ROAD
def test_a_device_that_is_not_remembered_refreshes_as_well(make_flow, road):
    """1.7: it only has to be confirmed. Choice: through AdminInitiateAuth as well (10.8, 2)."""
    flow = make_flow("no MFA, tracked").with_device()
    status = {"DeviceKey": flow.device.key, "DeviceRememberedStatus": "not_remembered"}
    flow.aws.update_device_status(AccessToken=flow.tokens["AccessToken"], **status)
    assert renew(flow, road, device=flow.device.key)["AuthenticationResult"]


@EACH_ROAD
def test_a_device_key_is_ignored_if_the_sign_in_has_no_device(make_flow, road):
    """Choice."""
    flow = make_flow("no MFA").signed_in()
    assert renew(flow, road, device="us-east-1_00000000-0000-0000-0000-000000000000")[
        "AuthenticationResult"
    ]


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("auth_flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
def test_refreshing_brings_new_tokens_of_the_same_sign_in(no_mfa, plane, auth_flow):
    """1.7, 10.6: no new refresh token; the sign-in's ID and time stay, as does the name."""
    no_mfa.signed_in()
    before = claims(no_mfa, "AccessToken")
    no_mfa.wait(10)

    answer = no_mfa.initiate(auth_flow, plane, REFRESH_TOKEN=no_mfa.tokens["RefreshToken"])

    assert answer["ChallengeParameters"] == {}
    assert set(answer["AuthenticationResult"]) == {
        "AccessToken",
        "ExpiresIn",
        "TokenType",
        "IdToken",
    }
    for kind in ("AccessToken", "IdToken"):
        after = claims(no_mfa, kind)
        assert (after["origin_jti"], after["auth_time"], after["iat"]) == (
            before["origin_jti"],
            NOW,
            NOW + 10,
        )
        assert after["jti"] != before["jti"]
    assert claims(no_mfa, "AccessToken")["username"] == "alice"
    assert no_mfa.get_user()["Username"] == "alice"


def test_the_new_operation_brings_the_same(no_mfa):
    """D: no refresh token either if the client doesn't rotate them, and no more than the result."""
    no_mfa.signed_in()
    before = claims(no_mfa, "AccessToken")
    no_mfa.wait(10)
    answer = no_mfa.get_tokens()
    assert set(answer) == {"AuthenticationResult"}
    assert set(answer["AuthenticationResult"]) == {
        "AccessToken",
        "ExpiresIn",
        "TokenType",
        "IdToken",
    }
    for kind in ("AccessToken", "IdToken"):
        after = claims(no_mfa, kind)
        assert (after["origin_jti"], after["auth_time"], after["iat"]) == (
            before["origin_jti"],
            NOW,
            NOW + 10,
        )
    for road in ROADS:
        assert renew(no_mfa, road)["AuthenticationResult"], "the refresh token stays good"


def test_the_new_operation_checks_its_client(no_mfa):
    """1.7"""
    no_mfa.signed_in()
    with rejects(
        no_mfa, "ResourceNotFoundException", "User pool client nosuchclient does not exist."
    ):
        no_mfa.get_tokens(client_id="nosuchclient")


# What is sent instead of the client's secret. The words are ours.
NO_SECRETS = {
    "D nothing": lambda f: {},
    "D another secret": lambda f: {"ClientSecret": "x" * 52},
    "D cut short": lambda f: {"ClientSecret": f.client["ClientSecret"][:-1]},
    "D the hash, without the signs that no secret has": lambda f: {
        "ClientSecret": re.sub(r"\W", "", f.hash("alice", f.client["ClientSecret"]))
    },
}


@pytest.mark.parametrize("sent", NO_SECRETS.values(), ids=NO_SECRETS)
def test_the_new_operation_takes_the_secret_itself(make_flow, sent):
    flow = make_flow("secret").signed_in()
    flow.secret = None
    with rejects(flow, "NotAuthorizedException"):
        flow.get_tokens(**sent(flow))
    assert flow.get_tokens(ClientSecret=flow.client["ClientSecret"])["AuthenticationResult"]


def test_an_unneeded_secret_is_accepted(no_mfa):
    """Choice."""
    no_mfa.signed_in()
    assert no_mfa.get_tokens(ClientSecret="x" * 52)["AuthenticationResult"]


@pytest.mark.parametrize(
    ("client", "lifetime"),
    [
        ({}, 30 * DAY),
        ({"RefreshTokenValidity": 0}, 30 * DAY),
        ({"RefreshTokenValidity": 60, "TokenValidityUnits": {"RefreshToken": "minutes"}}, HOUR),
    ],
    ids=["30 days by default", "0 for the default", "an hour"],
)
def test_a_refresh_token_is_valid_until_its_last_second(make_flow, client, lifetime):
    """1.16. Refreshing doesn't lengthen its life."""
    flow = make_flow("no MFA", client=client).signed_in()
    flow.wait(lifetime - 1)
    for _ in range(2):
        assert flow.refresh()["AuthenticationResult"]
    flow.wait(1)
    with rejects(flow, *EXPIRED):
        flow.refresh()


def test_revoking_ends_only_that_sign_in(no_mfa):
    """10.6, 8a: every access token that came with it, and the refresh token."""
    no_mfa.signed_in()
    first = dict(no_mfa.tokens)
    no_mfa.refresh()
    refreshed = no_mfa.tokens["AccessToken"]
    no_mfa.sign_in()

    revoke(no_mfa, first["RefreshToken"])

    for token in (first["AccessToken"], refreshed):
        with rejects(no_mfa, *ACCESS_REVOKED):
            no_mfa.get_user(token)
    with rejects(no_mfa, *REVOKED):
        no_mfa.refresh(first["RefreshToken"])
    assert no_mfa.get_user()
    assert no_mfa.refresh()["AuthenticationResult"]


def test_revoking_twice_and_revoking_a_random_text_succeed(no_mfa):
    """Choice, by the API reference."""
    no_mfa.signed_in()
    revoke(no_mfa)
    with unchanged(no_mfa):
        revoke(no_mfa)
        revoke(no_mfa, "no-such-token")


def test_another_client_cannot_revoke(no_mfa):
    """Choice."""
    another_client(no_mfa.signed_in())
    with unchanged(no_mfa):
        revoke(no_mfa)


# What RevokeToken rejects: the codes are the model's, the words are ours.
class RejectedRevocation(NamedTuple):
    """A RevokeToken that ends with an error: what happens first, the call, and the error's name."""

    before: Callable[[Flow], Any]
    call: Callable[[Flow], Any]
    code: str


REVOKE_ERRORS = {
    "choice: an access token": RejectedRevocation(
        before=nothing,
        call=lambda f: revoke(f, f.tokens["AccessToken"]),
        code="UnsupportedTokenTypeException",
    ),
    "choice: no such client": RejectedRevocation(
        before=lambda f: setattr(f, "client_id", "nosuchclient"),
        call=revoke,
        code="UnauthorizedException",
    ),
    "choice: revoking is switched off": RejectedRevocation(
        before=lambda f: another_client(f, EnableTokenRevocation=False),
        call=revoke,
        code="UnsupportedOperationException",
    ),
    "choice: no client secret": RejectedRevocation(
        before=lambda f: another_client(f, GenerateSecret=True),
        call=revoke,
        code="UnauthorizedException",
    ),
    "choice: wrong client secret": RejectedRevocation(
        before=lambda f: another_client(f, GenerateSecret=True),
        call=lambda f: revoke(f, ClientSecret="x" * 52),
        code="UnauthorizedException",
    ),
}


@pytest.mark.parametrize(("before", "call", "code"), REVOKE_ERRORS.values(), ids=REVOKE_ERRORS)
def test_revoking_is_rejected(no_mfa, before, call, code):
    no_mfa.signed_in()
    before(no_mfa)
    with rejects(no_mfa, code):
        call(no_mfa)


def test_the_client_secret_allows_revoking(make_flow):
    """10.6. The model on ClientSecret."""
    flow = make_flow("secret").signed_in()
    revoke(flow, ClientSecret=flow.secret)
    with rejects(flow, *REVOKED):
        flow.refresh()
