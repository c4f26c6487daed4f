"""Signing a user out everywhere: every sign-in of theirs is over, whatever client and device it
came from. BEHAVIOR.md, 8a and 10.6.
"""

from __future__ import annotations

from . import tokens
from .errors import NotAuthorizedException, UserNotFoundException
from .sessions import end_sessions
from .storage.store import Transaction
from .types import Request, Response
from .users import User, named_user


def global_sign_out(tx: Transaction, request: Request) -> Response:
    """GlobalSignOut: `{}`; no access or refresh token that the bearer was ever given is good any
    more, the one that was sent included.
    """
    try:
        user = tokens.bearer(tx, request["AccessToken"])
    except UserNotFoundException:
        # GlobalSignOut has no such error in the model.
        raise NotAuthorizedException("Access Token has been revoked") from None
    return _sign_out(tx, user)


def admin_user_global_sign_out(tx: Transaction, request: Request) -> Response:
    """AdminUserGlobalSignOut: `{}`; as GlobalSignOut, for a server with AWS credentials."""
    _, user = named_user(tx, request)
    return _sign_out(tx, user)


def _sign_out(tx: Transaction, user: User) -> Response:
    tx.run("UPDATE sign_ins SET revoked = 1 WHERE user_id = ?", user.id)
    end_sessions(tx, user)
    return {}
