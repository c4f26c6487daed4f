"""The lab's calls to prepare an experiment, and its waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..errors import EmulatorOnlyError, LessonError
from ..text import in_words
from .records import HOUR, MINUTE, Session

if TYPE_CHECKING:
    from ..lab.lab import Lab

# How long to wait before the lab repeats a call of its own, by the message of the error
WAITS = {"Password attempts exceeded": 15 * MINUTE, "Attempt limit exceeded": HOUR}


class SetupCalls:
    """The lab's own calls. They don't count as the learner's. `said` has a sentence for everything
    that was done.
    """

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.said: list[str] = []

    def ask(self, method: str, **request: Any) -> dict[str, Any]:
        """Make a call. On the emulator, wait out a lock or a limit first if there is one."""
        with self._lab.requests.aside():
            call = getattr(self._lab.cognito, method)
            try:
                response: dict[str, Any] = call(**request)
            except ClientError as error:
                message = error.response["Error"]["Message"]
                seconds = next(
                    (wait for start, wait in WAITS.items() if message.startswith(start)), None
                )
                if seconds is None or not self._lab.backend.can_move_clock:
                    raise
                self.let_pass(seconds, f"“{message}” is over")
                response = call(**request)
        return response

    def respond(
        self, session: Session, challenge: str, responses: dict[str, str]
    ) -> dict[str, Any]:
        """Answer a challenge as the user of the session, server-side if the session is."""
        pool = {"UserPoolId": self._lab.pool_id} if session.admin else {}
        return self.ask(
            "admin_respond_to_auth_challenge" if session.admin else "respond_to_auth_challenge",
            **pool,
            ClientId=session.client_id,
            ChallengeName=challenge,
            Session=session.text,
            ChallengeResponses={"USERNAME": session.user.username, **responses},
        )

    def let_pass(self, seconds: float, until: str, already: float = 0) -> None:
        """Move the clock. `already` counts seconds that passed before. Raises `EmulatorOnlyError`
        at AWS.
        """
        if seconds > 0:
            self.require_emulator("moves no clock: wait, or try this on the emulator")
            self._lab.move_clock(seconds)
        if seconds + already > 0:
            self.said.append(f"The lab let {in_words(seconds + already)} pass, until {until}.")

    def require_emulator(self, otherwise: str) -> None:
        """Raise `EmulatorOnlyError` at AWS."""
        if not self._lab.backend.may_create_users:
            raise EmulatorOnlyError(f"At AWS the lab {otherwise}.")

    def leave_to_the_learner(self, what: str, instead: str) -> None:
        """Raise `LessonError` at AWS, where only the learner can respond. The learner can do so,
        and then continue.
        """
        if not self._lab.backend.may_create_users:
            raise LessonError(f"At AWS the lab {what} for you: {instead} yourself first.")
