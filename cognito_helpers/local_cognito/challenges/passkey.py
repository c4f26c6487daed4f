"""WEB_AUTHN: a passkey signs a challenge. BEHAVIOR.md, 11.8."""

from __future__ import annotations

import base64
import hmac
import json

from .. import passkeys, user_factors
from ..crypto import passkeys as authenticators
from ..crypto import random_values
from ..errors import InvalidParameterException, NotAuthorizedException
from ..passkeys import Passkey
from ..pools import Pool
from ..sessions import INVALID, Session, SignIn, spend_session
from ..storage.store import Transaction
from ..types import Response
from .names import WEB_AUTHN
from .step import Passed, Proved, ask

# Which error a wrong assertion gives isn't known (BEHAVIOR.md, 11.22).
WRONG = "The passkey could not be verified."
MALFORMED = "Credential data is not valid"


def pose(tx: Transaction, sign_in: SignIn) -> Response:
    """Ask for the signature of one of the user's passkeys."""
    challenge, pool = random_values.challenge(), sign_in.pool
    options = {
        "challenge": challenge,
        "timeout": 180000,
        "rpId": pool.relying_party,
        "allowCredentials": [
            {**key.described, "transports": key.transport_names}
            for key in passkeys.usable(tx, pool, sign_in.user)
        ],
        "userVerification": pool.user_verification,
    }
    told = {"CREDENTIAL_REQUEST_OPTIONS": json.dumps(options)}
    return ask(tx, sign_in, WEB_AUTHN, told, state={"challenge": challenge})


def answer(
    tx: Transaction, sign_in: SignIn, session: Session, responses: dict[str, str]
) -> Response | Passed:
    """Check the signature. A wrong one spends the session."""
    passkeys.reject_unavailable()
    pool, user = sign_in.pool, sign_in.user
    if WEB_AUTHN not in user_factors.first(tx, pool, user):
        raise NotAuthorizedException(INVALID)
    try:
        name, signed, signature = authenticators.assertion(json.loads(responses["CREDENTIAL"]))
    except (authenticators.Malformed, ValueError, RecursionError):
        raise InvalidParameterException(MALFORMED) from None
    key = next((key for key in passkeys.usable(tx, pool, user) if key.id == name), None)
    if key is None or not _is_right(pool, key, session, signed, signature):
        spend_session(tx, session)
        raise NotAuthorizedException(WRONG)
    tx.run(
        "UPDATE passkeys SET sign_count = ? WHERE user_id = ? AND id = ?",
        signed.count,
        user.id,
        key.id,
    )
    return Passed(Proved.NO_PASSWORD, sign_in)


def _is_right(
    pool: Pool, key: Passkey, session: Session, signed: authenticators.Signed, signature: bytes
) -> bool:
    sent = session.state["challenge"]
    challenge = base64.urlsafe_b64decode(sent + "=" * (-len(sent) % 4))
    # A count that doesn't grow tells of a copied key. Authenticators that don't count send 0.
    counts = signed.count > key.sign_count or signed.count == key.sign_count == 0
    return (
        signed.kind == authenticators.GET
        and hmac.compare_digest(signed.challenge, challenge)
        and signed.is_for(key.relying_party)
        and signed.is_from(key.relying_party)
        and signed.is_present
        and (signed.is_verified or pool.user_verification != "required")
        and counts
        and authenticators.is_signed_by(key.public_key, signed, signature)
    )
