"""The three triggers of CUSTOM_AUTH. BEHAVIOR.md, 11.14 and 11.15."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidParameterException
from ..pools import Pool
from ..sessions import Party
from ..storage.store import Transaction
from ..types import Response
from .invoke import Occasion, Trigger, are_texts, attributes, invoke, is_flag, is_text

NOT_CONFIGURED = "Custom auth lambda trigger is not configured for the user pool."

DEFINE = Trigger(
    "DefineAuthChallenge",
    {"challengeName": is_text, "issueTokens": is_flag, "failAuthentication": is_flag},
)
CREATE = Trigger(
    "CreateAuthChallenge",
    {
        "publicChallengeParameters": are_texts,
        "privateChallengeParameters": are_texts,
        "challengeMetadata": is_text,
    },
)
VERIFY = Trigger("VerifyAuthChallengeResponse", {"answerCorrect": is_flag})


def reject_without(pool: Pool) -> None:
    """Reject CUSTOM_AUTH in a pool without a trigger to begin with."""
    if DEFINE.name not in pool.triggers:
        raise InvalidParameterException(NOT_CONFIGURED)


def define(tx: Transaction, party: Party) -> Response:
    """What DefineAuthChallenge makes of the challenges so far."""
    return _ask(tx, DEFINE, party, {"session": _session(party)})


def create(tx: Transaction, party: Party, challenge: str) -> Response:
    """The parameters that CreateAuthChallenge makes for a challenge."""
    return _ask(tx, CREATE, party, {"challengeName": challenge, "session": _session(party)})


def verify(tx: Transaction, party: Party, private: dict[str, str], answer: str) -> bool:
    """Does VerifyAuthChallengeResponse take the answer for right?"""
    told = {"privateChallengeParameters": private, "challengeAnswer": answer}
    return bool(_ask(tx, VERIFY, party, told).get("answerCorrect"))


def _session(party: Party) -> list[dict[str, Any]]:
    return list(party.custom.session) if party.custom else []


def _ask(tx: Transaction, trigger: Trigger, party: Party, told: dict[str, Any]) -> Response:
    pool, client, user = party.pool, party.client, party.user
    request = {"userAttributes": attributes(tx, pool, user) if user else {}, **told}
    if client.hides_unknown_users:
        request["userNotFound"] = user is None
    occasion = Occasion("Authentication", client.id, party.metadata)
    said = invoke(tx, pool, trigger, occasion, party.username, request)
    if said is None:
        raise InvalidParameterException(NOT_CONFIGURED)
    return said
