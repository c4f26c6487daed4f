"""Errors of signing in."""

from .row import Row

ROWS = [
    Row(
        "wrong-proof",
        "NotAuthorizedException",
        "Incorrect username",
        "After DEVICE_PASSWORD_VERIFIER the device's password is wrong, not the user's. After"
        " CUSTOM_CHALLENGE a function of the pool ended the sign-in. After any other challenge the"
        " user's password is wrong.",
        "After a device's proof: sign in without its key. After a custom challenge: start the"
        " sign-in again. Otherwise: ask for the password again.",
        operations=("RespondToAuthChallenge", "AdminRespondToAuthChallenge"),
    ),
    Row(
        "wrong-password",
        "NotAuthorizedException",
        "Incorrect username",
        "Cognito doesn't say which of the two is wrong.",
        "Check both, and try again.",
    ),
    Row(
        "locked-out",
        "NotAuthorizedException",
        "Password attempts",
        "Too many failed attempts: the user is locked out for a while.",
        "Wait, then try again.",
    ),
    Row(
        "flow-of-other-call",
        "InvalidParameterException",
        "Initiate Auth method",
        "This operation doesn't support the flow.",
        "Use AdminInitiateAuth for flows that begin with ADMIN_.",
    ),
    Row(
        "flow-not-enabled",
        "InvalidParameterException",
        "Auth flow not enabled",
        "The app client doesn't allow this flow.",
        "Add the flow to the client's ExplicitAuthFlows.",
    ),
    Row(
        "password-flow-not-enabled",
        "InvalidParameterException",
        "… flow not enabled for this client",
        "The app client doesn't allow this flow.",
        "Add the flow to the client's ExplicitAuthFlows.",
    ),
    Row(
        "srp-not-enabled",
        "InvalidParameterException",
        "… is not enabled for the client",
        "The app client doesn't allow this flow.",
        "Add the flow to the client's ExplicitAuthFlows.",
    ),
    Row(
        "missing-username",
        "InvalidParameterException",
        "Missing required parameter USERNAME",
        "A required parameter of this challenge or flow is missing.",
        "Add the parameter the message names.",
    ),
    Row(
        "missing-session",
        "InvalidParameterException",
        "Missing required parameter Session",
        "A required parameter of this challenge or flow is missing.",
        "Add the parameter the message names.",
    ),
    Row(
        "missing-parameter",
        "InvalidParameterException",
        "Missing required parameter",
        "A required parameter of this challenge or flow is missing.",
        "Add the parameter the message names.",
    ),
    Row(
        "missing-new-attribute",
        "InvalidParameterException",
        "Invalid attributes given",
        "The pool requires an attribute the user has no value for.",
        "Send it as userAttributes.name, say.",
    ),
    Row(
        "srp-number",
        "InvalidParameterException",
        "SRP_A is not",
        "SRP_A must be a number in hexadecimal, and not a multiple of N.",
        "Generate a new one for each sign-in.",
    ),
    Row(
        "srp-time",
        "InvalidParameterException",
        "TIMESTAMP format",
        "The signature covers the time in exactly this format.",
        "Write it in English and in UTC, without a leading zero in the day.",
    ),
    Row(
        "session-expired",
        "NotAuthorizedException",
        "Invalid session for the user, session is expired",
        "The session has expired: it's valid for a few minutes.",
        "Start the sign-in again.",
    ),
    Row(
        "session-used",
        "NotAuthorizedException",
        "Invalid session for the user, session can",
        "This session has already been used. Each session works once.",
        "Send the newest session, or start the sign-in again.",
    ),
    Row(
        "session-invalid",
        "NotAuthorizedException",
        "Invalid session",
        "Cognito didn't issue this session, or not for this step.",
        "Start the sign-in again.",
    ),
]
