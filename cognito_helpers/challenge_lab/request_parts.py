"""The parts of requests that refer to test data, each from the choices."""

from __future__ import annotations

from typing import Any

from .choice_fields import NONE, Choices
from .conditions import (
    AccessTokenIs,
    AnswerIs,
    ClientIs,
    CodeIs,
    NameIs,
    Purpose,
    RefreshTokenIs,
    SessionIs,
)
from .demo_users import Role
from .placeholders import Part, at_hand, known

SESSION_WORDS: dict[str, str] = {
    SessionIs.NEWEST: "the newest session",
    SessionIs.USED: "a session that was answered already",
    SessionIs.EXPIRED: "a session whose minutes are over",
    SessionIs.OF_ANOTHER_USER: "a session of another user's sign-in",
    SessionIs.GARBLED: "the newest session, its end altered",
    SessionIs.OF_ANOTHER_CHALLENGE: "a session that waits for another challenge",
}
CODE_WORDS: dict[str, str] = {
    CodeIs.NOW: "the code that the phone shows now",
    CodeIs.PREVIOUS: "the previous code",
    CodeIs.OLDER: "the code before that",
    CodeIs.NEXT: "the next code",
    CodeIs.USED: "a code that was used a moment ago",
    CodeIs.OF_ANOTHER_ACCOUNT: "the current code of another user's phone",
    CodeIs.WRONG: "six digits that aren't a current code",
    CodeIs.MALFORMED: "a code with a space in it",
}


def name_of(who: str, form: str = NameIs.USER_NAME) -> Any:
    """A sign-in name. Your user name is known without asking."""
    if who == Role.YOU and form == NameIs.USER_NAME:
        return known("username", "your user name")
    return at_hand(
        "name",
        who,
        *([form] if form != NameIs.USER_NAME else []),
        words=f"the name of {who}",
        plain=True,
    )


def client_id(which: str) -> Part:
    """The ID of an app client."""
    return (
        known("client_id", "your app client")
        if which == ClientIs.YOURS
        else at_hand("client", which, words="an app client", plain=True)
    )


def pool(which: str = ClientIs.YOURS) -> Any:
    """The ID of a user pool."""
    return known("pool_id", "your pool") if which == ClientIs.YOURS else "us-east-1_AAAAAAAAA"


def session(choices: Choices, stage: str, admin: bool = False) -> dict[str, Part]:
    """The Session parameter, if one is chosen."""
    which = choices["session"]
    if which == NONE:
        return {}
    named: dict[str, Any] = {"stage": stage} if stage != "SOFTWARE_TOKEN_MFA" else {}
    named |= (
        {"client": choices["client"]}
        if choices.get("client", ClientIs.YOURS) != ClientIs.YOURS
        else {}
    )
    named |= {"admin": True} if admin else {}
    return {"Session": at_hand("session", which, words=SESSION_WORDS[which], **named)}


def secret_hash(choices: Choices, name: Any, parameter: str = "SECRET_HASH") -> dict[str, Part]:
    """The secret hash, if one is chosen and the app client has a secret."""
    which = choices.get("hash", NONE)
    if choices.get("client") != ClientIs.WITH_SECRET or which == NONE:
        return {}
    given = [which] if name in (None, name_of(Role.YOU)) else [which, name]
    return {
        parameter: at_hand(
            "secret_hash",
            *given,
            words=f"{'the' if which == AnswerIs.RIGHT else 'a wrong'} secret hash",
        )
    }


def code(which: str, of: str = Role.YOU) -> Part:
    """A code from an authenticator app."""
    whose: dict[str, Any] = {"of": of} if of != Role.YOU else {}
    return at_hand("code", which, words=CODE_WORDS[which], **whose)


def access_token(choices: Choices) -> Part:
    """An access token of yours."""
    which = choices["token"]
    return at_hand(
        "access_token",
        *([which] if which != AccessTokenIs.NEWEST else []),
        words=f"an access token of yours, {which}",
    )


def refresh_token(choices: Choices) -> Part:
    """A refresh token of yours."""
    which = choices["token"]
    return at_hand(
        "refresh_token",
        *([which] if which != RefreshTokenIs.NEWEST else []),
        words=f"a refresh token of yours, {which}",
    )


def sent_code(choices: Choices, challenge: str) -> Part:
    """A code that was sent for a sign-in."""
    which = choices["code"]
    return at_hand("sent_code", challenge, which, words=f"the code that was sent, {which}")


def new_password(choices: Choices) -> Part:
    """A new password."""
    return at_hand("password", choices["password"], words=f"a new password, {choices['password']}")


def device(choices: Choices) -> dict[str, Part]:
    """The DEVICE_KEY parameter, if one is chosen."""
    which = choices["device"]
    return (
        {"DEVICE_KEY": at_hand("device_key", which, words=f"the key of a device, {which}")}
        if which != NONE
        else {}
    )


def email_code(choices: Choices, purpose: str) -> Part:
    """A confirmation code."""
    return at_hand(
        "email_code",
        choices["code"],
        *([purpose] if purpose != Purpose.SIGN_UP else []),
        words=f"the code from the email, {choices['code']}",
    )
