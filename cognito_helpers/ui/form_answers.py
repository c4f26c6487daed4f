"""The answers to a form: what was typed, or a default that works."""

from __future__ import annotations

from typing import Any, Protocol

from ..errors import LessonError, NotAsked
from .fields import Field


class FormOnPage(Protocol):
    """What the answers need to know of their form."""

    def has_unsent_text(self) -> bool:
        """Whether something was typed that isn't stored yet."""

    def show_stored(self) -> None:
        """Show what is stored now."""


class Answers:
    """The answers of one form. Set an answer from code to skip the form: `answers.username =
    "ben"`. Secrets stay out of its repr.
    """

    def __init__(self, fields: dict[str, Field], before: Answers | None = None) -> None:
        self._fields: dict[str, Field] = {**(before._fields if before else {}), **fields}
        self._given: dict[str, str] = (
            {name: value for name, value in before._given.items() if name not in fields}
            if before
            else {}
        )
        self._form: FormOnPage | None = None

    def __getattr__(self, name: str) -> str:
        field = self._field(name)
        if self._form is not None and self._form.has_unsent_text():
            raise LessonError(
                f"The form has a change that isn't stored yet. Press “{BUTTON}”, then run this"
                " cell again."
            )
        value = self._given.get(name) or (field.start() if callable(field.start) else field.start)
        if value is None:
            raise LessonError(
                f"Fill in “{field.label}” in the form above and press “{BUTTON}”, then run this"
                " cell again."
            )
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            super().__setattr__(name, value)
            return
        field = self._field(name)
        text = field.tidy(value)
        problem = field.check(text)
        if problem:
            raise LessonError(problem)
        self._given[name] = text
        if self._form is not None:
            self._form.show_stored()

    def __dir__(self) -> list[str]:
        return list(self._fields)

    def __repr__(self) -> str:
        shown = (
            f"{name}=(hidden)" if field.secret else f"{name}={self._given.get(name, field.start)!r}"
            for name, field in self._fields.items()
        )
        return f"Answers({', '.join(shown)})"

    def _field(self, name: str) -> Field:
        # Python asks every object for its own special names; those aren't questions of a form.
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._fields:
            raise NotAsked(name, list(self._fields))
        return self._fields[name]

    def given(self, name: str) -> str | None:
        """What was stored for a question, or None."""
        return self._given.get(name)

    def take(self, name: str) -> str | None:
        """Like `given`, for something used once: afterwards it's no longer stored."""
        value = self._given.pop(name, None)
        if self._form is not None:
            self._form.show_stored()
        return value

    def store(self, values: dict[str, str]) -> None:
        """Store checked values, all at once. An empty one returns to the starting value."""
        for name, value in values.items():
            if value:
                self._given[name] = value
            else:
                self._given.pop(name, None)


BUTTON = "Use these values"
