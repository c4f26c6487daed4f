"""The inbox on the page: what the pool mailed to the learner."""

from __future__ import annotations

from datetime import UTC, datetime

from ..lab import Lab
from .shown import View, escaped


class InboxView(View):
    """The learner's messages, newest first."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        super().__init__("The inbox: shows its messages when this cell runs. As text: lab.mailed_code()", again="Look into the inbox again")

    def markup(self) -> str:
        """Each message: its subject, its address, when it was sent, and its words."""
        messages = [
            f"<li><strong>{escaped(message.subject)}</strong>, to {escaped(message.destination)}, "
            f"{datetime.fromtimestamp(message.sent, UTC):%H:%M:%S} UTC<br>{escaped(message.body)}</li>"
            for message in reversed(self._lab.inbox())
        ]
        return f"<ol>{''.join(messages)}</ol>" if messages else "No messages yet."
