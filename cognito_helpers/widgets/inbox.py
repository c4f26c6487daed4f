"""The inbox on the page: what the pool mailed to the learner."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import ipywidgets

from .shown import Shown, button, escaped, words

if TYPE_CHECKING:
    from ..lab import Lab


class InboxView(Shown):
    """The learner's messages, newest first. It shows the moment at which it was asked; the button asks again."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._messages = ipywidgets.HTML()
        again = button("Look into the inbox again")
        again.on_click(lambda _: self.look())
        super().__init__([self._messages, again], "The inbox: shows its messages when this cell runs. As text: lab.mailed_code()")
        self.look()

    def look(self) -> None:
        """Show the messages of this moment."""
        messages = [
            f"<li><strong>{escaped(message.subject)}</strong>, to {escaped(message.destination)}, "
            f"{datetime.fromtimestamp(message.sent, UTC):%H:%M:%S} UTC<br>{escaped(message.body)}</li>"
            for message in reversed(self._lab.inbox())
        ]
        self._messages.value = words(f"<ol>{''.join(messages)}</ol>" if messages else "No messages yet.", role="status")
