"""The playground's own lab: a pool, a user and a clock on an emulator in memory, for experiments
that the learner's pool should not see.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ..backends.local import EmulatorBackend
from ..challenge_lab.experiment_data import ExperimentData
from ..challenge_lab.practice_settings import (
    APP_CLIENTS,
    PHONE_CLOCKS,
    POOL,
    POOLS,
    TUTORIAL,
    Settings,
)
from ..challenge_lab.tutorial_lab import TutorialLab
from ..errors import EmulatorOnlyError
from ..sign_in.authenticator import STEP
from .practice_pools import FLOWS, mfa_config, prepare
from .prerequisites import AN_ENROLLED_USER, missing_steps


class PracticeLab(TutorialLab):
    """A lab like the learner's, with `settings` that can be changed. Only the outcomes that were
    seen are kept, with the learner's progress.
    """

    def __init__(self, learner: TutorialLab) -> None:
        super().__init__(EmulatorBackend())
        self._learner = learner
        self.reset()

    @cached_property
    def test_data(self) -> ExperimentData:
        """Sessions, codes and tokens in any condition, for the experiments of the playground."""
        return ExperimentData(self, self._learner.progress)

    def reset(self, pool: str = POOL) -> None:
        """Start over, in a new pool with a new user and default settings. The clock stays."""
        if "test_data" in self.__dict__:
            self.test_data.close()
            del self.test_data
        self.progress.forget(*self.progress.all())
        self.settings = Settings(pool, POOLS[pool])
        with self.requests.aside():
            if pool == POOL:
                for _ in missing_steps(self, AN_ENROLLED_USER):
                    pass
            else:
                prepare(self, pool, POOLS[pool], APP_CLIENTS[TUTORIAL])
        self._clients = {TUTORIAL: str(self.client_id)}
        # It listens from now on.
        assert self.test_data

    def change(self, **chosen: str) -> None:
        """Change settings. Raises `LessonError` for an unknown choice."""
        settings = self.settings.changed(**chosen)
        if settings.pool != self.settings.pool:
            self.reset(settings.pool)
        changed = settings.differing(self.settings)
        with self.requests.aside():
            if "mfa" in changed:
                config = mfa_config(settings.pool, settings.mfa)
                self.cognito.set_user_pool_mfa_config(UserPoolId=self.pool_id, **config)
            if "app_client" in changed:
                self.client_id = self._client(settings.app_client)
        self.test_data.phone_steps = PHONE_CLOCKS[settings.phone_clock] // STEP
        self.settings = settings

    def _client(self, which: str) -> str:
        if which not in self._clients:
            client: dict[str, Any] = APP_CLIENTS[which]
            if self.settings.pool != POOL:
                client = {**client, "ExplicitAuthFlows": [*client["ExplicitAuthFlows"], *FLOWS]}
            created = self.cognito.create_user_pool_client(
                UserPoolId=self.pool_id, ClientName=which, **client
            )
            self._clients[which] = created["UserPoolClient"]["ClientId"]
        return self._clients[which]


def practice_lab(lab: TutorialLab) -> TutorialLab:
    """The lab for a playground: a separate one or, if the backend is AWS, the learner's."""
    return PracticeLab(lab) if lab.backend.may_create_users else lab


def changeable(lab: TutorialLab) -> PracticeLab:
    """A playground's lab, to change its settings. Raises `EmulatorOnlyError` at AWS."""
    if not isinstance(lab, PracticeLab):
        raise EmulatorOnlyError(
            "Settings can only be changed on the emulator. On AWS the playground uses your pool"
            " without changes."
        )
    return lab
