"""What Cognito may respond about a session."""

from .row import APP, Outcome, Recipe, rejected

GROUP = "Sessions"
ROWS: list[Outcome] = [
    rejected(
        "The session is over",
        GROUP,
        "session-expired",
        "Some minutes, as the client says: 3 where it says nothing.",
        "Look for the phone for a quarter of an hour.",
        Recipe(APP, {"session": "expired"}),
    ),
    rejected(
        "A session is good once",
        GROUP,
        "session-used",
        "Each answer's session replaces the one before.",
        "Send a session that you have answered.",
        Recipe(APP, {"session": "used"}),
    ),
    rejected(
        "Not a session for this user",
        GROUP,
        "session-invalid",
        "No one can write a session, or use another user's.",
        "Alter a session, or borrow one.",
        Recipe(APP, {"session": "garbled"}),
    ),
    rejected(
        "The session is missing",
        GROUP,
        "missing-session",
        "boto3 does not ask for it; Cognito does.",
        "Answer without a session.",
        Recipe(APP, {"session": "none"}),
    ),
]
