"""A passkey device for tests, written from the WebAuthn standard with nothing of the library that
checks it: keys by cryptography, and the little CBOR that's needed by hand.
"""

import base64
import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ES256, RS256, EDDSA = -7, -257, -8


def encoded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def cbor(value):
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    parts = (cbor(key) + cbor(item) for key, item in value.items())
    return _head(5, len(value)) + b"".join(parts)


def _head(kind, number):
    if number < 24:
        return bytes([kind << 5 | number])
    return (
        bytes([kind << 5 | 24, number])
        if number < 256
        else struct.pack(">BH", kind << 5 | 25, number)
    )


class SoftwareAuthenticator:
    """Makes one passkey and signs with it. `origin` is the page's."""

    def __init__(self, origin="https://example.com", algorithm=ES256, counts=True):
        self.origin, self.algorithm, self.counts = origin, algorithm, counts
        self.id, self.count = secrets.token_bytes(16), 0
        self.key = {
            ES256: lambda: ec.generate_private_key(ec.SECP256R1()),
            RS256: lambda: rsa.generate_private_key(65537, 2048),
            EDDSA: ed25519.Ed25519PrivateKey.generate,
        }[algorithm]()

    def create(self, options, flags=PRESENT | VERIFIED, **client_data):
        """The browser's answer to CredentialCreationOptions."""
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

    def get(self, options, flags=PRESENT | VERIFIED, **client_data):
        """The browser's answer to CREDENTIAL_REQUEST_OPTIONS."""
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

    def _client(self, kind, options, changes):
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(told | {"crossOrigin": False} | changes).encode()

    def _data(self, relying_party, flags):
        digest = hashlib.sha256(relying_party.encode()).digest()
        return digest + struct.pack(">BI", flags, self.count)

    def _credential(self, **response):
        return {
            "id": encoded(self.id),
            "rawId": encoded(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }

    def _public_key(self):
        public = self.key.public_key()
        if self.algorithm == EDDSA:
            return {1: 1, 3: EDDSA, -1: 6, -2: public.public_bytes_raw()}
        numbers = public.public_numbers()
        if self.algorithm == RS256:
            return {1: 3, 3: RS256, -1: numbers.n.to_bytes(256), -2: numbers.e.to_bytes(3)}
        return {1: 2, 3: ES256, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}

    def _signature(self, message):
        if self.algorithm == EDDSA:
            return self.key.sign(message)
        if self.algorithm == RS256:
            return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))
