"""Lambda functions for the triggers of a pool, and a way to see what they were told."""

import copy

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
CUSTOM = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
ANSWER = "blue"
# A client for CUSTOM_AUTH beside the older flows.
CLIENT = {
    "ExplicitAuthFlows": [
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ]
}


def define(event, _):
    """Three tries, after the proof of the password if the client begins with it."""
    said, session = event["response"], event["request"]["session"]
    asked = [entry for entry in session if entry["challengeName"] == "CUSTOM_CHALLENGE"]
    if session and session[-1]["challengeName"] == "SRP_A":
        said["challengeName"] = "PASSWORD_VERIFIER"
    elif asked and asked[-1]["challengeResult"]:
        said["issueTokens"] = True
    elif len(asked) >= 3:
        said["failAuthentication"] = True
    else:
        said["challengeName"] = "CUSTOM_CHALLENGE"
    return event


def create(event, _):
    number = len(event["request"]["session"]) + 1
    event["response"] = {
        "publicChallengeParameters": {"question": "What color is the sky?"},
        "privateChallengeParameters": {"answer": ANSWER},
        "challengeMetadata": f"try {number}",
    }
    return event


def verify(event, _):
    request = event["request"]
    right = request["privateChallengeParameters"]["answer"]
    event["response"]["answerCorrect"] = request["challengeAnswer"] == right
    return event


FUNCTIONS = dict(zip(CUSTOM, (define, create, verify), strict=True))


def config(*triggers):
    """A LambdaConfig in which each trigger has a function of its own name."""
    return {"LambdaConfig": {name: ARN + name for name in triggers}}


class Seen:
    """The events that functions were called with, by the trigger."""

    def __init__(self, emulator):
        self.lambdas, self.events = emulator.lambdas, []

    def put(self, **functions):
        """Functions by their triggers, which note each event before they run."""
        for name, function in functions.items():
            self.lambdas[name] = self._noting(name, function)
        return self

    def of(self, trigger):
        return [event for name, event in self.events if name == trigger]

    def requests(self, trigger):
        return [event["request"] for event in self.of(trigger)]

    @property
    def names(self):
        return [name for name, _ in self.events]

    def _noting(self, name, function):
        def noting(event, context):
            self.events.append((name, copy.deepcopy(event)))
            return function(event, context)

        return noting
