"""Moving the lab's clock, and what expires when it's moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..calls.diagrams import present_state
from ..errors import EmulatorOnlyError
from ..sign_in.authenticator import STEP
from ..text import in_words
from .demo_users import Role
from .records import ACCESS_VALIDITY, CODE_VALIDITY, DAY, HOUR, MINUTE, REFRESH_VALIDITY

if TYPE_CHECKING:
    from .tutorial_lab import TutorialLab

# The labels of the buttons, and how many seconds each lets pass; the first lets the current 30
# seconds end
SPANS = {"next code": 0, "+3 min": 3 * MINUTE, "+1 hour": HOUR, "+1 day": DAY, "+30 days": 30 * DAY}
# So many wrong passwords in a row start no lock.
FREE = 5
# What Cognito counts for an hour
COUNTED = {
    "ConfirmSignUp": "tries to confirm",
    "ResendConfirmationCode": "codes asked for",
    "ForgotPassword": "codes for a new password",
}


def move_on(lab: TutorialLab, span: str) -> str:
    """Let a span of `SPANS` pass, and say in words what has just expired, and what hasn't. Raises
    `EmulatorOnlyError` at AWS.
    """
    if not lab.backend.can_move_clock:
        raise EmulatorOnlyError(
            "The clock can't be moved at AWS: wait, or try this on the emulator."
        )
    before = lab.now()
    lab.move_clock(SPANS[span] or lab.phone.seconds_left())
    gone = list(dict.fromkeys(_run_out(lab, before, lab.now())))
    passed = in_words(SPANS[span]) if SPANS[span] else "The 30 seconds ended: there's a new code"
    said = f"{passed} passed." if SPANS[span] else f"{passed}."
    return (
        f"{said} Just expired: {'; '.join(gone)}."
        if gone
        else f"{said} Nothing else expired. {still_valid(lab)}".strip()
    )


def _run_out(lab: TutorialLab, before: float, after: float) -> list[str]:
    history, gone = lab.test_data.history, []

    def ends(moment: float) -> bool:
        return before < moment <= after

    if int(before) // STEP + 2 <= int(after) // STEP:
        gone.append("the code the phone showed (each is accepted for 30 seconds more)")
    sessions = [kept for kept in history.sessions if not kept.used and ends(kept.until)]
    gone += [
        f"the session of {kept.user.username}, which waited for {kept.stage}" for kept in sessions
    ]
    gone += [
        f"the access token of {kept.user.username} (valid for 1 hour)"
        for kept in history.tokens
        if ends(kept.given + ACCESS_VALIDITY)
    ]
    gone += [
        f"the refresh token of {kept.user.username} (valid for 30 days)"
        for kept in history.tokens
        if ends(kept.given + REFRESH_VALIDITY)
    ]
    gone += [
        f"what was counted for an hour: {words}"
        for call, words in COUNTED.items()
        if ends(history.tries.get(call, 0) + HOUR)
    ]
    gone += [
        f"the lock after wrong passwords of {name}"
        for name, times in history.wrong_passwords.items()
        if len(times) >= FREE and ends(times[-1] + 15 * MINUTE)
    ]
    for user in lab.test_data.users.here:
        if user.role == Role.NOT_CONFIRMED and any(
            ends(message.sent + CODE_VALIDITY)
            for message in lab.inbox.of(user.username).messages[-1:]
        ):
            gone.append(f"the code sent to {user.username} (valid for 1 day)")
        if ends(user.reset_until):
            gone.append(f"the code for a new password of {user.username} (valid for 1 hour)")
    return gone


def where(lab: TutorialLab) -> str:
    """The state the learner's calls left, and how long each part of it is valid, in words."""
    now, history = lab.now(), lab.test_data.history
    said = [f"You are here: {present_state(lab.requests.calls)}.", still_valid(lab)]
    token = next(
        (
            kept
            for kept in reversed(history.tokens)
            if kept.user.role == Role.YOU
            and not kept.revoked
            and kept.given + ACCESS_VALIDITY > now
        ),
        None,
    )
    if token:
        said.append(
            "Your newest access token is valid for another"
            f" {in_words(token.given + ACCESS_VALIDITY - now)}."
        )
    wrong = len(history.wrong_passwords.get(lab.username or "", []))
    if wrong >= FREE:
        said.append(f"{wrong} wrong passwords in a row: each further one locks you out for longer.")
    if lab.clock_ahead() > 1:
        said.append(f"The lab's clock is {in_words(lab.clock_ahead())} ahead of yours.")
    return " ".join(sentence for sentence in said if sentence)


def still_valid(lab: TutorialLab) -> str:
    """How much longer the learner's newest session is valid, in a sentence; empty if there is
    none.
    """
    now = lab.now()
    newest = next(
        (
            kept
            for kept in lab.test_data.history.find(used=False)
            if kept.until > now and kept.user.role == Role.YOU
        ),
        None,
    )
    return (
        f"Your newest session is valid for another {in_words(newest.until - now)}."
        if newest
        else ""
    )
