"""PreAuthentication and PostAuthentication. BEHAVIOR.md, 11.16."""

from __future__ import annotations

from dataclasses import replace

from ..clients import Client
from ..pools import Pool
from ..sessions import SignIn
from ..storage.store import Transaction
from ..users import User
from .invoke import Occasion, Trigger, attributes, enabled_now, invoke

PRE, POST = Trigger("PreAuthentication", {}), Trigger("PostAuthentication", {})
OCCASION = "Authentication"


def pre_authentication(
    tx: Transaction,
    pool: Pool,
    client: Client,
    user: User | None,
    username: str,
    metadata: dict[str, str] | None,
) -> User | None:
    """Let PreAuthentication reject a sign-in that begins; the user as they are then. The
    ClientMetadata is its validationData.
    """
    if PRE.name not in pool.triggers:
        return user
    told = {
        "userAttributes": attributes(tx, pool, user) if user else {},
        "validationData": metadata,
        **({"userNotFound": user is None} if client.hides_unknown_users else {}),
    }
    name = user.username if user else username
    invoke(tx, pool, PRE, Occasion(OCCASION, client.id), name, told)
    return enabled_now(tx, user) if user else None


def post_authentication(tx: Transaction, sign_in: SignIn) -> SignIn:
    """Tell PostAuthentication of a sign-in that's complete except for its tokens."""
    pool, client, user = sign_in.pool, sign_in.client, sign_in.user
    if POST.name not in pool.triggers:
        return sign_in
    told = {
        "userAttributes": attributes(tx, pool, user),
        "newDeviceUsed": pool.tracks_devices and sign_in.device_key is None,
    }
    occasion = Occasion(OCCASION, client.id, sign_in.metadata)
    invoke(tx, pool, POST, occasion, user.username, told)
    return replace(sign_in, user=enabled_now(tx, user))
