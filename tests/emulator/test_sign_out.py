"""Signing a user out everywhere. BEHAVIOR.md, 8a and 10.6."""

import pytest

from .flow import CLIENT, rejects, unchanged

ACCESS_REVOKED = "NotAuthorizedException", "Access Token has been revoked"
REFRESH_REVOKED = "NotAuthorizedException", "Refresh Token has been revoked"


def by_token(flow):
    return flow.aws.global_sign_out(AccessToken=flow.tokens["AccessToken"])


def by_name(flow, username="alice"):
    return flow.aws.admin_user_global_sign_out(UserPoolId=flow.pool_id, Username=username)


EACH_CALL = pytest.mark.parametrize(
    "sign_out", [by_token, by_name], ids=["GlobalSignOut", "AdminUserGlobalSignOut"]
)


@EACH_CALL
def test_every_token_of_every_sign_in_is_revoked(make_flow, sign_out):
    """10.6; 8a for the words. Tokens of all clients, and refreshed ones too."""
    flow = make_flow("no MFA").signed_in()
    first, first_client = dict(flow.tokens), flow.client_id
    flow.refresh()
    refreshed = flow.tokens["AccessToken"]
    flow.client_id = flow.aws.create_user_pool_client(UserPoolId=flow.pool_id, **CLIENT)[
        "UserPoolClient"
    ]["ClientId"]
    flow.sign_in()

    assert sign_out(flow)["ResponseMetadata"]["HTTPStatusCode"] == 200

    for token in (first["AccessToken"], refreshed, flow.tokens["AccessToken"]):
        with rejects(flow, *ACCESS_REVOKED):
            flow.get_user(token)
    for client_id, token in [
        (flow.client_id, flow.tokens["RefreshToken"]),
        (first_client, first["RefreshToken"]),
    ]:
        flow.client_id = client_id
        for plane in ("user", "admin"):
            with rejects(flow, *REFRESH_REVOKED):
                flow.refresh(token, plane)
        with rejects(flow, *REFRESH_REVOKED):
            flow.get_tokens(token)


@EACH_CALL
def test_a_user_can_sign_in_again_after_a_sign_out(no_mfa, sign_out):
    """10.6: only earlier tokens are revoked"""
    no_mfa.signed_in()
    sign_out(no_mfa)
    no_mfa.sign_in()
    assert no_mfa.get_user()["Username"] == "alice"
    assert no_mfa.refresh()["AuthenticationResult"]


@EACH_CALL
def test_no_other_user_is_signed_out(no_mfa, sign_out):
    """10.6"""
    no_mfa.confirmed().confirmed("bob")
    no_mfa.sign_in(username="bob")
    bobs = dict(no_mfa.tokens)
    no_mfa.sign_in()
    sign_out(no_mfa)
    assert no_mfa.get_user(bobs["AccessToken"])["Username"] == "bob"
    assert no_mfa.refresh(bobs["RefreshToken"])["AuthenticationResult"]


def test_a_token_can_sign_out_once(no_mfa):
    """8a: it is revoked with the others."""
    no_mfa.signed_in()
    by_token(no_mfa)
    with rejects(no_mfa, *ACCESS_REVOKED):
        by_token(no_mfa)


def test_an_administrator_may_sign_out_a_user_who_is_not_signed_in(no_mfa):
    """Choice: it changes nothing."""
    no_mfa.confirmed()
    with unchanged(no_mfa):
        by_name(no_mfa)


def test_an_administrator_must_name_an_existing_pool_and_user(no_mfa):
    """1.4"""
    no_mfa.signed_in()
    with rejects(no_mfa, "UserNotFoundException", "User does not exist."):
        by_name(no_mfa, "nobody")
    no_mfa.pool_id = "us-east-1_nosuchone"
    with rejects(
        no_mfa, "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."
    ):
        by_name(no_mfa)
