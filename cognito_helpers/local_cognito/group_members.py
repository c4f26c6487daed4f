"""The members of a group, and what tokens say about it. BEHAVIOR.md, 11.18."""

from __future__ import annotations

import json
import math

from . import groups, paging
from .groups import find_group
from .pools import find_pool
from .storage.store import Transaction
from .types import Claims, Request, Response, Settings
from .users import COLUMNS, User, described, named_user


def admin_add_user_to_group(tx: Transaction, request: Request) -> Response:
    """AdminAddUserToGroup: no response. Adding a member again changes nothing."""
    pool, user = named_user(tx, request)
    group = find_group(tx, pool, request["GroupName"])
    tx.run("INSERT OR IGNORE INTO group_members VALUES (?, ?)", group["id"], user.id)
    return {}


def admin_remove_user_from_group(tx: Transaction, request: Request) -> Response:
    """AdminRemoveUserFromGroup: no response, whether or not the user was a member."""
    pool, user = named_user(tx, request)
    group = find_group(tx, pool, request["GroupName"])
    tx.run("DELETE FROM group_members WHERE group_id = ? AND user_id = ?", group["id"], user.id)
    return {}


def admin_list_groups_for_user(tx: Transaction, request: Request) -> Response:
    """AdminListGroupsForUser: `{"Groups": [...]}` by name, and `NextToken` while more follow."""
    _, user = named_user(tx, request)
    limit = request.get("Limit") or 60
    rows = tx.all(
        "SELECT user_groups.* FROM group_members JOIN user_groups ON user_groups.id = group_id"
        " WHERE user_id = ? AND name > ? ORDER BY name LIMIT ?",
        user.id,
        paging.after(request.get("NextToken")),
        limit + 1,
    )
    return groups.page(rows, limit)


def list_users_in_group(tx: Transaction, request: Request) -> Response:
    """ListUsersInGroup: `{"Users": [...]}`, oldest first, and `NextToken` while more follow."""
    pool = find_pool(tx, request["UserPoolId"])
    group = find_group(tx, pool, request["GroupName"])
    limit = request.get("Limit") or 60
    after, _ = paging.after_numbered(request.get("NextToken"))
    rows = tx.all(
        f"SELECT {COLUMNS} FROM group_members JOIN users ON users.id = user_id"
        " WHERE group_id = ? AND user_id > ? ORDER BY user_id LIMIT ?",
        *(group["id"], after, limit + 1),
    )
    users = [User(*row) for row in rows[:limit]]
    more = {"NextToken": paging.numbered_token(users[-1].id, "")} if len(rows) > limit else {}
    return {"Users": [described(tx, user, "Attributes") for user in users], **more}


def claims(tx: Transaction, user: User) -> tuple[Claims, Claims]:
    """What both tokens say about the user's groups, and what the ID token says besides.

    Lower numbers take precedence, and a group without a number comes last. If the first groups
    share a number, their role is preferred only if they share that too.
    """
    rows = tx.all(
        "SELECT name, settings FROM group_members JOIN user_groups ON user_groups.id = group_id"
        " WHERE user_id = ? ORDER BY name",
        user.id,
    )
    if not rows:
        return {}, {}
    ranked = sorted(
        ((json.loads(row["settings"]), row["name"]) for row in rows), key=lambda one: _rank(one[0])
    )
    roles = [group["RoleArn"] for group, _ in ranked if "RoleArn" in group]
    first = {group.get("RoleArn") for group, _ in ranked if _rank(group) == _rank(ranked[0][0])}
    role = first.pop() if len(first) == 1 else None
    return {"cognito:groups": [name for _, name in ranked]}, {
        **({"cognito:roles": list(dict.fromkeys(roles))} if roles else {}),
        **({"cognito:preferred_role": role} if role else {}),
    }


def _rank(group: Settings) -> float:
    return float(group.get("Precedence", math.inf))
