"""The challenges of secure remote password: what is sent, and whether the returned proof is right.
BEHAVIOR.md, section 5 and 10.4.

Users and devices prove their passwords in the same way; only their names in the mathematics differ.

AWS rejects the response to PASSWORD_VERIFIER if it comes late. How many seconds it allows isn't
documented, so the emulator allows as long as for any other session (BEHAVIOR.md, 12.3).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from .crypto import random_values, srp
from .devices import Device
from .errors import InvalidParameterException
from .pools import Pool
from .sessions import Session
from .users import User
from .validation import required

WRONG_TIME = "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."
DAYS, MONTHS = (
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
)
TIMESTAMP = re.compile(
    rf"(?:{'|'.join(DAYS)}) ({'|'.join(MONTHS)}) ([0-9]{{1,2}})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) UTC ([0-9]{4})"
)


@dataclass(frozen=True)
class Kept:
    """What the service stores of a password: its owner, the salt and the verifier. `user_id` is
    what a user gets as USER_ID_FOR_SRP.
    """

    identity: str
    user_id: str
    salt: bytes = field(repr=False)
    verifier: bytes = field(repr=False)


@dataclass(frozen=True)
class Asked:
    """An SRP challenge: the parameters that are sent, and the key for the proof."""

    parameters: dict[str, str] = field(repr=False)
    secret_block: str = field(repr=False)
    key: bytes = field(repr=False)


def of_user(user: User) -> Kept:
    """What is stored of a user's password."""
    return Kept(
        srp.user_identity(user.pool_id, user.username), user.username, user.salt, user.verifier
    )


def of_device(pool: Pool, device: Device) -> Kept:
    """What is stored of a device's password. It's hashed with the key of its group and its own, not
    with the user's name.
    """
    assert device.salt is not None and device.verifier is not None
    return Kept(
        srp.device_identity(pool.device_group, device.key), "", device.salt, device.verifier
    )


def of_unknown_user(pool: Pool, username: str) -> Kept:
    """The same for an unknown name: invented, and the same each time, so that asking twice reveals
    nothing (BEHAVIOR.md, section 5).
    """
    drawn = hmac.digest(pool.secret, pool.name_key(username).encode(), hashlib.sha256)
    user_id = str(uuid.UUID(bytes=drawn[16:], version=4))
    verifier = srp.from_bytes(hashlib.shake_256(drawn).digest(384)) % srp.N
    return Kept(srp.user_identity(pool.id, user_id), user_id, drawn[:16], srp.to_bytes(verifier))


def public_number(parameters: dict[str, str]) -> int:
    """SRP_A, the client's public number. A multiple of N is rejected: the key would be the same for
    every password.
    """
    text = required(parameters, "SRP_A")
    number = int(text, 16) if re.fullmatch("[0-9A-Fa-f]+", text) else 0
    if number % srp.N == 0:
        raise InvalidParameterException("SRP_A is not a usable number in hexadecimal.")
    return number


def challenge(big_a: int, kept: Kept) -> Asked:
    """The server's public number, the salt and the secret block for a client that sent `big_a`."""
    big_b, key = srp.answer(big_a, kept.verifier)
    block = random_values.secret_block()
    return Asked(
        {
            "SALT": srp.to_hex(srp.from_bytes(kept.salt)),
            "SECRET_BLOCK": block,
            "SRP_B": srp.to_hex(big_b),
        },
        block,
        key,
    )


def check(identity: str, session: Session, responses: dict[str, str]) -> bool:
    """Whether the responses prove the password that the challenge of `session` asked for."""
    block, given = (
        required(responses, "PASSWORD_CLAIM_SECRET_BLOCK"),
        required(responses, "PASSWORD_CLAIM_SIGNATURE"),
    )
    timestamp = _timestamp(required(responses, "TIMESTAMP"))
    assert session.srp_key is not None
    right = srp.signature(session.srp_key, identity, base64.b64decode(block), timestamp)
    return hmac.compare_digest(base64.b64encode(right), given.encode())


def _timestamp(text: str) -> str:
    """The moment in `text`, as the service writes it.

    The service reads the time and signs its own spelling of it. So a leading zero or a wrong day of
    the week makes a wrong proof, like a wrong password, while a text that isn't a time is an
    invalid parameter.
    """
    found = TIMESTAMP.fullmatch(text)
    if found is None:
        raise InvalidParameterException(WRONG_TIME)
    month, *numbers = found.groups()
    day, hour, minute, second, year = map(int, numbers)
    try:
        moment = datetime(year, MONTHS.index(month) + 1, day, hour, minute, second)
    except ValueError:
        raise InvalidParameterException(WRONG_TIME) from None
    return f"{DAYS[moment.weekday()]} {month} {day} {moment:%H:%M:%S} UTC {year}"
