"""One row of the table of errors."""

from typing import NamedTuple


class Row(NamedTuple):
    """What one error means.

    `key` is its name in the rest of the package. `beginning` is how the message begins, with `…`
    for what differs from case to case. It's empty in the row for all other messages of a code.
    `operations` limits a row to errors of these, if the same message has another cause elsewhere.
    """

    key: str
    code: str
    beginning: str
    why: str
    what_to_do: str
    operations: tuple[str, ...] = ()
