"""The clock that `LocalCognito.clock` is: it tells the service's time, and moves it forward."""

from __future__ import annotations

import math
import time

from .store import Store

# 1 January 9999. Beyond it neither Python's dates nor authenticator codes can follow.
LAST_YEAR = 253370764800


class Clock:
    """Tells the emulator's time, and moves it on.

    The offset lives in the store, so that everybody who shares a state file agrees on the time,
    today and tomorrow.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> float:
        """Seconds since 1970, as the service sees them."""
        return self._store.transact(lambda tx: tx.now)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once. A clock that went back would make used codes good again, so
        it only goes on.
        """
        if not 0 <= seconds < math.inf:
            raise ValueError("The clock only goes on: give a number of seconds of 0 or more.")
        if self.now() + seconds >= LAST_YEAR:
            raise ValueError("The clock cannot go beyond the year 9998: give fewer seconds.")
        self._store.transact(lambda tx: tx.advance(seconds))

    def offset(self) -> float:
        """How many seconds the service's clock is ahead of this machine's."""
        return self.now() - time.time()
