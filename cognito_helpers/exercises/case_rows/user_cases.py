"""Cases whose cause is a user name, or what an app client reveals about users."""

from __future__ import annotations

from contextlib import suppress

from botocore.exceptions import ClientError

from ..case import Case, Cause
from ..practice_pool import PracticePool


def _two_spellings(pool: PracticePool) -> None:
    pool.create_pool()
    pool.create_client(PreventUserExistenceErrors="ENABLED")
    pool.sign_up("ana", "Ben")


def _both_sign_in(pool: PracticePool) -> None:
    for name in ("ana", "ben"):
        with suppress(ClientError):
            pool.begin(name)


def _two_clients(pool: PracticePool) -> None:
    pool.create_pool()
    pool.create_client()
    pool.replace_client(PreventUserExistenceErrors="ENABLED")
    pool.sign_up("ana")


def _mistyped_twice(pool: PracticePool) -> None:
    for client_id in (pool.old_client_id, pool.client_id):
        with suppress(ClientError):
            pool.begin("annna", client_id)


ONE_USER = Case(
    told=(
        "“Ana and Ben signed up on the same page, on the same day. Ana can sign in. Ben is told"
        " that his user name or password is wrong. He's sure of both, and we've watched him type"
        " them.”"
    ),
    prepare=_two_spellings,
    happens=_both_sign_in,
    causes=(
        Cause(
            "Ben has a different password.",
            "Call AdminGetUser with the name he types. Is there such a user?",
        ),
        Cause(
            "Ben hasn't confirmed his account.",
            "Cognito would return UserNotConfirmedException. List the users.",
        ),
        Cause("User names are case-sensitive in this pool, and he's registered as Ben, not ben."),
        Cause(
            "An administrator disabled Ben.",
            "Cognito would say that the user is disabled, and ListUsers would show it.",
        ),
        Cause(
            "Ben tried too often and is locked out.",
            "Cognito would say that password attempts are exceeded. List the users.",
        ),
    ),
    because=(
        "he signed up as Ben, with an uppercase B, and types ben. A pool created without"
        " UsernameConfiguration treats these as two names, and you can't change that later. This"
        " client hides which users exist, so the message is the one for a wrong password."
    ),
    shown_by=(
        "ListUsers, which shows the name as he signed up with it. DescribeUserPool has no"
        " UsernameConfiguration with CaseSensitive false."
    ),
)

OTHER_CLIENT = Case(
    told=(
        "“Users who mistyped their name used to be offered sign-up: our code handles"
        " UserNotFoundException. Since we switched to the app client a colleague created in the"
        " console, they're told that the password is wrong. Same pool, same code.”"
        " (case.old_client_id is the app client from before.)"
    ),
    prepare=_two_clients,
    happens=_mistyped_twice,
    causes=(
        Cause("The new client hides which users exist."),
        Cause(
            "The new client has a secret, and the secret hash is missing.",
            "Cognito would say that SECRET_HASH wasn't received.",
        ),
        Cause(
            "The new client doesn't allow sign-in with a password.",
            "Cognito would say that the flow isn't enabled for this client, whatever the name.",
        ),
        Cause(
            "The new client belongs to another pool.",
            "Then Ana couldn't sign in with it either. Try it.",
        ),
        Cause(
            "These users have been deleted.",
            "The old client still gets UserNotFoundException. What differs is the client.",
        ),
    ),
    because=(
        "PreventUserExistenceErrors is ENABLED in the new client, which is the console's default."
        " The API's default is LEGACY. Keep the new setting and fix the code: attackers shouldn't"
        " learn which names exist."
    ),
    shown_by="DescribeUserPoolClient for both clients: compare PreventUserExistenceErrors.",
)
