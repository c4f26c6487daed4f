"""Forms: a form collects, the next cell calls.

`ask` returns a form to show and the answers to use. The answers hold working defaults before anyone
types, so that Run All works. What is typed into a field for a secret is copied when the button is
pressed, and dots replace it in the field at once: a notebook is saved with what its fields hold.
"""

from __future__ import annotations

import time
from typing import Any

import ipywidgets

from .fields import Field
from .form_answers import BUTTON, Answers
from .markup import escaped, state, words
from .widget import FIELD, WHOLE, Shown, button

# Shown in a field instead of a stored secret
DOT = "•"
STORED_SECRET = DOT * 6
# The class of an invalid field
WRONG = "cognito-wrong"
# The browser reports Enter before it reports the field's value: what comes within so many seconds
# belongs to the same press.
TOGETHER = 1.0


class Form(Shown):
    """The fields of a form, a sentence beside each invalid one, and one button."""

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
        self._entered, self._showing = -TOGETHER, False
        for box in self._boxes.values():
            box.observe(self._changed, names="value")
            box.on_msg(self._heard)
        self._button = button(BUTTON, main=True)
        self._button.on_click(self.safely(lambda _: self.submit()))
        rows = [widget for name in fields for widget in (self._boxes[name], self._problems[name])]
        super().__init__(
            [*rows, self._button, self._status], _form_text(fields, known_as), look="cognito-form"
        )

    def submit(self) -> None:
        """Do what the button does: check every field and, if all are valid, store them all;
        otherwise store none and say what is wrong.
        """
        typed = self._typed()
        problems = {name: self._problem(self._fields[name], text) for name, text in typed.items()}
        for name in self._fields:
            self._mark(name, problems.get(name))
        if any(problems.values()):
            self._status.value = _said(
                "bad",
                "✗ Nothing was stored.",
                " Fix what's named above, and press the button again.",
            )
            return
        self._answers.store(typed)
        self.show_stored()
        stored = ", ".join(field.label for field in self._fields.values())
        self._status.value = _said("good", f"✓ Stored: {stored}.", f" Now {self._then}.")

    def show_stored(self) -> None:
        """Fill each field with its stored value, and for a secret with dots."""
        self._showing = True
        for name, box in self._boxes.items():
            box.value = self._shown(name) or (None if self._fields[name].options else "")
        self._showing = False

    def _mark(self, name: str, problem: str | None) -> None:
        """Mark a field as invalid, visibly and in its name, and say why; or as valid."""
        field, box = self._fields[name], self._boxes[name]
        told = f"{state('bad', f'✗ {field.label}:')} {escaped(problem)}"
        self._problems[name].value = words(told, role="alert") if problem else ""
        box.description = f"✗ {field.label}" if problem else field.label
        box.tooltip = problem
        (box.add_class if problem else box.remove_class)(WRONG)

    def _changed(self, change: dict[str, Any]) -> None:
        """A field's value changed: what's said about it must not be about the old one."""
        if self._showing:
            return
        if time.monotonic() - self._entered < TOGETHER:
            self._entered = -TOGETHER
            self.submit()
        elif self.has_unsent_text():
            self._status.value = _status(f"Changed and not stored yet: press “{BUTTON}”.")
        else:
            self._status.value = _status(f"As stored. You can {self._then}.")

    def _heard(self, _: object, content: dict[str, Any], __: object) -> None:
        """Enter in a field does what the button does."""
        if content.get("event") == "submit":
            self.submit()
            self._entered = time.monotonic()

    def _problem(self, field: Field, text: str) -> str | None:
        # An empty field means the starting value.
        if text:
            return field.check(text)
        return "Fill this in." if field.start is None else None

    def has_unsent_text(self) -> bool:
        """Whether a field differs from what's stored. An emptied field does, too."""
        return any(
            text != self._fields[name].tidy(self._shown(name))
            for name, text in self._typed().items()
        )

    def _typed(self) -> dict[str, str]:
        """What was typed into the fields, without stored secrets, which stay unchanged."""
        held = {name: box.value or "" for name, box in self._boxes.items()}
        return {
            name: self._fields[name].tidy(
                text.replace(DOT, "") if self._fields[name].secret else text
            )
            for name, text in held.items()
            if not (self._fields[name].secret and text == STORED_SECRET)
        }

    def _shown(self, name: str) -> str:
        """What the field shows until something new is typed."""
        field, given = self._fields[name], self._answers.given(name)
        if field.secret:
            return STORED_SECRET if given else ""
        stored = given or field.start
        return stored if isinstance(stored, str) else ""


def ask(before: Answers | None = None, /, **fields: Field) -> tuple[Form, Answers]:
    """A form with a question for each field, and its answers: `form, answers =
    ask(username=fields.username("ana"))`. Show the form; use `answers.username`.

    The answers of an earlier form, `before`, are included, so that a cell that uses them can be run
    again.
    """
    answers = Answers(fields, before)
    return Form(fields, answers), answers


def _box(field: Field, value: str) -> ipywidgets.ValueWidget:
    look = {"style": {"description_width": "10em"}, "layout": {"width": FIELD}}
    if field.options:
        return ipywidgets.Dropdown(
            options=[(text, answer) for answer, text in field.options.items()],
            description=field.label,
            value=value or None,
            **look,
        )
    kind = ipywidgets.Password if field.secret and not field.shown else ipywidgets.Text
    return kind(description=field.label, value=value, placeholder=_hint(field), **WHOLE, **look)


def _hint(field: Field) -> str:
    """What an empty field says of the value that's used."""
    if not field.start:
        return "" if field.start is None else "optional"
    if isinstance(field.start, str) and not field.secret:
        return f"leave empty to use {field.start}"
    return field.hint


def _status(text: str) -> str:
    return words(escaped(text), role="status")


def _said(kind: str, first: str, more: str) -> str:
    return words(f"{state(kind, first)}{escaped(more)}", role="status")


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
