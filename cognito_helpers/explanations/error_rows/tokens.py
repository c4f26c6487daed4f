"""Errors of tokens."""

from .row import Row

ROWS = [
    Row(
        "invalid-refresh-token",
        "NotAuthorizedException",
        "Invalid Refresh Token",
        (
            "If the pool tracks devices, the token may be fine: a refresh also needs DEVICE_KEY, of"
            " a device that was confirmed. Otherwise Cognito doesn't know this token."
        ),
        "Confirm the device and send its key. If you did, sign in again.",
    ),
    Row(
        "refresh-token-revoked",
        "NotAuthorizedException",
        "Refresh Token has been revoked",
        "The user signed out, or an administrator signed the user out.",
        "Sign in again.",
    ),
    Row(
        "refresh-token-expired",
        "NotAuthorizedException",
        "Refresh Token has expired",
        "A refresh token is valid for 30 days by default, counted from the sign-in.",
        "Sign in again.",
    ),
    Row(
        "access-token-revoked",
        "NotAuthorizedException",
        "Access Token has been revoked",
        "The sign-in it belongs to has ended: the user signed out, or the token was revoked.",
        "Sign in again.",
    ),
    Row(
        "access-token-expired",
        "NotAuthorizedException",
        "Access Token has expired",
        "An access token is valid for one hour by default.",
        "Get a new one with the refresh token, or sign in again.",
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
        "The token was changed after it was signed, or another pool signed it.",
        "Send the token as you received it.",
    ),
    Row(
        "refresh-token-replaced",
        "RefreshTokenReuseException",
        "",
        "This refresh token has already been exchanged for a new one.",
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
        "The app client isn't set up for this.",
        "Check the client's settings.",
    ),
    Row(
        "token-not-revocable",
        "UnsupportedTokenTypeException",
        "",
        "Only refresh tokens can be revoked.",
        "Send the refresh token.",
    ),
]
