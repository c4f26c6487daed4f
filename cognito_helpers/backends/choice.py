"""The backend of the lab: the emulator, or Amazon Cognito by boto3's own configuration. One
interface for both, and the choice between them.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import LessonError
from ..local_cognito.storage.store import IN_A_TAB
from ..text import say
from .base import AWS, LOCAL, Backend
from .local import EmulatorBackend
from .storage import learner_progress

# Binder sets one of these.
_BINDER = ("BINDER_SERVICE_HOST", "BINDER_REQUEST", "BINDER_LAUNCH_HOST")
# Names a backend for one kernel, overriding the remembered choice
VARIABLE = "COGNITO_LAB_BACKEND"


def chosen(home: Path) -> str:
    """The backend that `COGNITO_LAB_BACKEND` names, otherwise the last choice, otherwise the
    emulator. Raises `LessonError` for an unknown name.
    """
    if named := os.environ.get(VARIABLE):
        return _known(named, VARIABLE)
    return _known(learner_progress(home).get("backend") or LOCAL, "The backend that was chosen")


def choose(home: Path, choice: str) -> None:
    """Remember a choice. Raises `LessonError` for an unknown name."""
    if _known(choice, "The backend") != os.environ.get(VARIABLE):
        learner_progress(home).set("backend", choice)
        if os.environ.get(VARIABLE):
            say(
                f"{VARIABLE} is “{os.environ[VARIABLE]}”, which overrides your choice: your"
                " choice counts once the variable is unset."
            )


def opened(home: Path) -> Backend:
    """The backend of `chosen`. Raises boto3's exceptions if it finds no profile, no Region or no
    credentials.
    """
    if chosen(home) == LOCAL:
        return EmulatorBackend(home)
    # Imported only when needed: the emulator works without it.
    from .aws import Aws

    return Aws(home)


def _why_not_aws() -> str | None:
    """Why AWS isn't available here, in a sentence; None if it is."""
    if IN_A_TAB:
        return "In a browser tab only the emulator answers: a page of this kind can't reach AWS."
    if any(name in os.environ for name in _BINDER):
        return (
            "On Binder only the emulator answers: it's a public machine, and no place for IAM"
            " credentials."
        )
    return None


def _known(name: str, what: str) -> str:
    if name == AWS and (reason := _why_not_aws()):
        raise LessonError(f"{reason} For AWS, run the lessons on your own computer.")
    if name not in (LOCAL, AWS):
        raise LessonError(
            f"{what} is “{name}”, and there are two: “{LOCAL}”, the emulator, and “{AWS}”. Name one"
            " of them, and run this cell again."
        )
    return name
