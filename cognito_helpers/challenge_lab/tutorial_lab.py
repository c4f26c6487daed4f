"""The lab notebooks get: a `Lab` that knows the lessons, and has test data for experiments."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import LessonError
from ..lab.lab import Lab
from ..text import say
from ..tutorial_pool.lessons import Lesson

if TYPE_CHECKING:
    from .experiment_data import ExperimentData


class TutorialLab(Lab):
    """A lab with `test_data`, which remembers what was finished. `open_lab` returns it."""

    @cached_property
    def test_data(self) -> ExperimentData:
        """Sessions, codes and tokens in any condition, for the experiments of the playground."""
        # Only the playground's lesson needs them, so the other lessons don't wait for this import.
        from .experiment_data import ExperimentData

        return ExperimentData(self)

    @property
    def finished(self) -> list[Lesson]:
        """The lessons whose last cell ran, in their order."""
        kept = set(self.progress.get("finished") or [])
        return [lesson for lesson in sorted(Lesson) if lesson.name.lower() in kept]

    def finish(self, lesson: str) -> None:
        """Remember that a lesson is finished, by its notebook's name without the number, and say
        which one is next. Raises `LessonError` for an unknown lesson.
        """
        names = {one.name.lower(): one for one in Lesson}
        if lesson not in names:
            raise LessonError(f"There's no lesson “{lesson}”. The lessons are {', '.join(names)}.")
        self.progress.change("finished", lambda kept: sorted({*(kept or []), lesson}))
        following = names[lesson].next
        then = f"Next: {following.stem}.ipynb." if following else "This was the last lesson."
        say(f"Lesson {names[lesson]} is finished. {then}")
