"""App clients: what they are set to, the proof that goes with a client secret, and the operations that make, show and delete them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from . import identifiers
from .errors import InvalidParameterException, NotAuthorizedException, ResourceNotFoundException
from .pools import Pool, find_pool, refuse_unsupported
from .store import Transaction

# What the stand-in honours or, where nothing depends on it, keeps and shows again.
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
}

OLD_FLOW_NAMES = {"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"}
DEFAULT_FLOWS = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
HOUR, DAY = SECONDS["hours"], SECONDS["days"]
# Token: (its setting, the unit and value it has by default, the least and the most seconds it may last).
VALIDITIES = {
    "AccessToken": ("AccessTokenValidity", "hours", 1, 300, DAY),
    "IdToken": ("IdTokenValidity", "hours", 1, 300, DAY),
    "RefreshToken": ("RefreshTokenValidity", "days", 30, HOUR, 3650 * DAY),
}


@dataclass(frozen=True)
class Client:
    """An app client as stored. `settings` is what DescribeUserPoolClient gives."""

    id: str
    pool_id: str
    settings: dict[str, Any]

    def allows(self, flow: str) -> bool:
        """Is the sign-in flow `flow` switched on for this client, by its new name or by its old one?"""
        flows = self.settings.get("ExplicitAuthFlows") or DEFAULT_FLOWS
        old = {"ADMIN_USER_PASSWORD_AUTH": "ADMIN_NO_SRP_AUTH"}.get(flow, flow)
        return f"ALLOW_{flow}" in flows or old in flows

    def validity(self, token: str) -> int:
        """How many seconds an `AccessToken`, `IdToken` or `RefreshToken` of this client is good."""
        setting, unit, value, _, _ = VALIDITIES[token]
        unit = self.settings.get("TokenValidityUnits", {}).get(token, unit)
        # 0 stands for the default, as the real API takes it for refresh tokens.
        return int(self.settings.get(setting) or value) * SECONDS[unit]

    @property
    def session_seconds(self) -> int:
        return int(self.settings["AuthSessionValidity"]) * 60

    @property
    def hides_unknown_users(self) -> bool:
        return self.settings.get("PreventUserExistenceErrors") == "ENABLED"

    def check_secret_hash(self, username: str, given: str | None) -> None:
        """Refuse a caller who does not prove to know the client's secret; a client without one asks for nothing. Behaviour page, section 7."""
        secret = self.settings.get("ClientSecret")
        if secret is None:
            return
        if given is None:
            raise NotAuthorizedException(f"Client {self.id} is configured with secret but SECRET_HASH was not received")
        right = base64.b64encode(hmac.digest(secret.encode(), (username + self.id).encode(), hashlib.sha256))
        if not hmac.compare_digest(right, given.encode()):
            raise NotAuthorizedException(f"Unable to verify secret hash for client {self.id}")


def find_client(tx: Transaction, client_id: str, pool_id: str | None = None) -> Client:
    """The app client of that id, in that pool where one is named, or `ResourceNotFoundException`."""
    row = tx.one("SELECT * FROM clients WHERE id = ?", client_id)
    if row is None or pool_id not in (None, row["pool_id"]):
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.")
    return Client(row["id"], row["pool_id"], json.loads(row["settings"]))


def client_and_pool(tx: Transaction, request: dict[str, Any]) -> tuple[Client, Pool]:
    """The client that a request names and its pool. Where the request names the pool as well, that is looked up first."""
    if "UserPoolId" in request:
        pool = find_pool(tx, request["UserPoolId"])
        return find_client(tx, request["ClientId"], pool.id), pool
    client = find_client(tx, request["ClientId"])
    return client, find_pool(tx, client.pool_id)



def create_user_pool_client(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """CreateUserPoolClient: `{"UserPoolClient": {...}}`, the secret included where one was asked for. Behaviour page, 1.16."""
    refuse_unsupported(request, CLIENT_SETTINGS | {"GenerateSecret"}, "CreateUserPoolClient")
    pool = find_pool(tx, request["UserPoolId"])
    flows = set(request.get("ExplicitAuthFlows", []))
    if flows & OLD_FLOW_NAMES and flows - OLD_FLOW_NAMES:
        raise InvalidParameterException("The old names of sign-in flows cannot be mixed with names that begin with ALLOW_.")
    client_id = identifiers.client_id()
    settings = {
        "ClientId": client_id,
        "RefreshTokenValidity": 30,
        "AllowedOAuthFlowsUserPoolClient": False,
        "EnableTokenRevocation": True,
        "AuthSessionValidity": 3,
        **{name: request[name] for name in CLIENT_SETTINGS if name in request},
    }
    if request.get("GenerateSecret"):
        settings["ClientSecret"] = identifiers.client_secret()
    client = Client(client_id, pool.id, settings)
    for token, (setting, _, _, least, most) in VALIDITIES.items():
        if not least <= client.validity(token) <= most:
            raise InvalidParameterException(f"Invalid range for token validity: {setting} must be between {least} and {most} seconds.")
    tx.run(
        "INSERT INTO clients (id, pool_id, created, modified, settings) VALUES (?, ?, ?, ?, ?)", client_id, pool.id, tx.now, tx.now, json.dumps(settings)
    )
    return describe_user_pool_client(tx, {"UserPoolId": pool.id, "ClientId": client_id})


def describe_user_pool_client(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeUserPoolClient: `{"UserPoolClient": {...}}`."""
    client, _ = client_and_pool(tx, request)
    row = tx.one("SELECT created, modified FROM clients WHERE id = ?", client.id)
    assert row is not None
    return {"UserPoolClient": {**client.settings, "CreationDate": row["created"], "LastModifiedDate": row["modified"]}}


def delete_user_pool_client(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteUserPoolClient: nothing comes back; whoever signed in through it is signed out."""
    client, _ = client_and_pool(tx, request)
    tx.run("DELETE FROM clients WHERE id = ?", client.id)
    return {}
