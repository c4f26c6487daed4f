"""What Cognito may respond about passkeys."""

from ..practice_settings import CHOICE
from .row import APP, INITIATE, RESPOND, Outcome, Recipe, accepted, asks, rejected, tokens_for

GROUP = "Passkeys"
START, COMPLETE = "StartWebAuthnRegistration", "CompleteWebAuthnRegistration"
DELETE = "DeleteWebAuthnCredential"
ROWS: list[Outcome] = [
    rejected(
        "No passkeys in this pool",
        GROUP,
        "passkeys-off",
        "WEB_AUTHN must be among the pool's first factors.",
        "Register a passkey in the tutorial's pool.",
        Recipe(START),
        START,
        COMPLETE,
    ),
    accepted(
        "A passkey is registered",
        GROUP,
        None,
        "Cognito gets the public key only.",
        "Complete a registration.",
        Recipe(COMPLETE, pool=CHOICE),
        COMPLETE,
    ),
    rejected(
        "Registered on another page",
        GROUP,
        "passkey-origin",
        "The browser adds the page's origin to what's signed.",
        "Register on a page of another domain.",
        Recipe(COMPLETE, {"signature": "on another page"}, pool=CHOICE),
        COMPLETE,
    ),
    accepted(
        "A passkey must sign",
        GROUP,
        asks("WEB_AUTHN"),
        "The challenge is random, and new in each sign-in.",
        "Choose the passkey.",
        Recipe(APP, {"challenge": "SELECT_CHALLENGE", "answer": "WEB_AUTHN"}, pool=CHOICE),
        *INITIATE,
        *RESPOND,
    ),
    accepted(
        "Signed in with a passkey",
        GROUP,
        tokens_for("WEB_AUTHN"),
        "Nothing that was sent can be used again.",
        "Sign with the passkey.",
        Recipe(APP, {"challenge": "WEB_AUTHN"}, pool=CHOICE),
        *RESPOND,
    ),
    rejected(
        "Signed on another page",
        GROUP,
        "passkey-wrong",
        "A signature made on a phishing page is useless elsewhere.",
        "Sign on a page of another domain.",
        Recipe(APP, {"challenge": "WEB_AUTHN", "signature": "on another page"}, pool=CHOICE),
        *RESPOND,
    ),
    rejected(
        "No such passkey",
        GROUP,
        "no-such-passkey",
        "ListWebAuthnCredentials shows the IDs.",
        "Delete a passkey that isn't there.",
        Recipe(DELETE, {"passkey": "one that does not exist"}, pool=CHOICE),
        DELETE,
    ),
]
