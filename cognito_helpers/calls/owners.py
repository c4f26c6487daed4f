"""Whose call each of several was: the user it names, or the owner of its session or token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from .recorder import Exchange

# A user's own request has one of these, even if it doesn't name the user.
CARRIED = {"Session", "AccessToken", "Token", "RefreshToken"}


def owners(calls: Sequence[Exchange]) -> list[str]:
    """The user of each call, by the first name used for them; empty for a call about a pool, an app
    client or all users.
    """
    known = _Known()
    return [known.owner(call) for call in calls]


def of_user(calls: Sequence[Exchange], username: str | None = None) -> list[Exchange]:
    """The calls of one user and those about no user. By default, of the user with the most calls;
    if there are several, the first.
    """
    whose = owners(calls)
    counted = Counter(filter(None, whose))
    if username is None:
        wanted = next((name for name, _ in counted.most_common(1)), "")
    else:
        wanted = next((name for name in counted if _same(name, username)), username)
    return [call for call, owner in zip(calls, whose, strict=True) if owner in ("", wanted)]


def of_last_user(calls: Sequence[Exchange]) -> list[Exchange]:
    """The calls of the user who made the last call, and those about no user."""
    last = next((owner for owner in reversed(owners(calls)) if owner), None)
    return of_user(calls, last)


def others(calls: Sequence[Exchange], shown: Sequence[Exchange]) -> dict[str, int]:
    """The users whose calls aren't among those shown, each with the number of calls."""
    numbers = {id(call) for call in shown}
    return dict(
        Counter(
            owner
            for call, owner in zip(calls, owners(calls), strict=True)
            if id(call) not in numbers
        )
    )


def name_in(request: Any) -> str:
    """The user name in a request; empty if there's none."""
    if not isinstance(request, dict):
        return ""
    inner = request.get("AuthParameters") or request.get("ChallengeResponses") or {}
    return str(
        request.get("Username") or (inner.get("USERNAME") if isinstance(inner, dict) else "") or ""
    )


class _Known:
    """What earlier calls showed: the owner of each session or token, and which names are one
    user's.
    """

    def __init__(self) -> None:
        self._of_mark: dict[str, str] = {}
        self._of_name: dict[str, str] = {}
        self._last = ""

    def owner(self, call: Exchange) -> str:
        owner = self._owner(call)
        if owner:
            self._last = owner
            self._learn(call, owner)
        return owner

    def _owner(self, call: Exchange) -> str:
        for mark in (call.session_sent, call.token_sent):
            if mark in self._of_mark:
                return self._of_mark[mark]
        if name := name_in(call.request):
            return self._of_name.get(name.casefold(), name)
        carries = isinstance(call.request, dict) and (
            CARRIED & call.request.keys()
            or "REFRESH_TOKEN" in (call.request.get("AuthParameters") or {})
        )
        # A forged one, or one older than the recording
        return self._last if carries else ""

    def _learn(self, call: Exchange, owner: str) -> None:
        answer = call.answer if isinstance(call.answer, dict) and not call.error else {}
        parameters = answer.get("ChallengeParameters")
        parameters = parameters if isinstance(parameters, dict) else {}
        names = [
            owner,
            name_in(call.request),
            answer.get("UserSub"),
            parameters.get("USER_ID_FOR_SRP"),
            parameters.get("USERNAME"),
        ]
        for name in filter(None, names):
            self._of_name.setdefault(str(name).casefold(), owner)
        for mark in filter(None, (call.session_given, *call.tokens_given)):
            self._of_mark[mark] = owner


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
