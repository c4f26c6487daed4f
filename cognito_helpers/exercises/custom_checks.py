"""The exercise on a pool's own challenge: one code for each sign-in."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from ..explanations.service_errors import code_and_message
from .practice_pool import PracticePool, practice_pool
from .result import NOT_YET, OPEN, SOLVED, WRITE, Result

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
TRIGGERS = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
Event = dict[str, Any]


def one_code(_: Any, function: Any) -> Result:
    """A CreateAuthChallenge keeps the code during a sign-in, and only then."""
    if not callable(function):
        return Result(OPEN, WRITE)
    pool = practice_pool()
    try:
        first, second, another = _codes(pool, function)
    except ClientError as error:
        code, message = code_and_message(error)
        return Result(NOT_YET, f"with your function, Cognito returned {code}: {message}")
    if first != second:
        return Result(NOT_YET, "after a wrong answer, your function asks for another code.")
    if first == another:
        return Result(NOT_YET, "the next sign-in begins with the code of the one before.")
    return Result(
        SOLVED,
        "one code for each sign-in. The metadata travels with the session, so your function needs"
        " no database.",
    )


def _codes(pool: PracticePool, function: Any) -> list[Event]:
    """What the function keeps for the check: at the first and the second try of a sign-in, and at
    the first of another one.
    """
    kept: list[Event] = []

    def define(event: Event, _: Any) -> Event:
        event["response"]["challengeName"] = "CUSTOM_CHALLENGE"
        return event

    def verify(event: Event, _: Any) -> Event:
        kept.append(event["request"]["privateChallengeParameters"])
        event["response"]["answerCorrect"] = False
        return event

    pool.lambdas.update(zip(TRIGGERS, (define, function, verify), strict=True))
    with pool.requests.aside():
        pool.cognito.update_user_pool(
            UserPoolId=pool.pool_id, LambdaConfig={name: ARN + name for name in TRIGGERS}
        )
        client = pool.cognito.create_user_pool_client(
            UserPoolId=pool.pool_id, ClientName="custom", ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH"]
        )["UserPoolClient"]["ClientId"]
        for tries in (2, 1):
            _try(pool, client, tries)
    return kept


def _try(pool: PracticePool, client: str, tries: int) -> None:
    """Begin a sign-in and answer wrongly so many times."""
    name = {"USERNAME": pool.username}
    asked = pool.cognito.initiate_auth(ClientId=client, AuthFlow="CUSTOM_AUTH", AuthParameters=name)
    for _ in range(tries):
        asked = pool.cognito.respond_to_auth_challenge(
            ClientId=client,
            ChallengeName="CUSTOM_CHALLENGE",
            Session=asked["Session"],
            ChallengeResponses={**name, "ANSWER": "wrong"},
        )
