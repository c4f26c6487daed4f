"""Operations of passkeys, and what a user can sign in with."""

from __future__ import annotations

from typing import Any

from . import request_parts as parts
from .choice_fields import ACCESS_TOKEN, SIGNATURE, Choices, field
from .operation import Operation
from .placeholders import at_hand

UNKNOWN = "one that does not exist"
PASSKEY = field("passkey", "Passkey", "yours", UNKNOWN)


def _as_user(choices: Choices) -> dict[str, Any]:
    return {"AccessToken": parts.access_token(choices)}


def _credential(choices: Choices) -> dict[str, Any]:
    which = choices["signature"]
    words = f"what the browser returns for a new passkey, {which}"
    return {"Credential": at_hand("new_passkey", which, words=words)}


def _passkey(choices: Choices) -> dict[str, Any]:
    if choices["passkey"] == UNKNOWN:
        return {"CredentialId": "AAAAAAAAAAAAAAAAAAAAAA"}
    return {"CredentialId": at_hand("passkey", words="the ID of a passkey of yours", plain=True)}


PASSKEY_OPERATIONS = {
    "StartWebAuthnRegistration": Operation(lambda _: [ACCESS_TOKEN], _as_user),
    "CompleteWebAuthnRegistration": Operation(
        lambda _: [ACCESS_TOKEN, SIGNATURE],
        lambda chosen: {**_as_user(chosen), **_credential(chosen)},
    ),
    "ListWebAuthnCredentials": Operation(lambda _: [ACCESS_TOKEN], _as_user),
    "DeleteWebAuthnCredential": Operation(
        lambda _: [ACCESS_TOKEN, PASSKEY], lambda chosen: {**_as_user(chosen), **_passkey(chosen)}
    ),
    "GetUserAuthFactors": Operation(lambda _: [ACCESS_TOKEN], _as_user),
}
