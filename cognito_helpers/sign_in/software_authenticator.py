"""A software passkey, written from the WebAuthn standard without the library that checks it: keys
from cryptography, and the little CBOR it needs by hand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

from ..errors import NotAvailableError

# The flags of an authenticator: the user was present, was recognized, and a key was created
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ES256, RS256, EDDSA = -7, -257, -8


class SoftwareAuthenticator:
    """Creates one passkey and signs with it. `origin` is the page's, `algorithm` its key's, by the
    number in COSE. One that doesn't count sends 0 each time.
    """

    def __init__(
        self, origin: str = "https://example.com", algorithm: int = ES256, counts: bool = True
    ) -> None:
        self.origin, self.algorithm, self.counts = origin, algorithm, counts
        self.id, self.count = secrets.token_bytes(16), 0
        self._key = _new_key(algorithm)

    def __repr__(self) -> str:
        return f"SoftwareAuthenticator({self.origin!r})"

    @property
    def credential_id(self) -> str:
        """The passkey's ID, as JSON has it."""
        return encoded(self.id)

    def create(
        self, options: dict[str, Any], flags: int = PRESENT | VERIFIED, **client_data: Any
    ) -> dict[str, Any]:
        """The browser's response to CredentialCreationOptions, a RegistrationResponseJSON."""
        relying_party = client_data.pop("relying_party", options["rp"]["id"])
        client = self._client("webauthn.create", options, client_data)
        key = cbor(self._public_key())
        made = bytes(16) + struct.pack(">H", len(self.id)) + self.id + key
        data = self._data(relying_party, flags | ATTESTED) + made
        attestation = cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential(
            clientDataJSON=encoded(client),
            attestationObject=encoded(attestation),
            transports=["internal"],
        )

    def get(
        self, options: dict[str, Any], flags: int = PRESENT | VERIFIED, **client_data: Any
    ) -> dict[str, Any]:
        """The browser's response to CREDENTIAL_REQUEST_OPTIONS, an AuthenticationResponseJSON."""
        self.count += self.counts
        relying_party = client_data.pop("relying_party", options["rpId"])
        client = self._client("webauthn.get", options, client_data)
        data = self._data(relying_party, flags)
        signature = self._signature(data + hashlib.sha256(client).digest())
        return self._credential(
            clientDataJSON=encoded(client),
            authenticatorData=encoded(data),
            signature=encoded(signature),
        )

    def _client(self, kind: str, options: dict[str, Any], changes: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(told | {"crossOrigin": False} | changes).encode()

    def _data(self, relying_party: str, flags: int) -> bytes:
        digest = hashlib.sha256(relying_party.encode()).digest()
        return digest + struct.pack(">BI", flags, self.count)

    def _credential(self, **response: Any) -> dict[str, Any]:
        return {
            "id": self.credential_id,
            "rawId": self.credential_id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }

    def _public_key(self) -> dict[int, Any]:
        public = self._key.public_key()
        if self.algorithm == EDDSA:
            return {1: 1, 3: EDDSA, -1: 6, -2: public.public_bytes_raw()}
        numbers = public.public_numbers()
        if self.algorithm == RS256:
            return {1: 3, 3: RS256, -1: numbers.n.to_bytes(256), -2: numbers.e.to_bytes(3)}
        return {1: 2, 3: ES256, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}

    def _signature(self, message: bytes) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding

        how = {
            EDDSA: (),
            RS256: (padding.PKCS1v15(), hashes.SHA256()),
            ES256: (ec.ECDSA(hashes.SHA256()),),
        }[self.algorithm]
        signature: bytes = self._key.sign(message, *how)
        return signature


def check_library() -> None:
    """Raise `NotAvailableError` where keys can't be made."""
    try:
        import cryptography  # noqa: F401 - whether it's there
    except ImportError:
        raise NotAvailableError(
            "Passkeys need an installation: a browser tab has no library that makes their keys."
            " Everything else in this lesson works here."
        ) from None


def _new_key(algorithm: int) -> Any:
    check_library()
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    return {
        ES256: lambda: ec.generate_private_key(ec.SECP256R1()),
        RS256: lambda: rsa.generate_private_key(65537, 2048),
        EDDSA: ed25519.Ed25519PrivateKey.generate,
    }[algorithm]()


def encoded(data: bytes) -> str:
    """Base64url without its padding, as WebAuthn writes bytes in JSON."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def cbor(value: Any) -> bytes:
    """A number, bytes, a text or a mapping of them in CBOR."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    parts = (cbor(key) + cbor(item) for key, item in value.items())
    return _head(5, len(value)) + b"".join(parts)


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    return (
        bytes([kind << 5 | 24, number])
        if number < 256
        else struct.pack(">BH", kind << 5 | 25, number)
    )
