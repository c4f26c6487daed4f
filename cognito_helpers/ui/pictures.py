"""A phone and an inbox, as pictures made of markup. Their content must be harmless already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


def phone(*apps: str) -> str:
    """A phone with these apps, one below the other."""
    return f'<div class="cognito-phone"><div class="cognito-screen">{"".join(apps)}</div></div>'


def app(name: str, account: str, screen: str) -> str:
    """An app on a phone: its name, its account, and its content."""
    return f'<div class="cognito-app">{name}<br><small>{account}</small></div>{screen}'


class Text(NamedTuple):
    """A text message on a phone."""

    sent: str
    body: str


def text_messages(texts: Iterable[Text]) -> str:
    """Text messages, one below the other."""
    listed = "".join(f"<li>{text.body}<br><small>{text.sent}</small></li>" for text in texts)
    return f'<ol class="cognito-texts">{listed}</ol>'


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
