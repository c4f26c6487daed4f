"""The phone on the page: its codes, each while it's valid, and its text messages."""

from __future__ import annotations

from typing import Any

import ipywidgets

from ..lab.phone import LearnerPhone
from ..local_cognito import Message
from ..sign_in.authenticator import STEP
from ..text import in_words
from ..ui.markup import copy_field, escaped, said_when
from ..ui.pictures import Text, app, text_messages
from ..ui.pictures import phone as picture
from ..ui.ticking import Frame, ticking
from ..ui.widget import FIELD, View

# The number of codes that follow each other automatically: five minutes
CODES = 10
AGAIN = "Refresh the phone"
ENDED = f"These codes have expired: press “{AGAIN}”."


class PhoneView(View):
    """The learner's phone: the authenticator app with one account, that of the given user or, by
    default, the learner's, otherwise the last. Below it the text messages to that user, if any.

    Its clock can be set wrong, to see how much Cognito tolerates.
    """

    def __init__(self, phone: LearnerPhone, username: str | None = None) -> None:
        self._phone, self._username = phone, username
        # A choice, since a slider has no name for a screen reader
        self._clock = ipywidgets.Dropdown(
            options=_settings(phone.seconds_off),
            value=phone.seconds_off,
            description="Phone's clock",
            style={"description_width": "initial"},
            layout={"width": FIELD},
        )
        super().__init__(
            "The phone: shows its codes when this cell runs. As text: lab.phone.code()",
            again=AGAIN,
            below=[self._clock],
        )
        self._clock.observe(self.safely(self._set_clock), names="value")

    def _set_clock(self, change: dict[str, Any]) -> None:
        self._phone.seconds_off = change["new"]
        self.look()

    def markup(self) -> str:
        """The account and its codes, each shown while it's valid, and the text messages."""
        phone, account = self._phone, self._account()
        texts = phone.texts(self._username)[::-1]
        apps, said = [], []
        if account:
            apps.append(self._app(account))
            said += self._clocks()
        elif phone.accounts:
            said.append(f"No account of {escaped(self._username)} on it yet.")
        elif not texts:
            said.append("It has no account yet.")
        # The clock matters for codes only.
        self._clock.layout.display = None if account or not texts else "none"
        if texts:
            apps.append(_messages(texts))
        elif phone.lab.backend.no_texts:
            said.append(phone.lab.backend.no_texts)
        return f"{picture(*apps) if apps else ''}{' '.join(said)}"

    def _account(self) -> str | None:
        """The account to show; None if the user has none on the phone."""
        phone = self._phone
        if not phone.accounts or (self._username and self._username not in phone.accounts):
            return None
        wanted = (self._username, phone.lab.username, phone.accounts[-1])
        return next(account for account in wanted if account in phone.accounts)

    def _app(self, account: str) -> str:
        phone = self._phone
        codes = phone.codes(account, CODES)
        following = [*codes[1:], None]
        frames = [
            Frame(_frame(code.digits, then and then.digits), code.ends)
            for code, then in zip(codes, following, strict=True)
        ]
        screen = ticking(frames, STEP, "Next code in", ENDED)
        return app(escaped(phone.issuer(account)), escaped(account), screen)

    def _clocks(self) -> list[str]:
        """What to say about the clocks, if they don't all agree."""
        said = []
        ahead, off = self._phone.lab.clock_ahead(), self._phone.seconds_off
        if ahead > 1:
            said.append(
                f"The lab's clock is {in_words(ahead)} ahead of yours, so your own phone"
                " shows other codes. Use these."
            )
        if off:
            said.append(
                f"This phone's clock is {_wrong(off)}: Cognito also accepts the previous"
                " code and the next one."
            )
        return said


def _settings(present: int) -> list[tuple[str, int]]:
    """How the clock can be set, in words and in seconds: in steps of ten, and as it is."""
    return [
        (_wrong(seconds) if seconds else "correct", seconds)
        for seconds in sorted({*range(-STEP, STEP + 1, 10), present})
    ]


def _wrong(seconds: int) -> str:
    return f"{abs(seconds)} seconds {'fast' if seconds > 0 else 'slow'}"


def _messages(texts: list[Message]) -> str:
    """Text messages, newest first, with the code of the newest to copy."""
    newest = copy_field("The newest code:", texts[0].code)
    listed = text_messages(Text(said_when(text.sent), escaped(text.body)) for text in texts)
    return app("Messages", escaped(texts[0].destination), f"{newest}{listed}")


def _halves(code: str) -> str:
    return f"{code[:3]}&nbsp;{code[3:]}"


def _frame(code: str, following: str | None) -> str:
    """What the phone shows while a code is valid."""
    return f'<div class="cognito-code">{_halves(code)}</div>{copy_field("To copy:", code)}' + (
        f"next: {_halves(following)}" if following else ""
    )
