"""Codes of the users' authenticator apps, computed here or typed from the learner's own phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp

from ..errors import EmulatorOnlyError, LessonError
from ..sign_in.authenticator import STEP
from .demo_users import Role, User
from .setup_calls import SetupCalls

if TYPE_CHECKING:
    from ..lab.lab import Lab

# How to get a code of that many 30-second steps ago from your own phone
AGES = {
    -1: (
        "one that's 30 seconds old: write down the code, and type it once the app shows the next"
        " one"
    ),
    -2: (
        "one that's a minute old: write down the code, and type it once the app has shown two"
        " others"
    ),
}


class AppCodes:
    """What each user's authenticator app shows."""

    def __init__(self, lab: Lab, calls: SetupCalls) -> None:
        self._lab, self._calls = lab, calls

    def fresh(self, user: User, steps: int = 0) -> str:
        """A code that wasn't used yet. If necessary, wait for it."""
        if self._lab.backend.can_move_clock:
            if self._lab.phone.seconds_left() <= 2:
                # It would expire before it arrives.
                self._lab.move_clock(self._lab.phone.seconds_left())
            waited = 0
            while self.shown(user, steps) in user.codes + user.doubtful:
                waited += STEP
                self._lab.move_clock(STEP)
            self._calls.let_pass(0, "the phone shows a code that wasn't used yet", waited)
        elif self.is_computed(user):
            while self.shown(user, steps) in user.codes + user.doubtful:
                self._lab.wait_for_next_code()
        return self.shown(user, steps)

    def accepted(self, user: User) -> list[str]:
        """The codes Cognito accepts now if they weren't used, as far as the lab knows them."""
        if not self.is_computed(user):
            return user.codes
        return [self.shown(user, steps) for steps in (0, -1, 1)]

    def wrong(self, user: User) -> str:
        """A code Cognito accepts neither now nor within a minute or two."""
        near = (
            {self.shown(user, steps) for steps in range(-4, 5)} if self.is_computed(user) else set()
        )
        return next(code for code in (f"{digit}" * 6 for digit in range(10)) if code not in near)

    def is_computed(self, user: User) -> bool:
        """Whether the lab knows the secret. At AWS it doesn't if the app is on your own phone."""
        return (
            user.role != Role.YOU
            or self._lab.learner_input is None
            or user.username in self._lab.phone.accounts
        )

    def shown(self, user: User, steps: int) -> str:
        """The code now, or that many 30-second steps later."""
        if self._lab.learner_input and not self.is_computed(user):
            if steps > 0:
                raise EmulatorOnlyError(
                    "Your own phone doesn't show the next code early. Try this with the phone on"
                    " the page, or on the emulator."
                )
            return (
                self._lab.learner_input.phone_code(user.username, AGES[steps])
                if steps
                else self._lab.phone.code()
            )
        if user.role == Role.YOU:
            return self._lab.phone.code(user.username, steps)
        secret = user.offered or user.secret
        if secret is None:
            raise LessonError(
                f"{user.username} has no authenticator app yet: ask for a secret first, with"
                " AssociateSoftwareToken."
            )
        return pyotp.TOTP(secret).at(int(self._lab.now()), counter_offset=steps)
