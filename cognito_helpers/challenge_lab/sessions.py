"""Sessions in any condition, and the sign-ins that it takes to have them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import LessonError
from ..sign_in.device import new_device
from .demo_users import ANOTHER, YOU, User
from .history import CODE_VERIFIED, HOUR, SECRET_GIVEN, Session, Tokens
from .setup_calls import BY_DEFAULT, OWNERS, YOURS, OwnCalls

# As long as Cognito still says of a session what is wrong with it, and a while less.
REMEMBERED = 23 * HOUR


class Sessions(OwnCalls):
    """Sessions, and whoever must sign in for them."""

    def session(
        self,
        which: str = "newest",
        stage: str = "SOFTWARE_TOKEN_MFA",
        client: str = YOURS,
        admin: bool = False,
    ) -> str:
        """A session that waits for an answer to `stage`, a challenge or a stage of setting up an
        app.

        "newest": the one to answer now. "used": one that was answered already. "expired": one whose
        minutes are over. "of another user". "garbled".
        """
        if which == "garbled":
            return _altered(self.session("newest", stage, client, admin))
        if which == "of another user":
            return self._theirs(client, admin).text
        if which == "used":
            return self._used(stage, client, admin).text
        return (self._expired if which == "expired" else self._newest)(stage, client, admin).text

    def user_id(self, stage: str = "SOFTWARE_TOKEN_MFA", admin: bool = False) -> str:
        """The name that came as USER_ID_FOR_SRP with the newest challenge of this kind. Yours is
        known before it comes.
        """
        return self._newest(stage, YOURS, admin).user.username if stage in OWNERS else self.name()

    def _live(self, stage: str, client: str, admin: bool, role: str) -> Iterable[Session]:
        now = self._lab.now()
        for kept in self.history.find(
            stage=stage, client_id=self.client(client), admin=admin, used=False
        ):
            # An app that was enrolled meanwhile ends its other sessions.
            enrolled = stage in ("MFA_SETUP", SECRET_GIVEN) and kept.user.secret is not None
            if kept.until > now and kept.user.role == role and not enrolled:
                yield kept

    def _newest(self, stage: str, client: str, admin: bool) -> Session:
        role = OWNERS.get(stage, YOU)
        found = next(iter(self._live(stage, client, admin, role)), None)
        return found or self._reached(stage, client, admin, role)

    def _reached(self, stage: str, client: str, admin: bool, role: str) -> Session:
        """Take a sign-in to that stage."""
        if not self._lab.backend.may_create_users:
            raise LessonError(
                "No sign-in of yours waits for this: begin one first, with InitiateAuth, in the lab"
                " or in the cell under “Begin a sign-in”."
            )
        if stage == SECRET_GIVEN:
            self._ask(
                "associate_software_token", Session=self._newest("MFA_SETUP", client, admin).text
            )
        elif stage == CODE_VERIFIED:
            session = self._newest(SECRET_GIVEN, client, admin)
            self._ask(
                "verify_software_token", Session=session.text, UserCode=self._code_of(session.user)
            )
        else:
            self._begin(self.users.get(role), client, admin, device=stage == "DEVICE_SRP_AUTH")
        found = next(iter(self._live(stage, client, admin, role)), None)
        if found is None:
            raise LessonError(f"The lab did not get to {stage}: the pool asks for something else.")
        return found

    def _theirs(self, client: str, admin: bool) -> Session:
        user = self._with_app(self.users.get(ANOTHER))
        found = next(iter(self._live("SOFTWARE_TOKEN_MFA", client, admin, ANOTHER)), None)
        if found is None:
            self._begin(user, client, admin)
            found = next(iter(self._live("SOFTWARE_TOKEN_MFA", client, admin, ANOTHER)))
        return found

    def _used(self, stage: str, client: str, admin: bool) -> Session:
        recent = self._lab.now() - REMEMBERED
        wanted = {"stage": stage, "client_id": self.client(client), "used": True}
        found = next((kept for kept in self.history.find(**wanted) if kept.until > recent), None)
        if found is None:
            self._leave_to_the_learner("answers nothing", "answer a challenge")
            found = self._newest(stage, client, admin)
            self._answer(found, client)
            self.said.append("For the used session, the lab answered a challenge itself.")
        return found

    def _expired(self, stage: str, client: str, admin: bool) -> Session:
        now = self._lab.now()
        wanted = {"stage": stage, "client_id": self.client(client), "used": False}
        found = next(
            (kept for kept in self.history.find(**wanted) if now - REMEMBERED < kept.until <= now),
            None,
        )
        if found is None:
            self._only_on_the_emulator(
                "moves no clock: wait until a session of yours expires, or try this on the emulator"
            )
            found = self._newest(stage, client, admin)
            self._let_pass(found.until - now + 1, "a session expires")
        return found

    def _answer(self, session: Session, client: str) -> None:
        """Use a session up, by the answer that it waits for."""
        user = session.user
        if session.stage == "MFA_SETUP":
            self._ask("associate_software_token", Session=session.text)
        elif session.stage == SECRET_GIVEN:
            self._ask("verify_software_token", Session=session.text, UserCode=self._code_of(user))
        else:
            answers = {
                "SOFTWARE_TOKEN_MFA": {"SOFTWARE_TOKEN_MFA_CODE": ""},
                "NEW_PASSWORD_REQUIRED": {"NEW_PASSWORD": self.password("a good one")},
            }.get(session.stage, {})
            if "SOFTWARE_TOKEN_MFA_CODE" in answers:
                answers["SOFTWARE_TOKEN_MFA_CODE"] = self._code_of(user)
            name = "MFA_SETUP" if session.stage == CODE_VERIFIED else session.stage
            self._respond(user, name, session, {**answers, **self._hash(user, client)})

    # Signing in

    def _begin(self, user: User, client: str, admin: bool, device: bool = False) -> dict[str, Any]:
        flow = (
            "USER_SRP_AUTH"
            if client == BY_DEFAULT
            else "ADMIN_USER_PASSWORD_AUTH"
            if admin
            else "USER_PASSWORD_AUTH"
        )
        given = {"USERNAME": user.username, "PASSWORD": user.password, **self._hash(user, client)}
        if device:
            given["DEVICE_KEY"] = self._device().key
        pool = {"UserPoolId": self._lab.pool_id} if admin else {}
        method = "admin_initiate_auth" if admin else "initiate_auth"
        return self._ask(
            method, **pool, ClientId=self.client(client), AuthFlow=flow, AuthParameters=given
        )

    def _with_app(self, user: User) -> User:
        if user.secret is None:
            challenge = self._begin(user, YOURS, admin=False)
            offered = self._ask("associate_software_token", Session=challenge["Session"])
            self._ask(
                "verify_software_token", Session=offered["Session"], UserCode=self._code_of(user)
            )
        return user

    def _sign_in(self, user: User) -> Tokens:
        """A new sign-in by password and code, from a device that is not known."""
        self._leave_to_the_learner("signs in with no code", "sign in")
        challenge = self._begin(user, YOURS, admin=False)
        session = next(self.history.find(text=challenge["Session"]))
        self._respond(
            user, "SOFTWARE_TOKEN_MFA", session, {"SOFTWARE_TOKEN_MFA_CODE": self._code_of(user)}
        )
        return self.history.tokens[-1]

    def _signed_in(self) -> Tokens:
        return self._sign_in(self.users.get(YOU))

    def _tokens(self, revoked: bool) -> list[Tokens]:
        return [
            one
            for one in reversed(self.history.tokens)
            if one.user.role == YOU
            and one.revoked == revoked
            and one.client_id == self._lab.client_id
        ]

    def _offer(self) -> dict[str, str]:
        found = (
            next((one for one in self._tokens(revoked=False) if one.offered), None)
            or self._signed_in()
        )
        assert found.offered is not None
        return found.offered

    def _device(self) -> Any:
        """The device that Cognito remembers for the learner."""
        you = self.users.get(YOU)
        if you.device is None:
            signed_in = self._signed_in()
            assert signed_in.offered is not None
            device, config = new_device(signed_in.offered)
            self._ask(
                "confirm_device",
                AccessToken=signed_in.access,
                DeviceKey=device.key,
                DeviceSecretVerifierConfig=config,
                DeviceName="Challenge lab",
            )
            you.device = device
        return you.device


def _altered(session: str) -> str:
    """A session whose end was changed."""
    return session[:-6] + ("AAAAAA" if not session.endswith("AAAAAA") else "BBBBBB")
