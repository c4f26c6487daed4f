"""Secure remote password, the server's side, as Cognito speaks it.

The server keeps a verifier, from which the password cannot be computed. Numbers travel and are hashed as big-endian two's complement: a byte 00 stands
before a number whose top bit is set. Facts: behaviour page, section 5.
"""

from __future__ import annotations

import hashlib

# The 3072-bit prime of RFC 3526, section 4, and its generator.
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245"
    "E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9"
    "DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB31"
    "43DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2


def to_bytes(number: int) -> bytes:
    """`number` as SRP hashes it: big-endian, with a leading 00 where the top bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def user_verifier(pool_id: str, user_id: str, password: str, salt: bytes) -> bytes:
    """What the server stores instead of `password`: g to the power of x, where x is a hash of the salt, the names and the password.

    `user_id` is what Cognito calls USER_ID_FOR_SRP; only the part of the pool's id after the underscore is hashed.
    """
    inner = hashlib.sha256(f"{pool_id.partition('_')[2]}{user_id}:{password}".encode()).digest()
    x = int.from_bytes(hashlib.sha256(to_bytes(int.from_bytes(salt, "big")) + inner).digest(), "big")
    return to_bytes(pow(G, x, N))
