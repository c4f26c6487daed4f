"""`verify_token` of the file to take home: it accepts the pool's own tokens, and nothing else."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from cognito_helpers.actions import verify_token
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.transports import http
from cognito_helpers.sign_in.tokens import claims_of, header_of, with_claims

PASSWORD = "Correct-Horse-7"


class Pool:
    """A pool without MFA, and the tokens of a sign-in."""

    def __init__(self, emulator):
        self.cognito = emulator.client()
        pool_id = self.cognito.create_user_pool(PoolName="app")["UserPool"]["Id"]
        client = self.cognito.create_user_pool_client(
            UserPoolId=pool_id, ClientName="app", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )["UserPoolClient"]
        self.client_id = client["ClientId"]
        self.cognito.sign_up(ClientId=self.client_id, Username="ana", Password=PASSWORD)
        self.cognito.admin_confirm_sign_up(UserPoolId=pool_id, Username="ana")
        signed_in = self.cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD},
        )
        self.tokens = signed_in["AuthenticationResult"]
        self.access, self.id = self.tokens["AccessToken"], self.tokens["IdToken"]
        self.issuer = claims_of(self.access)["iss"]
        self.keys = emulator.jwks(pool_id)
        self.path = f"{pool_id}/.well-known/jwks.json"

    def verify(self, token, **changed):
        expected = {"use": "access", "issuer": self.issuer, "client_id": self.client_id}
        given = expected | changed
        return verify_token(token, given.pop("keys", self.keys), **given)


@pytest.fixture(scope="module")
def emulator():
    return LocalCognito()


@pytest.fixture(scope="module")
def pool(emulator):
    return Pool(emulator)


def later(monkeypatch, **time):
    """Set PyJWT's clock ahead."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(**time)

    monkeypatch.setattr(jwt.api_jwt, "datetime", Clock)


@pytest.mark.parametrize("use", ["access", "id"])
def test_a_valid_token_gives_its_claims(pool, use):
    token = getattr(pool, use)
    assert pool.verify(token, use=use) == claims_of(token)


@pytest.mark.parametrize(
    ("token", "changed", "error"),
    [
        ("id", {}, jwt.InvalidTokenError),
        ("access", {"use": "id"}, jwt.InvalidTokenError),
        ("access", {"client_id": "another"}, jwt.InvalidAudienceError),
        ("id", {"use": "id", "client_id": "another"}, jwt.InvalidAudienceError),
        ("access", {"issuer": "https://another.example"}, jwt.InvalidIssuerError),
        ("access", {"keys": {"keys": []}}, jwt.InvalidTokenError),
    ],
)
def test_a_token_for_something_else_is_rejected(pool, token, changed, error):
    with pytest.raises(error):
        pool.verify(getattr(pool, token), **changed)


def test_a_changed_claim_is_found(pool):
    with pytest.raises(jwt.InvalidSignatureError):
        pool.verify(with_claims(pool.access, username="ben"))


def test_a_token_expires_and_leeway_is_for_clocks_that_differ(pool, monkeypatch):
    later(monkeypatch, minutes=61)
    with pytest.raises(jwt.ExpiredSignatureError):
        pool.verify(pool.access)
    assert pool.verify(pool.access, leeway=120)["username"] == "ana"


def part(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def forged(token, key, alg, sign):
    """The same claims under another algorithm."""
    header = part(json.dumps({"alg": alg, "kid": key["kid"]}).encode())
    written = f"{header}.{token.split('.')[1]}"
    return f"{written}.{part(sign(written.encode()))}"


def unsigned(token, key):
    return forged(token, key, "none", lambda _: b"")


def signed_with_the_public_key(token, key):
    """The attack on verifiers that trust the header: HS256, with the public key anyone can
    download.
    """
    public = jwt.PyJWK(key).key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return forged(token, key, "HS256", lambda text: hmac.digest(public, text, "sha256"))


@pytest.mark.parametrize("forge", [unsigned, signed_with_the_public_key], ids=["none", "HS256"])
def test_the_algorithm_is_pinned(pool, forge):
    key = next(k for k in pool.keys["keys"] if k["kid"] == header_of(pool.access)["kid"])
    with pytest.raises(jwt.InvalidAlgorithmError):
        pool.verify(forge(pool.access, key))


@pytest.mark.parametrize("token", ["", "no token", "a.b.c", None, 7])
def test_a_string_that_is_not_a_token_is_an_invalid_token(pool, token):
    with pytest.raises(jwt.InvalidTokenError):
        pool.verify(token)


def test_a_token_of_another_pool_is_rejected(pool):
    other = Pool(LocalCognito())
    with pytest.raises(jwt.InvalidTokenError, match="no key"):
        pool.verify(other.access, issuer=other.issuer, client_id=other.client_id)


def test_the_keys_may_come_from_their_address(emulator, pool):
    with http.opened(emulator.service) as url:
        keys = jwt.PyJWKClient(f"{url}/{pool.path}")
        assert pool.verify(pool.access, keys=keys)["username"] == "ana"
        with pytest.raises(jwt.InvalidTokenError, match="no key"):
            other = Pool(LocalCognito())
            pool.verify(other.access, keys=keys)


def test_keys_that_cannot_be_downloaded_are_not_called_an_invalid_token(pool):
    keys = jwt.PyJWKClient("http://127.0.0.1:9/jwks.json", timeout=1)
    with pytest.raises(jwt.PyJWKClientConnectionError):
        pool.verify(pool.access, keys=keys)


def test_a_revoked_token_verifies_until_it_expires(pool):
    """Only Cognito knows it's revoked."""
    again = pool.cognito.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    pool.cognito.global_sign_out(AccessToken=again["AccessToken"])
    with pytest.raises(pool.cognito.exceptions.NotAuthorizedException):
        pool.cognito.get_user(AccessToken=again["AccessToken"])
    assert pool.verify(again["AccessToken"])["exp"] > datetime.now(UTC).timestamp()
