"""What Cognito may respond to codes by SMS and email as the second factor."""

from ..practice_settings import CODES
from .row import APP, INITIATE, RESPOND, Outcome, Recipe, accepted, asks, rejected, tokens_for

GROUP = "Codes by SMS and email"
ROWS: list[Outcome] = [
    accepted(
        "Which second factor?",
        GROUP,
        asks("SELECT_MFA_TYPE"),
        "The user has two factors turned on and prefers neither.",
        "Sign in with two second factors.",
        Recipe("InitiateAuth", pool=CODES),
        *INITIATE,
    ),
    rejected(
        "A factor that wasn't offered",
        GROUP,
        "mfa-type-not-offered",
        "ANSWER is one of MFAS_CAN_CHOOSE.",
        "Choose a factor that isn't in the list.",
        Recipe(
            APP, {"challenge": "SELECT_MFA_TYPE", "answer": "one that isn't offered"}, pool=CODES
        ),
        *RESPOND,
    ),
    accepted(
        "A code was sent by SMS",
        GROUP,
        asks("SMS_MFA"),
        "The response shows the last four digits of the number.",
        "Choose SMS as the second factor.",
        Recipe(APP, {"challenge": "SELECT_MFA_TYPE"}, pool=CODES),
        *INITIATE,
        *RESPOND,
    ),
    accepted(
        "Signed in with a code by SMS",
        GROUP,
        tokens_for("SMS_MFA"),
        "As a second factor the code has six digits.",
        "Read the text messages on the phone.",
        Recipe(APP, {"challenge": "SMS_MFA"}, pool=CODES),
        *RESPOND,
    ),
    accepted(
        "Signed in with a code by email",
        GROUP,
        tokens_for("EMAIL_OTP"),
        "As a first factor the code has eight digits, as a second factor six.",
        "Check the inbox.",
        Recipe(APP, {"challenge": "EMAIL_OTP"}, pool=CODES),
        *RESPOND,
    ),
]
