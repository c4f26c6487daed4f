"""The six stories: what people say, how the pool came to be so, what may be the cause, and what
is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cases import Story

TRACKS_DEVICES = {
    "DeviceConfiguration": {
        "ChallengeRequiredOnNewDevice": True,
        "DeviceOnlyRememberedOnUserPrompt": False,
    }
}


@dataclass(frozen=True)
class Plot:
    """What a story is made of.

    `prepare` makes its pool; where the application then signs somebody in, `signs_in` names them.
    `right` counts from 1, and `not_these` says of each other cause what speaks against it.
    """

    told: str
    prepare: Callable[[Story], None]
    causes: tuple[str, ...]
    right: int
    not_these: tuple[str, ...]
    because: str
    shown_by: str
    signs_in: str = ""


def _one_and_not_another(story: Story) -> None:
    story.make_pool()
    story.make_client(PreventUserExistenceErrors="ENABLED")
    story.sign_up("ana", "Ben")


def _slow_people(story: Story) -> None:
    story.make_pool(mfa="ON")
    story.make_client()
    story.sign_up("ana")
    story.set_up_app("ana")


def _the_new_client(story: Story) -> None:
    story.make_pool()
    story.make_client()
    story.old_client_id = story.client_id
    story.make_client(PreventUserExistenceErrors="ENABLED")
    story.sign_up("ana")


def _after_an_hour(story: Story) -> None:
    story.make_pool(mfa="ON", **TRACKS_DEVICES)
    story.make_client()
    story.sign_up("ana")
    story.set_up_app("ana")


def _never_asked(story: Story) -> None:
    story.make_pool(mfa="OPTIONAL")
    story.make_client()
    story.sign_up("ana")
    story.set_up_app("ana")


def _never_remembered(story: Story) -> None:
    story.make_pool(mfa="ON", UsernameAttributes=["email"], **TRACKS_DEVICES)
    story.make_client()
    story.sign_up("ana@example.com")
    story.set_up_app("ana@example.com")


PLOTS = {
    "it works for one user and not for another": Plot(
        told=(
            "“Ana and Ben signed up on the same page, on the same day. Ana gets in. Ben is told"
            " that his name or his password is wrong. He is sure of both, and we have seen him type"
            " them.”"
        ),
        prepare=_one_and_not_another,
        causes=(
            "Ben’s password is another one.",
            "Ben has not confirmed his sign-up.",
            "The pool tells capitals from small letters, and he is Ben there, not ben.",
            "Somebody has disabled Ben.",
            "Ben tried too often, and is locked out for a while.",
        ),
        right=3,
        not_these=(
            "AdminGetUser with the name that he types: is there such a user?",
            "Cognito would say UserNotConfirmedException. Look at who is in the pool.",
            "",
            (
                "Cognito would say that the user is disabled, and ListUsers would show it. It shows"
                " something else."
            ),
            "Cognito would say that password attempts are exceeded. Look at who is in the pool.",
        ),
        because=(
            "He signed up as Ben, with a capital, and types ben. A pool that is made by"
            " CreateUserPool without UsernameConfiguration takes these for two names, and it can"
            " never be changed. This client hides which names exist, so the message is the one for"
            " a wrong password."
        ),
        shown_by=(
            "ListUsers, where the name is written as he gave it; and DescribeUserPool, which has no"
            " CaseSensitive: false."
        ),
    ),
    "it fails only when people are slow": Plot(
        told=(
            "“Most people sign in without trouble. Those who must look for their phone first get an"
            " error, although the code that they type is on the screen at that moment.”"
        ),
        prepare=_slow_people,
        causes=(
            "A code is good for half a minute, and theirs is older.",
            "The clocks of their phones are slow.",
            "They have used this code before.",
            "The session of a sign-in is good for 3 minutes with this app client.",
            "They are locked out after too many wrong codes.",
        ),
        right=4,
        not_these=(
            "Then the code would not match, and Cognito would say CodeMismatchException.",
            "Then the code would not match, and Cognito would say CodeMismatchException.",
            "Cognito would say ExpiredCodeException, and that it was used once already.",
            "",
            (
                "A slow person typed nothing wrong. Read the message: what is it about, the code or"
                " something else?"
            ),
        ),
        because=(
            "What ran out is the session, not the code. An app client that says nothing gives"
            " sessions of 3 minutes; up to 15 can be asked for."
        ),
        shown_by="DescribeUserPoolClient: AuthSessionValidity. UpdateUserPoolClient changes it.",
    ),
    "it worked with the other client": Plot(
        told=(
            "“Whoever mistyped their name used to be offered a sign-up: our code waits for"
            " UserNotFoundException. Since we use the app client that a colleague made in the"
            " console, they are told that the password is wrong. Same pool, same code.”"
            " (story.old_client_id is the client before.)"
        ),
        prepare=_the_new_client,
        causes=(
            "The new client hides which names exist.",
            "The new client has a secret, and the hash is missing.",
            "The new client does not allow the sign-in with a password.",
            "The new client belongs to another pool.",
            "These users were deleted in the meantime.",
        ),
        right=1,
        not_these=(
            "",
            "Cognito would say that SECRET_HASH was not received.",
            "Cognito would say that the flow is not enabled for this client, whatever the name.",
            "Then Ana could not sign in with it either. Try.",
            "The old client is still told that there is no such user. What differs is the client.",
        ),
        because=(
            "PreventUserExistenceErrors is ENABLED in the new client, as the console sets it; a"
            " script that says nothing gets LEGACY. Keep the new one, and mend the code: a stranger"
            " need not learn which names exist."
        ),
        shown_by="DescribeUserPoolClient, for both clients: compare PreventUserExistenceErrors.",
    ),
    "everybody is out after an hour": Plot(
        told=(
            "“People are thrown out an hour after they have signed in. The application refreshes"
            " the tokens before that, and is refused. It has happened to every refresh token so"
            " far, new ones too.” (Ana has just signed in through the application; story.tokens is"
            " what it got, story.requests has its calls.)"
        ),
        prepare=_after_an_hour,
        signs_in="ana",
        causes=(
            "Refresh tokens of this client are good for an hour only.",
            "This client may not refresh tokens.",
            "The refresh token was revoked.",
            "The user signed in on another device in the meantime.",
            (
                "The pool tracks devices, and the application never confirmed the one that it was"
                " offered."
            ),
        ),
        right=5,
        not_these=(
            (
                "DescribeUserPoolClient: its RefreshTokenValidity is 30 days. And new ones are"
                " refused too."
            ),
            "DescribeUserPoolClient: ALLOW_REFRESH_TOKEN_AUTH is among its flows.",
            (
                "Cognito would say that it has been revoked, and GetUser would not take the access"
                " token."
            ),
            "One sign-in does not end another. And nobody did.",
            "",
        ),
        because=(
            "In a pool that tracks devices a refresh token is good only together with a device that"
            " was confirmed. The sign-in offered one, and the application left it lying. It must"
            " call ConfirmDevice, and name the device when it refreshes; or the pool must not track"
            " devices."
        ),
        shown_by=(
            "DescribeUserPool has a DeviceConfiguration, and the answer to the sign-in has"
            " NewDeviceMetadata; no ConfirmDevice is on the wire."
        ),
    ),
    "nobody is asked for the code": Plot(
        told=(
            "“We have introduced authenticator apps. Everybody has scanned the QR code, and the"
            " code that they typed was accepted. At the next sign-in nobody is asked for one.”"
        ),
        prepare=_never_asked,
        causes=(
            "The pool does not offer authenticator apps.",
            "The app counts only once it is switched on for the user, and nobody did that.",
            "The code was wrong, and the application did not notice.",
            "Their devices are remembered.",
            "The sign-in with a password passes the second factor by.",
        ),
        right=2,
        not_these=(
            "GetUserPoolMfaConfig says that it does.",
            "",
            (
                "VerifySoftwareToken would have been refused, and an application that ignores"
                " exceptions does not say that it was accepted."
            ),
            "DescribeUserPool has no DeviceConfiguration, so this pool remembers none.",
            "It does not where the pool's MfaConfiguration is ON. What is it here?",
        ),
        because=(
            "MfaConfiguration is OPTIONAL here. Then a user is asked only for a factor that was"
            " switched on for them, by SetUserMFAPreference or AdminSetUserMFAPreference. In a pool"
            " that says ON, as the tutorial's does, that call is not needed."
        ),
        shown_by=(
            "GetUserPoolMfaConfig says OPTIONAL, and AdminGetUser names no PreferredMfaSetting."
        ),
    ),
    "the device is never remembered": Plot(
        told=(
            "“People sign in with their e-mail address and a code, and get their tokens. Then the"
            " application confirms the device, as the guide says, and Cognito refuses it every"
            " time.” (Ana has just signed in through the application; story.tokens is what it got,"
            " story.requests has its calls.)"
        ),
        prepare=_never_remembered,
        signs_in="ana@example.com",
        causes=(
            "The pool does not track devices.",
            "The verifier of the device is computed wrongly.",
            "The access token has expired.",
            (
                "The application answered the challenge with the e-mail address, not with the name"
                " that Cognito gave."
            ),
            "The device was confirmed before.",
        ),
        right=4,
        not_these=(
            "Then no NewDeviceMetadata would have come with the tokens.",
            "Make one with new_device, which is right in lesson 04: the refusal stays.",
            "GetUser still takes it.",
            "",
            "Each sign-in without a key is offered a new one, and this is the first time for it.",
        ),
        because=(
            "Where people sign in with an address, the challenge brings the user's own name as"
            " USER_ID_FOR_SRP, and the answer must carry that name. With the address the tokens"
            " come all the same, but the device key belongs to nobody."
        ),
        shown_by=(
            "The application's own calls: in its RespondToAuthChallenge USERNAME is not the"
            " USER_ID_FOR_SRP of the answer before."
        ),
    ),
}
