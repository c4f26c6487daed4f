"""Tokens: the keys that sign and verify them, what is in them, and who an access token belongs to. Behaviour page, section 6."""

from __future__ import annotations

import base64
import secrets
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from . import identifiers
from .clients import Client
from .errors import NotAuthorizedException, UserNotFoundException
from .pools import Pool, find_pool, region_of
from .store import Door, Store, Transaction
from .users import User, attributes_of, user_by

SCOPE = "aws.cognito.signin.user.admin"


# Keys


def _signing_key(tx: Transaction, pool_id: str, token_use: str) -> tuple[str, RSAPrivateKey]:
    """The key's id and the key that sign the pool's tokens of that use; made when first needed."""
    row = tx.one("SELECT kid, private_key FROM signing_keys WHERE pool_id = ? AND token_use = ?", pool_id, token_use)
    if row is not None:
        return row["kid"], _loaded(row["private_key"])
    key = generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    kid = base64.b64encode(secrets.token_bytes(32)).decode()
    tx.run("INSERT INTO signing_keys VALUES (?, ?, ?, ?)", kid, pool_id, token_use, pem)
    return kid, key


@lru_cache(maxsize=64)
def _loaded(pem: bytes) -> RSAPrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


def jwks(store: Store, pool_id: str) -> dict[str, Any]:
    """The public keys of a pool, as served at `/POOL_ID/.well-known/jwks.json`; `ResourceNotFoundException` where there is no such pool."""
    with store.transaction(Door(region=None)) as tx:
        find_pool(tx, pool_id)
        pairs = [_signing_key(tx, pool_id, token_use) for token_use in ("id", "access")]
    return {"keys": [{**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "alg": "RS256", "use": "sig"} for kid, key in pairs]}


# Signing in


def start(tx: Transaction, pool: Pool, client: Client, user: User, device_key: str | None) -> dict[str, Any]:
    """Record a completed sign-in and issue its three tokens: an AuthenticationResult, without NewDeviceMetadata."""
    origin_jti = identifiers.new_uuid()
    tx.run(
        "INSERT INTO sign_ins (origin_jti, client_id, user_id, auth_time, device_key) VALUES (?, ?, ?, ?, ?)",
        *(origin_jti, client.id, user.id, tx.now, device_key),
    )
    refresh_token = new_refresh_token(tx, origin_jti, tx.now + client.validity("RefreshToken"))
    return {**issue(tx, pool, client, user, origin_jti, tx.now, device_key), "RefreshToken": refresh_token}


def new_refresh_token(tx: Transaction, origin_jti: str, expires: float) -> str:
    """A refresh token of the sign-in `origin_jti`, good until `expires`, in the form in which it travels."""
    token = identifiers.refresh_token()
    tx.run("INSERT INTO refresh_tokens (digest, origin_jti, expires) VALUES (?, ?, ?)", identifiers.digest(token), origin_jti, expires)
    return token


def issue(tx: Transaction, pool: Pool, client: Client, user: User, origin_jti: str, auth_time: float, device_key: str | None) -> dict[str, Any]:
    """New access and ID tokens of the sign-in `origin_jti`: an AuthenticationResult, without RefreshToken."""
    shared = {
        "sub": user.sub,
        "iss": f"{tx.door.url}/{pool.id}",
        "origin_jti": origin_jti,
        "event_id": identifiers.new_uuid(),
        "auth_time": int(auth_time),
        "iat": int(tx.now),
    }
    access = shared | {"client_id": client.id, "token_use": "access", "scope": SCOPE, "username": user.username}
    if device_key is not None:
        access["device_key"] = device_key
    readable = client.settings.get("ReadAttributes")
    attributes = {name: _claim(pool, name, value) for name, value in attributes_of(tx, user).items() if not readable or name in readable}
    identity = attributes | shared | {"aud": client.id, "token_use": "id", "cognito:username": user.username}
    return {
        "AccessToken": _sign(tx, pool.id, access, client.validity("AccessToken")),
        "ExpiresIn": client.validity("AccessToken"),
        "TokenType": "Bearer",
        "IdToken": _sign(tx, pool.id, identity, client.validity("IdToken")),
    }


def _claim(pool: Pool, name: str, value: str) -> str | bool:
    return value == "true" if pool.schema[name]["AttributeDataType"] == "Boolean" else value


def _sign(tx: Transaction, pool_id: str, claims: dict[str, Any], lifetime: int) -> str:
    kid, key = _signing_key(tx, pool_id, claims["token_use"])
    return jwt.encode(claims | {"exp": claims["iat"] + lifetime, "jti": identifiers.new_uuid()}, key, "RS256", headers={"kid": kid})


# Using a token


def client_id_of(access_token: str) -> str:
    """The id of the app client that `access_token` was issued to. It is not verified here: ask `bearer` first."""
    return str(jwt.decode(access_token, options={"verify_signature": False})["client_id"])


def bearer(tx: Transaction, access_token: str) -> User:
    """The user that an access token belongs to; refuses one that is garbled, forged, expired or revoked. Behaviour page, 8a."""
    try:
        kid = jwt.get_unverified_header(access_token).get("kid", "")
    except jwt.InvalidTokenError:
        raise NotAuthorizedException("Invalid Access Token") from None
    if not kid.isascii():
        raise NotAuthorizedException("Invalid Access Token")
    row = tx.one("SELECT private_key, pool_id FROM signing_keys WHERE kid = ? AND token_use = 'access'", kid)
    try:
        # A pool's keys are known in its own region alone.
        if row is None or tx.door.region not in (None, region_of(row["pool_id"])):
            raise jwt.InvalidSignatureError
        # The times are checked below, by the service's own clock.
        public_key = _loaded(row["private_key"]).public_key()
        claims = jwt.decode(access_token, public_key, ["RS256"], options={"verify_exp": False, "verify_iat": False, "verify_aud": False})
    except jwt.InvalidTokenError:
        raise NotAuthorizedException("Could not verify signature for Access Token") from None
    if tx.now >= claims["exp"]:
        raise NotAuthorizedException("Access Token has expired")
    sign_in = tx.one("SELECT revoked FROM sign_ins WHERE origin_jti = ?", claims["origin_jti"])
    user = user_by(tx, "sub", claims["sub"])
    if user is None:
        raise UserNotFoundException
    # Before the other: disabling a user revokes the tokens.
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if sign_in is None or sign_in["revoked"]:
        raise NotAuthorizedException("Access Token has been revoked")
    return user
