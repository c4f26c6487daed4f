"""Amazon Cognito user pools, one method for each call of the flow: sign up, set up an authenticator
app, sign in, remember a device, leave.

Copy this file into your application. It needs boto3; for remembered devices and `prove_password`,
also pycognito; for `verify_token`, also PyJWT with cryptography (`pip install "PyJWT[crypto]"`). It
logs and stores nothing and hides no errors: if the service rejects a call, it raises boto3's
`ClientError`, with the code and the message in `error.response["Error"]`.

Calls marked "signed" are for your own server, which has IAM credentials; anyone can make the
others. Continue a sign-in the way it began, client-side or server-side.

Each docstring names the call as in the API reference, its parameters, what it returns, and every
error the reference lists for it. Errors that many calls share are listed in the class's docstring,
and appear in each method as [any], [user], [trigger], [message] and [answer].
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict


class CodeDelivery(TypedDict, total=False):
    """Where a code was sent. `Destination` is masked."""

    Destination: str
    DeliveryMedium: str
    AttributeName: str


class SignUpReply(TypedDict):
    """The response of SignUp. `CodeDeliveryDetails` is missing if nothing was sent."""

    UserConfirmed: bool
    UserSub: str
    CodeDeliveryDetails: NotRequired[CodeDelivery]


class ResendReply(TypedDict):
    """The response of ResendConfirmationCode."""

    CodeDeliveryDetails: CodeDelivery


class Attribute(TypedDict):
    """One attribute of a user or a device."""

    Name: str
    Value: NotRequired[str]


class UserReply(TypedDict):
    """The response of AdminGetUser."""

    Username: str
    UserAttributes: list[Attribute]
    UserStatus: str
    Enabled: bool
    UserCreateDate: datetime
    UserLastModifiedDate: datetime
    UserMFASettingList: NotRequired[list[str]]
    PreferredMfaSetting: NotRequired[str]


class ListedUser(TypedDict):
    """A user in ListUsers: here the attributes are `Attributes`."""

    Username: str
    Attributes: list[Attribute]
    UserStatus: str
    Enabled: bool
    UserCreateDate: datetime
    UserLastModifiedDate: datetime


class ListedPool(TypedDict):
    """A pool in ListUserPools."""

    Id: str
    Name: str
    CreationDate: datetime
    LastModifiedDate: datetime


class NewDevice(TypedDict):
    """The offer to remember this device: the two keys that `confirm_device` takes."""

    DeviceKey: str
    DeviceGroupKey: str


class Tokens(TypedDict):
    """A finished sign-in. `ExpiresIn` is in seconds, and for the access token."""

    AccessToken: str
    IdToken: str
    ExpiresIn: int
    TokenType: str
    RefreshToken: NotRequired[str]
    NewDeviceMetadata: NotRequired[NewDevice]


class AuthReply(TypedDict, total=False):
    """The response to a sign-in call: a challenge, with the session for the next call, or tokens.
    Check which of the two before you continue.
    """

    ChallengeName: str
    ChallengeParameters: dict[str, str]
    AvailableChallenges: list[str]
    Session: str
    AuthenticationResult: Tokens


class PasskeyReply(TypedDict):
    """What StartWebAuthnRegistration returns: the options for the browser's
    `navigator.credentials.create`, with its bytes in Base64url.
    """

    CredentialCreationOptions: dict[str, Any]


class ListedPasskey(TypedDict):
    """A passkey in ListWebAuthnCredentials."""

    CredentialId: str
    FriendlyCredentialName: str
    RelyingPartyId: str
    AuthenticatorAttachment: NotRequired[str]
    AuthenticatorTransports: list[str]
    CreatedAt: datetime


class SecretReply(TypedDict):
    """The response of AssociateSoftwareToken. `SecretCode` is the secret itself, in base32: show it
    once, as a QR code.
    """

    SecretCode: str
    Session: str


class VerifyReply(TypedDict):
    """The response of VerifySoftwareToken."""

    Status: Literal["SUCCESS", "ERROR"]
    Session: str


class ConfirmDeviceReply(TypedDict):
    """The response of ConfirmDevice. If it's true, ask the user, and then call
    `remember_device`.
    """

    UserConfirmationNecessary: bool


class ListedDevice(TypedDict):
    """A device in ListDevices."""

    DeviceKey: str
    DeviceAttributes: list[Attribute]
    DeviceCreateDate: datetime
    DeviceLastModifiedDate: datetime
    DeviceLastAuthenticatedDate: datetime


@dataclass(frozen=True)
class Device:
    """What your application stores for a device: the two keys from Cognito, and the password the
    device generated. Keep it secret.
    """

    key: str
    group_key: str
    password: str = field(repr=False)


def secret_hash(username: str, client_id: str, client_secret: str) -> str:
    """The proof that a caller knows the client's secret: HMAC-SHA256 of user name and client ID
    under the secret, in Base64.

    >>> secret_hash("ana", "1example23456789", "s3cr3t")
    'AbOHgVNClNr9X9RppLZBms1Ewyj3Pp0yGwKxjGqnZSA='
    """
    message = (username + client_id).encode()
    return base64.b64encode(hmac.digest(client_secret.encode(), message, hashlib.sha256)).decode()


def verify_token(
    token: str,
    keys: Any,
    *,
    use: Literal["access", "id"],
    issuer: str,
    client_id: str,
    leeway: float = 0,
) -> dict[str, Any]:
    """Verify a token someone sends to your application, and return its claims.

    It checks the signature (RS256 only, whatever the token's own header says), the expiration
    time, the issuer, the app client and the kind of token. It can't see that a token was revoked:
    only Cognito knows, until the token expires.

    token: an access token or an ID token. keys: the pool's public keys, either as a dict, the JSON
    at `issuer` plus `/.well-known/jwks.json`, or as a `jwt.PyJWKClient` for that address. The
    client downloads the keys and caches them: create one when your application starts. use: the
    kind of token you expect, "access" for calls to an API. issuer:
    `https://cognito-idp.REGION.amazonaws.com/` and the pool's ID. client_id: your app client's ID.
    leeway: by how many seconds your computer's clock may differ from Cognito's.

    Returns the claims, such as `sub`, the user's permanent ID. Raises `jwt.InvalidTokenError` for
    every token you must not accept, or a kind of it, such as `jwt.ExpiredSignatureError`.
    `jwt.PyJWKClientConnectionError`: the keys can't be downloaded. Source: the developer guide's
    page on verifying JSON web tokens.
    """
    import jwt

    claims: dict[str, Any] = jwt.decode(
        token,
        _public_key(token, keys),
        algorithms=["RS256"],
        issuer=issuer,
        leeway=leeway,
        # The app client is checked below, since only an ID token names it as its audience.
        options={"require": ["exp", "iss", "token_use"], "verify_aud": False},
    )
    if claims["token_use"] != use:
        raise jwt.InvalidTokenError(f"This isn't an {use} token.")
    if claims.get("aud" if use == "id" else "client_id") != client_id:
        raise jwt.InvalidAudienceError("The token was issued to another app client.")
    return claims


def _public_key(token: str, keys: Any) -> Any:
    """The pool's public key that the token's header names in `kid`."""
    import jwt

    kid = jwt.get_unverified_header(token).get("kid")
    if isinstance(keys, jwt.PyJWKClient):
        try:
            return keys.get_signing_key_from_jwt(token).key
        except jwt.PyJWKClientConnectionError:
            raise
        except jwt.PyJWKClientError:
            found = None
    else:
        found = next((key for key in keys["keys"] if key["kid"] == kid), None)
    if found is None:
        raise jwt.InvalidTokenError("The pool has no key with the ID in the token.")
    return jwt.get_algorithm_by_name("RS256").from_jwk(found)


class CognitoIdentityProviderWrapper:
    """One user pool, through one of its app clients.

    client: a boto3 client for `cognito-idp`; without IAM credentials it can make every call that
    isn't signed. user_pool_id: such as `us-east-1_AbCdEfGhI`. client_id: the app client's.
    client_secret: the app client's, if it has one. It's used in every call that requires it.

    Parameters with the same meaning in every method: username: the user the call is about. Answer a
    challenge with the name in it, USER_ID_FOR_SRP, or USERNAME if a device is asked: a device
    offered to a user under an alias can't be confirmed. password: the user's own, by the pool's
    policy; it's never stored. session: from the previous response; it replaces every earlier
    session. It works once, and for some minutes. code: six digits; each code of an authenticator
    app works once. access_token: of the user the call is about, not revoked and not expired.
    device_key: of one of this user's devices.

    Errors that many calls share:
    [any] InternalErrorException, TooManyRequestsException: try again later.
    InvalidParameterException: the message says what is wrong in the request.
    ResourceNotFoundException: there is no such pool or client. NotAuthorizedException: the
    caller may not do this now. OperationNotEnabledException: not in this Region, or not with
    this pool. ForbiddenException, if it isn't signed: a web application firewall stopped it.
    [trigger] UnexpectedLambdaException, UserLambdaValidationException,
        InvalidLambdaResponseException: a Lambda function of the pool failed or said no.
    [message] InvalidEmailRoleAccessPolicyException, InvalidSmsRoleAccessPolicyException,
        InvalidSmsRoleTrustRelationshipException: the pool may not send.
    [user] UserNotFoundException, UserNotConfirmedException, PasswordResetRequiredException:
        no user has this name, or the user must do something else first.
    [answer] CodeMismatchException, ExpiredCodeException, InvalidPasswordException,
    PasswordHistoryPolicyViolationException, MFAMethodNotFoundException,
    SoftwareTokenMFANotFoundException, AliasExistsException,
    InvalidUserPoolConfigurationException: possible with any answer to a challenge.
    """

    def __init__(
        self, client: Any, user_pool_id: str, client_id: str, client_secret: str | None = None
    ) -> None:
        self._client = client
        self._user_pool_id = user_pool_id
        self._client_id = client_id
        self._client_secret = client_secret

    def _hash(self, name: str, username: str) -> dict[str, str]:
        """The secret hash, under the name a call has for it; nothing for a client without a
        secret.
        """
        return (
            {name: secret_hash(username, self._client_id, self._client_secret)}
            if self._client_secret
            else {}
        )

    def _answers(self, username: str, responses: dict[str, str]) -> dict[str, str]:
        """ChallengeResponses: the user name, the responses, and the secret hash."""
        return {"USERNAME": username, **responses, **self._hash("SECRET_HASH", username)}

    def _respond(self, challenge: str, username: str, session: str, **responses: str) -> AuthReply:
        """RespondToAuthChallenge, with the secret hash."""
        reply: AuthReply = self._client.respond_to_auth_challenge(
            ClientId=self._client_id,
            ChallengeName=challenge,
            Session=session,
            ChallengeResponses=self._answers(username, responses),
        )
        return reply

    def _admin_respond(
        self, challenge: str, username: str, session: str, **responses: str
    ) -> AuthReply:
        """AdminRespondToAuthChallenge, with the secret hash."""
        reply: AuthReply = self._client.admin_respond_to_auth_challenge(
            UserPoolId=self._user_pool_id,
            ClientId=self._client_id,
            ChallengeName=challenge,
            Session=session,
            ChallengeResponses=self._answers(username, responses),
        )
        return reply

    # Signing up

    def list_user_pools(self) -> Iterator[ListedPool]:
        """ListUserPools, signed: every pool of the account in this Region. Pages are requested as
        you iterate.

        Raises [any], when the first pool of a page is requested.
        """
        for page in self._client.get_paginator("list_user_pools").paginate(MaxResults=60):
            yield from page["UserPools"]

    def sign_up_user(self, username: str, password: str, email: str) -> SignUpReply:
        """SignUp: create an account. It can't sign in before it's confirmed.

        username: the sign-in name, 1 to 128 characters without spaces. email: where the code is
        sent. Returns whether the user is confirmed, their permanent ID, and where the code was
        sent. Raises UsernameExistsException: the name is taken. InvalidPasswordException: the
        password breaks the policy. LimitExceededException: no more email for now, though the user
        was created. CodeDeliveryFailureException: the code couldn't be sent. [any] [trigger]
        [message]
        """
        reply: SignUpReply = self._client.sign_up(
            ClientId=self._client_id,
            Username=username,
            Password=password,
            UserAttributes=[{"Name": "email", "Value": email}],
            **self._hash("SecretHash", username),
        )
        return reply

    def resend_confirmation(self, username: str) -> ResendReply:
        """ResendConfirmationCode: send a new code to a user who signed up.

        Returns where it was sent. Raises InvalidParameterException: the user is already confirmed.
        UserNotFoundException: no user has this name. LimitExceededException: too many codes in one
        hour. CodeDeliveryFailureException: it couldn't be sent. [any] [trigger] [message]
        """
        reply: ResendReply = self._client.resend_confirmation_code(
            ClientId=self._client_id, Username=username, **self._hash("SecretHash", username)
        )
        return reply

    def confirm_user_sign_up(self, username: str, code: str) -> None:
        """ConfirmSignUp: verify the address with the code that was sent there. The user can sign in
        from now on.

        Raises CodeMismatchException: not the code that was sent. ExpiredCodeException: too old, or
        none was sent. NotAuthorizedException: already confirmed. AliasExistsException: another user
        has verified this address. LimitExceededException, TooManyFailedAttemptsException: too many
        attempts. UserNotFoundException: no user has this name. [any] [trigger]
        """
        self._client.confirm_sign_up(
            ClientId=self._client_id,
            Username=username,
            ConfirmationCode=code,
            **self._hash("SecretHash", username),
        )

    def admin_get_user(self, username: str) -> UserReply:
        """AdminGetUser, signed: what the pool knows about a user, most of all `UserStatus`. It
        makes the user a monthly active user.

        Raises UserNotFoundException: no user has this name. [any]
        """
        reply: UserReply = self._client.admin_get_user(
            UserPoolId=self._user_pool_id, Username=username
        )
        return reply

    def list_users(self) -> Iterator[ListedUser]:
        """ListUsers, signed: every user of the pool. Pages are requested as you iterate.

        Raises [any], when the first user of a page is requested.
        """
        for page in self._client.get_paginator("list_users").paginate(
            UserPoolId=self._user_pool_id
        ):
            yield from page["Users"]

    # Beginning a sign-in

    def start_sign_in(
        self, username: str, password: str, device_key: str | None = None
    ) -> AuthReply:
        """InitiateAuth with USER_PASSWORD_AUTH: begin a sign-in client-side, with user name and
        password.

        device_key: of a confirmed device, which is then asked for its proof, DEVICE_SRP_AUTH,
        instead of a code. Returns a challenge, or tokens if the pool asks for nothing more. Raises
        NotAuthorizedException: name or password is wrong, there were too many attempts, or the user
        is disabled. ResourceNotFoundException: the device was forgotten. InvalidParameterException:
        the client doesn't allow this flow. InvalidUserPoolConfigurationException,
        UnsupportedOperationException, FeatureUnavailableInTierException: the pool isn't set up for
        it. [any] [user] [trigger] [message]
        """
        device = {"DEVICE_KEY": device_key} if device_key else {}
        reply: AuthReply = self._client.initiate_auth(
            ClientId=self._client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={
                "USERNAME": username,
                "PASSWORD": password,
                **device,
                **self._hash("SECRET_HASH", username),
            },
        )
        return reply

    def admin_start_sign_in(self, username: str, password: str) -> AuthReply:
        """AdminInitiateAuth with ADMIN_USER_PASSWORD_AUTH, signed: begin a sign-in from your own
        server.

        Returns a challenge, or tokens if the pool asks for nothing more. Raises
        NotAuthorizedException: name or password is wrong, there were too many attempts, or the user
        is disabled. InvalidParameterException: the client doesn't allow this flow.
        InvalidUserPoolConfigurationException, UnsupportedOperationException,
        FeatureUnavailableInTierException, MFAMethodNotFoundException: the pool or the user isn't
        set up for it. [any] [user] [trigger] [message]
        """
        reply: AuthReply = self._client.admin_initiate_auth(
            UserPoolId=self._user_pool_id,
            ClientId=self._client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={
                "USERNAME": username,
                "PASSWORD": password,
                **self._hash("SECRET_HASH", username),
            },
        )
        return reply

    def start_user_auth(
        self,
        username: str,
        preferred: str | None = None,
        *,
        password: str | None = None,
        device_key: str | None = None,
        session: str | None = None,
    ) -> AuthReply:
        """InitiateAuth with USER_AUTH: begin a sign-in in which the user chooses the first factor.

        preferred: PASSWORD, EMAIL_OTP, SMS_OTP or WEB_AUTHN, to skip the choice. If the user
        doesn't have that factor, the choice comes all the same. password: with PASSWORD only.
        device_key: of a confirmed device. session: from ConfirmSignUp, to sign in without another
        factor right after it. Returns SELECT_CHALLENGE with `AvailableChallenges`, the challenge of
        the preferred factor, or tokens. Raises NotAuthorizedException: name or password is wrong,
        there were too many tries, or the user is disabled. InvalidParameterException: the client
        doesn't allow this flow. ResourceNotFoundException: the device was forgotten.
        InvalidUserPoolConfigurationException, UnsupportedOperationException,
        FeatureUnavailableInTierException: the pool isn't set up for it. [any] [user] [trigger]
        [message]
        """
        given = {
            "USERNAME": username,
            "PREFERRED_CHALLENGE": preferred,
            "PASSWORD": password,
            "DEVICE_KEY": device_key,
        }
        reply: AuthReply = self._client.initiate_auth(
            ClientId=self._client_id,
            AuthFlow="USER_AUTH",
            AuthParameters={
                **{name: value for name, value in given.items() if value},
                **self._hash("SECRET_HASH", username),
            },
            **({"Session": session} if session else {}),
        )
        return reply

    def start_custom_auth(self, username: str) -> AuthReply:
        """InitiateAuth with CUSTOM_AUTH: begin a sign-in that Lambda functions of the pool define.

        Returns CUSTOM_CHALLENGE, or tokens. Raises NotAuthorizedException: the functions said no,
        or the user is disabled. InvalidParameterException: the client doesn't allow this flow.
        InvalidUserPoolConfigurationException, UnsupportedOperationException,
        FeatureUnavailableInTierException: the pool isn't set up for it. [any] [user] [trigger]
        [message]
        """
        reply: AuthReply = self._client.initiate_auth(
            ClientId=self._client_id,
            AuthFlow="CUSTOM_AUTH",
            AuthParameters={"USERNAME": username, **self._hash("SECRET_HASH", username)},
        )
        return reply

    # Answering MFA_SETUP: three calls, each with the session of the one before

    def get_mfa_secret(self, session: str) -> SecretReply:
        """AssociateSoftwareToken: a new secret for the user's authenticator app.

        Returns the secret, and the session for `verify_mfa`. Raises NotAuthorizedException: the
        session is old, used or not Cognito's; sign in again. SoftwareTokenMFANotFoundException: the
        pool doesn't offer authenticator apps. ConcurrentModificationException: another call is
        changing the same user; try again. [any]
        """
        reply: SecretReply = self._client.associate_software_token(Session=session)
        return reply

    def verify_mfa(self, session: str, code: str, app_name: str) -> VerifyReply:
        """VerifySoftwareToken: enroll the app, with its code.

        session: from `get_mfa_secret`. app_name: Cognito's name for the app from now on. Returns
        the status SUCCESS, and the session for `finish_mfa_setup`. Raises
        EnableSoftwareTokenMFAException, CodeMismatchException: a wrong code; try the next with the
        same session. NotAuthorizedException: the session is old, used or not Cognito's; sign in
        again. SoftwareTokenMFANotFoundException, InvalidUserPoolConfigurationException: the pool
        doesn't offer authenticator apps. [any] [user]
        """
        reply: VerifyReply = self._client.verify_software_token(
            Session=session, UserCode=code, FriendlyDeviceName=app_name
        )
        return reply

    def finish_mfa_setup(self, username: str, session: str) -> AuthReply:
        """RespondToAuthChallenge to MFA_SETUP: finish the sign-in in which the app was enrolled. It
        needs no code.

        session: from `verify_mfa`. Returns tokens. Raises NotAuthorizedException: the session is
        old, used or not Cognito's; sign in again. [any] [user] [answer] [trigger] [message]
        """
        return self._respond("MFA_SETUP", username, session)

    def admin_finish_mfa_setup(self, username: str, session: str) -> AuthReply:
        """AdminRespondToAuthChallenge to MFA_SETUP, signed: `finish_mfa_setup` for a sign-in that
        `admin_start_sign_in` began.

        Raises the same errors. [any] [user] [answer] [trigger] [message]
        """
        return self._admin_respond("MFA_SETUP", username, session)

    # Answering the other challenges

    def respond_to_mfa_challenge(self, username: str, session: str, code: str) -> AuthReply:
        """RespondToAuthChallenge to SOFTWARE_TOKEN_MFA: the app's code.

        Returns tokens. Raises CodeMismatchException: a wrong code; try again with the same session.
        ExpiredCodeException: used before; wait for the next. NotAuthorizedException: the session is
        old, used or not Cognito's; sign in again. [any] [user] [answer] [trigger] [message]
        """
        return self._respond("SOFTWARE_TOKEN_MFA", username, session, SOFTWARE_TOKEN_MFA_CODE=code)

    def admin_respond_to_mfa_challenge(self, username: str, session: str, code: str) -> AuthReply:
        """AdminRespondToAuthChallenge to SOFTWARE_TOKEN_MFA, signed: `respond_to_mfa_challenge` for
        a sign-in that `admin_start_sign_in` began.

        Raises the same errors. [any] [user] [answer] [trigger] [message]
        """
        return self._admin_respond(
            "SOFTWARE_TOKEN_MFA", username, session, SOFTWARE_TOKEN_MFA_CODE=code
        )

    def respond_to_new_password_challenge(
        self,
        username: str,
        session: str,
        new_password: str,
        attributes: dict[str, str] | None = None,
    ) -> AuthReply:
        """RespondToAuthChallenge to NEW_PASSWORD_REQUIRED: a user created by an administrator
        chooses a new password.

        new_password: must meet the pool's policy. attributes: by their names, those the challenge
        lists in `requiredAttributes`. Returns the next challenge, or tokens. Raises
        InvalidPasswordException: it breaks the policy. PasswordHistoryPolicyViolationException: it
        was used before. InvalidParameterException: an attribute is missing or wrong.
        NotAuthorizedException: the session is old, used or not Cognito's; sign in again. [any]
        [user] [answer] [trigger] [message]
        """
        given = {f"userAttributes.{name}": value for name, value in (attributes or {}).items()}
        return self._respond(
            "NEW_PASSWORD_REQUIRED", username, session, NEW_PASSWORD=new_password, **given
        )

    def admin_respond_to_new_password_challenge(
        self,
        username: str,
        session: str,
        new_password: str,
        attributes: dict[str, str] | None = None,
    ) -> AuthReply:
        """AdminRespondToAuthChallenge to NEW_PASSWORD_REQUIRED, signed:
        `respond_to_new_password_challenge` for a sign-in that `admin_start_sign_in` began.

        Raises the same errors. [any] [user] [answer] [trigger] [message]
        """
        given = {f"userAttributes.{name}": value for name, value in (attributes or {}).items()}
        return self._admin_respond(
            "NEW_PASSWORD_REQUIRED", username, session, NEW_PASSWORD=new_password, **given
        )

    # Answering what USER_AUTH and CUSTOM_AUTH ask for

    def select_challenge(
        self, username: str, session: str, challenge: str, password: str | None = None
    ) -> AuthReply:
        """RespondToAuthChallenge to SELECT_CHALLENGE: the user chose a first factor.

        challenge: one of `AvailableChallenges`. password: with PASSWORD only, whose answer goes
        along. Returns the challenge of that factor; after a password, the next challenge or tokens.
        Raises InvalidParameterException: the user doesn't have that factor.
        NotAuthorizedException: the password is wrong, or the session is old, used or not Cognito's;
        sign in again. [any] [user] [answer] [trigger] [message]
        """
        given = {"PASSWORD": password} if password else {}
        return self._respond("SELECT_CHALLENGE", username, session, ANSWER=challenge, **given)

    def prove_password(self, username: str, session: str, password: str) -> AuthReply:
        """RespondToAuthChallenge to SELECT_CHALLENGE with PASSWORD_SRP, and to the
        PASSWORD_VERIFIER that follows: the user proves the password without sending it.

        Two calls in one method, since both must be computed from one secret number that is used
        once and then forgotten. Returns the next challenge, or tokens. Raises
        NotAuthorizedException: the password is wrong, or the session is old, used or not Cognito's;
        sign in again. [any] [user] [answer] [trigger] [message]
        """
        from pycognito.aws_srp import AWSSRP

        proof = AWSSRP(
            username,
            password,
            self._user_pool_id,
            self._client_id,
            client=self._client,
            client_secret=self._client_secret,
        )
        first = proof.get_auth_params()
        asked = self._respond(
            "SELECT_CHALLENGE", username, session, ANSWER="PASSWORD_SRP", SRP_A=first["SRP_A"]
        )
        responses = proof.process_challenge(asked["ChallengeParameters"], first)
        reply: AuthReply = self._client.respond_to_auth_challenge(
            ClientId=self._client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses=responses,
            # Whether one comes isn't documented; clients send back what came.
            **({"Session": asked["Session"]} if "Session" in asked else {}),
        )
        return reply

    def answer_code(self, username: str, session: str, challenge: str, code: str) -> AuthReply:
        """RespondToAuthChallenge to EMAIL_OTP, SMS_OTP or SMS_MFA: the code that was sent.

        challenge: which of them it is. code: eight digits as a first factor, six as a second.
        Returns tokens. Raises CodeMismatchException: a wrong code; try again with the same session.
        NotAuthorizedException: the session is old, used or not Cognito's, or there were too many
        wrong codes; sign in again. [any] [user] [answer] [trigger] [message]
        """
        return self._respond(challenge, username, session, **{f"{challenge}_CODE": code})

    def admin_answer_code(
        self, username: str, session: str, challenge: str, code: str
    ) -> AuthReply:
        """AdminRespondToAuthChallenge to EMAIL_OTP or SMS_MFA, signed: `answer_code` for a sign-in
        that `admin_start_sign_in` began.

        Raises the same errors. [any] [user] [answer] [trigger] [message]
        """
        return self._admin_respond(challenge, username, session, **{f"{challenge}_CODE": code})

    def answer_passkey(self, username: str, session: str, credential: str) -> AuthReply:
        """RespondToAuthChallenge to WEB_AUTHN: the signature of one of the user's passkeys.

        credential: what the browser's `navigator.credentials.get` returned for
        `CREDENTIAL_REQUEST_OPTIONS`, as JSON text. Returns tokens. Raises NotAuthorizedException:
        the signature is wrong, or the session is old, used or not Cognito's; sign in again.
        InvalidParameterException: it isn't what a browser returns. [any] [user] [answer] [trigger]
        [message]
        """
        return self._respond("WEB_AUTHN", username, session, CREDENTIAL=credential)

    def answer_custom_challenge(self, username: str, session: str, answer: str) -> AuthReply:
        """RespondToAuthChallenge to CUSTOM_CHALLENGE: the answer to a challenge of your own.

        answer: as the pool's functions expect it. Returns the next challenge, or tokens. Raises
        NotAuthorizedException: the functions said no, or the session is old, used or not Cognito's;
        sign in again. [any] [user] [answer] [trigger] [message]
        """
        return self._respond("CUSTOM_CHALLENGE", username, session, ANSWER=answer)

    # Choosing and setting up a second factor

    def select_mfa_type(self, username: str, session: str, factor: str) -> AuthReply:
        """RespondToAuthChallenge to SELECT_MFA_TYPE: the user chose a second factor.

        factor: one of those the challenge names in `MFAS_CAN_CHOOSE`: SMS_MFA, SOFTWARE_TOKEN_MFA
        or EMAIL_OTP. Returns its challenge. Raises InvalidParameterException: it wasn't offered.
        NotAuthorizedException: the session is old, used or not Cognito's; sign in again. [any]
        [user] [answer] [trigger] [message]
        """
        return self._respond("SELECT_MFA_TYPE", username, session, ANSWER=factor)

    def admin_select_mfa_type(self, username: str, session: str, factor: str) -> AuthReply:
        """AdminRespondToAuthChallenge to SELECT_MFA_TYPE, signed: `select_mfa_type` for a sign-in
        that `admin_start_sign_in` began.

        Raises the same errors. [any] [user] [answer] [trigger] [message]
        """
        return self._admin_respond("SELECT_MFA_TYPE", username, session, ANSWER=factor)

    def set_up_email_mfa(self, username: str, session: str, email: str) -> AuthReply:
        """RespondToAuthChallenge to MFA_SETUP with an email address: codes are sent there from now
        on.

        email: the address. Returns EMAIL_OTP, for the code that was sent. Raises
        InvalidParameterException: it's no address, or the pool doesn't send codes by email.
        NotAuthorizedException: the session is old, used or not Cognito's; sign in again. [any]
        [user] [answer] [trigger] [message]
        """
        return self._respond("MFA_SETUP", username, session, EMAIL=email)

    def admin_set_up_email_mfa(self, username: str, session: str, email: str) -> AuthReply:
        """AdminRespondToAuthChallenge to MFA_SETUP, signed: `set_up_email_mfa` for a sign-in that
        `admin_start_sign_in` began.

        Raises the same errors. [any] [user] [answer] [trigger] [message]
        """
        return self._admin_respond("MFA_SETUP", username, session, EMAIL=email)

    # Passkeys

    def start_passkey_registration(self, access_token: str) -> PasskeyReply:
        """StartWebAuthnRegistration: the options to create a passkey with.

        Returns them. Raises WebAuthnNotEnabledException, WebAuthnConfigurationMissingException: the
        pool isn't set up for passkeys. LimitExceededException: the user has 20 already.
        NotAuthorizedException: the access token is no longer valid. PasswordResetRequiredException:
        the user must choose a new password first. [any]
        """
        reply: PasskeyReply = self._client.start_web_authn_registration(AccessToken=access_token)
        return reply

    def finish_passkey_registration(self, access_token: str, credential: dict[str, Any]) -> None:
        """CompleteWebAuthnRegistration: register the passkey that the browser created.

        credential: what the browser's `navigator.credentials.create` returned, as JSON has it.
        Raises WebAuthnChallengeNotFoundException: the options are old or another's.
        WebAuthnOriginNotAllowedException, WebAuthnRelyingPartyMismatchException: it was created on
        another page, or for another one. WebAuthnClientMismatchException: another app client began.
        WebAuthnCredentialNotSupportedException: a kind of key Cognito doesn't accept.
        WebAuthnNotEnabledException: the pool isn't set up for passkeys. LimitExceededException: the
        user has 20 already. NotAuthorizedException: the access token is no longer valid.
        PasswordResetRequiredException: the user must choose a new password first. [any]
        """
        self._client.complete_web_authn_registration(
            AccessToken=access_token, Credential=credential
        )

    def list_passkeys(self, access_token: str) -> Iterator[ListedPasskey]:
        """ListWebAuthnCredentials: the user's passkeys. Pages are requested as you iterate.

        Raises NotAuthorizedException: the access token is no longer valid.
        PasswordResetRequiredException: the user must choose a new password first.
        LimitExceededException: too many calls; each when the first passkey of a page is requested.
        [any]
        """
        page: dict[str, str] = {}
        while True:
            reply = self._client.list_web_authn_credentials(AccessToken=access_token, **page)
            yield from reply["Credentials"]
            if "NextToken" not in reply:
                return
            page = {"NextToken": reply["NextToken"]}

    def delete_passkey(self, access_token: str, credential_id: str) -> None:
        """DeleteWebAuthnCredential: the passkey can no longer sign in.

        credential_id: from `list_passkeys`. Raises ResourceNotFoundException: the user has no such
        passkey. NotAuthorizedException: the access token is no longer valid.
        PasswordResetRequiredException: the user must choose a new password first.
        LimitExceededException: too many calls. [any]
        """
        self._client.delete_web_authn_credential(
            AccessToken=access_token, CredentialId=credential_id
        )

    # Devices

    def confirm_device(
        self, access_token: str, offer: NewDevice, device_name: str
    ) -> tuple[Device, ConfirmDeviceReply]:
        """ConfirmDevice: have this device remembered, with a password the device generates and
        doesn't send.

        offer: `NewDeviceMetadata`, which came with the tokens. device_name: for lists of devices.
        Returns the device, which you store where only this user's application can read it, and
        whether the user must still be asked. Raises InvalidParameterException: this device wasn't
        offered to this user. NotAuthorizedException: the access token is no longer valid.
        InvalidPasswordException, InvalidLambdaResponseException, UsernameExistsException,
        InvalidUserPoolConfigurationException, DeviceKeyExistsException: the pool doesn't accept
        this device. [any] [user]
        """
        from pycognito.aws_srp import generate_hash_device

        password, verifier = generate_hash_device(offer["DeviceGroupKey"], offer["DeviceKey"])
        reply: ConfirmDeviceReply = self._client.confirm_device(
            AccessToken=access_token,
            DeviceKey=offer["DeviceKey"],
            DeviceName=device_name,
            DeviceSecretVerifierConfig=verifier,
        )
        return Device(offer["DeviceKey"], offer["DeviceGroupKey"], password), reply

    def remember_device(self, access_token: str, device_key: str) -> None:
        """UpdateDeviceStatus: the user was asked, and wants this device remembered. Needed only if
        `confirm_device` says so.

        Raises ResourceNotFoundException: this user has confirmed no such device.
        NotAuthorizedException: the access token is no longer valid.
        InvalidUserPoolConfigurationException: the pool doesn't track devices. [any] [user]
        """
        self._client.update_device_status(
            AccessToken=access_token, DeviceKey=device_key, DeviceRememberedStatus="remembered"
        )

    def respond_to_device_challenge(
        self, username: str, session: str | None, device: Device
    ) -> AuthReply:
        """RespondToAuthChallenge to DEVICE_SRP_AUTH, and to the DEVICE_PASSWORD_VERIFIER that
        follows: the device proves that it has its password.

        Two calls in one method, since both must be computed from one secret number that is used
        once and then forgotten. session: None if the challenge came without one. device: from
        `confirm_device`. Returns tokens, or one more challenge if a device doesn't replace the
        second factor in this pool. Raises NotAuthorizedException: the proof is wrong, or the
        sign-in is too old. ResourceNotFoundException: the device was forgotten. [any] [user]
        [answer] [trigger] [message]
        """
        from pycognito.aws_srp import AWSSRP

        keys = {
            "device_key": device.key,
            "device_group_key": device.group_key,
            "device_password": device.password,
        }
        proof = AWSSRP(
            username,
            "",
            self._user_pool_id,
            self._client_id,
            client=self._client,
            client_secret=self._client_secret,
            **keys,
        )
        challenge = self._client.respond_to_auth_challenge(
            ClientId=self._client_id,
            ChallengeName="DEVICE_SRP_AUTH",
            ChallengeResponses=proof.get_auth_params(),
            **({"Session": session} if session else {}),
        )
        session = challenge.get("Session")
        reply: AuthReply = self._client.respond_to_auth_challenge(
            ClientId=self._client_id,
            ChallengeName="DEVICE_PASSWORD_VERIFIER",
            ChallengeResponses=proof.process_device_challenge(challenge["ChallengeParameters"]),
            **({"Session": session} if session else {}),
        )
        return reply

    def list_devices(self, access_token: str) -> Iterator[ListedDevice]:
        """ListDevices: the devices remembered for this user. Pages are requested as you iterate.

        Raises NotAuthorizedException: the access token is no longer valid.
        InvalidUserPoolConfigurationException: the pool doesn't track devices; any of them when the
        first device of a page is requested. [any] [user]
        """
        page: dict[str, str] = {}
        while True:
            reply = self._client.list_devices(AccessToken=access_token, **page)
            yield from reply["Devices"]
            if "PaginationToken" not in reply:
                return
            page = {"PaginationToken": reply["PaginationToken"]}

    def forget_device(self, access_token: str, device_key: str) -> None:
        """ForgetDevice: the device can prove nothing from now on, and its tokens can't be
        refreshed.

        Raises ResourceNotFoundException: this user has no such device. NotAuthorizedException: the
        access token is no longer valid. InvalidUserPoolConfigurationException: the pool doesn't
        track devices. [any] [user]
        """
        self._client.forget_device(AccessToken=access_token, DeviceKey=device_key)

    # Afterwards

    def refresh_tokens(
        self, username: str, refresh_token: str, device_key: str | None = None
    ) -> AuthReply:
        """InitiateAuth with REFRESH_TOKEN_AUTH: new access and ID tokens without a password.

        username: the user name in the access token, never an alias. It's used only for the secret
        hash. refresh_token: of the sign-in. device_key: if the pool tracks devices, of the device
        that signed in, which must be confirmed. Returns tokens, without a new refresh token. Raises
        NotAuthorizedException: the token is old, revoked or not Cognito's, or its device isn't
        confirmed. InvalidUserPoolConfigurationException, UnsupportedOperationException,
        FeatureUnavailableInTierException: the pool isn't set up for it. [any] [user] [trigger]
        [message]
        """
        device = {"DEVICE_KEY": device_key} if device_key else {}
        reply: AuthReply = self._client.initiate_auth(
            ClientId=self._client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={
                "REFRESH_TOKEN": refresh_token,
                **device,
                **self._hash("SECRET_HASH", username),
            },
        )
        return reply

    def revoke_token(self, refresh_token: str) -> None:
        """RevokeToken: end a sign-in, with every access token that came with it. The only call that
        takes the client secret itself.

        refresh_token: of the sign-in. Raises UnsupportedTokenTypeException: it isn't a refresh
        token. UnauthorizedException: it's another client's, or the secret is wrong.
        UnsupportedOperationException: the client doesn't allow it. [any]
        """
        secret = {"ClientSecret": self._client_secret} if self._client_secret else {}
        self._client.revoke_token(Token=refresh_token, ClientId=self._client_id, **secret)

    def delete_user(self, access_token: str) -> None:
        """DeleteUser: delete the token's account permanently.

        Raises NotAuthorizedException: the access token is no longer valid. [any] [user]
        """
        self._client.delete_user(AccessToken=access_token)
