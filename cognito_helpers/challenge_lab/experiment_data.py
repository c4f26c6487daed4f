"""Test data for experiments, in the condition they need: `lab.test_data`.

The lab prepares what's missing by calls of its own, such as a sign-in for a session that then
expires. `said` has a sentence for each. At AWS nothing is prepared: there's only what the learner's
own calls returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import LessonError
from ..sign_in.device import new_device
from ..tutorial_pool.settings import random_password
from .card import Card
from .conditions import (
    AccessTokenIs,
    AnswerIs,
    ClientIs,
    CodeIs,
    DeviceKeyIs,
    EmailCodeIs,
    NameIs,
    PasskeyIs,
    PasswordIs,
    Purpose,
    RefreshTokenIs,
    SentCodeIs,
    SessionIs,
    chosen,
)
from .demo_users import Role
from .placeholders import Part
from .proofs import Proofs
from .records import OWNERS
from .right_answers import CUSTOM_ANSWER
from .sample_codes import SampleCodes
from .sample_tokens import SampleTokens
from .sessions import Sessions
from .sign_ins import SignIns
from .tools import tools_for

if TYPE_CHECKING:
    from ..backends.storage import Storage
    from ..lab.lab import Lab


class ExperimentData:
    """The values in the requests of experiments. Cells call these methods, so they take strings:
    those of `conditions`.
    """

    def __init__(self, lab: Lab, card_kept: Storage | None = None) -> None:
        """`card_kept` is where the card is stored, with the lab's progress by default."""
        self._lab = lab
        self._tools = tools = tools_for(lab)
        self.users, self.history, self.said = tools.users, tools.history, tools.calls.said
        self._sign_ins = SignIns(tools)
        self._sessions = Sessions(tools, self._sign_ins)
        self._codes = SampleCodes(tools, self._sign_ins, self._sessions)
        self._proofs = Proofs(tools, self._sign_ins, self._sessions)
        self._tokens = SampleTokens(tools, self._sign_ins, self._proofs)
        self._typed: list[str] = []
        # The parts of any experiment so far, by their JSON text
        self.parts: dict[str, Part] = {}
        self.card = Card(lab, card_kept)

    @property
    def phone_steps(self) -> int:
        """How many 30-second steps the clock of your phone is ahead."""
        return self._codes.phone_steps

    @phone_steps.setter
    def phone_steps(self, steps: int) -> None:
        self._codes.phone_steps = steps

    def close(self) -> None:
        """Stop listening to the lab's calls."""
        for listener in (self.history, self.card):
            self._lab.backend.listeners.remove(listener)

    def __repr__(self) -> str:
        return "Test data: sessions, codes, names, passwords, tokens and devices for experiments"

    # Sessions and codes

    def session(
        self,
        which: str = SessionIs.NEWEST,
        stage: str = "SOFTWARE_TOKEN_MFA",
        client: str = ClientIs.YOURS,
        admin: bool = False,
    ) -> str:
        """A session for `stage`, a challenge or a step of setting up an authenticator app.

        "newest" is the one to answer now. "used" was answered already, "expired" is too old, and
        "garbled" has another end. Others are "of another user" or "of another challenge".
        """
        condition, app_client = chosen(SessionIs, which), chosen(ClientIs, client)
        return self._sessions.get(condition, stage, app_client, admin)

    def user_id(self, stage: str = "SOFTWARE_TOKEN_MFA", admin: bool = False) -> str:
        """The USER_ID_FOR_SRP of the newest challenge of this kind."""
        # Your own is known before there is a challenge.
        return (
            self._sessions.newest(stage, admin=admin).user.username
            if stage in OWNERS
            else self.name()
        )

    def code(self, which: str = CodeIs.NOW, of: str = Role.YOU) -> str:
        """A code from an authenticator app: "now", "30 seconds old", "a minute old", "the next",
        "already used", "of another account", "wrong" or "malformed".

        Unless it's "already used", the code wasn't used yet. If necessary, the lab lets 30 seconds
        pass. For "a user without an app" it's a code of the newest secret.
        """
        return self._codes.from_app(chosen(CodeIs, which), of)

    def email_code(self, which: str = EmailCodeIs.RIGHT, purpose: str = Purpose.SIGN_UP) -> str:
        """A confirmation code for a "sign-up" or a "new password": "right", "wrong", "expired" or
        "malformed".
        """
        return self._codes.from_email(chosen(EmailCodeIs, which), chosen(Purpose, purpose))

    def sent_code(self, challenge: str, which: str = SentCodeIs.RIGHT) -> str:
        """A code that was sent to you for EMAIL_OTP, SMS_OTP or SMS_MFA: "right", "wrong" or
        "malformed".
        """
        condition = chosen(SentCodeIs, which)
        return self._sign_ins.answers.sent_code(self.users.get(Role.YOU), challenge, condition)

    # Passkeys and your own challenges

    def passkey(self) -> str:
        """The ID of a passkey of yours."""
        return self._sign_ins.passkey()

    def new_passkey(self, which: str = PasskeyIs.RIGHT) -> dict[str, Any]:
        """What a browser returns for a new passkey of yours: "right", "for another challenge", "on
        another page" or "malformed".
        """
        condition = chosen(PasskeyIs, which)
        if condition == PasskeyIs.MALFORMED:
            return {"id": "x"}
        return self._sign_ins.new_passkey(condition)

    def signature(self, which: str = PasskeyIs.RIGHT) -> str:
        """What your passkey signs for the newest WEB_AUTHN: as for `new_passkey`."""
        condition = chosen(PasskeyIs, which)
        return self._sign_ins.answers.signature(self._sessions.newest("WEB_AUTHN"), condition)

    def own_answer(self, which: str = AnswerIs.RIGHT) -> str:
        """The "right" or a "wrong" answer to CUSTOM_CHALLENGE in the practice pool."""
        return CUSTOM_ANSWER if chosen(AnswerIs, which) == AnswerIs.RIGHT else "41"

    # Users and app clients

    def name(self, of: str = Role.YOU, form: str = NameIs.USER_NAME) -> str:
        """A user's "user name" or "email address". "nobody" has a name that isn't taken."""
        if of == Role.UNKNOWN:
            return self._lab.free_username("nobody")
        user = self.users.get(of)
        if chosen(NameIs, form) == NameIs.USER_NAME:
            return user.username
        found = self._tools.calls.ask(
            "admin_get_user", UserPoolId=self._lab.pool_id, Username=user.username
        )
        emails = (one["Value"] for one in found["UserAttributes"] if one["Name"] == "email")
        return str(next(emails, user.email))

    def password(self, which: str = PasswordIs.RIGHT, of: str = Role.YOU) -> str:
        """A user's "right" password, or a "wrong" one. For a new password, "a valid one" or "a
        short one".
        """
        condition = chosen(PasswordIs, which)
        if condition == PasswordIs.SHORT:
            return "Aa1!"
        if condition in (PasswordIs.VALID, PasswordIs.WRONG) or of == Role.UNKNOWN:
            return random_password()
        password = self.users.get(of).password
        if not password:
            raise LessonError(
                "With AWS, the lab doesn't keep your password. Set lab.password, or type it by"
                " hand."
            )
        return password

    def client(self, which: str = ClientIs.YOURS) -> str:
        """The ID of an app client: "yours", "one with a secret", "one with default settings", "one
        for passwords only" or "one that does not exist".
        """
        return self._tools.clients.id_of(chosen(ClientIs, which))

    def secret_hash(self, which: str = AnswerIs.RIGHT, name: str = "") -> str:
        """The "right" or a "wrong" SECRET_HASH for a name, yours if none is given, and the app
        client with a secret.
        """
        return self._tools.clients.secret_hash(name or self.name(), chosen(AnswerIs, which))

    # Tokens, devices and proofs

    def access_token(self, which: str = AccessTokenIs.NEWEST) -> str:
        """Your access token: "newest", "expired", "revoked", "forged" or "garbled"."""
        return self._tokens.access(chosen(AccessTokenIs, which))

    def refresh_token(self, which: str = RefreshTokenIs.NEWEST) -> str:
        """A refresh token of your remembered device: "newest", "expired", "revoked" or "garbled".
        Or one of a device that's "not confirmed".
        """
        return self._tokens.refresh(chosen(RefreshTokenIs, which))

    def device_key(self, which: str = DeviceKeyIs.REMEMBERED) -> str:
        """The key of a device: your "remembered" one, one just "offered", one "of another user", or
        an "unknown" one.
        """
        condition = chosen(DeviceKeyIs, which)
        if condition == DeviceKeyIs.UNKNOWN:
            return "us-east-1_00000000-0000-4000-8000-000000000000"
        if condition == DeviceKeyIs.OF_ANOTHER_USER:
            return str(self._sign_ins.sign_in(self._sign_ins.other_user()).device_key)
        if condition == DeviceKeyIs.OFFERED:
            return self._sign_ins.device_offer()["DeviceKey"]
        return self._sign_ins.device().key

    def verifier(self) -> dict[str, str]:
        """A DeviceSecretVerifierConfig for the device that was offered last."""
        return new_device(self._sign_ins.device_offer())[1]

    def srp_a(self) -> str:
        """SRP_A, to begin a proof of your password."""
        return self._proofs.srp_a()

    def password_proof(self, which: str = AnswerIs.RIGHT) -> dict[str, str]:
        """The "right" or a "wrong" answer to PASSWORD_VERIFIER, for the newest SRP_A."""
        return self._proofs.of_password(chosen(AnswerIs, which))

    def proof_client(self) -> str:
        """The ID of the app client that the newest SRP_A was sent to."""
        return self._proofs.client_of_password()

    def device_answer(self) -> dict[str, str]:
        """The answer to DEVICE_SRP_AUTH: the user, the device, and its public number."""
        return self._proofs.device_srp_a()

    def device_proof(self, which: str = AnswerIs.RIGHT) -> dict[str, str]:
        """The "right" or a "wrong" response to DEVICE_PASSWORD_VERIFIER."""
        return self._proofs.of_device(chosen(AnswerIs, which))

    # Secrets typed by hand

    def keep_typed(self, text: str) -> int:
        """Keep a secret that was typed into a request. Returns the number to ask for it by."""
        if text not in self._typed:
            self._typed.append(text)
        return self._typed.index(text) + 1

    def typed(self, number: int) -> str:
        """A secret that was typed by hand, in this kernel."""
        if not 1 <= number <= len(self._typed):
            raise LessonError(
                f"Nothing typed by hand has the number {number} in this kernel. Type it here"
                " yourself."
            )
        return self._typed[number - 1]
