"""The learner's phone: an authenticator app that keeps secrets and shows six-digit codes, by
pyotp.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import NamedTuple

import pyotp

from ..errors import LessonError
from ..tutorial_pool.lessons import Lesson

STEP = 30


def authenticator_link(secret: str, account: str, issuer: str) -> str:
    """The `otpauth://` link in a QR code: the secret, its account and its issuer, escaped as apps
    expect.

    >>> authenticator_link("JBSWY3DPEHPKJBSWY3DPEHPK", "ana+x@example.com", "Tutorial")
    'otpauth://totp/Tutorial:ana%2Bx%40example.com?secret=JBSWY3DPEHPKJBSWY3DPEHPK&issuer=Tutorial'
    """
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def key_groups(link: str) -> str:
    """The key in a link, in groups of four, for typing instead of scanning.

    >>> key_groups(authenticator_link("JBSWY3DPEHPKJBSWY3DPEHPK", "ana", "Cognito tutorial"))
    'JBSW Y3DP EHPK JBSW Y3DP EHPK'
    """
    secret = _totp(link).secret
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def is_authenticator_link(text: str) -> bool:
    """Whether an authenticator app could scan it: a link with a valid key."""
    try:
        _totp(text).at(0)
    except (AssertionError, ValueError):
        return False
    return True


def _totp(link: str) -> pyotp.TOTP:
    parsed = pyotp.parse_uri(link)
    assert isinstance(parsed, pyotp.TOTP)
    return parsed


class Code(NamedTuple):
    """Six digits, and how many seconds from now they expire."""

    digits: str
    ends: float

    def __repr__(self) -> str:
        return "Code(hidden)"


class Phone:
    """An authenticator app. `links` is where it keeps its accounts (account name to `otpauth://`
    link), `now` is its clock, in seconds since 1970.
    """

    def __init__(self, links: MutableMapping[str, str], now: Callable[[], float]) -> None:
        self._links = links
        self._now = now
        self._seconds_off = 0

    def __repr__(self) -> str:
        return f"Phone with {len(self._links)} account(s)"

    @property
    def accounts(self) -> list[str]:
        """The account names, oldest first."""
        return list(self._links)

    def add(self, link: str) -> Phone:
        """Scan a QR code: keep the account in its link. A second link for the same account replaces
        the first.
        """
        account = _totp(link).name
        self._links.pop(account, None)
        self._links[account] = link
        return self

    def remove(self, account: str) -> None:
        """Remove an account, if it exists."""
        self._links.pop(account, None)

    @property
    def seconds_off(self) -> int:
        """How many seconds this phone's clock is fast; negative if it's slow. Set it, up to 30
        either way, to see what Cognito tolerates.
        """
        return self._seconds_off

    @seconds_off.setter
    def seconds_off(self, seconds: int) -> None:
        if not -STEP <= seconds <= STEP:
            raise LessonError(
                f"A phone's clock can be set wrong by {STEP} seconds at most, fast or slow: give a"
                f" number from -{STEP} to {STEP}."
            )
        self._seconds_off = seconds

    def issuer(self, account: str) -> str:
        """The issuer of the account."""
        return self._account(account).issuer or ""

    def code(self, account: str, steps: int = 0) -> str:
        """The six digits for `account`: now, or `steps` time steps of 30 seconds from now (-1 is
        the code before this one).
        """
        return self._account(account).at(self._time(), counter_offset=steps)

    def codes(self, account: str, number: int) -> list[Code]:
        """The current code and those that follow, `count` in all."""
        now = self._now() + self._seconds_off
        account_codes = self._account(account)
        return [
            Code(account_codes.at(int(now), counter_offset=step), STEP * (step + 1) - now % STEP)
            for step in range(number)
        ]

    def seconds_left(self) -> int:
        """Seconds until the next code, 1 to 30."""
        return STEP - self._time() % STEP

    def _time(self) -> int:
        """The time by the phone's own clock."""
        return int(self._now()) + self._seconds_off

    def _account(self, account: str) -> pyotp.TOTP:
        if account not in self._links:
            raise LessonError(
                f"The phone has no account for {account}: show it the QR code first, in lesson"
                f" {Lesson.SET_UP_MFA}."
            )
        return _totp(self._links[account])
