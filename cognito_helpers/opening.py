"""Opening the lab: what the first cell of every lesson does."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from . import earlier_steps
from .lab import Lab
from .plain_errors import LessonError
from .whereabouts import names, where_you_are
from .widgets.waiting import Bar


def open_lab(needs: str = earlier_steps.A_POOL) -> Lab:
    """Open the lab, take the steps that a lesson needs and nobody took yet, and print where the learner stands.

    `needs` is one of `earlier_steps.STATES`. `COGNITO_LAB_HOME` names the folder that everything is kept in, `COGNITO_LAB_BACKEND` what answers: so far
    `local`, the stand-in. Raises `LessonError` or `StateFileError`, one sentence each, where the folder or the backend cannot be used.
    """
    backend = os.environ.get("COGNITO_LAB_BACKEND", "local")
    refuse_aws_on_binder(backend)
    if backend != "local":
        raise LessonError(f"COGNITO_LAB_BACKEND is “{backend}”, and this version has the stand-in alone: set it to “local”, then restart the kernel.")
    home = lab_home()
    try:
        lab = Lab(home)
    except OSError as error:
        raise LessonError(f"The folder {home} cannot be used ({error.strerror}): name another in COGNITO_LAB_HOME, then restart the kernel.") from None
    with lab.wire.aside():
        _forget_what_is_gone(lab)
        before = lab.username
        taken = _take_missing_steps(lab, needs)
    print("The stand-in answers: Amazon Cognito inside this notebook. No AWS account is used, and nothing leaves this computer.")
    if taken:
        print(f"This lesson needs {needs}, so these calls were made for you: {', '.join(taken)}.")
    if before not in (None, lab.username):
        print(f"{before} cannot show its steps again, so you go on as {lab.username}.")
    print(f"{where_you_are(lab)}\n{names(lab)}".strip())
    return lab


def refuse_aws_on_binder(backend: str) -> None:
    """Binder's machines are public: nobody's AWS credentials belong there. Raises `LessonError` where `backend` is another than the stand-in."""
    if backend != "local" and any(name in os.environ for name in ("BINDER_SERVICE_HOST", "BINDER_REQUEST", "BINDER_LAUNCH_HOST")):
        raise LessonError("On Binder only the stand-in answers: it is a public machine, and no place for AWS credentials. For AWS, run the lessons on your own computer.")


def lab_home() -> Path:
    """The folder that everything is kept in: `COGNITO_LAB_HOME`, or the user's data folder."""
    return Path(os.environ.get("COGNITO_LAB_HOME") or platformdirs.user_data_dir("cognito-tutorial")).expanduser()


def _take_missing_steps(lab: Lab, needs: str) -> list[str]:
    """The calls that were made, by their names. At AWS they may take some seconds, and then a bar shows how far they are."""
    bar = Bar("Taking the steps that this lesson needs", earlier_steps.MOST_CALLS)
    taken = []
    for call in earlier_steps.missing_steps(lab, needs):
        taken.append(call)
        bar.step(f"{call} is done")
    bar.finish("The steps that this lesson needs are taken")
    return taken


def _forget_what_is_gone(lab: Lab) -> None:
    """The state file and the progress file may be of different days: what the service no longer has is forgotten."""
    gone = lab.cognito.exceptions.ResourceNotFoundException
    try:
        if lab.pool_id:
            lab.cognito.describe_user_pool(UserPoolId=lab.pool_id)
    except gone:
        lab.forget_pool()
    try:
        if lab.client_id:
            lab.cognito.describe_user_pool_client(UserPoolId=lab.pool_id, ClientId=lab.client_id)
    except gone:
        lab.client_id = None
    if lab.username and lab.user_status() is None:
        lab.forget_user()
