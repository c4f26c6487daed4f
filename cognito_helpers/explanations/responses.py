"""What the parts of an answer are: members, claims, headers, uses of tokens."""

from __future__ import annotations

# A member of an answer: what it is, who it is for, how long it is good. Where a name means
# different things, the part that it lies in stands before it.
MEMBERS = {
    "AccessToken": "proves the sign-in to Cognito and to your API; valid for 1 hour by default",
    "Arn": "the pool's full name, for IAM policies",
    "AttributeName": "the attribute that the code will verify",
    "AuthenticatorAttachment": "platform: built into the device; cross-platform: a separate one",
    "AuthenticatorTransports": "how the browser reaches the authenticator",
    "AuthenticationResult": "the sign-in is complete",
    "AuthSessionValidity": "minutes that a session stays good",
    "AutoVerifiedAttributes": "what a new user proves with a mailed code",
    "AvailableChallenges": "what the user could begin with instead",
    "CaseSensitive": "whether Ana and ana are two users",
    "ChallengeName": "what Cognito asks for next",
    "ChallengeParameters": "what you need to answer it",
    "ChallengeRequiredOnNewDevice": (
        "a remembered device may take the place of the second factor; others must give it"
    ),
    "ClientId": "which application is calling; not a secret",
    "ClientName": "for you, in lists",
    "ClientSecret": "proves which application calls: a server keeps it, and shows it to nobody",
    "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL or SMS",
    "CODE_DELIVERY_DESTINATION": "where the code was sent, masked",
    "CodeDeliveryDetails": "where the code went",
    "ConfiguredUserAuthFactors": "what the user can begin a sign-in with",
    "CreatedAt": "when the passkey was registered",
    "CREDENTIAL_REQUEST_OPTIONS": "what the browser asks the passkey to sign: JSON in a string",
    "CredentialCreationOptions": "what the browser needs to create a passkey",
    "CredentialId": "the passkey's ID",
    "Credentials": "the user's passkeys",
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
    "FriendlyCredentialName": "what the passkey is called",
    "FRIENDLY_DEVICE_NAME": "the name given to the authenticator app",
    "UserPool.Id": "the pool's id: Region, underscore, nine characters",
    "IdToken": "tells your application who the user is; valid for 1 hour by default",
    "MinimumLength": "characters that a password has at least",
    "LastModifiedDate": "when it was last changed",
    "MfaConfiguration": (
        "whether users need a second factor: OFF, OPTIONAL (only who prefers one) or ON"
    ),
    "MFAS_CAN_CHOOSE": "the factors to choose from: a JSON list inside a string",
    "MFAS_CAN_SETUP": "the factors to choose from: a JSON list inside a text",
    "NewDeviceMetadata": "an offer to remember this device",
    "NextToken": "there are more pages: send it back for the next",
    "PaginationToken": "there are more pages: send it back for the next",
    "PASSWORD_CLAIM_SECRET_BLOCK": "the SECRET_BLOCK, sent back as it came",
    "PASSWORD_CLAIM_SIGNATURE": "proves the password: only its owner can compute it",
    "PasswordPolicy": "what a password must have",
    "PasswordVerifier": "computed from the password; the password cannot be computed from it",
    "PreferredMfaSetting": "the factor that is asked for first",
    "RelyingPartyId": "the domain the passkey is for",
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
    "username": "the user name in the pool, whatever the user typed",
    "cognito:username": "the user name in the pool, whatever the user typed",
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
    "id": (
        "An ID token: who the user is. API Gateway and identity pools accept it; scopes are in the"
        " access token."
    ),
}
