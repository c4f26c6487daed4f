"""The memory and open files of a hub's processes, measured again and again while learners work."""

from __future__ import annotations

import statistics
import threading
from collections import defaultdict
from pathlib import Path
from types import TracebackType

import psutil

EVERY = 3  # Seconds
MEGABYTE = 1e6
KINDS = {
    "ipykernel_launcher": "a kernel",
    "singleuser": "a server",
    "configurable-http-proxy": "the proxy",
    "jupyterhub": "the hub",
}


class Watch:
    """Watch a hub's processes in a thread. `strange` are the files a process of one learner had
    open in another's home folder.
    """

    def __init__(self, hub: int, homes: Path) -> None:
        self.strange: set[str] = set()
        self._hub, self._homes = psutil.Process(hub), homes
        self._peak: dict[str, dict[int, float]] = defaultdict(dict)
        self._total, self._kernels = 0.0, 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look_until_stopped)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def report(self) -> None:
        """Print the maximum each kind of process held, and the maximum of all together."""
        for kind, held in sorted(self._peak.items()):
            median, most = statistics.median(held.values()), max(held.values())
            print(f"{kind}: {median:.0f} MB, at most {most:.0f} MB ({len(held)} of them)")
        print(f"all at one time: at most {self._total:.0f} MB, {self._kernels} kernels")

    def _look_until_stopped(self) -> None:
        while not self._stopped.wait(EVERY):
            self._look()

    def _look(self) -> None:
        total, kernels = 0.0, 0
        for process in [self._hub, *self._hub.children(recursive=True)]:
            try:
                kind = _kind(process.cmdline())
                # A part of what a process shares with others counts as its own.
                held = process.memory_full_info().pss / MEGABYTE
                self.strange |= self._files_of_others(process)
            except psutil.Error:
                continue  # It ended meanwhile.
            known = self._peak[kind]
            known[process.pid] = max(known.get(process.pid, 0), held)
            total += held
            kernels += kind == "a kernel"
        self._total, self._kernels = max(self._total, total), max(self._kernels, kernels)

    def _files_of_others(self, process: psutil.Process) -> set[str]:
        own = process.environ().get("COGNITO_LAB_HOME")
        if own is None:
            return set()
        opened = (Path(file.path) for file in process.open_files())
        return {
            str(path)
            for path in opened
            if path.is_relative_to(self._homes) and not path.is_relative_to(Path(own).parent)
        }


def _kind(command: list[str]) -> str:
    words = " ".join(command)
    return next((kind for part, kind in KINDS.items() if part in words), "another process")
