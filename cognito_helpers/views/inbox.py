"""The inbox on the page: what the pool mailed to the learner."""

from __future__ import annotations

from datetime import UTC, datetime

from ..lab.lab import Lab
from ..local_cognito import Message
from ..ui.markup import copy_field, escaped
from ..ui.widget import View


class InboxView(View):
    """The messages to a user, the learner where none is named, newest first, with the code of the
    newest to copy.
    """

    def __init__(self, lab: Lab, username: str | None = None) -> None:
        self._lab, self._username = lab, username
        super().__init__(
            "The inbox: shows its messages when this cell runs. As text: lab.mailed_code()",
            again="Look into the inbox again",
        )

    def markup(self) -> str:
        """Each message: its subject, its address, when it was sent, and its words."""
        messages = self._lab.inbox(self._username)[::-1]
        if not messages:
            return escaped(self._lab.backend.no_messages)
        newest = copy_field("The newest code:", messages[0].code)
        return f"{newest}<ol>{''.join(map(_message, messages))}</ol>"


def _message(message: Message) -> str:
    return (
        f"<li><strong>{escaped(message.subject)}</strong>, to {escaped(message.destination)}, "
        f"{datetime.fromtimestamp(message.sent, UTC):%H:%M:%S} UTC<br>{escaped(message.body)}</li>"
    )
