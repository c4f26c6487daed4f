"""PASSWORD_VERIFIER: the challenge to prove a password without sending it. BEHAVIOR.md, section 5
and 10.4.
"""

from __future__ import annotations

from .. import devices, passwords, srp_challenges
from ..clients import Client
from ..crypto import random_values
from ..errors import NotAuthorizedException, UserNotConfirmedException
from ..pools import Pool
from ..sessions import Session, SignIn, find_by_secret_block, open_session
from ..storage.store import Transaction
from ..types import Request, Response
from ..users import User
from .names import PASSWORD_VERIFIER
from .step import Passed, Proved


def ask_for_proof(
    tx: Transaction, pool: Pool, client: Client, user: User | None, parameters: dict[str, str]
) -> Response:
    """Ask for the proof of a password. No session comes with it: the secret block takes its place.
    `user` is None for a name no user has.
    """
    big_a, username = srp_challenges.public_number(parameters), parameters["USERNAME"]
    secrets = srp_challenges.of_user(user) if user else srp_challenges.of_nobody(pool, username)
    asked = srp_challenges.challenge(big_a, secrets)
    open_session(
        tx,
        client,
        user.id if user else None,
        random_values.new_uuid(),
        PASSWORD_VERIFIER,
        device_key=parameters.get("DEVICE_KEY"),
        secret_block=asked.secret_block,
        srp_key=asked.key,
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
    passwords.judge(tx, sign_in.user, srp_challenges.check(identity, session, responses))
    known = sign_in if "DEVICE_KEY" in responses else devices.without_unknown(tx, sign_in)
    return Passed(Proved.PASSWORD, known)
