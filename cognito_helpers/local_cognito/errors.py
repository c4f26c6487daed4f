"""What the service refuses, in its own words.

The name of a class is the code that goes over the wire; `message` is what the service always says.
Where its words depend on the case, the raise site passes them. Everything here is a refusal, never
a bug: a bug rises as it is.
"""


class CognitoError(Exception):
    """A refusal. `code` and the message are what a client reads in `error.response["Error"]`."""

    message = ""
    status = 400

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)

    @property
    def code(self) -> str:
        return type(self).__name__


class AliasExistsException(CognitoError):
    """Another user goes by this e-mail address, phone number or preferred user name."""


class CodeMismatchException(CognitoError):
    message = "Invalid verification code provided, please try again."


class DeviceKeyExistsException(CognitoError):
    message = "A device with this key is confirmed already."


class EnableSoftwareTokenMFAException(CognitoError):
    message = "Code mismatch and fail enable Software Token MFA"


class ExpiredCodeException(CognitoError):
    message = "Invalid code provided, please request a code again."


class FeatureUnavailableInTierException(CognitoError):
    # The model knows the exception. What it says is ours.
    message = "The user pool's feature plan doesn't include this."


class GroupExistsException(CognitoError):
    message = "A group with the name already exists."


class InvalidLambdaResponseException(CognitoError):
    message = "Unrecognizable lambda output"


class InvalidParameterException(CognitoError):
    """Something in the request is not as the service wants it."""


class InvalidPasswordException(CognitoError):
    """The new password breaks the pool's policy."""


class InvalidUserPoolConfigurationException(CognitoError):
    """The pool is set up so that it cannot do this."""


class LimitExceededException(CognitoError):
    message = "Attempt limit exceeded, please try after some time."


class NotAuthorizedException(CognitoError):
    """The caller may not do this now; the words depend on the operation."""


class PasswordResetRequiredException(CognitoError):
    message = "Password reset required for the user"


class RefreshTokenReuseException(CognitoError):
    # The model knows the exception; what it says is ours.
    message = "The refresh token was replaced by a newer one."


class ResourceNotFoundException(CognitoError):
    """There is no such pool, client or device."""


class SerializationException(CognitoError):
    """The body is not the JSON that this operation takes."""


class SoftwareTokenMFANotFoundException(CognitoError):
    message = "Software Token MFA has not been enabled by the userPool"


class UnauthorizedException(CognitoError):
    """RevokeToken's own word for a caller that it does not know."""


class UnsupportedOperationException(CognitoError):
    """The client is set up so that it cannot do this."""


class UnsupportedTokenTypeException(CognitoError):
    """The token is of a kind that cannot be revoked."""


class UnsupportedUserStateException(CognitoError):
    """The user's status does not allow this."""


class UnexpectedLambdaException(CognitoError):
    """A Lambda function of the pool could not be called, or took too long."""


class UnknownOperationException(CognitoError):
    """No operation of Cognito user pools has this name."""


class UserLambdaValidationException(CognitoError):
    """A Lambda function of the pool raised an exception, whose text is in the message."""


class UserNotConfirmedException(CognitoError):
    message = "User is not confirmed."


class UserNotFoundException(CognitoError):
    message = "User does not exist."


class UserPoolTaggingException(CognitoError):
    message = "A user pool can have as many as 50 tags."


class UsernameExistsException(CognitoError):
    message = "User already exists"


# The model knows these exceptions of passkeys. What they say is ours.


class WebAuthnChallengeNotFoundException(CognitoError):
    message = "The challenge has expired, or there is none. Start the registration again."


class WebAuthnClientMismatchException(CognitoError):
    message = "The access token is of another app client than the one that started."


class WebAuthnConfigurationMissingException(CognitoError):
    message = "The user pool has no relying-party ID and no domain."


class WebAuthnCredentialNotSupportedException(CognitoError):
    message = "The credential is of a kind that isn't supported."


class WebAuthnNotEnabledException(CognitoError):
    message = "Passkeys aren't enabled for this user pool."


class WebAuthnOriginNotAllowedException(CognitoError):
    message = "The origin isn't allowed for the relying-party ID."


class WebAuthnRelyingPartyMismatchException(CognitoError):
    message = "The credential was created for another relying-party ID."


class NotInEmulatorException(CognitoError):
    """Amazon Cognito has this, the emulator has not. Never sent by the real service."""

    status = 501

    def __init__(self, what: str) -> None:
        super().__init__(f"The emulator does not have {what}. Amazon Cognito does.")
