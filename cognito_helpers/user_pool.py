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
    "DeviceConfiguration": {
        "ChallengeRequiredOnNewDevice": True,
        "DeviceOnlyRememberedOnUserPrompt": False,
    },
    "UserPoolTags": TAGS,
}
MFA_SETTINGS: dict[str, Any] = {
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "MfaConfiguration": "ON",
}
CLIENT_SETTINGS: dict[str, Any] = {
    "ExplicitAuthFlows": [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ],
    "AuthSessionValidity": 15,
}

# Calls that cannot be limited to one pool, and those that can. The lessons' other calls need no AWS
# permission at all.
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
    "UpdateUserPool",
]
# What changes or deletes a whole pool: in one that is not the tutorial's the lessons never need it.
ON_OUR_POOL = ["DeleteUserPool", "SetUserPoolMfaConfig", "UpdateUserPool"]


def carries_tag(pool: dict[str, Any]) -> bool:
    """Is a pool the tutorial's, by what DescribeUserPool says of it? It may have more tags than
    ours.
    """
    tags = pool.get("UserPoolTags", {})
    return all(tags.get(name) == value for name, value in TAGS.items())


def how_many_users(pool: dict[str, Any]) -> str:
    """Roughly how many users a pool has, in words, by what DescribeUserPool says of it."""
    count = pool.get("EstimatedNumberOfUsers", 0)
    return f"about {count} user{'' if count == 1 else 's'}"


def good_password() -> str:
    """A random password of 20 characters, of every kind that a policy may ask for."""
    return f"Aa1!{secrets.token_urlsafe(12)}"


def iam_policy(pool_arn: str, ours: bool = True) -> dict[str, Any]:
    """The least that a person needs to run the lessons against AWS: an IAM policy for the pool of
    that ARN.

    An ARN that ends in `userpool/*` is for somebody whose pool is not made yet: it opens the pools
    that carry the tutorial's tag, and no other. A pool that is not `ours` is only looked at and
    signed in to, so nothing that changes it is allowed. Source: the service authorization
    reference's page on Amazon Cognito user pools, and the API reference on tags.
    """

    def allow(operations: list[str], resource: str, tagged: str = "") -> dict[str, Any]:
        statement = {
            "Effect": "Allow",
            "Action": [f"cognito-idp:{operation}" for operation in operations],
            "Resource": resource,
        }
        return statement | (
            {
                "Condition": {
                    "StringEquals": {f"aws:{tagged}/{name}": value for name, value in TAGS.items()}
                }
            }
            if tagged
            else {}
        )

    if not ours:
        on_pool = [operation for operation in ON_ONE_POOL if operation not in ON_OUR_POOL]
        statements = [allow(on_pool, pool_arn), allow(["ListUserPools"], "*")]
    else:
        on_pool_by_tag = "ResourceTag" if pool_arn.endswith("/*") else ""
        statements = [
            allow(ON_ONE_POOL, pool_arn, on_pool_by_tag),
            allow(["CreateUserPool"], "*", "RequestTag"),
            allow(["ListUserPools"], "*"),
        ]
    return {"Version": "2012-10-17", "Statement": statements}
