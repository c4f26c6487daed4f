"""What Cognito may respond if the user chooses the first factor: USER_AUTH."""

from ..practice_settings import CHOICE
from .row import (
    APP,
    INITIATE,
    RESPOND,
    Body,
    Outcome,
    Recipe,
    accepted,
    asks,
    continues_from,
    rejected,
    tokens_for,
)

GROUP = "Choosing the first factor"


def _preferred(request: Body, answer: Body) -> bool:
    """Whether a preference was met at once."""
    return request.get("AuthFlow") == "USER_AUTH" and answer.get("ChallengeName") in (
        "EMAIL_OTP",
        "SMS_OTP",
    )


def _selected_srp(request: Body, answer: Body) -> bool:
    """Whether SRP was chosen."""
    return (
        request.get("ChallengeName") in ("SELECT_CHALLENGE", "PASSWORD_SRP")
        and answer.get("ChallengeName") == "PASSWORD_VERIFIER"
    )


ROWS: list[Outcome] = [
    accepted(
        "The user chooses",
        GROUP,
        asks("SELECT_CHALLENGE"),
        "AvailableChallenges lists what this user can sign in with.",
        "Start with a user name and no password.",
        Recipe("InitiateAuth", {"flow": "USER_AUTH"}, pool=CHOICE),
        *INITIATE,
    ),
    accepted(
        "A preference skips the choice",
        GROUP,
        _preferred,
        "The code is sent at once.",
        "Say which factor you prefer.",
        Recipe("InitiateAuth", {"flow": "USER_AUTH", "preferred": "EMAIL_OTP"}, pool=CHOICE),
        *INITIATE,
    ),
    rejected(
        "A factor the user doesn't have",
        GROUP,
        "factor-not-available",
        "ANSWER is one of AvailableChallenges.",
        "Choose a factor that isn't in the list.",
        Recipe(
            APP, {"challenge": "SELECT_CHALLENGE", "answer": "one that isn't offered"}, pool=CHOICE
        ),
        *RESPOND,
    ),
    accepted(
        "Signed in with nothing but a code by SMS",
        GROUP,
        tokens_for("SMS_OTP"),
        "No password was needed.",
        "Let Cognito send a text message.",
        Recipe(APP, {"challenge": "SMS_OTP"}, pool=CHOICE),
        *RESPOND,
    ),
    accepted(
        "A password as the choice",
        GROUP,
        continues_from("PASSWORD"),
        "PASSWORD answers SELECT_CHALLENGE directly.",
        "Answer the choice with a password.",
        Recipe(APP, {"challenge": "PASSWORD"}, pool=CHOICE),
        *RESPOND,
    ),
    accepted(
        "SRP as the choice",
        GROUP,
        _selected_srp,
        "Then PASSWORD_VERIFIER comes, as in USER_SRP_AUTH.",
        "Choose PASSWORD_SRP.",
        Recipe(APP, {"challenge": "PASSWORD_SRP"}, pool=CHOICE),
        *RESPOND,
    ),
]
