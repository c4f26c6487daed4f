"""Forms: a form collects, the next cell calls.

`ask` gives a form to show and the answers to use. The answers hold working starting values before
anyone types, so that Run All works. What is typed into a field that holds a secret is copied when
the button is pressed and removed from the field at once: a notebook can be saved with what its
fields hold.
"""

from __future__ import annotations

import ipywidgets

from .fields import Field
from .form_answers import BUTTON, Answers
from .markup import escaped, words
from .widget import FIELD, WHOLE, Shown, button


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
        self._button.on_click(self.safely(lambda _: self.submit()))
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
