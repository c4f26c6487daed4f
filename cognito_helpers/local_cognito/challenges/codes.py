"""SMS_MFA and EMAIL_OTP: a code is sent, and comes back. BEHAVIOR.md, 11.9 and 11.11."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from .. import lockout, outbox, user_factors, user_names
from ..crypto import random_values
from ..errors import CodeMismatchException, NotAuthorizedException
from ..sessions import INVALID, Session, SignIn
from ..storage.store import Transaction
from ..types import Response
from ..users import attributes_of, set_attribute, touch
from .names import EMAIL_OTP, SMS_MFA
from .step import Passed, Proved, ask, to_user

MISMATCH = "Invalid code or auth state for the user."
# What a code is for: a second factor, or the email address a user sets up as one.
SECOND, SET_UP = "second factor", "set-up"


@dataclass(frozen=True)
class Way:
    """How the code of a challenge is sent, and the response that brings it back."""

    medium: str
    response: str

    @property
    def attribute(self) -> str:
        """The attribute with the address."""
        return outbox.ADDRESSES[self.medium]


WAYS = {
    SMS_MFA: Way(outbox.SMS, "SMS_MFA_CODE"),
    EMAIL_OTP: Way(outbox.EMAIL, "EMAIL_OTP_CODE"),
}


def pose(
    tx: Transaction,
    sign_in: SignIn,
    challenge: str,
    purpose: str = SECOND,
    address: str | None = None,
) -> Response:
    """Send a code to the user's own address or, during set-up, to `address`."""
    way = WAYS[challenge]
    address = address or attributes_of(tx, sign_in.user)[way.attribute]
    code = random_values.digits(6)
    outbox.send_one_time_code(tx, sign_in.pool, sign_in.user, way.medium, address, code)
    told = {
        "CODE_DELIVERY_DELIVERY_MEDIUM": way.medium,
        "CODE_DELIVERY_DESTINATION": outbox.masked(way.medium, address),
    }
    state = {"code": code, "address": address, "purpose": purpose}
    return ask(tx, sign_in, challenge, to_user(sign_in, told), state=state)


def answer(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Check the code. It proves the address it was sent to, so that is verified from now on."""
    user, way, state = sign_in.user, WAYS[session.expects], session.state
    known, is_set_up = attributes_of(tx, user), state["purpose"] == SET_UP
    if is_set_up and user_factors.second(tx, sign_in.pool, user):
        # The user has set another one up meanwhile.
        raise NotAuthorizedException(INVALID)
    right = hmac.compare_digest(state["code"].encode(), responses[way.response].encode())
    # A code that went to an address the user no longer has proves nothing.
    right = right and (is_set_up or known.get(way.attribute) == state["address"])
    wrong = CodeMismatchException(MISMATCH)
    lockout.judge(tx, user, lockout.SECOND_FACTOR, right, wrong)
    if is_set_up:
        user_names.refuse_taken_by_another(
            tx, sign_in.pool, user, {way.attribute: state["address"]}
        )
        set_attribute(tx, user, way.attribute, state["address"])
    _verify(tx, sign_in, way.attribute, known)
    user_factors.turn_on(tx, sign_in.pool, user, session.expects)
    return Passed(Proved.ALL, sign_in)


def _verify(tx: Transaction, sign_in: SignIn, attribute: str, known: dict[str, str]) -> None:
    if known.get(f"{attribute}_verified") != "true":
        user_names.claim(tx, sign_in.pool, sign_in.user, attribute, force=False)
        set_attribute(tx, sign_in.user, f"{attribute}_verified", "true")
        touch(tx, sign_in.user)
