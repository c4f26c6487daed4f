"""The tutorial's user pool: what it is set to, and the AWS permissions that the lessons need."""

from __future__ import annotations

import secrets
from typing import Any

POOL_NAME = "cognito-tutorial"
# What an authenticator app calls the account's issuer.
ISSUER = "Cognito tutorial"
# How the lessons know what they made: nothing without this tag is ever changed or deleted.
TAGS = {"made-by": "cognito-tutorial"}

POOL_SETTINGS: dict[str, Any] = {
    "AutoVerifiedAttributes": ["email"],
    "Schema": [{"Name": "email", "Required": True, "Mutable": False}],
    "UsernameConfiguration": {"CaseSensitive": False},
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
    "UserPoolTags": TAGS,
}
MFA_SETTINGS: dict[str, Any] = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "ON"}
CLIENT_SETTINGS: dict[str, Any] = {
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "AuthSessionValidity": 15,
}

# Calls that cannot be limited to one pool, and those that can. The lessons' other calls need no AWS permission at all.
ON_EVERY_POOL = ["CreateUserPool", "ListUserPools"]
ON_ONE_POOL = [
    "AdminCreateUser",
    "AdminDeleteUser",
    "AdminGetUser",
    "AdminInitiateAuth",
    "AdminRespondToAuthChallenge",
    "AdminSetUserPassword",
    "CreateUserPoolClient",
    "DeleteUserPool",
    "DeleteUserPoolClient",
    "DescribeUserPool",
    "DescribeUserPoolClient",
    "GetUserPoolMfaConfig",
    "ListUsers",
    "SetUserPoolMfaConfig",
]


def good_password() -> str:
    """A random password of 20 characters, of every kind that a policy may ask for."""
    return f"Aa1!{secrets.token_urlsafe(12)}"


def iam_policy(pool_arn: str) -> dict[str, Any]:
    """The least that a person needs to run the lessons against AWS: an IAM policy for the pool of that ARN.

    Source: the service authorization reference's page on Amazon Cognito user pools.
    """

    def allow(operations: list[str], resource: str) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": [f"cognito-idp:{operation}" for operation in operations], "Resource": resource}

    return {"Version": "2012-10-17", "Statement": [allow(ON_ONE_POOL, pool_arn), allow(ON_EVERY_POOL, "*")]}
