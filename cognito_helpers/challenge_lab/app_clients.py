"""The app clients of the experiments, and secret hashes for the one with a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..actions import secret_hash
from ..tutorial_pool.settings import CLIENT_SETTINGS
from .conditions import AnswerIs, ClientIs
from .records import MINUTE
from .setup_calls import SetupCalls

if TYPE_CHECKING:
    from ..lab.lab import Lab

SETTINGS: dict[str, dict[str, Any]] = {
    ClientIs.WITH_SECRET: {**CLIENT_SETTINGS, "GenerateSecret": True},
    ClientIs.BY_DEFAULT: {},
    ClientIs.PASSWORDS_ONLY: {
        "ExplicitAuthFlows": [
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ]
    },
}
# The lab remembers their IDs under this name.
KEPT = "app clients of the challenge lab"


class AppClients:
    """The tutorial's app client, and others that are created when an experiment needs them."""

    def __init__(self, lab: Lab, calls: SetupCalls) -> None:
        self._lab, self._calls = lab, calls
        self._validities: dict[str, float] = {}
        self._secrets: dict[str, str] = {}

    def id_of(self, which: ClientIs) -> str:
        """The ID of an app client. Raises `EmulatorOnlyError` at AWS, unless it's the learner's."""
        if which == ClientIs.UNKNOWN:
            return "0" * 26
        if which == ClientIs.YOURS:
            return str(self._lab.client_id)
        self._calls.require_emulator("makes no other app clients")
        known = self._lab.progress.get(KEPT) or {}
        if known.get(which) not in self._ids():
            created = self._calls.ask(
                "create_user_pool_client",
                UserPoolId=self._lab.pool_id,
                ClientName=f"challenge lab, {which}",
                **SETTINGS[which],
            )
            known = {**known, str(which): created["UserPoolClient"]["ClientId"]}
            self._lab.progress.set(KEPT, known)
        return str(known[which])

    def _ids(self) -> set[str]:
        listed = self._calls.ask(
            "list_user_pool_clients", UserPoolId=self._lab.pool_id, MaxResults=60
        )
        return {client["ClientId"] for client in listed["UserPoolClients"]}

    def _described(self, client_id: str) -> dict[str, Any]:
        described: dict[str, Any] = self._calls.ask(
            "describe_user_pool_client", UserPoolId=self._lab.pool_id, ClientId=client_id
        )["UserPoolClient"]
        return described

    def validity(self, client_id: str) -> float:
        """How many seconds a session of this app client is valid."""
        if client_id not in self._validities:
            try:
                minutes = self._described(client_id).get("AuthSessionValidity", 3)
            except ClientError:
                return 3 * MINUTE
            self._validities[client_id] = minutes * MINUTE
        return self._validities[client_id]

    def secret_hash(self, username: str, which: AnswerIs = AnswerIs.RIGHT) -> str:
        """A secret hash for the app client with a secret."""
        client_id = self.id_of(ClientIs.WITH_SECRET)
        if client_id not in self._secrets:
            self._secrets[client_id] = self._described(client_id)["ClientSecret"]
        secret = self._secrets[client_id] if which == AnswerIs.RIGHT else "not the secret"
        return secret_hash(username, client_id, secret)

    def hash_for(self, username: str, client: ClientIs) -> dict[str, str]:
        """SECRET_HASH as a parameter, if the app client has a secret."""
        if client != ClientIs.WITH_SECRET:
            return {}
        return {"SECRET_HASH": self.secret_hash(username)}
