"""The six cases: what the application's owner says, how to prepare the pool, the possible causes,
and what shows the right one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..tutorial_pool.lessons import Lesson
from .practice_pool import PracticePool

TRACKS_DEVICES = {
    "DeviceConfiguration": {
        "ChallengeRequiredOnNewDevice": True,
        "DeviceOnlyRememberedOnUserPrompt": False,
    }
}


@dataclass(frozen=True)
class Cause:
    """A possible cause, and what speaks against it. The right one has no `why_not`."""

    text: str
    why_not: str = ""


@dataclass(frozen=True)
class Case:
    """What a case is made of.

    `prepare` creates its pool. If the application then signs a user in, `signs_in` names the user.
    """

    told: str
    prepare: Callable[[PracticePool], None]
    causes: tuple[Cause, ...]
    because: str
    shown_by: str
    signs_in: str = ""

    @property
    def right(self) -> int:
        """The number of the right cause, from 1."""
        return [not cause.why_not for cause in self.causes].index(True) + 1


def _one_and_not_another(pool: PracticePool) -> None:
    pool.create_pool()
    pool.create_client(PreventUserExistenceErrors="ENABLED")
    pool.sign_up("ana", "Ben")


def _slow_people(pool: PracticePool) -> None:
    pool.create_pool(mfa="ON")
    pool.create_client()
    pool.sign_up("ana")
    pool.set_up_app("ana")


def _the_new_client(pool: PracticePool) -> None:
    pool.create_pool()
    pool.create_client()
    pool.replace_client(PreventUserExistenceErrors="ENABLED")
    pool.sign_up("ana")


def _after_an_hour(pool: PracticePool) -> None:
    pool.create_pool(mfa="ON", **TRACKS_DEVICES)
    pool.create_client()
    pool.sign_up("ana")
    pool.set_up_app("ana")


def _never_asked(pool: PracticePool) -> None:
    pool.create_pool(mfa="OPTIONAL")
    pool.create_client()
    pool.sign_up("ana")
    pool.set_up_app("ana")


def _never_remembered(pool: PracticePool) -> None:
    pool.create_pool(mfa="ON", UsernameAttributes=["email"], **TRACKS_DEVICES)
    pool.create_client()
    pool.sign_up("ana@example.com")
    pool.set_up_app("ana@example.com")


CASES = {
    "it works for one user and not for another": Case(
        told=(
            "“Ana and Ben signed up on the same page, on the same day. Ana gets in. Ben is told"
            " that his name or his password is wrong. He is sure of both, and we have seen him type"
            " them.”"
        ),
        prepare=_one_and_not_another,
        causes=(
            Cause(
                "Ben’s password is another one.",
                "AdminGetUser with the name that he types: is there such a user?",
            ),
            Cause(
                "Ben has not confirmed his sign-up.",
                "Cognito would say UserNotConfirmedException. Look at who is in the pool.",
            ),
            Cause("The pool tells capitals from small letters, and he is Ben there, not ben."),
            Cause(
                "Somebody has disabled Ben.",
                "Cognito would say that the user is disabled, and ListUsers would show it. It shows"
                " something else.",
            ),
            Cause(
                "Ben tried too often, and is locked out for a while.",
                "Cognito would say that password attempts are exceeded. Look at who is in the"
                " pool.",
            ),
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
    "it fails only when people are slow": Case(
        told=(
            "“Most people sign in without trouble. Those who must look for their phone first get an"
            " error, although the code that they type is on the screen at that moment.”"
        ),
        prepare=_slow_people,
        causes=(
            Cause(
                "A code is good for half a minute, and theirs is older.",
                "Then the code would not match, and Cognito would say CodeMismatchException.",
            ),
            Cause(
                "The clocks of their phones are slow.",
                "Then the code would not match, and Cognito would say CodeMismatchException.",
            ),
            Cause(
                "They have used this code before.",
                "Cognito would say ExpiredCodeException, and that it was used once already.",
            ),
            Cause("The session of a sign-in is good for 3 minutes with this app client."),
            Cause(
                "They are locked out after too many wrong codes.",
                "A slow person typed nothing wrong. Read the message: what is it about, the code or"
                " something else?",
            ),
        ),
        because=(
            "What ran out is the session, not the code. An app client that says nothing gives"
            " sessions of 3 minutes; up to 15 can be asked for."
        ),
        shown_by="DescribeUserPoolClient: AuthSessionValidity. UpdateUserPoolClient changes it.",
    ),
    "it worked with the other client": Case(
        told=(
            "“Whoever mistyped their name used to be offered a sign-up: our code waits for"
            " UserNotFoundException. Since we use the app client that a colleague made in the"
            " console, they are told that the password is wrong. Same pool, same code.”"
            " (case.old_client_id is the client before.)"
        ),
        prepare=_the_new_client,
        causes=(
            Cause("The new client hides which names exist."),
            Cause(
                "The new client has a secret, and the hash is missing.",
                "Cognito would say that SECRET_HASH was not received.",
            ),
            Cause(
                "The new client does not allow the sign-in with a password.",
                "Cognito would say that the flow is not enabled for this client, whatever the"
                " name.",
            ),
            Cause(
                "The new client belongs to another pool.",
                "Then Ana could not sign in with it either. Try.",
            ),
            Cause(
                "These users were deleted in the meantime.",
                "The old client is still told that there is no such user. What differs is the"
                " client.",
            ),
        ),
        because=(
            "PreventUserExistenceErrors is ENABLED in the new client, as the console sets it; a"
            " script that says nothing gets LEGACY. Keep the new one, and mend the code: a stranger"
            " need not learn which names exist."
        ),
        shown_by="DescribeUserPoolClient, for both clients: compare PreventUserExistenceErrors.",
    ),
    "everybody is out after an hour": Case(
        told=(
            "“People are thrown out an hour after they have signed in. The application refreshes"
            " the tokens before that, and is refused. It has happened to every refresh token so"
            " far, new ones too.” (Ana has just signed in through the application; case.tokens is"
            " what it got, case.requests has its calls.)"
        ),
        prepare=_after_an_hour,
        signs_in="ana",
        causes=(
            Cause(
                "Refresh tokens of this client are good for an hour only.",
                "DescribeUserPoolClient: its RefreshTokenValidity is 30 days. And new ones are"
                " refused too.",
            ),
            Cause(
                "This client may not refresh tokens.",
                "DescribeUserPoolClient: ALLOW_REFRESH_TOKEN_AUTH is among its flows.",
            ),
            Cause(
                "The refresh token was revoked.",
                "Cognito would say that it has been revoked, and GetUser would not take the access"
                " token.",
            ),
            Cause(
                "The user signed in on another device in the meantime.",
                "One sign-in does not end another. And nobody did.",
            ),
            Cause(
                "The pool tracks devices, and the application never confirmed the one that it was"
                " offered."
            ),
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
    "nobody is asked for the code": Case(
        told=(
            "“We have introduced authenticator apps. Everybody has scanned the QR code, and the"
            " code that they typed was accepted. At the next sign-in nobody is asked for one.”"
        ),
        prepare=_never_asked,
        causes=(
            Cause(
                "The pool does not offer authenticator apps.",
                "GetUserPoolMfaConfig says that it does.",
            ),
            Cause("The app counts only once it is switched on for the user, and nobody did that."),
            Cause(
                "The code was wrong, and the application did not notice.",
                "VerifySoftwareToken would have been refused, and an application that ignores"
                " exceptions does not say that it was accepted.",
            ),
            Cause(
                "Their devices are remembered.",
                "DescribeUserPool has no DeviceConfiguration, so this pool remembers none.",
            ),
            Cause(
                "The sign-in with a password passes the second factor by.",
                "It does not where the pool's MfaConfiguration is ON. What is it here?",
            ),
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
    "the device is never remembered": Case(
        told=(
            "“People sign in with their e-mail address and a code, and get their tokens. Then the"
            " application confirms the device, as the guide says, and Cognito refuses it every"
            " time.” (Ana has just signed in through the application; case.tokens is what it got,"
            " case.requests has its calls.)"
        ),
        prepare=_never_remembered,
        signs_in="ana@example.com",
        causes=(
            Cause(
                "The pool does not track devices.",
                "Then no NewDeviceMetadata would have come with the tokens.",
            ),
            Cause(
                "The verifier of the device is computed wrongly.",
                f"Make one with new_device, which is right in lesson {Lesson.REMEMBER_A_DEVICE}:"
                " the refusal stays.",
            ),
            Cause("The access token has expired.", "GetUser still takes it."),
            Cause(
                "The application answered the challenge with the e-mail address, not with the name"
                " that Cognito gave."
            ),
            Cause(
                "The device was confirmed before.",
                "Each sign-in without a key is offered a new one, and this is the first time for"
                " it.",
            ),
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
