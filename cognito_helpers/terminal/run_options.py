"""The options of `cognito-tutorial run`: the service, and the questions answered in advance."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from ..backends.base import AWS, LOCAL
from ..errors import LessonError
from ..ui import fields
from ..ui.fields import Field
from .console import OPTIONS

HELP = """\
Sign up a user in an Amazon Cognito user pool, set up an authenticator app, sign in, and have this
device remembered. Each call is named, and its response explained. Without --backend the emulator
is used: it's created for this run, needs no AWS account, and is deleted afterwards.
"""
PASSWORD_HELP = (
    "a file whose first line is the password; - for the first line of standard input. No option"
    " takes the password itself: others could see it"
)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options, checked; ends the program with a usage message if they don't fit together."""
    # Without abbreviations: --password would mean --password-file.
    parser = argparse.ArgumentParser(
        prog="cognito-tutorial run", description=HELP, allow_abbrev=False
    )
    _add_service(parser)
    _add_answers(parser)
    options = parser.parse_args(arguments)
    if options.backend == AWS and not options.client_id:
        parser.error("--backend aws needs POOL_ID and CLIENT_ID")
    if options.backend == LOCAL and options.pool_id:
        parser.error(
            "the emulator creates a pool of its own: leave POOL_ID and CLIENT_ID out, or add"
            " --backend aws"
        )
    return options


def _add_service(parser: argparse.ArgumentParser) -> None:
    """The service."""
    parser.add_argument(
        "pool_id",
        nargs="?",
        type=_id(r"[\w-]+_[0-9A-Za-z]+"),
        metavar="POOL_ID",
        help="with --backend aws: your user pool, such as us-east-1_AbCdEfGhI",
    )
    parser.add_argument(
        "client_id",
        nargs="?",
        type=_id(r"[\w+]+"),
        metavar="CLIENT_ID",
        help="with --backend aws: its app client, one without a secret",
    )
    parser.add_argument(
        "--backend",
        choices=[LOCAL, AWS],
        default=LOCAL,
        help="local, the emulator (default), or aws, with your own settings for boto3",
    )


def _add_answers(parser: argparse.ArgumentParser) -> None:
    """The questions answered in advance."""
    parser.add_argument(
        "--username",
        type=_answer(fields.username()),
        metavar="NAME",
        help="the name to sign up with",
    )
    parser.add_argument(
        "--email", type=_answer(fields.email()), metavar="ADDRESS", help="where the code goes"
    )
    parser.add_argument("--password-file", type=Path, metavar="FILE", help=PASSWORD_HELP)
    parser.add_argument(
        "--remember-device",
        type=_answer(fields.yes_no()),
        metavar="yes|no",
        help="whether this device signs in without a code",
    )
    parser.add_argument(
        "--delete-user",
        type=_answer(fields.yes_no()),
        metavar="yes|no",
        help="whether the user is deleted at the end",
    )


def _answer(field: Field) -> Callable[[str], str]:
    """A type for an option that accepts the same as its question."""

    def taken(text: str) -> str:
        tidy = field.tidy(text)
        if problem := field.check(tidy):
            raise argparse.ArgumentTypeError(problem)
        return tidy

    return taken


def _id(pattern: str) -> Callable[[str], str]:
    """A type for an ID in Cognito's format."""
    return _answer(
        Field(
            "",
            None,
            lambda text: (
                None if re.fullmatch(pattern, text, re.ASCII) else "it doesn't look like one"
            ),
        )
    )


def given(options: argparse.Namespace) -> dict[str, str]:
    """The answers given in advance."""
    given = {name: value for name in OPTIONS if (value := getattr(options, name, None))}
    if options.password_file:
        given["password"] = _first_line(options.password_file)
    return given


def _first_line(path: Path) -> str:
    try:
        with nullcontext(sys.stdin) if str(path) == "-" else path.open(encoding="utf-8") as file:
            password = file.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise LessonError(
            f"The first line of {path} isn't a password: it isn't text in UTF-8."
        ) from None
    if problem := fields.password().check(password):
        raise LessonError(f"The first line of {path} isn't a password. {problem}")
    return password
