"""RS256 by the package rsa, in pure Python: some hundred times as slow, and the same signatures."""

from __future__ import annotations

from math import gcd, prod
from typing import Any

import jwt
import rsa
import rsa.prime
import rsa.randnum
from jwt.algorithms import Algorithm
from jwt.exceptions import InvalidKeyError
from jwt.utils import from_base64url_uint, to_base64url_uint

HASH = "SHA-256"
# Six numbers out of seven are divisible by one of these, and checking that takes a thousandth of a
# proper test.
SMALL_PRIMES = prod(
    number
    for number in range(3, 2000)
    if all(number % divisor for divisor in range(2, int(number**0.5) + 1))
)


class _PureRS256(Algorithm):
    """What PyJWT needs of an algorithm. Its keys are those of the package rsa."""

    def prepare_key(self, key: Any) -> Any:
        if not isinstance(key, rsa.PublicKey | rsa.PrivateKey):
            raise InvalidKeyError("A key of the package rsa is expected.")
        return key

    def sign(self, msg: bytes, key: Any) -> bytes:
        return bytes(rsa.sign(msg, key, HASH))

    def verify(self, msg: bytes, key: Any, sig: bytes) -> bool:
        try:
            # It returns which hash was signed, and accepts others as well.
            return bool(rsa.verify(msg, sig, key) == HASH)
        except rsa.VerificationError:
            return False

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:
        assert as_dict, "only dictionaries are asked for"
        return {
            "kty": "RSA",
            "key_ops": ["verify"],
            "n": to_base64url_uint(key_obj.n).decode(),
            "e": to_base64url_uint(key_obj.e).decode(),
        }

    @staticmethod
    def from_jwk(jwk: Any) -> Any:
        return rsa.PublicKey(from_base64url_uint(jwk["n"]), from_base64url_uint(jwk["e"]))


RS256: Algorithm = _PureRS256()


def new_key(what: str) -> bytes:
    """A new private key of 2048 bits, as PEM: one that the browser has generated, or one generated
    here. That takes a second or more, so it prints that `what` is being created, unless that's
    empty.
    """
    key = _from_browser()
    if key is None:
        if what:
            print(
                f"Creating {what}: a few seconds in a browser tab, once for each pool …",
                flush=True,
            )
        p, q, e, d = rsa.key.gen_keys(2048, _prime)
        key = rsa.PrivateKey(p * q, e, d, p, q)
    return bytes(key.save_pkcs1())


def _from_browser() -> Any:
    """A private key that the site's worker has ready (`etc/site/python.mjs`); None elsewhere, or if
    it has none.
    """
    try:
        from js import takeRsaKey
    except ImportError:
        return None
    jwk = takeRsaKey()
    if jwk is None:
        return None
    return rsa.PrivateKey(*(from_base64url_uint(getattr(jwk, name)) for name in "nedpq"))


def _prime(bits: int) -> int:
    while True:
        number: int = rsa.randnum.read_random_odd_int(bits)
        if gcd(number, SMALL_PRIMES) == 1 and rsa.prime.is_prime(number):
            return number


def load_key(pem: bytes) -> Any:
    """The private key in `pem`, which `new_key` wrote."""
    return rsa.PrivateKey.load_pkcs1(pem)


def public_half(key: Any) -> Any:
    """The public key of a private one."""
    return rsa.PublicKey(key.n, key.e)


# PyJWT offers RS256 only together with cryptography. Register it without.
if "RS256" not in jwt.algorithms.get_default_algorithms():
    jwt.register_algorithm("RS256", RS256)
