"""What Cognito may respond to challenges of the pool's own functions: CUSTOM_AUTH."""

from ..practice_settings import CUSTOM
from .row import APP, INITIATE, RESPOND, Body, Outcome, Recipe, accepted, asks, tokens_for

GROUP = "Your own challenge"
CHALLENGE = "CUSTOM_CHALLENGE"


def _asked_again(request: Body, answer: Body) -> bool:
    """Whether a wrong answer brought the challenge once more."""
    return request.get("ChallengeName") == CHALLENGE == answer.get("ChallengeName")


ROWS: list[Outcome] = [
    accepted(
        "Your functions ask",
        GROUP,
        asks(CHALLENGE),
        "DefineAuthChallenge chose it, CreateAuthChallenge wrote it.",
        "Begin a sign-in that your functions define.",
        Recipe("InitiateAuth", {"flow": "CUSTOM_AUTH"}, pool=CUSTOM),
        *INITIATE,
    ),
    accepted(
        "A wrong answer, asked again",
        GROUP,
        _asked_again,
        "How often is for your functions to say.",
        "Answer wrongly, once.",
        Recipe(APP, {"challenge": CHALLENGE, "answer": "wrong"}, pool=CUSTOM),
        *RESPOND,
    ),
    accepted(
        "Signed in by your own challenge",
        GROUP,
        tokens_for(CHALLENGE),
        "VerifyAuthChallengeResponse took the answer for right.",
        "What is 6 times 7?",
        Recipe(APP, {"challenge": CHALLENGE}, pool=CUSTOM),
        *RESPOND,
    ),
]
