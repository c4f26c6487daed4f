"""Sessions in any condition."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import LessonError
from .conditions import ClientIs, SessionIs
from .demo_users import Role
from .records import (
    BY_CHOICE,
    CODE_VERIFIED,
    CUSTOM_CHALLENGE,
    HOUR,
    OWNERS,
    SECOND_FACTORS,
    SECRET_GIVEN,
    Session,
)
from .sign_ins import SignIns
from .tools import Tools

_NEEDS_A_FLOW = {*BY_CHOICE, *SECOND_FACTORS, CUSTOM_CHALLENGE}
_STAGES_OF_YOURS = ("SOFTWARE_TOKEN_MFA", "SELECT_MFA_TYPE", "SELECT_CHALLENGE", CUSTOM_CHALLENGE)
# A bit less than the day for which Cognito still says what's wrong with a session
REMEMBERED = 23 * HOUR


class Sessions:
    """Sessions for a stage: a challenge, or a step of setting up an authenticator app."""

    def __init__(self, tools: Tools, sign_ins: SignIns) -> None:
        self._tools, self._sign_ins = tools, sign_ins

    def get(self, which: SessionIs, stage: str, client: ClientIs, admin: bool) -> str:
        """A session in this condition."""
        if which == SessionIs.GARBLED:
            return _altered(self.newest(stage, client, admin).text)
        get = {
            SessionIs.NEWEST: self.newest,
            SessionIs.USED: self._used,
            SessionIs.EXPIRED: self._expired,
            SessionIs.OF_ANOTHER_USER: self._of_another_user,
            SessionIs.OF_ANOTHER_CHALLENGE: self._of_another_challenge,
        }[which]
        return get(stage, client, admin).text

    def newest(self, stage: str, client: ClientIs = ClientIs.YOURS, admin: bool = False) -> Session:
        """The session to answer now. If there is none, take a sign-in to its stage."""
        role = OWNERS.get(stage, Role.YOU)
        found = next(iter(self._live(stage, client, admin, role)), None)
        return found or self._reached(stage, client, admin, role)

    def _live(self, stage: str, client: ClientIs, admin: bool, role: Role) -> Iterable[Session]:
        tools, now = self._tools, self._tools.lab.now()
        for kept in tools.history.find(
            stage=stage, client_id=tools.clients.id_of(client), admin=admin, used=False
        ):
            # An app that was set up in the meantime ends the other sessions for it.
            enrolled = stage in ("MFA_SETUP", SECRET_GIVEN) and kept.user.secret is not None
            if kept.until > now and kept.user.role == role and not enrolled:
                yield kept

    def _reached(self, stage: str, client: ClientIs, admin: bool, role: Role) -> Session:
        """Take a sign-in to that stage."""
        tools = self._tools
        if not tools.lab.backend.may_create_users:
            raise LessonError(
                "No sign-in of yours waits for this: begin one first, with InitiateAuth, in the lab"
                " or in the cell under “Begin a sign-in”."
            )
        if stage == SECRET_GIVEN:
            session = self.newest("MFA_SETUP", client, admin)
            tools.calls.ask("associate_software_token", Session=session.text)
        elif stage == CODE_VERIFIED:
            self._verify(self.newest(SECRET_GIVEN, client, admin))
        elif stage in _NEEDS_A_FLOW:
            if stage == "WEB_AUTHN":
                self._sign_ins.passkey()
            self._sign_ins.begin_for(stage, tools.users.get(role), client, admin)
        else:
            device = self._sign_ins.device() if stage == "DEVICE_SRP_AUTH" else None
            self._sign_ins.begin(tools.users.get(role), client, admin, device)
        found = next(iter(self._live(stage, client, admin, role)), None)
        if found is None:
            raise _not_asked(stage)
        return found

    def _of_another_challenge(self, stage: str, client: ClientIs, admin: bool) -> Session:
        """A session of the learner's that waits for something else."""
        tools = self._tools
        for other in (
            "SOFTWARE_TOKEN_MFA",
            "SELECT_MFA_TYPE",
            "SELECT_CHALLENGE",
            CUSTOM_CHALLENGE,
        ):
            found = next(iter(self._live(other, client, admin, Role.YOU)), None)
            if found and other != stage:
                return found
        if not tools.lab.backend.may_create_users:
            return self.newest("SOFTWARE_TOKEN_MFA", client, admin)
        asked = self._sign_ins.begin(tools.users.get(Role.YOU), client, admin)
        if asked.get("ChallengeName") in (None, stage):
            raise LessonError("With these settings no sign-in of yours waits for anything else.")
        return next(tools.history.find(text=asked["Session"]))

    def _of_another_user(self, stage: str, client: ClientIs, admin: bool) -> Session:
        if stage in _NEEDS_A_FLOW:
            user = self._tools.users.get(Role.ANOTHER)
            reached = "SELECT_CHALLENGE" if stage == "WEB_AUTHN" else stage
            asked = self._sign_ins.begin_for(reached, user, client, admin)
            if "Session" not in asked:
                raise _not_asked(stage)
            return next(self._tools.history.find(text=asked["Session"]))
        user = self._sign_ins.other_user()
        live = self._live("SOFTWARE_TOKEN_MFA", client, admin, Role.ANOTHER)
        found = next(iter(live), None)
        if found is None:
            self._sign_ins.begin(user, client, admin)
            found = next(iter(self._live("SOFTWARE_TOKEN_MFA", client, admin, Role.ANOTHER)), None)
        if found is None:
            raise _not_asked("SOFTWARE_TOKEN_MFA")
        return found

    def _used(self, stage: str, client: ClientIs, admin: bool) -> Session:
        tools, recent = self._tools, self._tools.lab.now() - REMEMBERED
        kept = tools.history.find(stage=stage, client_id=tools.clients.id_of(client), used=True)
        found = next((one for one in kept if one.until > recent), None)
        if found is None:
            tools.calls.leave_to_the_learner("answers nothing", "answer a challenge")
            found = self.newest(stage, client, admin)
            self._answer(found, client)
            tools.calls.said.append("For the used session, the lab answered a challenge itself.")
        return found

    def _expired(self, stage: str, client: ClientIs, admin: bool) -> Session:
        tools, now = self._tools, self._tools.lab.now()
        kept = tools.history.find(stage=stage, client_id=tools.clients.id_of(client), used=False)
        found = next((one for one in kept if now - REMEMBERED < one.until <= now), None)
        if found is None:
            tools.calls.require_emulator(
                "moves no clock: wait until a session of yours expires, or try this on the emulator"
            )
            found = self.newest(stage, client, admin)
            tools.calls.let_pass(found.until - now + 1, "a session expires")
        return found

    def _answer(self, session: Session, client: ClientIs) -> None:
        """Use up a session by answering its challenge."""
        tools, stage = self._tools, session.stage
        if stage == "MFA_SETUP":
            tools.calls.ask("associate_software_token", Session=session.text)
        elif stage == SECRET_GIVEN:
            self._verify(session)
        else:
            responses = tools.clients.hash_for(session.user.username, client)
            responses |= self._sign_ins.answers.to(session)
            challenge = "MFA_SETUP" if stage == CODE_VERIFIED else stage
            tools.calls.respond(session, challenge, responses)

    def _verify(self, session: Session) -> None:
        code = self._tools.codes.fresh(session.user)
        self._tools.calls.ask("verify_software_token", Session=session.text, UserCode=code)


def _not_asked(stage: str) -> LessonError:
    return LessonError(
        f"With these settings a sign-in doesn't get to {stage}, so there's no session for it. Send"
        " InitiateAuth to see what Cognito asks for instead."
    )


def _altered(session: str) -> str:
    """A session with a changed end."""
    return session[:-6] + ("AAAAAA" if not session.endswith("AAAAAA") else "BBBBBB")
