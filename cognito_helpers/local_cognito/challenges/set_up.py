"""MFA_SETUP: a user without a second factor sets one up during the sign-in, an authenticator app
or an email address. BEHAVIOR.md, 1.8 and 11.11.
"""

from __future__ import annotations

import json

from .. import attributes, user_factors, user_names
from ..errors import CognitoError, InvalidParameterException, NotAuthorizedException
from ..sessions import INVALID, Session, SignIn, spend_session
from ..storage.store import Transaction
from ..types import Response
from . import codes
from .names import EMAIL_OTP, MFA_SETUP, SETUP_VERIFIED
from .step import Passed, Proved, ask, to_user


def pose(tx: Transaction, sign_in: SignIn) -> Response:
    """Ask a user to set a factor up."""
    # A list inside a string: the service sends it as JSON.
    offered = {"MFAS_CAN_SETUP": json.dumps(sign_in.pool.second_factors)}
    return ask(tx, sign_in, MFA_SETUP, to_user(sign_in, offered))


def answer(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Accept a session that has been through VerifySoftwareToken, without another code. If an
    email address is sent instead, send it a code.
    """
    address = responses.get("EMAIL", responses.get("email"))
    if address is not None:
        return _by_email(tx, sign_in, session, address)
    if session.expects != SETUP_VERIFIED:
        raise NotAuthorizedException(INVALID)
    return Passed(Proved.ALL, sign_in)


def _by_email(tx: Transaction, sign_in: SignIn, session: Session, address: str) -> Response:
    pool, user, given = sign_in.pool, sign_in.user, {"email": address}
    if session.expects == SETUP_VERIFIED or user_factors.second(tx, pool, user):
        # Else anyone who once knew the password could put another factor beside the owner's.
        raise NotAuthorizedException(INVALID)
    try:
        if EMAIL_OTP not in pool.second_factors or not address:
            raise InvalidParameterException("Invalid email address format.")
        attributes.reject_invalid(pool, given)
        user_names.reject_taken_by_another(tx, pool, user, given)
    except CognitoError:
        spend_session(tx, session)
        raise
    return codes.pose(tx, sign_in, EMAIL_OTP, codes.SET_UP, address)
