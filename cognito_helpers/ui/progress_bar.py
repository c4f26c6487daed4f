"""Progress of work that takes longer than a second, as a bar if the front end draws one and as text
everywhere. Nothing runs in the background.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import ipywidgets
from IPython.display import display

from .markup import escaped, words
from .widget import FIELD, Shown

# Shorter work needs no bar.
PATIENCE = 1.0


class Bar(Shown):
    """The progress of a piece of work. It appears once the work has taken a second; shorter work
    shows nothing.
    """

    def __init__(self, work: str, steps: int, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._begun, self._on_page = now, now(), False
        self._bar = ipywidgets.IntProgress(
            value=0, max=steps, description="", layout={"width": FIELD}
        )
        self._words = ipywidgets.HTML(words(escaped(work)))
        super().__init__([self._words, self._bar], f"{work} …")

    def step(self, text: str) -> None:
        """Count one more step; `text` describes the progress."""
        self._bar.value += 1
        self._words.value = words(escaped(text), role="status")
        if not self._on_page and self._now() - self._begun >= PATIENCE:
            self.appear()

    def finish(self, text: str) -> None:
        """Finish: only the text stays."""
        self._bar.layout.display = "none"
        self._words.value = words(escaped(text), role="status")

    def appear(self) -> None:
        """Show the bar now."""
        self._on_page = True
        display(self)


def wait(seconds: float, reason: str, sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait, and show the remaining time and the reason. Ctrl-C, or the notebook's stop button, ends
    the wait like any cell.
    """
    whole = max(1, round(seconds))
    bar = Bar(reason, whole)
    bar.appear()
    for left in range(whole - 1, -1, -1):
        sleep(seconds / whole)
        bar.step(f"{reason}: {left} more seconds")
    bar.finish(f"{reason}: done")
