"""What the lab remembers of calls: sessions, tokens and codes, with their users and how long
they're valid.

It listens to the lab's client, so calls from cells count like those of the playground. What it
keeps is secret, and stays in the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..calls.listeners import Call, Listener, Place
from ..sign_in.authenticator import authenticator_link
from ..tutorial_pool.settings import ISSUER
from .demo_users import Role, User, Users
from .records import CODE_VERIFIED, RESET_VALIDITY, SECRET_GIVEN, Proof, Session, Tokens

if TYPE_CHECKING:
    from ..lab.lab import Lab

# How many sessions are kept, and how many codes of a user: older ones aren't accepted anyway
MOST_SESSIONS, MOST_CODES = 200, 10
WRONG_PASSWORD = "Incorrect username or password"
# These errors use a session up
SPENDING = (WRONG_PASSWORD, "The passkey could not be verified")
# The stage of the session in the response, if the response names no challenge
STAGES = {"AssociateSoftwareToken": SECRET_GIVEN, "VerifySoftwareToken": CODE_VERIFIED}


@dataclass(frozen=True)
class Success:
    """A successful call: its parameters, those of them that say who signs in, and its response."""

    operation: str
    sent: dict[str, Any] = field(repr=False)
    inner: dict[str, Any] = field(repr=False)
    response: dict[str, Any] = field(repr=False)
    user: User
    client_id: str
    admin: bool
    now: float


class History(Listener):
    """Everything that's remembered, newest last."""

    place = Place.HISTORY

    def __init__(self, lab: Lab, users: Users, validity: Callable[[str], float]) -> None:
        self._lab, self._users, self._validity = lab, users, validity
        self.sessions: list[Session] = []
        self.tokens: list[Tokens] = []
        # By SRP_A: numbers of proofs that were begun. By challenge: what waits for its proof
        self.begun: dict[str, Any] = {}
        self.proofs: dict[str, Proof] = {}
        # When each operation was last called. Cognito counts some of them for an hour.
        self.tries: dict[str, float] = {}
        self.wrong_passwords: dict[str, list[float]] = {}
        lab.backend.listeners.add(self)

    def __repr__(self) -> str:
        return f"History({len(self.sessions)} sessions, {len(self.tokens)} sign-ins)"

    def find(self, **wanted: Any) -> Iterator[Session]:
        """Sessions with these attributes, newest first."""
        return (
            kept
            for kept in reversed(self.sessions)
            if all(getattr(kept, name) == value for name, value in wanted.items())
        )

    def after_call(self, call: Call, status: int, response: dict[str, Any]) -> None:
        sent = call.params
        inner = sent.get("AuthParameters") or sent.get("ChallengeResponses") or {}
        inner = inner if isinstance(inner, dict) else {}
        before = next((kept for kept in self.sessions if kept.text == sent.get("Session")), None)
        user = (
            before.user
            if before
            else self._users.named(sent.get("Username") or inner.get("USERNAME"))
        )
        now = self._lab.now()
        if status >= 300:
            self.tries[call.operation] = now
            self._learn_from_error(user, before, response.get("Error", {}), now)
            return
        if sent.get("ChallengeName") == "DEVICE_SRP_AUTH":
            # Cognito finds its session by the device, so the request needn't have one.
            before = next(self.find(stage="DEVICE_SRP_AUTH", user=user, used=False), before)
        if before:
            before.used = True
        user = user or self._bearer(
            sent.get("AccessToken")
            or sent.get("Token")
            or sent.get("RefreshToken")
            or inner.get("REFRESH_TOKEN")
        )
        if user:
            admin = call.operation.startswith("Admin") or (
                before is not None and before.admin and "ClientId" not in sent
            )
            client_id = sent.get("ClientId") or (before.client_id if before else "")
            self._learn(Success(call.operation, sent, inner, response, user, client_id, admin, now))

    def _bearer(self, token: object) -> User | None:
        return next(
            (kept.user for kept in self.tokens if token in (kept.access, kept.refresh)), None
        )

    def _learn_from_error(
        self, user: User | None, session: Session | None, error: dict[str, str], now: float
    ) -> None:
        message = error.get("Message", "")
        if session and message.startswith(SPENDING):
            session.used = True
        if user and message.startswith(WRONG_PASSWORD):
            self.wrong_passwords.setdefault(user.username, []).append(now)

    def _learn(self, call: Success) -> None:
        self.tries[call.operation] = call.now
        if "PASSWORD" in call.inner:
            self.wrong_passwords.pop(call.user.username, None)
        for code in (call.inner.get("SOFTWARE_TOKEN_MFA_CODE"), call.sent.get("UserCode")):
            call.user.codes = [*call.user.codes, code][-MOST_CODES:] if code else call.user.codes
        if call.inner.get("NEW_PASSWORD"):
            self._new_password(call.user, call.inner["NEW_PASSWORD"])
        if handler := _HANDLERS.get(call.operation):
            handler(self, call)
        self._learn_session(call)
        self._learn_tokens(call)

    # What each response brings

    def _learn_session(self, call: Success) -> None:
        stage = STAGES.get(call.operation, call.response.get("ChallengeName", ""))
        if text := call.response.get("Session"):
            until = self._until(call)
            told = call.response.get("ChallengeParameters") or {}
            given = Session(text, stage, call.user, call.client_id, call.admin, until, told=told)
            self.sessions = [*self.sessions, given][-MOST_SESSIONS:]
        number = call.inner.get("SRP_A")
        if stage in ("PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER") and number in self.begun:
            parameters = call.response["ChallengeParameters"]
            self.proofs[stage] = Proof(
                self.begun.pop(number), parameters, self._until(call), call.client_id
            )
        else:
            self.proofs.pop(call.sent.get("ChallengeName", ""), None)

    def _until(self, call: Success) -> float:
        return call.now + self._validity(call.client_id)

    def _learn_tokens(self, call: Success) -> None:
        result = call.response.get("AuthenticationResult") or {}
        if "RefreshToken" not in result:
            return
        access, refresh = result["AccessToken"], result["RefreshToken"]
        offered = result.get("NewDeviceMetadata")
        named = call.inner.get("DEVICE_KEY") or call.sent.get("DeviceKey")
        key = offered["DeviceKey"] if offered else named
        self.tokens.append(
            Tokens(access, refresh, call.user, call.client_id, call.now, offered, key)
        )

    # What each operation changes

    def _secret_given(self, call: Success) -> None:
        call.user.offered = call.response["SecretCode"]

    def _code_verified(self, call: Success) -> None:
        user = call.user
        user.secret, user.offered = user.offered, None
        if user.role == Role.YOU and user.secret:
            self._lab.phone.add(
                authenticator_link(user.secret, account=user.username, issuer=ISSUER)
            )

    def _device_confirmed(self, call: Success) -> None:
        for kept in self.tokens:
            kept.offered = None if kept.device_key == call.sent["DeviceKey"] else kept.offered

    def _device_forgotten(self, call: Success) -> None:
        device = call.user.device
        if device and device.key == call.sent["DeviceKey"]:
            call.user.device = None

    def _password_changed(self, call: Success) -> None:
        self._new_password(call.user, call.sent["ProposedPassword"])

    def _password_set(self, call: Success) -> None:
        call.user.must_reset = False
        self._new_password(call.user, call.sent["Password"])

    def _password_was_reset(self, call: Success) -> None:
        call.user.must_reset = True
        self._password_forgotten(call)

    def _password_forgotten(self, call: Success) -> None:
        call.user.reset_until = call.now + RESET_VALIDITY

    def _password_reset(self, call: Success) -> None:
        call.user.reset_until = 0
        call.user.must_reset = False
        self._new_password(call.user, call.sent["Password"])

    def _new_password(self, user: User, password: str) -> None:
        user.password = password
        # Sessions that the old password began expire.
        for kept in self.find(user=user, used=False):
            kept.until = min(kept.until, self._lab.now())
        if user.role == Role.YOU:
            self._lab.password = password

    def _token_revoked(self, call: Success) -> None:
        for kept in self.tokens:
            kept.revoked = kept.revoked or kept.refresh == call.sent["Token"]

    def _signed_out(self, call: Success) -> None:
        for kept in self.tokens:
            kept.revoked = kept.revoked or kept.user == call.user


_HANDLERS: dict[str, Callable[[History, Success], None]] = {
    "AssociateSoftwareToken": History._secret_given,
    "VerifySoftwareToken": History._code_verified,
    "ConfirmDevice": History._device_confirmed,
    "ForgotPassword": History._password_forgotten,
    "ConfirmForgotPassword": History._password_reset,
    "RevokeToken": History._token_revoked,
    "GlobalSignOut": History._signed_out,
    "AdminUserGlobalSignOut": History._signed_out,
    "ForgetDevice": History._device_forgotten,
    "AdminForgetDevice": History._device_forgotten,
    "ChangePassword": History._password_changed,
    "AdminSetUserPassword": History._password_set,
    "AdminResetUserPassword": History._password_was_reset,
}
