"""Codes in any condition: from an authenticator app, or from an email."""

from __future__ import annotations

from .conditions import CodeIs, EmailCodeIs, Purpose
from .demo_users import Role, User
from .records import CODE_VALIDITY, RESET_VALIDITY, SECRET_GIVEN
from .sessions import Sessions
from .sign_ins import SignIns
from .tools import Tools

# How many 30-second steps from now
STEPS = {CodeIs.NOW: 0, CodeIs.PREVIOUS: -1, CodeIs.OLDER: -2, CodeIs.NEXT: 1}


class SampleCodes:
    """Authenticator codes and confirmation codes."""

    def __init__(self, tools: Tools, sign_ins: SignIns, sessions: Sessions) -> None:
        self._tools, self._sign_ins, self._sessions = tools, sign_ins, sessions
        # How many steps the clock of the learner's phone is ahead
        self.phone_steps = 0

    def from_app(self, which: CodeIs, role: str) -> str:
        """A code from the authenticator app of the user in this role."""
        codes = self._tools.codes
        if which == CodeIs.MALFORMED:
            return "12 456"
        if which == CodeIs.OF_ANOTHER_ACCOUNT:
            return codes.fresh(self._sign_ins.other_user())
        user = (
            self._sessions.newest(SECRET_GIVEN).user
            if role == Role.WITHOUT_APP
            else self._tools.users.get(role)
        )
        if which == CodeIs.WRONG:
            return codes.wrong(user)
        if which == CodeIs.USED:
            return self._used(user)
        ahead = self.phone_steps if user.role in (Role.YOU, Role.WITHOUT_APP) else 0
        return codes.fresh(user, STEPS[which] + ahead)

    def _used(self, user: User) -> str:
        accepted = self._tools.codes.accepted(user)
        found = next((code for code in reversed(user.codes) if code in accepted), None)
        if found is None:
            self._tools.calls.leave_to_the_learner("signs in with no code", "use one")
            self._sign_ins.sign_in(user)
            found = user.codes[-1]
        return found

    def from_email(self, which: EmailCodeIs, purpose: Purpose) -> str:
        """A confirmation code."""
        if which == EmailCodeIs.MALFORMED:
            return "1 12 123"
        right = self._right(purpose)
        if which == EmailCodeIs.WRONG:
            return "000000" if right != "000000" else "111111"
        if which == EmailCodeIs.EXPIRED:
            valid = CODE_VALIDITY if purpose == Purpose.SIGN_UP else RESET_VALIDITY
            self._tools.calls.let_pass(valid + 1, "a confirmation code expires")
        return right

    def _right(self, purpose: Purpose) -> str:
        lab, calls = self._tools.lab, self._tools.calls
        signing_up = purpose == Purpose.SIGN_UP
        user = self._tools.users.get(Role.NOT_CONFIRMED if signing_up else Role.YOU)
        request = {"ClientId": lab.client_id, "Username": user.username}
        if (
            signing_up
            and lab.inbox.of(user.username).messages[-1].sent + CODE_VALIDITY <= lab.now()
        ):
            calls.ask("resend_confirmation_code", **request)
        if not signing_up and user.reset_until <= lab.now():
            calls.ask("forgot_password", **request)
        return lab.inbox.code(user.username)
