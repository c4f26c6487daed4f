"""The learner's access and refresh tokens, in any condition."""

from __future__ import annotations

from ..sign_in.tokens import with_claims
from .conditions import AccessTokenIs, AnswerIs, RefreshTokenIs
from .demo_users import Role
from .proofs import Proofs
from .records import ACCESS_VALIDITY, MINUTE, REFRESH_VALIDITY, Tokens
from .sign_ins import SignIns
from .tools import Tools

NO_TOKEN = "this-is-no-token"


class SampleTokens:
    """Tokens of earlier sign-ins, or of new ones."""

    def __init__(self, tools: Tools, sign_ins: SignIns, proofs: Proofs) -> None:
        self._tools, self._sign_ins, self._proofs = tools, sign_ins, proofs

    def access(self, which: AccessTokenIs) -> str:
        """An access token."""
        if which == AccessTokenIs.GARBLED:
            return NO_TOKEN
        if which == AccessTokenIs.FORGED:
            return with_claims(self.access(AccessTokenIs.NEWEST), username="somebody-else")
        if which == AccessTokenIs.EXPIRED:
            return self._expired_access().access
        if which == AccessTokenIs.REVOKED:
            return self._revoked(self._fresh(self._sign_ins.tokens(revoked=True))).access
        fresh = self._fresh(self._sign_ins.tokens())
        return (fresh[0] if fresh else self._sign_ins.sign_in()).access

    def _fresh(self, tokens: list[Tokens]) -> list[Tokens]:
        now = self._tools.lab.now()
        return [one for one in tokens if one.given + ACCESS_VALIDITY > now + MINUTE]

    def _expired_access(self) -> Tokens:
        now, calls = self._tools.lab.now(), self._tools.calls
        kept = self._sign_ins.tokens()
        found = next((one for one in kept if one.given + ACCESS_VALIDITY <= now), None)
        if found is None:
            calls.require_emulator(
                "moves no clock: wait until a token of yours expires, or try this on the emulator"
            )
            found = self._sign_ins.sign_in()
        calls.let_pass(found.given + ACCESS_VALIDITY + 1 - now, "an access token expires")
        return found

    def refresh(self, which: RefreshTokenIs) -> str:
        """A refresh token of the remembered device, or of one that's not confirmed."""
        now = self._tools.lab.now()
        if which == RefreshTokenIs.GARBLED:
            return NO_TOKEN
        if which == RefreshTokenIs.NOT_CONFIRMED:
            kept = self._sign_ins.tokens()
            offered = (one for one in kept if one.offered and one.given + REFRESH_VALIDITY > now)
            return (next(offered, None) or self._sign_ins.sign_in()).refresh
        if which == RefreshTokenIs.REVOKED:
            return self._revoked(self._of_device(revoked=True)).refresh
        found = next(iter(self._of_device()), None)
        newest = which == RefreshTokenIs.NEWEST
        if found is None or (newest and found.given + REFRESH_VALIDITY <= now + MINUTE):
            found = self._signed_in_by_device()
        if which == RefreshTokenIs.EXPIRED:
            self._tools.calls.let_pass(
                found.given + REFRESH_VALIDITY + 1 - now, "a refresh token expires"
            )
        return found.refresh

    def _of_device(self, revoked: bool = False) -> list[Tokens]:
        device = self._tools.users.get(Role.YOU).device
        kept = self._sign_ins.tokens(revoked)
        return [one for one in kept if device and one.device_key == device.key]

    def _revoked(self, among: list[Tokens]) -> Tokens:
        found = among[0] if among else self._signed_in_by_device()
        if not found.revoked:
            self._tools.calls.ask("revoke_token", Token=found.refresh, ClientId=found.client_id)
        return found

    def _signed_in_by_device(self) -> Tokens:
        tools, device = self._tools, self._sign_ins.device()
        you = tools.users.get(Role.YOU)
        self._sign_ins.begin(you, device=device)
        tools.history.proofs.pop("DEVICE_PASSWORD_VERIFIER", None)
        names = {"USERNAME": you.username, "DEVICE_KEY": device.key}
        tools.calls.ask(
            "respond_to_auth_challenge",
            ClientId=tools.lab.client_id,
            ChallengeName="DEVICE_PASSWORD_VERIFIER",
            ChallengeResponses={**self._proofs.of_device(AnswerIs.RIGHT), **names},
        )
        return tools.history.tokens[-1]
