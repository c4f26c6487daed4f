"""Start a JupyterHub on this computer, let learners do the core lessons all at once, and print what
it took: `make hub`, or `.hub/bin/python -m etc.hub.try_hub 3` for three learners.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from .learner import HubError, Learner
from .processes import Watch

CORE = [
    *("00_start_here.ipynb", "02_sign_up.ipynb", "03_set_up_mfa.ipynb", "04_sign_in.ipynb"),
    "06_remember_a_device.ipynb",
]
LEARNERS = 20
CONFIG = Path(__file__).with_name("jupyterhub_config.py")
PROGRESS = "lab/progress.json"
POOL = re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]+")


def main(arguments: list[str]) -> int:
    """Run it with as many learners as the first argument says; return the exit code."""
    count = int(arguments[0]) if arguments else LEARNERS
    with tempfile.TemporaryDirectory() as folder, running_hub(Path(folder)) as hub:
        try:
            room(hub, count)
        except HubError as error:
            print(error, file=sys.stderr)
            print((Path(folder) / "hub.log").read_text(encoding="utf-8")[-3000:], file=sys.stderr)
            return 1
    return 0


class Hub:
    """A hub in its own folder."""

    def __init__(self, folder: Path) -> None:
        self.homes = folder / "homes"
        self.homes.mkdir()
        self.password, self.token = secrets.token_hex(), secrets.token_hex()
        ports = free_ports(3)
        self.address = f"http://127.0.0.1:{ports[0]}"
        variables = {
            "TRY_HUB_HOMES": str(self.homes),
            "TRY_HUB_PORTS": " ".join(map(str, ports)),
            "TRY_HUB_PASSWORD": self.password,
            "TRY_HUB_TOKEN": self.token,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        with (folder / "hub.log").open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "--config", str(CONFIG)],
                **{"cwd": folder, "env": os.environ | variables, "stdout": log, "stderr": log},
            )

    def wait(self) -> None:
        """Wait until it responds."""
        for _ in range(240):
            with suppress(requests.ConnectionError):
                if requests.get(f"{self.address}/hub/health", timeout=60).ok:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.5)
        raise HubError("The hub doesn't start.")


@contextmanager
def running_hub(folder: Path) -> Iterator[Hub]:
    """Run a hub while the block runs, and leave nothing behind."""
    hub = Hub(folder)
    try:
        yield hub
    finally:
        hub.process.terminate()  # It ends its servers and its proxy.
        try:
            hub.process.wait(60)
        except subprocess.TimeoutExpired:
            hub.process.kill()


def free_ports(count: int) -> list[int]:
    """Unused ports."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def room(hub: Hub, count: int) -> None:
    """Sign everyone in, let everyone do each lesson, and print what it took."""
    print(f"{count} learners, {os.cpu_count()} cores, Python {sys.version.split()[0]}, ", end="")
    print(f"load {os.getloadavg()[0]:.1f} before", flush=True)
    begun = time.perf_counter()
    hub.wait()
    print(f"the hub: {time.perf_counter() - begun:.1f} s to start")
    names = [f"learner{number:02}" for number in range(1, count + 1)]
    learners = [Learner(hub.address, name, hub.token) for name in names]
    with Watch(hub.process.pid, hub.homes) as watch:
        together("signing in", learners, lambda learner: learner.sign_in(hub.password))
        together("a server each", learners, lambda learner: learner.start())
        for lesson in CORE:
            together(lesson, learners, lambda learner, lesson=lesson: learner.run(lesson))
        watch.report()
    check_nothing_is_shared(hub, learners, watch.strange)
    print(f"everything: {time.perf_counter() - begun:.1f} s")


def together(what: str, learners: list[Learner], step: Callable[[Learner], object]) -> None:
    """Let all learners take a step at the same time, and print how long each waited."""

    def timed(learner: Learner) -> float:
        begun = time.perf_counter()
        step(learner)
        return time.perf_counter() - begun

    with ThreadPoolExecutor(len(learners)) as threads:
        taken = list(threads.map(timed, learners))
    print(
        f"{what}: median {statistics.median(taken):.1f} s, longest {max(taken):.1f} s", flush=True
    )


def check_nothing_is_shared(hub: Hub, learners: list[Learner], strange: set[str]) -> None:
    """Raise `HubError` if a learner has, opened or may read another's files."""
    pools = {
        learner.name: set(POOL.findall(Path(hub.homes, learner.name, PROGRESS).read_text()))
        for learner in learners
    }
    everything = [pool for own in pools.values() for pool in own]
    if not all(pools.values()) or len(everything) != len(set(everything)):
        raise HubError(f"Learners don't have pools of their own: {pools}.")
    if strange:
        raise HubError(f"A process opened a file of another learner: {sorted(strange)}.")
    for learner, other in zip(learners, learners[1:] + learners[:1], strict=True):
        if not learner.may_enter(learner):
            raise HubError(f"{learner.name} can't read their own lessons.")
        if learner is not other and learner.may_enter(other):
            raise HubError(f"{learner.name} can read the lessons of {other.name}.")
    print(
        f"nothing is shared: {len(everything)} pools, each of one learner; no process opened a file"
        " of another learner; no one's token opens the server of another"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
