"""The inbox on the page: the emails the pool sent to the learner."""

from __future__ import annotations

from ..lab.inbox import Inbox
from ..local_cognito import Message
from ..ui.markup import copy_field, escaped, said_when
from ..ui.pictures import Mail, inbox
from ..ui.widget import View


class InboxView(View):
    """The emails of an inbox, newest first, with the code of the newest to copy."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        super().__init__(
            "The inbox: shows its messages when this cell runs. As text: lab.inbox.code()",
            again="Refresh the inbox",
        )

    def markup(self) -> str:
        """Each message: its subject, its address, when it was sent, and its text."""
        messages = self._inbox.messages[::-1]
        if not messages:
            return escaped(self._inbox.when_empty)
        newest = copy_field("The newest code:", messages[0].code)
        return f"{newest}{inbox(map(_mail, messages))}"


def _mail(message: Message) -> Mail:
    return Mail(
        escaped(message.subject),
        escaped(message.destination),
        said_when(message.sent),
        escaped(message.body),
    )
