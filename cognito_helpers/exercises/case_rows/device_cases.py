"""Cases whose cause is a device that isn't remembered."""

from __future__ import annotations

from contextlib import suppress

from botocore.exceptions import ClientError

from ...sign_in.device import new_device
from ...tutorial_pool.lessons import Lesson
from ..case import TRACKS_DEVICES, Case, Cause
from ..practice_pool import PracticePool


def _by_name(pool: PracticePool) -> None:
    pool.create_pool(mfa="ON", **TRACKS_DEVICES)
    pool.create_client()
    pool.sign_up("ana")
    pool.set_up_app("ana")


def _by_email(pool: PracticePool) -> None:
    pool.create_pool(mfa="ON", UsernameAttributes=["email"], **TRACKS_DEVICES)
    pool.create_client()
    pool.sign_up("ana@example.com")
    pool.set_up_app("ana@example.com")


def _sign_in_and_refresh(pool: PracticePool) -> None:
    pool.sign_in("ana")
    token = {"REFRESH_TOKEN": pool.tokens["RefreshToken"]}
    with suppress(ClientError):
        pool.cognito.initiate_auth(
            ClientId=pool.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=token
        )


def _sign_in_and_confirm(pool: PracticePool) -> None:
    pool.sign_in("ana@example.com")
    device, verifier_config = new_device(pool.tokens["NewDeviceMetadata"])
    with suppress(ClientError):
        pool.cognito.confirm_device(
            AccessToken=pool.tokens["AccessToken"],
            DeviceKey=device.key,
            DeviceSecretVerifierConfig=verifier_config,
        )


SIGNED_OUT = Case(
    told=(
        "“Users are signed out an hour after signing in. The application refreshes the tokens"
        " before that and gets an error. It's happened with every refresh token so far, new ones"
        " too.” (case.tokens has the tokens of the sign-in.)"
    ),
    prepare=_by_name,
    happens=_sign_in_and_refresh,
    causes=(
        Cause(
            "Refresh tokens of this client are valid for only an hour.",
            "DescribeUserPoolClient: its RefreshTokenValidity is 30 days. And new ones fail too.",
        ),
        Cause(
            "This client may not refresh tokens.",
            "DescribeUserPoolClient: ALLOW_REFRESH_TOKEN_AUTH is one of its flows.",
        ),
        Cause(
            "The refresh token was revoked.",
            "Cognito would say that it has been revoked, and GetUser wouldn't accept the access"
            " token.",
        ),
        Cause(
            "The user signed in on another device in the meantime.",
            "Signing in elsewhere doesn't end a session, and no one did.",
        ),
        Cause("The pool tracks devices, and the application never confirmed the one it got."),
    ),
    because=(
        "in a pool that tracks devices, a refresh token works only together with a confirmed"
        " device (observed, not documented). The sign-in returned a device key, and the application"
        " ignored it. It must call ConfirmDevice and send the device key when it refreshes. Or the"
        " pool must not track devices."
    ),
    shown_by=(
        "DescribeUserPool has a DeviceConfiguration, and the sign-in's response has"
        " NewDeviceMetadata. There's no ConfirmDevice in case.requests."
    ),
)

NEVER_REMEMBERED = Case(
    told=(
        "“Users sign in with their email address and a code, and get their tokens. Then the"
        " application confirms the device, as the guide says, and Cognito returns an error every"
        " time.” (case.tokens has the tokens of the sign-in.)"
    ),
    prepare=_by_email,
    happens=_sign_in_and_confirm,
    causes=(
        Cause(
            "The pool doesn't track devices.",
            "Then there would be no NewDeviceMetadata with the tokens.",
        ),
        Cause(
            "The device's verifier is computed incorrectly.",
            f"Create one with new_device, as in lesson {Lesson.REMEMBER_A_DEVICE}. It fails too.",
        ),
        Cause("The access token has expired.", "GetUser still accepts it."),
        Cause("The application answered the challenge with the email address as USERNAME."),
        Cause(
            "The device was confirmed before.",
            "Each sign-in without a device key gets a new one, and this one was never confirmed.",
        ),
    ),
    because=(
        "if users sign in with an email address, the challenge has the user's own name as"
        " USER_ID_FOR_SRP, and the answer must have that name (observed, not documented). With the"
        " email address the tokens still come, but the device key belongs to no user."
    ),
    shown_by=(
        "case.requests: in the application's RespondToAuthChallenge, USERNAME isn't the"
        " USER_ID_FOR_SRP of the response before."
    ),
)
