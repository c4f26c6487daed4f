"""What a user does below a cell, each step as data: fill in a form, press a button, choose, see."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import expect

from cognito_helpers.ui.form import STORED_SECRET
from cognito_helpers.ui.form_answers import BUTTON

from .notebook import Notebook


@dataclass(frozen=True)
class OnPage:
    """The value of a field further up, such as the phone's code; it has others ready."""

    label: str

    def read(self, notebook: Notebook) -> str:
        fields = notebook.everything.get_by_label(self.label)
        return fields.filter(visible=True).last.input_value()


@dataclass(frozen=True)
class Fill:
    """Fill in the form: first with a mistake, which is reported and loses nothing, then correctly.
    Dots replace secrets.
    """

    wrong: dict[str, str]
    told: str
    right: dict[str, str | OnPage] = field(default_factory=dict)

    def do(self, notebook: Notebook, cell: str) -> None:
        form = notebook.output(cell)
        for label, text in self.wrong.items():
            form.get_by_label(label).fill(text)
        notebook.press(cell, BUTTON)
        expect(form.get_by_role("alert").filter(has_text=self.told)).to_have_count(1)
        expect(form.get_by_role("status")).to_contain_text("Nothing was stored")
        for label, text in self.wrong.items():
            expect(form.get_by_label(label)).to_have_value(text)
        for label, text in {**dict.fromkeys(self.wrong, ""), **self.right}.items():
            form.get_by_label(label).fill(text if isinstance(text, str) else text.read(notebook))
        notebook.press(cell, BUTTON)
        expect(form.get_by_role("status")).to_contain_text("Stored")
        expect(form.get_by_role("alert")).to_have_count(0)
        for secret in form.locator("input[type=password]").all():
            expect(secret).to_have_value(re.compile(f"^({STORED_SECRET})?$"))


@dataclass(frozen=True)
class Choose:
    """Fill in a form that has only a list to choose from, where no mistake is possible: first one
    choice, then another.
    """

    label: str
    choices: tuple[str, ...]

    def do(self, notebook: Notebook, cell: str) -> None:
        form = notebook.output(cell)
        expect(form.locator("input")).to_have_count(0)
        for choice in self.choices:
            form.get_by_label(self.label).select_option(label=choice)
            notebook.press(cell, BUTTON)
            expect(form.get_by_role("status")).to_contain_text("Stored")


@dataclass(frozen=True)
class Tick:
    """Choose one of several visible options."""

    label: str

    def do(self, notebook: Notebook, cell: str) -> None:
        notebook.output(cell).get_by_label(self.label).check()
        notebook.settled()


@dataclass(frozen=True)
class Press:
    """Press a button, and see some text."""

    button: str
    see: str

    def do(self, notebook: Notebook, cell: str) -> None:
        notebook.press(cell, self.button)
        expect(notebook.output(cell)).to_contain_text(self.see)


@dataclass(frozen=True)
class Enter:
    """Type into a field, or choose from it, and see some text if any is given."""

    label: str
    text: str
    see: str = ""

    def do(self, notebook: Notebook, cell: str) -> None:
        box = notebook.output(cell).get_by_label(self.label, exact=True)
        if box.evaluate("element => element.tagName") == "SELECT":
            box.select_option(label=self.text)
        else:
            box.fill(self.text)
        expect(notebook.output(cell)).to_contain_text(self.see)


@dataclass(frozen=True)
class See:
    """Read some text below a cell."""

    text: str

    def do(self, notebook: Notebook, cell: str) -> None:
        expect(notebook.output(cell)).to_contain_text(self.text)


Step = Fill | Choose | Tick | Press | Enter | See
