"""The service's clock: the machine's time plus an offset that is stored with the state.

It never goes back. If the machine's clock is set back, the service's continues from its latest
time, at half the speed until both agree again: what expired stays expired, and a lock lasts at most
twice as long.
"""

from __future__ import annotations

import math
import sqlite3
import time
from typing import NamedTuple


class Moment(NamedTuple):
    """A time the service reported, and the machine's clock at that moment."""

    service: float
    machine: float


class Times:
    """What the service's time is based on: the rows of `meta`, and the latest time this process has
    reported. Only a transaction that changes something writes the latest time to the store.
    """

    def __init__(self) -> None:
        self._latest = Moment(-math.inf, 0)

    def read(self, connection: sqlite3.Connection) -> float:
        """The service's time now."""
        machine = time.time()
        kept = {row[0]: row[1] for row in connection.execute("SELECT name, value FROM meta")}
        latest = Moment(kept.get("latest time", -math.inf), kept.get("machine time", 0))
        now: float = max(
            machine + kept["clock offset"],
            *(
                known.service + max(0.0, machine - known.machine) / 2
                for known in (latest, self._latest)
            ),
        )
        self._latest = Moment(now, machine)
        return now

    def write(self, connection: sqlite3.Connection, now: float) -> None:
        """Store `now` as the latest time, together with what was changed then."""
        connection.execute(
            "INSERT INTO meta VALUES ('latest time', ?), ('machine time', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (now, self._latest.machine),
        )
