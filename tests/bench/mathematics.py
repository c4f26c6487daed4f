"""The public-key mathematics that no service can leave out, measured alone.

A call's `Work` counts it: verifiers (one modular power), exchanges of secure remote password
(three), signatures and verifications with RSA. It's measured right beside the call, so that a slow
moment of the machine slows both.
"""

from __future__ import annotations

import secrets
import time
from functools import cache
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cognito_helpers.local_cognito.crypto.srp import G, N

# About as long as the signed part of a token
MESSAGE = bytes(900)
SCHEME = padding.PKCS1v15(), hashes.SHA256()


class Work(NamedTuple):
    """How often each piece of mathematics must be done."""

    verifier: int = 0
    exchange: int = 0
    signature: int = 0
    verification: int = 0

    def seconds(self) -> float:
        """How long it takes now, without anything else."""
        key, public, signed, x, v = _keys()
        start = time.perf_counter()
        for _ in range(self.verifier + self.exchange):
            pow(G, x, N)
        for _ in range(2 * self.exchange):
            pow(v, x, N)
        for _ in range(self.signature):
            key.sign(MESSAGE, *SCHEME)
        for _ in range(self.verification):
            public.verify(signed, MESSAGE, *SCHEME)
        return time.perf_counter() - start


PIECES = {
    "a password's verifier: one modular power of 3072 bits": Work(verifier=1),
    "an exchange of secure remote password: three": Work(exchange=1),
    "an RSA signature": Work(signature=1),
    "its verification": Work(verification=1),
}


def work_of(operation: str, request: dict[str, Any], outcome: str) -> Work:
    """What a service must compute for a call with this `outcome`: "tokens", an error's code, or
    "".
    """
    # A taken name is rejected before there is a verifier; a user who may not sign in, before the
    # password is checked.
    password = (operation == "SignUp" and not outcome) or (
        "PASSWORD" in request.get("AuthParameters", {}) and outcome != "UserNotConfirmedException"
    )
    exchange = (
        request.get("AuthFlow") == "USER_SRP_AUTH"
        or request.get("ChallengeName") == "DEVICE_SRP_AUTH"
    )
    return Work(
        int(password), int(exchange), 2 if outcome == "tokens" else 0, int("AccessToken" in request)
    )


@cache
def _keys() -> tuple[rsa.RSAPrivateKey, rsa.RSAPublicKey, bytes, int, int]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (
        key,
        key.public_key(),
        key.sign(MESSAGE, *SCHEME),
        secrets.randbits(256),
        pow(G, secrets.randbits(256), N),
    )
