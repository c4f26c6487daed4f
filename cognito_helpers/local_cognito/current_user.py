"""What a user can do with only an access token, without IAM credentials or a password."""

from __future__ import annotations

from . import tokens, user_factors
from .pools import Pool, find_pool
from .storage.store import Transaction
from .types import Request, Response
from .users import User, described, mfa_settings, named_user


def get_user(tx: Transaction, request: Request) -> Response:
    """GetUser: the name of the access token's user, the attributes its app client may read, and the
    chosen second factors.
    """
    user, client = tokens.bearer_and_client(tx, request["AccessToken"])
    readable = client.settings.get("ReadAttributes")
    shown = described(tx, user, "UserAttributes")
    attributes = [
        attribute
        for attribute in shown["UserAttributes"]
        if not readable or attribute["Name"] in {"sub", *readable}
    ]
    return {"Username": shown["Username"], "UserAttributes": attributes, **mfa_settings(user)}


def get_user_auth_factors(tx: Transaction, request: Request) -> Response:
    """GetUserAuthFactors: the first factors the user of an access token can choose from in
    USER_AUTH, and the second factors that are turned on. BEHAVIOR.md, 11.12.
    """
    user = tokens.bearer(tx, request["AccessToken"])
    return _factors(tx, find_pool(tx, user.pool_id), user)


def admin_get_user_auth_factors(tx: Transaction, request: Request) -> Response:
    """AdminGetUserAuthFactors: the same for any user, by an administrator."""
    return _factors(tx, *named_user(tx, request))


def _factors(tx: Transaction, pool: Pool, user: User) -> Response:
    """PASSWORD stands for both ways to prove one."""
    found = [name for name in user_factors.first(tx, pool, user) if name != "PASSWORD_SRP"]
    return {
        "Username": user.username,
        "ConfiguredUserAuthFactors": found,
        **mfa_settings(user),
    }


def delete_user(tx: Transaction, request: Request) -> Response:
    """DeleteUser: no response; the access token's user is deleted permanently. BEHAVIOR.md,
    1.15.
    """
    user = tokens.bearer(tx, request["AccessToken"])
    tx.run("DELETE FROM users WHERE id = ?", user.id)
    return {}
