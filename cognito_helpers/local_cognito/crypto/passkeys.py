"""Passkeys: what an authenticator sends, read and checked by Yubico's fido2. BEHAVIOR.md, 11.7 and
11.8.

fido2 needs cryptography, which is compiled, so a browser tab has neither.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, cast

CREATE, GET = "webauthn.create", "webauthn.get"
# ES256 and RS256, by their numbers in COSE: the algorithms the service offers
ALGORITHMS = (-7, -257)


class Malformed(Exception):
    """It can't be read."""


@dataclass(frozen=True)
class Signed:
    """An authenticator's statement: for which challenge, on which page, by which user action."""

    kind: str
    challenge: bytes = field(repr=False)
    origin: str
    rp_id_hash: bytes
    is_present: bool
    is_verified: bool
    count: int
    # The signed bytes
    message: bytes = field(repr=False)

    def is_for(self, relying_party: str) -> bool:
        """Whether it was made for that relying-party ID."""
        return hashlib.sha256(relying_party.encode()).digest() == self.rp_id_hash

    def is_from(self, relying_party: str) -> bool:
        """Whether the page's origin may use that relying-party ID."""
        from fido2.rpid import verify_rp_id

        try:
            return verify_rp_id(relying_party, self.origin)
        except ValueError:
            return False


@dataclass(frozen=True)
class NewKey:
    """A new passkey, as its authenticator describes it."""

    id: str
    public_key: bytes = field(repr=False)
    algorithm: int
    signed: Signed


def is_available() -> bool:
    """Whether passkeys can be checked here."""
    try:
        import fido2.cose as _cose  # noqa: F401
    except ImportError:
        return False
    return True


def new_key(credential: dict[str, Any]) -> NewKey:
    """Read a RegistrationResponseJSON. Raises `Malformed`. The content of an attestation isn't
    checked: none is requested.
    """
    from fido2 import cbor
    from fido2.cose import CoseKey
    from fido2.utils import websafe_decode, websafe_encode
    from fido2.webauthn import AttestationObject

    try:
        response = credential["response"]
        data = AttestationObject(websafe_decode(response["attestationObject"])).auth_data
        made = data.credential_data
        if made is None:
            raise Malformed
        key = CoseKey.parse(made.public_key)
        signed = _signed(websafe_decode(response["clientDataJSON"]), data)
        if websafe_decode(credential["rawId"]) != made.credential_id:
            raise Malformed
        return NewKey(websafe_encode(made.credential_id), cbor.encode(dict(key)), key[3], signed)
    except Exception as fault:
        # The bytes come from anywhere: any error in reading them means they're malformed.
        raise Malformed from fault


def assertion(credential: dict[str, Any]) -> tuple[str, Signed, bytes]:
    """Read an AuthenticationResponseJSON: the ID of the passkey, what's signed, and the signature.
    Raises `Malformed`.
    """
    from fido2.utils import websafe_decode, websafe_encode
    from fido2.webauthn import AuthenticatorData

    try:
        response = credential["response"]
        data = AuthenticatorData(websafe_decode(response["authenticatorData"]))
        signed = _signed(websafe_decode(response["clientDataJSON"]), data)
        name = websafe_encode(websafe_decode(credential["rawId"]))
        return name, signed, websafe_decode(response["signature"])
    except Exception as fault:
        raise Malformed from fault


def is_signed_by(public_key: bytes, signed: Signed, signature: bytes) -> bool:
    """Whether `signature` was made with that key."""
    from cryptography.exceptions import InvalidSignature
    from fido2 import cbor
    from fido2.cose import CoseKey

    key = CoseKey.parse(cast("dict[int, Any]", cbor.decode(public_key)))
    try:
        key.verify(signed.message, signature)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(client_data: bytes, data: Any) -> Signed:
    from fido2.webauthn import CollectedClientData

    told = CollectedClientData(client_data)
    return Signed(
        told.type,
        told.challenge,
        told.origin,
        data.rp_id_hash,
        data.is_user_present(),
        data.is_user_verified(),
        data.counter,
        bytes(data) + told.hash,
    )
