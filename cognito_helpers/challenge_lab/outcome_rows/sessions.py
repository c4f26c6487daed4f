"""What Cognito may respond about a session."""

from .row import APP, Outcome, Recipe, rejected

GROUP = "Sessions"
ROWS: list[Outcome] = [
    rejected(
        "The session has expired",
        GROUP,
        "session-expired",
        "AuthSessionValidity of the app client sets the minutes. The default is 3.",
        "Wait 15 minutes before you respond.",
        Recipe(APP, {"session": "expired"}),
    ),
    rejected(
        "A session works once",
        GROUP,
        "session-used",
        "Each response has a new session, which replaces the last one.",
        "Send a session you've already used.",
        Recipe(APP, {"session": "used"}),
    ),
    rejected(
        "Not a session for this user",
        GROUP,
        "session-invalid",
        "You can't make up a session, or use another user's.",
        "Change a session, or use another user's.",
        Recipe(APP, {"session": "garbled"}),
    ),
    rejected(
        "The session is missing",
        GROUP,
        "missing-session",
        "boto3 doesn't require it, but Cognito does.",
        "Respond without a session.",
        Recipe(APP, {"session": "none"}),
    ),
]
