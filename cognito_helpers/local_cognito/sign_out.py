"""Signing a user out everywhere: it ends every sign-in, of any client and device. BEHAVIOR.md, 8a
and 10.6.
"""

from __future__ import annotations

from . import tokens
from .errors import NotAuthorizedException, UserNotFoundException
from .sessions import end_sessions
from .storage.store import Transaction
from .types import Request, Response
from .users import User, named_user


def global_sign_out(tx: Transaction, request: Request) -> Response:
    """GlobalSignOut: `{}`; all access and refresh tokens of the user stop working, including the
    one that was sent.
    """
    try:
        user = tokens.bearer(tx, request["AccessToken"])
    except UserNotFoundException:
        # GlobalSignOut has no such error in the model.
        raise NotAuthorizedException("Access Token has been revoked") from None
    return _sign_out(tx, user)


def admin_user_global_sign_out(tx: Transaction, request: Request) -> Response:
    """AdminUserGlobalSignOut: `{}`; like GlobalSignOut, for a server with IAM credentials."""
    _, user = named_user(tx, request)
    return _sign_out(tx, user)


def _sign_out(tx: Transaction, user: User) -> Response:
    tx.run("UPDATE sign_ins SET revoked = 1 WHERE user_id = ?", user.id)
    end_sessions(tx, user)
    return {}
