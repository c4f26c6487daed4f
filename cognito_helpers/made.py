"""What the lab made, and the guard that lets nothing else be changed or deleted.

A pool is the tutorial's by its tag, which anybody can see and take off. In a pool without the tag
only the users and app clients that the lab made itself may be changed or deleted; they are written
down when the service says that they are there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from .backends.storage import Memory
from .errors import LessonError
from .sign_in.tokens import claims_of
from .tutorial_pool.settings import TAGS, carries_tag

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.model import OperationModel

# A call that changes nothing, by how its name begins; and those that only add something, or are a
# user's own sign-in.
READS = ("Get", "Describe", "List", "AdminGet", "AdminList")
HARMLESS = {
    "CreateUserPool",
    "CreateUserPoolClient",
    "AdminCreateUser",
    "AdminInitiateAuth",
    "AdminRespondToAuthChallenge",
}
# Where the guard keeps, from a call to its answer, what the call was about.
ABOUT = "cognito-tutorial"


class Made:
    """What the lab made and did not delete since, in every Region of an account: pools, and app
    clients and users by the pool that they are in.

    It is kept in `memory`. `current` says which pool and app client the lessons use now.
    """

    def __init__(
        self, memory: Memory, current: Callable[[], tuple[str | None, str | None]]
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


def watch(
    client: BaseClient, made: Made, aside: Callable[[], AbstractContextManager[None]]
) -> None:
    """Stand between a client and the service: a call that would change or delete what is not the
    tutorial's raises `LessonError` and is never sent, and what the others make is written down in
    `made`. The guard's own calls, to see a pool's tag, are made within `aside`.
    """

    def tagged(pool_id: str) -> bool:
        try:
            with aside():
                return carries_tag(client.describe_user_pool(UserPoolId=pool_id)["UserPool"])
        except client.exceptions.ResourceNotFoundException:
            # There is nothing to protect, and the service says so better.
            return True

    def before(
        params: dict[str, Any], model: OperationModel, context: dict[str, Any], **_: Any
    ) -> None:
        about = context[ABOUT] = _about(model.name, params)
        if _is_harmless(model):
            return
        if not _names_a_pool(model):
            raise LessonError(
                f"{model.name} was not sent: it changes the whole account, and the lab changes"
                " nothing but what it made."
            )
        # Where no pool is named, boto3 or the service says so better.
        if not isinstance(about["pool"], str) or tagged(about["pool"]):
            return
        of_client = model.name.endswith("UserPoolClient")
        if of_client and (about["pool"], about["client"]) in made.clients:
            return
        if about["user"] and any(
            about["pool"] == pool and about["user"] in (name, sub) for pool, name, sub in made.users
        ):
            return
        tag = ", ".join(f"{name}: {value}" for name, value in TAGS.items())
        what = (
            f"app client {about['client']}"
            if of_client
            else f"user {about['user']}"
            if about["user"]
            else "the pool"
        )
        raise LessonError(
            f"{model.name} was not sent: pool {about['pool']} is without the tutorial's tag"
            f" ({tag}), and the lab did not make {what}, so it is left as it is. To go on with a"
            " pool of the tutorial's own, run lab.forget_pool(), then lesson 00."
        )

    def after(
        http_response: Any,
        parsed: dict[str, Any],
        model: OperationModel,
        context: dict[str, Any],
        **_: Any,
    ) -> None:
        if http_response.status_code < 300:
            made.note(model.name, context[ABOUT], parsed)

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"provide-client-params.{service}", before)
    client.meta.events.register(f"after-call.{service}", after)


def _is_harmless(model: OperationModel) -> bool:
    if model.name == "DeleteUser":
        return False
    return model.auth_type == "none" or model.name in HARMLESS or model.name.startswith(READS)


def _names_a_pool(model: OperationModel) -> bool:
    return not {"UserPoolId", "ResourceArn", "AccessToken"}.isdisjoint(model.input_shape.members)


def _about(operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """Which pool, app client and user a call names, None where it names none. Nothing secret is in
    it.
    """
    if operation == "DeleteUser":
        # boto3 says better than anybody here what is no text at all.
        return {"client": None, **_bearer(str(params.get("AccessToken")))}
    arn = params.get("ResourceArn")
    pool = arn.rpartition("/")[2] if isinstance(arn, str) else params.get("UserPoolId")
    return {"pool": pool, "client": params.get("ClientId"), "user": params.get("Username")}


def _bearer(token: str) -> dict[str, Any]:
    """The pool and the `sub` of an access token; None for what is no token, which the service
    refuses.
    """
    import jwt

    try:
        claims = claims_of(token)
    except jwt.DecodeError:
        claims = {}
    return {
        "pool": str(claims.get("iss") or "").rpartition("/")[2] or None,
        "user": claims.get("sub"),
    }
