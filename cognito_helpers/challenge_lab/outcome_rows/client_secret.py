"""What Cognito may respond about a secret hash."""

from .row import Outcome, Recipe, accepted, rejected, with_hash

GROUP = "The client's secret"
ROWS: list[Outcome] = [
    accepted(
        "A correct secret hash",
        GROUP,
        with_hash,
        "The hash shows that the application has the secret, without sending it.",
        "Sign in with an app client that has a secret.",
        Recipe("InitiateAuth", {"client": "one with a secret"}),
    ),
    rejected(
        "A wrong secret hash",
        GROUP,
        "secret-hash-wrong",
        "Hash exactly the user name you send, and the app client ID.",
        "Compute a secret hash with another secret.",
        Recipe("InitiateAuth", {"client": "one with a secret", "hash": "wrong"}),
    ),
    rejected(
        "A missing secret hash",
        GROUP,
        "secret-hash-missing",
        "An app client with a secret needs the hash in every client-side call.",
        "Leave out the secret hash.",
        Recipe("InitiateAuth", {"client": "one with a secret", "hash": "none"}),
    ),
]
