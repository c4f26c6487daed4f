"""PreSignUp and PostConfirmation. BEHAVIOR.md, 11.16."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InvalidLambdaResponseException
from ..pools import Pool
from ..storage.store import Transaction
from ..types import Request
from ..users import User
from .invoke import Occasion, Trigger, as_now, attributes, invoke, is_flag

PRE = Trigger(
    "PreSignUp",
    {"autoConfirmUser": is_flag, "autoVerifyEmail": is_flag, "autoVerifyPhone": is_flag},
    unsaid=False,
)
POST = Trigger("PostConfirmation", {})
SIGN_UP, BY_ADMIN = "SignUp", "AdminCreateUser"
CONFIRMED, RESET = "ConfirmSignUp", "ConfirmForgotPassword"
# The flag that verifies an address.
VERIFIES = {"email": "autoVerifyEmail", "phone_number": "autoVerifyPhone"}


@dataclass(frozen=True)
class Wanted:
    """What PreSignUp wants of a new user."""

    confirms: bool
    verified: dict[str, str]


def pre_sign_up(
    tx: Transaction,
    pool: Pool,
    occasion: Occasion,
    username: str,
    given: dict[str, str],
    request: Request,
) -> Wanted | None:
    """What PreSignUp says of a user who isn't there yet; None if there's no such trigger."""
    if PRE.name not in pool.triggers:
        return None
    sent = request.get("ValidationData")
    data = {one["Name"]: one.get("Value", "") for one in sent} if sent else None
    said = invoke(
        tx, pool, PRE, occasion, username, {"userAttributes": given, "validationData": data}
    )
    said = said or {}
    wanted = [name for name, flag in VERIFIES.items() if said.get(flag)]
    if not all(given.get(name) for name in wanted):
        raise InvalidLambdaResponseException
    return Wanted(
        bool(said.get("autoConfirmUser")), {f"{name}_verified": "true" for name in wanted}
    )


def post_confirmation(tx: Transaction, pool: Pool, occasion: Occasion, user: User) -> User:
    """Tell PostConfirmation of a user; the user as they are then."""
    if POST.name not in pool.triggers:
        return user
    # Just confirmed: the row says so, `user` doesn't yet.
    user = as_now(tx, user)
    told = {"userAttributes": attributes(tx, pool, user)}
    invoke(tx, pool, POST, occasion, user.username, told)
    return as_now(tx, user)
