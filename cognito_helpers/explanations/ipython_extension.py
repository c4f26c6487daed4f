"""One plain sentence instead of a traceback, for errors a learner may run into.

Part of the IPython extension `cognito_helpers`, which every kernel of the tutorial's environment
loads (see `etc/ipython`), so that it also helps if the first cell was skipped.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import ClientError, ParamValidationError
from IPython.display import display

from ..errors import LessonError, NotAsked
from ..local_cognito import StateFileError
from ..redact import redact_report
from ..tutorial_pool.lessons import Lesson
from . import aws_errors, next_cell, repeated_calls
from .service_errors import code_and_message, explained, key_of

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


# Errors after which a sign-in has to start again, by their keys.
ENDED_SESSION = ("session-expired", "session-used")

SIGN_INS = ("InitiateAuth", "AdminInitiateAuth")
_OTHER_LESSON = (
    "Another open lesson may have changed the password, or the user. Then run this"
    " lesson again from its first cell."
)
_FROM_WHERE = "Run the cell above that stopped before its end, or this lesson from its first cell."
_NO_CHALLENGE = (
    "it asked for nothing more, and the sign-in is complete. That happens in a pool with no second"
    " factor, or with an optional one (MfaConfiguration). Lesson"
    f" {Lesson.CREATE_A_USER_POOL} lists what your pool lacks; continue with a cell that needs no"
    " challenge."
)
# Members of a response that cells read, and why each may be missing
ABSENT = dict.fromkeys(
    ("ChallengeName", "Session", "USER_ID_FOR_SRP", "MFAS_CAN_SETUP", "ChallengeParameters"),
    _NO_CHALLENGE,
) | {
    "AuthenticationResult": (
        "something is asked for first, and “ChallengeName” says what. Where the lesson expects"
        f" tokens here, your pool differs from the tutorial's: lesson"
        f" {Lesson.CREATE_A_USER_POOL} lists how."
    ),
    "NewDeviceMetadata": (
        "no device was offered. That happens in a pool that doesn't track devices"
        " (DeviceConfiguration), and when a known device signs in. Lesson"
        f" {Lesson.CREATE_A_USER_POOL}"
        " lists what your pool lacks; continue with a cell that needs no device."
    ),
}


class Frame(Protocol):
    """Draws the words for an error: its text, and for an error of the service the error itself and
    what there is to say beyond its explanation.
    """

    def __call__(self, text: str, error: ClientError | None, more: list[str]) -> object: ...


def load_ipython_extension(shell: InteractiveShell, helpers: Collection[str], frame: Frame) -> None:
    """Called by the package's own `load_ipython_extension`, when a kernel starts. `helpers` are the
    names a lesson can import, `frame` draws what's said.
    """
    # The handler gets every exception, and passes on those that aren't for learners.
    shell.set_custom_exc((Exception,), partial(_explain, helpers=helpers, frame=frame))


def _explain(
    shell: InteractiveShell,
    kind: type[Exception],
    error: Exception,
    trace: TracebackType,
    tb_offset: int | None = None,
    *,
    helpers: Collection[str],
    frame: Frame,
) -> None:
    sentence = plain(error)
    if sentence is None and isinstance(error, NameError) and error.name:
        sentence = next_cell.not_imported(error.name, helpers)
    if sentence is None:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        return
    more = _advice(error) if isinstance(error, ClientError) else []
    source = shell.user_ns.get("In", [""])[-1]
    if _is_ended_session(error) and (cell := next_cell.session_ended(source)):
        more.append(cell)
        sentence = f"{sentence}\n{cell}"
    display(frame(sentence, error if isinstance(error, ClientError) else None, more))


def plain(error: Exception) -> str | None:
    """The words for `error`, or None if a traceback is better."""
    if isinstance(error, NotAsked) and (cell := next_cell.form_with(error.question)):
        return cell
    if isinstance(error, LessonError | StateFileError):
        return str(error)
    if said := aws_errors.sentence(error):
        return said
    if isinstance(error, ClientError):
        return _refusal(error)
    if isinstance(error, ParamValidationError) and (
        missing := re.findall("parameter (.+?), value: None,", error.kwargs["report"])
    ):
        # A lesson reads it from the lab, and an earlier cell didn't set it, or removed it, like the
        # pool when it was deleted.
        return (
            f"boto3 didn't send this, because {' and '.join(missing)} would be None. It doesn't"
            f" exist yet, or no longer does. {_FROM_WHERE}"
        )
    if isinstance(error, ParamValidationError):
        return (
            f"boto3 didn't send this: {redact_report(error.kwargs['report'])}. Fix the parameter it"
            " names."
        )
    if isinstance(error, KeyError) and str(error).strip("'") in ABSENT and _rose_in_a_cell(error):
        return absent(str(error).strip("'"))
    if isinstance(error, AttributeError) and error.obj is None and _rose_in_a_cell(error):
        return f"Something this cell needs doesn't exist yet, or no longer does. {_FROM_WHERE}"
    if isinstance(error, NameError) and error.name:
        return next_cell.too_early(error.name)
    if isinstance(error, AssertionError) and not error.args and _rose_in_a_cell(error):
        return (
            "The lab isn't as this cell expects. Another lesson changed it, or a cell was run out"
            " of order. Run this lesson again from its first cell."
        )
    return None


def absent(member: str) -> str:
    """The words for a missing part of Cognito's response, one of `ABSENT`."""
    return f"Cognito's answer has no “{member}”: {ABSENT[member]}"


def _rose_in_a_cell(error: Exception) -> bool:
    """Whether it was raised in the learner's own code, not in something it calls: there an
    assertion is a bug, and its traceback says where.
    """
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals.get("__name__") == "__main__"


def _is_ended_session(error: Exception) -> bool:
    return isinstance(error, ClientError) and key_of(*code_and_message(error)) in ENDED_SESSION


def _refusal(error: ClientError) -> str:
    return "\n  ".join(
        [
            f"Cognito rejected {error.operation_name}: {explained(error).text()}",
            *_advice(error),
        ]
    )


def _advice(error: ClientError) -> list[str]:
    """What else may be the reason: a second run of the cell, or another open lesson."""
    twice = repeated_calls.second_run(error.operation_name, *code_and_message(error))
    is_sign_in = error.operation_name in SIGN_INS
    wrong_password = key_of(*code_and_message(error)) == "wrong-password"
    more = [twice, _OTHER_LESSON if is_sign_in and wrong_password else None]
    return [*filter(None, more)]
