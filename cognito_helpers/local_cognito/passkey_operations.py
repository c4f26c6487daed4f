"""Registering passkeys with an access token, listing and deleting them. BEHAVIOR.md, 11.7."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

from . import paging, passkeys, tokens
from .clients import Client
from .crypto import passkeys as authenticators
from .crypto import random_values
from .errors import (
    InvalidParameterException,
    LimitExceededException,
    NotAuthorizedException,
    ResourceNotFoundException,
    UserNotFoundException,
    WebAuthnChallengeNotFoundException,
    WebAuthnClientMismatchException,
    WebAuthnConfigurationMissingException,
    WebAuthnCredentialNotSupportedException,
    WebAuthnNotEnabledException,
    WebAuthnOriginNotAllowedException,
    WebAuthnRelyingPartyMismatchException,
)
from .pools import Pool, find_pool
from .storage.store import Transaction
from .types import Request, Response
from .users import User

MOST = 20
# How long Start's challenge is valid isn't known (BEHAVIOR.md, 11.22).
LIFETIME = 5 * 60
MALFORMED = "Credential data is not valid"


def start_web_authn_registration(tx: Transaction, request: Request) -> Response:
    """StartWebAuthnRegistration: the `CredentialCreationOptions` for the browser."""
    user, client, pool = _caller(tx, request)
    relying_party, known = _relying_party(pool), passkeys.all_of(tx, user)
    if len(known) >= MOST:
        raise LimitExceededException("A user can have as many as 20 passkeys.")
    challenge = random_values.challenge()
    tx.run(
        "INSERT OR REPLACE INTO passkey_registrations VALUES (?, ?, ?, ?)",
        user.id,
        client.id,
        challenge,
        tx.now + LIFETIME,
    )
    name = base64.urlsafe_b64encode(user.sub.encode()).decode().rstrip("=")
    return {
        "CredentialCreationOptions": {
            "rp": {"id": relying_party, "name": relying_party},
            "user": {"id": name, "name": user.username, "displayName": user.username},
            "challenge": challenge,
            "timeout": 60000,
            "pubKeyCredParams": [
                {"type": "public-key", "alg": algorithm} for algorithm in authenticators.ALGORITHMS
            ],
            "authenticatorSelection": {
                "requireResidentKey": True,
                "residentKey": "required",
                "userVerification": pool.user_verification,
            },
            "excludeCredentials": [key.described for key in known],
        }
    }


def complete_web_authn_registration(tx: Transaction, request: Request) -> Response:
    """CompleteWebAuthnRegistration: `{}`; the user has the passkey the browser created."""
    passkeys.reject_unavailable()
    user, client, pool = _caller(tx, request)
    relying_party, credential = _relying_party(pool), request["Credential"]
    challenge = _take_challenge(tx, user, client)
    try:
        made = authenticators.new_key(credential)
    except authenticators.Malformed:
        raise InvalidParameterException(MALFORMED) from None
    signed = made.signed
    if not hmac.compare_digest(signed.challenge, _decoded(challenge)):
        raise WebAuthnChallengeNotFoundException
    if not signed.is_from(relying_party):
        raise WebAuthnOriginNotAllowedException
    if not signed.is_for(relying_party):
        raise WebAuthnRelyingPartyMismatchException
    if made.algorithm not in authenticators.ALGORITHMS:
        raise WebAuthnCredentialNotSupportedException
    is_verified = signed.is_verified or pool.user_verification != "required"
    if signed.kind != authenticators.CREATE or not (signed.is_present and is_verified):
        raise InvalidParameterException(MALFORMED)
    if made.id in {key.id for key in passkeys.all_of(tx, user)}:
        raise InvalidParameterException("The user has this passkey already.")
    _keep(tx, user, relying_party, made, credential)
    return {}


def _take_challenge(tx: Transaction, user: User, client: Client) -> str:
    row = tx.one("SELECT * FROM passkey_registrations WHERE user_id = ?", user.id)
    if row is None or tx.now >= row["expires"]:
        raise WebAuthnChallengeNotFoundException
    if row["client_id"] != client.id:
        raise WebAuthnClientMismatchException
    tx.run("DELETE FROM passkey_registrations WHERE user_id = ?", user.id)
    return str(row["challenge"])


def _keep(
    tx: Transaction,
    user: User,
    relying_party: str,
    made: authenticators.NewKey,
    credential: dict[str, Any],
) -> None:
    attachment = credential.get("authenticatorAttachment")
    transports = credential["response"].get("transports") or []
    known = transports if isinstance(transports, list) else []
    tx.run(
        "INSERT INTO passkeys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        made.id,
        user.id,
        relying_party,
        made.public_key,
        made.signed.count,
        # What the service calls a passkey isn't known.
        "Passkey",
        attachment if isinstance(attachment, str) else None,
        json.dumps([name for name in known if isinstance(name, str)]),
        tx.now,
    )


def list_web_authn_credentials(tx: Transaction, request: Request) -> Response:
    """ListWebAuthnCredentials: `{"Credentials": [...]}`, oldest first, and `NextToken` while more
    follow.
    """
    user, _ = _bearer(tx, request)
    limit = request.get("MaxResults") or MOST
    first, _ = paging.after_numbered(request.get("NextToken"))
    found = passkeys.all_of(tx, user)
    listed = [
        {
            "CredentialId": key.id,
            "FriendlyCredentialName": key.name,
            "RelyingPartyId": key.relying_party,
            **({"AuthenticatorAttachment": key.attachment} if key.attachment else {}),
            "AuthenticatorTransports": key.transport_names,
            "CreatedAt": key.created,
        }
        for key in found[first : first + limit]
    ]
    more = len(found) > first + limit
    following = {"NextToken": paging.numbered_token(first + limit, "")} if more else {}
    return {"Credentials": listed, **following}


def delete_web_authn_credential(tx: Transaction, request: Request) -> Response:
    """DeleteWebAuthnCredential: `{}`; the user no longer has that passkey."""
    user, _ = _bearer(tx, request)
    if request["CredentialId"] not in {key.id for key in passkeys.all_of(tx, user)}:
        raise ResourceNotFoundException("The user has no such passkey.")
    tx.run("DELETE FROM passkeys WHERE user_id = ? AND id = ?", user.id, request["CredentialId"])
    return {}


def _caller(tx: Transaction, request: Request) -> tuple[User, Client, Pool]:
    user, client = _bearer(tx, request)
    pool = find_pool(tx, user.pool_id)
    if "WEB_AUTHN" not in pool.first_factors:
        raise WebAuthnNotEnabledException
    return user, client, pool


def _bearer(tx: Transaction, request: Request) -> tuple[User, Client]:
    """Who is calling. These operations have no error for a deleted user."""
    try:
        return tokens.bearer_and_client(tx, request["AccessToken"])
    except UserNotFoundException:
        raise NotAuthorizedException("Access Token has been revoked") from None


def _relying_party(pool: Pool) -> str:
    """The pool's RelyingPartyId. At AWS the default is the domain of its pages, which no pool of
    the emulator has.
    """
    if pool.relying_party is None:
        raise WebAuthnConfigurationMissingException
    return pool.relying_party


def _decoded(challenge: str) -> bytes:
    return base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))
