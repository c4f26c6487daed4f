"""Tokens: their content, and the user of an access token. BEHAVIOR.md, section 6."""

from __future__ import annotations

from . import group_members
from .clients import Client, find_client
from .crypto import random_values
from .errors import NotAuthorizedException, UserNotFoundException
from .pools import Pool
from .storage.store import Transaction
from .triggers.token_claims import Changes
from .types import Claims, Response
from .users import User, attributes_of, user_by

SCOPE = "aws.cognito.signin.user.admin"


# Signing in


def start(
    tx: Transaction,
    pool: Pool,
    client: Client,
    user: User,
    device_key: str | None,
    changes: Changes,
) -> Response:
    """Record a completed sign-in and issue its three tokens: an AuthenticationResult, without
    NewDeviceMetadata. `changes` is what PreTokenGeneration said.
    """
    origin_jti = random_values.new_uuid()
    tx.run(
        "INSERT INTO sign_ins (origin_jti, client_id, user_id, auth_time, device_key) VALUES (?, ?,"
        " ?, ?, ?)",
        *(origin_jti, client.id, user.id, tx.now, device_key),
    )
    refresh_token = new_refresh_token(tx, origin_jti, tx.now + client.validity("RefreshToken"))
    return {
        **issue(tx, pool, client, user, origin_jti, tx.now, device_key, changes),
        "RefreshToken": refresh_token,
    }


def new_refresh_token(tx: Transaction, origin_jti: str, expires: float) -> str:
    """A refresh token of the sign-in `origin_jti`, valid until `expires`, as it's sent."""
    token = random_values.refresh_token()
    tx.run(
        "INSERT INTO refresh_tokens (digest, origin_jti, expires) VALUES (?, ?, ?)",
        random_values.digest(token),
        origin_jti,
        expires,
    )
    return token


def issue(
    tx: Transaction,
    pool: Pool,
    client: Client,
    user: User,
    origin_jti: str,
    auth_time: float,
    device_key: str | None,
    changes: Changes,
) -> Response:
    """New access and ID tokens of the sign-in `origin_jti`: an AuthenticationResult, without
    RefreshToken.
    """
    from . import signing

    def signed(claims: Claims, kind: str) -> str:
        return signing.sign(
            tx,
            pool.id,
            claims | {"exp": int(tx.now) + client.validity(kind), "jti": random_values.new_uuid()},
        )

    of_groups, of_roles = changes.of_groups(*group_members.claims(tx, user))
    shared = of_groups | {
        "sub": user.sub,
        "iss": f"{tx.endpoint.url}/{pool.id}",
        "origin_jti": origin_jti,
        "event_id": random_values.new_uuid(),
        "auth_time": int(auth_time),
        "iat": int(tx.now),
    }
    access = shared | {"client_id": client.id, "token_use": "access", "scope": SCOPE}
    access["username"] = user.username
    if device_key is not None:
        access["device_key"] = device_key
    own = {"aud": client.id, "token_use": "id", "cognito:username": user.username}
    identity = changes.of_identity(_readable(tx, pool, client, user) | of_roles | shared | own)
    return {
        "AccessToken": signed(access, "AccessToken"),
        "ExpiresIn": client.validity("AccessToken"),
        "TokenType": "Bearer",
        "IdToken": signed(identity, "IdToken"),
    }


def _readable(tx: Transaction, pool: Pool, client: Client, user: User) -> Claims:
    """The user's attributes as claims: those the app client may read."""
    readable = client.settings.get("ReadAttributes")
    return {
        name: _claim(pool, name, value)
        for name, value in attributes_of(tx, user).items()
        if not readable or name in readable
    }


def _claim(pool: Pool, name: str, value: str) -> str | bool:
    return value == "true" if pool.schema[name]["AttributeDataType"] == "Boolean" else value


# Using a token


def bearer(tx: Transaction, access_token: str) -> User:
    """The user of an access token; rejects one that is garbled, forged, expired or revoked.
    BEHAVIOR.md, 8a.
    """
    return _bearer(tx, access_token)[0]


def bearer_and_client(tx: Transaction, access_token: str) -> tuple[User, Client]:
    """Like `bearer`, with the app client the token was issued to."""
    user, claims = _bearer(tx, access_token)
    return user, find_client(tx, claims["client_id"])


def bearer_and_sign_in(tx: Transaction, access_token: str) -> tuple[User, str]:
    """Like `bearer`, with the sign-in (`origin_jti`) the token comes from."""
    user, claims = _bearer(tx, access_token)
    return user, claims["origin_jti"]


def _bearer(tx: Transaction, access_token: str) -> tuple[User, Claims]:
    from . import signing

    claims = signing.verified(tx, access_token)
    if tx.now >= claims["exp"]:
        raise NotAuthorizedException("Access Token has expired")
    sign_in = tx.one("SELECT revoked FROM sign_ins WHERE origin_jti = ?", claims["origin_jti"])
    user = user_by(tx, "sub", claims["sub"])
    if user is None:
        raise UserNotFoundException
    # Before the other check: disabling a user revokes the tokens.
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if sign_in is None or sign_in["revoked"]:
        raise NotAuthorizedException("Access Token has been revoked")
    return user, claims
