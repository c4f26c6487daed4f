"""The exercises of the lessons, and how each is checked.

A check reads the learner's calls, or asks the service. It never compares source code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ..errors import LessonError
from ..explanations.service_errors import key_of
from ..lab.lab import Lab
from .result import (
    NOT_YET,
    OPEN,
    SKIPPED,
    SOLVED,
    Request,
    Result,
    answer_of,
    check_prediction,
    is_accepted,
    made,
    since,
)

Check = Callable[[Lab, Any], Result]
Where = Callable[[Lab, Request], bool]
# What can be wrong with a session, by the keys of the errors.
SESSION_ERRORS = {"session-expired", "session-used", "session-invalid"}
WRITE = "write your code in place of the first line, and run the cell again."


def check(lab: Lab, exercise: str, answer: object = None) -> Result:
    """Check an exercise. `answer` is the prediction or the number that some exercises ask for.

    Raises `LessonError` for an unknown exercise.
    """
    if exercise not in EXERCISES:
        raise LessonError(f"There is no exercise “{exercise}”: there are {', '.join(EXERCISES)}.")
    if exercise in MOVES_THE_CLOCK and not lab.backend.can_move_clock:
        return Result(
            SKIPPED,
            "this exercise moves the service's clock, and only the emulator's can be moved. Go on"
            " with the next step.",
        )
    return EXERCISES[exercise](lab, answer)


def _predict(operation: str, why: str, where: Where = lambda lab, request: True) -> Check:
    """An exercise that asks what a call will return."""
    return lambda lab, prediction: check_prediction(
        lab, prediction, operation, why, lambda request: where(lab, request)
    )


# Lesson 01


def _found_by_address(lab: Lab, _: Any) -> Result:
    searches = made(
        lab.requests.calls, "ListUsers", lambda request: "email" in str(request.get("Filter", ""))
    )
    if not searches:
        return Result(OPEN, WRITE)
    users = answer_of(searches[-1]).get("Users", [])
    if lab.username not in [user["Username"] for user in users]:
        return Result(
            NOT_YET,
            f"the last search by address found {len(users)} users, and {lab.username} is not among"
            " them. Look at how the filter is written.",
        )
    return Result(
        SOLVED,
        f"the service searched, and found {lab.username}. No other user had to be read for it.",
    )


def _a_day_late(lab: Lab, _: Any) -> Result:
    tries = made(
        lab.requests.calls, "ConfirmSignUp", lambda request: request.get("Username") != lab.username
    )
    if not tries:
        return Result(OPEN, WRITE)
    if tries[-1].refusal != "ExpiredCodeException":
        return Result(
            NOT_YET,
            f"the last confirmation ended with {tries[-1].refusal or 'a confirmed user'}. How long"
            " is a mailed code good?",
        )
    return Result(
        SOLVED,
        f"the code was too old, and the user is {lab.user_status(tries[-1].request['Username'])}."
        " Such a person asks for a new code.",
    )


# Lesson 02


def _a_new_phone(lab: Lab, _: Any) -> Result:
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
            "a new secret was asked for, and no code of it has been accepted yet. Give it to the"
            " phone, then send a code.",
        )
    return Result(
        SOLVED,
        "the new phone is the one that counts, and no session was needed: the access token said"
        " whose it is.",
    )


# Lesson 03


def _signed_out_everywhere(lab: Lab, _: Any) -> Result:
    if not any(map(is_accepted, made(lab.requests.calls, "GlobalSignOut"))):
        return Result(OPEN, WRITE)
    after = made(since(lab.requests.calls, "GlobalSignOut"), "GetUser")
    if not after:
        return Result(
            NOT_YET, "everybody is signed out. Show it: ask GetUser with the access token."
        )
    if is_accepted(after[-1]):
        return Result(
            NOT_YET,
            "GetUser still took the token that you sent. Is it of this user, and of a sign-in"
            " before the call?",
        )
    return Result(
        SOLVED,
        "one call ended every sign-in of this user, and Cognito takes none of their access tokens"
        " any more.",
    )


# Lesson 04


def _codes_sent(lab: Lab, answer: Any) -> Result:
    if not isinstance(answer, int):
        return Result(OPEN, "write a number in place of None, and run the cell again.")
    carried = made(
        lab.requests.calls,
        "RespondToAuthChallenge",
        lambda request: "SOFTWARE_TOKEN_MFA_CODE" in request.get("ChallengeResponses", {}),
    )
    if answer != len(carried):
        return Result(
            NOT_YET,
            f"not {answer}. Go through the calls above: which of them answers SOFTWARE_TOKEN_MFA?",
        )
    return Result(SOLVED, f"{answer}: a code went out when the device was new, and none since.")


def _without_the_key(lab: Lab, _: Any) -> Result:
    calls = since(lab.requests.calls, "ForgetDevice")
    begun = (
        [call for call in made(calls, "InitiateAuth") if is_accepted(call)]
        if calls != lab.requests.calls
        else []
    )
    if not begun:
        return Result(OPEN, WRITE)
    if answer_of(begun[-1]).get("ChallengeName") != "SOFTWARE_TOKEN_MFA":
        return Result(NOT_YET, "the last sign-in was begun, and it does not ask for a code.")
    return Result(
        SOLVED,
        "without a key the sign-in begins like the very first: a code is asked, and a new device"
        " will be offered.",
    )


# Lesson 05


def _three_messages(lab: Lab, _: Any) -> Result:
    refusals = [
        call
        for call in made(lab.requests.calls, "AdminRespondToAuthChallenge")
        if call.refusal == "NotAuthorizedException"
    ]
    met = {key_of(call.refusal, call.message) for call in refusals} & SESSION_ERRORS
    if not refusals:
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


def _a_third_try(lab: Lab, _: Any) -> Result:
    answers = made(
        lab.requests.calls,
        "RespondToAuthChallenge",
        lambda request: "SOFTWARE_TOKEN_MFA_CODE" in request.get("ChallengeResponses", {}),
    )
    mistyped = Counter(
        call.session_sent for call in answers if call.refusal == "CodeMismatchException"
    )
    twice = {session for session, times in mistyped.items() if times > 1}
    if not twice:
        return Result(OPEN, WRITE)
    if not any(is_accepted(call) and call.session_sent in twice for call in answers):
        return Result(
            NOT_YET,
            "two wrong codes were refused. Now send a right one with the very same session.",
        )
    return Result(
        SOLVED,
        "a wrong code does not use the session up. The person need not type the password again.",
    )


# Lesson 06


def _with_a_hash(lab: Lab, _: Any) -> Result:
    tries = made(lab.requests.calls, "AdminInitiateAuth")
    if not tries:
        return Result(OPEN, WRITE)
    if tries[-1].request["ClientId"] == lab.client_id:
        return Result(
            NOT_YET, "that was the client without a secret. Send the id of the one that has one."
        )
    if not is_accepted(tries[-1]):
        return Result(
            NOT_YET,
            f"Cognito refused it: {tries[-1].message}. What is the hash computed over?",
        )
    return Result(SOLVED, "the server's call takes the same hash in the same place.")


# Lesson 07


def _forgotten(lab: Lab, _: Any) -> Result:
    if not any(map(is_accepted, made(lab.requests.calls, "ForgetDevice"))):
        return Result(OPEN, WRITE)
    lists = made(since(lab.requests.calls, "ForgetDevice"), "ListDevices")
    if not lists or answer_of(lists[-1]).get("Devices") != []:
        return Result(
            NOT_YET, "a device was forgotten. Show that none is left: list the devices again."
        )
    return Result(SOLVED, "the list is empty. The next sign-in will ask for a code again.")


def _needs_credentials(lab: Lab, answer: Any) -> Result:
    if not answer:
        return Result(
            OPEN,
            "write the names of the calls into the braces, each in quotation marks, and run the"
            " cell again.",
        )
    if not isinstance(answer, set | list | tuple):
        return Result(
            NOT_YET, 'write the names in braces with commas between them: {"ListUsers", "SignUp"}.'
        )
    signed = {call.operation for call in lab.requests.calls if call.signed}
    wrong, missing = sorted(set(map(str, answer)) - signed), len(signed - set(answer))
    if wrong:
        return Result(NOT_YET, f"{', '.join(wrong)} went out unsigned, or was not called.")
    if missing:
        return Result(
            NOT_YET,
            f"all of these were signed, and {missing} more. Whose names begin with Admin or List?",
        )
    return Result(
        SOLVED,
        f"{len(signed)} calls need AWS credentials, and so a server of yours. Anybody may make the"
        " others.",
    )


# Lesson 08


def _still_there(lab: Lab, answer: Any) -> Result:
    looked = [call for call in made(lab.requests.calls, "ListUsers") if is_accepted(call)]
    if not looked or not isinstance(answer, int):
        return Result(OPEN, WRITE)
    if lab.pool_id is None:
        return Result(
            NOT_YET,
            "the pool is gone by now, and everybody in it. Run the lesson once more from the top.",
        )
    with lab.requests.aside():
        pages = lab.cognito.get_paginator("list_users").paginate(UserPoolId=lab.pool_id)
        users = sum(len(page["Users"]) for page in pages)
    if answer != users:
        return Result(
            NOT_YET,
            f"you counted {answer}, and Cognito counts otherwise. Does your call name the pool, and"
            " read every page?",
        )
    return Result(SOLVED, f"{users} left. An app client takes nobody along; the pool will.")


# What each exercise is called in its lesson, in the order of the lessons.
EXERCISES: dict[str, Check] = {
    "a shared address": _predict(
        "SignUp",
        "Here an address is a thing that a user has, not a name to sign in with. Where a pool makes"
        " it one, two users cannot share it.",
        lambda lab, request: request["Username"] != lab.username,
    ),
    "another code": _predict(
        "ResendConfirmationCode",
        "There is nothing left to confirm. An application takes this refusal as good news.",
        lambda lab, request: request["Username"] == lab.username,
    ),
    "find by address": _found_by_address,
    "a day late": _a_day_late,
    "seven digits": _predict(
        "VerifySoftwareToken",
        "A code has six digits. What is no code at all is refused before anything is compared.",
        lambda lab, request: "7 characters" in str(request["UserCode"]),
    ),
    "before the end": _predict(
        "InitiateAuth",
        "The app was enrolled by the code that you sent, and not by the end of the sign-in.",
        lambda lab, request: "PASSWORD" in request["AuthParameters"],
    ),
    "a new phone": _a_new_phone,
    "no session": _predict(
        "RespondToAuthChallenge",
        "Without its session an answer belongs to no question.",
        lambda lab, request: "Session" not in request,
    ),
    "revoked twice": _predict(
        "RevokeToken",
        "What is revoked stays revoked. A sign-out that is pressed twice is no error.",
    ),
    "signed out everywhere": _signed_out_everywhere,
    "not remembered": _predict(
        "InitiateAuth",
        "Cognito knows the device, and asks for the second factor as if it did not.",
        lambda lab, request: "DEVICE_KEY" in request["AuthParameters"],
    ),
    "codes sent": _codes_sent,
    "without the key": _without_the_key,
    "the next code": _predict(
        "RespondToAuthChallenge",
        "Cognito takes the half minute after as well: the phone's clock may be fast.",
        lambda lab, request: "SOFTWARE_TOKEN_MFA_CODE" in request["ChallengeResponses"],
    ),
    "three messages": _three_messages,
    "a third try": _a_third_try,
    "no place for a hash": _predict(
        "GetUser", "The access token says who is asking. Calls that take one take no hash."
    ),
    "with a hash": _with_a_hash,
    "forgotten": _forgotten,
    "needs credentials": _needs_credentials,
    "a user who left": _predict(
        "InitiateAuth", "There is no such user any more, and this app client may say so."
    ),
    "still there": _still_there,
}
MOVES_THE_CLOCK = {"a day late", "three messages"}
