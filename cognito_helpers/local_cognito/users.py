"""Users: what is stored of them, and how an administrator reads them."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import UserNotFoundException
from .pools import Pool, find_pool
from .storage.store import Transaction
from .types import Request, Response


@dataclass(frozen=True)
class User:
    """A user as stored. Its repr shows only the name and the status: the other fields hold
    secrets.
    """

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
    failed_factors: int
    last_failed_factor: float
    totp_secret: str | None
    totp_name: str | None
    has_password: bool
    mfa_factors: str
    mfa_preference: str | None
    mfa_automatic: str | None

    @property
    def factors(self) -> list[str]:
        """The second factors the user has on, by their names in UserMFASettingList."""
        return [name for name in self.mfa_factors.split() if name != "WEB_AUTHN"]

    @property
    def passkey_is_mfa(self) -> bool:
        """Whether the user has turned WebAuthnMfaSettings on."""
        return "WEB_AUTHN" in self.mfa_factors.split()

    @property
    def preferred_factor(self) -> str | None:
        """The second factor that's asked for first. A factor a sign-in turned on counts as
        preferred while it's the only one (BEHAVIOR.md, 11.9 and 11.10).
        """
        alone = self.factors == [self.mfa_automatic]
        return self.mfa_preference or (self.mfa_automatic if alone else None)

    def __repr__(self) -> str:
        return f"User({self.username!r}, {self.status})"


# As SELECT needs them, for `User(*row)`
COLUMNS = ", ".join(f"users.{field}" for field in User.__dataclass_fields__)


def find_user(tx: Transaction, pool: Pool, username: str) -> User | None:
    """The user with the name `username` in `pool`: the user name, what the pool uses instead, or an
    alias. None if there is none.
    """
    row = tx.one(
        f"SELECT {COLUMNS} FROM users WHERE pool_id = ? AND name_key = ?",
        pool.id,
        pool.name_key(username),
    )
    if row is not None:
        return User(*row)
    others = (
        holder(tx, pool, attribute, username)
        for attribute in [*pool.username_attributes, *pool.aliases]
    )
    return next((user for user in others if user is not None), None)


def holder(tx: Transaction, pool: Pool, attribute: str, value: str) -> User | None:
    """The user who signs in with `value` as their `attribute`, which is a name in the pool; None if
    there is none.

    An email address or a phone number is an alias once it's verified. Instead of a user name it's
    valid at once.
    """
    as_it_is = attribute not in pool.aliases or attribute == "preferred_username"
    row = tx.one(
        f"SELECT {COLUMNS} FROM attributes JOIN users ON users.id = attributes.user_id WHERE"
        " attributes.pool_id = ? AND attributes.name = ? AND attributes.value_key = ? AND (? OR"
        " attributes.value = ?) AND (? OR EXISTS (SELECT 1 FROM attributes AS proof WHERE"
        " proof.user_id = users.id AND proof.name = ? AND proof.value = 'true'))",
        pool.id,
        attribute,
        value.lower(),
        not pool.case_sensitive,
        value,
        as_it_is,
        f"{attribute}_verified",
    )
    return User(*row) if row else None


def named_user(tx: Transaction, request: Request) -> tuple[Pool, User]:
    """The pool and the user an administrator's request names, or `UserNotFoundException`."""
    pool = find_pool(tx, request["UserPoolId"])
    user = find_user(tx, pool, request["Username"])
    if user is None:
        raise UserNotFoundException
    return pool, user


def user_by(tx: Transaction, column: str, value: int | str) -> User | None:
    """The user whose `id` or `sub` is `value`, or None."""
    row = tx.one(f"SELECT {COLUMNS} FROM users WHERE {column} = ?", value)
    return User(*row) if row else None


def attributes_of(tx: Transaction, user: User) -> dict[str, str]:
    """The user's attributes by name, `sub` first."""
    rows = tx.all("SELECT name, value FROM attributes WHERE user_id = ? ORDER BY name", user.id)
    return {"sub": user.sub} | {row["name"]: row["value"] for row in rows}


def set_attribute(tx: Transaction, user: User, name: str, value: str) -> None:
    """Give the user's attribute `name` a new value; an empty one deletes the attribute."""
    if value:
        tx.run(
            "INSERT OR REPLACE INTO attributes VALUES (?, ?, ?, ?, ?)",
            user.id,
            user.pool_id,
            name,
            value,
            value.lower(),
        )
    else:
        tx.run("DELETE FROM attributes WHERE user_id = ? AND name = ?", user.id, name)


def touch(tx: Transaction, user: User) -> None:
    """Set UserLastModifiedDate to now. BEHAVIOR.md, 10.7."""
    tx.run("UPDATE users SET modified = ? WHERE id = ?", tx.now, user.id)


def described(tx: Transaction, user: User, attributes_as: str) -> Response:
    """A user with all attributes, as the service shows one. Their key is `attributes_as`, which
    differs from operation to operation.
    """
    return as_shown(user, attributes_of(tx, user), attributes_as)


def as_shown(user: User, attributes: dict[str, str], attributes_as: str) -> Response:
    """Like `described`, with those attributes."""
    return {
        "Username": user.username,
        attributes_as: [{"Name": name, "Value": value} for name, value in attributes.items()],
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled == 1,
        "UserStatus": user.status,
    }


def admin_get_user(tx: Transaction, request: Request) -> Response:
    """AdminGetUser: the user's attributes, status and dates. BEHAVIOR.md, 1.4."""
    _, user = named_user(tx, request)
    return described(tx, user, "UserAttributes") | mfa_settings(user)


def mfa_settings(user: User) -> Response:
    """The second factors a user has on, as AdminGetUser and GetUser show them. Both members are
    left out if there are none.
    """
    factors, preferred = user.factors, user.preferred_factor
    return {
        **({"UserMFASettingList": factors} if factors else {}),
        **({"PreferredMfaSetting": preferred} if preferred else {}),
    }
