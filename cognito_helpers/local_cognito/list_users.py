"""ListUsers: a pool's users in pages, by a filter. BEHAVIOR.md, 1.5.

Every filter is a value of one key, or a range of values, and there is an index for each key. A page
begins in that index where the one before it ended, so it costs as much in a pool of a hundred
thousand users as in one of a hundred.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from . import paging
from .errors import InvalidParameterException
from .pools import Pool, find_pool
from .storage.store import Transaction, Value
from .types import Request, Response
from .users import COLUMNS, User, as_shown

# Attributes a filter may name, as the model lists them, and what else it may name
_ATTRIBUTES = {"email", "phone_number", "name", "given_name", "family_name", "preferred_username"}
_KEYS = {
    "username": "users.name_key",
    "sub": "users.sub",
    "cognito:user_status": "users.status",
    "status": "users.enabled",
}
_FILTER = re.compile(r'\s*("?)([\w:]+)\1\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')
# Known for a user who lacks one (BEHAVIOR.md, 12.5); for a pool that does, by analogy
NO_SUCH_ATTRIBUTE = "One or more requested attributes do not exist."
# No text begins with a character after this one.
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class _Search:
    """The users whose `key` is `first` or follows it up to `last`, and who fulfill `condition`."""

    key: str
    first: Value
    last: Value
    condition: str
    values: tuple[Value, ...]
    tables: str = "users"
    number: str = "users.id"

    def rows(self, tx: Transaction, number: int, key: str, limit: int) -> list[sqlite3.Row]:
        """What follows the row with that key and number: a user's columns, and then the key.
        They're sorted by the key, and oldest first if it's the same.
        """
        select = f"SELECT {COLUMNS}, {self.key} FROM {self.tables} WHERE {self.condition} AND"
        begin = self.first if self.first == self.last else max(key, str(self.first))
        found = tx.all(
            f"{select} {self.key} = ? AND {self.number} > ? ORDER BY {self.number} LIMIT ?",
            *self.values,
            begin,
            number,
            limit,
        )
        if self.first == self.last or len(found) == limit:
            return found
        beyond = (
            f"{select} {self.key} > ? AND {self.key} <= ? ORDER BY {self.key}, {self.number}"
            " LIMIT ?"
        )
        return found + tx.all(beyond, *self.values, begin, self.last, limit - len(found))


def list_users(tx: Transaction, request: Request) -> Response:
    """ListUsers: `{"Users": [...]}`, and `PaginationToken` while more follow."""
    pool = find_pool(tx, request["UserPoolId"])
    wanted = set(request.get("AttributesToGet", pool.schema))
    if not wanted <= set(pool.schema):
        raise InvalidParameterException(NO_SUCH_ATTRIBUTE)
    limit = request.get("Limit") or 60
    search = _search(request.get("Filter", ""), pool)
    rows = search.rows(tx, *paging.after_numbered(request.get("PaginationToken")), limit + 1)
    users = [User(*row[:-1]) for row in rows[:limit]]
    attributes = _attributes(tx, users)
    listed = [
        as_shown(
            user, _chosen(attributes[user.id], wanted, "AttributesToGet" in request), "Attributes"
        )
        for user in users
    ]
    more = (
        {"PaginationToken": paging.numbered_token(users[-1].id, str(rows[limit - 1][-1]))}
        if len(rows) > limit
        else {}
    )
    return {"Users": listed, **more}


def _attributes(tx: Transaction, users: list[User]) -> dict[int, dict[str, str]]:
    """The attributes of each user by name, `sub` first."""
    found = {user.id: {"sub": user.sub} for user in users}
    marks = ", ".join("?" * len(users))
    for row in tx.all(
        f"SELECT user_id, name, value FROM attributes WHERE user_id IN ({marks}) ORDER BY user_id,"
        " name",
        *found,
    ):
        found[row["user_id"]][row["name"]] = row["value"]
    return found


def _chosen(attributes: dict[str, str], wanted: set[str], asked_for: bool) -> dict[str, str]:
    chosen = {name: value for name, value in attributes.items() if name in wanted}
    if asked_for and len(chosen) < len(wanted):
        raise InvalidParameterException(NO_SUCH_ATTRIBUTE)
    return chosen


def _search(text: str, pool: Pool) -> _Search:
    """What a filter means: `name = "value"` or, for a prefix, `name ^= "value"`; every user if it's
    empty.
    """
    if not text.strip():
        return _Search("users.pool_id", pool.id, pool.id, "1", ())
    found = _FILTER.fullmatch(text)
    if found is None:
        raise InvalidParameterException("Error while parsing filter.")
    name, value = found[2], re.sub(r"\\(.)", r"\1", found[4])
    beyond = "" if found[3] == "=" else _LAST
    if name in _ATTRIBUTES:
        return _by_attribute(pool, name, value.lower(), beyond)
    if name not in _KEYS:
        # Known for custom attributes (BEHAVIOR.md, 12.3), others by analogy.
        raise InvalidParameterException("Input fails to satisfy the constraints.")
    in_pool = "users.pool_id = ?"
    if name == "status":
        enabled = {"Enabled": 1, "Disabled": 0}.get(value, -1)
        return _Search(_KEYS[name], enabled, enabled, in_pool, (pool.id,))
    if name == "username":
        # Found by the key, for which there is an index, and then compared exactly
        key = pool.name_key(value)
        return _Search(
            _KEYS[name],
            key,
            key + beyond,
            f"{in_pool} AND users.username BETWEEN ? AND ?",
            (pool.id, value, value + beyond),
        )
    if name == "cognito:user_status":
        value = value.upper()
    else:
        # The plus keeps SQLite from the pool's index: it would sort the whole pool for a prefix of
        # `sub`.
        in_pool = f"+{in_pool}"
    return _Search(_KEYS[name], value, value + beyond, in_pool, (pool.id,))


def _by_attribute(pool: Pool, name: str, value: str, beyond: str) -> _Search:
    in_pool = "attributes.pool_id = ? AND attributes.name = ?"
    tables = "attributes JOIN users ON users.id = attributes.user_id"
    return _Search(
        "attributes.value_key",
        value,
        value + beyond,
        in_pool,
        (pool.id, name),
        tables,
        "attributes.user_id",
    )
