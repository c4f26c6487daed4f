"""Test data for experiments: whatever they need, in the condition in which they need it. Ask for
something, and it is there.

What has to be prepared, such as an expired session, is prepared by calls that are the lab's own and
not the learner's; `said` tells what was done. Every method returns what goes into a request. At AWS
nothing is prepared: only what the learner's own calls brought is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import LessonError
from ..sign_in.device import new_device
from ..sign_in.tokens import with_claims
from . import srp_answers
from .card import Card
from .demo_users import ANOTHER, NOT_CONFIRMED, WITHOUT_APP, YOU, User
from .history import (
    ACCESS_GOOD,
    MAILED_GOOD,
    MINUTE,
    REFRESH_GOOD,
    RESET_GOOD,
    SECRET_GIVEN,
    Proof,
    Tokens,
)
from .placeholders import Part
from .sessions import Sessions
from .setup_calls import BY_DEFAULT, YOURS

if TYPE_CHECKING:
    from ..lab.lab import Lab

STEPS = {"now": 0, "half a minute old": -1, "a minute old": -2, "the next": 1}


class ExperimentData(Sessions):
    """Whatever experiments need, for one lab: `lab.test_data`. Beside what is here,
    sessions, names, passwords and app clients.
    """

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._typed: list[str] = []
        # The parts that any experiment has had, by how they are written in JSON.
        self.parts: dict[str, Part] = {}
        self.card = Card(lab)

    def __repr__(self) -> str:
        return "Test data: sessions, codes, names, passwords, tokens and devices for experiments"

    # Codes of the authenticator app

    def code(self, which: str = "now", of: str = YOU) -> str:
        """Six digits: of "now", "half a minute old", "a minute old", "the next", "already used",
        "of another account", "wrong" or "malformed".

        The first two and the next are such as were not used yet: if need be, the lab lets half a
        minute pass. Where `of` is "somebody without an app", they are of the secret that was handed
        out last.
        """
        if which == "malformed":
            return "12 456"
        if which == "of another account":
            return self._code_of(self._with_app(self.users.get(ANOTHER)))
        user = (
            self._newest(SECRET_GIVEN, YOURS, admin=False).user
            if of == WITHOUT_APP
            else self.users.get(of)
        )
        if which == "wrong":
            near = (
                {self._shown(user, steps) for steps in range(-4, 5)}
                if self._is_computed(user)
                else set()
            )
            return next(
                code for code in (f"{digit}" * 6 for digit in range(10)) if code not in near
            )
        if which == "already used":
            return self._used_code(user)
        return self._code_of(user, STEPS[which])

    def _used_code(self, user: User) -> str:
        good = (
            [self._shown(user, steps) for steps in (0, -1, 1)]
            if self._is_computed(user)
            else user.codes
        )
        found = next((code for code in user.codes[::-1] if code in good), None)
        if found is None:
            self._leave_to_the_learner("signs in with no code", "use one")
            self._sign_in(user)
            found = user.codes[-1]
        return found

    # Codes that were mailed

    def mailed_code(self, which: str = "right", purpose: str = "sign-up") -> str:
        """A code from the mail, to confirm a "sign-up" or for a "new password": "right", "wrong",
        "expired", or "malformed".
        """
        if which == "malformed":
            return "1 12 123"
        right = self._mailed(purpose)
        if which == "wrong":
            return "000000" if right != "000000" else "111111"
        if which == "expired":
            self._let_pass(
                (MAILED_GOOD if purpose == "sign-up" else RESET_GOOD) + 1, "a mailed code expires"
            )
        return right

    def _mailed(self, purpose: str) -> str:
        now = self._lab.now()
        user = self.users.get(NOT_CONFIRMED if purpose == "sign-up" else YOU)
        if purpose == "sign-up" and self._lab.inbox(user.username)[-1].sent + MAILED_GOOD <= now:
            self._ask(
                "resend_confirmation_code", ClientId=self._lab.client_id, Username=user.username
            )
        if purpose != "sign-up" and user.reset_until <= now:
            self._ask("forgot_password", ClientId=self._lab.client_id, Username=user.username)
        return self._lab.mailed_code(user.username)

    # Tokens

    def access_token(self, which: str = "newest") -> str:
        """An access token of the learner's: the "newest", one "expired", "revoked", "forged" or
        "garbled".
        """
        now = self._lab.now()
        if which == "garbled":
            return "this-is-no-token"
        if which == "forged":
            return with_claims(self.access_token(), username="somebody-else")
        if which == "expired":
            kept = self._tokens(revoked=False)
            found = next((one for one in kept if one.given + ACCESS_GOOD <= now), None)
            if found is None:
                self._only_on_the_emulator(
                    "moves no clock: wait until a token of yours expires, or try this on the"
                    " emulator"
                )
                found = self._signed_in()
            self._let_pass(found.given + ACCESS_GOOD + 1 - now, "an access token expires")
            return found.access
        if which == "revoked":
            return self._revoked(
                [
                    one
                    for one in self._tokens(revoked=True)
                    if one.given + ACCESS_GOOD > now + MINUTE
                ]
            ).access
        fresh = (
            one for one in self._tokens(revoked=False) if one.given + ACCESS_GOOD > now + MINUTE
        )
        return (next(fresh, None) or self._signed_in()).access

    def refresh_token(self, which: str = "newest") -> str:
        """A refresh token of the learner's remembered device: the "newest", one "expired" or
        "revoked"; one "garbled"; or one of a device "not confirmed".
        """
        now = self._lab.now()
        if which == "garbled":
            return "this-is-no-token"
        if which == "not confirmed":
            return (
                next(
                    (
                        one
                        for one in self._tokens(revoked=False)
                        if one.offered and one.given + REFRESH_GOOD > now
                    ),
                    None,
                )
                or self._signed_in()
            ).refresh
        if which == "revoked":
            return self._revoked(self._of_device(revoked=True)).refresh
        found = next(iter(self._of_device(revoked=False)), None)
        if found is None or (which == "newest" and found.given + REFRESH_GOOD <= now + MINUTE):
            found = self._signed_in_by_device()
        if which == "expired":
            self._let_pass(found.given + REFRESH_GOOD + 1 - now, "a refresh token expires")
        return found.refresh

    def _of_device(self, revoked: bool) -> list[Tokens]:
        device = self.users.get(YOU).device
        return [one for one in self._tokens(revoked) if device and one.device_key == device.key]

    def _revoked(self, among: list[Tokens]) -> Tokens:
        found = among[0] if among else self._signed_in_by_device()
        if not found.revoked:
            self._ask("revoke_token", Token=found.refresh, ClientId=found.client_id)
        return found

    # Devices and proofs

    def device_key(self, which: str = "remembered") -> str:
        """The key of a device: the learner's "remembered" one, one that was just "offered", "of
        another user", or one that is "unknown".
        """
        if which == "unknown":
            return "us-east-1_00000000-0000-4000-8000-000000000000"
        if which == "of another user":
            signed_in = self._sign_in(self._with_app(self.users.get(ANOTHER)))
            return str(signed_in.device_key)
        return str(self._offer()["DeviceKey"]) if which == "offered" else self._device().key

    def verifier(self) -> dict[str, str]:
        """A DeviceSecretVerifierConfig for the device that was offered last."""
        return new_device(self._offer())[1]

    def srp_a(self) -> str:
        """SRP_A, to begin a proof of the learner's password."""
        return srp_answers.begin_password(
            self.history, self.users.get(YOU), str(self._lab.pool_id), self.client(BY_DEFAULT)
        )

    def password_proof(self, which: str = "right") -> dict[str, str]:
        """The responses to PASSWORD_VERIFIER, "right" or "wrong", for the sign-in that was begun
        last with SRP_A.
        """
        proof = self._waiting("PASSWORD_VERIFIER")
        if proof is None:
            given = {"USERNAME": self.name(), "SRP_A": self.srp_a()}
            self._ask(
                "initiate_auth",
                ClientId=self.client(BY_DEFAULT),
                AuthFlow="USER_SRP_AUTH",
                AuthParameters=given,
            )
            proof = self.history.proofs["PASSWORD_VERIFIER"]
        return srp_answers.finish(proof, which == "right")

    def device_answer(self) -> dict[str, str]:
        """The responses to DEVICE_SRP_AUTH: who, which device, and the device's public number."""
        self._newest("DEVICE_SRP_AUTH", YOURS, admin=False)
        return srp_answers.begin_device(self.history, self._device(), self.name())

    def device_proof(self, which: str = "right") -> dict[str, str]:
        """The responses to DEVICE_PASSWORD_VERIFIER, "right" or "wrong"."""
        proof = self._waiting("DEVICE_PASSWORD_VERIFIER")
        if proof is None:
            answer = self.device_answer()
            self._ask(
                "respond_to_auth_challenge",
                ClientId=self._lab.client_id,
                ChallengeName="DEVICE_SRP_AUTH",
                ChallengeResponses=answer,
            )
            proof = self.history.proofs["DEVICE_PASSWORD_VERIFIER"]
        return srp_answers.finish(proof, which == "right")

    def _waiting(self, challenge: str) -> Proof | None:
        proof = self.history.proofs.get(challenge)
        return proof if proof and proof.until > self._lab.now() else None

    def _signed_in_by_device(self) -> Tokens:
        device, name = self._device(), self.name()
        self._begin(self.users.get(YOU), YOURS, admin=False, device=True)
        self.history.proofs.pop("DEVICE_PASSWORD_VERIFIER", None)
        proof = self.device_proof()
        answer = {
            "ChallengeName": "DEVICE_PASSWORD_VERIFIER",
            "ChallengeResponses": {**proof, "USERNAME": name, "DEVICE_KEY": device.key},
        }
        self._ask("respond_to_auth_challenge", ClientId=self._lab.client_id, **answer)
        return self.history.tokens[-1]

    # What was typed by hand

    def keep_typed(self, text: str) -> int:
        """Keep something secret that was typed into a request; returns the number to ask for it
        by.
        """
        if text not in self._typed:
            self._typed.append(text)
        return self._typed.index(text) + 1

    def typed(self, number: int) -> str:
        """What was typed by hand in the place of a secret, in this kernel."""
        if not 1 <= number <= len(self._typed):
            raise LessonError(
                f"Nothing that was typed by hand has the number {number}: it was typed in another"
                " kernel, so write it here yourself."
            )
        return self._typed[number - 1]
