"""The guard: nothing is changed or deleted except what's the tutorial's.

A pool is the tutorial's by its tag, which anyone can see and remove. In a pool without the tag only
the users and app clients the lab created itself may be changed or deleted; `Inventory` has them. A
user's own sign-in is always allowed: it needs their password.

Calls the guard can't judge are allowed: an unsigned call through an app client the lab neither
created nor uses, and a pool these credentials don't find, such as one in another account.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple

from ..calls.effects import EFFECTS, Effect, effect_of
from ..calls.listeners import Call, Listener, Place
from ..errors import LessonError
from ..sign_in.tokens import claims_of
from ..tutorial_pool.lessons import Lesson
from ..tutorial_pool.settings import TAGS, carries_tag
from .inventory import Created, Inventory

if TYPE_CHECKING:
    from botocore.client import BaseClient

# A user can be named by the values of these, if the pool allows signing in with them.
ALIASES = ("email", "phone_number", "preferred_username")


class Target(NamedTuple):
    """Which pool, app client and user a call is about; None if it names none. It has nothing
    secret. `user` is a name or a `sub`.
    """

    pool: str | None
    client: str | None
    user: str | None

    def located(self, created: Created) -> Target:
        """With the pool of the app client, if the call names no pool."""
        return self._replace(pool=self.pool or created.pool_of(self.client))


class Guard(Listener):
    """A listener between a client and the service: a call that would change or delete what isn't
    the tutorial's raises `LessonError` and isn't sent; what other calls create is recorded in
    `inventory`. The guard's own calls are made within `aside`.
    """

    place = Place.GUARD
    in_every_region = True

    def __init__(
        self, inventory: Inventory, aside: Callable[[], AbstractContextManager[object]]
    ) -> None:
        self._inventory, self._aside = inventory, aside

    def before_call(self, call: Call) -> None:
        effect = effect_of(call.operation, call.params)
        if effect in (Effect.READ, Effect.CREATES, Effect.SIGN_IN):
            return
        if effect == Effect.ACCOUNT:
            raise LessonError(
                f"{call.operation} wasn't sent: it changes the whole account, and the lab only"
                " changes what it created."
            )
        created = self._inventory.look()
        target = _target(call).located(created)
        # If no pool is named, boto3 or the service has the better error.
        if target.pool is not None and not self._is_ours(call.client, effect, target, created):
            elsewhere = effect == Effect.TOKEN_USER and not _in_region_of(call.client, target.pool)
            sentence = _wrong_region if elsewhere else _not_ours
            raise LessonError(sentence(call, effect, target))

    def after_call(self, call: Call, status: int, response: dict[str, Any]) -> None:
        if status >= 300:
            return
        # RESEND creates no user.
        if (
            EFFECTS.get(call.operation) == Effect.CREATES
            and call.params.get("MessageAction") != "RESEND"
        ):
            self._inventory.add(call.operation, *_target(call), response)
        elif call.operation in DELETES:
            self._inventory.remove(call.operation, *_target(call))

    def _is_ours(
        self, client: BaseClient, effect: Effect, target: Target, created: Created
    ) -> bool:
        if effect == Effect.CLIENT and (target.pool, target.client) in created.clients:
            return True
        if effect in (Effect.USER, Effect.TOKEN_USER) and self._created_user(
            client, target, created
        ):
            return True
        if effect == Effect.TOKEN_USER and not _in_region_of(client, target.pool):
            # A pool that isn't found may exist elsewhere: endpoints other than AWS's may accept the
            # token.
            return False
        return self._is_tagged(client, target.pool)

    def _created_user(self, client: BaseClient, target: Target, created: Created) -> bool:
        """Whether the lab created the user, and the name is still theirs: a user deleted elsewhere
        may have been replaced by another of the same name.
        """
        for pool, name, sub in created.users:
            if pool != target.pool or target.user not in (name, sub) or not sub:
                continue
            if target.user == sub:
                return True
            with self._aside():
                found = client.list_users(UserPoolId=pool, Filter=f'sub = "{sub}"')["Users"]
            if found and target.user in _names(found[0]):
                return True
        return False

    def _is_tagged(self, client: BaseClient, pool_id: str | None) -> bool:
        try:
            with self._aside():
                return carries_tag(client.describe_user_pool(UserPoolId=pool_id)["UserPool"])
        except client.exceptions.ResourceNotFoundException:
            # There's nothing to protect, and the service has the better error.
            return True


def _target(call: Call) -> Target:
    params = call.params
    if "AccessToken" in params:
        # boto3 has the better error for a value that isn't a string.
        return _bearer(str(params["AccessToken"]))
    client, arn, pool = (params.get(name) for name in ("ClientId", "ResourceArn", "UserPoolId"))
    if isinstance(arn, str):
        pool = arn.rpartition("/")[2]
    inner = params.get("ChallengeResponses")
    in_challenge = inner.get("USERNAME") if isinstance(inner, dict) else None
    user = params.get("Username") or in_challenge
    return Target(*(one if isinstance(one, str) else None for one in (pool, client, user)))


DELETES = ("DeleteUserPool", "DeleteUserPoolClient", "DeleteUser", "AdminDeleteUser")


def _in_region_of(client: BaseClient, pool_id: str | None) -> bool:
    """Whether a pool is in the Region of a client: a pool's ID begins with its Region."""
    region: str = client.meta.region_name
    return str(pool_id).partition("_")[0] == region


def _names(user: dict[str, Any]) -> set[str]:
    """The names by which an operation finds a user."""
    attributes = {one["Name"]: one["Value"] for one in user["Attributes"]}
    return {user["Username"], *(attributes[name] for name in ALIASES if name in attributes)}


def _wrong_region(call: Call, effect: Effect, target: Target) -> str:
    region = str(target.pool).partition("_")[0]
    return (
        f"{call.operation} wasn't sent: the access token is from pool {target.pool}, and this"
        f" client calls Region {call.client.meta.region_name}. Use a client for the pool's Region:"
        f' lab.client_in("{region}").'
    )


def _not_ours(call: Call, effect: Effect, target: Target) -> str:
    tag = ", ".join(f"{name}: {value}" for name, value in TAGS.items())
    what = "the pool"
    if effect == Effect.CLIENT:
        what = f"app client {target.client}"
    elif target.user:
        what = f"user {target.user}"
    return (
        f"{call.operation} wasn't sent: pool {target.pool} doesn't have the tutorial's tag"
        f" ({tag}), and the lab didn't create {what}, so it stays as it is. To continue with a"
        " pool of the tutorial's own, run lab.forget_pool(), then lesson"
        f" {Lesson.CREATE_A_USER_POOL}."
    )


def _bearer(token: str) -> Target:
    """The pool and the `sub` of an access token; None for an invalid token, which the service
    rejects.
    """
    import jwt

    try:
        claims = claims_of(token)
    except jwt.DecodeError:
        claims = {}
    user = claims.get("sub")
    pool = str(claims.get("iss") or "").rpartition("/")[2]
    return Target(pool or None, None, user if isinstance(user, str) else None)
