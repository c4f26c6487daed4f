"""Read tokens, and verify them with the pool's public keys.

PyJWT is imported inside the functions: with its dependencies it takes longer to load than the rest
of the helpers.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple


def claims_of(token: str) -> dict[str, Any]:
    """Read a token's claims without verifying it: anyone could have written them.

    Raises `jwt.DecodeError` for text that isn't a token.
    """
    import jwt

    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def header_of(token: str) -> dict[str, Any]:
    """Read the token's header: `alg` is the signing algorithm, `kid` the ID of the key."""
    import jwt

    return jwt.get_unverified_header(token)


def with_claims(token: str, **claims: Any) -> str:
    """Change claims of a token and keep the old signature, as an attacker would:
    `with_claims(token, username="ben")`.
    """
    changed = claims_of(token) | claims
    if changed == claims_of(token):
        return token
    header, _, signature = token.split(".")
    written = (
        base64.urlsafe_b64encode(json.dumps(changed, separators=(",", ":")).encode())
        .rstrip(b"=")
        .decode()
    )
    return f"{header}.{written}.{signature}"


# What an application checks before it trusts a token, in this order, and what a failed check means.
QUESTIONS = {
    "Is its key one of the pool's?": "The pool has no such key.",
    "Is the signature valid?": (
        "The signature isn't for this content: the content was changed, or another key signed it."
    ),
    "Did this pool issue it?": "Another pool issued it.",
    "Is it for this app client?": "It's for another app client.",
    "Is it before its expiration time?": "It has expired.",
    "Is it the expected kind of token?": "It's the other kind.",
}


class Check(NamedTuple):
    """One check of a token, and its result. `passed` is None if an earlier check failed, so that
    this one wasn't made.
    """

    question: str
    passed: bool | None
    answer: str


@dataclass
class Verified:
    """A valid token: its claims, and the checks it passed, in order."""

    claims: dict[str, Any] = field(repr=False)
    checks: list[str]

    def __repr__(self) -> str:
        return "\n".join(f"{number}. {check}" for number, check in enumerate(self.checks, start=1))


def verify(
    token: str, keys: dict[str, Any], *, use: str, issuer: str, client_id: str, now: float
) -> Verified:
    """Check a token of Cognito's as an application must before it trusts it.

    `keys` is the pool's JWKS (`{"keys": [...]}`), `use` the kind of token that you expect, `access`
    or `id`, `issuer` the pool's address, `client_id` your app client, `now` seconds since 1970.
    Raises `jwt.InvalidTokenError`, always: one of its kinds for a wrong signature, issuer, client
    or time, and itself for anything else, such as a missing claim or a key set that isn't one.
    Source: the developer guide's page on verifying JSON web tokens.
    """
    with _invalid_otherwise():
        passed = list(_checks(token, keys, use=use, issuer=issuer, client_id=client_id, now=now))
    return Verified(claims_of(token), passed)


def step_by_step(
    token: str, keys: dict[str, Any], *, use: str, issuer: str, client_id: str, now: float
) -> list[Check]:
    """Make the checks of `verify`; returns each with its result, up to the first that fails."""
    import jwt

    checks: list[Check] = []
    questions = iter(QUESTIONS.items())
    asked = _checks(token, keys, use=use, issuer=issuer, client_id=client_id, now=now)
    try:
        with _invalid_otherwise():
            for answer in asked:
                checks.append(Check(next(questions)[0], True, answer))
    except jwt.InvalidTokenError:
        checks.append(Check(*_failed(next(questions))))
    return checks + [Check(question, None, "Not checked.") for question, _ in questions]


@contextmanager
def _invalid_otherwise() -> Iterator[None]:
    """Raise `jwt.InvalidTokenError` for anything unexpected in a token or a key set, so that an
    application has one exception to catch.
    """
    import jwt

    try:
        yield
    except jwt.InvalidTokenError:
        raise
    except (jwt.PyJWTError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise jwt.InvalidTokenError("The token or the key set isn't written as expected.") from None


def _failed(question: tuple[str, str]) -> tuple[str, bool, str]:
    return question[0], False, question[1]


def _checks(
    token: str, keys: dict[str, Any], *, use: str, issuer: str, client_id: str, now: float
) -> Iterator[str]:
    """Yield the answers to `QUESTIONS` in order; raises at the first check that fails."""
    import jwt

    from ..local_cognito.crypto.rs256 import RS256

    kid = header_of(token).get("kid")
    key = next((key for key in keys["keys"] if kid is not None and key.get("kid") == kid), None)
    if key is None:
        raise jwt.InvalidTokenError("No key of this pool has the ID in the token.")
    yield "The pool has the key with the ID in the token."
    # PyJWT reads the computer's clock, and the emulator's may be ahead: times are checked below,
    # with the clock given.
    claims: dict[str, Any] = jwt.decode(
        token,
        RS256.from_jwk(key),
        ["RS256"],
        options={"verify_exp": False, "verify_iat": False, "verify_aud": False},
    )
    yield "The signature is valid: nothing has changed since Cognito signed it."
    if claims.get("iss") != issuer:
        raise jwt.InvalidIssuerError("The token was issued by another pool.")
    yield "This pool issued it."
    # The ID token names the client as its audience, the access token as client_id.
    if client_id not in (claims.get("aud"), claims.get("client_id")):
        raise jwt.InvalidAudienceError("The token is for another app client.")
    yield "It's for this app client."
    expires = claims.get("exp")
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        raise jwt.InvalidTokenError("The token doesn't say when it expires.")
    # Every comparison with NaN is false, so this one must be true to pass.
    if not now < expires:
        raise jwt.ExpiredSignatureError("The token has expired.")
    yield f"It's valid for {(expires - now) / 60:.0f} more minutes."
    if claims.get("token_use") != use:
        raise jwt.InvalidTokenError("The token is the other kind.")
    yield f"It's an {use.replace('id', 'ID')} token, as expected."
