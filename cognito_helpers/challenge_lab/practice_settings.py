"""The settings of the playground: the pool, MFA, the app client, and the clock of the phone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from ..errors import LessonError
from ..sign_in.authenticator import STEP
from ..tutorial_pool.settings import CLIENT_SETTINGS

MFA = ("ON", "OPTIONAL", "OFF")
TUTORIAL = "the tutorial's"
ROTATING_FLOWS = [
    flow for flow in CLIENT_SETTINGS["ExplicitAuthFlows"] if flow != "ALLOW_REFRESH_TOKEN_AUTH"
]
# The settings each app client is created with
APP_CLIENTS: dict[str, dict[str, Any]] = {
    TUTORIAL: CLIENT_SETTINGS,
    "hides unknown users": {**CLIENT_SETTINGS, "PreventUserExistenceErrors": "ENABLED"},
    "3-minute sessions": {**CLIENT_SETTINGS, "AuthSessionValidity": 3},
    "rotates refresh tokens": {
        **CLIENT_SETTINGS,
        "ExplicitAuthFlows": ROTATING_FLOWS,
        "RefreshTokenRotation": {"Feature": "ENABLED"},
    },
}
POOL = "authenticator app"
CODES, CHOICE, CUSTOM = "codes by SMS and email", "no password needed", "your own challenge"
# What MFA is at first in each pool.
POOLS = {POOL: "ON", CODES: "ON", CHOICE: "OFF", CUSTOM: "OFF"}
CORRECT = "correct"
# How many seconds the phone's clock is ahead
PHONE_CLOCKS = {
    CORRECT: 0,
    "30 seconds slow": -STEP,
    "2 minutes slow": -4 * STEP,
    "30 seconds fast": STEP,
    "2 minutes fast": 4 * STEP,
}


@dataclass(frozen=True)
class Settings:
    """The chosen settings of the playground's pool and phone."""

    pool: str = POOL
    mfa: str = MFA[0]
    app_client: str = TUTORIAL
    phone_clock: str = CORRECT

    def changed(self, **chosen: str) -> Settings:
        """These settings with other choices. Raises `LessonError` for an unknown choice."""
        for name, value in chosen.items():
            if name not in OPTIONS:
                raise LessonError(
                    f"The playground has no setting {name}. It has {', '.join(OPTIONS)}."
                )
            if value not in OPTIONS[name]:
                raise LessonError(
                    f"“{value}” isn't a choice for {name}. Choose {', '.join(OPTIONS[name])}."
                )
        if chosen.get("pool", self.pool) != self.pool:
            chosen = {"mfa": POOLS[chosen["pool"]], **chosen}
        return replace(self, **chosen)

    def differing(self, other: Settings) -> dict[str, str]:
        """These settings that differ from other settings."""
        others = asdict(other)
        return {name: value for name, value in asdict(self).items() if others[name] != value}

    def __str__(self) -> str:
        return (
            f"pool: {self.pool}, MFA {self.mfa}, app client: {self.app_client}, phone's clock:"
            f" {self.phone_clock}"
        )


OPTIONS: dict[str, tuple[str, ...]] = {
    "pool": tuple(POOLS),
    "mfa": MFA,
    "app_client": tuple(APP_CLIENTS),
    "phone_clock": tuple(PHONE_CLOCKS),
}
