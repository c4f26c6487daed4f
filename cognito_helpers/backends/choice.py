"""What stands behind the lab: the emulator, or Amazon Cognito by boto3's own ways. Two backends
with one interface, and the choice between them.
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

# Any of these is set on a machine of Binder's.
_BINDER = ("BINDER_SERVICE_HOST", "BINDER_REQUEST", "BINDER_LAUNCH_HOST")
# Names a backend for one kernel, whatever was chosen before.
VARIABLE = "COGNITO_LAB_BACKEND"


def chosen(home: Path) -> str:
    """The backend that `COGNITO_LAB_BACKEND` names, else the one that was chosen last, else the
    emulator. Raises `LessonError` for a name that is none.
    """
    if named := os.environ.get(VARIABLE):
        return _known(named, VARIABLE)
    return _known(learner_progress(home).get("backend") or LOCAL, "The backend that was chosen")


def choose(home: Path, choice: str) -> None:
    """Remember a choice. Raises `LessonError` for a name that is none."""
    if _known(choice, "The backend") != os.environ.get(VARIABLE):
        learner_progress(home).set("backend", choice)
        if os.environ.get(VARIABLE):
            say(
                f"{VARIABLE} is “{os.environ[VARIABLE]}”, and goes before what you chose: your"
                " choice counts once the variable is gone."
            )


def opened(home: Path) -> Backend:
    """The backend of `chosen`. Raises what boto3 raises where it finds no profile, no Region or no
    credentials.
    """
    if chosen(home) == LOCAL:
        return EmulatorBackend(home)
    # Imported when it is needed: the emulator can do without.
    from .aws import Aws

    return Aws(home)


def _why_not_aws() -> str | None:
    """Why AWS cannot be had here, in a sentence; None where it can."""
    if IN_A_TAB:
        return "In a browser tab only the emulator answers: a page of this kind cannot reach AWS."
    if any(name in os.environ for name in _BINDER):
        return (
            "On Binder only the emulator answers: it is a public machine, and no place for AWS"
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
