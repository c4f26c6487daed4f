"""SRP responses for the last challenge: of a password, or of a device."""

from __future__ import annotations

from . import srp_answers
from .conditions import AnswerIs, ClientIs
from .demo_users import Role
from .records import Proof
from .sessions import Sessions
from .sign_ins import SignIns
from .tools import Tools


class Proofs:
    """Public numbers and proofs. If there's no challenge yet, one is requested first."""

    def __init__(self, tools: Tools, sign_ins: SignIns, sessions: Sessions) -> None:
        self._tools, self._sign_ins, self._sessions = tools, sign_ins, sessions

    @property
    def _your_name(self) -> str:
        return self._tools.users.get(Role.YOU).username

    def srp_a(self) -> str:
        """SRP_A, to begin a proof of the learner's password."""
        return srp_answers.begin_password(
            self._tools.history,
            self._tools.users.get(Role.YOU),
            str(self._tools.lab.pool_id),
            self._tools.clients.id_of(ClientIs.BY_DEFAULT),
        )

    def of_password(self, which: AnswerIs) -> dict[str, str]:
        """The answer to PASSWORD_VERIFIER."""
        proof = self._waiting("PASSWORD_VERIFIER")
        if proof is None:
            self._tools.calls.ask(
                "initiate_auth",
                ClientId=self._tools.clients.id_of(ClientIs.BY_DEFAULT),
                AuthFlow="USER_SRP_AUTH",
                AuthParameters={"USERNAME": self._your_name, "SRP_A": self.srp_a()},
            )
            proof = self._tools.history.proofs["PASSWORD_VERIFIER"]
        return srp_answers.finish(proof, which == AnswerIs.RIGHT)

    def client_of_password(self) -> str:
        """The app client in which the proof of the password was begun."""
        proof = self._waiting("PASSWORD_VERIFIER")
        return proof.client_id if proof else self._tools.clients.id_of(ClientIs.BY_DEFAULT)

    def device_srp_a(self) -> dict[str, str]:
        """The answer to DEVICE_SRP_AUTH: the user, the device, and its public number."""
        self._sessions.newest("DEVICE_SRP_AUTH")
        device = self._sign_ins.device()
        return srp_answers.begin_device(self._tools.history, device, self._your_name)

    def of_device(self, which: AnswerIs) -> dict[str, str]:
        """The answer to DEVICE_PASSWORD_VERIFIER."""
        proof = self._waiting("DEVICE_PASSWORD_VERIFIER")
        if proof is None:
            self._tools.calls.ask(
                "respond_to_auth_challenge",
                ClientId=self._tools.lab.client_id,
                ChallengeName="DEVICE_SRP_AUTH",
                ChallengeResponses=self.device_srp_a(),
            )
            proof = self._tools.history.proofs["DEVICE_PASSWORD_VERIFIER"]
        return srp_answers.finish(proof, which == AnswerIs.RIGHT)

    def _waiting(self, challenge: str) -> Proof | None:
        proof = self._tools.history.proofs.get(challenge)
        return proof if proof and proof.until > self._tools.lab.now() else None
