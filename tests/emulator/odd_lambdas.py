"""Lambda functions that do all a function may do, in turn: for tests that send random requests.

A Python file of its own, so that `serve --lambdas` can read it.
"""

from itertools import cycle

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
TRIGGERS = [
    "PreSignUp",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "PreTokenGeneration",
    "CustomMessage",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
]
# What's said in `response`; most of it makes sense for one trigger only.
ANSWERS = [
    {},
    {"challengeName": "CUSTOM_CHALLENGE", "privateChallengeParameters": {"a": "b"}},
    {"challengeName": "CUSTOM_CHALLENGE", "publicChallengeParameters": {"a": "b"}},
    {"issueTokens": True, "answerCorrect": True, "autoConfirmUser": True},
    {"challengeName": "PASSWORD_VERIFIER", "failAuthentication": False},
    {"failAuthentication": True, "autoVerifyEmail": True},
    {"claimsOverrideDetails": {"claimsToAddOrOverride": {"a": "b"}}},
    {"claimsOverrideDetails": {"claimsToSuppress": ["email"], "groupOverrideDetails": None}},
    {"claimsOverrideDetails": {"groupOverrideDetails": {"groupsToOverride": ["a"]}}},
    {"emailMessage": "{####}", "smsMessage": "{####} {username}", "emailSubject": ""},
    {"issueTokens": 1},
    {"privateChallengeParameters": ["a"], "claimsOverrideDetails": "a", "autoConfirmUser": "a"},
]
_turns = cycle([None, *ANSWERS, *ANSWERS, "raise", *ANSWERS, "nothing"])


def _odd(event, _):
    turn = next(_turns)
    if turn == "raise":
        raise ValueError("\x00 ä\n" + str(event["request"]))
    if turn == "nothing":
        return None
    return event if turn is None else {**event, "response": turn}


PreSignUp = PostConfirmation = PreAuthentication = PostAuthentication = _odd
PreTokenGeneration = CustomMessage = DefineAuthChallenge = _odd
CreateAuthChallenge = VerifyAuthChallengeResponse = _odd
FUNCTIONS = dict.fromkeys(TRIGGERS, _odd)
