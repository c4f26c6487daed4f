"""The command: `cognito-tutorial`, also `python -m cognito_helpers`."""

# ruff: noqa: E402
from __future__ import annotations

from . import python_check

python_check.require_packages()  # Before the imports that need them.

import io
import sys
from collections.abc import Sequence

from .terminal import commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand `arguments` name, `sys.argv` by default; returns the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that can't write a character shows another, and the program continues.
        sys.stdout.reconfigure(errors="replace")
    return commands.main(sys.argv[1:] if arguments is None else list(arguments))


if __name__ == "__main__":
    sys.exit(main())
