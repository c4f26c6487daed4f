"""A phone and an inbox, as pictures made of markup. What's put into them is harmless already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


def phone(app: str, account: str, screen: str) -> str:
    """A phone with an app open: its name, whose account it shows, and what it shows."""
    return (
        '<div class="cognito-phone"><div class="cognito-screen">'
        f'<div class="cognito-app">{app}<br><small>{account}</small></div>{screen}</div></div>'
    )


class Mail(NamedTuple):
    """A message in an inbox."""

    subject: str
    to: str
    sent: str
    body: str


def inbox(mails: Iterable[Mail]) -> str:
    """An inbox with its messages, one below the other."""
    listed = "".join(
        f'<li><div class="cognito-mail"><strong>{mail.subject}</strong><span>{mail.sent}</span>'
        f"</div>To: {mail.to}<br>{mail.body}</li>"
        for mail in mails
    )
    return (
        '<div class="cognito-card"><div class="cognito-title">Inbox</div>'
        f'<ol class="cognito-mails">{listed}</ol></div>'
    )
