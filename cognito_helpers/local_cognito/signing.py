"""The keys of a pool, and what is signed and verified with them. BEHAVIOR.md, section 6.

Import this module only when it's needed: its packages take longer to load than all of the emulator.
"""

from __future__ import annotations

import base64
import secrets
from functools import lru_cache
from typing import Any

import jwt

from .crypto.rs256 import RS256, load_key, new_key, public_half
from .endpoint import Endpoint
from .errors import NotAuthorizedException
from .pools import find_pool, region_of
from .storage.store import Store, Transaction
from .types import Claims, Response


def _signing_key(tx: Transaction, pool_id: str, token_use: str) -> tuple[str, Any]:
    """The key ID and the key that sign the pool's tokens for that use; generated when first
    needed.
    """
    row = tx.one(
        "SELECT kid, private_key FROM signing_keys WHERE pool_id = ? AND token_use = ?",
        pool_id,
        token_use,
    )
    if row is not None:
        return row["kid"], _loaded(row["private_key"])
    # The pool's other key is created in the same moment: one message is enough for both.
    known = tx.one("SELECT 1 FROM signing_keys WHERE pool_id = ?", pool_id)
    pem = new_key("" if known else "the keys that sign this pool's tokens")
    kid = base64.b64encode(secrets.token_bytes(32)).decode()
    tx.run("INSERT INTO signing_keys VALUES (?, ?, ?, ?)", kid, pool_id, token_use, pem)
    return kid, _loaded(pem)


_loaded = lru_cache(maxsize=64)(load_key)


def jwks(store: Store, pool_id: str) -> Response:
    """The public keys of a pool, as served at `/POOL_ID/.well-known/jwks.json`;
    `ResourceNotFoundException` if there is no such pool.
    """

    def both(tx: Transaction) -> list[tuple[str, Any]]:
        find_pool(tx, pool_id)
        return [_signing_key(tx, pool_id, token_use) for token_use in ("id", "access")]

    return {
        "keys": [
            {
                "alg": "RS256",
                **{name: value for name, value in _public(key).items() if name in ("e", "n")},
                "kid": kid,
                "kty": "RSA",
                "use": "sig",
            }
            for kid, key in store.transact(both, Endpoint(region=None))
        ]
    }


def _public(key: Any) -> dict[str, Any]:
    return RS256.to_jwk(public_half(key), as_dict=True)


def openid_configuration(store: Store, pool_id: str, url: str) -> Response:
    """What is served at `/POOL_ID/.well-known/openid-configuration` below `url`;
    `ResourceNotFoundException` if there is no such pool. BEHAVIOR.md, 12.5.

    The addresses of sign-in pages, which AWS's has too, are left out: the emulator has none.
    """
    store.transact(lambda tx: find_pool(tx, pool_id), Endpoint(region=None))
    return {
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": f"{url}/{pool_id}",
        "jwks_uri": f"{url}/{pool_id}/.well-known/jwks.json",
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }


def sign(tx: Transaction, pool_id: str, claims: Claims) -> str:
    """A token of the pool with those claims, signed by the key for their `token_use`."""
    kid, key = _signing_key(tx, pool_id, claims["token_use"])
    return jwt.encode(claims, key, "RS256", headers={"kid": kid, "typ": None})


def verified(tx: Transaction, access_token: str) -> Claims:
    """The claims of an access token; rejects one that is garbled or forged. Its time isn't
    checked.
    """
    try:
        kid = jwt.get_unverified_header(access_token).get("kid", "")
    except jwt.InvalidTokenError:
        raise NotAuthorizedException("Invalid Access Token") from None
    if not kid.isascii():
        raise NotAuthorizedException("Invalid Access Token")
    row = tx.one("SELECT private_key, pool_id, token_use FROM signing_keys WHERE kid = ?", kid)
    try:
        # A pool's keys are known only in its own Region.
        if row is None or tx.endpoint.region not in (None, region_of(row["pool_id"])):
            raise jwt.InvalidSignatureError
        public_key = public_half(_loaded(row["private_key"]))
        claims: Claims = jwt.decode(
            access_token,
            public_key,
            ["RS256"],
            options={"verify_exp": False, "verify_iat": False, "verify_aud": False},
        )
    except jwt.InvalidTokenError:
        raise NotAuthorizedException("Could not verify signature for Access Token") from None
    if row["token_use"] != "access":
        # An ID token of the pool (BEHAVIOR.md, 12.5).
        raise NotAuthorizedException("Invalid Access Token")
    return claims
