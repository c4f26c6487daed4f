"""`make bench`: the emulator beside boto3's own floor and beside other emulators, on one machine,
in one run.
"""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from . import report, starting
from .contestants import CONTESTANTS, EMULATOR, HTTP
from .figures import Entry, Figures
from .workers import Round, Worker

OURS = (EMULATOR, HTTP)


class Effort(NamedTuple):
    """How much is measured: the two sizes, the rounds, each peer's time limits in seconds for
    reaching the larger size and for its rounds, and the users per class.
    """

    few: int = 100
    many: int = 100_000
    rounds: int = 15
    seconds: float = 20.0
    seats: int = 5


def run(effort: Effort, names: list[str]) -> Figures:
    """Let the named contestants take turns."""
    entries: dict[Worker, Entry] = {}
    missing: dict[str, str] = {}
    with ExitStack() as ends:
        for name in names:
            for wanted in (effort.few, effort.many):
                worker = Worker(name)
                ends.callback(worker.close)
                entries[worker] = Entry(name, wanted)
        # The emulator's contestants are filled side by side; each peer alone, since its time is
        # limited.
        ours = [worker for worker, entry in entries.items() if entry.name in OURS]
        for together in [ours, *([worker] for worker in entries if worker not in ours)]:
            _fill(together, entries, missing, effort.seconds)
        _take_turns(entries, effort)
        resident = {
            entry.users: worker.ask("resident")
            for worker, entry in entries.items()
            if entry.name == EMULATOR
        }
    return Figures(list(entries.values()), missing, resident)


def _fill(
    workers: list[Worker], entries: dict[Worker, Entry], missing: dict[str, str], seconds: float
) -> None:
    for worker in workers:
        worker.begin("fill", entries[worker].wanted, seconds)
    for worker in workers:
        try:
            entries[worker].users = worker.answer()
            _say(f"{entries[worker].name}: {entries[worker].users:,} users")
        except RuntimeError as trouble:
            missing[entries.pop(worker).name] = str(trouble)


def _take_turns(entries: dict[Worker, Entry], effort: Effort) -> None:
    left = dict.fromkeys(entries, effort.seconds)
    for number in range(effort.rounds + 1):
        _say(f"round {number} of {effort.rounds}")
        for worker, entry in entries.items():
            if left[worker] <= 0 and entry.name not in OURS:
                continue
            done: Round = worker.ask("round", number, effort.seats)
            left[worker] -= done.visit + (done.scenario or 0)
            if number > 0:
                entry.rounds.append(done)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> None:
    # Imports Jupyter, which nothing else here needs
    from . import lessons

    # Told to end, it ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=Effort().rounds, help="how often each contestant has its turn"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="write the figures beside the benchmark and into its README",
    )
    options = parser.parse_args(arguments)
    figures = run(Effort(rounds=options.rounds), list(CONTESTANTS))
    figures.starting = starting.measure(_say)
    figures.lessons = lessons.measure(_say)
    print(report.as_text(figures))
    if options.write:
        report.write(figures, Path(__file__).parent)


if __name__ == "__main__":
    main()
