"""The settings of the playground: its pool, its app client, and the phone's clock."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import ipywidgets

from ..challenge_lab.practice_settings import OPTIONS
from ..lessons.practice_lab import PracticeLab
from ..ui.callbacks import guarded
from ..ui.widget import button, in_a_row
from .playground_panels import Page

LABELS = {
    "pool": "Pool",
    "mfa": "MFA",
    "app_client": "Your app client",
    "phone_clock": "Phone's clock",
}
NEW_POOL = "New pool"


class SettingsPanel:
    """Choices for each setting, and a button for a new pool. At AWS there's nothing to set."""

    def __init__(self, page: Page) -> None:
        self._page, self.tell = page, page.tell
        self._filling = False
        self.boxes = {name: _choice(name) for name in LABELS}
        for name, box in self.boxes.items():
            box.observe(lambda change, name=name: self._change(name, change), names="value")
        self._new = button(NEW_POOL)
        self._new.on_click(self._begin_again)
        self.look()

    def widgets(self) -> list[ipywidgets.Widget]:
        """The panel, to be put on a page once."""
        if not isinstance(self._page.lab, PracticeLab):
            return []
        return [in_a_row(*self.boxes.values(), self._new)]

    def look(self) -> None:
        """Show what's set."""
        if not isinstance(self._page.lab, PracticeLab):
            return
        self._filling = True
        try:
            for name, value in asdict(self._page.lab.settings).items():
                self.boxes[name].value = value
        finally:
            self._filling = False

    @guarded
    def _change(self, name: str, change: dict[str, Any]) -> None:
        if not self._filling:
            self._page.set(**{name: change["new"]})

    @guarded
    def _begin_again(self, _: Any) -> None:
        self._page.reset()


def _choice(name: str) -> ipywidgets.Dropdown:
    return ipywidgets.Dropdown(
        description=LABELS[name],
        options=list(OPTIONS[name]),
        style={"description_width": "initial"},
        layout={"width": "max-content", "max_width": "calc(100% - 4px)"},
    )
