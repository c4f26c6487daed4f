"""User pools: what they are set to, and the operations that make, show, change and delete them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from . import identifiers, paging, schema_attributes
from .errors import InvalidParameterException, NotInStandInException, ResourceNotFoundException
from .store import Transaction

ACCOUNT = "123456789012"

# What the stand-in honours or, where nothing depends on it, keeps and shows again. Anything else is refused rather than left without effect.
POOL_SETTINGS = {
    "Policies",
    "DeletionProtection",
    "AutoVerifiedAttributes",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "MfaConfiguration",
    "DeviceConfiguration",
    "UserPoolTags",
    "AdminCreateUserConfig",
    "UsernameConfiguration",
    "AccountRecoverySetting",
    "UserPoolTier",
}


@dataclass(frozen=True)
class Pool:
    """A user pool as stored. `settings` is what DescribeUserPool gives."""

    id: str
    settings: dict[str, Any]
    totp: bool
    device_group: str
    secret: bytes = field(repr=False)

    @property
    def region(self) -> str:
        return region_of(self.id)

    @property
    def mfa(self) -> str:
        """OFF, OPTIONAL or ON."""
        return str(self.settings["MfaConfiguration"])

    @property
    def tracks_devices(self) -> bool:
        return "DeviceConfiguration" in self.settings

    @property
    def device_replaces_factor(self) -> bool:
        """Does a remembered device stand in for the second factor?"""
        return bool(self.settings["DeviceConfiguration"].get("ChallengeRequiredOnNewDevice"))

    @property
    def remembers_devices_unasked(self) -> bool:
        """Is a device remembered once it is confirmed, or only when the user wants it?"""
        return not self.settings["DeviceConfiguration"].get("DeviceOnlyRememberedOnUserPrompt")

    @property
    def schema(self) -> dict[str, dict[str, Any]]:
        """Every attribute that a user may have, by name."""
        return {attribute["Name"]: attribute for attribute in self.settings["SchemaAttributes"]}

    @property
    def required_attributes(self) -> list[str]:
        """What a user must give to sign up; `sub` is the service's own."""
        return [name for name, attribute in self.schema.items() if attribute["Required"] and name != "sub"]

    def name_key(self, username: str) -> str:
        """`username` as this pool compares it: pools are case-sensitive unless they were made otherwise."""
        sensitive = self.settings.get("UsernameConfiguration", {}).get("CaseSensitive", True)
        return username if sensitive else username.lower()


def region_of(pool_id: str) -> str:
    """The region that a pool's id begins with."""
    return pool_id.partition("_")[0]


def find_pool(tx: Transaction, pool_id: str) -> Pool:
    """The pool of that id, or `ResourceNotFoundException`. A pool lives in one region and is unknown in every other."""
    row = tx.one("SELECT * FROM pools WHERE id = ?", pool_id) if tx.door.region in (None, region_of(pool_id)) else None
    if row is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    return Pool(row["id"], json.loads(row["settings"]), bool(row["totp"]), row["device_group"], row["secret"])


def create_user_pool(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """CreateUserPool: `{"UserPool": {...}}` with every setting spelled out. Behaviour page, 1.16."""
    refuse_unsupported(request, POOL_SETTINGS | {"PoolName", "Schema"}, "CreateUserPool")
    if "phone_number" in request.get("AutoVerifiedAttributes", []):
        raise NotInStandInException("text messages (AutoVerifiedAttributes: phone_number)")
    if request.get("MfaConfiguration", "OFF") != "OFF":
        raise InvalidParameterException("SMS configuration and Auto verification for phone_number are required when MFA is required/optional")
    pool_id = identifiers.pool_id(tx.door.own_region)
    settings = {
        "Id": pool_id,
        "Name": request["PoolName"],
        "Arn": f"arn:aws:cognito-idp:{tx.door.own_region}:{ACCOUNT}:userpool/{pool_id}",
        "DeletionProtection": "INACTIVE",
        "LambdaConfig": {},
        "MfaConfiguration": "OFF",
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "UserPoolTags": {},
        "UserPoolTier": "ESSENTIALS",
        **{name: request[name] for name in POOL_SETTINGS if name in request},
        "Policies": {"PasswordPolicy": _password_policy(request)},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7, **request.get("AdminCreateUserConfig", {})},
        "SchemaAttributes": schema_attributes.of(request.get("Schema", [])),
    }
    tx.run(
        "INSERT INTO pools (id, created, modified, settings, device_group, secret) VALUES (?, ?, ?, ?, ?, ?)",
        pool_id,
        tx.now,
        tx.now,
        json.dumps(settings),
        identifiers.device_group_key(),
        identifiers.pool_secret(),
    )
    return describe_user_pool(tx, {"UserPoolId": pool_id})


def describe_user_pool(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """DescribeUserPool: `{"UserPool": {...}}`, the settings and the number of users."""
    pool = find_pool(tx, request["UserPoolId"])
    row = tx.one("SELECT created, modified, users FROM pools WHERE id = ?", pool.id)
    assert row is not None
    return {"UserPool": {**pool.settings, "EstimatedNumberOfUsers": row["users"], "CreationDate": row["created"], "LastModifiedDate": row["modified"]}}


def list_user_pools(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """ListUserPools: `{"UserPools": [...]}` of the region, and `NextToken` while more follow."""
    limit = request["MaxResults"]
    # The character after "_" closes the range of ids that begin with "region_".
    region = tx.door.own_region
    first, beyond = max(f"{region}_", paging.after(request.get("NextToken"))), f"{region}`"
    rows = tx.all("SELECT * FROM pools WHERE id > ? AND id < ? ORDER BY id LIMIT ?", first, beyond, limit + 1)
    listed = [
        {"Id": row["id"], "Name": json.loads(row["settings"])["Name"], "LambdaConfig": {}, "LastModifiedDate": row["modified"], "CreationDate": row["created"]}
        for row in rows[:limit]
    ]
    more = {"NextToken": paging.token(listed[-1]["Id"])} if len(rows) > limit else {}
    return {"UserPools": listed, **more}


def delete_user_pool(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteUserPool: nothing comes back; its clients, users and keys go with it."""
    pool = find_pool(tx, request["UserPoolId"])
    if pool.settings["DeletionProtection"] == "ACTIVE":
        raise InvalidParameterException(
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first."
        )
    tx.run("DELETE FROM pools WHERE id = ?", pool.id)
    return {}


def set_user_pool_mfa_config(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """SetUserPoolMfaConfig: what was set comes back under the same names. Behaviour page, 1.16."""
    refuse_unsupported(request, {"UserPoolId", "MfaConfiguration", "SoftwareTokenMfaConfiguration"}, "SetUserPoolMfaConfig")
    pool = find_pool(tx, request["UserPoolId"])
    totp = request.get("SoftwareTokenMfaConfiguration", {}).get("Enabled", pool.totp)
    mfa = request.get("MfaConfiguration", pool.mfa)
    if mfa != "OFF" and not totp:
        raise InvalidParameterException("At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided.")
    settings = {**pool.settings, "MfaConfiguration": mfa}
    tx.run("UPDATE pools SET settings = ?, totp = ?, modified = ? WHERE id = ?", json.dumps(settings), totp, tx.now, pool.id)
    return get_user_pool_mfa_config(tx, request)


def get_user_pool_mfa_config(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """GetUserPoolMfaConfig: is MFA OFF, OPTIONAL or ON, and are authenticator apps offered."""
    pool = find_pool(tx, request["UserPoolId"])
    return {"SoftwareTokenMfaConfiguration": {"Enabled": pool.totp}, "MfaConfiguration": pool.mfa}


def refuse_unsupported(request: dict[str, Any], honoured: set[str], operation: str) -> None:
    for name, value in request.items():
        if name not in honoured and value:
            raise NotInStandInException(f"{name} of {operation}")


def _password_policy(request: dict[str, Any]) -> dict[str, Any]:
    given = request.get("Policies", {}).get("PasswordPolicy", {})
    required = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")
    # A policy that is given says all: what it leaves out is not required. Without one, everything is.
    defaults = dict.fromkeys(required, not given)
    return {"MinimumLength": 8, **defaults, "TemporaryPasswordValidityDays": 7, **given}
