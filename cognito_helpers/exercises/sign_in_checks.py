"""Exercises on authenticator apps, sessions, secret hashes and tokens."""

from __future__ import annotations

from typing import Any

from ..explanations.service_errors import key_of
from ..lab.lab import Lab
from .practice_pool import PracticePool
from .result import NOT_YET, OPEN, SOLVED, WRITE, Result, is_accepted, made, since

# What can be wrong with a session, by the keys of the errors
SESSION_ERRORS = {"session-expired", "session-used", "session-invalid"}


def a_new_phone(lab: Lab, _: Any) -> Result:
    """A second authenticator app is set up with an access token."""
    calls = [
        call
        for call in lab.requests.calls
        if "AccessToken" in (call.request if isinstance(call.request, dict) else {})
    ]
    asked, proved = (
        made(calls, "AssociateSoftwareToken"),
        made(since(calls, "AssociateSoftwareToken"), "VerifySoftwareToken"),
    )
    if not asked:
        return Result(OPEN, WRITE)
    if not any(map(is_accepted, proved)):
        return Result(
            NOT_YET,
            "you have a new secret, but Cognito hasn't accepted a code of it yet. Show it to the"
            " phone, then verify it with a code.",
        )
    return Result(
        SOLVED,
        "the new phone is registered. The access token identified the user, so no session was"
        " needed.",
    )


def a_lost_phone(_: Lab, practice: Any) -> Result:
    """In the practice pool the app is deleted, and a new one is set up."""
    calls = practice.requests.calls if isinstance(practice, PracticePool) else []
    if not any(map(is_accepted, made(calls, "AdminDeleteSoftwareToken"))):
        return Result(OPEN, WRITE)
    finished = made(since(calls, "AdminDeleteSoftwareToken"), "RespondToAuthChallenge")
    if not any(map(is_accepted, finished)):
        return Result(
            NOT_YET,
            "the old app is deleted. Now sign in as the user, set up a new app and respond to the"
            " challenge.",
        )
    return Result(
        SOLVED,
        "the user has a new phone, and the old one's codes no longer work. It took one"
        " administrator's call. The user made all the others.",
    )


def signed_out_everywhere(lab: Lab, _: Any) -> Result:
    """GetUser rejects the access token after GlobalSignOut."""
    if not any(map(is_accepted, made(lab.requests.calls, "GlobalSignOut"))):
        return Result(OPEN, WRITE)
    after = made(since(lab.requests.calls, "GlobalSignOut"), "GetUser")
    if not after:
        return Result(
            NOT_YET, "this user is signed out everywhere. Check it: call GetUser with the token."
        )
    if is_accepted(after[-1]):
        return Result(
            NOT_YET,
            "GetUser accepted the token. Does it belong to this user, and to a sign-in before the"
            " call?",
        )
    return Result(
        SOLVED,
        "one call ended every sign-in of this user. Cognito no longer accepts their access tokens.",
    )


def three_messages(lab: Lab, _: Any) -> Result:
    """NotAuthorizedException with each message about a session."""
    errors = [
        call
        for call in made(lab.requests.calls, "AdminRespondToAuthChallenge")
        if call.error == "NotAuthorizedException"
    ]
    met = {key_of(call.error, call.message) for call in errors} & SESSION_ERRORS
    if not errors:
        return Result(OPEN, WRITE)
    if len(met) < 3:
        return Result(
            NOT_YET,
            f"{len(met)} of 3 messages about a session so far. Which conditions can a session"
            " be in?",
        )
    return Result(
        SOLVED, "one exception, three causes: a log that keeps only its name tells you nothing."
    )


def with_a_hash(lab: Lab, _: Any) -> Result:
    """AdminInitiateAuth through the app client with a secret."""
    tries = made(lab.requests.calls, "AdminInitiateAuth")
    if not tries:
        return Result(OPEN, WRITE)
    if tries[-1].request["ClientId"] == lab.client_id:
        return Result(
            NOT_YET, "that was the client without a secret. Send the ID of the client with one."
        )
    if not is_accepted(tries[-1]):
        return Result(
            NOT_YET,
            f"Cognito rejected it: {tries[-1].message}. What is the hash computed from?",
        )
    return Result(SOLVED, "the server-side call takes the same hash in the same place.")
