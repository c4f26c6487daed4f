"""What the lab made, and the guard that lets nothing else be changed or deleted.

A pool is the tutorial's by its tag, which anybody can see and take off. In a pool without the tag
only the users and app clients that the lab made itself may be changed or deleted; they are written
down when the service says that they are there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ..calls.listeners import Call, Listener, Place
from ..errors import LessonError
from ..sign_in.tokens import claims_of
from ..tutorial_pool.settings import TAGS, carries_tag
from .inventory import Inventory

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


class Guard(Listener):
    """Stands between a client and the service: a call that would change or delete what is not the
    tutorial's raises `LessonError` and is never sent, and what the others make is written down in
    `made`. The guard's own calls, to see a pool's tag, are made within `aside`.
    """

    place = Place.GUARD
    in_every_region = True

    def __init__(self, made: Inventory, aside: Callable[[], AbstractContextManager[None]]) -> None:
        self._made, self._aside = made, aside

    def before_call(self, call: Call) -> None:
        model, made = call.model, self._made
        about = _about(model.name, call.params)
        if _is_harmless(model):
            return
        if not _names_a_pool(model):
            raise LessonError(
                f"{model.name} was not sent: it changes the whole account, and the lab changes"
                " nothing but what it made."
            )
        # Where no pool is named, boto3 or the service says so better.
        if not isinstance(about["pool"], str) or self._is_tagged(call.client, about["pool"]):
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

    def after_call(self, call: Call, status: int, response: dict[str, Any]) -> None:
        if status < 300:
            self._made.note(call.operation, _about(call.operation, call.params), response)

    def _is_tagged(self, client: BaseClient, pool_id: str) -> bool:
        try:
            with self._aside():
                return carries_tag(client.describe_user_pool(UserPoolId=pool_id)["UserPool"])
        except client.exceptions.ResourceNotFoundException:
            # There is nothing to protect, and the service says so better.
            return True


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
