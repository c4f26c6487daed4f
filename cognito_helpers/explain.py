"""What the parts of an answer are, and what a refusal means: one table each, in plain words.

The names and messages are Cognito's; the explanations are this tutorial's.
"""

from __future__ import annotations

from typing import NamedTuple

from .text import visible

# A member of an answer: what it is, who it is for, how long it is good. Where a name means
# different things, the part that it lies in stands before it.
MEMBERS = {
    "AccessToken": "proves the sign-in to Cognito and to your API; good for 1 hour",
    "Arn": "the pool's full name, for IAM policies",
    "AttributeName": "the attribute that the code will verify",
    "AuthenticationResult": "the sign-in is complete",
    "AuthSessionValidity": "minutes that a session stays good",
    "AutoVerifiedAttributes": "what a new user proves with a mailed code",
    "CaseSensitive": "whether Ana and ana are two users",
    "ChallengeName": "what Cognito asks for next",
    "ChallengeParameters": "what you need to answer it",
    "ChallengeRequiredOnNewDevice": "a device that is not known yet must pass the second factor",
    "ClientId": "which application is calling; not a secret",
    "ClientName": "for you, in lists",
    "ClientSecret": "proves which application calls: a server keeps it, and shows it to nobody",
    "CodeDeliveryDetails": "where the code went",
    "CreationDate": "when it was made",
    "DeliveryMedium": "EMAIL or SMS",
    "Destination": "the address, shown only in part",
    "Device": "a device of the user's",
    "DeviceAttributes": "what Cognito knows about the device",
    "DeviceConfiguration": "Cognito hands out a key to each new device",
    "DeviceCreateDate": "when the device was confirmed",
    "DeviceGroupKey": "goes with the device key",
    "DeviceKey": "the name that Cognito gives to this device",
    "DEVICE_KEY": "the name that Cognito gave to this device",
    "DeviceLastAuthenticatedDate": "when somebody last signed in from it",
    "DeviceLastModifiedDate": "when something about it last changed",
    "DeviceOnlyRememberedOnUserPrompt": "whether the user is asked before a device is remembered",
    "Devices": "the devices of the user that Cognito keeps",
    "DeviceSecretVerifierConfig": "lets Cognito check the device's password without knowing it",
    "device_name": "the name that the device was given",
    "device_status": "valid: the device may be used",
    "dev:device_remembered_status": "remembered: it may stand for the second factor",
    "email": "the address that the user gave",
    "email_verified": "whether the user has proved to read mail there",
    "Enabled": "whether the user may sign in",
    "SoftwareTokenMfaConfiguration.Enabled": "whether authenticator apps are offered",
    "EnableTokenRevocation": "refresh tokens can be revoked",
    "EstimatedNumberOfUsers": "roughly, how many users there are",
    "ExpiresIn": "seconds that the access token is good",
    "ExplicitAuthFlows": "the ways to sign in that this client may use",
    "FRIENDLY_DEVICE_NAME": "the name given to the authenticator app",
    "UserPool.Id": "the pool's id: Region, underscore, nine characters",
    "IdToken": "tells your application who the user is; good for 1 hour",
    "MinimumLength": "characters that a password has at least",
    "LastModifiedDate": "when it was last changed",
    "MfaConfiguration": "whether users need a second factor: OFF, OPTIONAL or ON",
    "MFAS_CAN_SETUP": "the factors to choose from: a JSON list inside a text",
    "NewDeviceMetadata": "an offer to remember this device",
    "NextToken": "there are more pages: send it back for the next",
    "PaginationToken": "there are more pages: send it back for the next",
    "PASSWORD_CLAIM_SECRET_BLOCK": "the SECRET_BLOCK, sent back as it came",
    "PASSWORD_CLAIM_SIGNATURE": "proves the password: only its owner can compute it",
    "PasswordPolicy": "what a password must have",
    "PasswordVerifier": "computed from the password; the password cannot be computed from it",
    "PreferredMfaSetting": "the factor that is asked for first",
    "RequireUppercase": "a capital letter",
    "RequireLowercase": "a small letter",
    "RequireNumbers": "a digit",
    "RequireSymbols": "a symbol, such as ! or ?",
    "TemporaryPasswordValidityDays": "days that a password set by an administrator is good",
    "RefreshToken": "gets new tokens without a password; good for 30 days; keep it safest",
    "RefreshTokenValidity": "days that a refresh token is good",
    "SecretCode": "the shared secret, in base32: show it once, as a QR code, then forget it",
    "SECRET_BLOCK": "a sealed note from Cognito to itself: send it back unchanged",
    "SALT": "mixed with the password before it is hashed; not a secret",
    "Salt": "mixed with the password before it is hashed; not a secret",
    "Session": "ties the next call to this one; replaces the one that you sent; soon expires",
    "SoftwareTokenMfaConfiguration": "authenticator apps",
    "SRP_A": "your public number of this sign-in, used once; not a secret",
    "SRP_B": "Cognito's public number of this sign-in, used once; not a secret",
    "Status": "SUCCESS: the authenticator app is enrolled",
    "sub": "the user's permanent id: never reused, never changed",
    "TIMESTAMP": "when you answered, in the words that the signature covers",
    "TokenType": "how the access token is sent: Authorization: Bearer …",
    "USER_ID_FOR_SRP": "the name to answer with",
    "USERNAME": "the name to answer with",
    "UserAttributes": "what the pool knows about the user",
    "UserConfirmationNecessary": (
        "whether the user must still say that the device is to be remembered"
    ),
    "UserMFASettingList": "the factors that the user has set up",
    "UserPool": "the pool, with every setting",
    "UserPoolClient": "the app client, with every setting",
    "UserPools": "the pools of this page",
    "Users": "the users of this page",
    "Attributes": "what the pool knows about the user",
    "UserConfirmed": "False until the mailed code comes back",
    "UserCreateDate": "when the user signed up",
    "UserLastModifiedDate": "when the user last changed",
    "Username": "the name that the user signs in with",
    "UsernameConfiguration": "how user names are compared",
    "UserPool.Name": "for you, in lists",
    "UserPoolTags": "labels: how this tutorial knows what it made",
    "UserStatus": "UNCONFIRMED, then CONFIRMED",
    "UserSub": "the user's permanent id: never reused, never changed",
}

# A claim of a token, in the order in which a reader wants them.
CLAIMS = {
    "token_use": "which of the two kinds this is",
    "sub": "the user's permanent id",
    "username": "the name that the user signed in with",
    "cognito:username": "the name that the user signed in with",
    "email": "an attribute of the user",
    "email_verified": "whether that address was proved",
    "iss": "who issued it: the pool; its public keys are found below this address",
    "client_id": "the app client that signed in",
    "aud": "the app client that the token is meant for",
    "scope": "what the token may do: manage the user's own account",
    "device_key": "the device that Cognito gave this sign-in",
    "auth_time": "when the user signed in",
    "iat": "when the token was issued",
    "exp": "when it stops being good",
    "jti": "this token's own id",
    "origin_jti": "the sign-in that it came from: revoking ends them all",
    "event_id": "the sign-in in Cognito's log",
}


# What stands before the claims of a token.
HEADER = {
    "alg": "how it was signed: RS256, with a private key that Cognito alone has",
    "kid": "which of the pool's public keys checks the signature",
    "typ": "the kind of token: JWT, a JSON web token",
}

# What a token is for, by its token_use.
TOKEN_USES = {
    "access": (
        "An access token: what its bearer may do. Send it to your own API, and to Cognito's calls"
        " for users."
    ),
    "id": "An ID token: who the user is, for your application alone. It opens nothing.",
}


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
        "NotInStandInException",
        "",
        "This is a gap in the stand-in, not a fault of yours.",
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
