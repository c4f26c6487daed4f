"""PASSWORD_VERIFIER: the challenge to prove a password without sending it. BEHAVIOR.md, section 5
and 10.4.
"""

from __future__ import annotations

from typing import Any, NoReturn

from .. import devices, passwords, srp_challenges
from ..clients import Client
from ..crypto import random_values
from ..errors import NotAuthorizedException, UserNotConfirmedException
from ..pools import Pool
from ..sessions import (
    Session,
    SignIn,
    UnknownUser,
    find_by_secret_block,
    open_session,
    spend_session,
)
from ..storage.store import Transaction
from ..types import Request, Response
from ..users import User
from .names import PASSWORD_VERIFIER
from .step import Passed, Proved

# In the state of a session: a wrong proof ends it (BEHAVIOR.md, 11.3).
ONCE = "once"


def ask_for_proof(
    tx: Transaction,
    pool: Pool,
    client: Client,
    user: User | None,
    parameters: dict[str, str],
    attempt: str | None = None,
    state: dict[str, Any] | None = None,
) -> Response:
    """Ask for the proof of a password. No session comes with it: the secret block replaces it.
    `user` is None for a name no user has. `attempt` is the sign-in it belongs to, if not a new one.
    """
    big_a, username = srp_challenges.public_number(parameters), parameters["USERNAME"]
    secrets = (
        srp_challenges.of_user(user) if user else srp_challenges.of_unknown_user(pool, username)
    )
    asked = srp_challenges.challenge(big_a, secrets)
    open_session(
        tx,
        client,
        user.id if user else None,
        attempt or random_values.new_uuid(),
        PASSWORD_VERIFIER,
        device_key=parameters.get("DEVICE_KEY"),
        secret_block=asked.secret_block,
        srp_key=asked.key,
        state=state,
    )
    simulated = secrets.user_id if pool.username_attributes else pool.name_key(username)
    names = {
        "USERNAME": user.username if user else simulated,
        "USER_ID_FOR_SRP": secrets.user_id,
    }
    return {"ChallengeName": PASSWORD_VERIFIER, "ChallengeParameters": asked.parameters | names}


def find(tx: Transaction, client: Client, user: User | None, request: Request) -> Session:
    """The session of the challenge whose secret block came back."""
    block = request["ChallengeResponses"]["PASSWORD_CLAIM_SECRET_BLOCK"]
    found = find_by_secret_block(tx, block, request.get("Session"))
    if found is None:
        raise NotAuthorizedException(passwords.WRONG)
    return found


def answer(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Check the proof of the password."""
    if sign_in.user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    identity = srp_challenges.of_user(sign_in.user).identity
    right = srp_challenges.check(identity, session, responses)
    if not right and session.state.get(ONCE):
        spend_session(tx, session)
    passwords.judge(tx, sign_in.user, right)
    known = sign_in if "DEVICE_KEY" in responses else devices.without_unknown(tx, sign_in)
    return Passed(Proved.PASSWORD, known)


def simulate(
    tx: Transaction, unknown: UnknownUser, session: Session, responses: dict[str, str]
) -> NoReturn:
    """Reject the proof of a password no user has."""
    srp_challenges.check("", session, responses)
    if session.state.get(ONCE):
        spend_session(tx, session)
    raise NotAuthorizedException(passwords.WRONG)
