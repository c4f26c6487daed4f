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
        "Your functions chose the challenge",
        GROUP,
        asks(CHALLENGE),
        "DefineAuthChallenge chooses it, CreateAuthChallenge writes it.",
        "Start a sign-in with CUSTOM_AUTH.",
        Recipe("InitiateAuth", {"flow": "CUSTOM_AUTH"}, pool=CUSTOM),
        *INITIATE,
    ),
    accepted(
        "A wrong answer, asked again",
        GROUP,
        _asked_again,
        "Your functions decide how often.",
        "Send a wrong answer once.",
        Recipe(APP, {"challenge": CHALLENGE, "answer": "wrong"}, pool=CUSTOM),
        *RESPOND,
    ),
    accepted(
        "Signed in by your own challenge",
        GROUP,
        tokens_for(CHALLENGE),
        "VerifyAuthChallengeResponse accepted the answer.",
        "What is 6 times 7?",
        Recipe(APP, {"challenge": CHALLENGE}, pool=CUSTOM),
        *RESPOND,
    ),
]
