"""SMS_MFA, EMAIL_OTP and SMS_OTP: a code is sent, and the user returns it. BEHAVIOR.md, 11.4, 11.9
and 11.11.

EMAIL_OTP is a second factor after a password, and a first factor in USER_AUTH.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import NoReturn

from .. import lockout, outbox, user_factors, user_names
from ..crypto import random_values
from ..errors import CodeMismatchException, NotAuthorizedException
from ..sessions import INVALID, Session, SignIn, UnknownUser, count_failure
from ..storage.store import Transaction
from ..triggers import sign_up as triggers
from ..triggers.invoke import Occasion
from ..types import Response
from ..users import attributes_of, set_attribute, touch
from .names import EMAIL_OTP, SMS_MFA, SMS_OTP
from .step import Passed, Proved, ask, to_user

MISMATCH = "Invalid code or auth state for the user."
# What a code is for: a first factor, a second one, or the email address a user sets up as one.
FIRST, SECOND, SET_UP = "first factor", "second factor", "set-up"
DIGITS = {FIRST: 8, SECOND: 6, SET_UP: 6}


@dataclass(frozen=True)
class Way:
    """How the code of a challenge is sent, and the response that returns it."""

    medium: str
    response: str

    @property
    def attribute(self) -> str:
        """The attribute with the address."""
        return outbox.ADDRESSES[self.medium]


WAYS = {
    SMS_MFA: Way(outbox.SMS, "SMS_MFA_CODE"),
    EMAIL_OTP: Way(outbox.EMAIL, "EMAIL_OTP_CODE"),
    SMS_OTP: Way(outbox.SMS, "SMS_OTP_CODE"),
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
    code = random_values.digits(DIGITS[purpose])
    occasion = Occasion("Authentication", sign_in.client.id, sign_in.metadata)
    outbox.send_one_time_code(tx, sign_in.pool, sign_in.user, way.medium, address, code, occasion)
    told = told_of(way.medium, address)
    state = {"code": code, "address": address, "purpose": purpose}
    told = told if purpose == FIRST else to_user(sign_in, told)
    return ask(tx, sign_in, challenge, told, state=state)


def told_of(medium: str, address: str) -> dict[str, str]:
    """The parameters that tell where a code went."""
    return {
        "CODE_DELIVERY_DELIVERY_MEDIUM": medium,
        "CODE_DELIVERY_DESTINATION": outbox.masked(medium, address),
    }


def answer(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Check the code. It also verifies the address it was sent to."""
    way, state, purpose = WAYS[session.expects], session.state, session.state["purpose"]
    right = hmac.compare_digest(state["code"].encode(), responses[way.response].encode())
    if purpose == SET_UP:
        return _set_up(tx, sign_in, way, state["address"], right)
    # A code that went to an address the user no longer has proves nothing.
    known = attributes_of(tx, sign_in.user)
    right = right and known.get(way.attribute) == state["address"]
    if purpose == FIRST:
        return _first(tx, sign_in, session, way, right)
    _judge(tx, sign_in, right)
    _verify(tx, sign_in, way.attribute, known)
    user_factors.turn_on(tx, sign_in.pool, sign_in.user, session.expects)
    return Passed(Proved.ALL, sign_in)


def _first(
    tx: Transaction, sign_in: SignIn, session: Session, way: Way, right: bool
) -> Response | Passed:
    """A first factor has no lock, but the session ends at last. The code also confirms the user."""
    user = sign_in.user
    if session.expects not in user_factors.first(tx, sign_in.pool, user):
        raise NotAuthorizedException(INVALID)
    if not right:
        count_failure(tx, session)
        raise CodeMismatchException(MISMATCH)
    _verify(tx, sign_in, way.attribute, attributes_of(tx, user))
    if user.status == "UNCONFIRMED":
        tx.run("UPDATE users SET status = 'CONFIRMED', modified = ? WHERE id = ?", tx.now, user.id)
        occasion = Occasion(triggers.CONFIRMED, sign_in.client.id, sign_in.metadata)
        user = triggers.post_confirmation(tx, sign_in.pool, occasion, user)
    return Passed(Proved.NO_PASSWORD, replace(sign_in, user=user))


def _set_up(
    tx: Transaction, sign_in: SignIn, way: Way, address: str, right: bool
) -> Response | Passed:
    """The address becomes the user's own, and the factor is turned on."""
    if user_factors.second(tx, sign_in.pool, sign_in.user):
        # The user has set another one up meanwhile.
        raise NotAuthorizedException(INVALID)
    _judge(tx, sign_in, right)
    user_names.reject_taken_by_another(tx, sign_in.pool, sign_in.user, {way.attribute: address})
    set_attribute(tx, sign_in.user, way.attribute, address)
    _verify(tx, sign_in, way.attribute, {})
    user_factors.turn_on(tx, sign_in.pool, sign_in.user, EMAIL_OTP)
    return Passed(Proved.ALL, sign_in)


def _judge(tx: Transaction, sign_in: SignIn, right: bool) -> None:
    lockout.reject_locked(tx, sign_in.user, lockout.SECOND_FACTOR)
    if not right:
        lockout.count_wrong(tx, sign_in.user, lockout.SECOND_FACTOR)
        raise CodeMismatchException(MISMATCH)
    lockout.reset(tx, sign_in.user, lockout.SECOND_FACTOR)


def _verify(tx: Transaction, sign_in: SignIn, attribute: str, known: dict[str, str]) -> None:
    if known.get(f"{attribute}_verified") != "true":
        user_names.claim(tx, sign_in.pool, sign_in.user, attribute, force=False)
        set_attribute(tx, sign_in.user, f"{attribute}_verified", "true")
        touch(tx, sign_in.user)


def simulate(
    tx: Transaction, unknown: UnknownUser, session: Session, responses: dict[str, str]
) -> NoReturn:
    """Reject a code for a name no user has, which was never sent."""
    count_failure(tx, session)
    raise CodeMismatchException(MISMATCH)
