"""What each operation may change, judged by its parameters. Decides whether a call is sent before
the learner agreed, and whether the guard must check whose resource it's about.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Effect(StrEnum):
    """What a call may do to a resource the lab didn't create."""

    READ = "read"
    # Adds a resource, and changes no existing one
    CREATES = "creates"
    # A step of a user's own sign-in, with what only that user has: a password, a session, a token.
    SIGN_IN = "sign-in"
    # Changes the user it names, by name (USER) or by an access token (TOKEN_USER).
    USER = "user"
    TOKEN_USER = "user by access token"
    CLIENT = "app client"
    # Changes the pool it names, or anything in that pool.
    POOL = "pool"
    ACCOUNT = "account"


_OPERATIONS = {
    Effect.READ: """
        AdminGetDevice AdminGetUser AdminGetUserAuthFactors AdminListDevices AdminListGroupsForUser
        AdminListUserAuthEvents AdminListUserSessions DescribeIdentityProvider
        DescribeManagedLoginBranding DescribeManagedLoginBrandingByClient DescribeResourceServer
        DescribeRiskConfiguration DescribeTerms DescribeTermsByClient DescribeUserImportJob
        DescribeUserPool DescribeUserPoolClient DescribeUserPoolDomain GetCSVHeader GetDevice
        GetGroup GetIdentityProviderByIdentifier GetLogDeliveryConfiguration GetProvisionedLimit
        GetSigningCertificate GetUICustomization GetUser GetUserAuthFactors
        GetUserPoolClientSessionConfiguration GetUserPoolMfaConfig GetUserPoolSessionConfiguration
        ListDevices ListGroups ListIdentityProviders ListResourceServers ListTagsForResource
        ListTerms ListUserImportJobs ListUserPoolClientSecrets ListUserPoolClients
        ListUserPoolReplicas ListUserPools ListUserSessions ListUsers ListUsersInGroup
        ListWebAuthnCredentials
    """,
    Effect.CREATES: "AdminCreateUser CreateUserPool CreateUserPoolClient SignUp",
    Effect.SIGN_IN: """
        AdminInitiateAuth AssociateSoftwareToken GetClientToken GetDerivedToken
        GetTokensFromRefreshToken InitiateAuth RespondToAuthChallenge RevokeToken
        VerifySoftwareToken
    """,
    Effect.USER: """
        AdminAddUserToGroup AdminConfirmSignUp AdminDeleteSoftwareToken AdminDeleteUser
        AdminDeleteUserAttributes AdminDisableUser AdminEnableUser AdminForgetDevice
        AdminRemoveUserFromGroup AdminResetUserPassword AdminRespondToAuthChallenge
        AdminRevokeUserSession AdminSetUserMFAPreference AdminSetUserPassword AdminSetUserSettings
        AdminUpdateAuthEventFeedback AdminUpdateDeviceStatus AdminUpdateUserAttributes
        AdminUserGlobalSignOut ConfirmForgotPassword ConfirmSignUp ForgotPassword
        ResendConfirmationCode UpdateAuthEventFeedback
    """,
    Effect.TOKEN_USER: """
        ChangePassword CompleteWebAuthnRegistration ConfirmDevice DeleteUser DeleteUserAttributes
        DeleteWebAuthnCredential ForgetDevice GetUserAttributeVerificationCode GlobalSignOut
        RevokeUserSession SetUserMFAPreference SetUserSettings StartWebAuthnRegistration
        UpdateDeviceStatus UpdateUserAttributes VerifyUserAttribute
    """,
    Effect.CLIENT: """
        AddUserPoolClientSecret DeleteUserPoolClient DeleteUserPoolClientSecret
        SetUserPoolClientSessionConfiguration UpdateUserPoolClient
    """,
    Effect.POOL: """
        AddCustomAttributes AdminDisableProviderForUser AdminLinkProviderForUser CreateGroup
        CreateIdentityProvider CreateManagedLoginBranding CreateResourceServer CreateTerms
        CreateUserImportJob CreateUserPoolDomain CreateUserPoolReplica DeleteGroup
        DeleteIdentityProvider DeleteManagedLoginBranding DeleteResourceServer DeleteTerms
        DeleteUserPool DeleteUserPoolDomain DeleteUserPoolReplica SetLogDeliveryConfiguration
        SetRiskConfiguration SetUICustomization SetUserPoolMfaConfig SetUserPoolSessionConfiguration
        StartUserImportJob StopUserImportJob TagResource UntagResource UpdateGroup
        UpdateIdentityProvider UpdateManagedLoginBranding UpdateResourceServer UpdateTerms
        UpdateUserPool UpdateUserPoolDomain UpdateUserPoolReplica
    """,
    Effect.ACCOUNT: "UpdateProvisionedLimit",
}
# By operation. A test compares them with the operations of botocore's service model.
EFFECTS = {name: effect for effect, names in _OPERATIONS.items() for name in names.split()}


def effect_of(operation: str, params: Mapping[str, Any]) -> Effect:
    """What a call with these parameters may do. An unknown operation may do anything."""
    if params.get("ForceAliasCreation"):
        # Takes an address from its current user, in AdminCreateUser and ConfirmSignUp
        return Effect.POOL
    if operation == "AdminCreateUser" and params.get("MessageAction") == "RESEND":
        # Creates no user: it resets the temporary password of the existing one.
        return Effect.USER
    if "AccessToken" in params and operation in ("AssociateSoftwareToken", "VerifySoftwareToken"):
        return Effect.TOKEN_USER
    return EFFECTS.get(operation, Effect.ACCOUNT)
