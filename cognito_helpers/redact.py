"""Hide what must not be stored: tokens, sessions, secrets, passwords and codes. The one place that
knows which names are secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# By the API's names, in lowercase and without underscores, since it writes RefreshToken in one
# place and REFRESH_TOKEN in another. Of the first kind a few characters may be shown, so that a
# reader can tell one from the next; the last five aren't secret, only long.
OPAQUE = {
    "session",
    "accesstoken",
    "idtoken",
    "refreshtoken",
    "token",
    "actortoken",
    "subjecttoken",
    "issuedtoken",
    "feedbacktoken",
    "secretblock",
    "passwordclaimsecretblock",
    "passwordverifier",
    "nexttoken",
    "paginationtoken",
    "salt",
    "srpa",
    "srpb",
}
HIDDEN = {
    "password",
    "previouspassword",
    "proposedpassword",
    "temporarypassword",
    "newpassword",
    "code",
    "confirmationcode",
    "usercode",
    "softwaretokenmfacode",
    "smsmfacode",
    "smsotpcode",
    "emailotpcode",
    "answer",
    "credential",
    "secret",
    "secretcode",
    "clientsecret",
    "clientsecretvalue",
    "secrethash",
    "passwordclaimsignature",
    "usercontextdata",
    "encodeddata",
}
# Two maps whose members depend on the flow. An unknown member may be secret, so it counts as one.
CLOSED = {"authparameters", "challengeresponses"}
HARMLESS = {
    "username",
    "devicekey",
    "devicegroupkey",
    "devicename",
    "timestamp",
    "challengename",
    "preferredchallenge",
}
SHOWN = 4


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def is_secret(name: str, within: str = "") -> bool:
    """Whether a member of this name is shortened or hidden. `within` is the name of its container.

    >>> is_secret("PASSWORD"), is_secret("USERNAME", "AuthParameters")
    (True, False)
    >>> is_secret("whatever", "ChallengeResponses")
    True
    """
    return _is_opaque(name) or _is_hidden(name, within)


def _is_opaque(name: str) -> bool:
    return _plain(name) in OPAQUE


def _is_hidden(name: str, within: str) -> bool:
    name, within = _plain(name), _plain(within)
    # In an error, Code is the exception's name.
    return (name in HIDDEN and (name, within) != ("code", "error")) or (
        within in CLOSED and name not in OPAQUE | HARMLESS
    )


def redact(value: Any, name: str = "", within: str = "") -> Any:
    """A copy of a request or a response that is safe to print or to store; `name` says what `value`
    is, `within` what it's in.

    `ResponseMetadata` is left out: it changes with every call.

    >>> redact({"SecretCode": "JBSWY3DPEHPKJBSWY3DPEHPK", "ChallengeName": "MFA_SETUP"})
    {'SecretCode': '(24 characters, hidden)', 'ChallengeName': 'MFA_SETUP'}
    >>> redact({"Session": "AYABe0123456789012345678"})
    {'Session': 'AYAB… (24 characters)'}
    """
    if value is None:
        return None
    if is_secret(name, within):
        return _short(value) if _is_opaque(name) else _hidden(value)
    if isinstance(value, dict):
        return {
            key: redact(member, str(key), name)
            for key, member in value.items()
            if key != "ResponseMetadata"
        }
    if isinstance(value, list | tuple):
        return [redact(item, name, within) for item in value]
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        return _redacted_json(value, name, within)
    return value


def _hidden(value: Any) -> str:
    return f"({len(value)} characters, hidden)" if isinstance(value, str) else "(hidden)"


def _short(value: Any) -> str:
    # The first characters of a short text would be most of it.
    shown = value[: min(SHOWN, len(value) // SHOWN)] if isinstance(value, str) else ""
    return f"{shown}… ({len(value)} characters)" if shown else _hidden(value)


def _redacted_json(text: str, name: str, within: str) -> str:
    """Redact members that are JSON inside a string: secrets may be in there too."""
    try:
        inside = json.loads(text)
    except (ValueError, RecursionError):
        return text
    safe = redact(inside, name, within)
    return text if safe == inside else json.dumps(safe, ensure_ascii=False)


def redact_body(body: bytes | str | None) -> Any:
    """The body of a request or a response, parsed as JSON and redacted; only its length if it isn't
    a JSON object.
    """
    inside = _read(body)
    return (
        redact(inside)
        if isinstance(inside, dict)
        else f"({len(body or '')} bytes that are no JSON object, hidden)"
    )


def redact_message(message: str, body: bytes | str | None) -> str:
    """An error message without the secrets of its request: Cognito quotes some values it
    rejects.
    """
    for secret in sorted(set(_secrets(_read(body))), key=len, reverse=True):
        message = message.replace(f"'{secret}'", "'(hidden)'")
        # A short secret without quotation marks may be part of an innocent word.
        message = message.replace(secret, "(hidden)") if len(secret) >= 6 else message
    return message


def _read(body: bytes | str | None) -> Any:
    try:
        return json.loads(body or "{}")
    except (ValueError, RecursionError):
        return None


def _secrets(value: Any, name: str = "", within: str = "", known: bool = False) -> Iterator[str]:
    """Every string in `value` under a secret name."""
    known = known or is_secret(name, within)
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _secrets(member, key, name, known)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item, name, within, known)
    elif known and value:
        yield str(value)


def redact_report(report: str) -> str:
    """boto3's own report on parameters it rejected, without the values it quotes.

    >>> redact_report("Invalid type for parameter Code, value: 1234, type: <class 'int'>, valid …")
    "Invalid type for parameter Code, type: <class 'int'>, valid …"
    """
    return re.sub(r", value: .*(?=, type: <class )|, value: .*(?=, valid )", "", report)
