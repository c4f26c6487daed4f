"""The emulator from a shell: `serve` responds to HTTP on this machine, `inbox` prints a user's
messages.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from email.utils import formatdate
from pathlib import Path

from ..text import visible
from . import LocalCognito, Message, StateFileError
from .lambda_file import LambdaFileError, load
from .transports.http import HttpEndpoint

PROGRAM = "python -m cognito_helpers.local_cognito"
HELP = "An emulator for Amazon Cognito user pools, for learning."


class CommandError(Exception):
    """The command can't be run. The message is one sentence for the user."""


def main(arguments: Sequence[str] | None = None, program: str = PROGRAM) -> int:
    """Run the command that `arguments` name, `sys.argv` by default; returns the exit code.

    `program` is the command's name in help texts.
    """
    options = _parser(program).parse_args(arguments)
    try:
        if options.command == "serve":
            _serve(options.port, options.state, options.lambdas)
        else:
            _print_inbox(options.username, options.state, options.code)
    except (CommandError, LambdaFileError, StateFileError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=HELP)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser(
        "serve", help="answer any SDK or the AWS CLI at http://127.0.0.1:PORT, until Ctrl-C"
    )
    serve.add_argument(
        "--port",
        type=_port,
        default=0,
        help="the port to listen on; 0, the default, takes any free port",
    )
    serve.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="where everything is kept; without it all is forgotten at the end",
    )
    serve.add_argument(
        "--lambdas",
        type=Path,
        metavar="FILE.py",
        help="Python functions for Lambda triggers, named by the ARNs in LambdaConfig",
    )
    inbox = commands.add_parser(
        "inbox", help="print the messages that were sent to a user, newest last"
    )
    inbox.add_argument("username")
    inbox.add_argument(
        "--state", type=Path, metavar="FILE", required=True, help="the file that `serve` was given"
    )
    inbox.add_argument("--code", action="store_true", help="print the newest code alone")
    return parser


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 0 to 65535")
    return int(text)


def _serve(port: int, state: Path | None, lambdas: Path | None) -> None:
    emulator = LocalCognito(state, load(lambdas) if lambdas else None)
    try:
        endpoint = HttpEndpoint(emulator.service, port)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else error
        raise CommandError(
            f"Port {port} can't be used ({reason}): choose another with --port, or leave it out"
            " for any free port."
        ) from None
    with suppress(KeyboardInterrupt):
        asyncio.run(_until_told(endpoint))
    if endpoint.unanswered:
        # SQLite can't be interrupted while it waits for a file that another process has locked, and
        # Python would wait with it.
        os._exit(0)
    emulator.close()


async def _until_told(endpoint: HttpEndpoint) -> None:
    # On Windows loops handle no signals: Ctrl-C cancels this there, and nothing sends SIGTERM.
    with suppress(NotImplementedError):
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, endpoint.stop)
    print(f"Listening on {endpoint.url}", flush=True)
    await endpoint.serve()


def _print_inbox(username: str, state: Path, only_code: bool) -> None:
    if not os.path.exists(state):
        raise CommandError(
            f"There's no state file {state}: name the one that `serve` was given with --state."
        )
    with closing(LocalCognito(state)) as emulator:
        # No user has a name that can't be printed, and SQLite rejects half characters.
        messages = emulator.inbox(username) if username.isprintable() else []
    if not messages:
        raise CommandError(f"No message was sent to {username}.")
    if only_code:
        print(messages[-1].code)
    else:
        print("\n\n".join(_as_text(message) for message in messages))


def _as_text(message: Message) -> str:
    # A text message has no subject.
    subject = f"\nSubject: {message.subject}" if message.subject else ""
    return visible(
        f"Date: {formatdate(message.sent, usegmt=True)}\nTo: {message.destination}{subject}\n\n"
        f"{message.body}"
    )


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
