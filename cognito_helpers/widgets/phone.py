"""The phone on the page: which code it shows now, which comes next, and when."""

from __future__ import annotations

from ..lab import Lab
from .shown import View, escaped


class PhoneView(View):
    """The authenticator app of the learner's phone, with the account that was added last."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        super().__init__("The phone: shows its codes when this cell runs. As text: lab.phone_code()", again="Look at the phone again")

    def markup(self) -> str:
        """The account, its code, the next one and the seconds left."""
        phone = self._lab.phone
        if not phone.accounts:
            return "No account on it yet."
        account = phone.accounts[-1]
        ahead = self._lab.clock_ahead()
        moved = f"The lab's clock is {ahead:.0f} seconds ahead of yours, so a phone of your own shows other codes. Use these." if ahead > 1 else ""
        return (
            f"<strong>{escaped(phone.issuer(account))}</strong>: {escaped(account)}<br>"
            f'<span style="font-size: 1.8em; font-family: monospace">{_halves(phone.code(account))}</span><br>'
            f"next: {_halves(phone.code(account, 1))}<br>Good for {phone.seconds_left()} more seconds.<br>{moved}"
        )


def _halves(code: str) -> str:
    return f"{code[:3]}&nbsp;{code[3:]}"
