"""A widget that says the same in text: for a terminal, a saved notebook, a screen reader."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets

# Wide enough to read, never wider than a phone.
WIDTH = "min(100%, 44em)"


class Shown(ipywidgets.VBox):
    """A box of widgets with a text version, which is all that a saved notebook keeps of it and all that its repr says: no value of a field gets there."""

    def __init__(self, children: list[ipywidgets.Widget], text: str) -> None:
        super().__init__(children, layout={"width": WIDTH})
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        return {**bundle, "text/plain": self.text}


def escaped(text: object) -> str:
    """`text` made harmless for HTML. Everything that comes from a person or a server goes through here."""
    return html.escape(str(text))


def button(label: str) -> ipywidgets.Button:
    """A plain button, as wide as its words: none of the coloured kinds has enough contrast."""
    return ipywidgets.Button(description=label, layout={"width": "max-content", "max_width": "100%", "align_self": "flex-start"})


def words(markup: str, role: str = "note") -> str:
    """`markup`, already harmless, as a block of running text. With the role `status` a screen reader says it when it changes."""
    return f'<div role="{role}" style="line-height: 1.5; margin: 0.3em 0">{markup}</div>'


class View(Shown):
    """Something that changes while the notebook is open. It shows the moment at which it was asked; its button asks again."""

    def __init__(self, text: str, again: str) -> None:
        self._screen = ipywidgets.HTML()
        look_again = button(again)
        look_again.on_click(lambda _: self.look())
        super().__init__([self._screen, look_again], text)
        self.look()

    def look(self) -> None:
        """Show how things stand now."""
        self._screen.value = words(self.markup(), role="status")

    def markup(self) -> str:
        """How things stand now, as harmless HTML."""
        raise NotImplementedError


def side_by_side(*shown: Shown) -> Shown:
    """Several views beside each other, under each other where the page is narrow."""
    row = ipywidgets.HBox(list(shown), layout={"flex_flow": "row wrap"})
    for view in shown:
        view.layout.width = "min(100%, 22em)"
    return Shown([row], "\n".join(view.text for view in shown))
