"""Forms: a form collects, the next cell calls.

`ask` gives a form to show and the answers to use. The answers hold working starting values before
anyone types, so that Run All works. What is typed into a field that holds a secret is copied when
the button is pressed and removed from the field at once: a notebook can be saved with what its
fields hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ipywidgets

from ..errors import LessonError
from .shown import FIELD, WHOLE, Shown, button, escaped, words

Start = str | Callable[[], str] | None
Check = Callable[[str], str | None]


@dataclass(frozen=True)
class Field:
    """One question of a form. `start` is the value before anyone types, or a function that finds it
    when it is used; `check` says what is wrong, or None.
    """

    label: str
    start: Start = field(repr=False)
    check: Check
    secret: bool = False
    # What a person means by what they typed.
    tidy: Callable[[str], str] = str.strip
    # What there is to choose from, each with its words; a field without takes text.
    options: dict[str, str] = field(default_factory=dict)


def _matches(pattern: str, otherwise: str) -> Check:
    return lambda text: None if re.fullmatch(pattern, text) else otherwise


def user_name_field(start: Start = None, label: str = "User name") -> Field:
    """A field for a user name: 1 to 128 characters, none of them a space."""
    return Field(
        label, start, _matches(r"\S{1,128}", "A user name has 1 to 128 characters and no spaces.")
    )


def e_mail_field(start: Start = None, label: str = "E-mail") -> Field:
    """A field for an e-mail address."""
    return Field(
        label, start, _matches(r"[^\s@]+@[^\s@]+", "An e-mail address has one @, and no spaces.")
    )


def password_field(start: Start = None, label: str = "Password") -> Field:
    """A field for a password. Whether it is good enough is for the pool to say."""
    return Field(
        label,
        start,
        _matches(r"\S{1,256}", "A password has 1 to 256 characters and no spaces."),
        secret=True,
    )


def code_field(start: Start = None, label: str = "Code") -> Field:
    """A field for a code, with or without a space in the middle."""
    check = _matches(r"[0-9]{6}", "A code has six digits.")
    return Field(label, start, check, secret=True, tidy=lambda text: re.sub(r"\s", "", text))


def name_field(start: Start = None, label: str = "Name") -> Field:
    """A field for the name of a pool, a client or an app."""
    return Field(
        label,
        start,
        _matches(
            r"[A-Za-z0-9_ +=,.@-]{1,128}",
            "A name has 1 to 128 letters from A to Z, digits, spaces or _ + = , . @ -",
        ),
    )


def id_field(start: Start = "", label: str = "Id") -> Field:
    """A field for the id of a pool or an app client; it may stay empty."""
    return Field(
        label,
        start,
        _matches(r"[\w-]{1,128}", "An id has letters, digits, - and _, as in us-east-1_Abc123xyz."),
    )


def regions_in(text: str) -> list[str]:
    """The names of the Regions in a text, each once, in the order in which they stand there."""
    return list(dict.fromkeys(re.findall(r"[^\s,]+", text)))


def regions_field(start: Start = None, label: str = "Regions") -> Field:
    """A field for the names of one or more AWS Regions."""

    def check(text: str) -> str | None:
        good = regions_in(text) and all(
            re.fullmatch(r"[a-z]{2,4}(-[a-z]+)+-\d+", name) for name in regions_in(text)
        )
        return None if good else "Regions are named as in us-east-1, eu-west-1."

    return Field(label, start, check, tidy=lambda text: ", ".join(regions_in(text)))


def yes_no_field(start: Start = None, label: str = "Yes or no") -> Field:
    """A field for a question; the answer is `yes` or `no`."""
    short = {"y": "yes", "n": "no"}
    return Field(
        label,
        start,
        _matches(r"yes|no", "Answer yes or no."),
        tidy=lambda text: short.get(text.strip().lower(), text.strip().lower()),
    )


def choice_field(options: dict[str, str], start: str, label: str) -> Field:
    """A field with a list to choose from. `options` has the answers, each with the words that stand
    for it in the list.
    """
    check: Check = lambda text: None if text in options else f"Choose one of {', '.join(options)}."  # noqa: E731
    return Field(label, start, check, options=options)


class Answers:
    """What was asked in one form. Set an answer from code to go without the form: `answers.username
    = "ben"`. Secrets stay out of its repr.
    """

    def __init__(self, fields: dict[str, Field], before: Answers | None = None) -> None:
        self._fields: dict[str, Field] = {**(before._fields if before else {}), **fields}
        self._given: dict[str, str] = (
            {name: value for name, value in before._given.items() if name not in fields}
            if before
            else {}
        )
        self._form: Form | None = None

    def __getattr__(self, name: str) -> str:
        field = self._field(name)
        if self._form is not None and self._form.has_unsent_text():
            raise LessonError(
                f"The form holds something that is not stored yet: press “{BUTTON}”, then run this"
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
        # Python asks every object for names of its own; those are not questions of a form.
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._fields:
            raise LessonError(
                f"This form has no question “{name}”: it has {', '.join(self._fields)}."
            )
        return self._fields[name]

    def given(self, name: str) -> str | None:
        """What was stored for a question, None where nothing was."""
        return self._given.get(name)

    def take(self, name: str) -> str | None:
        """As `given`, for something that is used once: afterwards it is stored no more."""
        return self._given.pop(name, None)

    def store(self, values: dict[str, str]) -> None:
        """Store checked values, all at once. An empty one goes back to the starting value, but for
        a secret, whose field is always emptied.
        """
        for name, value in values.items():
            if value:
                self._given[name] = value
            elif not self._fields[name].secret:
                self._given.pop(name, None)


BUTTON = "Use these values"


class Form(Shown):
    """The fields of a form, a sentence beside each that is wrong, and one button."""

    def __init__(
        self,
        fields: dict[str, Field],
        answers: Answers,
        then: str = "run the next cell",
        known_as: str = "answers",
    ) -> None:
        self._fields, self._answers, self._then = fields, answers, then
        answers._form = self
        self._boxes = {name: _box(field, self._shown(name)) for name, field in fields.items()}
        self._problems = {name: ipywidgets.HTML() for name in fields}
        self._status = ipywidgets.HTML(
            _status(f"Change what you like, or leave it, and press the button. Then {then}.")
        )
        self._button = button(BUTTON)
        self._button.on_click(lambda _: self.submit())
        rows = [widget for name in fields for widget in (self._boxes[name], self._problems[name])]
        super().__init__([*rows, self._button, self._status], _form_text(fields, known_as))

    def submit(self) -> None:
        """Do what the button does: check every field and, if all are right, store them all; else
        store none and say what is wrong.
        """
        typed = self._typed()
        # An empty field stands for the starting value.
        problems = {name: self._problem(self._fields[name], text) for name, text in typed.items()}
        for name, problem in problems.items():
            self._problems[name].value = (
                words(
                    f"<strong>{escaped(self._fields[name].label)}:</strong> {escaped(problem)}",
                    role="alert",
                )
                if problem
                else ""
            )
        if any(problems.values()):
            self._status.value = _status(
                "Nothing was stored. Mend what is named above, and press the button again."
            )
            return
        self._answers.store(typed)
        self.show_stored()
        self._status.value = _status(
            f"Stored: {', '.join(field.label for field in self._fields.values())}. Now"
            f" {self._then}."
        )

    def show_stored(self) -> None:
        """Fill each field with what is stored for it; a secret never stays in its field."""
        for name, box in self._boxes.items():
            box.value = self._shown(name)

    def _problem(self, field: Field, text: str) -> str | None:
        if text:
            return field.check(text)
        return "Fill this in." if field.start is None else None

    def has_unsent_text(self) -> bool:
        """Does a field hold something that was typed and not stored?"""
        return any(text not in ("", self._shown(name)) for name, text in self._typed().items())

    def _typed(self) -> dict[str, str]:
        return {name: field.tidy(self._boxes[name].value) for name, field in self._fields.items()}

    def _shown(self, name: str) -> str:
        """What the field shows while nothing new is typed into it."""
        field = self._fields[name]
        stored = self._answers.given(name) or field.start
        return stored if isinstance(stored, str) and not field.secret else ""


def ask(before: Answers | None = None, /, **fields: Field) -> tuple[Form, Answers]:
    """A form with a question for each field, and its answers: `form, answers =
    ask(username=user_name_field("ana"))`. Show the form; use `answers.username`.

    What was answered `before`, in an earlier form, is among the answers too, so that a cell that
    uses it can be run again.
    """
    answers = Answers(fields, before)
    return Form(fields, answers), answers


def _box(field: Field, value: str) -> ipywidgets.ValueWidget:
    look = {"style": {"description_width": "10em"}, "layout": {"width": FIELD}}
    if field.options:
        return ipywidgets.Dropdown(
            options=[(text, answer) for answer, text in field.options.items()],
            description=field.label,
            value=value,
            **look,
        )
    kind = ipywidgets.Password if field.secret else ipywidgets.Text
    hint = "leave empty to use the lab's own" if field.secret and field.start else ""
    return kind(description=field.label, value=value, placeholder=hint, **WHOLE, **look)


def _status(text: str) -> str:
    return words(escaped(text), role="status")


def _form_text(fields: dict[str, Field], known_as: str) -> str:
    def known(field: Field) -> str:
        return (
            "hidden"
            if field.secret
            else (field.start or "empty")
            if isinstance(field.start, str)
            else "empty"
        )

    rows = [
        f"  {field.label}: {known(field)}  (without the form: {known_as}.{name} = ...)"
        for name, field in fields.items()
    ]
    return "\n".join(["A form, shown when this cell runs:", *rows])
