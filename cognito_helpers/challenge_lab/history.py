"""What is remembered of the calls that were made: sessions, tokens and codes, each with whose
it is and how long it is good.

It listens to the lab's client, so that calls from cells and calls from the widget count alike. What
it keeps is secret, and stays in the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..calls.listeners import Call, Listener, Place
from ..sign_in.authenticator import authenticator_link
from ..tutorial_pool.settings import ISSUER
from .demo_users import YOU, User, Users

if TYPE_CHECKING:
    from ..lab.lab import Lab

# The stages of answering MFA_SETUP that are no challenges of their own.
SECRET_GIVEN, CODE_VERIFIED = "secret given", "code verified"
MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
ACCESS_GOOD, REFRESH_GOOD = HOUR, 30 * DAY
MAILED_GOOD, RESET_GOOD = DAY, HOUR
# So many sessions are kept, the newest.
KEPT = 200
# Codes that are older than this many are too old to be taken for anything.
MOST_CODES = 10


@dataclass
class Session:
    """A session that Cognito gave: what it waits for, whose it is, through which client and by
    which kind of call, and until when it is good.
    """

    text: str = field(repr=False)
    stage: str
    user: User
    client_id: str
    admin: bool
    until: float
    used: bool = False


@dataclass
class Tokens:
    """A finished sign-in. `device_key` is of the device that was named or offered; `offered` is the
    offer, until the device is confirmed.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    user: User
    client_id: str
    given: float
    offered: dict[str, str] | None
    device_key: str | None = None
    revoked: bool = False


@dataclass
class Proof:
    """A challenge of secure remote password that waits for its proof, with the mathematics that
    began it.
    """

    srp: Any = field(repr=False)
    parameters: dict[str, str] = field(repr=False)
    until: float


class History(Listener):
    """Everything that is known, newest last."""

    place = Place.HISTORY

    def __init__(self, lab: Lab, users: Users, validity: Callable[[str], float]) -> None:
        self._lab, self._users, self._validity = lab, users, validity
        self.sessions: list[Session] = []
        self.tokens: list[Tokens] = []
        # By SRP_A: mathematics that were begun; by the name of the challenge: what waits for its
        # proof.
        self.begun: dict[str, Any] = {}
        self.proofs: dict[str, Proof] = {}
        # When each kind of try that is counted for an hour was last made.
        self.tries: dict[str, float] = {}
        self.wrong_passwords: dict[str, list[float]] = {}
        lab.backend.listeners.add(self)

    def __repr__(self) -> str:
        return f"History({len(self.sessions)} sessions, {len(self.tokens)} sign-ins)"

    def find(self, **wanted: Any) -> Iterator[Session]:
        """Sessions that are as `wanted`, newest first."""
        return (
            kept
            for kept in reversed(self.sessions)
            if all(getattr(kept, name) == value for name, value in wanted.items())
        )

    # Listening

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
            self._refused(call.operation, user, response.get("Error", {}), now)
            return
        if sent.get("ChallengeName") == "DEVICE_SRP_AUTH":
            # Its session is found by the device, and need not be sent.
            before = next(self.find(stage="DEVICE_SRP_AUTH", user=user, used=False), before)
        if before:
            before.used = True
        self._revoked(call.operation, sent)
        user = user or self._bearer(sent.get("AccessToken") or inner.get("REFRESH_TOKEN"))
        if user:
            self._learn(call.operation, sent, inner, response, user, before, now)

    def _refused(
        self, operation: str, user: User | None, error: dict[str, str], now: float
    ) -> None:
        self.tries[operation] = now
        if user and error.get("Message", "").startswith("Incorrect username or password"):
            self.wrong_passwords.setdefault(user.username, []).append(now)

    def _bearer(self, token: object) -> User | None:
        return next(
            (kept.user for kept in self.tokens if token in (kept.access, kept.refresh)), None
        )

    def _revoked(self, operation: str, sent: dict[str, Any]) -> None:
        for kept in self.tokens:
            by_refresh = operation == "RevokeToken" and kept.refresh == sent.get("Token")
            kept.revoked = (
                kept.revoked
                or by_refresh
                or (
                    operation == "GlobalSignOut"
                    and kept.user == self._bearer(sent.get("AccessToken"))
                )
            )

    def _learn(
        self,
        operation: str,
        sent: dict[str, Any],
        inner: dict[str, Any],
        answer: dict[str, Any],
        user: User,
        before: Session | None,
        now: float,
    ) -> None:
        self.tries[operation] = now
        admin = operation.startswith("Admin") or (
            before is not None and before.admin and "ClientId" not in sent
        )
        client_id = sent.get("ClientId") or (before.client_id if before else "")
        if "PASSWORD" in inner:
            self.wrong_passwords.pop(user.username, None)
        for code in (inner.get("SOFTWARE_TOKEN_MFA_CODE"), sent.get("UserCode")):
            user.codes = [*user.codes, code][-MOST_CODES:] if code else user.codes
        new_password = inner.get("NEW_PASSWORD") or (
            sent.get("Password") if operation == "ConfirmForgotPassword" else None
        )
        if new_password:
            self._new_password(user, new_password)
        if operation == "ConfirmDevice":
            self._confirmed(sent["DeviceKey"])
        if operation == "ForgotPassword":
            user.reset_until = now + RESET_GOOD
        if operation == "ConfirmForgotPassword":
            user.reset_until = 0
        stage = answer.get("ChallengeName", "")
        if operation == "AssociateSoftwareToken":
            user.offered, stage = answer["SecretCode"], SECRET_GIVEN
        if operation == "VerifySoftwareToken":
            stage = CODE_VERIFIED
            self._enrolled(user)
        if answer.get("Session"):
            given = Session(
                answer["Session"], stage, user, client_id, admin, now + self._validity(client_id)
            )
            self.sessions = [*self.sessions, given][-KEPT:]
        if (
            stage in ("PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER")
            and inner.get("SRP_A") in self.begun
        ):
            self.proofs[stage] = Proof(
                self.begun.pop(inner["SRP_A"]),
                answer["ChallengeParameters"],
                now + self._validity(client_id),
            )
        elif sent.get("ChallengeName") in self.proofs:
            del self.proofs[sent["ChallengeName"]]
        self._signed_in(answer.get("AuthenticationResult") or {}, user, client_id, inner, now)

    def _signed_in(
        self, result: dict[str, Any], user: User, client_id: str, inner: dict[str, Any], now: float
    ) -> None:
        if "RefreshToken" in result:
            offered = result.get("NewDeviceMetadata")
            key = offered["DeviceKey"] if offered else inner.get("DEVICE_KEY")
            self.tokens.append(
                Tokens(
                    result["AccessToken"],
                    result["RefreshToken"],
                    user,
                    client_id,
                    now,
                    offered,
                    key,
                )
            )

    def _confirmed(self, device_key: str) -> None:
        for kept in self.tokens:
            kept.offered = None if kept.device_key == device_key else kept.offered

    def _enrolled(self, user: User) -> None:
        user.secret, user.offered = user.offered, None
        if user.role == YOU and user.secret:
            self._lab.phone.add(
                authenticator_link(user.secret, account=user.username, issuer=ISSUER)
            )

    def _new_password(self, user: User, password: str) -> None:
        user.password = password
        # What was proved with the old password is worth no more.
        for kept in self.find(user=user, used=False):
            kept.until = min(kept.until, self._lab.now())
        if user.role == YOU:
            self._lab.password = password
