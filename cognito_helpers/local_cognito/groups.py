"""Groups of a pool: creating, reading, changing, listing and deleting them. BEHAVIOR.md, 11.18.

Their members are in `group_members.py`.
"""

from __future__ import annotations

import json
import sqlite3

from . import paging
from .errors import GroupExistsException, LimitExceededException, ResourceNotFoundException
from .pools import Pool, find_pool
from .storage.store import Transaction
from .types import Request, Response, Settings

MOST_GROUPS = 10_000
# A group's settings besides its name
_SETTINGS = ("Description", "RoleArn", "Precedence")


def find_group(tx: Transaction, pool: Pool, name: str) -> sqlite3.Row:
    """Return the row of the group `name`. Raises ResourceNotFoundException if there's none."""
    row = tx.one("SELECT * FROM user_groups WHERE pool_id = ? AND name = ?", pool.id, name)
    if row is None:
        raise ResourceNotFoundException("Group not found.")
    return row


def shown(row: sqlite3.Row) -> Response:
    """A group as the service shows it; settings that were never given are absent."""
    return {
        "GroupName": row["name"],
        "UserPoolId": row["pool_id"],
        **json.loads(row["settings"]),
        "LastModifiedDate": row["modified"],
        "CreationDate": row["created"],
    }


def page(rows: list[sqlite3.Row], limit: int) -> Response:
    """A page of groups out of `rows`, which holds one row more than `limit` if others follow."""
    listed = [shown(row) for row in rows[:limit]]
    more = {"NextToken": paging.token(listed[-1]["GroupName"])} if len(rows) > limit else {}
    return {"Groups": listed, **more}


def create_group(tx: Transaction, request: Request) -> Response:
    """CreateGroup: `{"Group": {...}}`."""
    pool = find_pool(tx, request["UserPoolId"])
    same = "SELECT 1 FROM user_groups WHERE pool_id = ? AND name = ?"
    if tx.one(same, pool.id, request["GroupName"]):
        raise GroupExistsException
    count = tx.one("SELECT COUNT(*) AS groups FROM user_groups WHERE pool_id = ?", pool.id)
    if count is not None and count["groups"] >= MOST_GROUPS:
        raise LimitExceededException(f"A user pool can have at most {MOST_GROUPS} groups.")
    tx.run(
        "INSERT INTO user_groups (pool_id, name, settings, created, modified) VALUES (?, ?, ?, ?,"
        " ?)",
        *(pool.id, request["GroupName"], json.dumps(_settings(request)), tx.now, tx.now),
    )
    return {"Group": shown(find_group(tx, pool, request["GroupName"]))}


def get_group(tx: Transaction, request: Request) -> Response:
    """GetGroup: `{"Group": {...}}`."""
    pool = find_pool(tx, request["UserPoolId"])
    return {"Group": shown(find_group(tx, pool, request["GroupName"]))}


def update_group(tx: Transaction, request: Request) -> Response:
    """UpdateGroup: `{"Group": {...}}`. Whether the service keeps what the request leaves out isn't
    known; the emulator does.
    """
    pool = find_pool(tx, request["UserPoolId"])
    group = find_group(tx, pool, request["GroupName"])
    tx.run(
        "UPDATE user_groups SET settings = ?, modified = ? WHERE id = ?",
        json.dumps(json.loads(group["settings"]) | _settings(request)),
        tx.now,
        group["id"],
    )
    return get_group(tx, request)


def delete_group(tx: Transaction, request: Request) -> Response:
    """DeleteGroup: no response. Whether the service rejects a group with members isn't known; here
    they just leave it.
    """
    pool = find_pool(tx, request["UserPoolId"])
    group = find_group(tx, pool, request["GroupName"])
    tx.run("DELETE FROM user_groups WHERE id = ?", group["id"])
    return {}


def list_groups(tx: Transaction, request: Request) -> Response:
    """ListGroups: `{"Groups": [...]}` by name, and `NextToken` while more follow."""
    pool = find_pool(tx, request["UserPoolId"])
    limit = request.get("Limit") or 60
    rows = tx.all(
        "SELECT * FROM user_groups WHERE pool_id = ? AND name > ? ORDER BY name LIMIT ?",
        pool.id,
        paging.after(request.get("NextToken")),
        limit + 1,
    )
    return page(rows, limit)


def _settings(request: Request) -> Settings:
    return {name: request[name] for name in _SETTINGS if name in request}
