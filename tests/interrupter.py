"""Inject the stop button: KeyboardInterrupt at every line of some files, one line at a time."""

import linecache
import sys
from contextlib import suppress


class Interrupter:
    """Count the calls and lines that run in `files` while it's on, and raise KeyboardInterrupt at
    number `at`.
    """

    def __init__(self, files, at=0):
        self.files, self.at, self.count, self.where = files, at, 0, ""
        self._entered = set()

    def __enter__(self):
        sys.settrace(self._trace)

    def __exit__(self, *_):
        sys.settrace(None)

    def _trace(self, frame, event, _):
        if frame.f_code.co_filename not in self.files:
            return None
        if event in ("call", "line") and not self._never_interrupted(frame):
            self.count += 1
            if self.count == self.at:
                self.where = f"{frame.f_code.co_name}, line {frame.f_lineno}"
                raise KeyboardInterrupt
        return self._trace

    def _never_interrupted(self, frame):
        # Python checks for signals when it enters a function, loops, and after a call: not at a
        # bare `try:`, and not where a `with` statement is traced again because its block ends.
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        if not line.startswith("with "):
            return line == "try:" or self._begins_finally(frame)
        seen = (frame, frame.f_lineno) in self._entered
        self._entered.add((frame, frame.f_lineno))
        return seen

    def _begins_finally(self, frame):
        # Nothing is called between the last statement of a `try` block and the first of `finally`,
        # so an interrupt comes either before the last statement, where `finally` sees it, or after
        # the first.
        for number in range(frame.f_lineno - 1, 0, -1):
            line = linecache.getline(frame.f_code.co_filename, number).strip()
            if line and not line.startswith("#"):
                return line == "finally:"
        return False


def at_every_line(files, work, least):
    """Run `work` again and again, interrupted at each line of `files` it runs. Yields the line each
    time.
    """
    counter = Interrupter(files)
    with counter:
        work()
    assert counter.count >= least, "the work wasn't traced"
    for at in range(1, counter.count + 1):
        interrupter = Interrupter(files, at)
        with suppress(KeyboardInterrupt), interrupter:
            work()
        yield interrupter.where or f"number {at}, which wasn't reached"
