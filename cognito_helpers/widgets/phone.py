"""The phone on the page: which code it shows now, which comes next, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from .shown import Shown, button, escaped, words

if TYPE_CHECKING:
    from ..lab import Lab


class PhoneView(Shown):
    """The authenticator app of the learner's phone. It shows the moment at which it was asked; the button asks again."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._screen = ipywidgets.HTML()
        again = button("Look at the phone again")
        again.on_click(lambda _: self.look())
        super().__init__([self._screen, again], "The phone: shows its codes when this cell runs. As text: lab.phone_code()")
        self.look()

    def look(self) -> None:
        """Show the codes of this moment."""
        phone = self._lab.phone
        lines = [
            f"<strong>{escaped(phone.issuer(account))}</strong>: {escaped(account)}<br>"
            f'<span style="font-size: 1.8em; font-family: monospace">{_halves(phone.code(account))}</span><br>'
            f"next: {_halves(phone.code(account, 1))}<br>Good for {phone.seconds_left()} more seconds."
            for account in phone.accounts[-1:]
        ] or ["No account on it yet."]
        ahead = self._lab.clock_ahead()
        if ahead > 1:
            lines.append(f"<br>The lab's clock is {ahead:.0f} seconds ahead of yours, so a phone of your own shows other codes. Use these.")
        self._screen.value = words("".join(lines), role="status")


def _halves(code: str) -> str:
    return f"{code[:3]}&nbsp;{code[3:]}"
