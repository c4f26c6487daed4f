"""The exceptions a learner can do something about."""

from __future__ import annotations


class LessonError(Exception):
    """Something that the learner can mend: the message is one sentence, and says how."""


class EmulatorOnlyError(LessonError):
    """Something that cannot be had at AWS. `refused` and `attempt` say so, and their cell goes
    on.
    """
