"""The questions of a form, each with its starting value and its check."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

Start = str | Callable[[], str] | None


Check = Callable[[str], str | None]


@dataclass(frozen=True)
class Field:
    """One question of a form. `start` is the value before anyone types, or a function that returns
    it when it's used; `check` says what is wrong, or None.
    """

    label: str
    start: Start = field(repr=False)
    check: Check
    secret: bool = False
    shown: bool = False
    # What's used if the field stays empty, in words
    hint: str = ""
    # What the user means by what they typed
    tidy: Callable[[str], str] = str.strip
    # The choices, each with its label; a field without choices takes text.
    options: dict[str, str] = field(default_factory=dict)


def _matches(pattern: str, otherwise: str) -> Check:
    return lambda text: None if re.fullmatch(pattern, text) else otherwise


def username(start: Start = None, label: str = "User name") -> Field:
    """A field for a user name: 1 to 128 characters, none of them a space."""
    return Field(
        label, start, _matches(r"\S{1,128}", "A user name has 1 to 128 characters and no spaces.")
    )


def email(start: Start = None, label: str = "Email") -> Field:
    """A field for an email address."""
    return Field(
        label, start, _matches(r"[^\s@]+@[^\s@]+", "An email address has one @ and no spaces.")
    )


def password(start: Start = None, label: str = "Password") -> Field:
    """A field for a password. Only the pool decides whether it meets the policy."""
    return Field(
        label,
        start,
        _matches(r"\S{1,256}", "A password has 1 to 256 characters and no spaces."),
        secret=True,
        hint="leave empty to use the lab's password",
    )


def code(start: Start = None, label: str = "Code") -> Field:
    """A field for a code, with or without a space in the middle. A code that's a first factor has
    eight digits, every other one six.
    """
    check = _matches(r"[0-9]{6}|[0-9]{8}", "A code has six or eight digits.")
    return Field(
        label,
        start,
        check,
        secret=True,
        # Unlike a password, it expires soon, and a typing error should be visible.
        shown=True,
        hint="leave empty to use the newest code",
        tidy=lambda text: re.sub(r"\s", "", text),
    )


def name(start: Start = None, label: str = "Name") -> Field:
    """A field for the name of a pool, a client or an app."""
    return Field(
        label,
        start,
        _matches(
            r"[A-Za-z0-9_ +=,.@-]{1,128}",
            "A name has 1 to 128 letters from A to Z, digits, spaces or _ + = , . @ -",
        ),
    )


def identifier(start: Start = "", label: str = "ID") -> Field:
    """A field for the ID of a pool or an app client. It's optional."""
    return Field(
        label,
        start,
        _matches(r"[\w-]{1,128}", "An ID has letters, digits, - and _, as in us-east-1_Abc123xyz."),
    )


def regions_in(text: str) -> list[str]:
    """The names of the Regions in a text, each once, in their order."""
    return list(dict.fromkeys(re.findall(r"[^\s,]+", text)))


def regions(start: Start = None, label: str = "Regions") -> Field:
    """A field for the names of one or more AWS Regions."""

    def check(text: str) -> str | None:
        good = regions_in(text) and all(
            re.fullmatch(r"[a-z]{2,4}(-[a-z]+)+-\d+", name) for name in regions_in(text)
        )
        return None if good else "Regions are named as in us-east-1, eu-west-1."

    return Field(label, start, check, tidy=lambda text: ", ".join(regions_in(text)))


def yes_no(start: Start = None, label: str = "Yes or no") -> Field:
    """A field for a question, with a list to choose from; the answer is `yes` or `no`."""
    short = {"y": "yes", "n": "no"}
    return Field(
        label,
        start,
        _matches(r"yes|no", "Answer yes or no."),
        tidy=lambda text: short.get(text.strip().lower(), text.strip().lower()),
        options={"yes": "yes", "no": "no"},
    )


def choice(options: dict[str, str], start: str, label: str) -> Field:
    """A field with a list to choose from. `options` has the answers, each with its label in the
    list.
    """

    def check(text: str) -> str | None:
        return None if text in options else f"Choose one of {', '.join(options)}."

    return Field(label, start, check, options=options)
