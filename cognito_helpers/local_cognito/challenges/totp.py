"""SOFTWARE_TOKEN_MFA: the code of an authenticator app. BEHAVIOR.md, 1.10."""

from __future__ import annotations

from .. import totp_codes
from ..sessions import Session, SignIn
from ..storage.store import Transaction
from ..types import Response
from .names import SOFTWARE_TOKEN_MFA
from .step import Passed, Proved, ask, to_user


def pose(tx: Transaction, sign_in: SignIn) -> Response:
    """Ask for the code of the user's authenticator app."""
    name = sign_in.user.totp_name
    parameters = {"FRIENDLY_DEVICE_NAME": name} if name else {}
    return ask(tx, sign_in, SOFTWARE_TOKEN_MFA, to_user(sign_in, parameters))


def answer(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Check the code."""
    totp_codes.check_code(tx, sign_in.user, responses["SOFTWARE_TOKEN_MFA_CODE"])
    return Passed(Proved.ALL, sign_in)
