"""PreTokenGeneration: claims and groups as a function wants them. BEHAVIOR.md, 11.16."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import group_members
from ..pools import Pool
from ..storage.store import Transaction
from ..types import Claims
from ..users import User
from .invoke import Occasion, Trigger, are_texts, attributes, enabled_now, invoke, is_text

# What no function changes.
FIXED = {
    *("acr", "amr", "aud", "at_hash", "auth_time", "azp", "cognito:username", "exp", "iat"),
    *("identities", "iss", "jti", "nbf", "nonce", "origin_jti", "sub", "token_use"),
}
GROUPS, ROLES, ROLE = "cognito:groups", "cognito:roles", "cognito:preferred_role"


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def _fits(value: Any, members: dict[str, Any]) -> bool:
    """Is it a map whose members, if they're there, are what they must be?"""
    return isinstance(value, dict) and all(
        fits(value[name]) for name, fits in members.items() if value.get(name) is not None
    )


def _are_groups(value: Any) -> bool:
    lists = {"groupsToOverride": _is_list, "iamRolesToOverride": _is_list}
    return _fits(value, {**lists, "preferredRole": is_text})


def _is_override(value: Any) -> bool:
    return _fits(
        value,
        {
            "claimsToAddOrOverride": are_texts,
            "claimsToSuppress": _is_list,
            "groupOverrideDetails": _are_groups,
        },
    )


TRIGGER = Trigger(
    "PreTokenGeneration", {"claimsOverrideDetails": _is_override}, family="TokenGeneration"
)


@dataclass(frozen=True)
class Changes:
    """What a function wants to be different. `groups` is None if it leaves them as they are."""

    added: dict[str, str]
    suppressed: frozenset[str]
    groups: dict[str, Any] | None

    def of_groups(self, shared: Claims, roles: Claims) -> tuple[Claims, Claims]:
        """What both tokens say of groups, and what the ID token says besides."""
        if self.groups is None:
            return shared, roles
        said = {
            GROUPS: self.groups.get("groupsToOverride"),
            ROLES: self.groups.get("iamRolesToOverride"),
            ROLE: self.groups.get("preferredRole"),
        }
        kept = {name: value for name, value in said.items() if value}
        return {GROUPS: kept.pop(GROUPS)} if GROUPS in kept else {}, kept

    def of_identity(self, claims: Claims) -> Claims:
        """The claims of an ID token."""
        added = {name: value for name, value in self.added.items() if name not in FIXED}
        gone = self.suppressed - FIXED
        return {name: value for name, value in (claims | added).items() if name not in gone}


UNCHANGED = Changes({}, frozenset(), None)


def changes(tx: Transaction, pool: Pool, user: User, occasion: Occasion) -> Changes:
    """What PreTokenGeneration says of tokens that are about to be issued."""
    if TRIGGER.name not in pool.triggers:
        return UNCHANGED
    shared, roles = group_members.claims(tx, user)
    told = {
        "userAttributes": attributes(tx, pool, user),
        "groupConfiguration": {
            "groupsToOverride": shared.get(GROUPS, []),
            "iamRolesToOverride": roles.get(ROLES, []),
            "preferredRole": roles.get(ROLE),
        },
    }
    said = invoke(tx, pool, TRIGGER, occasion, user.username, told) or {}
    enabled_now(tx, user)
    wanted = said.get("claimsOverrideDetails", {})
    groups = wanted.get("groupOverrideDetails") or {}
    return Changes(
        wanted.get("claimsToAddOrOverride") or {},
        frozenset(wanted.get("claimsToSuppress") or ()),
        groups if "groupOverrideDetails" in wanted else None,
    )
