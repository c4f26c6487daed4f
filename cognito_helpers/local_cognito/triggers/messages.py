"""CustomMessage: the text of a message as a function wants it. BEHAVIOR.md, 11.16."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..pools import Pool
from ..storage.store import Transaction
from ..users import User
from .invoke import Occasion, Trigger, as_now, attributes, invoke, is_text

TRIGGER = Trigger(
    "CustomMessage", {"smsMessage": is_text, "emailMessage": is_text, "emailSubject": is_text}
)
# Where a message has the code or the temporary password, and where the user name.
CODE, USERNAME = "{####}", "{username}"


@dataclass(frozen=True)
class Template:
    """A message before the code is in it. `is_sms` tells a text message, which has no subject."""

    subject: str
    body: str
    is_sms: bool = False


def customized(
    tx: Transaction, pool: Pool, user: User, occasion: Occasion, template: Template
) -> Template:
    """The message as CustomMessage wants it. What it doesn't say stays, and so does a text in which
    it left out the place of the code.
    """
    if TRIGGER.name not in pool.triggers:
        return template
    is_invitation = occasion.name == "AdminCreateUser"
    told = {
        "userAttributes": attributes(tx, pool, user),
        "codeParameter": CODE,
        "usernameParameter": USERNAME if is_invitation else None,
    }
    said = invoke(tx, pool, TRIGGER, occasion, user.username, told) or {}
    as_now(tx, user)
    body = said.get("smsMessage" if template.is_sms else "emailMessage", "")
    places = (CODE, USERNAME) if is_invitation else (CODE,)
    if all(place in body for place in places):
        template = replace(template, body=body)
    if not template.is_sms:
        template = replace(template, subject=said.get("emailSubject", template.subject))
    return template
