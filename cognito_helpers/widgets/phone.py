"""The phone on the page: which code it shows now, which comes next, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from .shown import Shown, escaped

if TYPE_CHECKING:
    from ..lab import Lab


class PhoneView(Shown):
    """The authenticator app of the learner's phone. It shows the moment at which it was asked; the button asks again."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._screen = ipywidgets.HTML()
        again = ipywidgets.Button(description="Look at the phone again", layout={"width": "auto"})
        again.on_click(lambda _: self.look())
        super().__init__([self._screen, again], "The phone: shows its codes when this cell runs. As text: lab.phone_code()")
        self.look()

    def look(self) -> None:
        """Show the codes of this moment."""
        phone = self._lab.phone
        accounts = "".join(
            f"<p><strong>{escaped(phone.issuer(account))}</strong>: {escaped(account)}<br>"
            f'<span style="font-size: 1.8em; font-family: monospace">{_halves(phone.code(account))}</span><br>next: {_halves(phone.code(account, 1))}</p>'
            for account in phone.accounts[-1:]
        )
        screen = accounts or "<p>No account on it yet.</p>"
        note = f"<p>Good for {phone.seconds_left()} more seconds.</p>" if accounts else ""
        ahead = self._lab.clock_ahead()
        moved = f"<p>The lab's clock is {ahead:.0f} seconds ahead of yours, so a phone of your own shows other codes: use these.</p>" if ahead > 1 else ""
        self._screen.value = f'<div role="status">{screen}{note}{moved}</div>'


def _halves(code: str) -> str:
    return f"{code[:3]}&nbsp;{code[3:]}"
