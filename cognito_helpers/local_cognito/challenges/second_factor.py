"""Which second factor a user is asked for, and SELECT_MFA_TYPE, the choice between several.
BEHAVIOR.md, 1.8 and 11.10.
"""

from __future__ import annotations

import json

from .. import user_factors
from ..errors import InvalidParameterException
from ..sessions import Session, SignIn
from ..storage.store import Transaction
from ..types import Response
from . import codes, set_up, totp
from .names import SELECT_MFA_TYPE, SOFTWARE_TOKEN_MFA
from .step import Passed, ask, to_user


def pose(tx: Transaction, sign_in: SignIn) -> Response | None:
    """Ask for a second factor, for a choice, or to set one up; None if the user needs none."""
    usable = user_factors.second(tx, sign_in.pool, sign_in.user)
    if not usable:
        return set_up.pose(tx, sign_in) if sign_in.pool.mfa == "ON" else None
    if len(usable) == 1:
        return _pose(tx, sign_in, usable[0])
    told = {"MFAS_CAN_CHOOSE": json.dumps(usable)}
    return ask(tx, sign_in, SELECT_MFA_TYPE, to_user(sign_in, told))


def select(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Ask for the factor the user has chosen."""
    chosen = responses["ANSWER"]
    if chosen not in user_factors.second(tx, sign_in.pool, sign_in.user):
        raise InvalidParameterException("The selected MFA type isn't one of those to choose from.")
    return _pose(tx, sign_in, chosen)


def _pose(tx: Transaction, sign_in: SignIn, factor: str) -> Response:
    if factor == SOFTWARE_TOKEN_MFA:
        return totp.pose(tx, sign_in)
    return codes.pose(tx, sign_in, factor)
