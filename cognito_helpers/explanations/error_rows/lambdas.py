"""Errors of the Lambda functions that a pool's triggers call, and of CUSTOM_AUTH."""

from .row import Row

ROWS = [
    Row(
        "custom-auth-not-configured",
        "InvalidParameterException",
        "Custom auth lambda trigger is not configured",
        "CUSTOM_AUTH needs three Lambda functions. The pool's LambdaConfig doesn't name them all.",
        "Set DefineAuthChallenge, CreateAuthChallenge and VerifyAuthChallengeResponse.",
    ),
    Row(
        "custom-auth-only",
        "InvalidParameterException",
        "Only custom auth (lambda driven)",
        "The app client allows CUSTOM_AUTH only.",
        "Begin with CUSTOM_AUTH, or use another app client.",
    ),
    Row(
        "custom-auth-beginning",
        "InvalidParameterException",
        "CHALLENGE_NAME must be SRP_A",
        "CUSTOM_AUTH begins with the proof of the password or with a custom challenge.",
        "Send CHALLENGE_NAME SRP_A with SRP_A, or neither.",
    ),
    Row(
        "lambda-response",
        "InvalidLambdaResponseException",
        "",
        "A Lambda function of the pool didn't return what Cognito expects.",
        "Return the whole event. Check the names and types in its response.",
    ),
    Row(
        "lambda-timeout",
        "UnexpectedLambdaException",
        "… invocation failed due to error Socket timeout",
        "A Lambda function of the pool took longer than 5 seconds.",
        "Make the function faster.",
    ),
    Row(
        "lambda-not-called",
        "UnexpectedLambdaException",
        "",
        "Cognito can't call a Lambda function of the pool.",
        "Check the ARN in LambdaConfig. At AWS, also allow Cognito to invoke the function.",
    ),
    Row(
        "lambda-raised",
        "UserLambdaValidationException",
        "",
        "A Lambda function of the pool raised an exception. The message ends with its text.",
        "If the function rejected the user, that's the reason. If not, fix the function.",
    ),
]
