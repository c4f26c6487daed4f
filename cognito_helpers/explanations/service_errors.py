"""What the parts of an answer are, and what a refusal means: one table each, in plain words.

The names and messages are Cognito's; the explanations are this tutorial's.
"""

from __future__ import annotations

from typing import NamedTuple

from ..text import visible


class Meaning(NamedTuple):
    """Why Cognito refused, and what to do now."""

    why: str
    now: str


# The page on which every refusal is, beside the lessons.
CHEAT_SHEET = "cheat_sheet.md"

# Exception, how its message begins where it has several, why, what now. The first row that fits
# counts.
REFUSALS: list[tuple[str, str, str, str]] = [
    (
        "UsernameExistsException",
        "",
        "Somebody has this user name.",
        "Choose another name, or go on if it was you.",
    ),
    (
        "AliasExistsException",
        "",
        "Another user goes by this address or name.",
        "Choose another, or sign in as that user.",
    ),
    (
        "InvalidPasswordException",
        "",
        "The password breaks the pool's policy.",
        "Choose one that the policy allows.",
    ),
    (
        "InvalidParameterException",
        "Attributes did not conform",
        "An attribute is missing, unknown, or holds what it may not.",
        "Send what it names.",
    ),
    (
        "InvalidParameterException",
        "Initiate Auth method",
        "This flow belongs to the other call.",
        "ADMIN_ flows go to AdminInitiateAuth alone.",
    ),
    (
        "InvalidParameterException",
        "Missing required parameter",
        "A part of the answer is missing.",
        "Send what it names.",
    ),
    (
        "InvalidParameterException",
        "Invalid device key",
        "This key was not given to this user.",
        "Use the key that came with a sign-in of theirs.",
    ),
    (
        "InvalidParameterException",
        "User is already confirmed",
        "There is nothing left to confirm.",
        "Go on with the next step.",
    ),
    (
        "InvalidParameterException",
        "",
        "Something in the request is not as Cognito wants it.",
        "Read what it names, and mend that.",
    ),
    (
        "CodeMismatchException",
        "Invalid verification code",
        "This is not the code that was mailed last.",
        "Look at the newest message.",
    ),
    (
        "CodeMismatchException",
        "Invalid code received",
        "It fits neither this half minute nor its neighbours.",
        "The session is still good: try again.",
    ),
    (
        "CodeMismatchException",
        "",
        "The code does not fit what Cognito waits for.",
        "Check the code, and which challenge you answer.",
    ),
    (
        "ExpiredCodeException",
        "Your software token",
        "The code is right, and was used before. Each is good once.",
        "Wait for the next one: 30 seconds at most.",
    ),
    ("ExpiredCodeException", "", "The code is too old, or there is none.", "Ask for a new one."),
    (
        "EnableSoftwareTokenMFAException",
        "",
        "The code is not what the new secret gives now.",
        "The session is still good: try the next code.",
    ),
    (
        "UserNotConfirmedException",
        "",
        "The address is not proved yet.",
        "Confirm the sign-up first.",
    ),
    (
        "UnsupportedUserStateException",
        "",
        "The user's status does not allow this.",
        "Look the user up, and see what the status is.",
    ),
    (
        "UserNotFoundException",
        "",
        "The pool has no user of this name.",
        "Check the name, or sign up.",
    ),
    (
        "NotAuthorizedException",
        "Incorrect username",
        "Cognito does not say which of the two is wrong.",
        "Check both, and try again.",
    ),
    (
        "NotAuthorizedException",
        "Password attempts",
        "Too many wrong passwords: the user is locked out for a while.",
        "Wait, then try again.",
    ),
    (
        "NotAuthorizedException",
        "User cannot be confirmed",
        "A sign-up is confirmed once.",
        "Go on with the next step.",
    ),
    (
        "NotAuthorizedException",
        "Invalid session for the user, session is expired",
        "The session was good for some minutes only.",
        "Start the sign-in again.",
    ),
    (
        "NotAuthorizedException",
        "Invalid session for the user, session can",
        "This session has been answered already.",
        "Use the newest, or sign in again.",
    ),
    (
        "NotAuthorizedException",
        "Invalid session",
        "A session is a sealed note from Cognito to itself: nobody else can write one.",
        "Start the sign-in again.",
    ),
    (
        "NotAuthorizedException",
        "Client ",
        "The app client has a secret, and no proof of it was sent.",
        "Send the secret hash: lesson 06.",
    ),
    (
        "NotAuthorizedException",
        "Unable to verify secret hash",
        "The hash is not of this name, this client and its secret.",
        "Hash the very name that you send: lesson 06.",
    ),
    (
        "NotAuthorizedException",
        "Invalid Refresh Token",
        "Cognito does not take this token.",
        "Sign in again. Where devices are tracked, confirm yours first.",
    ),
    (
        "NotAuthorizedException",
        "Refresh Token has",
        "This refresh token is no longer good.",
        "Sign in again.",
    ),
    (
        "NotAuthorizedException",
        "Access Token has",
        "This access token is no longer good.",
        "Sign in again.",
    ),
    (
        "NotAuthorizedException",
        "Could not verify signature",
        "The token was changed, or another pool signed it.",
        "Send the token as you got it.",
    ),
    (
        "NotAuthorizedException",
        "",
        "Cognito does not allow this to this caller now.",
        "Read the message, and check what you sent.",
    ),
    ("LimitExceededException", "", "Too many tries in one hour.", "Wait, then try again."),
    (
        "ResourceNotFoundException",
        "Device",
        "Cognito has forgotten this device, or never knew it.",
        "Sign in without its key: you get a new one.",
    ),
    (
        "ResourceNotFoundException",
        "Group",
        "The pool has no group of this name.",
        "Check the name, or create the group.",
    ),
    (
        "ResourceNotFoundException",
        "",
        "There is no such pool or app client.",
        "Run lesson 00 again to make one.",
    ),
    (
        "SoftwareTokenMFANotFoundException",
        "",
        "There is no authenticator app here.",
        "Set one up first: lesson 02.",
    ),
    (
        "NotInEmulatorException",
        "",
        "This is a gap in the emulator, not a fault of yours.",
        "Do without it, or try it in an AWS account of your own.",
    ),
]


# What else Amazon Cognito may answer to the calls of the lessons, whatever its message.
OTHER_REFUSALS = {
    "CodeDeliveryFailureException": Meaning(
        "The code could not be delivered.", "Check the address, and how the pool sends mail."
    ),
    "ConcurrentModificationException": Meaning(
        "Somebody else is changing the same thing right now.", "Try again."
    ),
    "DeviceKeyExistsException": Meaning(
        "A device with this key is known already.", "Confirm each key once."
    ),
    "FeatureUnavailableInTierException": Meaning(
        "The pool's plan does not include this.", "Do without it, or change the plan."
    ),
    "ForbiddenException": Meaning(
        "A web application firewall (AWS WAF) in front of the pool stopped the request.",
        "Look at the firewall's rules.",
    ),
    "GroupExistsException": Meaning(
        "The pool already has a group of this name.", "Use that group, or choose another name."
    ),
    "InternalErrorException": Meaning("Something went wrong inside Cognito.", "Try again later."),
    "InvalidEmailRoleAccessPolicyException": Meaning(
        "Cognito may not use the e-mail identity that the pool names.",
        "Allow it, or choose another.",
    ),
    "InvalidLambdaResponseException": Meaning(
        "A Lambda function of the pool gave an answer that Cognito does not understand.",
        "Mend the function.",
    ),
    "InvalidOAuthFlowException": Meaning(
        "The app client names an OAuth flow that is not valid.", "Choose another flow."
    ),
    "InvalidSmsRoleAccessPolicyException": Meaning(
        "The role for text messages may not send any.", "Allow it to publish to Amazon SNS."
    ),
    "InvalidSmsRoleTrustRelationshipException": Meaning(
        "The role for text messages does not trust Cognito.", "Mend the role's trust policy."
    ),
    "InvalidUserPoolConfigurationException": Meaning(
        "The pool is not set up for this.", "Look at the pool's settings."
    ),
    "MFAMethodNotFoundException": Meaning(
        "The user has no such second factor.", "Set one up, or choose another."
    ),
    "OperationNotEnabledException": Meaning(
        "This cannot be done in this Region, or with the pool as it is.",
        "Look at the pool's settings and its Region.",
    ),
    "PasswordHistoryPolicyViolationException": Meaning(
        "The user had this password before.", "Choose a new one."
    ),
    "PasswordResetRequiredException": Meaning(
        "The user must choose a new password first.",
        "Call ForgotPassword, then ConfirmForgotPassword.",
    ),
    "RefreshTokenReuseException": Meaning(
        "This refresh token was exchanged for a new one already.",
        "Use the new one, or sign in again.",
    ),
    "ScopeDoesNotExistException": Meaning(
        "The app client names a scope that the pool does not have.",
        "Make the scope, or leave it out.",
    ),
    "TierChangeNotAllowedException": Meaning(
        "The pool cannot change to this plan now.", "Keep its plan."
    ),
    "TooManyFailedAttemptsException": Meaning("Too many wrong answers.", "Wait, then try again."),
    "TooManyRequestsException": Meaning(
        "Too many requests in this account and Region.",
        "Wait a moment, then try again, each time longer.",
    ),
    "UnauthorizedException": Meaning(
        "Cognito does not know this caller.", "Check the token and the app client."
    ),
    "UnexpectedLambdaException": Meaning(
        "A Lambda function of the pool failed.", "Look at the function's log."
    ),
    "UnsupportedOperationException": Meaning(
        "The app client is not set up for this.", "Look at the client's settings."
    ),
    "UnsupportedTokenTypeException": Meaning(
        "A token of this kind cannot be revoked.", "Send the refresh token."
    ),
    "UserImportInProgressException": Meaning(
        "Users are being imported into the pool.", "Wait until that is done."
    ),
    "UserLambdaValidationException": Meaning(
        "A Lambda function of the pool turned the user down.",
        "Read the message: it is the function's own.",
    ),
    "UserPoolTaggingException": Meaning(
        "The pool's tags cannot be set.", "Check their names and values."
    ),
}


def meaning(code: str, message: str) -> Meaning | None:
    """What a refusal means and what to do now; None for one that is in neither table."""
    for known, beginning, why, now in REFUSALS:
        if code == known and message.startswith(beginning):
            return Meaning(why, now)
    return OTHER_REFUSALS.get(code)


def refusal_text(code: str, message: str) -> str:
    """A refusal in words: its name, its message, why, and what now."""
    found = meaning(code, message)
    said = visible(message)
    if found is None:
        return f"{code}\n  {said}"
    return "\n".join(
        [
            code,
            f"  {said}",
            f"  Why: {found.why}",
            f"  What now: {found.now}",
            f"  All about it: {code} in {CHEAT_SHEET}",
        ]
    )
