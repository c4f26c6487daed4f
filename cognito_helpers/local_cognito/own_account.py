"""What a user may do with an access token alone: no AWS credentials, no password."""

from __future__ import annotations

from typing import Any

from . import tokens
from .store import Transaction
from .users import described, mfa_preference


def get_user(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """GetUser: the name, the attributes and the chosen second factors of whoever the access token belongs to."""
    user = tokens.bearer(tx, request["AccessToken"])
    shown = described(tx, user, "UserAttributes")
    return {name: shown[name] for name in ("Username", "UserAttributes")} | mfa_preference(user)


def delete_user(tx: Transaction, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteUser: nothing comes back; whoever the access token belongs to is gone for good. Behaviour page, 1.15."""
    user = tokens.bearer(tx, request["AccessToken"])
    tx.run("DELETE FROM users WHERE id = ?", user.id)
    return {}
