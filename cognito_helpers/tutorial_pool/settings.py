"""The settings of the tutorial's user pool, its tag, and random passwords for its users."""

from __future__ import annotations

import secrets
from typing import Any

POOL_NAME = "cognito-tutorial"
# The account's issuer in an authenticator app
ISSUER = "Cognito tutorial"
# Marks what the lessons created: nothing without this tag is ever changed or deleted.
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


def carries_tag(pool: dict[str, Any]) -> bool:
    """Whether a pool is the tutorial's, by its DescribeUserPool response. It may have more tags."""
    tags = pool.get("UserPoolTags", {})
    return all(tags.get(name) == value for name, value in TAGS.items())


def how_many_users(pool: dict[str, Any]) -> str:
    """Roughly how many users a pool has, in words, by its DescribeUserPool response."""
    count = pool.get("EstimatedNumberOfUsers", 0)
    return f"about {count} user{'' if count == 1 else 's'}"


def random_password() -> str:
    """A random password of 20 characters, with every kind a policy may require."""
    return f"Aa1!{secrets.token_urlsafe(12)}"
