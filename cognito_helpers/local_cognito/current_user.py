"""What a user may do with an access token alone: no AWS credentials, no password."""

from __future__ import annotations

from . import tokens
from .storage.store import Transaction
from .types import Request, Response
from .users import described, mfa_settings


def get_user(tx: Transaction, request: Request) -> Response:
    """GetUser: the name of whoever the access token belongs to, those attributes that its app
    client may read, and the chosen second factors.
    """
    user, client = tokens.bearer_and_client(tx, request["AccessToken"])
    readable = client.settings.get("ReadAttributes")
    shown = described(tx, user, "UserAttributes")
    attributes = [
        attribute
        for attribute in shown["UserAttributes"]
        if not readable or attribute["Name"] in {"sub", *readable}
    ]
    return {"Username": shown["Username"], "UserAttributes": attributes, **mfa_settings(user)}


def delete_user(tx: Transaction, request: Request) -> Response:
    """DeleteUser: nothing comes back; whoever the access token belongs to is gone for good.
    BEHAVIOR.md, 1.15.
    """
    user = tokens.bearer(tx, request["AccessToken"])
    tx.run("DELETE FROM users WHERE id = ?", user.id)
    return {}
