"""What the lab created and did not delete since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..backends.storage import Storage


class Inventory:
    """What the lab made and did not delete since, in every Region of an account: pools, and app
    clients and users by the pool that they are in.

    It is kept in `memory`. `current` says which pool and app client the lessons use now.
    """

    def __init__(
        self, memory: Storage, current: Callable[[], tuple[str | None, str | None]]
    ) -> None:
        self._memory, self._current = memory, current

    def _all(self) -> dict[str, list[Any]]:
        return {"pools": [], "clients": [], "users": []} | dict(self._memory.get("made") or {})

    def _change(self, kind: str, how: Callable[[list[Any]], list[Any]]) -> None:
        """Write down what `how` makes of what is written down now, so that two lessons that are
        open at once do not undo each other.
        """
        self._memory.change(
            "made", lambda made: {**(made or {}), kind: how(list((made or {}).get(kind, [])))}
        )

    @property
    def pools(self) -> list[str]:
        """The ids of the pools."""
        return list(self._all()["pools"])

    @property
    def clients(self) -> list[tuple[str, str]]:
        """The app clients: each one's pool and id."""
        return [(pool, client) for pool, client in self._all()["clients"]]

    @property
    def users(self) -> list[tuple[str, str, str]]:
        """The users in pools that the lab did not make: each one's pool, name and `sub`. Whoever is
        in a pool of the lab's goes with it.
        """
        return [(pool, name, sub) for pool, name, sub in self._all()["users"]]

    def note(self, operation: str, about: dict[str, Any], answer: dict[str, Any]) -> None:
        """Write down what a call that went well made, or took away."""
        if operation == "CreateUserPool":
            self._change("pools", lambda pools: [*pools, answer["UserPool"]["Id"]])
        elif operation == "CreateUserPoolClient":
            self._change(
                "clients",
                lambda clients: [*clients, (about["pool"], answer["UserPoolClient"]["ClientId"])],
            )
        elif operation in ("SignUp", "AdminCreateUser"):
            self._note_user(operation, about, answer)
        elif operation == "DeleteUserPool":
            self.forget_pool(about["pool"])
        elif operation == "DeleteUserPoolClient":
            self._change(
                "clients", lambda clients: [pair for pair in clients if pair[1] != about["client"]]
            )
        elif operation in ("DeleteUser", "AdminDeleteUser"):
            self._change(
                "users",
                lambda users: [
                    user
                    for user in users
                    if user[0] != about["pool"] or about["user"] not in user[1:]
                ],
            )

    def forget_pool(self, pool_id: str) -> None:
        """A pool is gone, and everything in it."""
        self._change("pools", lambda pools: [pool for pool in pools if pool != pool_id])
        for kind in ("clients", "users"):
            self._change(kind, lambda things: [thing for thing in things if thing[0] != pool_id])

    def _note_user(self, operation: str, about: dict[str, Any], answer: dict[str, Any]) -> None:
        pool = about["pool"] or next(
            (
                pool
                for pool, client in [*self.clients, self._current()]
                if client == about["client"]
            ),
            None,
        )
        if pool and pool not in self.pools:
            given = {
                one["Name"]: one["Value"] for one in answer.get("User", {}).get("Attributes", [])
            }
            self._change(
                "users",
                lambda users: [
                    *users,
                    (pool, about["user"], answer.get("UserSub") or given.get("sub", "")),
                ],
            )
