"""Which second factor a user is asked for. BEHAVIOR.md, 1.8 and 11.10."""

from __future__ import annotations

import json

from ..pools import Pool
from ..sessions import SignIn
from ..storage.store import Transaction
from ..types import Response
from ..users import User
from . import totp
from .names import MFA_SETUP
from .step import ask, to_user


def pose(tx: Transaction, sign_in: SignIn) -> Response | None:
    """Ask for a second factor, or to set one up; None if the user needs none."""
    if not asks(sign_in.pool, sign_in.user):
        return None
    if sign_in.user.totp_secret is None:
        # A list inside a string: the service sends it as JSON.
        offered = {"MFAS_CAN_SETUP": json.dumps(sign_in.pool.can_set_up)}
        return ask(tx, sign_in, MFA_SETUP, to_user(sign_in, offered))
    return totp.pose(tx, sign_in)


def asks(pool: Pool, user: User) -> bool:
    """Must `user` pass a second factor to sign in to `pool`?"""
    return pool.mfa == "ON" or (pool.mfa == "OPTIONAL" and bool(user.mfa_enabled))
