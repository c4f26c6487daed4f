"""What interrupted lessons left behind: pools with the tutorial's tag, and the app clients and
users the lab created in pools without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from ..lab.lab import Lab
from ..tutorial_pool.settings import carries_tag, how_many_users

if TYPE_CHECKING:
    from botocore.client import BaseClient

POOL, PROTECTED_POOL, APP_CLIENT, USER = "pool", "protected pool", "app client", "user"
KINDS = [POOL, PROTECTED_POOL, APP_CLIENT, USER]
# AWS allows 15 DescribeUserPool calls per second for an account and Region.
LOOKS_A_SECOND = 15


class Leftover(NamedTuple):
    """A leftover that still exists. `kind` is one of `KINDS`, `id` the pool's, the app client's, or
    the user's `sub`, `about` the rest in words.
    """

    kind: str
    pool_id: str
    id: str
    name: str
    about: str

    @property
    def region(self) -> str:
        """Its Region."""
        return _region(self.pool_id)


@dataclass
class Found:
    """The result of a search: the leftovers, a note about each Region, and whether everything there
    could be read.
    """

    things: list[Leftover] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    everything: bool = True

    def miss(self, note: str) -> None:
        """Note that something couldn't be read."""
        self.notes.append(note)
        self.everything = False


def find(lab: Lab, regions: list[str], step: Callable[[str], None] = lambda _: None) -> Found:
    """Search `regions`. Nothing is changed. A Region that rejects a call or doesn't respond gets a
    sentence in `notes`, and the search continues in the others.
    """
    found = Found()
    for region in regions:
        try:
            with lab.requests.aside():
                _in_region(lab, region, found, step)
        except ClientError as error:
            found.miss(
                f"{region}: {error.operation_name} was rejected"
                f" ({error.response['Error']['Code']}), so what's there isn't known."
            )
        except BotoCoreError as error:
            found.miss(
                f"{region}: no answer ({type(error).__name__}), so what's there isn't known. Is"
                " that the name of a Region?"
            )
    return found


def still_there(lab: Lab, thing: Leftover) -> Leftover | None:
    """A leftover as it is now; None if it's gone, or no longer has the tutorial's tag."""
    client = lab.client_in(thing.region)
    with lab.requests.aside():
        if thing.kind == APP_CLIENT:
            return _client(client, thing.pool_id, thing.id)
        if thing.kind == USER:
            return _user(client, thing.pool_id, thing.name, thing.id)
        return _pool(lab, client, thing.id)


def _in_region(lab: Lab, region: str, found: Found, step: Callable[[str], None]) -> None:
    client = lab.client_in(region)
    pages = client.get_paginator("list_user_pools").paginate(MaxResults=60)
    listed = [pool["Id"] for page in pages for pool in page["UserPools"]]
    pools, hidden = [], 0
    for number, pool_id in enumerate(listed, start=1):
        # The list has no tags, so each pool is described.
        step(
            f"{region}: looking at pool {number} of {len(listed)}; {LOOKS_A_SECOND} a second at"
            " most"
        )
        try:
            pools.append(_pool(lab, client, pool_id))
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDeniedException":
                raise
            # A good policy allows reading only the tutorial's pools.
            hidden += 1
    ours = [pool for pool in pools if pool]
    clients = [
        _client(client, *pair)
        for pair in lab.inventory.clients
        if _region(pair[0]) == region and pair[1] != lab.client_id
    ]
    users = [_user(client, *user) for user in lab.inventory.users if _region(user[0]) == region]
    found.things += [thing for thing in [*ours, *clients, *users] if thing]
    count = f"{len(listed)} pool{'' if len(listed) == 1 else 's'}"
    may_not = f", {hidden} can't be read with these credentials" if hidden else ""
    found.everything = found.everything and not hidden
    found.notes.append(f"{region}: {count}, {len(ours)} with the tutorial's tag{may_not}.")


def _pool(lab: Lab, client: BaseClient, pool_id: str) -> Leftover | None:
    try:
        pool = client.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    except client.exceptions.ResourceNotFoundException:
        return None
    if not carries_tag(pool):
        return None
    protected = pool.get("DeletionProtection") == "ACTIVE"
    whose = (
        "created by this lab"
        if pool_id in lab.inventory.pools
        else "not created by this lab: on another computer, or by a colleague"
    )
    now = "; the pool of your lessons now" if pool_id == lab.pool_id else ""
    said = (
        f"created {_day(pool['CreationDate'])}, {how_many_users(pool)},"
        f" deletion protection {'on' if protected else 'off'}; {whose}{now}"
    )
    return Leftover(PROTECTED_POOL if protected else POOL, pool_id, pool_id, pool["Name"], said)


def _client(client: BaseClient, pool_id: str, client_id: str) -> Leftover | None:
    try:
        seen = client.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)[
            "UserPoolClient"
        ]
    except client.exceptions.ResourceNotFoundException:
        return None
    said = (
        f"in pool {pool_id}, created {_day(seen['CreationDate'])}"
        f"{', with a secret' if 'ClientSecret' in seen else ''}; created by this lab"
    )
    return Leftover(APP_CLIENT, pool_id, client_id, seen["ClientName"], said)


def _user(client: BaseClient, pool_id: str, name: str, sub: str) -> Leftover | None:
    """A user by their `sub`, since another user may have the name by now. ListUsers makes no one a
    monthly active user, which would cost.
    """
    try:
        users = client.list_users(UserPoolId=pool_id, Filter=f'sub = "{sub}"')["Users"]
    except client.exceptions.ResourceNotFoundException:
        return None
    if not users:
        return None
    said = (
        f"sub {sub}, in pool {pool_id}, created {_day(users[0]['UserCreateDate'])},"
        f" {users[0]['UserStatus']}; created by this lab"
    )
    return Leftover(USER, pool_id, sub, name, said)


def _region(pool_id: str) -> str:
    return pool_id.partition("_")[0]


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
