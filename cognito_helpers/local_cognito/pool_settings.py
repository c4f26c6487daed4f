"""The settings of a pool: the defaults, what is fixed at creation, and what is rejected.
BEHAVIOR.md, 1.16.
"""

from __future__ import annotations

from .errors import InvalidParameterException, NotInEmulatorException, UserPoolTaggingException
from .types import Request, Settings

# Settings the emulator implements or, if nothing depends on them, stores and shows. Any other is
# rejected rather than ignored.
POOL_SETTINGS = {
    "Policies",
    "DeletionProtection",
    "AutoVerifiedAttributes",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "MfaConfiguration",
    "DeviceConfiguration",
    "UserPoolTags",
    "AdminCreateUserConfig",
    "AccountRecoverySetting",
    "UserPoolTier",
    "SmsConfiguration",
    "SmsAuthenticationMessage",
    "SmsVerificationMessage",
    "EmailConfiguration",
    "LambdaConfig",
}
# The triggers of LambdaConfig.
TRIGGERS = {
    "PreSignUp",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "PreTokenGeneration",
    "CustomMessage",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
}
# A pool's default settings; anything else is then absent
POOL_DEFAULTS: Settings = {
    "DeletionProtection": "INACTIVE",
    "LambdaConfig": {},
    "MfaConfiguration": "OFF",
    "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
    "UserPoolTags": {},
    "UserPoolTier": "ESSENTIALS",
}
# Fixed at creation, including how user names are compared
SETTLED = {"UsernameConfiguration", "UsernameAttributes", "AliasAttributes"}
# What UpdateUserPool doesn't reset. It may give another name, but there is no default to return to.
KEPT_BY_POOLS = SETTLED | {"Id", "Name", "Arn", "SchemaAttributes"}
PASSWORD_RULES = {"RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols"}
MOST_TAGS = 50
NO_FACTOR = (
    "SMS configuration and Auto verification for phone_number are required when MFA is"
    " required/optional"
)


def reject_unsupported(request: Request, honoured: set[str], operation: str) -> None:
    """Reject, by name, a setting the emulator would ignore. An empty or default setting is
    accepted.
    """
    for name, value in request.items():
        if name not in honoured and value and value != POOL_DEFAULTS.get(name):
            raise NotInEmulatorException(f"{name} of {operation}")


def check_names(request: Request) -> None:
    """Aliases are additional to a user name, and username attributes replace it: a pool has one or
    the other.
    """
    aliases = request.get("AliasAttributes", [])
    if aliases and request.get("UsernameAttributes"):
        raise InvalidParameterException(
            "Only one of the aliasAttributes or usernameAttributes can be set in a User pool."
        )
    required = [
        change.get("Name") for change in request.get("Schema", []) if change.get("Required")
    ]
    # The guide's page on attributes: as an alias it can only be set once the user is confirmed, so
    # no one could sign up.
    if "preferred_username" in aliases and "preferred_username" in required:
        raise InvalidParameterException("preferred_username cannot be both required and an alias.")


def changeable(request: Request, operation: str) -> Settings:
    """The settings CreateUserPool and UpdateUserPool have in common, with every default."""
    by_phone = "phone_number" in request.get("AutoVerifiedAttributes", [])
    if by_phone and "SmsConfiguration" not in request:
        raise InvalidParameterException("A pool needs an SmsConfiguration to verify phone numbers.")
    if len(request.get("UserPoolTags", {})) > MOST_TAGS:
        raise UserPoolTaggingException
    policies, administration = request.get("Policies", {}), request.get("AdminCreateUserConfig", {})
    policy = policies.get("PasswordPolicy", {})
    reject_unsupported(
        policy, PASSWORD_RULES | {"MinimumLength", "TemporaryPasswordValidityDays"}, operation
    )
    reject_unsupported(request.get("LambdaConfig", {}), TRIGGERS, f"{operation}'s LambdaConfig")
    return {
        **POOL_DEFAULTS,
        **{name: request[name] for name in POOL_SETTINGS if name in request},
        "EmailConfiguration": {
            **POOL_DEFAULTS["EmailConfiguration"],
            **request.get("EmailConfiguration", {}),
        },
        "Policies": {**policies, "PasswordPolicy": _password_policy(policy)},
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": False,
            "UnusedAccountValidityDays": 7,
            **administration,
        },
    }


def updated(pool: Settings, request: Request) -> Settings:
    """A pool's settings after UpdateUserPool: MFA and each policy stay unless they're given, and
    anything else returns to its default. BEHAVIOR.md, 12.1.
    """
    policies = {**pool["Policies"], **request.get("Policies", {})}
    kept = {name: value for name, value in pool.items() if name in KEPT_BY_POOLS}
    given = {"MfaConfiguration": pool["MfaConfiguration"], **request, "Policies": policies}
    return kept | changeable(given, "UpdateUserPool")


def check_validities(request: Request) -> None:
    """Reject a request with both names for how long a temporary password is valid."""
    policy = request.get("Policies", {}).get("PasswordPolicy", {})
    administration = request.get("AdminCreateUserConfig", {})
    if policy.get("TemporaryPasswordValidityDays") and administration.get(
        "UnusedAccountValidityDays"
    ):
        raise InvalidParameterException(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of"
            " UnusedAccountValidityDays"
        )


def _password_policy(given: Settings) -> Settings:
    # A given policy is complete: what it leaves out isn't required. Without a policy, everything
    # is.
    policy = {"MinimumLength": 8, **dict.fromkeys(sorted(PASSWORD_RULES), not given), **given}
    # 0 means the default, by the API reference.
    return {
        **policy,
        "TemporaryPasswordValidityDays": given.get("TemporaryPasswordValidityDays") or 7,
    }
