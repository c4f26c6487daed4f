"""The sessions that lead from SignUp through ConfirmSignUp to USER_AUTH: a user who has just
confirmed an address needn't sign in. BEHAVIOR.md, 11.6.
"""

from __future__ import annotations

from . import user_factors
from .challenges.names import CONFIRMED, SIGNED_UP
from .challenges.order import next_step
from .challenges.step import Passed, Proved
from .clients import Client
from .crypto import random_values
from .errors import NotAuthorizedException
from .pools import Pool
from .sessions import INVALID, Session, SignIn, find_session, open_session, use_session
from .storage.store import Transaction
from .types import Response
from .users import User

FLOW = "USER_AUTH"


def begin(tx: Transaction, client: Client, user: User) -> Response:
    """SignUp's `Session`, for clients that allow USER_AUTH."""
    if not client.allows(FLOW):
        return {}
    return {"Session": open_session(tx, client, user.id, random_values.new_uuid(), SIGNED_UP)}


def confirm(tx: Transaction, client: Client, user: User, session: str | None) -> Response:
    """ConfirmSignUp's `Session`, if SignUp's was sent along."""
    if session is None or not client.allows(FLOW):
        return {}
    found = _own(tx, client, user, session, SIGNED_UP)
    use_session(tx, found)
    return {"Session": open_session(tx, client, user.id, found.attempt, CONFIRMED)}


def sign_in(
    tx: Transaction,
    pool: Pool,
    client: Client,
    user: User,
    session: str,
) -> Response:
    """Tokens for ConfirmSignUp's session, once, and only if the user needs no second factor."""
    found = _own(tx, client, user, session, CONFIRMED)
    if user.status != "CONFIRMED" or pool.mfa == "ON" or user_factors.second(tx, pool, user):
        raise NotAuthorizedException(INVALID)
    use_session(tx, found)
    signed_in = SignIn(pool, client, user, found.attempt)
    return next_step(tx, Passed(Proved.NO_PASSWORD, signed_in))


def _own(tx: Transaction, client: Client, user: User, session: str, expects: str) -> Session:
    found = find_session(tx, session)
    if (found.user_id, found.client_id, found.expects) != (user.id, client.id, expects):
        raise NotAuthorizedException(INVALID)
    return found
