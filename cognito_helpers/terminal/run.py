"""The whole flow at the prompt: `cognito-tutorial run`, for learners who know the published console
programs.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from textwrap import indent
from typing import Any, NamedTuple

import boto3
import jwt
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from ..actions import CognitoIdentityProviderWrapper
from ..backends import aws
from ..backends.base import LOCAL
from ..calls.listeners import Listeners
from ..calls.retries import RetryWatcher
from ..errors import LessonError
from ..explanations import aws_errors
from ..explanations.ipython_extension import plain
from ..explanations.service_errors import explained
from ..local_cognito import LocalCognito
from ..sign_in.challenge_answers import Call
from ..sign_in.next_step import next_step
from ..sign_in.scenario import UNKNOWN, Scenario
from ..sign_in.tokens import verify
from ..text import visible
from ..tutorial_pool.settings import CLIENT_SETTINGS, MFA_SETTINGS, POOL_NAME, POOL_SETTINGS
from ..views.response import show
from . import run_options
from .console import AtTerminal, Prompt, in_lines, say


def main(arguments: Sequence[str]) -> int:
    """Run the scenario as `arguments` say; return the exit code: 0, 1 after one sentence on what
    went wrong, 130 after Ctrl-C.
    """
    options = run_options.parse(arguments)
    scenario: Scenario | None = None
    service: Service | None = None
    try:
        given = run_options.given(options)
        service = (
            _emulator() if options.backend == LOCAL else _aws(options.pool_id, options.client_id)
        )
        say(service.words)
        scenario = Scenario(service.cognito, AtTerminal(Prompt(given), service.emulator))
        for call in scenario.run():
            _tell(call, service)
        return 0
    except (LessonError, ClientError, BotoCoreError, OSError, jwt.PyJWTError) as trouble:
        print(visible(_sentence(trouble)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 128 + signal.SIGINT
    finally:
        if scenario and service:
            say(f"\n{_what_is_left(scenario, service)}")


# The service


class Service(NamedTuple):
    """The service, how to verify its tokens, and what to say about it."""

    words: str
    cognito: CognitoIdentityProviderWrapper
    pool_id: str
    client_id: str
    issuer: str
    keys: Callable[[], dict[str, Any]]
    now: Callable[[], float]
    emulator: LocalCognito | None


def _emulator() -> Service:
    emulator = LocalCognito()
    client = emulator.client()
    pool_id = client.create_user_pool(PoolName=POOL_NAME, **POOL_SETTINGS)["UserPool"]["Id"]
    client.set_user_pool_mfa_config(UserPoolId=pool_id, **MFA_SETTINGS)
    client_id = client.create_user_pool_client(
        UserPoolId=pool_id, ClientName=POOL_NAME, **CLIENT_SETTINGS
    )["UserPoolClient"]["ClientId"]
    words = (
        "The emulator answers, in memory: no AWS account is used. It has created the user pool"
        f" {pool_id} and an app client."
    )
    keys, issuer = lambda: emulator.jwks(pool_id), f"{client.meta.endpoint_url}/{pool_id}"
    return Service(
        words,
        CognitoIdentityProviderWrapper(client, pool_id, client_id),
        pool_id,
        client_id,
        issuer,
        keys,
        emulator.clock.now,
        emulator,
    )


def _aws(pool_id: str, client_id: str) -> Service:
    # A pool's ID begins with its Region.
    session = boto3.Session(region_name=pool_id.partition("_")[0])
    client = aws.client(session)
    # SignUp isn't signed: without this check it creates a user, and the next call finds out.
    if session.get_credentials() is None:
        raise NoCredentialsError
    Listeners(client, RetryWatcher())
    words = (
        f"{client.meta.endpoint_url} answers, for your user pool {pool_id}. What you create there"
        " stays, unless you say otherwise."
    )
    issuer = aws.issuer(session, client, pool_id)
    keys = cache(lambda: aws.download_jwks(session, issuer))
    return Service(
        words,
        CognitoIdentityProviderWrapper(client, pool_id, client_id),
        pool_id,
        client_id,
        issuer,
        keys,
        time.time,
        None,
    )


# Output


def _tell(call: Call, service: Service) -> None:
    say(f"\n{call.operation}\n{indent(in_lines(show(call.answer)), '  ')}")
    if "ChallengeName" in call.answer:
        step = next_step(call.answer)
        say(f"{step.challenge}: {step.means}")
    if tokens := call.answer.get("AuthenticationResult"):
        verified = verify(
            tokens["AccessToken"],
            service.keys(),
            use="access",
            issuer=service.issuer,
            client_id=service.client_id,
            now=service.now(),
        )
        say(f"\nThe access token is valid:\n{indent(str(verified), '  ')}")


def _sentence(trouble: Exception) -> str:
    """What went wrong, in one sentence and on one line."""
    if isinstance(trouble, ClientError):
        words = f"Cognito rejected {trouble.operation_name}: {explained(trouble).line()}"
    elif isinstance(trouble, jwt.PyJWTError):
        words = f"The access token isn't valid: {trouble}"
    else:
        words = (
            aws_errors.sentence(trouble, first="start this again", here="start this again")
            or plain(trouble)
            or str(trouble)
        )
    return " ".join(words.split())


def _what_is_left(scenario: Scenario, service: Service) -> str:
    """What this run leaves behind, printed however it ended."""
    if service.emulator:
        return "The emulator was in memory: its pool and its users are deleted."
    pool = (
        f"The user pool {service.pool_id} is yours, and stays. Delete it when you're done with it."
    )
    if not scenario.status:
        return f"This run left no user behind. {pool}"
    if scenario.status == UNKNOWN:
        return (
            f"It isn't known whether {scenario.username} is in the pool now. Give the same name"
            f" again to see. {pool}"
        )
    kept = (
        " The tokens and the device weren't kept: the next run gets new ones."
        if scenario.tokens or scenario.device
        else ""
    )
    return (
        f"The user {scenario.username} stays, {scenario.status}: give the same name again to"
        f" continue.{kept} {pool}"
    )
