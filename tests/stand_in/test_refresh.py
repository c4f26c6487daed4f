"""Refreshing and revoking tokens. Behaviour page, 1.7, 8a and 10.6."""

import re

import pytest

from .flow import DAY, HOUR, NOW, PLANES, refused
from .test_tokens import claims

# The final full stop is open (9.6).
BAD_TOKEN = "NotAuthorizedException", re.compile(r"Invalid Refresh Token\.?")
REVOKED = "NotAuthorizedException", "Refresh Token has been revoked"
EXPIRED = "NotAuthorizedException", "Refresh Token has expired"
ACCESS_REVOKED = "NotAuthorizedException", "Access Token has been revoked"


def nothing(flow):
    pass


def revoke(flow, token=None, **request):
    flow.aws.revoke_token(Token=token or flow.tokens["RefreshToken"], ClientId=flow.client_id, **request)


def another_client(flow, **settings):
    made = flow.aws.create_user_pool_client(UserPoolId=flow.pool_id, ClientName="other", ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"], **settings)
    flow.client_id = made["UserPoolClient"]["ClientId"]
    return flow


# fact: (the pool, what happens first, the call, the refusal); each row is tried in both planes
REFUSALS = {
    "10.6 a random text": ("no MFA", nothing, lambda f: f.refresh("no such token"), BAD_TOKEN),
    "10.6 the access token": ("no MFA", nothing, lambda f: f.refresh(f.tokens["AccessToken"]), BAD_TOKEN),
    "10.6 cut short": ("no MFA", nothing, lambda f: f.refresh(f.tokens["RefreshToken"][:-1]), BAD_TOKEN),
    "1.7 another client's": ("no MFA", another_client, lambda f: f.refresh(), BAD_TOKEN),
    "1.7 expired": ("no MFA", lambda f: f.wait(30 * DAY), lambda f: f.refresh(), EXPIRED),
    "1.7 revoked": ("no MFA", revoke, lambda f: f.refresh(), REVOKED),
    "1.7 the device was never confirmed": ("no MFA, tracked", nothing, lambda f: f.refresh(), BAD_TOKEN),
    "1.7 disabled": ("no MFA", lambda f: f.disable(), lambda f: f.refresh(), ("NotAuthorizedException", "User is disabled.")),
    "1.7 the flow is not enabled": (
        "passwords only",
        nothing,
        lambda f: f.refresh(),
        ("InvalidParameterException", re.compile("(REFRESH_TOKEN_AUTH|Auth) flow not enabled for this client")),
    ),
    "choice: no token": ("no MFA", nothing, lambda f: f.refresh(REFRESH_TOKEN=None), ("InvalidParameterException", "Missing required parameter REFRESH_TOKEN")),
}
PASSWORDS_ONLY = {"client": {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]}}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize(("kind", "before", "call", "refusal"), REFUSALS.values(), ids=REFUSALS)
def test_refreshing_refuses(make_flow, plane, kind, before, call, refusal):
    flow = make_flow("no MFA", **PASSWORDS_ONLY) if kind == "passwords only" else make_flow(kind)
    flow.plane = plane
    flow.signed_in()
    before(flow)
    with refused(flow, *refusal):
        call(flow)


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("auth_flow", ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"])
def test_refreshing_brings_new_tokens_of_the_same_sign_in(no_mfa, plane, auth_flow):
    """1.7, 10.6: no new refresh token; the sign-in's id and time stay, as does the name."""
    no_mfa.signed_in()
    before = claims(no_mfa, "AccessToken")
    no_mfa.wait(10)

    answer = no_mfa.initiate(auth_flow, plane, REFRESH_TOKEN=no_mfa.tokens["RefreshToken"])

    assert answer["ChallengeParameters"] == {}
    assert set(answer["AuthenticationResult"]) == {"AccessToken", "ExpiresIn", "TokenType", "IdToken"}
    for kind in ("AccessToken", "IdToken"):
        after = claims(no_mfa, kind)
        assert (after["origin_jti"], after["auth_time"], after["iat"]) == (before["origin_jti"], NOW, NOW + 10)
        assert after["jti"] != before["jti"]
    assert claims(no_mfa, "AccessToken")["username"] == "alice"
    assert no_mfa.get_user()["Username"] == "alice"


@pytest.mark.parametrize(
    ("client", "lifetime"),
    [({}, 30 * DAY), ({"RefreshTokenValidity": 0}, 30 * DAY), ({"RefreshTokenValidity": 60, "TokenValidityUnits": {"RefreshToken": "minutes"}}, HOUR)],
    ids=["30 days by default", "0 for the default", "an hour"],
)
def test_a_refresh_token_is_good_until_its_last_second(make_flow, client, lifetime):
    """1.16. Refreshing does not lengthen its life."""
    flow = make_flow("no MFA", client=client).signed_in()
    flow.wait(lifetime - 1)
    for _ in range(2):
        assert flow.refresh()["AuthenticationResult"]
    flow.wait(1)
    with refused(flow, *EXPIRED):
        flow.refresh()


def test_revoking_ends_the_sign_in_and_no_other(no_mfa):
    """10.6, 8a: every access token that came of it, and the refresh token."""
    no_mfa.signed_in()
    first = dict(no_mfa.tokens)
    no_mfa.refresh()
    refreshed = no_mfa.tokens["AccessToken"]
    no_mfa.sign_in()

    revoke(no_mfa, first["RefreshToken"])

    for token in (first["AccessToken"], refreshed):
        with refused(no_mfa, *ACCESS_REVOKED):
            no_mfa.get_user(token)
    with refused(no_mfa, *REVOKED):
        no_mfa.refresh(first["RefreshToken"])
    assert no_mfa.get_user()
    assert no_mfa.refresh()["AuthenticationResult"]


def test_revoking_twice_or_a_random_text_is_answered_alike(no_mfa):
    """Choice, by the API reference."""
    no_mfa.signed_in()
    revoke(no_mfa)
    before = no_mfa.state()
    revoke(no_mfa)
    revoke(no_mfa, "no-such-token")
    assert no_mfa.state() == before


def test_another_client_revokes_nothing(no_mfa):
    no_mfa.signed_in()
    before = no_mfa.state()["sign_ins"]
    revoke(another_client(no_mfa))
    assert no_mfa.state()["sign_ins"] == before


def secret(flow):
    return flow.aws.describe_user_pool_client(UserPoolId=flow.pool_id, ClientId=flow.client_id)["UserPoolClient"]["ClientSecret"]


# Codes are the model's; the words are ours.
REVOKE_REFUSALS = {
    "choice: an access token": (nothing, lambda f: revoke(f, f.tokens["AccessToken"]), "UnsupportedTokenTypeException"),
    "choice: no such client": (lambda f: setattr(f, "client_id", "nosuchclient"), revoke, "UnauthorizedException"),
    "choice: revoking is switched off": (lambda f: another_client(f, EnableTokenRevocation=False), revoke, "UnsupportedOperationException"),
    "choice: no client secret": (lambda f: another_client(f, GenerateSecret=True), revoke, "UnauthorizedException"),
    "choice: wrong client secret": (
        lambda f: another_client(f, GenerateSecret=True),
        lambda f: revoke(f, ClientSecret="x" * 52),
        "UnauthorizedException",
    ),
}


@pytest.mark.parametrize(("before", "call", "code"), REVOKE_REFUSALS.values(), ids=REVOKE_REFUSALS)
def test_revoking_refuses(no_mfa, before, call, code):
    no_mfa.signed_in()
    before(no_mfa)
    with refused(no_mfa, code):
        call(no_mfa)


def test_the_client_secret_lets_its_client_revoke(make_flow):
    flow = make_flow("secret").signed_in()
    revoke(flow, ClientSecret=secret(flow))
    with refused(flow, *REVOKED):
        flow.refresh()
