"""Cases whose cause is a session, or a code that was used before."""

from __future__ import annotations

from contextlib import suppress

from botocore.exceptions import ClientError

from ..case import Case, Cause
from ..practice_pool import PracticePool


def _with_app(pool: PracticePool) -> None:
    _without_app(pool)
    pool.set_up_app("ana")


def _without_app(pool: PracticePool) -> None:
    pool.create_pool(mfa="ON")
    pool.create_client()
    pool.sign_up("ana")


def _slowly(pool: PracticePool) -> None:
    challenge = pool.begin("ana")
    pool.wait(minutes=4)
    with suppress(ClientError):
        pool.answer("ana", challenge["Session"])


def _set_up_and_sign_in(pool: PracticePool) -> None:
    pool.wait_for_new_code()
    offered = pool.offer_secret("ana", pool.begin("ana")["Session"])
    verified = pool.cognito.verify_software_token(
        Session=offered["Session"], UserCode=pool.phone.code("ana")
    )
    pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="MFA_SETUP",
        Session=verified["Session"],
        ChallengeResponses={"USERNAME": "ana"},
    )
    again = pool.begin("ana")
    with suppress(ClientError):
        pool.answer("ana", again["Session"])


def _set_up(pool: PracticePool) -> None:
    session = pool.begin("ana")["Session"]
    pool.offer_secret("ana", session)
    with suppress(ClientError):
        pool.cognito.verify_software_token(Session=session, UserCode=pool.phone.code("ana"))


SLOW_USERS = Case(
    told=(
        "“Most users sign in without trouble. Those who have to look for their phone first get an"
        " error, although the code they type is on the screen at that moment.”"
    ),
    prepare=_with_app,
    happens=_slowly,
    causes=(
        Cause(
            "A code is valid for 30 seconds, and theirs has expired.",
            "The code wouldn't match, and Cognito would return CodeMismatchException.",
        ),
        Cause(
            "Their phones' clocks are slow.",
            "The code wouldn't match, and Cognito would return CodeMismatchException.",
        ),
        Cause(
            "They've used this code before.",
            "Cognito would return ExpiredCodeException and say that it was used once already.",
        ),
        Cause("With this app client, a session is valid for 3 minutes."),
        Cause(
            "They're locked out after too many wrong codes.",
            "A slow user typed nothing wrong. Read the message. Is it about the code?",
        ),
    ),
    because=(
        "the session expired, not the code. The default for an app client is 3 minutes, and you"
        " can set up to 15."
    ),
    shown_by="DescribeUserPoolClient: AuthSessionValidity. UpdateUserPoolClient changes it.",
)

FIRST_SIGN_IN = Case(
    told=(
        "“After a new user scans the QR code and types the first code, we sign them out and ask"
        " them to sign in again. That first sign-in always fails. A minute later the same user"
        " gets in without any change.”"
    ),
    prepare=_without_app,
    happens=_set_up_and_sign_in,
    causes=(
        Cause(
            "The application sends the answer twice.",
            "case.requests has one answer to SOFTWARE_TOKEN_MFA. Which call had the code before?",
        ),
        Cause(
            "Cognito needs some time before it knows the new authenticator app.",
            "It asked for SOFTWARE_TOKEN_MFA, so it knows the app.",
        ),
        Cause(
            "The phone's clock is off.",
            "The code wouldn't match, and Cognito would return CodeMismatchException. And the same"
            " phone's code was accepted by VerifySoftwareToken.",
        ),
        Cause(
            "The user types the code before last.",
            "Cognito would return CodeMismatchException for a code that's too old.",
        ),
        Cause("The code is still the one that VerifySoftwareToken accepted."),
    ),
    because=(
        "each code works once, and the code that verified the app counts as used. The phone shows"
        " it for up to 30 seconds. Wait for the next code, or don't sign the user out:"
        " RespondToAuthChallenge for MFA_SETUP already returned tokens."
    ),
    shown_by=(
        "case.requests: VerifySoftwareToken and the last RespondToAuthChallenge were sent within"
        " seconds, so the phone showed one code for both. The error says that it was used once."
    ),
)

LAST_STEP = Case(
    told=(
        "“Users get stuck while they set up the authenticator app. They scan the QR code, the app"
        " shows codes, and every code is rejected. It happens to every user, also to those who are"
        " quick.”"
    ),
    prepare=_without_app,
    happens=_set_up,
    causes=(
        Cause(
            "The session has expired.",
            "Cognito would say “session is expired”. Read the end of the message.",
        ),
        Cause("The application verifies with the session from before AssociateSoftwareToken."),
        Cause(
            "The codes are wrong: the phone has the secret of an earlier QR code.",
            "VerifySoftwareToken would return EnableSoftwareTokenMFAException.",
        ),
        Cause(
            "The user already has an authenticator app.",
            "Then InitiateAuth would ask for SOFTWARE_TOKEN_MFA, not MFA_SETUP.",
        ),
        Cause(
            "VerifySoftwareToken needs an access token here.",
            "It takes a session or an access token, and there are no tokens yet in this sign-in.",
        ),
    ),
    because=(
        "AssociateSoftwareToken uses up the session it gets and returns a new one. The application"
        " drops the new one and sends the old one to VerifySoftwareToken. Each response's session"
        " replaces the one before."
    ),
    shown_by=(
        "case.requests: AssociateSoftwareToken and VerifySoftwareToken sent the same Session, and"
        " the response in between has another."
    ),
)
