"""Tags: what the owner of a pool writes on it, by the pool's Amazon Resource Name (ARN)."""

from __future__ import annotations

import json
from typing import Any

from .errors import InvalidParameterException, ResourceNotFoundException, UserPoolTaggingException
from .pool_settings import MOST_TAGS
from .pools import Pool, find_pool
from .store import Transaction


def tag_resource(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """TagResource: `{}`; the tags join those that the pool has, and one of the same key takes the
    new value.
    """
    pool = _pool_of(tx, request["ResourceArn"])
    tags = {**pool.settings["UserPoolTags"], **request["Tags"]}
    if len(tags) > MOST_TAGS:
        raise InvalidParameterException(UserPoolTaggingException.message)
    tx.run(
        "UPDATE pools SET settings = ? WHERE id = ?",
        json.dumps({**pool.settings, "UserPoolTags": tags}),
        pool.id,
    )
    return {}


def list_tags_for_resource(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """ListTagsForResource: `{"Tags": {...}}`, by their keys."""
    return {"Tags": _pool_of(tx, request["ResourceArn"]).settings["UserPoolTags"]}


def _pool_of(tx: Transaction, arn: str) -> Pool:
    """The pool of that ARN, which is the only kind of thing here that has one."""
    pool = find_pool(tx, arn.rpartition("/")[2])
    if arn != pool.settings["Arn"]:
        raise ResourceNotFoundException(f"User pool {pool.id} does not exist.")
    return pool
