"""Opening the lab: what the first cell of every lesson does."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from ..backends import choice
from ..challenge_lab.tutorial_lab import TutorialLab
from ..errors import LessonError
from ..lab.lab import Lab
from ..local_cognito.storage.store import IN_A_TAB
from ..sign_in.authenticator import STEP as CODE_LASTS
from ..text import in_words, say
from ..ui.progress_bar import Bar
from . import prerequisites

# In a browser tab, whose own disk is gone with the kernel
UNTIL_THE_END = "/tmp/progress"


def open_lab(needs: str = prerequisites.A_POOL, backend: str | None = None) -> TutorialLab:
    """Open the lab, take the missing steps a lesson needs, and print what's ready.

    `needs` is one of `prerequisites.STATES`. `backend`, "local" for the emulator or "aws", is
    remembered; by default it's the last choice. `COGNITO_LAB_HOME` names the folder that everything
    is kept in, `COGNITO_LAB_BACKEND` a backend that overrides any choice. Raises `LessonError` or
    `StateFileError`, one sentence each, if the folder or the backend can't be used; at AWS also
    boto3's exceptions.
    """
    home = _made_home()
    if backend is not None:
        choice.choose(home, backend)
    lab = TutorialLab(choice.opened(home))
    lab.backend.introduce()
    with lab.requests.aside():
        _forget_what_is_gone(lab)
        before = lab.username
        taken = _take_missing_steps(lab, needs)
    if taken:
        say(f"This lesson needs {needs}, so these calls were made for you: {', '.join(taken)}.")
    if "AdminCreateUser" in taken:
        say(
            "An administrator created the user, so no email was needed. Codes come from the phone"
            " on the page."
        )
    if before not in (None, lab.username):
        say(f"{before} can't take these steps again, so you continue as {lab.username}.")
    for line in filter(None, (clock(lab), ready(lab, needs), finished(lab))):
        say(line)
    return lab


def lab_home() -> Path:
    """The folder that everything is kept in: `COGNITO_LAB_HOME`, or the user's data folder."""
    named = os.environ.get("COGNITO_LAB_HOME")
    try:
        return Path(named or platformdirs.user_data_dir("cognito-tutorial")).expanduser()
    except RuntimeError:
        raise LessonError(
            f"{named or 'This user'} has no home folder. Name a folder in COGNITO_LAB_HOME, then"
            " restart the kernel."
        ) from None


def _made_home() -> Path:
    """The folder, created if it's missing."""
    home = lab_home()
    try:
        make_home(home)
    except OSError as error:
        if not IN_A_TAB:
            raise LessonError(
                f"The folder {home} can't be used ({error.strerror}). Name another one in"
                " COGNITO_LAB_HOME, then restart the kernel."
            ) from None
        say(
            "This browser keeps no files for this page: what you do is kept until you leave this"
            " lesson."
        )
        os.environ["COGNITO_LAB_HOME"] = UNTIL_THE_END
        make_home(home := lab_home())
    return home


def make_home(home: Path) -> None:
    """Create the folder, with those above it that are missing, accessible only to its owner."""
    # `parents=True` would apply the mode only to the last folder.
    for folder in reversed([home, *home.parents]):
        folder.mkdir(mode=0o700, exist_ok=True)


def _take_missing_steps(lab: Lab, needs: str) -> list[str]:
    """Take the missing steps and return the names of the calls. At AWS they may take some seconds,
    and then a bar shows the progress.
    """
    bar = Bar("Preparing this lesson", prerequisites.MOST_CALLS)
    taken = []
    for call in prerequisites.missing_steps(lab, needs):
        taken.append(call)
        bar.step(f"{call} is done")
    bar.finish("This lesson is prepared.")
    return taken


def _forget_what_is_gone(lab: Lab) -> None:
    """Forget what the service no longer has: the state file and the progress file may be of
    different days.
    """
    gone = lab.cognito.exceptions.ResourceNotFoundException
    if lab.pool_id is None and (lab.client_id or lab.username):
        lab.forget_pool()
        say("What the lab kept about a pool it no longer knows was deleted.")
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


def ready(lab: Lab, needs: str) -> str:
    """One line: what's ready for the lesson. It never says more than what's true."""
    if lab.pool_id is None:
        return ""
    status = {"UNCONFIRMED": "not confirmed yet"}.get(lab.user_status() or "", "confirmed")
    has_app = lab.username in lab.phone.accounts or prerequisites.includes_app(needs)
    there = [
        (lab.pool_id, f"pool {lab.pool_id}"),
        (lab.client_id, f"app client {lab.client_id}"),
        (lab.username, f"user {lab.username}, {status}"),
        (lab.username and has_app, "authenticator app set up"),
        (lab.device, "device remembered"),
    ]
    return f"Ready: {', '.join(words for known, words in there if known)}."


def finished(lab: TutorialLab) -> str:
    """One line: the lessons finished so far; empty if there are none."""
    done = ", ".join(lesson.value for lesson in lab.finished)
    return f"Finished lessons: {done}." if done else ""


def clock(lab: Lab) -> str:
    """How far the service's clock is ahead, if that makes codes of the learner's own phone invalid;
    otherwise empty.
    """
    if lab.clock_ahead() <= CODE_LASTS:
        return ""
    return (
        f"The service's clock is {in_words(lab.clock_ahead())} ahead of this computer's, because"
        " lessons let time pass. Your own phone shows other codes than the service expects:"
        " use the phone on the page."
    )
