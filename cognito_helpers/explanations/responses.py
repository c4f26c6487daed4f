"""What the parts of a response are: members, claims, headers, uses of tokens."""

from __future__ import annotations

# A member of a response: what it is, who it's for, how long it's valid. If a name has several
# meanings, the enclosing part comes before it.
MEMBERS = {
    "AccessToken": "authorizes requests to Cognito and to your API; valid for 1 hour by default",
    "Arn": "the pool's full name, for IAM policies",
    "AttributeName": "the attribute that the code will verify",
    "AuthenticatorAttachment": "platform: built into the device; cross-platform: a separate one",
    "AuthenticatorTransports": "how the browser reaches the authenticator",
    "AuthenticationResult": "the sign-in is complete",
    "AuthSessionValidity": "minutes that a session stays good",
    "AutoVerifiedAttributes": "what a new user verifies with a confirmation code",
    "AvailableChallenges": "what the user could begin with instead",
    "CaseSensitive": "whether Ana and ana are two users",
    "ChallengeName": "what the user has to do next",
    "ChallengeParameters": "data for your response",
    "ChallengeRequiredOnNewDevice": (
        "a remembered device may take the place of the second factor; others must give it"
    ),
    "ClientId": "which application is calling; not a secret",
    "ClientName": "for you, in lists",
    "ClientSecret": "proves which application is calling: keep it on your server",
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
    "DeletionProtection": "ACTIVE: the pool can't be deleted until you switch this off",
    "DeliveryMedium": "EMAIL or SMS",
    "Destination": "the address, shown only in part",
    "Device": "a device of the user's",
    "DeviceAttributes": "what Cognito knows about the device",
    "DeviceConfiguration": "Cognito hands out a key to each new device",
    "DeviceCreateDate": "when the device was confirmed",
    "DeviceGroupKey": "part of each proof, together with the device key",
    "DeviceKey": "the name that Cognito gives to this device",
    "DEVICE_KEY": "the name that Cognito gave to this device",
    "DeviceLastAuthenticatedDate": "when it was last used to sign in",
    "DeviceLastModifiedDate": "when something about it last changed",
    "DeviceOnlyRememberedOnUserPrompt": "whether the user is asked before a device is remembered",
    "Devices": "the user's devices",
    "DeviceSecretVerifierConfig": "lets Cognito check the device's password without knowing it",
    "device_name": "the name you gave the device",
    "device_status": "valid: the device may be used",
    "dev:device_remembered_status": "remembered: it can replace the second factor",
    "email": "the user's email address",
    "email_verified": "whether the user has confirmed that address",
    "Enabled": "whether the user may sign in",
    "SoftwareTokenMfaConfiguration.Enabled": "whether authenticator apps are offered",
    "EnableTokenRevocation": "refresh tokens can be revoked",
    "EstimatedNumberOfUsers": "roughly, how many users there are",
    "ExpiresIn": "seconds until the access token expires",
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
    "MFAS_CAN_CHOOSE": "the factors to choose from: a list, as a JSON string",
    "MFAS_CAN_SETUP": "the factors that can be set up: a list, as a JSON string",
    "NewDeviceMetadata": "an offer to remember this device",
    "NextToken": "there are more pages: send it back for the next",
    "PaginationToken": "there are more pages: send it back for the next",
    "PASSWORD_CLAIM_SECRET_BLOCK": "the SECRET_BLOCK, sent back as it came",
    "PASSWORD_CLAIM_SIGNATURE": "the proof: only a client that knows the password can compute it",
    "PasswordPolicy": "what a password must have",
    "PasswordVerifier": "computed from the password; the password can't be computed from it",
    "PreferredMfaSetting": "the factor Cognito asks for",
    "RelyingPartyId": "the domain the passkey is for",
    "RequireUppercase": "a capital letter",
    "RequireLowercase": "a small letter",
    "RequireNumbers": "a digit",
    "RequireSymbols": "a symbol, such as ! or ?",
    "TemporaryPasswordValidityDays": "days that a password set by an administrator is good",
    "RefreshToken": (
        "gets new tokens without a password; valid for 30 days by default; protect it best"
    ),
    "RefreshTokenValidity": "days that a refresh token is good",
    "SecretCode": "the shared secret, in base32: show it once, as a QR code, and don't keep it",
    "SECRET_BLOCK": "only Cognito can read it: send it back unchanged",
    "SALT": "mixed with the password before it is hashed; not a secret",
    "Salt": "mixed with the password before it is hashed; not a secret",
    "Session": "links the next request to this one; works once, for a few minutes",
    "SoftwareTokenMfaConfiguration": "authenticator apps",
    "SRP_A": "your public number for this sign-in, used once; not a secret",
    "SRP_B": "Cognito's public number for this sign-in, used once; not a secret",
    "Status": "SUCCESS: the authenticator app is enrolled",
    "sub": "the user's permanent ID: never reused, never changed",
    "TIMESTAMP": "the time of your response, in the format the signature covers",
    "TokenType": "how the access token is sent: Authorization: Bearer …",
    "USER_ID_FOR_SRP": "the user's name in the pool: send it as USERNAME",
    "USERNAME": "the user's name in the pool: send it as USERNAME",
    "rpId": "the service that the passkey is for: its domain",
    "userVerification": "whether the device must recognize the user",
    "residentKey": "required: the passkey stays on the device",
    "rp": "the service that the passkey is for",
    "timeout": "milliseconds that the browser waits for the user",
    "pubKeyCredParams": "the signatures that Cognito can check",
    "authenticatorSelection": "what the device must be able to do",
    "requiredAttributes": "what your response must also bring: a list, as a JSON string",
    "userAttributes": "what the pool knows about the user: JSON in a string",
    "phone_number": "the user's phone number",
    "phone_number_verified": "whether the user has confirmed that number",
    "SmsMfaConfiguration": "text messages",
    "EmailMfaConfiguration": "email",
    "SnsCallerArn": "the IAM role with which Cognito sends text messages",
    "ExternalId": "protects that role against use by others",
    "WebAuthnConfiguration": "passkeys",
    "UserVerification": "whether the device must recognize the user: required or preferred",
    "UserAttributes": "what the pool knows about the user",
    "UserConfirmationNecessary": (
        "whether the user must still agree to have the device remembered"
    ),
    "UserMFASettingList": "the factors that are turned on for the user",
    "UserPool": "the pool, with every setting",
    "UserPoolClient": "the app client, with every setting",
    "UserPools": "the pools of this page",
    "Users": "the users of this page",
    "Attributes": "what the pool knows about the user",
    "UserConfirmed": "False until the confirmation code is sent back",
    "UserCreateDate": "when the user signed up",
    "UserLastModifiedDate": "when the user last changed",
    "Username": "the sign-in name",
    "UsernameConfiguration": "how user names are compared",
    "UserPool.Name": "for you, in lists",
    "UserPoolTier": "the feature plan: LITE, ESSENTIALS or PLUS",
    "UserPoolTags": "labels: how this tutorial knows what it made",
    "UserStatus": "UNCONFIRMED, then CONFIRMED",
    "UserSub": "the user's permanent ID: never reused, never changed",
}


# A claim of a token, in the order a reader wants them
CLAIMS = {
    "token_use": "the kind of token: access or id",
    "sub": "the user's permanent ID",
    "username": "the user's name in the pool",
    "cognito:username": "the user's name in the pool",
    "email": "an attribute of the user",
    "email_verified": "whether the user has confirmed that address",
    "iss": "the issuer: the pool; its public keys are below this address",
    "client_id": "the app client that signed in",
    "aud": "the app client that signed in (the audience)",
    "scope": "what the token allows: here, calls about the user's own account",
    "device_key": "the device used to sign in",
    "auth_time": "when the user signed in",
    "iat": "when the token was issued",
    "exp": "when it expires",
    "jti": "this token's own ID",
    "origin_jti": "the sign-in it belongs to: revoking it revokes all of its tokens",
    "event_id": "the sign-in in Cognito's log",
}


# What comes before the claims of a token
HEADER = {
    "alg": "the signing algorithm: RS256, with a private key only Cognito has",
    "kid": "the ID of the public key that verifies the signature",
    "typ": "the kind of token: JWT, a JSON web token",
}


# What a token is for, by its token_use
TOKEN_USES = {
    "access": (
        "An access token: what its bearer may do. Send it to your API and to Cognito's user"
        " operations."
    ),
    "id": (
        "An ID token: who the user is. API Gateway and identity pools accept it; scopes are in the"
        " access token."
    ),
}
