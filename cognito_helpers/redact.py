"""Hides what must not be stored: tokens, sessions, secrets, passwords and codes."""

from __future__ import annotations

import re
from typing import Any

# By the names that the API gives them. Of the first kind a few characters may be shown, so that a reader can tell one from the next.
OPAQUE = {
    "Session", "AccessToken", "IdToken", "RefreshToken", "REFRESH_TOKEN", "PasswordVerifier", "Salt", "SALT", "SRP_A", "SRP_B",
    "SECRET_BLOCK", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE",
}  # fmt: skip
HIDDEN = {
    "SecretCode", "ClientSecret", "SecretHash", "SECRET_HASH", "Password", "PASSWORD", "ConfirmationCode", "UserCode", "SOFTWARE_TOKEN_MFA_CODE",
}  # fmt: skip
SHOWN = 4


def redact(value: Any, name: str = "") -> Any:
    """A copy of a request or an answer that is safe to print or to keep.

    `ResponseMetadata` is left out: it changes with every call.

    >>> redact({"SecretCode": "JBSWY3DPEHPKJBSWY3DPEHPK", "ChallengeName": "MFA_SETUP"})
    {'SecretCode': '(24 characters, hidden)', 'ChallengeName': 'MFA_SETUP'}
    >>> redact({"Session": "AYABe0123456789012345678"})
    {'Session': 'AYAB… (24 characters)'}
    """
    if isinstance(value, dict):
        return {key: redact(member, key) for key, member in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [redact(item, name) for item in value]
    if isinstance(value, str) and name in HIDDEN:
        return f"({len(value)} characters, hidden)"
    if isinstance(value, str) and name in OPAQUE:
        return f"{value[:SHOWN]}… ({len(value)} characters)"
    return value


def redact_report(report: str) -> str:
    """boto3's own report on parameters that it refused, without the values that it quotes.

    >>> redact_report("Invalid type for parameter Password, value: 12345678, type: <class 'int'>, valid types: <class 'str'>")
    "Invalid type for parameter Password, type: <class 'int'>, valid types: <class 'str'>"
    """
    return re.sub(r", value: .*?(?=, type: |, valid )", "", report, flags=re.DOTALL)
