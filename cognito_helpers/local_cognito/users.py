"""Users: what is stored of them, and how an administrator looks at them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from . import paging
from .errors import InvalidParameterException, UserNotFoundException
from .pools import Pool, find_pool
from .store import Transaction


@dataclass(frozen=True)
class User:
    """A user as stored. Its repr shows the name and the status alone: the other fields hold secrets."""

    id: int
    pool_id: str
    username: str
    sub: str
    status: str
    enabled: bool
    created: float
    modified: float
    salt: bytes
    verifier: bytes
    temporary_until: float | None
    failed_passwords: int
    last_failure: float
    totp_secret: str | None
    totp_name: str | None
    totp_offered: str | None
    mfa_enabled: bool
    mfa_preferred: bool

    def __repr__(self) -> str:
        return f"User({self.username!r}, {self.status})"


_COLUMNS = ", ".join(f"users.{field}" for field in User.__dataclass_fields__)


def find_user(tx: Transaction, pool: Pool, username: str) -> User | None:
    """The user who goes by `username` in `pool`: by the user name, by what the pool takes in its place, or by an alias. None where nobody does."""
    row = tx.one(f"SELECT {_COLUMNS} FROM users WHERE pool_id = ? AND name_key = ?", pool.id, pool.name_key(username))
    if row is not None:
        return User(*row)
    others = (holder(tx, pool, attribute, username) for attribute in [*pool.username_attributes, *pool.aliases])
    return next((user for user in others if user is not None), None)


def holder(tx: Transaction, pool: Pool, attribute: str, value: str) -> User | None:
    """Who signs in with `value` as their `attribute`, which is one that the pool takes for a name; None where nobody does.

    An e-mail address or a phone number is an alias once it is verified. In the place of a user name it is good at once.
    """
    as_it_is = attribute not in pool.aliases or attribute == "preferred_username"
    row = tx.one(
        f"SELECT {_COLUMNS} FROM attributes JOIN users ON users.id = attributes.user_id"
        " WHERE attributes.pool_id = ? AND attributes.name = ? AND attributes.value_key = ? AND (? OR attributes.value = ?)"
        " AND (? OR EXISTS (SELECT 1 FROM attributes AS proof WHERE proof.user_id = users.id AND proof.name = ? AND proof.value = 'true'))",
        pool.id,
        attribute,
        value.lower(),
        not pool.case_sensitive,
        value,
        as_it_is,
        f"{attribute}_verified",
    )
    return User(*row) if row else None


def named_user(tx: Transaction, request: dict[str, Any]) -> tuple[Pool, User]:
    """The pool and the user that an administrator's request names, or `UserNotFoundException`."""
    pool = find_pool(tx, request["UserPoolId"])
    user = find_user(tx, pool, request["Username"])
    if user is None:
        raise UserNotFoundException
    return pool, user


def user_by(tx: Transaction, column: str, value: int | str) -> User | None:
    """The user whose `id` or `sub` is `value`, or None."""
    row = tx.one(f"SELECT {_COLUMNS} FROM users WHERE {column} = ?", value)
    return User(*row) if row else None


def attributes_of(tx: Transaction, user: User) -> dict[str, str]:
    """The user's attributes by name, `sub` first."""
    rows = tx.all("SELECT name, value FROM attributes WHERE user_id = ? ORDER BY name", user.id)
    return {"sub": user.sub} | {row["name"]: row["value"] for row in rows}


def set_attribute(tx: Transaction, user: User, name: str, value: str) -> None:
    """Give the user's attribute `name` a new value; a blank one takes the attribute away."""
    if value:
        tx.run("INSERT OR REPLACE INTO attributes VALUES (?, ?, ?, ?, ?)", user.id, user.pool_id, name, value, value.lower())
    else:
        tx.run("DELETE FROM attributes WHERE user_id = ? AND name = ?", user.id, name)


def touch(tx: Transaction, user: User) -> None:
    """Make now the UserLastModifiedDate. Behaviour page, 10.7."""
    tx.run("UPDATE users SET modified = ? WHERE id = ?", tx.now, user.id)


def described(tx: Transaction, user: User, attributes_as: str) -> dict[str, Any]:
    """A user as the service shows one; the attributes stand under the name `attributes_as`, which differs from operation to operation."""
    return {
        "Username": user.username,
        attributes_as: [{"Name": name, "Value": value} for name, value in attributes_of(tx, user).items()],
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled == 1,
        "UserStatus": user.status,
    }


def admin_get_user(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """AdminGetUser: the user's attributes, status and dates. Behaviour page, 1.4."""
    _, user = named_user(tx, request)
    return described(tx, user, "UserAttributes") | mfa_preference(user)


def mfa_preference(user: User) -> dict[str, Any]:
    """Which second factors a user switched on, as AdminGetUser and GetUser tell it; nothing is said where there is none."""
    enabled = {"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]} if user.mfa_enabled else {}
    return enabled | ({"PreferredMfaSetting": "SOFTWARE_TOKEN_MFA"} if user.mfa_preferred else {})


# Attributes that a filter may name, as the model lists them; those mapped to a column are kept with the user, the others with the attributes.
_SEARCHABLE = {"email", "phone_number", "name", "given_name", "family_name", "preferred_username"}
_SEARCHABLE_COLUMNS = {"username": "users.username", "sub": "users.sub", "cognito:user_status": "users.status", "status": "users.enabled"}
_FILTER = re.compile(r'\s*([\w:]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')


def list_users(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """ListUsers: `{"Users": [...]}`, oldest first, and `PaginationToken` while more follow. Behaviour page, 1.5."""
    pool = find_pool(tx, request["UserPoolId"])
    wanted = set(request.get("AttributesToGet", pool.schema))
    if not wanted <= set(pool.schema):
        raise InvalidParameterException("One or more requested attributes do not exist in user pool.")
    limit = request.get("Limit") or 60
    condition, values = _condition(request.get("Filter", ""), pool)
    after = paging.after_number(request.get("PaginationToken"))
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM users {condition} AND users.pool_id = ? AND users.id > ? ORDER BY users.id LIMIT ?", *values, pool.id, after, limit + 1
    )
    users = [User(*row) for row in rows[:limit]]
    listed = [described(tx, user, "Attributes") for user in users]
    for shown in listed:
        shown["Attributes"] = [attribute for attribute in shown["Attributes"] if attribute["Name"] in wanted]
        if "AttributesToGet" in request and len(shown["Attributes"]) < len(wanted):
            raise InvalidParameterException("One or more requested attributes do not have a value for every user in the results.")
    more = {"PaginationToken": paging.token(str(users[-1].id))} if len(rows) > limit else {}
    return {"Users": listed, **more}


def _condition(text: str, pool: Pool) -> tuple[str, list[str | int]]:
    """The SQL for a filter: `name = "value"` or, for a beginning, `name ^= "value"`; every user where it is empty."""
    if not text.strip():
        return "WHERE 1", []
    found = _FILTER.fullmatch(text)
    if found is None:
        raise InvalidParameterException("Error while parsing filter")
    name, operator, value = found[1], found[2], re.sub(r"\\(.)", r"\1", found[3])
    test = "= ?" if operator == "=" else "BETWEEN ? AND ?"
    if name in _SEARCHABLE:
        condition = "JOIN attributes ON attributes.user_id = users.id WHERE attributes.pool_id = ? AND attributes.name = ? AND attributes.value_key"
        before: list[str | int] = [pool.id, name]
        value = value.lower()
    elif name in _SEARCHABLE_COLUMNS:
        condition, before = f"WHERE {_SEARCHABLE_COLUMNS[name]}", []
        if name == "status":
            return f"{condition} = ?", [{"Enabled": 1, "Disabled": 0}.get(value, -1)]
        if name == "cognito:user_status":
            value = value.upper()
        if name == "username":
            # Found by the key, for which there is an index, and then taken only as it is written.
            condition, before = f"WHERE users.name_key {test} AND users.username", _bounds(operator, pool.name_key(value))
    else:
        raise InvalidParameterException(f"Invalid search attribute: {name}")
    return f"{condition} {test}", [*before, *_bounds(operator, value)]


def _bounds(operator: str, value: str) -> list[str | int]:
    return [value] if operator == "=" else [value, value + "\U0010ffff"]
