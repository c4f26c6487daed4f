"""The parts of a challenge, and how one is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, NoReturn

from .. import srp_challenges
from ..clients import Client
from ..errors import NotAuthorizedException
from ..sessions import (
    INVALID,
    Party,
    Session,
    SignIn,
    UnknownUser,
    find_session,
    kept,
    open_session,
)
from ..storage.store import Transaction
from ..types import Request, Response
from ..users import User


class Proved(Enum):
    """How far a sign-in is."""

    PASSWORD = "the password, or the proof of it"
    DEVICE = "a remembered device"
    NO_PASSWORD = "a code or a passkey in place of a password"
    TRIGGERS = "what the pool's own functions ask for"
    ALL = "everything that's asked for"


@dataclass(frozen=True)
class Passed:
    """What a right answer has proved. `order.py` decides what comes next."""

    proved: Proved
    sign_in: SignIn


# From a sign-in, the session of its challenge and the ChallengeResponses: another challenge of the
# same kind, or what the answer has proved. A wrong answer is an exception.
Answer = Callable[[Transaction, SignIn, Session, dict[str, str]], Response | Passed]
# From a sign-in in the name of no user, the session of its challenge and the ChallengeResponses:
# what an answer gets if the client hides who exists.
Simulate = Callable[[Transaction, UnknownUser, Session, dict[str, str]], Response]
# From a client, the user an answer names and the whole request: the session of the challenge.
Find = Callable[[Transaction, Client, User | None, Request], Session]


def by_session(tx: Transaction, client: Client, user: User | None, request: Request) -> Session:
    """The session sent with a response: how most challenges find theirs."""
    return find_session(tx, request["Session"])


def not_simulated(
    tx: Transaction, unknown: UnknownUser, session: Session, responses: dict[str, str]
) -> NoReturn:
    """Reject an answer in the name of no user to a challenge that's only sent to users."""
    raise NotAuthorizedException(INVALID)


@dataclass(frozen=True)
class Challenge:
    """A challenge that users can be asked. BEHAVIOR.md, 1.8 to 1.13 and 11.

    `needs` are the ChallengeResponses besides USERNAME, and `then` is what may come after a right
    answer. `at` is the challenge it may answer instead of its own. `is_code` tells that a code was
    sent: an answer at another step is then a wrong code.
    """

    name: str
    needs: tuple[str, ...]
    answer: Answer
    then: frozenset[str]
    find: Find = by_session
    is_code: bool = False
    at: str | None = None
    simulate: Simulate = not_simulated

    @property
    def needs_session(self) -> bool:
        """Is it found by the session alone? The steps of SRP are found by what else is sent."""
        return self.find is by_session


def ask(
    tx: Transaction,
    sign_in: Party,
    challenge: str,
    parameters: dict[str, str],
    asked: srp_challenges.Asked | None = None,
    state: dict[str, Any] | None = None,
) -> Response:
    """Send a challenge to the user of a sign-in, with the session for its answer. `state` is what
    must be known to judge it.
    """
    session = open_session(
        tx,
        sign_in.client,
        sign_in.user.id if sign_in.user else None,
        sign_in.attempt,
        challenge,
        device_key=sign_in.device_key,
        secret_block=asked.secret_block if asked else None,
        srp_key=asked.key if asked else None,
        state={**(state or {}), **kept(sign_in)},
    )
    return {"ChallengeName": challenge, "Session": session, "ChallengeParameters": parameters}


def to_user(sign_in: SignIn, parameters: dict[str, str]) -> dict[str, str]:
    """The parameters of a challenge that also names its user."""
    return {**parameters, "USER_ID_FOR_SRP": sign_in.user.username}
