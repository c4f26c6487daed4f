"""The exercises of the lessons, and how each is checked.

A check reads the learner's calls, or asks the service. It never compares source code.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..errors import LessonError
from ..lab.lab import Lab
from . import (
    app_checks,
    case_checks,
    custom_checks,
    device_checks,
    factor_checks,
    pool_checks,
    sign_in_checks,
    srp_checks,
    user_checks,
)
from .practice_pool import PracticePool
from .result import OPEN, SKIPPED, TO_WRITE, UNFINISHED, WRITE, Request, Result, check_prediction

# `lab` is the learner's, or the practice pool that the exercise is about.
Check = Callable[[Any, Any], Result]
Where = Callable[[Any, Request], bool]


def check(lab: Lab | PracticePool, exercise: str, answer: object = None) -> Result:
    """Check an exercise. `lab` is where its calls were made. `answer` is the prediction, the number
    or the function some exercises ask for.

    Raises `LessonError` for an unknown exercise.
    """
    if exercise not in EXERCISES:
        raise LessonError(
            f"There's no exercise “{exercise}”. The exercises are {', '.join(EXERCISES)}."
        )
    if exercise in MOVES_THE_CLOCK and not lab.backend.can_move_clock:
        return Result(
            SKIPPED,
            "this exercise moves the service's clock, and only the emulator's can be moved."
            " Continue with the next step.",
        )
    result = EXERCISES[exercise](lab, answer)
    if result == Result(OPEN, WRITE) and _has_code(sys._getframe(1)):
        return Result(OPEN, UNFINISHED)
    return result


def _has_code(cell: FrameType) -> bool:
    """Whether the running cell has code of the learner's."""
    lines = linecache.getlines(cell.f_code.co_filename)
    in_a_cell = bool(lines) and cell.f_globals.get("__name__") == "__main__"
    return in_a_cell and TO_WRITE not in "".join(lines)


def _predict(operation: str, why: str, where: Where = lambda lab, request: True) -> Check:
    """An exercise that asks what a call will return."""
    return lambda lab, prediction: check_prediction(
        lab, prediction, operation, why, lambda request: where(lab, request)
    )


# The name of each exercise in its lesson, in the order of the lessons
EXERCISES: dict[str, Check] = {
    "a client for a web page": pool_checks.a_client_for_a_web_page,
    "pools with the tag": pool_checks.pools_with_the_tag,
    "a shared address": _predict(
        "SignUp",
        "In this pool an address is an attribute, not a sign-in name. If a pool uses addresses as"
        " sign-in names, two users can't share one.",
        lambda lab, request: request["Username"] != lab.username,
    ),
    "another code": _predict(
        "ResendConfirmationCode",
        "There's nothing left to confirm. An application can treat this error as success.",
        lambda lab, request: request["Username"] == lab.username,
    ),
    "find by address": user_checks.found_by_address,
    "a day late": user_checks.a_day_late,
    "seven digits": _predict(
        "VerifySoftwareToken",
        "A code has six digits. Cognito rejects anything else before it compares the code.",
        lambda lab, request: "7 characters" in str(request["UserCode"]),
    ),
    "before the end": _predict(
        "InitiateAuth",
        "VerifySoftwareToken enrolled the app. The end of the sign-in has nothing to do with it.",
        lambda lab, request: "PASSWORD" in request["AuthParameters"],
    ),
    "a new phone": sign_in_checks.a_new_phone,
    "no session": _predict(
        "RespondToAuthChallenge",
        "Without a session, Cognito can't tell which sign-in this responds to.",
        lambda lab, request: "Session" not in request,
    ),
    "a lost phone": sign_in_checks.a_lost_phone,
    "revoked twice": _predict(
        "RevokeToken",
        "The token stays revoked, so signing out twice isn't an error.",
    ),
    "signed out everywhere": sign_in_checks.signed_out_everywhere,
    "not remembered": _predict(
        "InitiateAuth",
        "A device that isn't remembered doesn't replace the second factor.",
        lambda lab, request: "DEVICE_KEY" in request["AuthParameters"],
    ),
    "codes sent": device_checks.codes_sent,
    "without the key": device_checks.without_the_key,
    "break a verifier": srp_checks.break_a_verifier,
    "server-side SRP": srp_checks.server_side_srp,
    "no place for a hash": _predict(
        "GetUser",
        "The access token already proves who calls. Calls that take one have no parameter for a"
        " hash.",
    ),
    "with a hash": sign_in_checks.with_a_hash,
    "two preferred factors": _predict(
        "SetUserMFAPreference",
        "A user has one preferred factor at most, so your settings page needs a single choice.",
        lambda lab, request: factor_checks.prefers_two(request),
    ),
    "out of the group": factor_checks.out_of_the_group,
    "every factor": factor_checks.every_factor,
    "no passkey left": _predict(
        "InitiateAuth",
        "A preference isn't an order. Your app reads what the user can use, and shows that.",
        lambda lab, request: request["AuthParameters"].get("PREFERRED_CHALLENGE") == "WEB_AUTHN",
    ),
    "MFA for everyone": _predict(
        "SetUserPoolMfaConfig",
        "No second factor follows a code, so it can't be a first factor in a pool that requires"
        " MFA. Take EMAIL_OTP and SMS_OTP out of the list first.",
        lambda lab, request: request.get("MfaConfiguration") == "ON",
    ),
    "choose for the user": factor_checks.choose_for_the_user,
    "find the hole": _predict(
        "InitiateAuth",
        "At the first call there are no entries yet, and all() of nothing is true. So anyone who"
        " knows a user name gets tokens.",
        lambda lab, request: request["AuthFlow"] == "CUSTOM_AUTH",
    ),
    "not allowed to call": _predict(
        "RespondToAuthChallenge",
        "The function never ran, so no answer can be right. At AWS the permission is a part of the"
        " function, and a new deployment may lose it.",
        lambda lab, request: request["ChallengeName"] == "CUSTOM_CHALLENGE",
    ),
    "one code for each sign-in": custom_checks.one_code,
    "the next code": _predict(
        "RespondToAuthChallenge",
        "Cognito accepts the code of the next 30 seconds as well: the phone's clock may be fast.",
        lambda lab, request: "SOFTWARE_TOKEN_MFA_CODE" in request["ChallengeResponses"],
    ),
    "three messages": sign_in_checks.three_messages,
    "one function, two errors": case_checks.one_function_two_errors,
    "longer sessions": case_checks.longer_sessions,
    "finish the setup": case_checks.finish_the_setup,
    "without signing in": case_checks.without_signing_in,
    "error handling": app_checks.error_handling,
    "forgotten": app_checks.forgotten,
    "a user who left": _predict(
        "InitiateAuth", "The user no longer exists, and this app client may say so."
    ),
    "still there": user_checks.still_there,
}
MOVES_THE_CLOCK = {"a day late", "three messages"}
