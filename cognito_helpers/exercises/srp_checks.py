"""Exercises on secure remote password."""

from __future__ import annotations

from typing import Any

from ..lab.lab import Lab
from .result import NOT_YET, OPEN, SOLVED, WRITE, Result, answer_of, is_accepted, made

# The small numbers of the exercise: the prime, the generator, and the stolen verifier
PRIME, GENERATOR, STOLEN = 7919, 7, 6746


def break_a_verifier(lab: Lab, answer: Any) -> Result:
    """A number whose power of the generator is the stolen verifier."""
    if not isinstance(answer, int) or isinstance(answer, bool):
        return Result(OPEN, "write code for x in place of None, and run the cell again.")
    if answer < 0:
        return Result(NOT_YET, "x is a hash in SRP, so it isn't negative.")
    power = pow(GENERATOR, answer, PRIME)
    if power != STOLEN:
        return Result(NOT_YET, f"7 to the power of this x is {power} modulo 7919, not {STOLEN}.")
    return Result(
        SOLVED,
        "you can now sign in there without the password. With 3072 bits in place of 13, no one"
        " can try them all.",
    )


def server_side_srp(lab: Lab, _: Any) -> Result:
    """AdminInitiateAuth with USER_SRP_AUTH, and its challenge answered."""
    begun = made(
        lab.requests.calls,
        "AdminInitiateAuth",
        lambda request: request.get("AuthFlow") == "USER_SRP_AUTH",
    )
    if not begun:
        return Result(OPEN, WRITE)
    proofs = made(
        lab.requests.calls,
        "AdminRespondToAuthChallenge",
        lambda request: request.get("ChallengeName") == "PASSWORD_VERIFIER",
    )
    if not proofs:
        return Result(NOT_YET, "the sign-in was started. Now respond to PASSWORD_VERIFIER.")
    if not is_accepted(proofs[-1]):
        return Result(
            NOT_YET,
            f"Cognito rejected the proof: {proofs[-1].message} Was it computed by the AWSSRP that"
            " started this sign-in?",
        )
    return Result(
        SOLVED,
        f"Cognito returned {answer_of(proofs[-1]).get('ChallengeName', 'tokens')}. Your server"
        " proved the password without sending it.",
    )
