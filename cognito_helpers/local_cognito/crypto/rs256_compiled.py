"""RS256 by cryptography, as PyJWT has it."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import Algorithm, RSAAlgorithm

RS256: Algorithm = RSAAlgorithm(RSAAlgorithm.SHA256)


def new_key(what: str) -> bytes:
    """A new private key of 2048 bits, as PEM. `what` says what it's for, in the message shown if it
    takes long.
    """
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def load_key(pem: bytes) -> Any:
    """The private key in `pem`, which `new_key` wrote, unchecked: checking the primes again would
    take longer than a hundred signatures.
    """
    return serialization.load_pem_private_key(
        pem, password=None, unsafe_skip_rsa_key_validation=True
    )


def public_half(key: Any) -> Any:
    """The public key of a private one."""
    return key.public_key()
