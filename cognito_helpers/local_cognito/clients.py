"""App clients: their settings, the proof for a client secret, and the operations that create, show,
change and delete them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field, replace

from . import paging
from .crypto import random_values
from .errors import InvalidParameterException, NotAuthorizedException, ResourceNotFoundException
from .pool_settings import reject_unsupported
from .pools import Pool, find_pool
from .storage.store import Transaction
from .types import Request, Response, Settings

# Settings the emulator implements or, if nothing depends on them, stores and shows
CLIENT_SETTINGS = {
    "UserPoolId",
    "ClientName",
    "RefreshTokenValidity",
    "AccessTokenValidity",
    "IdTokenValidity",
    "TokenValidityUnits",
    "ReadAttributes",
    "WriteAttributes",
    "ExplicitAuthFlows",
    "SupportedIdentityProviders",
    "PreventUserExistenceErrors",
    "EnableTokenRevocation",
    "AuthSessionValidity",
    "RefreshTokenRotation",
}
# A client's default settings; anything else is then absent
CLIENT_DEFAULTS = {
    "RefreshTokenValidity": 30,
    "AllowedOAuthFlowsUserPoolClient": False,
    "EnableTokenRevocation": True,
    "AuthSessionValidity": 3,
}
# What UpdateUserPoolClient doesn't reset. It may give another name, but there is no default to
# return to.
KEPT_BY_CLIENTS = ("ClientId", "ClientSecret", "ClientName")

# Two names for one flow, the first of them the older
ADMIN_PASSWORD_FLOWS = {"ADMIN_NO_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH"}
OLD_FLOW_NAMES = {"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"}
# Attributes no client may write
NOT_FOR_CLIENTS = {"sub", "email_verified", "phone_number_verified"}
ONLY_CUSTOM = "Only custom auth (lambda driven) is enabled for this client."
DEFAULT_FLOWS = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
HOUR, DAY = SECONDS["hours"], SECONDS["days"]
# Token: (its setting, its default unit and value, its minimum and maximum in seconds)
VALIDITIES = {
    "AccessToken": ("AccessTokenValidity", "hours", 1, 300, DAY),
    "IdToken": ("IdTokenValidity", "hours", 1, 300, DAY),
    "RefreshToken": ("RefreshTokenValidity", "days", 30, HOUR, 3650 * DAY),
}


@dataclass(frozen=True)
class Client:
    """An app client as stored. `settings` is what DescribeUserPoolClient returns; the repr leaves
    it out, because it has the secret.
    """

    id: str
    pool_id: str
    settings: Settings = field(repr=False)

    def allows(self, flow: str) -> bool:
        """Whether the sign-in flow `flow` is enabled for this client, by its new name or its old
        one.
        """
        if flow == "REFRESH_TOKEN_AUTH" and self.rotates_refresh_tokens:
            # The developer guide: such a client refreshes only by GetTokensFromRefreshToken.
            return False
        flows = self.settings.get("ExplicitAuthFlows") or DEFAULT_FLOWS
        if OLD_FLOW_NAMES.intersection(flows):
            # The old names don't mention these two: only CUSTOM_AUTH_FLOW_ONLY excludes SRP.
            # BEHAVIOR.md, 12.1.
            if flow == "REFRESH_TOKEN_AUTH":
                return True
            if flow == "USER_SRP_AUTH":
                return "CUSTOM_AUTH_FLOW_ONLY" not in flows
            if flow == "CUSTOM_AUTH":
                return "CUSTOM_AUTH_FLOW_ONLY" in flows
        names = {flow, *(ADMIN_PASSWORD_FLOWS if flow in ADMIN_PASSWORD_FLOWS else ())}
        return any(f"ALLOW_{name}" in flows or name in flows for name in names)

    @property
    def is_custom_only(self) -> bool:
        """Does the client allow CUSTOM_AUTH alone, by that flow's old name?"""
        return self.settings.get("ExplicitAuthFlows") == ["CUSTOM_AUTH_FLOW_ONLY"]

    def validity(self, token: str) -> int:
        """How many seconds an `AccessToken`, `IdToken` or `RefreshToken` of this client is
        valid.
        """
        setting, unit, value, _, _ = VALIDITIES[token]
        unit = self.settings.get("TokenValidityUnits", {}).get(token, unit)
        # 0 means the default, as the real API takes it for refresh tokens.
        return int(self.settings.get(setting) or value) * SECONDS[unit]

    @property
    def session_seconds(self) -> int:
        return int(self.settings["AuthSessionValidity"]) * 60

    @property
    def hides_unknown_users(self) -> bool:
        return self.settings.get("PreventUserExistenceErrors") == "ENABLED"

    @property
    def rotates_refresh_tokens(self) -> bool:
        return bool(self.settings.get("RefreshTokenRotation", {}).get("Feature") == "ENABLED")

    @property
    def grace_seconds(self) -> int:
        """How long a refresh token stays valid after another has replaced it."""
        return int(self.settings.get("RefreshTokenRotation", {}).get("RetryGracePeriodSeconds", 0))

    def knows_secret(self, given: str | None) -> bool:
        """Whether `given` is the client's secret. A client without one requires nothing."""
        secret = self.settings.get("ClientSecret")
        return secret is None or hmac.compare_digest(secret.encode(), (given or "").encode())

    def check_secret_hash(self, username: str, given: str | None) -> None:
        """Reject a caller who doesn't prove they know the client's secret; a client without one
        requires nothing. BEHAVIOR.md, section 7.
        """
        secret = self.settings.get("ClientSecret")
        if secret is None:
            return
        if given is None:
            raise NotAuthorizedException(
                f"Client {self.id} is configured with secret but SECRET_HASH was not received"
            )
        right = base64.b64encode(
            hmac.digest(secret.encode(), (username + self.id).encode(), hashlib.sha256)
        )
        if not hmac.compare_digest(right, given.encode()):
            raise NotAuthorizedException(f"Unable to verify secret hash for client {self.id}")


def find_client(tx: Transaction, client_id: str, pool_id: str | None = None) -> Client:
    """The app client with that ID, in that pool if one is named, or `ResourceNotFoundException`."""
    row = tx.one("SELECT * FROM clients WHERE id = ?", client_id)
    if row is None or pool_id not in (None, row["pool_id"]):
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.")
    return Client(row["id"], row["pool_id"], json.loads(row["settings"]))


def client_and_pool(tx: Transaction, request: Request) -> tuple[Client, Pool]:
    """The client a request names and its pool. If the request names the pool as well, that is
    looked up first.
    """
    if "UserPoolId" in request:
        pool = find_pool(tx, request["UserPoolId"])
        return find_client(tx, request["ClientId"], pool.id), pool
    client = find_client(tx, request["ClientId"])
    return client, find_pool(tx, client.pool_id)


def create_user_pool_client(tx: Transaction, request: Request) -> Response:
    """CreateUserPoolClient: `{"UserPoolClient": {...}}`, with the secret if one was requested.
    BEHAVIOR.md, 1.16.
    """
    reject_unsupported(request, CLIENT_SETTINGS | {"GenerateSecret"}, "CreateUserPoolClient")
    pool = find_pool(tx, request["UserPoolId"])
    kept = {"ClientId": random_values.client_id()}
    if request.get("GenerateSecret"):
        kept["ClientSecret"] = random_values.client_secret()
    client = Client(kept["ClientId"], pool.id, _settings(request, kept))
    _check_settings(client)
    _check_attributes(client, pool, "creating")
    tx.run(
        "INSERT INTO clients (id, pool_id, created, modified, settings) VALUES (?, ?, ?, ?, ?)",
        client.id,
        pool.id,
        tx.now,
        tx.now,
        json.dumps(client.settings),
    )
    return describe_user_pool_client(tx, {"UserPoolId": pool.id, "ClientId": client.id})


def update_user_pool_client(tx: Transaction, request: Request) -> Response:
    """UpdateUserPoolClient: `{"UserPoolClient": {...}}` as it is now. What the request leaves out
    returns to its default; the secret and the ID stay.

    Source: the API reference.
    """
    reject_unsupported(request, CLIENT_SETTINGS | {"ClientId"}, "UpdateUserPoolClient")
    client, pool = client_and_pool(tx, request)
    kept = {name: client.settings[name] for name in KEPT_BY_CLIENTS if name in client.settings}
    changed = replace(client, settings=_settings(request, kept))
    _check_settings(changed)
    _check_attributes(changed, pool, "updating")
    tx.run(
        "UPDATE clients SET settings = ?, modified = ? WHERE id = ?",
        json.dumps(changed.settings),
        tx.now,
        client.id,
    )
    return describe_user_pool_client(tx, request)


def _settings(request: Request, kept: Settings) -> Settings:
    settings = {
        **kept,
        **CLIENT_DEFAULTS,
        **{name: request[name] for name in CLIENT_SETTINGS if name in request},
    }
    if rotation := settings.get("RefreshTokenRotation"):
        settings["RefreshTokenRotation"] = {"RetryGracePeriodSeconds": 0, **rotation}
    return settings


def _check_settings(client: Client) -> None:
    flows = set(client.settings.get("ExplicitAuthFlows", []))
    if flows & OLD_FLOW_NAMES and flows - OLD_FLOW_NAMES:
        raise InvalidParameterException(
            "The old names of sign-in flows cannot be mixed with names that begin with ALLOW_."
        )
    if client.rotates_refresh_tokens and "ALLOW_REFRESH_TOKEN_AUTH" in flows:
        raise InvalidParameterException(
            "ALLOW_REFRESH_TOKEN_AUTH cannot be used together with refresh token rotation."
        )
    for token, (_, _, _, least, most) in VALIDITIES.items():
        if not least <= client.validity(token) <= most:
            raise InvalidParameterException("Invalid range for token validity.")


def _check_attributes(client: Client, pool: Pool, what: str) -> None:
    """Reject lists of attributes the pool doesn't allow. BEHAVIOR.md, 12.5.

    phone_number_verified is treated like email_verified by analogy.
    """
    readable = client.settings.get("ReadAttributes", [])
    writable = client.settings.get("WriteAttributes", [])
    if not set(readable) <= set(pool.schema):
        raise InvalidParameterException(f"Invalid read attributes specified while {what} a client")
    wrong = set(writable) - (set(pool.schema) - NOT_FOR_CLIENTS)
    if wrong or (writable and not set(pool.required_attributes) <= set(writable)):
        raise InvalidParameterException(f"Invalid write attributes specified while {what} a client")


def describe_user_pool_client(tx: Transaction, request: Request) -> Response:
    """DescribeUserPoolClient: `{"UserPoolClient": {...}}`."""
    client, _ = client_and_pool(tx, request)
    row = tx.one("SELECT created, modified FROM clients WHERE id = ?", client.id)
    assert row is not None
    return {
        "UserPoolClient": {
            **client.settings,
            "CreationDate": row["created"],
            "LastModifiedDate": row["modified"],
        }
    }


def list_user_pool_clients(tx: Transaction, request: Request) -> Response:
    """ListUserPoolClients: `{"UserPoolClients": [...]}` of the pool, each by its ID and name, and
    `NextToken` while more follow.
    """
    pool = find_pool(tx, request["UserPoolId"])
    if request.get("ClientType") == "DCR":
        # Clients that registered themselves: the emulator has none.
        return {"UserPoolClients": []}
    limit = request.get("MaxResults", 60)
    after = paging.after(request.get("NextToken"))
    rows = tx.all(
        "SELECT id, settings FROM clients WHERE pool_id = ? AND id > ? ORDER BY id LIMIT ?",
        pool.id,
        after,
        limit + 1,
    )
    listed = [
        {
            "ClientId": row["id"],
            "UserPoolId": pool.id,
            "ClientName": json.loads(row["settings"])["ClientName"],
        }
        for row in rows[:limit]
    ]
    more = {"NextToken": paging.token(listed[-1]["ClientId"])} if len(rows) > limit else {}
    return {"UserPoolClients": listed, **more}


def delete_user_pool_client(tx: Transaction, request: Request) -> Response:
    """DeleteUserPoolClient: no response; users who signed in through it are signed out."""
    client, _ = client_and_pool(tx, request)
    tx.run("DELETE FROM clients WHERE id = ?", client.id)
    return {}
