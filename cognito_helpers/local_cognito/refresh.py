"""Refresh tokens: exchanging one for new tokens, replacing it each time, and revoking it.
BEHAVIOR.md, 1.7, 10.6 and 8a.
"""

from __future__ import annotations

import sqlite3

from . import tokens
from .clients import Client, client_and_pool
from .crypto import random_values
from .errors import (
    NotAuthorizedException,
    RefreshTokenReuseException,
    ResourceNotFoundException,
    UnauthorizedException,
    UnsupportedOperationException,
    UnsupportedTokenTypeException,
)
from .pools import Pool
from .storage.store import Transaction
from .triggers import token_claims
from .triggers.invoke import Occasion
from .types import Request, Response
from .users import User, user_by
from .validation import required

INVALID = "Invalid Refresh Token"


def refresh_token_auth(
    tx: Transaction, pool: Pool, client: Client, parameters: dict[str, str]
) -> Response:
    """The response to REFRESH_TOKEN_AUTH: new access and ID tokens of the same sign-in, and no new
    refresh token.
    """
    sign_in, user = _sign_in_of(tx, client, required(parameters, "REFRESH_TOKEN"))
    client.check_secret_hash(user.username, parameters.get("SECRET_HASH"))
    try:
        _check(tx, client, sign_in, user, parameters.get("DEVICE_KEY"))
    except RefreshTokenReuseException:
        # InitiateAuth has no such error in the model.
        raise NotAuthorizedException(INVALID) from None
    return {
        "ChallengeParameters": {},
        "AuthenticationResult": _refreshed(tx, pool, client, sign_in, user, None),
    }


def get_tokens_from_refresh_token(tx: Transaction, request: Request) -> Response:
    """GetTokensFromRefreshToken: an AuthenticationResult, with a RefreshToken if the client rotates
    them.

    The old one is then valid only for the client's grace period, and the new one for the rest of
    the old one's life. Source: the API reference, and the developer guide's page on refresh tokens.
    """
    client, pool = client_and_pool(tx, request)
    if not client.knows_secret(request.get("ClientSecret")):
        raise NotAuthorizedException(f"Unable to verify secret for client {client.id}")
    sign_in, user = _sign_in_of(tx, client, request["RefreshToken"])
    _check(tx, client, sign_in, user, request.get("DeviceKey"))

    result = _refreshed(tx, pool, client, sign_in, user, request.get("ClientMetadata"))
    if client.rotates_refresh_tokens:
        # A retry within the grace period doesn't lengthen it.
        tx.run(
            "UPDATE refresh_tokens SET replaced = coalesce(replaced, ?) WHERE digest = ?",
            tx.now,
            sign_in["digest"],
        )
        result["RefreshToken"] = tokens.new_refresh_token(
            tx, sign_in["origin_jti"], sign_in["expires"]
        )
    return {"AuthenticationResult": result}


def _sign_in_of(tx: Transaction, client: Client, token: str) -> tuple[sqlite3.Row, User]:
    """The refresh token's row with that of its sign-in, and the user; rejects anything but a
    refresh token of this client.
    """
    row = tx.one(
        "SELECT * FROM refresh_tokens JOIN sign_ins USING (origin_jti) WHERE digest = ? AND"
        " client_id = ?",
        random_values.digest(token),
        client.id,
    )
    user = user_by(tx, "id", row["user_id"]) if row else None
    if row is None or user is None:
        raise NotAuthorizedException(INVALID)
    return row, user


def _check(
    tx: Transaction, client: Client, sign_in: sqlite3.Row, user: User, device_key: str | None
) -> None:
    """Reject a refresh token that is no longer valid, or that comes without its device."""
    # Before the other check: disabling a user revokes the tokens.
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if sign_in["revoked"]:
        raise NotAuthorizedException("Refresh Token has been revoked")
    if tx.now >= sign_in["expires"]:
        raise NotAuthorizedException("Refresh Token has expired")
    if sign_in["replaced"] is not None and tx.now >= sign_in["replaced"] + client.grace_seconds:
        raise RefreshTokenReuseException
    if sign_in["device_key"] is not None and not (
        device_key == sign_in["device_key"] and _is_confirmed(tx, sign_in["device_key"])
    ):
        raise NotAuthorizedException(INVALID)


def _is_confirmed(tx: Transaction, device_key: str) -> bool:
    """False also for a device that has been forgotten."""
    return (
        tx.one("SELECT 1 FROM devices WHERE key = ? AND verifier IS NOT NULL", device_key)
        is not None
    )


def _refreshed(
    tx: Transaction,
    pool: Pool,
    client: Client,
    sign_in: sqlite3.Row,
    user: User,
    metadata: dict[str, str] | None,
) -> Response:
    changes = token_claims.changes(tx, pool, user, Occasion("RefreshTokens", client.id, metadata))
    return tokens.issue(
        tx,
        pool,
        client,
        user,
        sign_in["origin_jti"],
        sign_in["auth_time"],
        sign_in["device_key"],
        changes,
    )


def revoke_token(tx: Transaction, request: Request) -> Response:
    """RevokeToken: `{}`; the refresh token's sign-in is over, with all its refresh and access
    tokens.

    By the API reference an unknown token gets the same response as a revoked one, and only refresh
    tokens can be revoked.
    """
    try:
        client, _ = client_and_pool(tx, request)
    except ResourceNotFoundException as unknown:
        raise UnauthorizedException(str(unknown)) from None
    if not client.settings["EnableTokenRevocation"]:
        raise UnsupportedOperationException("Token revocation is not enabled for this client.")
    if not client.knows_secret(request.get("ClientSecret")):
        raise UnauthorizedException(f"Unable to verify secret for client {client.id}")
    if request["Token"].count(".") == 2:
        raise UnsupportedTokenTypeException("Unsupported token type")
    tx.run(
        "UPDATE sign_ins SET revoked = 1 WHERE client_id = ? AND origin_jti IN (SELECT origin_jti"
        " FROM refresh_tokens WHERE digest = ?)",
        client.id,
        random_values.digest(request["Token"]),
    )
    return {}
