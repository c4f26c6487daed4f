"""The outbox: the messages with codes and temporary passwords, and their codes."""

from __future__ import annotations

import hashlib
import hmac
import re
import string
from dataclasses import dataclass

from .crypto import random_values
from .errors import CodeMismatchException, ExpiredCodeException
from .pools import Pool
from .storage.store import Store, Transaction
from .triggers.invoke import Occasion
from .triggers.messages import CODE, USERNAME, Template, customized
from .users import User

# What a code is for: it's valid only for that, and a user has at most one of each.
SIGN_UP, FORGOT_PASSWORD, VERIFY_EMAIL = "sign-up", "forgotten password", "verify email"
SIGN_UP_BY_SMS, VERIFY_PHONE = "sign-up by SMS", "verify phone number"
HOUR, DAY = 60 * 60, 24 * 60 * 60
EMAIL, SMS = "EMAIL", "SMS"
# The attribute with the address, by kind of message
ADDRESSES = {EMAIL: "email", SMS: "phone_number"}
# By the attribute: what a code is for that confirms a sign-up, and one that verifies the attribute.
CONFIRMS = {"email": SIGN_UP, "phone_number": SIGN_UP_BY_SMS}
VERIFIES = {"email": VERIFY_EMAIL, "phone_number": VERIFY_PHONE}
BY_SMS = {SIGN_UP_BY_SMS, VERIFY_PHONE}
# By the attribute: the codes that are invalid once it has changed.
SENT_TO = {
    "email": (SIGN_UP, VERIFY_EMAIL, FORGOT_PASSWORD),
    "phone_number": (SIGN_UP_BY_SMS, VERIFY_PHONE),
}


@dataclass(frozen=True)
class Message:
    """An email or a text message the pool sent. `medium` is EMAIL or SMS, and a text message has no
    subject. `sent` is in seconds since 1970 by the service's clock.

    `code` is what the reader should type: a code, or in an invitation the temporary password. The
    repr leaves it out.
    """

    destination: str
    subject: str
    body: str
    code: str
    sent: float
    medium: str = EMAIL

    @property
    def is_text(self) -> bool:
        """Whether it's a text message rather than an email."""
        return self.medium == SMS

    def __repr__(self) -> str:
        return f"Message(to={self.destination!r}, subject={self.subject!r})"


def send_code(
    tx: Transaction,
    pool: Pool,
    user: User,
    address: str,
    occasion: Occasion,
    purpose: str = SIGN_UP,
    lifetime: float = DAY,
) -> dict[str, str]:
    """Send a new code for `purpose` to `address`, valid for `lifetime` seconds; it replaces the one
    sent before. Return the CodeDeliveryDetails.
    """
    medium = SMS if purpose in BY_SMS else EMAIL
    message = customized(tx, pool, user, occasion, _verification(pool, medium))
    code = random_values.digits(6)
    tx.run(
        "INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?)",
        user.id,
        purpose,
        code,
        tx.now + lifetime,
    )
    body = message.body.replace(CODE, code)
    _send(tx, pool, user, address, message.subject, body, code, medium)
    return delivery(address, medium)


def _verification(pool: Pool, medium: str) -> Template:
    """The pool's own text for a code."""
    text = "Your confirmation code is {####}"
    if medium == SMS:
        return Template("", pool.settings.get("SmsVerificationMessage", text), is_sms=True)
    return Template(
        pool.settings.get("EmailVerificationSubject", "Your verification code"),
        pool.settings.get("EmailVerificationMessage", text),
    )


def send_one_time_code(
    tx: Transaction,
    pool: Pool,
    user: User,
    medium: str,
    address: str,
    code: str,
    occasion: Occasion,
) -> None:
    """Send a code for one sign-in. If the pool has MFA, its templates are used (BEHAVIOR.md,
    11.4).
    """
    has_mfa, own = pool.mfa != "OFF", "Your sign-in code is {####}"
    blocks = pool.mfa_config if has_mfa else {}
    if medium == SMS:
        template = pool.settings.get("SmsAuthenticationMessage", own) if has_mfa else own
        body = blocks.get("SmsMfaConfiguration", {}).get("SmsAuthenticationMessage", template)
        subject = ""
    else:
        email = blocks.get("EmailMfaConfiguration", {})
        body, subject = email.get("Message", own), email.get("Subject", "Your sign-in code")
    message = customized(tx, pool, user, occasion, Template(subject, body, medium == SMS))
    body = message.body.replace(CODE, code)
    _send(tx, pool, user, address, message.subject, body, code, medium)


def send_invitation(
    tx: Transaction,
    pool: Pool,
    user: User,
    address: str,
    username: str,
    password: str,
    occasion: Occasion,
) -> None:
    """Send the temporary password to `address`, with `username` as the administrator wrote it.

    A template without the placeholder for the password isn't sent, as the API reference says of
    InviteMessageTemplate.
    """
    template = pool.settings["AdminCreateUserConfig"].get("InviteMessageTemplate", {})
    body = template.get(
        "EmailMessage", "Your username is {username} and temporary password is {####}."
    )
    subject = template.get("EmailSubject", "Your temporary password")
    message = customized(tx, pool, user, occasion, Template(subject, body))
    if CODE not in message.body:
        return
    places = {USERNAME: username, CODE: password}
    # Both at once: a password may look like the placeholder for a name.
    body = re.sub("|".join(places), lambda place: places[place[0]], message.body)
    _send(tx, pool, user, address, message.subject, body, password)


def _send(
    tx: Transaction,
    pool: Pool,
    user: User,
    address: str,
    subject: str,
    body: str,
    code: str,
    medium: str = EMAIL,
) -> None:
    tx.run(
        "INSERT INTO outbox (pool_id, user_id, name_key, destination, subject, body, code, sent,"
        " medium) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        pool.id,
        user.id,
        pool.name_key(user.username),
        address,
        subject,
        body,
        code,
        tx.now,
        medium,
    )


def delivery(address: str, medium: str = EMAIL) -> dict[str, str]:
    """CodeDeliveryDetails for a message to `address`."""
    return {
        "Destination": masked(medium, address),
        "DeliveryMedium": medium,
        "AttributeName": ADDRESSES[medium],
    }


def masked(medium: str, address: str) -> str:
    """An address as it's shown to a user: `test@test.com` as `t***@t***`, `+15551234114` as
    `+*******4114`.
    """
    if medium == SMS:
        digits = address.removeprefix("+")
        return "+" + "*" * (len(digits) - 4) + digits[-4:]
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain[:1]}***"


def simulated_delivery(pool: Pool, username: str) -> dict[str, str]:
    """CodeDeliveryDetails for a message that isn't sent, the same each time for one name: of the
    name itself if it's an address, otherwise invented.
    """
    if "@" not in username:
        drawn = hmac.digest(
            pool.secret, b"delivery " + pool.name_key(username).encode(), hashlib.sha256
        )
        username = "@".join(string.ascii_lowercase[byte % 26] for byte in drawn[:2])
    return delivery(username)


def simulated_confirmation(pool: Pool, username: str) -> dict[str, str]:
    """As `simulated_delivery`, for a code that would confirm a sign-up."""
    by_sms = "phone_number" in pool.verifies and (
        "email" not in pool.verifies or username.startswith("+")
    )
    return (
        delivery(simulated_number(pool, username), SMS)
        if by_sms
        else simulated_delivery(pool, username)
    )


def simulated_number(pool: Pool, username: str) -> str:
    """A phone number for a text message that isn't sent, the same each time for one name: that
    name, if it's a number.
    """
    if username.startswith("+"):
        return username
    drawn = hmac.digest(pool.secret, b"number " + pool.name_key(username).encode(), hashlib.sha256)
    return "+1555" + "".join(str(byte % 10) for byte in drawn[:7])


def use_code(tx: Transaction, user: User, given: str, *purposes: str) -> str:
    """Use up the code that `user` was sent for one of `purposes`, once and in time; the purpose.
    BEHAVIOR.md, 1.3.
    """
    listed = ", ".join("?" * len(purposes))
    rows = tx.all(
        "SELECT purpose, code FROM codes WHERE user_id = ? AND expires > ? AND purpose IN"
        f" ({listed})",
        user.id,
        tx.now,
        *purposes,
    )
    if not rows:
        raise ExpiredCodeException
    # compare_digest rejects non-ASCII strings, which the model's pattern lets through.
    right = [row for row in rows if hmac.compare_digest(row["code"].encode(), given.encode())]
    if not right:
        raise CodeMismatchException
    forget_codes(tx, user, *purposes)
    return str(right[0]["purpose"])


def forget_codes(tx: Transaction, user: User, *purposes: str) -> None:
    """Make the codes that were sent to the user for these purposes invalid."""
    for purpose in purposes:
        tx.run("DELETE FROM codes WHERE user_id = ? AND purpose = ?", user.id, purpose)


def inbox(store: Store, username: str) -> list[Message]:
    """Every message to the user with that name, email address or phone number, in any pool and
    case, newest last.
    """
    # CROSS makes SQLite keep this order, which has an index for each step.
    rows = store.transact(
        lambda tx: tx.all(
            "SELECT * FROM outbox WHERE name_key IN (SELECT ? UNION SELECT ? UNION SELECT"
            " users.name_key FROM pools CROSS JOIN attributes ON attributes.pool_id = pools.id AND"
            " attributes.name IN ('email', 'phone_number') AND attributes.value_key = ? CROSS JOIN"
            " users ON users.id = attributes.user_id) ORDER BY id",
            username,
            username.lower(),
            username.lower(),
        )
    )
    return [Message(*(row[name] for name in Message.__dataclass_fields__)) for row in rows]
