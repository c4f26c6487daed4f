"""Tokens: what is in them, how long they last, and who may use them. BEHAVIOR.md, sections 6 and
8a, and 10.7.
"""

import base64
import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import jwt
import pytest

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.errors import ResourceNotFoundException

from .flow import DAY, EMAIL, HOUR, MINUTE, NOW, Flow, post, rejects

NO_TOKEN = "NotAuthorizedException", "Invalid Access Token"
FORGED = "NotAuthorizedException", "Could not verify signature for Access Token"
ACCESS_EXPIRED = "NotAuthorizedException", "Access Token has expired"


def claims(flow, kind):
    """The claims of the current `AccessToken` or `IdToken`, once its signature is verified by the
    key the pool publishes.
    """
    token = flow.tokens[kind]
    keys = {key["kid"]: jwt.PyJWK(key).key for key in flow.emulator.jwks(flow.pool_id)["keys"]}
    unchecked = {"verify_aud": False, "verify_exp": False, "verify_iat": False}
    return jwt.decode(
        token, keys[jwt.get_unverified_header(token)["kid"]], ["RS256"], options=unchecked
    )


def resigned(flow, key, algorithm="RS256", **changes):
    """The current access token, changed, with another signature under the same key ID."""
    token = flow.tokens["AccessToken"]
    body = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(
        body | changes, key, algorithm, headers={"kid": jwt.get_unverified_header(token)["kid"]}
    )


def altered(flow):
    """The signature of one set of claims under another."""
    head, _, signature = flow.tokens["AccessToken"].split(".")
    body = claims(flow, "AccessToken") | {"username": "bob"}
    return ".".join(
        [head, base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("="), signature]
    )


class RejectedToken(NamedTuple):
    """What is sent as the access token, by the flow and the pool's keys, and the error."""

    token: Callable[[Flow, Any], str]
    error: tuple[str, Any]


ERRORS = {
    "8a no JWT": RejectedToken(token=lambda f, keys: "garbage", error=NO_TOKEN),
    "8a no JWT, though in three parts": RejectedToken(
        token=lambda f, keys: "a.b.c", error=NO_TOKEN
    ),
    "8a a refresh token": RejectedToken(
        token=lambda f, keys: f.tokens["RefreshToken"], error=NO_TOKEN
    ),
    "8a signed by another key": RejectedToken(
        token=lambda f, keys: resigned(f, keys[1]), error=FORGED
    ),
    "8a no signature": RejectedToken(
        token=lambda f, keys: f.tokens["AccessToken"].rpartition(".")[0] + ".", error=FORGED
    ),
    "8a altered": RejectedToken(token=lambda f, keys: altered(f), error=FORGED),
    "8a signed with a password": RejectedToken(
        token=lambda f, keys: resigned(f, "x" * 32, "HS256"), error=FORGED
    ),
    "8a signed by nobody": RejectedToken(
        token=lambda f, keys: resigned(f, None, "none"), error=FORGED
    ),
    "8a a key that nobody has": RejectedToken(
        token=lambda f, keys: jwt.encode({}, keys[0], "RS256", headers={"kid": "x"}),
        error=FORGED,
    ),
    "8a no key is named": RejectedToken(
        token=lambda f, keys: jwt.encode({}, keys[0], "RS256"), error=FORGED
    ),
    "12.5 an ID token": RejectedToken(token=lambda f, keys: f.tokens["IdToken"], error=NO_TOKEN),
}


@pytest.mark.parametrize(("token", "error"), ERRORS.values(), ids=ERRORS)
def test_what_is_not_an_access_token_is_rejected(no_mfa, rsa_keys, token, error):
    no_mfa.signed_in()
    with rejects(no_mfa, *error):
        no_mfa.get_user(token(no_mfa, rsa_keys))


def call_get_user(flow, token):
    flow.aws.get_user(AccessToken=token)


def call_delete_user(flow, token):
    flow.aws.delete_user(AccessToken=token)


def call_associate(flow, token):
    flow.aws.associate_software_token(AccessToken=token)


def call_verify(flow, token):
    flow.aws.verify_software_token(AccessToken=token, UserCode=flow.code())


def call_change_password(flow, token):
    flow.change_password("Another-Horse-8", token=token)


def call_global_sign_out(flow, token):
    flow.aws.global_sign_out(AccessToken=token)


# Each call by token, and its error for a deleted user: one the model allows
BEARER_CALLS = {
    call_get_user: "UserNotFoundException",
    call_delete_user: "UserNotFoundException",
    call_change_password: "UserNotFoundException",
    call_associate: "NotAuthorizedException",
    call_verify: "NotAuthorizedException",
    call_global_sign_out: "NotAuthorizedException",
}


@pytest.mark.parametrize("call", BEARER_CALLS)
def test_every_call_by_token_checks_the_token(make_flow, call):
    """8a"""
    flow = make_flow("optional MFA").signed_in()
    token = flow.tokens["AccessToken"]
    flow.associate(AccessToken=token)
    with rejects(flow, *NO_TOKEN):
        call(flow, "garbage")
    # 12.5 for GetUser, the others by analogy
    with rejects(flow, *NO_TOKEN):
        call(flow, flow.tokens["IdToken"])
    flow.disable()
    with rejects(flow, "NotAuthorizedException", "User is disabled."):
        call(flow, token)
    flow.enable()
    flow.wait(HOUR)
    with rejects(flow, *ACCESS_EXPIRED):
        call(flow, token)


@pytest.mark.parametrize(("call", "code"), BEARER_CALLS.items())
def test_the_token_of_a_deleted_user_is_rejected(make_flow, call, code):
    """Choice: how, is open (9.16)."""
    flow = make_flow("optional MFA").signed_in()
    flow.associate(AccessToken=flow.tokens["AccessToken"])
    call_delete_user(flow, flow.tokens["AccessToken"])
    with rejects(flow, code):
        call(flow, flow.tokens["AccessToken"])


def test_an_access_token_is_valid_for_its_hour(no_mfa):
    """1.16: the last second that still works."""
    no_mfa.signed_in().wait(HOUR - 1)
    assert no_mfa.get_user()["Username"] == "alice"
    no_mfa.wait(1)
    with rejects(no_mfa, *ACCESS_EXPIRED):
        no_mfa.get_user()


class Lifetimes(NamedTuple):
    """The client's settings, and for how many seconds its access and ID tokens are valid."""

    client: dict[str, Any]
    access: int
    identity: int


LIFETIMES = {
    "the hour by default": Lifetimes(client={}, access=HOUR, identity=HOUR),
    "ten hours": Lifetimes(client={"AccessTokenValidity": 10}, access=10 * HOUR, identity=HOUR),
    "ten minutes": Lifetimes(
        client={"AccessTokenValidity": 10, "TokenValidityUnits": {"AccessToken": "minutes"}},
        access=10 * MINUTE,
        identity=HOUR,
    ),
    "a day": Lifetimes(
        client={"AccessTokenValidity": 1, "TokenValidityUnits": {"AccessToken": "days"}},
        access=DAY,
        identity=HOUR,
    ),
    "500 seconds": Lifetimes(
        client={"AccessTokenValidity": 500, "TokenValidityUnits": {"AccessToken": "seconds"}},
        access=500,
        identity=HOUR,
    ),
    "an ID token of its own": Lifetimes(
        client={"IdTokenValidity": 5, "TokenValidityUnits": {"IdToken": "minutes"}},
        access=HOUR,
        identity=5 * MINUTE,
    ),
}


@pytest.mark.parametrize(("client", "access", "identity"), LIFETIMES.values(), ids=LIFETIMES)
def test_expires_in_is_the_clients_validity_to_the_second(make_flow, client, access, identity):
    """10.7"""
    flow = make_flow("no MFA", client=client).signed_in()
    assert flow.tokens["ExpiresIn"] == access
    for kind, lifetime in {"AccessToken": access, "IdToken": identity}.items():
        token = claims(flow, kind)
        assert token["exp"] - token["iat"] == lifetime
        assert token["iat"] == flow.moment()
    flow.wait(access - 1)
    assert flow.get_user()
    flow.wait(1)
    with rejects(flow, *ACCESS_EXPIRED):
        flow.get_user()


def test_the_access_token_names_its_user_and_scope(no_mfa):
    """Section 6: no audience, no address."""
    sub = no_mfa.signed_in().attributes()["sub"]
    token = claims(no_mfa, "AccessToken")
    assert {
        name: token[name]
        for name in (
            "sub",
            "iss",
            "client_id",
            "token_use",
            "scope",
            "auth_time",
            "iat",
            "exp",
            "username",
        )
    } == {
        "sub": sub,
        "iss": no_mfa.issuer,
        "client_id": no_mfa.client_id,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "auth_time": token["iat"],
        "iat": no_mfa.moment(),
        "exp": token["iat"] + HOUR,
        "username": "alice",
    }
    assert set(token) - {
        "sub",
        "iss",
        "client_id",
        "token_use",
        "scope",
        "auth_time",
        "iat",
        "exp",
        "username",
    } == {"origin_jti", "event_id", "jti"}


def test_the_id_token_names_its_user_and_client(no_mfa):
    """Section 6, 10.7: email_verified is a boolean, and there is no status."""
    sub = no_mfa.signed_in().attributes()["sub"]
    token = claims(no_mfa, "IdToken")
    expected = {
        "sub": sub,
        "aud": no_mfa.client_id,
        "iss": no_mfa.issuer,
        "cognito:username": "alice",
        "token_use": "id",
        "auth_time": token["iat"],
        "iat": no_mfa.moment(),
        "exp": token["iat"] + HOUR,
        "email": EMAIL,
        "email_verified": True,
    }
    assert {name: token[name] for name in expected} == expected
    assert set(token) - set(expected) == {"origin_jti", "event_id", "jti"}


def test_an_unverified_address_is_false_in_the_id_token(no_mfa):
    """12.5: a boolean."""
    no_mfa.confirmed()
    no_mfa.aws.admin_update_user_attributes(
        UserPoolId=no_mfa.pool_id,
        Username="alice",
        UserAttributes=[{"Name": "email_verified", "Value": "false"}],
    )
    no_mfa.sign_in()
    assert claims(no_mfa, "IdToken")["email_verified"] is False


def test_the_id_token_holds_only_what_the_client_may_read(make_flow):
    """Section 6: readable attributes."""
    flow = make_flow("no MFA", client={"ReadAttributes": ["email"]}).signed_in()
    token = claims(flow, "IdToken")
    assert token["email"] == EMAIL
    assert "email_verified" not in token


def test_both_tokens_of_a_sign_in_share_its_id_and_each_has_its_own(no_mfa):
    """Section 6: they are UUIDs."""
    no_mfa.signed_in()
    first = claims(no_mfa, "AccessToken"), claims(no_mfa, "IdToken")
    assert first[0]["origin_jti"] == first[1]["origin_jti"]
    no_mfa.sign_in()
    second = claims(no_mfa, "AccessToken"), claims(no_mfa, "IdToken")
    assert second[0]["origin_jti"] != first[0]["origin_jti"]
    jtis = [token["jti"] for token in first + second]
    assert len(set(jtis)) == 4
    assert [str(uuid.UUID(jti)) for jti in jtis] == jtis


def test_only_the_access_token_names_the_device(make_flow):
    """Section 6: if devices are tracked."""
    flow = make_flow("no MFA, tracked").signed_in()
    assert claims(flow, "AccessToken")["device_key"] == flow.offer["DeviceKey"]
    assert "device_key" not in claims(flow, "IdToken")


def test_refresh_tokens_look_like_cognitos(no_mfa):
    """Section 6"""
    token = no_mfa.signed_in().tokens["RefreshToken"]
    assert token.startswith("eyJjdHki")
    assert len(token.split(".")) == 5


def test_id_and_access_tokens_have_different_keys(no_mfa):
    """Section 6"""
    no_mfa.signed_in()
    kids = {
        kind: jwt.get_unverified_header(no_mfa.tokens[kind])["kid"]
        for kind in ("IdToken", "AccessToken")
    }
    assert kids["IdToken"] != kids["AccessToken"]
    published = no_mfa.emulator.jwks(no_mfa.pool_id)["keys"]
    assert {key["kid"] for key in published} == set(kids.values())
    for key in published:
        assert {name: key[name] for name in ("kty", "alg", "use", "e")} == {
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "e": "AQAB",
        }
        assert not {"d", "p", "q"} & set(key), "a private key was published"


def test_a_published_key_and_a_header_have_only_these_members(no_mfa):
    """12.5."""
    for key in no_mfa.emulator.jwks(no_mfa.pool_id)["keys"]:
        assert sorted(key) == ["alg", "e", "kid", "kty", "n", "use"]
        assert (key["alg"], key["kty"], key["use"]) == ("RS256", "RSA", "sig")
    no_mfa.signed_in()
    for token in ("AccessToken", "IdToken"):
        header = jwt.get_unverified_header(no_mfa.tokens[token])
        assert set(header) == {"kid", "alg"}


def test_real_keys_are_new_and_long_enough(frozen):
    """Section 6. The other tests use two ready-made keys, since these take longer to generate than
    a test.
    """
    emulator = LocalCognito()
    pool_id = post(emulator, "CreateUserPool", PoolName="x")[1]["UserPool"]["Id"]
    numbers = [jwt.PyJWK(key).key.public_numbers() for key in emulator.jwks(pool_id)["keys"]]
    assert [(number.n.bit_length(), number.e) for number in numbers] == [(2048, 65537)] * 2
    assert numbers[0].n != numbers[1].n
    emulator.close()


def test_a_pool_that_does_not_exist_has_no_keys(emulator):
    """1.7 for the words"""
    with pytest.raises(
        ResourceNotFoundException, match="User pool us-east-1_nosuchone does not exist."
    ):
        emulator.jwks("us-east-1_nosuchone")


def test_keys_stay_the_same(no_mfa):
    """Section 6"""
    published = no_mfa.emulator.jwks(no_mfa.pool_id)
    no_mfa.signed_in()
    assert no_mfa.emulator.jwks(no_mfa.pool_id) == published


def test_times_are_whole_seconds_in_tokens_and_fractions_in_answers(no_mfa):
    """Section 0"""
    no_mfa.wait(0.5)
    no_mfa.signed_in()
    token = claims(no_mfa, "AccessToken")
    assert [token[name] for name in ("auth_time", "iat", "exp")] == [NOW, NOW, NOW + HOUR]
    created = no_mfa.look()["UserCreateDate"]
    assert isinstance(created, datetime)
    assert created.timestamp() == NOW + 0.5
