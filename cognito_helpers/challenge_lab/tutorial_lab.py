"""The lab that notebooks get: a `Lab` with test data for experiments."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..lab.lab import Lab

if TYPE_CHECKING:
    from .experiment_data import ExperimentData


class TutorialLab(Lab):
    """A lab with `test_data`. `open_lab` returns it."""

    @cached_property
    def test_data(self) -> ExperimentData:
        """Sessions, codes and tokens in any condition, for the experiments of the playground."""
        # Only the playground's lesson needs them, so the other lessons don't wait for this import.
        from .experiment_data import ExperimentData

        return ExperimentData(self)
