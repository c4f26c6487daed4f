"""The subcommands of `cognito-tutorial`, and its own two: `lab` and `lessons`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from ..errors import LessonError
from ..tutorial_pool.lessons import Lesson
from .learner_copy import Outcome, copy_lessons

DISTRIBUTION = "cognito-tutorial"
FOLDER = Path("cognito-tutorial")
FIRST_LESSON = f"{Lesson.START_HERE.stem}.ipynb"
HELP = """\
Learn to sign users up and in with Amazon Cognito and an authenticator app, in Jupyter notebooks.
Without a subcommand: lab.
"""
# What each subcommand does; the first is the default.
SUBCOMMANDS = {
    "lab": "create or refresh your copy of the lessons, and open JupyterLab there",
    "lessons": "create or refresh your copy of the lessons, and nothing else",
    "run": "go through the whole flow at the prompt",
    "check": "is this computer ready? One sentence per problem, with the command that fixes it",
    "serve": "let the emulator answer any SDK or the AWS CLI at http://127.0.0.1:PORT",
    "inbox": "print the messages the emulator sent to a user",
}


def main(arguments: Sequence[str]) -> int:
    """Run the subcommand `arguments` begin with, `lab` if there's none; returns the exit code: 0,
    or 1 after a sentence on what went wrong.
    """
    parser = argparse.ArgumentParser(
        prog=DISTRIBUTION,
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="subcommands:\n" + "\n".join(f"  {n:<9}{does}" for n, does in SUBCOMMANDS.items()),
    )
    parser.add_argument("--version", action="version", version=version(DISTRIBUTION))
    parser.add_argument("command", nargs="?", choices=list(SUBCOMMANDS), metavar="SUBCOMMAND")
    command, rest = arguments[:1], list(arguments[1:])
    name: str = parser.parse_args(command).command or "lab"
    return _run(name, rest)


def _run(name: str, arguments: list[str]) -> int:
    # Each imports only what it needs, so that `lessons` works before anything else does.
    if name == "lab":
        return lab(arguments)
    if name == "lessons":
        return lessons(arguments)
    if name == "run":
        from . import run

        return run.main(arguments)
    if name == "check":
        from . import check

        argparse.ArgumentParser(
            prog=f"{DISTRIBUTION} check", description=SUBCOMMANDS["check"]
        ).parse_args(arguments)
        return check.main()
    from ..local_cognito import __main__ as emulator

    return emulator.main([name, *arguments], DISTRIBUTION)


def lessons(arguments: Sequence[str]) -> int:
    """`lessons FOLDER`: only the copy. Prints one line per file that changed."""
    parser = argparse.ArgumentParser(
        prog=f"{DISTRIBUTION} lessons", description=SUBCOMMANDS["lessons"]
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    return _copy(parser.parse_args(arguments).folder)


def lab(arguments: Sequence[str], start: Callable[[list[str]], int] | None = None) -> int:
    """`lab [FOLDER] [-- ARGS]`: the copy, then JupyterLab on its first lesson. `start` opens
    JupyterLab with the given arguments.
    """
    arguments, passed_on = _parted(arguments)
    parser = argparse.ArgumentParser(
        prog=f"{DISTRIBUTION} lab",
        usage="%(prog)s [FOLDER] [-- ARGS]",
        description=f"{SUBCOMMANDS['lab']}. What comes after -- is passed on to JupyterLab.",
    )
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, metavar="FOLDER")
    folder = parser.parse_args(arguments).folder
    if _copy(folder):
        return 1
    print(f"Your lessons are in {folder.absolute()}.", flush=True)
    return (start or _jupyterlab)([*passed_on, str(folder.absolute() / FIRST_LESSON)])


def _parted(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The arguments before `--`, and those after it."""
    given = list(arguments)
    if "--" not in given:
        return given, []
    at = given.index("--")
    return given[:at], given[at + 1 :]


def _copy(folder: Path) -> int:
    try:
        changes = copy_lessons(folder.expanduser())
    except (LessonError, RuntimeError) as error:
        # RuntimeError: `~name` for a user this computer doesn't have.
        print(error, file=sys.stderr)
        return 1
    for change in changes:
        print(change, flush=True)
    return int(any(change.outcome is Outcome.BLOCKED for change in changes))


def _jupyterlab(arguments: list[str]) -> int:
    from jupyterlab.labapp import main as jupyterlab

    return int(jupyterlab(arguments) or 0)
