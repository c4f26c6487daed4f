"""CUSTOM_CHALLENGE: what a pool's own functions ask. BEHAVIOR.md, 11.14.

DefineAuthChallenge decides what comes, CreateAuthChallenge makes the challenge, and
VerifyAuthChallengeResponse judges the answer. A wrong answer isn't an error by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from .. import passwords
from ..errors import (
    InvalidLambdaResponseException,
    InvalidParameterException,
    NotAuthorizedException,
)
from ..sessions import INVALID, Custom, Party, Session, SignIn, UnknownUser, kept, use_session
from ..storage.store import Transaction
from ..triggers import custom as triggers
from ..triggers.invoke import enabled_now
from ..types import Response
from ..validation import required
from .names import (
    CUSTOM_CHALLENGE,
    EMAIL_OTP,
    NEW_PASSWORD_REQUIRED,
    PASSWORD_VERIFIER,
    SMS_MFA,
    SOFTWARE_TOKEN_MFA,
)
from .password import ask_for_proof
from .step import Passed, Proved, ask

SRP_A = "SRP_A"
# The service's own challenges in the session that DefineAuthChallenge is told of.
TOLD = {PASSWORD_VERIFIER, NEW_PASSWORD_REQUIRED, SMS_MFA, EMAIL_OTP, SOFTWARE_TOKEN_MFA}
WITHOUT_PRIVATE = "Incorrect username or password"
PartyT = TypeVar("PartyT", bound=SignIn | UnknownUser)


def begin(tx: Transaction, party: Party, parameters: dict[str, str]) -> Response | Passed:
    """Take the first step, in which the client may begin to prove the password."""
    if (first := parameters.get("CHALLENGE_NAME")) is None:
        return _decide(tx, party, {name: parameters[name] for name in parameters if name != SRP_A})
    if first != SRP_A:
        raise InvalidParameterException("CHALLENGE_NAME must be SRP_A.")
    required(parameters, SRP_A)
    return _decide(tx, _with(party, SRP_A, True), parameters)


def answer(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Let the functions judge the answer. `order.py` lets them decide what's next."""
    return Passed(Proved.ALL, _judged(tx, sign_in, session, responses))


def simulate(
    tx: Transaction, unknown: UnknownUser, session: Session, responses: dict[str, str]
) -> Response:
    """As `answer`, for a name no user has. The functions may play along, but there are no
    tokens.
    """
    if session.state["name"] != unknown.pool.name_key(unknown.username):
        raise NotAuthorizedException(INVALID)
    use_session(tx, session)
    came = _decide(tx, _judged(tx, unknown, session, responses))
    assert not isinstance(came, Passed), "a name no user has gets no tokens"
    return came


def decide(tx: Transaction, sign_in: SignIn) -> Response | Passed:
    """Let DefineAuthChallenge say what's next: a challenge, or tokens."""
    return _decide(tx, sign_in)


def noted(passed: Passed, challenge: str) -> Passed:
    """`passed`, with what was answered rightly in what DefineAuthChallenge is told."""
    sign_in = passed.sign_in
    if sign_in.custom is None or sign_in.custom.issued or challenge not in TOLD:
        return passed
    return replace(passed, sign_in=_with(sign_in, challenge, True))


def _judged(tx: Transaction, party: PartyT, session: Session, responses: dict[str, str]) -> PartyT:
    right = triggers.verify(tx, party, session.state["private"], responses["ANSWER"])
    return _with(_now(tx, party), CUSTOM_CHALLENGE, right, session.state["metadata"])


def _decide(
    tx: Transaction, party: Party, begun: dict[str, str] | None = None
) -> Response | Passed:
    """What DefineAuthChallenge says. `begun` are the parameters of a sign-in's first call."""
    said = triggers.define(tx, party)
    party = _now(tx, party)
    if said.get("failAuthentication"):
        raise NotAuthorizedException(passwords.WRONG)
    if said.get("issueTokens"):
        if isinstance(party, UnknownUser):
            raise NotAuthorizedException(passwords.WRONG)
        issued = Custom(party.custom.session if party.custom else (), issued=True)
        return Passed(Proved.TRIGGERS, replace(party, custom=issued))
    chosen = said.get("challengeName")
    if chosen is None:
        raise NotAuthorizedException(passwords.WRONG)
    if chosen == CUSTOM_CHALLENGE:
        return _pose(tx, party, is_first=begun is not None)
    if chosen == PASSWORD_VERIFIER and begun is not None and SRP_A in begun:
        pool, client, user = party.pool, party.client, party.user
        return ask_for_proof(tx, pool, client, user, begun, party.attempt, kept(party))
    raise InvalidLambdaResponseException


def _pose(tx: Transaction, party: Party, is_first: bool) -> Response:
    """Let CreateAuthChallenge make a challenge. Only the first one names the user."""
    made = triggers.create(tx, party, CUSTOM_CHALLENGE)
    party = _now(tx, party)
    private, told = made.get("privateChallengeParameters"), made.get("publicChallengeParameters")
    if not private:
        raise NotAuthorizedException(WITHOUT_PRIVATE)
    named = {"USERNAME": party.username} if is_first else {}
    state = {
        "private": private,
        "metadata": made.get("challengeMetadata"),
        "name": party.pool.name_key(party.username),
    }
    return ask(tx, party, CUSTOM_CHALLENGE, {**(told or {}), **named}, state=state)


def _with(party: PartyT, challenge: str, right: bool, metadata: str | None = None) -> PartyT:
    """The sign-in with one more entry in what DefineAuthChallenge is told."""
    entry = {
        "challengeName": challenge,
        "challengeResult": right,
        "challengeMetadata": metadata,
    }
    session = party.custom.session if party.custom else ()
    return replace(party, custom=Custom((*session, entry)))


def _now(tx: Transaction, party: PartyT) -> PartyT:
    """The sign-in after a function ran, which may have changed the user."""
    if isinstance(party, UnknownUser):
        return party
    return replace(party, user=enabled_now(tx, party.user))
