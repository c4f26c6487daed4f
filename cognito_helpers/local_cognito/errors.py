"""The errors of the service, in its own words.

The name of a class is the error code the client gets; `message` is what the service always says. If
its words depend on the case, the raise site passes them. Everything here is an error for the
client, never a bug: a bug is raised unchanged.
"""


class CognitoError(Exception):
    """An error for the client. `code` and the message are what it reads in
    `error.response["Error"]`.
    """

    message = ""
    status = 400

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)

    @property
    def code(self) -> str:
        return type(self).__name__


class AliasExistsException(CognitoError):
    """Another user has this email address, phone number or preferred user name as an alias."""


class CodeMismatchException(CognitoError):
    message = "Invalid verification code provided, please try again."


class DeviceKeyExistsException(CognitoError):
    message = "A device with this key is confirmed already."


class EnableSoftwareTokenMFAException(CognitoError):
    message = "Code mismatch and fail enable Software Token MFA"


class ExpiredCodeException(CognitoError):
    message = "Invalid code provided, please request a code again."


class FeatureUnavailableInTierException(CognitoError):
    # The model has the exception. Its message is ours.
    message = "The user pool's feature plan doesn't include this."


class GroupExistsException(CognitoError):
    message = "A group with the name already exists."


class InvalidLambdaResponseException(CognitoError):
    message = "Unrecognizable lambda output"


class InvalidParameterException(CognitoError):
    """A parameter of the request is invalid."""


class InvalidPasswordException(CognitoError):
    """The new password breaks the pool's policy."""


class InvalidUserPoolConfigurationException(CognitoError):
    """The pool isn't set up for this."""


class LimitExceededException(CognitoError):
    message = "Attempt limit exceeded, please try after some time."


class NotAuthorizedException(CognitoError):
    """The caller may not do this now; the words depend on the operation."""


class PasswordResetRequiredException(CognitoError):
    message = "Password reset required for the user"


class RefreshTokenReuseException(CognitoError):
    # The model has the exception. Its message is ours.
    message = "The refresh token was replaced by a newer one."


class ResourceNotFoundException(CognitoError):
    """There is no such pool, client or device."""


class SerializationException(CognitoError):
    """The body isn't the JSON this operation accepts."""


class SoftwareTokenMFANotFoundException(CognitoError):
    message = "Software Token MFA has not been enabled by the userPool"


class UnauthorizedException(CognitoError):
    """RevokeToken's error for an unknown caller."""


class UnsupportedOperationException(CognitoError):
    """The client isn't set up for this."""


class UnsupportedTokenTypeException(CognitoError):
    """The token is of a kind that cannot be revoked."""


class UnsupportedUserStateException(CognitoError):
    """The user's status doesn't allow this."""


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


# The model has these exceptions of passkeys. Their messages are ours.


class WebAuthnChallengeNotFoundException(CognitoError):
    message = "The challenge has expired, or no registration was started. Start one."


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
    """Amazon Cognito has this, but the emulator doesn't. Never sent by the real service."""

    status = 501

    def __init__(self, what: str) -> None:
        super().__init__(f"The emulator doesn't have {what}. Amazon Cognito does.")
