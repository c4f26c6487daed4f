"""Operations that create, show, change and delete user pools. BEHAVIOR.md, 1.16 and 12.1."""

from __future__ import annotations

import json
import sqlite3

from . import paging, user_schema
from .crypto import random_values
from .errors import InvalidParameterException, ResourceNotFoundException, UserPoolTaggingException
from .factor_settings import FACTORS, PASSKEYS, check_factors, check_mfa
from .pool_settings import (
    MOST_TAGS,
    NO_FACTOR,
    POOL_SETTINGS,
    SETTLED,
    changeable,
    check_names,
    check_validities,
    reject_unsupported,
    updated,
)
from .pools import ACCOUNT, Pool, find_pool
from .storage.store import Transaction
from .types import Request, Response


def create_user_pool(tx: Transaction, request: Request) -> Response:
    """CreateUserPool: `{"UserPool": {...}}` with every setting listed. BEHAVIOR.md, 1.16."""
    reject_unsupported(request, POOL_SETTINGS | SETTLED | {"PoolName", "Schema"}, "CreateUserPool")
    if request.get("MfaConfiguration", "OFF") != "OFF" and "SmsConfiguration" not in request:
        raise InvalidParameterException(NO_FACTOR)
    check_names(request)
    check_validities(request)
    pool_id = random_values.pool_id(tx.endpoint.own_region)
    settings = {
        "Id": pool_id,
        "Name": request["PoolName"],
        "Arn": f"arn:aws:cognito-idp:{tx.endpoint.own_region}:{ACCOUNT}:userpool/{pool_id}",
        "SchemaAttributes": user_schema.of(request.get("Schema", [])),
        **{name: request[name] for name in SETTLED if name in request},
        **changeable(request, "CreateUserPool"),
    }
    check_factors(settings, {})
    tx.run(
        "INSERT INTO pools (id, created, modified, settings, device_group, secret) VALUES (?, ?, ?,"
        " ?, ?, ?)",
        pool_id,
        tx.now,
        tx.now,
        json.dumps(settings),
        random_values.device_group_key(),
        random_values.pool_secret(),
    )
    return describe_user_pool(tx, {"UserPoolId": pool_id})


def update_user_pool(tx: Transaction, request: Request) -> Response:
    """UpdateUserPool: `{}`. What the request leaves out returns to its default, except MFA, the
    policies, and what can't be changed at all. BEHAVIOR.md, 12.1.
    """
    for name in request:
        if name in SETTLED | {"Schema"}:
            raise InvalidParameterException(
                f"{name} can't be changed after the user pool is created."
            )
    reject_unsupported(request, POOL_SETTINGS | {"UserPoolId", "PoolName"}, "UpdateUserPool")
    pool = find_pool(tx, request["UserPoolId"])
    check_validities(request)
    settings = updated(pool.settings, request)
    if "PoolName" in request:
        settings["Name"] = request["PoolName"]
    mfa = settings["MfaConfiguration"]
    if mfa == "ON" and pool.mfa != "ON":
        raise InvalidParameterException(
            "Cannot turn MFA functionality ON, once the user pool has been created."
        )
    if mfa == "OPTIONAL" and pool.mfa == "OFF" and not (pool.totp or "SmsConfiguration" in request):
        raise InvalidParameterException(NO_FACTOR)
    check_factors(settings, pool.mfa_config)
    tx.run(
        "UPDATE pools SET settings = ?, modified = ? WHERE id = ?",
        json.dumps(settings),
        tx.now,
        pool.id,
    )
    return {}


def describe_user_pool(tx: Transaction, request: Request) -> Response:
    """DescribeUserPool: `{"UserPool": {...}}`, the settings and the number of users."""
    pool = find_pool(tx, request["UserPoolId"])
    row = tx.one("SELECT created, modified, users FROM pools WHERE id = ?", pool.id)
    assert row is not None
    return {
        "UserPool": {
            **pool.settings,
            "EstimatedNumberOfUsers": row["users"],
            "CreationDate": row["created"],
            "LastModifiedDate": row["modified"],
        }
    }


def list_user_pools(tx: Transaction, request: Request) -> Response:
    """ListUserPools: `{"UserPools": [...]}` of the Region, and `NextToken` while more follow."""
    limit = request["MaxResults"]
    # The character after "_" closes the range of IDs that begin with "region_".
    region = tx.endpoint.own_region
    first, beyond = max(f"{region}_", paging.after(request.get("NextToken"))), f"{region}`"
    rows = tx.all(
        "SELECT * FROM pools WHERE id > ? AND id < ? ORDER BY id LIMIT ?", first, beyond, limit + 1
    )
    listed = [_listed(row) for row in rows[:limit]]
    more = {"NextToken": paging.token(listed[-1]["Id"])} if len(rows) > limit else {}
    return {"UserPools": listed, **more}


def _listed(row: sqlite3.Row) -> Response:
    settings = json.loads(row["settings"])
    return {
        "Id": row["id"],
        "Name": settings["Name"],
        "LambdaConfig": settings["LambdaConfig"],
        "LastModifiedDate": row["modified"],
        "CreationDate": row["created"],
    }


def delete_user_pool(tx: Transaction, request: Request) -> Response:
    """DeleteUserPool: no response; its clients, users and keys are deleted with it."""
    pool = find_pool(tx, request["UserPoolId"])
    if pool.settings["DeletionProtection"] == "ACTIVE":
        raise InvalidParameterException(
            "The user pool cannot be deleted because deletion protection is activated. Deletion"
            " protection must be inactivated first."
        )
    tx.run("DELETE FROM pools WHERE id = ?", pool.id)
    return {}


def set_user_pool_mfa_config(tx: Transaction, request: Request) -> Response:
    """SetUserPoolMfaConfig: the current settings. It replaces: a missing MfaConfiguration is OFF,
    and a missing factor is removed. BEHAVIOR.md, 12.1.
    """
    pool = find_pool(tx, request["UserPoolId"])
    check_mfa(request, pool.settings)
    settings = {**pool.settings, "MfaConfiguration": request.get("MfaConfiguration", "OFF")}
    config = {name: request[name] for name in (*FACTORS, PASSKEYS) if name in request}
    # Passkeys aren't a second factor: their settings stay until they're set again.
    if PASSKEYS in pool.mfa_config:
        config = {PASSKEYS: pool.mfa_config[PASSKEYS], **config}
    if sms := config.get("SmsMfaConfiguration"):
        settings["SmsConfiguration"] = sms["SmsConfiguration"]
    check_factors(settings, config)
    tx.run(
        "UPDATE pools SET settings = ?, mfa_config = ?, modified = ? WHERE id = ?",
        json.dumps(settings),
        json.dumps(config),
        tx.now,
        pool.id,
    )
    return get_user_pool_mfa_config(tx, request)


def get_user_pool_mfa_config(tx: Transaction, request: Request) -> Response:
    """GetUserPoolMfaConfig: whether MFA is OFF, OPTIONAL or ON, and the factors that are
    configured. BEHAVIOR.md, 12.1.
    """
    pool = find_pool(tx, request["UserPoolId"])
    sms, shown = pool.settings.get("SmsConfiguration"), dict(pool.mfa_config)
    if sms:
        shown["SmsMfaConfiguration"] = {
            **shown.get("SmsMfaConfiguration", {}),
            "SmsConfiguration": sms,
        }
    if not pool.totp:
        shown.pop("SoftwareTokenMfaConfiguration", None)
    return {**shown, "MfaConfiguration": pool.mfa}


def add_custom_attributes(tx: Transaction, request: Request) -> Response:
    """AddCustomAttributes: `{}`; from now on users of the pool can have them."""
    pool = find_pool(tx, request["UserPoolId"])
    schema = user_schema.extended(pool.settings["SchemaAttributes"], request["CustomAttributes"])
    tx.run(
        "UPDATE pools SET settings = ?, modified = ? WHERE id = ?",
        json.dumps({**pool.settings, "SchemaAttributes": schema}),
        tx.now,
        pool.id,
    )
    return {}


def tag_resource(tx: Transaction, request: Request) -> Response:
    """TagResource: `{}`; the tags are added to the pool's, and one with an existing key replaces
    its value.
    """
    pool = _pool_of(tx, request["ResourceArn"])
    tags = {**pool.settings["UserPoolTags"], **request["Tags"]}
    if len(tags) > MOST_TAGS:
        raise InvalidParameterException(UserPoolTaggingException.message)
    tx.run(
        "UPDATE pools SET settings = ? WHERE id = ?",
        json.dumps({**pool.settings, "UserPoolTags": tags}),
        pool.id,
    )
    return {}


def list_tags_for_resource(tx: Transaction, request: Request) -> Response:
    """ListTagsForResource: `{"Tags": {...}}`, by their keys."""
    return {"Tags": _pool_of(tx, request["ResourceArn"]).settings["UserPoolTags"]}


def _pool_of(tx: Transaction, arn: str) -> Pool:
    """The pool with that ARN, the only kind of resource here that has one."""
    pool = find_pool(tx, arn.rpartition("/")[2])
    if arn != pool.settings["Arn"]:
        raise ResourceNotFoundException(f"User pool {pool.id} does not exist.")
    return pool
