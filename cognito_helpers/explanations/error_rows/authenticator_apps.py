"""Errors of setting up authenticator apps."""

from ...tutorial_pool.lessons import Lesson
from .row import Row

ROWS = [
    Row(
        "totp-off-in-pool",
        "SoftwareTokenMFANotFoundException",
        "Software Token MFA has not been enabled",
        "The pool doesn't offer authenticator apps.",
        "Enable them with SetUserPoolMfaConfig.",
    ),
    Row(
        "totp-not-set-up",
        "SoftwareTokenMFANotFoundException",
        "",
        "The user has no authenticator app.",
        f"Set one up first: lesson {Lesson.SET_UP_MFA}.",
    ),
    Row(
        "token-or-session",
        "InvalidParameterException",
        "Either an access token or a session",
        "The call needs one of the two to know the user.",
        "Send the access token, or the session of the sign-in.",
    ),
    Row(
        "no-factor-to-turn-on",
        "InvalidParameterException",
        "User does not have delivery config",
        "The user has no verified authenticator app, or no address for the codes.",
        f"Set up an app first: lesson {Lesson.SET_UP_MFA}. Or add the address.",
    ),
    Row(
        "no-totp-to-turn-off",
        "InvalidParameterException",
        "User has not set up software token mfa",
        "The user has no authenticator app to turn off.",
        "Continue: nothing has to be turned off.",
    ),
]
