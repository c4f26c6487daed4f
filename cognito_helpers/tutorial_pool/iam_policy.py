"""The AWS permissions the lessons need, as an IAM policy."""

from __future__ import annotations

from typing import Any

from .settings import TAGS

# Calls that can't be limited to one pool, and those that can. The lessons' other calls need no AWS
# permission at all.
ON_EVERY_POOL = ["CreateUserPool", "ListUserPools"]


ON_ONE_POOL = [
    "AdminCreateUser",
    "AdminDeleteSoftwareToken",
    "AdminDeleteUser",
    "AdminGetUser",
    "AdminInitiateAuth",
    "AdminRespondToAuthChallenge",
    "AdminSetUserMFAPreference",
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


# Calls that change or delete a whole pool. The lessons never need them in a pool that isn't the
# tutorial's.
ON_OUR_POOL = ["DeleteUserPool", "SetUserPoolMfaConfig", "UpdateUserPool"]


def iam_policy(pool_arn: str, ours: bool = True) -> dict[str, Any]:
    """The minimum permissions to run the lessons against AWS: an IAM policy for the pool with this
    ARN.

    An ARN that ends in `userpool/*` is for a learner without a pool yet: it allows access only to
    pools with the tutorial's tag. A pool that isn't `ours` is only read and signed in to, so
    nothing that changes it is allowed. Source: the service authorization reference's page on Amazon
    Cognito user pools, and the API reference on tags.
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
