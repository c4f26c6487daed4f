"""Errors of users and their status."""

from .row import Row

ROWS = [
    Row(
        "not-confirmed",
        "UserNotConfirmedException",
        "",
        "The sign-up isn't confirmed yet.",
        "Confirm the sign-up first.",
    ),
    Row(
        "no-such-user",
        "UserNotFoundException",
        "",
        "The pool has no user with this name.",
        "Check the name, or sign up.",
    ),
    Row(
        "user-disabled",
        "NotAuthorizedException",
        "User is disabled",
        "An administrator disabled this user.",
        "Enable the user with AdminEnableUser, or sign in as another.",
    ),
    Row(
        "password-not-resettable",
        "NotAuthorizedException",
        "User password cannot be reset in the current state",
        "The user hasn't chosen a password of their own yet.",
        "Sign in with the temporary password, or ask an administrator for a new one.",
    ),
    Row(
        "temporary-password-expired",
        "NotAuthorizedException",
        "Temporary password has expired",
        "A temporary password is valid for some days only.",
        "Create the user again with MessageAction RESEND.",
    ),
]
