"""Tokens: reading them, and checking that they are genuine, against the pool's public keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import jwt


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, believed or not: anybody can read it, and anybody could have written it.

    Raises `jwt.DecodeError` for a text that is no token.
    """
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def header_of(token: str) -> dict[str, Any]:
    """The token's header: `alg`, how it was signed, and `kid`, by which key."""
    return jwt.get_unverified_header(token)


@dataclass
class Verified:
    """A genuine token: its claims, and the checks that it passed, in words and in order."""

    claims: dict[str, Any] = field(repr=False)
    checks: list[str]

    def __repr__(self) -> str:
        return "\n".join(f"{number}. {check}" for number, check in enumerate(self.checks, start=1))


def verify(token: str, keys: dict[str, Any], *, use: str, issuer: str, client_id: str, now: float) -> Verified:
    """Check a token of Cognito's as an application must before it believes a word of it.

    `keys` is the pool's JWKS (`{"keys": [...]}`), `use` the kind of token that you expect, `access` or `id`, `issuer` the pool's address, `client_id` your
    app client, `now` seconds since 1970. Raises `jwt.InvalidTokenError` where the pool has no such key or the token is of the other kind, else one of its
    kinds: `InvalidSignatureError`, `InvalidIssuerError`, `InvalidAudienceError`, `ExpiredSignatureError`, `DecodeError`. Source: the developer guide's page on
    verifying JSON web tokens.
    """
    kid = header_of(token).get("kid")
    key = next((key for key in keys["keys"] if key["kid"] == kid), None)
    if key is None:
        raise jwt.InvalidTokenError("No key of this pool has the id that the token names.")
    checks = ["The key that the token names is one of the pool's."]
    # PyJWT reads the machine's clock, and the stand-in's may be ahead of it: the times are checked here, by the clock given.
    claims: dict[str, Any] = jwt.decode(
        token, jwt.PyJWK(key), ["RS256"], options={"verify_exp": False, "verify_iat": False, "verify_aud": False}
    )
    checks.append("The signature is right: nothing was changed since Cognito signed it.")
    if claims["iss"] != issuer:
        raise jwt.InvalidIssuerError("The token was issued by another pool.")
    checks.append("It was issued by this pool.")
    # The ID token names the client as its audience, the access token as client_id.
    if client_id not in (claims.get("aud"), claims.get("client_id")):
        raise jwt.InvalidAudienceError("The token is for another app client.")
    checks.append("It is for this app client.")
    if now >= claims["exp"]:
        raise jwt.ExpiredSignatureError("The token has expired.")
    checks.append(f"It is good for {(claims['exp'] - now) / 60:.0f} more minutes.")
    if claims["token_use"] != use:
        raise jwt.InvalidTokenError("The token is of the other kind.")
    checks.append(f"It is an {use.replace('id', 'ID')} token, as expected.")
    return Verified(claims, checks)
