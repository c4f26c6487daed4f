"""Errors of confirmation codes and TOTP codes."""

from .row import Row

ROWS = [
    Row(
        "wrong-confirmation-code",
        "CodeMismatchException",
        "Invalid verification code",
        "This isn't the newest code.",
        "Use the code of the newest message.",
    ),
    Row(
        "wrong-totp-code",
        "CodeMismatchException",
        "Invalid code received",
        "It doesn't match the current code, the previous one or the next one.",
        "Ask for the code again. The session is still valid.",
    ),
    Row(
        "other-challenge",
        "CodeMismatchException",
        "Invalid code or auth state",
        "The code doesn't match, or it's for another challenge.",
        "Check the code and the name of the challenge.",
    ),
    Row(
        "wrong-code",
        "CodeMismatchException",
        "",
        "The code doesn't match, or it's for another challenge.",
        "Check the code and the name of the challenge.",
    ),
    Row(
        "totp-code-used",
        "ExpiredCodeException",
        "Your software token",
        "The code is correct but was used before. Each code works once.",
        "Wait for the next code, 30 seconds at most.",
    ),
    Row(
        "confirmation-code-expired",
        "ExpiredCodeException",
        "",
        "The code is too old, or no code was sent.",
        "Ask for a new one.",
    ),
    Row(
        "wrong-first-totp-code",
        "EnableSoftwareTokenMFAException",
        "",
        "The code doesn't match the new secret.",
        "Check that the app scanned the newest QR code, and send its next code.",
    ),
    Row(
        "already-confirmed",
        "InvalidParameterException",
        "User is already confirmed",
        "There's nothing left to confirm.",
        "Continue with the next step.",
    ),
    Row(
        "confirmed-once",
        "NotAuthorizedException",
        "User cannot be confirmed. Current status is CONFIRMED",
        "A sign-up can only be confirmed once.",
        "Continue with the next step.",
    ),
    Row(
        "cannot-be-confirmed",
        "NotAuthorizedException",
        "User cannot be confirmed",
        "Only a user with the status UNCONFIRMED can be confirmed.",
        (
            "Read the status in the message. FORCE_CHANGE_PASSWORD: sign in and choose a new "
            "password."
        ),
    ),
    Row(
        "too-many-tries",
        "LimitExceededException",
        "Attempt limit exceeded",
        "Too many attempts in one hour.",
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
        "You reached a quota: too many attempts, or as many pools, clients or groups as AWS"
        " allows.",
        (
            "If it's about attempts, wait. Otherwise delete what you don't need, or ask AWS for a"
            " higher quota."
        ),
    ),
]
