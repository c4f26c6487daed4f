"""The learner's passkey device: it creates passkeys, signs with them, and shows what it signed."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from ..errors import LessonError
from ..text import visible
from .software_authenticator import (
    ES256,
    PRESENT,
    VERIFIED,
    SoftwareAuthenticator,
    check_library,
)

# This many characters of a random text distinguish it from another.
SHOWN = 8


class Passkey(NamedTuple):
    """A passkey on the device: what may be shown of it."""

    relying_party: str
    user: str
    id: str
    counter: int

    @property
    def short_id(self) -> str:
        """The beginning of its ID."""
        return shortened(self.id)


class Signed(NamedTuple):
    """What the device signed. When a passkey is created its counter is 0."""

    why: str
    relying_party: str
    challenge: str
    origin: str
    user_present: bool
    user_verified: bool
    counter: int


class _Held(NamedTuple):
    relying_party: str
    user: str
    key: SoftwareAuthenticator

    @property
    def id(self) -> str:
        return self.key.credential_id


class PasskeyDevice:
    """`lab.passkeys`: a software passkey device, like the one in a phone or a laptop, with the
    browser between it and the page. It draws itself at the end of a cell.

    Its keys are in this kernel's memory only, and nothing it shows contains one. After a restart,
    or in a lab opened again, it's empty: register a new passkey.
    """

    def __init__(self) -> None:
        self._held: list[_Held] = []
        self.last: Signed | None = None

    def __repr__(self) -> str:
        lines = [
            f"  {visible(key.user)} at {visible(key.relying_party)}, ID {key.short_id},"
            f" counter {key.counter}"
            for key in self.passkeys
        ]
        if self.last:
            said = self.last
            lines += [
                f"Signed last, {said.why}:",
                f"  relying party {visible(said.relying_party)}, origin {visible(said.origin)}",
                f"  challenge {visible(shortened(said.challenge))}",
                f"  user present: {yes_or_no(said.user_present)},"
                f" user verified: {yes_or_no(said.user_verified)}, counter {said.counter}",
            ]
        count = f"{len(self._held)} passkey{'s' * (len(self._held) != 1)}"
        return "\n".join([f"Passkey device with {count}", *lines])

    @property
    def passkeys(self) -> list[Passkey]:
        """The passkeys on it, oldest first."""
        return [
            Passkey(held.relying_party, held.user, held.id, held.key.count) for held in self._held
        ]

    def create(
        self, options: dict[str, Any], *, origin: str | None = None, verified: bool = True
    ) -> dict[str, Any]:
        """Create a passkey, as a browser does for `CredentialCreationOptions`. Returns the
        `Credential` for CompleteWebAuthnRegistration.

        `origin` is the page's, by default `https://` and the relying party. `verified` says whether
        the device recognized the user, by a PIN, a finger or a face.
        """
        try:
            relying_party, user = options["rp"]["id"], options["user"]["name"]
            challenge, known = options["challenge"], options.get("excludeCredentials") or []
            algorithms = [kind["alg"] for kind in options["pubKeyCredParams"]]
            excluded = {key["id"] for key in known}
            _check_texts(relying_party, user, challenge)
        except (AttributeError, KeyError, TypeError):
            raise LessonError(
                "The passkey device creates passkeys from the CredentialCreationOptions that"
                " StartWebAuthnRegistration returns."
            ) from None
        if any(held.id in excluded for held in self._held):
            raise LessonError(
                f"The passkey device has a passkey of {user} for {relying_party} already. Sign in"
                " with it, or delete it with DeleteWebAuthnCredential first."
            )
        if ES256 not in algorithms:
            raise LessonError("The passkey device makes keys for ES256 only (-7).")
        page = origin or f"https://{relying_party}"
        held = _Held(relying_party, user, SoftwareAuthenticator(page))
        credential = held.key.create(options, _flags(verified))
        self._held.append(held)
        self.last = Signed(
            "to create a passkey", relying_party, challenge, page, True, verified, held.key.count
        )
        return credential

    def sign(
        self, options: str | dict[str, Any], *, origin: str | None = None, verified: bool = True
    ) -> str:
        """Sign a challenge, as a browser does for the `CREDENTIAL_REQUEST_OPTIONS` of WEB_AUTHN.
        Returns the text for `CREDENTIAL`.

        `origin` and `verified` are as in `create`.
        """
        check_library()
        try:
            read = json.loads(options) if isinstance(options, str) else options
            relying_party, challenge = read["rpId"], read["challenge"]
            allowed = {key["id"] for key in read.get("allowCredentials") or []}
            _check_texts(relying_party, challenge)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            raise LessonError(
                "The passkey device signs the CREDENTIAL_REQUEST_OPTIONS that come with WEB_AUTHN."
            ) from None
        held = self._newest(relying_party, allowed)
        held.key.origin = origin or f"https://{relying_party}"
        credential = held.key.get(read, _flags(verified))
        self.last = Signed(
            "to sign in",
            relying_party,
            challenge,
            held.key.origin,
            True,
            verified,
            held.key.count,
        )
        return json.dumps(credential)

    def _newest(self, relying_party: str, allowed: set[str]) -> _Held:
        """The newest of the passkeys that are asked for."""
        for held in reversed(self._held):
            if held.relying_party == relying_party and held.id in allowed:
                return held
        raise LessonError(
            f"The passkey device has none of the passkeys that {relying_party} asks for. It"
            " forgets them when the kernel restarts or the lab is opened again: sign in another way"
            " and register a new one."
        )


def _check_texts(*values: object) -> None:
    if not all(isinstance(value, str) for value in values):
        raise TypeError


def _flags(verified: bool) -> int:
    return PRESENT | (VERIFIED if verified else 0)


def shortened(text: str) -> str:
    """The beginning of a random text."""
    return f"{text[:SHOWN]}…" if len(text) > SHOWN else text


def yes_or_no(value: bool) -> str:
    """In words."""
    return "yes" if value else "no"
