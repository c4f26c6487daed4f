"""A widget with a text version: for a terminal, a saved notebook, a screen reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets

from .callbacks import attempt
from .markup import escaped, words
from .stylesheet import whole

# The type of an output that is a live widget
WIDGET = "application/vnd.jupyter.widget-view+json"

# Wide enough to read, never wider than a phone; a table takes the available width.
WIDTH = "min(100%, 44em)"
WIDE = "100%"
# A field is narrower than its box by its own margins.
FIELD = "min(100% - 4px, 32em)"
# What is typed is sent to the kernel in one piece when its field loses the focus. Letter by letter,
# all but the first would wait until the kernel has handled that one, and the press of a button
# would overtake them.
WHOLE = {"continuous_update": False}


class Shown(ipywidgets.VBox):
    """A box of widgets with a text version. A saved notebook and the repr have only the text, and
    no value of a field.
    """

    _told: ipywidgets.HTML | None = None

    def __init__(
        self, children: list[ipywidgets.Widget], text: str, width: str = WIDTH, look: str = ""
    ) -> None:
        sheet = ipywidgets.HTML(f"<style>{whole()}</style>", layout={"display": "none"})
        classes = ("cognito", "cognito-live", *look.split())
        super().__init__([sheet, *children], layout={"width": width}, _dom_classes=classes)
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def tell(self, sentence: str) -> None:
        """Show, below everything else, what went wrong."""
        if self._told is None:
            self._told = ipywidgets.HTML()
            self.children += (self._told,)
        self._told.value = words(escaped(sentence), role="alert")

    def safely(self, callback: Callable[..., None]) -> Callable[..., None]:
        """`callback`, for a widget in this box: its error is shown here, until a callback works
        again.
        """

        def called(*given: Any) -> None:
            if self._told is not None:
                self._told.value = ""
            attempt(callback, self.tell, *given)

        return called

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        return {**bundle, "text/plain": self.text}


def button(label: str, main: bool = False) -> ipywidgets.Button:
    """A button, as wide as its label. The `main` one of a view is in the stylesheet's own colors:
    none of the colored kinds of ipywidgets has enough contrast.
    """
    made = ipywidgets.Button(
        description=label,
        layout={"width": "max-content", "max_width": "100%", "align_self": "flex-start"},
    )
    if main:
        made.add_class("cognito-primary")
    return made


def part(title: str, *widgets: ipywidgets.Widget, main: bool = False) -> ipywidgets.VBox:
    """A part of a view, with a heading. The `main` parts have a frame."""
    heading = ipywidgets.HTML(
        f'<div class="cognito-heading" role="heading" aria-level="3">{escaped(title)}</div>'
    )
    box = ipywidgets.VBox([heading, *widgets])
    box.add_class("cognito-part")
    if main:
        box.add_class("cognito-main")
    return box


class View(Shown):
    """Something that changes while the notebook is open. It shows the state when it was drawn; its
    button updates it.
    """

    # A screen reader reads what has the role status when it changes. Long content has another role,
    # and is read when its reader gets there.
    role = "status"

    def __init__(
        self,
        text: str,
        again: str,
        above: Sequence[ipywidgets.Widget] = (),
        below: Sequence[ipywidgets.Widget] = (),
        width: str = WIDTH,
        buttons: Sequence[ipywidgets.Button] = (),
    ) -> None:
        """`buttons` change what's shown. They're above it, so that their effect is visible."""
        self._screen = ipywidgets.HTML()
        self._again = button(again)
        self._again.on_click(self.safely(lambda _: self.look()))
        shown = (
            [in_a_row(*buttons, self._again), self._screen]
            if buttons
            else [self._screen, self._again]
        )
        super().__init__([*above, *shown, *below], text, width)
        self.look()

    def look(self) -> None:
        """Show the current state."""
        self._screen.value = words(self.markup(), role=self.role)

    def markup(self) -> str:
        """The current state, as harmless HTML."""
        raise NotImplementedError


def in_a_row(*widgets: ipywidgets.Widget) -> ipywidgets.HBox:
    """Widgets beside each other, below each other if the page is narrow."""
    return ipywidgets.HBox(list(widgets), layout={"flex_flow": "row wrap"})
