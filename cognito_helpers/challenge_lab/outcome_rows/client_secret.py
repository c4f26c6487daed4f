"""What Cognito may respond about a secret hash."""

from .row import Outcome, Recipe, accepted, rejected, with_hash

GROUP = "The client's secret"
ROWS: list[Outcome] = [
    accepted(
        "The secret hash is right",
        GROUP,
        with_hash,
        "It shows that the caller knows the client's secret, without sending it.",
        "Sign in through a client that has a secret.",
        Recipe("InitiateAuth", {"client": "one with a secret"}),
    ),
    rejected(
        "The secret hash is wrong",
        GROUP,
        "secret-hash-wrong",
        "Hash the very name that you send, and the client's id.",
        "Compute a secret hash with another secret.",
        Recipe("InitiateAuth", {"client": "one with a secret", "hash": "wrong"}),
    ),
    rejected(
        "The secret hash is missing",
        GROUP,
        "secret-hash-missing",
        "A client with a secret wants its hash in every call.",
        "Forget the secret hash.",
        Recipe("InitiateAuth", {"client": "one with a secret", "hash": "none"}),
    ),
]
