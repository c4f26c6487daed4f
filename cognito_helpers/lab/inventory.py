"""What the lab created and hasn't deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..backends.storage import Storage


class Created(NamedTuple):
    """What the lab created and hasn't deleted until now, and the pool and the app client the
    lessons use now.
    """

    pools: list[str]
    clients: list[tuple[str, str]]
    users: list[tuple[str, str, str]]
    current: tuple[str | None, str | None]

    def pool_of(self, client_id: str | None) -> str | None:
        """The pool of an app client the lab created or uses now; None for any other."""
        known = [*self.clients, self.current]
        return next((pool for pool, client in known if client and client == client_id), None)


class Inventory:
    """What the lab created and hasn't deleted, in every Region of an account: pools, and app
    clients and users by pool.

    It's kept in `storage`. `progress` has the pool and app client the lessons use now.
    """

    def __init__(self, storage: Storage, progress: Storage) -> None:
        self._storage, self._progress = storage, progress

    def look(self) -> Created:
        """All of it, as it is now: each file is read once."""
        kept = self._storage.all()
        now = kept if self._progress is self._storage else self._progress.all()
        made = _whole(kept.get("made"))
        return Created(
            list(made["pools"]),
            [(pool, client) for pool, client in made["clients"]],
            [(pool, name, sub) for pool, name, sub in made["users"]],
            (now.get("pool_id"), now.get("client_id")),
        )

    def _change(self, how: Callable[[dict[str, list[Any]]], dict[str, list[Any]]]) -> None:
        """Store what `how` makes of the current record, so that two open lessons don't undo each
        other.
        """
        self._storage.change("made", lambda made: how(_whole(made)))

    @property
    def pools(self) -> list[str]:
        """The IDs of the pools."""
        return self.look().pools

    @property
    def clients(self) -> list[tuple[str, str]]:
        """The app clients: each one's pool and ID."""
        return self.look().clients

    @property
    def users(self) -> list[tuple[str, str, str]]:
        """The users in pools the lab didn't create: each one's pool, name and `sub`. The users of a
        pool the lab created are deleted with the pool.
        """
        return self.look().users

    def add(
        self,
        operation: str,
        pool: str | None,
        client: str | None,
        user: str | None,
        response: dict[str, Any],
    ) -> None:
        """Record what a successful call created."""
        if operation == "CreateUserPool":
            self._change(lambda all: _with(all, "pools", response["UserPool"]["Id"]))
            return
        if operation == "CreateUserPoolClient":
            new = response["UserPoolClient"]["ClientId"]
            self._change(lambda all: _with(all, "clients", (pool, new)))
            return
        now = self.look()
        pool = pool or now.pool_of(client)
        if pool and pool not in now.pools:
            attributes = response.get("User", {}).get("Attributes", [])
            given = {one["Name"]: one["Value"] for one in attributes}
            sub = response.get("UserSub") or given.get("sub", "")
            self._change(lambda all: _with(all, "users", (pool, user, sub)))

    def remove(
        self, operation: str, pool: str | None, client: str | None, user: str | None
    ) -> None:
        """Remove from the record what a successful call deleted."""
        if operation == "DeleteUserPool":
            self._change(lambda all: _without_pool(all, pool))
        elif operation == "DeleteUserPoolClient":
            self._change(
                lambda all: {
                    **all,
                    "clients": [pair for pair in all["clients"] if pair[1] != client],
                }
            )
        else:
            self._change(
                lambda all: {
                    **all,
                    "users": [one for one in all["users"] if one[0] != pool or user not in one[1:]],
                }
            )


def _whole(made: dict[str, list[Any]] | None) -> dict[str, list[Any]]:
    return {"pools": [], "clients": [], "users": []} | (made or {})


def _with(all_: dict[str, list[Any]], kind: str, thing: Any) -> dict[str, list[Any]]:
    return {**all_, kind: [*all_[kind], thing]}


def _without_pool(all_: dict[str, list[Any]], pool: str | None) -> dict[str, list[Any]]:
    """The record without a deleted pool, and everything in it."""
    return {
        "pools": [one for one in all_["pools"] if one != pool],
        **{kind: [one for one in all_[kind] if one[0] != pool] for kind in ("clients", "users")},
    }
