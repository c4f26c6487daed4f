"""How users are named: a user name, an email address or phone number instead, and aliases.
BEHAVIOR.md, 1.1 and 10.1.
"""

from __future__ import annotations

import re

from .errors import AliasExistsException, InvalidParameterException, UsernameExistsException
from .pools import Pool
from .storage.store import Transaction
from .users import User, attributes_of, find_user, holder, set_attribute, touch

# The guide's page on attributes describes the format of a phone number; about email addresses it
# says little.
FORMATS = {"email": re.compile(r"[^\s@]+@[^\s@]+"), "phone_number": re.compile(r"\+[0-9]+")}
# The attributes that can be verified; the mark of a verified one has the same name and "_verified".
VERIFIABLE = tuple(FORMATS)
_IN_WORDS = {"email": "email", "phone_number": "phone number"}
_WANTED = {
    ("email",): "Username should be an email.",
    ("phone_number",): "Username should be a phone number.",
    ("email", "phone_number"): "Username should be either an email or a phone number.",
}


def attribute_of_name(pool: Pool, username: str) -> dict[str, str]:
    """The attribute that `username` becomes in a pool with email addresses or phone numbers as user
    names; none in other pools.

    Rejects a name of the wrong kind for the pool, and one that could be mistaken for an alias.
    """
    kind = next((name for name, written in FORMATS.items() if written.fullmatch(username)), None)
    if pool.username_attributes:
        if kind not in pool.username_attributes:
            raise InvalidParameterException(_WANTED[tuple(sorted(set(pool.username_attributes)))])
        return {kind: username}
    if kind in pool.aliases:
        words = _IN_WORDS[kind]
        raise InvalidParameterException(
            f"Username cannot be of {words} format, since user pool is configured for {words}"
            " alias."
        )
    return {}


def reject_taken(
    tx: Transaction, pool: Pool, username: str, attributes: dict[str, str], *, force: bool = False
) -> None:
    """Reject a new user whose name is taken, or who would at once have an alias that is.

    `force` is ForceAliasCreation, which takes a verified address from its current user.
    """
    for name in pool.username_attributes:
        if attributes.get(name) and holder(tx, pool, name, attributes[name]):
            raise UsernameExistsException(f"An account with the given {name} already exists.")
    if not pool.username_attributes and find_user(tx, pool, username):
        raise UsernameExistsException
    if "preferred_username" in pool.aliases and attributes.get("preferred_username"):
        _reject_name_like_another_alias(pool, attributes["preferred_username"])
    proved = (
        []
        if force
        else [name for name in VERIFIABLE if attributes.get(f"{name}_verified") == "true"]
    )
    for name in {*proved, "preferred_username"}.intersection(pool.aliases):
        if attributes.get(name) and find_user(tx, pool, attributes[name]):
            raise UsernameExistsException(f"An account with the {name} already exists.")


def reject_taken_by_another(
    tx: Transaction, pool: Pool, user: User, changes: dict[str, str]
) -> None:
    """Reject changes that would give `user` another user's name. An unverified address is no one's
    alias.
    """
    for name in pool.username_attributes:
        if changes.get(name) and _is_another(holder(tx, pool, name, changes[name]), user):
            raise AliasExistsException(f"An account with the given {name} already exists.")
    if "preferred_username" in pool.aliases and changes.get("preferred_username"):
        _reject_name_like_another_alias(pool, changes["preferred_username"])
        if _is_another(find_user(tx, pool, changes["preferred_username"]), user):
            raise AliasExistsException("An account with the preferred_username already exists.")


def _reject_name_like_another_alias(pool: Pool, name: str) -> None:
    # Otherwise a user could go by an address that isn't theirs, and get what is meant for its
    # owner.
    if any(kind in pool.aliases and written.fullmatch(name) for kind, written in FORMATS.items()):
        raise InvalidParameterException(
            "preferred_username cannot be written like another alias of the user pool."
        )


def reject_alias_too_early(pool: Pool, status: str, attributes: dict[str, str]) -> None:
    """The guide's page on attributes: if preferred_username is an alias, it's given once the user
    is confirmed, and never at sign-up.
    """
    if (
        status == "UNCONFIRMED"
        and "preferred_username" in pool.aliases
        and attributes.get("preferred_username")
    ):
        raise InvalidParameterException(
            "preferred_username is an alias: set it once the user is confirmed."
        )


def claim(tx: Transaction, pool: Pool, user: User, attribute: str, *, force: bool) -> None:
    """Let `user` go by their `attribute`, just verified. If another user has it, reject this, or
    with `force` take it from them.
    """
    other = (
        holder(tx, pool, attribute, attributes_of(tx, user)[attribute])
        if attribute in pool.aliases
        else None
    )
    if other is None or other.id == user.id:
        return
    if not force:
        raise AliasExistsException(f"An account with the {attribute} already exists.")
    set_attribute(tx, other, f"{attribute}_verified", "false")
    touch(tx, other)


def _is_another(found: User | None, user: User) -> bool:
    return found is not None and found.id != user.id
