"""Cases whose cause is an MFA setting, of the pool or of a user."""

from __future__ import annotations

from contextlib import suppress

from botocore.exceptions import ClientError

from ..case import Case, Cause
from ..practice_pool import PracticePool


def _optional_with_app(pool: PracticePool) -> None:
    _optional(pool)
    pool.set_up_app("ana")


def _optional(pool: PracticePool) -> None:
    pool.create_pool(mfa="OPTIONAL")
    pool.create_client()
    pool.sign_up("ana")


def _required_with_app(pool: PracticePool) -> None:
    pool.create_pool(mfa="ON")
    pool.create_client()
    pool.sign_up("ana")
    pool.set_up_app("ana")


def _sign_in(pool: PracticePool) -> None:
    pool.begin("ana")


def _prefer_at_once(pool: PracticePool) -> None:
    tokens = pool.begin("ana")["AuthenticationResult"]
    with suppress(ClientError):
        pool.cognito.set_user_mfa_preference(
            AccessToken=tokens["AccessToken"],
            SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True},
        )


def _deploy(pool: PracticePool) -> None:
    pool.begin("ana")
    pool.cognito.update_user_pool(UserPoolId=pool.pool_id, AutoVerifiedAttributes=["email"])
    pool.cognito.set_user_pool_mfa_config(UserPoolId=pool.pool_id)
    pool.begin("ana")


NOT_ASKED = Case(
    told=(
        "“We've rolled out authenticator apps. Everyone has scanned the QR code, and the code they"
        " typed was accepted. At the next sign-in no one is asked for a code.”"
    ),
    prepare=_optional_with_app,
    happens=_sign_in,
    causes=(
        Cause(
            "The pool doesn't offer authenticator apps.",
            "GetUserPoolMfaConfig says that it does.",
        ),
        Cause("TOTP must be enabled in the user's MFA preference, and it isn't."),
        Cause(
            "The code was wrong, and the application didn't notice.",
            "VerifySoftwareToken would have returned an error, and they say it was accepted.",
        ),
        Cause(
            "Their devices are remembered.",
            "DescribeUserPool has no DeviceConfiguration, so this pool remembers none.",
        ),
        Cause(
            "Sign-in with a password bypasses MFA.",
            "Not in a pool whose MfaConfiguration is ON. What is it here?",
        ),
    ),
    because=(
        "MfaConfiguration is OPTIONAL here. Cognito then asks a user only for a factor that's"
        " enabled in their preference, by SetUserMFAPreference or AdminSetUserMFAPreference. In a"
        " pool with ON, like the tutorial's, that call isn't needed."
    ),
    shown_by="GetUserPoolMfaConfig says OPTIONAL, and AdminGetUser has no PreferredMfaSetting.",
)

PREFERENCE = Case(
    told=(
        "“MFA is a choice in our settings page. When users switch it on, we save that with"
        " SetUserMFAPreference and then show them the QR code. The call fails for new users. It"
        " works for our testers, who've had an authenticator app for years.”"
    ),
    prepare=_optional,
    happens=_prefer_at_once,
    causes=(
        Cause(
            "The pool's MfaConfiguration must be ON.",
            "GetUserPoolMfaConfig says OPTIONAL, which is what a choice needs. And it works for"
            " the testers.",
        ),
        Cause(
            "The users have no phone number.",
            "A text message needs one. The request is about SoftwareTokenMfaSettings.",
        ),
        Cause(
            "The call needs IAM credentials.",
            "AdminSetUserMFAPreference does. This one takes the user's access token.",
        ),
        Cause("The user has no verified authenticator app yet."),
        Cause(
            "The access token has expired.",
            "Cognito would return NotAuthorizedException. The token is seconds old.",
        ),
    ),
    because=(
        "Cognito enables only a factor that the user has set up. Show the QR code first, send the"
        " first code to VerifySoftwareToken, and call SetUserMFAPreference after that."
    ),
    shown_by=(
        "case.requests: neither AssociateSoftwareToken nor VerifySoftwareToken was called before."
        " The message says that nothing is configured to turn on."
    ),
)

SWITCHED_OFF = Case(
    told=(
        "“Since yesterday's deployment no one is asked for a code, although MFA is required. The"
        " deployment only made email addresses verify automatically. It runs one script for every"
        " pool, and this pool's settings file says nothing about MFA.” (case.requests has a sign-in"
        " before, the deployment, and a sign-in after it.)"
    ),
    prepare=_required_with_app,
    happens=_deploy,
    causes=(
        Cause(
            "UpdateUserPool resets what it isn't given, also MfaConfiguration.",
            "It keeps MfaConfiguration. Try it: set MFA to ON again, call UpdateUserPool, and read"
            " GetUserPoolMfaConfig.",
        ),
        Cause(
            "The users have disabled MFA in their preferences.",
            "In a pool with MfaConfiguration ON, preferences don't switch it off. What is it now?",
        ),
        Cause("SetUserPoolMfaConfig was called without MfaConfiguration."),
        Cause(
            "Verified email addresses replace the authenticator app.",
            "An email address is a factor only if the pool says so in GetUserPoolMfaConfig.",
        ),
        Cause(
            "The users lost their authenticator apps in the deployment.",
            "Set MFA to ON again: ana is asked for her code, and her phone's code is accepted.",
        ),
    ),
    because=(
        "SetUserPoolMfaConfig replaces the whole MFA configuration. It reads a missing"
        " MfaConfiguration as OFF (observed, not documented), and a missing factor is removed."
        " A script that isn't about MFA must not call it."
    ),
    shown_by=(
        "GetUserPoolMfaConfig says OFF. In case.requests the deployment's SetUserPoolMfaConfig has"
        " only UserPoolId."
    ),
)
