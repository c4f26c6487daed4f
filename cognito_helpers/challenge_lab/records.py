"""What `History` keeps of the calls: sessions, finished sign-ins and SRP challenges. No repr has
their secrets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .demo_users import Role, User

# The stages of answering MFA_SETUP that aren't challenges themselves
SECRET_GIVEN, CODE_VERIFIED = "secret given", "code verified"
# Whose sign-in a challenge, or a stage of one, is taken from
OWNERS = {
    "MFA_SETUP": Role.WITHOUT_APP,
    SECRET_GIVEN: Role.WITHOUT_APP,
    CODE_VERIFIED: Role.WITHOUT_APP,
    "NEW_PASSWORD_REQUIRED": Role.INVITED,
}
# Where USER_AUTH and CUSTOM_AUTH take a sign-in. EMAIL_OTP may be a second factor too.
BY_CHOICE = ("SELECT_CHALLENGE", "SMS_OTP", "WEB_AUTHN", "EMAIL_OTP")
SECOND_FACTORS = ("SELECT_MFA_TYPE", "SMS_MFA", "EMAIL_OTP")
CUSTOM_CHALLENGE = "CUSTOM_CHALLENGE"
MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
# How long tokens and confirmation codes are valid
ACCESS_VALIDITY, REFRESH_VALIDITY = HOUR, 30 * DAY
CODE_VALIDITY, RESET_VALIDITY = DAY, HOUR


@dataclass
class Session:
    """A session from Cognito: the stage it's for, its user and app client, whether it's server-side
    (`admin`), and when it expires.
    """

    text: str = field(repr=False)
    stage: str
    user: User
    client_id: str
    admin: bool
    until: float
    used: bool = False
    # The ChallengeParameters that came with it.
    told: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass
class Tokens:
    """A finished sign-in. `device_key` is the key of the device that was named or offered.
    `offered` is the offer, until the device is confirmed.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    user: User
    client_id: str
    given: float
    offered: dict[str, str] | None
    device_key: str | None = None
    revoked: bool = False


@dataclass
class Proof:
    """An SRP challenge waiting for its proof, with the numbers that began it."""

    srp: Any = field(repr=False)
    parameters: dict[str, str] = field(repr=False)
    until: float
    client_id: str
