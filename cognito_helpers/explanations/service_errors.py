"""What an error of Amazon Cognito means: looked up in the table, and worded the same everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from botocore.exceptions import ClientError

from ..text import visible
from .error_rows import ROWS
from .error_rows.row import Row

# The page that lists every error, beside the lessons
REFERENCE = "reference.md"

BY_KEY = {row.key: row for row in ROWS}


def find(code: str, message: str, operation: str = "") -> Row | None:
    """The row of an error; None if the table has none. Rows for certain operations count only if
    `operation` is one of them.
    """
    return next(
        (
            row
            for row in ROWS
            if row.code == code
            and (not row.operations or operation in row.operations)
            and _pattern(row.beginning).match(message)
        ),
        None,
    )


def key_of(code: str, message: str) -> str:
    """The key of an error; empty if the table doesn't have it.

    >>> key_of("NotAuthorizedException", "User is disabled.")
    'user-disabled'
    """
    row = find(code, message)
    return row.key if row else ""


@cache
def _pattern(beginning: str) -> re.Pattern[str]:
    return re.compile(".*?".join(map(re.escape, beginning.split("…"))), re.DOTALL)


def code_and_message(error: ClientError) -> tuple[str, str]:
    """The error's code and message. Endpoints other than Cognito's may leave out either."""
    sent = error.response.get("Error", {})
    return str(sent.get("Code", "")), str(sent.get("Message", ""))


@dataclass(frozen=True)
class Explained:
    """An error in words: its code and message, why it came, and what to do. Every view of an error
    uses these words. `operation` is the call it's from, if known.
    """

    code: str
    message: str
    operation: str = ""

    @property
    def row(self) -> Row | None:
        """What the table says about it."""
        return find(self.code, self.message, self.operation)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """What there is to say below the code: pairs of label and text."""
        row = self.row
        said = [("message", visible(self.message))]
        return said + ([("why", row.why), ("what now", row.what_to_do)] if row else [])

    @property
    def page(self) -> str:
        """Where the reference lists it; empty if it doesn't."""
        return f"{REFERENCE}#{self.code}" if self.row else ""

    def text(self) -> str:
        """All of it, in lines."""
        (_, message), *more = self.parts
        lines = [visible(self.code), f"  {message}"]
        lines += [f"  {label.capitalize()}: {text}" for label, text in more]
        if self.page:
            lines.append(f"  Reference: {self.code} in {REFERENCE}")
        return "\n".join(lines)

    def line(self) -> str:
        """Its code and message, in one line."""
        return f"{visible(self.code)}: {visible(self.message)}"

    def advice(self) -> str:
        """Why it came and what to do, in one line; empty if the table doesn't have it."""
        row = self.row
        return f"{row.why} {row.what_to_do}" if row else ""


def explained(error: ClientError) -> Explained:
    """An exception of boto3's, explained."""
    return Explained(*code_and_message(error), str(error.operation_name))
