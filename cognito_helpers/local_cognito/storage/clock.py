"""`LocalCognito.clock`: the service's time, which can be moved forward."""

from __future__ import annotations

import math
import time

from .store import Store

# 1 January 9999. Python's dates and authenticator codes go no further.
LAST_YEAR = 253370764800


class Clock:
    """The emulator's clock, which can be moved forward.

    The offset is in the store, so that everyone who shares a state file agrees on the time, today
    and tomorrow.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> float:
        """Seconds since 1970, by the service's clock."""
        return self._store.transact(lambda tx: tx.now)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once. Moving the clock back would make used codes valid again, so
        it only moves forward.
        """
        if not 0 <= seconds < math.inf:
            raise ValueError("The clock only moves forward: give a number of seconds of 0 or more.")
        if self.now() + seconds >= LAST_YEAR:
            raise ValueError("The clock can't go beyond the year 9998: give fewer seconds.")
        self._store.transact(lambda tx: tx.advance(seconds))

    def offset(self) -> float:
        """How many seconds the service's clock is ahead of this machine's."""
        return self.now() - time.time()
