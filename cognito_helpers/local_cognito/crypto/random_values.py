"""Names and secrets the service generates, in the format of the real ones, all from the system's
source of random secrets.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import string
import uuid

_LOWER = string.ascii_lowercase + string.digits
_MIXED = string.ascii_letters + string.digits


def _draw(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def pool_id(region: str) -> str:
    return f"{region}_{_draw(_MIXED, 9)}"


def client_id() -> str:
    return _draw(_LOWER, 26)


def client_secret() -> str:
    return _draw(_LOWER, 52)


def device_group_key() -> str:
    return "-" + _draw(_MIXED, 8)


def device_key(region: str) -> str:
    return f"{region}_{new_uuid()}"


def pool_secret() -> bytes:
    return secrets.token_bytes(32)


def new_uuid() -> str:
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


def digits(number: int) -> str:
    return _draw(string.digits, number)


def totp_secret() -> str:
    """The secret for an authenticator app: 52 characters of base32."""
    return base64.b32encode(secrets.token_bytes(33)).decode()[:52]


def challenge() -> str:
    """What a passkey signs, in Base64url."""
    return secrets.token_urlsafe(32)


def session() -> str:
    """An opaque text that begins like Cognito's sessions."""
    return "AYABe" + secrets.token_urlsafe(300)


def secret_block() -> str:
    """The secret block of an SRP challenge, which the response returns, as long as Cognito's."""
    return base64.b64encode(secrets.token_bytes(1280)).decode()


def refresh_token() -> str:
    """An opaque text in five parts; the first says in Base64 that the rest is encrypted, as in
    Cognito's.
    """
    sealed = (secrets.token_urlsafe(size) for size in (256, 12, 800, 16))
    return ".".join(["eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ", *sealed])


def digest(secret: str) -> bytes:
    """What is stored of a session or a refresh token: enough to recognize it, not enough to use
    it.
    """
    return hashlib.sha256(secret.encode()).digest()
