"""Secure remote password, the server's side, in Cognito's version.

The server stores a verifier, from which the password can't be computed. Numbers are sent and hashed
as big-endian two's complement: a byte 00 comes before a number whose top bit is set. Facts:
BEHAVIOR.md, section 5.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

try:
    # The same arithmetic, several times as fast, if the extra `fast` is installed
    from gmpy2 import powmod
except ImportError:
    powmod = pow

# The 3072-bit prime of RFC 3526, section 4, and its generator
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22"
    "514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245"
    "E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C"
    "32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9"
    "DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
    "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64"
    "521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB31"
    "43DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
LABEL = b"Caldera Derived Key"
SECRET_BITS = 256


def to_bytes(number: int) -> bytes:
    """`number` as SRP hashes it: big-endian, with a leading 00 if the top bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def to_hex(number: int) -> str:
    """`number` as it's sent: hexadecimal, without leading zeros."""
    return format(number, "x")


def from_bytes(octets: bytes) -> int:
    """The number in `octets`, big-endian and unsigned."""
    return int.from_bytes(octets, "big")


def _power(base: int, exponent: int) -> int:
    """`base` to the power of `exponent`, modulo N."""
    return int(powmod(base, exponent, N))


def _hash(*parts: bytes) -> int:
    return from_bytes(hashlib.sha256(b"".join(parts)).digest())


# Ties the verifier into the server's public number. Without it, an attacker with a stolen verifier
# could make two guesses at once.
K = _hash(to_bytes(N), to_bytes(G))


def user_identity(pool_id: str, user_id: str) -> str:
    """Whose password it is: the part of the pool's ID after the underscore, and Cognito's
    USER_ID_FOR_SRP.
    """
    return pool_id.partition("_")[2] + user_id


def device_identity(group_key: str, device_key: str) -> str:
    """Like `user_identity`, for the password of a device."""
    return group_key + device_key


def verifier(identity: str, password: str, salt: bytes) -> bytes:
    """What the server stores instead of `password`: g to the power of x, where x is a hash of the
    salt, the identity and the password.
    """
    inner = hashlib.sha256(f"{identity}:{password}".encode()).digest()
    x = _hash(to_bytes(from_bytes(salt)), inner)
    return to_bytes(_power(G, x))


def answer(big_a: int, stored: bytes) -> tuple[int, bytes]:
    """The server's half of the exchange: its public number B for a client's public number A, and
    the key that both will then have.

    Computing the same key from B requires the password behind the verifier `stored`. `big_a` must
    not be a multiple of N: the key would then be the same for every password.
    """
    v, b = from_bytes(stored), secrets.randbits(SECRET_BITS)
    big_b = (K * v + _power(G, b)) % N
    u = _hash(to_bytes(big_a), to_bytes(big_b))
    shared = _power(big_a * _power(v, u), b)
    return big_b, derived_key(to_bytes(shared), to_bytes(u))


def derived_key(shared: bytes, u: bytes) -> bytes:
    """Sixteen bytes from the number both sides share (HKDF of RFC 5869, with one block and
    Cognito's label).
    """
    extracted = hmac.digest(u, shared, hashlib.sha256)
    return hmac.digest(extracted, LABEL + b"\x01", hashlib.sha256)[:16]


def signature(key: bytes, identity: str, secret_block: bytes, timestamp: str) -> bytes:
    """The proof that its sender has the key: a keyed hash of the identity, of what the server sent,
    and of the time.
    """
    return hmac.digest(key, identity.encode() + secret_block + timestamp.encode(), hashlib.sha256)
