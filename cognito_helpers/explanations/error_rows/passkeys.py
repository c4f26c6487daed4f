"""Errors of passkeys."""

from .row import Row

ROWS = [
    Row(
        "passkey-malformed",
        "InvalidParameterException",
        "Credential data is not valid",
        "It isn't what a browser returns for a passkey.",
        "Send the credential as JSON, with its binary parts in Base64url.",
    ),
    Row(
        "passkey-registered",
        "InvalidParameterException",
        "The user has this passkey already",
        "Each passkey is registered once.",
        "Sign in with it.",
    ),
    Row(
        "passkey-as-mfa",
        "InvalidParameterException",
        "WebAuthnMfaSettings needs",
        "A passkey counts as MFA only beside another method, in a pool that lets it count.",
        "Set up the other method first, and the pool's FactorConfiguration.",
    ),
    Row(
        "passkey-wrong",
        "NotAuthorizedException",
        "The passkey could not be verified",
        "The signature isn't of a passkey of this user, or not for this challenge and page.",
        "Start the sign-in again.",
    ),
    Row(
        "no-such-passkey",
        "ResourceNotFoundException",
        "The user has no such passkey",
        "The ID isn't of a passkey of this user.",
        "List the user's passkeys.",
    ),
    Row(
        "passkey-challenge",
        "WebAuthnChallengeNotFoundException",
        "",
        "The challenge of the registration has expired, or was used.",
        "Start the registration again.",
    ),
    Row(
        "passkey-client",
        "WebAuthnClientMismatchException",
        "",
        "One app client started the registration, and another completes it.",
        "Complete it with a token of the same app client.",
    ),
    Row(
        "passkey-configuration",
        "WebAuthnConfigurationMissingException",
        "",
        "The pool has neither a relying-party ID nor a domain.",
        "Set RelyingPartyId with SetUserPoolMfaConfig.",
    ),
    Row(
        "passkey-kind",
        "WebAuthnCredentialNotSupportedException",
        "",
        "Cognito takes passkeys with ES256 or RS256 keys.",
        "Use another authenticator.",
    ),
    Row(
        "passkeys-off",
        "WebAuthnNotEnabledException",
        "",
        "The pool doesn't allow passkeys.",
        "Add WEB_AUTHN to AllowedFirstAuthFactors.",
    ),
    Row(
        "passkey-origin",
        "WebAuthnOriginNotAllowedException",
        "",
        "The page isn't on the domain of the relying-party ID, or not on HTTPS.",
        "Register on a page of that domain.",
    ),
    Row(
        "passkey-relying-party",
        "WebAuthnRelyingPartyMismatchException",
        "",
        "The passkey was created for another relying-party ID.",
        "Pass rp.id of the options to the browser unchanged.",
    ),
]
