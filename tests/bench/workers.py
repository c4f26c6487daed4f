"""Each contestant in a separate process, one round at a time, so that the contestants take turns
without affecting each other.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from .contestants import CONTESTANTS, Contestant
from .mathematics import PIECES
from .servers import CannotStart
from .starting import resident
from .visits import Call, NotThere, Timed, go, looks, scenario, visit


class Round(NamedTuple):
    """What one round took, in seconds: each call; the calls of one user's visit together; one
    user's whole scenario, or where it stops; each piece of mathematics.
    """

    calls: list[Call]
    visit: float
    floor_visit: float
    scenario: float | None
    stops_at: str
    pieces: list[float]


class Worker:
    """One contestant. Using it raises `RuntimeError` with one sentence if it can't take part."""

    def __init__(self, name: str) -> None:
        self._end, other = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=_work, args=(other, name), daemon=True
        )
        self._process.start()
        other.close()

    def begin(self, *request: Any) -> None:
        """Send a request without waiting."""
        self._end.send(request)

    def answer(self) -> Any:
        """Wait for the response."""
        kind, value = self._end.recv()
        if kind == "trouble":
            raise RuntimeError(value)
        return value

    def ask(self, *request: Any) -> Any:
        self.begin(*request)
        return self.answer()

    def close(self) -> None:
        """End the process, and with it the server it started."""
        with suppress(OSError):
            self._end.send(("end",))
        self._process.join(timeout=15)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()


def _work(end: Connection, name: str) -> None:
    # Ctrl-C reaches every process at once; the first one ends the others in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, suppress(EOFError):
        try:
            if name not in CONTESTANTS:
                raise CannotStart("there is no contestant of this name")
            with CONTESTANTS[name](Path(folder)) as contestant:
                _serve(end, contestant)
        except Exception as trouble:
            end.recv()
            end.send(("trouble", f"{trouble}" or type(trouble).__name__))


def _serve(end: Connection, contestant: Contestant) -> None:
    walker = Walker(contestant)
    can: dict[str, Callable[..., Any]] = {
        "fill": contestant.fill,
        "round": walker.round,
        "resident": lambda: _resident(contestant),
    }
    while (request := end.recv())[0] != "end":
        end.send(("done", can[request[0]](*request[1:])))


def _resident(contestant: Contestant) -> int:
    assert contestant.state is not None, "only the emulator has a file"
    return resident(contestant.state, contestant.users)


class Walker:
    """Sends classes of users through a contestant, each user under a new name."""

    def __init__(self, contestant: Contestant) -> None:
        self._flow, self._floor = contestant.flow, contestant.floor
        self._stops_at = ""

    def round(self, number: int, seats: int) -> Round:
        """One class of so many users for each walk; `number` makes their names new."""
        aws = Timed(self._flow.aws, self._floor)
        go(visit, self._flow, aws, "OPTIONAL", _class("visitor", number, seats))
        visited, floor_visited = (
            sum(getattr(call, part) for call in aws.calls) / seats for part in ("seconds", "floor")
        )
        walked = None if self._stops_at else self._scenario(f"alone{number}")
        if self._floor:
            go(scenario, self._flow, aws, "ON", _class("walker", number, seats))
            go(looks, self._flow, aws, "ON", _class("nobody", number, seats))
        return Round(
            aws.calls,
            visited,
            floor_visited,
            walked,
            self._stops_at,
            [piece.seconds() for piece in PIECES.values()],
        )

    def _scenario(self, username: str) -> float | None:
        """Seconds from the first call to the last of one user alone, including the user's own part;
        None if the contestant can't continue.
        """
        aws = Timed(self._flow.aws)
        start = time.perf_counter()
        try:
            go(scenario, self._flow, aws, "ON", [username])
        except (ClientError, NotThere) as end:
            last = aws.calls[-1].label.partition(":")[0]
            self._stops_at = (
                f"{last} {end}"
                if isinstance(end, NotThere)
                else f"{last} is rejected with {end.response['Error']['Code']}"
            )
            return None
        return time.perf_counter() - start


def _class(name: str, number: int, seats: int) -> list[str]:
    return [f"{name}{number}-{seat}" for seat in range(seats)]
