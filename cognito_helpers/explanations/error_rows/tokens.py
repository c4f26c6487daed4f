"""Errors of tokens."""

from .row import Row

ROWS = [
    Row(
        "invalid-refresh-token",
        "NotAuthorizedException",
        "Invalid Refresh Token",
        "Cognito does not take this token.",
        "Sign in again. Where devices are tracked, confirm yours first.",
    ),
    Row(
        "refresh-token-revoked",
        "NotAuthorizedException",
        "Refresh Token has been revoked",
        "This refresh token is no longer good.",
        "Sign in again.",
    ),
    Row(
        "refresh-token-expired",
        "NotAuthorizedException",
        "Refresh Token has expired",
        "This refresh token is no longer good.",
        "Sign in again.",
    ),
    Row(
        "access-token-revoked",
        "NotAuthorizedException",
        "Access Token has been revoked",
        "This access token is no longer good.",
        "Sign in again.",
    ),
    Row(
        "access-token-expired",
        "NotAuthorizedException",
        "Access Token has expired",
        "This access token is no longer good.",
        "Sign in again.",
    ),
    Row(
        "invalid-access-token",
        "NotAuthorizedException",
        "Invalid Access Token",
        "This isn't an access token.",
        "Send the AccessToken of a sign-in, not its IdToken.",
    ),
    Row(
        "forged-token",
        "NotAuthorizedException",
        "Could not verify signature",
        "The token was changed, or another pool signed it.",
        "Send the token as you got it.",
    ),
    Row(
        "refresh-token-replaced",
        "RefreshTokenReuseException",
        "",
        "This refresh token was exchanged for a new one already.",
        "Use the new one, or sign in again.",
    ),
    Row(
        "revocation-not-enabled",
        "UnsupportedOperationException",
        "Token revocation is not enabled",
        "The app client can't revoke tokens.",
        "Set the client's EnableTokenRevocation.",
    ),
    Row(
        "unsupported-operation",
        "UnsupportedOperationException",
        "",
        "The app client is not set up for this.",
        "Look at the client's settings.",
    ),
    Row(
        "token-not-revocable",
        "UnsupportedTokenTypeException",
        "",
        "A token of this kind cannot be revoked.",
        "Send the refresh token.",
    ),
]
