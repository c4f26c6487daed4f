"""The emulator as a backend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..calls.listeners import Listeners
from ..local_cognito import LocalCognito
from ..sign_in.authenticator import STEP, Phone
from ..text import in_parts, say
from .base import LOCAL
from .storage import KernelStorage, Storage, learner_progress

if TYPE_CHECKING:
    from botocore.client import BaseClient


class EmulatorBackend:
    """The emulator, in a file of `home` or, without one, in memory: its clock can be moved, its
    messages can be read, and it costs nothing.
    """

    name, account, learner_input = LOCAL, None, None
    no_messages, no_texts = "No messages yet.", ""
    can_move_clock = may_create_users = True
    shows_changes_late = False

    def __init__(self, home: Path | None = None) -> None:
        self._emulator = LocalCognito(home / "emulator.sqlite" if home else None)
        self.client, self.lambdas = self._emulator.client(), self._emulator.lambdas
        self.listeners = Listeners(self.client)
        # Not a real password: its user exists only in the file beside it, so any lesson can
        # continue tomorrow.
        kept: Storage = learner_progress(home) if home else KernelStorage()
        self.progress = self.secrets = self.record = kept
        self.jwks, self.inbox = self._emulator.jwks, self._emulator.inbox
        self.lambdas = self._emulator.lambdas
        self.regions = [self.client.meta.region_name]
        self.now, self.ahead, self.move_clock = (
            self._emulator.clock.now,
            self._emulator.clock.offset,
            self._emulator.clock.advance,
        )

    def introduce(self) -> None:
        say(
            "The emulator answers: Amazon Cognito inside this notebook. No AWS account is used, and"
            " nothing leaves this computer."
        )

    def in_region(self, region: str) -> BaseClient:
        if region == self.client.meta.region_name:
            return self.client
        return self.listeners.hear(self._emulator.client(region))

    def issuer(self, pool_id: str) -> str:
        return f"{self.client.meta.endpoint_url}/{pool_id}"

    def wait(self, minutes: float) -> None:
        self.move_clock(minutes * 60)
        print(f"{in_parts(minutes * 60)} later.")

    def wait_for_next_code(self, phone: Phone) -> None:
        self.move_clock(STEP)
        print("30 seconds later: the phone shows a new code.")
