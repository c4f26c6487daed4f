"""Errors of confirmation codes and TOTP codes."""

from .row import Row

ROWS = [
    Row(
        "wrong-confirmation-code",
        "CodeMismatchException",
        "Invalid verification code",
        "This is not the code that was mailed last.",
        "Look at the newest message.",
    ),
    Row(
        "wrong-totp-code",
        "CodeMismatchException",
        "Invalid code received",
        "It fits neither this half minute nor its neighbours.",
        "The session is still good: try again.",
    ),
    Row(
        "other-challenge",
        "CodeMismatchException",
        "Invalid code or auth state",
        "The code does not fit what Cognito waits for.",
        "Check the code, and which challenge you answer.",
    ),
    Row(
        "wrong-code",
        "CodeMismatchException",
        "",
        "The code does not fit what Cognito waits for.",
        "Check the code, and which challenge you answer.",
    ),
    Row(
        "totp-code-used",
        "ExpiredCodeException",
        "Your software token",
        "The code is right, and was used before. Each is good once.",
        "Wait for the next one: 30 seconds at most.",
    ),
    Row(
        "confirmation-code-expired",
        "ExpiredCodeException",
        "",
        "The code is too old, or there is none.",
        "Ask for a new one.",
    ),
    Row(
        "wrong-first-totp-code",
        "EnableSoftwareTokenMFAException",
        "",
        "The code is not what the new secret gives now.",
        "The session is still good: try the next code.",
    ),
    Row(
        "already-confirmed",
        "InvalidParameterException",
        "User is already confirmed",
        "There is nothing left to confirm.",
        "Go on with the next step.",
    ),
    Row(
        "confirmed-once",
        "NotAuthorizedException",
        "User cannot be confirmed. Current status is CONFIRMED",
        "A sign-up is confirmed once.",
        "Go on with the next step.",
    ),
    Row(
        "cannot-be-confirmed",
        "NotAuthorizedException",
        "User cannot be confirmed",
        "Only a user whose status is UNCONFIRMED can be confirmed.",
        (
            "Read the status in the message. FORCE_CHANGE_PASSWORD: sign in and choose a new "
            "password."
        ),
    ),
    Row(
        "too-many-tries",
        "LimitExceededException",
        "Attempt limit exceeded",
        "Too many tries in one hour.",
        "Wait, then try again.",
    ),
    Row(
        "passkey-limit",
        "LimitExceededException",
        "A user can have",
        "A user has at most 20 passkeys.",
        "Delete one first.",
    ),
    Row(
        "limit-exceeded",
        "LimitExceededException",
        "",
        "You reached a quota: too many tries, or as many pools, clients or groups as AWS allows.",
        (
            "Wait if it's about tries. Otherwise delete what you don't need, or ask AWS for a "
            "higher quota."
        ),
    ),
]
