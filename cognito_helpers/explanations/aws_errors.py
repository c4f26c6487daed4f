"""What can go wrong between here and AWS, in one plain sentence each, and what to do: settings,
credentials, permissions, clocks, the network.
"""

from __future__ import annotations

import json
import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from .repeated_calls import AGAIN

# How to make boto3 read its settings again, and how to repeat a call: in a notebook
FIRST, HERE = "run the first cell of this lesson again", "run this cell again"
SIGN_IN = (
    "Sign in to AWS again, the way you always do (such as `aws sso login` or `aws login`),"
    " then {first}."
)

# In this order, since some are subclasses of others. The names in braces are boto3's own, or what
# `_Words` adds.
TROUBLES: list[tuple[tuple[type[BotoCoreError], ...], str]] = [
    (
        (boto.NoCredentialsError,),
        (
            "boto3 finds no IAM credentials: run `aws configure` or `aws sso login` in a terminal,"
            " or name a profile in AWS_PROFILE (in a notebook by `%env AWS_PROFILE=…`), then"
            " {first}."
        ),
    ),
    (
        (boto.PartialCredentialsError,),
        (
            "Your IAM credentials are incomplete: {cred_var} is missing. Add it where they're"
            " stored, then {first}."
        ),
    ),
    (
        (boto.ProfileNotFound,),
        (
            "There's no AWS profile “{profile}”. `aws configure list-profiles` lists yours. Choose"
            " one with AWS_PROFILE, then {first}."
        ),
    ),
    (
        (boto.NoRegionError,),
        (
            "boto3 finds no Region: name one such as us-east-1 in AWS_DEFAULT_REGION (in a notebook"
            " by `%env AWS_DEFAULT_REGION=…`) or in your AWS profile, then {first}."
        ),
    ),
    (
        (boto.InvalidRegionError,),
        (
            "“{region_name}” isn't a Region: name one such as us-east-1 in AWS_DEFAULT_REGION or in"
            " your AWS profile, then {first}."
        ),
    ),
    (
        (
            boto.TokenRetrievalError,
            boto.UnauthorizedSSOTokenError,
            boto.SSOTokenLoadError,
            boto.LoginError,
        ),
        f"Your sign-in to AWS has expired, or you haven't signed in. {SIGN_IN}",
    ),
    (
        (boto.CredentialRetrievalError,),
        "boto3 can't get IAM credentials by “{provider}”: fix that, then {first}.",
    ),
    (
        (boto.ConfigParseError,),
        "The AWS settings in {path} can't be read: fix the file, then {first}.",
    ),
    (
        (boto.SSLError,),
        (
            "This computer doesn't trust the certificate of {endpoint_url}. If a certificate"
            " authority of your own signed it, name that authority's file in AWS_CA_BUNDLE, then"
            " {first}."
        ),
    ),
    (
        (boto.ProxyConnectionError,),
        (
            "The proxy {proxy_url} doesn't let this through: fix HTTPS_PROXY, or name the host in"
            " NO_PROXY, then {first}."
        ),
    ),
    (
        (boto.EndpointConnectionError, boto.ConnectTimeoutError),
        (
            "No one answers at {endpoint_url}, so nothing was sent. Is the network there, is the"
            " Region right, and is an endpoint of your own running? Then {here}."
        ),
    ),
    (
        (boto.HTTPClientError,),
        (
            "{operation} was sent, and no response came. It may have been done all the same. It's"
            " safe to {here}{again}."
        ),
    ),
]

# By the name of the exception AWS returns
EXPIRED = {"ExpiredTokenException", "ExpiredToken", "TokenRefreshRequired"}
UNKNOWN_KEY = {
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "MissingAuthenticationTokenException",
    "IncompleteSignatureException",
}
SIGNATURE = {
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "RequestExpired",
    "RequestTimeTooSkewed",
}
DENIED = {"AccessDeniedException", "AccessDenied"}
TOO_MANY = {
    "TooManyRequestsException",
    "ThrottlingException",
    "Throttling",
    "RequestLimitExceeded",
    "SlowDown",
}

# In seconds: AWS accepts signatures up to five minutes old.
TOLERATED = 240


def sentence(error: Exception, first: str = FIRST, here: str = HERE) -> str | None:
    """The words for `error`; None if it isn't such an error. `first` and `here` say how to read the
    settings, and how to make the call, again.
    """
    if isinstance(error, ClientError):
        return _refusal(error)
    for kinds, words in TROUBLES:
        if isinstance(error, kinds):
            return words.format_map(_Words(error, first=first, here=here))
    return None


class _Words(dict[str, str]):
    """What boto3 says about a problem, by boto3's names."""

    def __init__(self, error: BotoCoreError, **more: str) -> None:
        operation = str(error.kwargs.get("operation", "The call"))
        known = AGAIN.get(operation)
        again = (
            f": if Cognito then says {known.error}, {known.then}"
            if known and more["here"] == HERE
            else ""
        )
        super().__init__(
            {name: str(value) for name, value in error.kwargs.items()}
            | {"operation": operation, "again": again}
            | more
        )

    def __missing__(self, name: str) -> str:
        return "(not said)"


def _refusal(error: ClientError) -> str | None:
    code, message = (
        error.response["Error"].get("Code", ""),
        error.response["Error"].get("Message", ""),
    )
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    operation = error.operation_name
    if code in DENIED:
        return _denied(operation, message)
    if code in EXPIRED:
        return (
            f"AWS rejected {operation}: your credentials have expired ({code})."
            f" {SIGN_IN.format(first=FIRST)}"
        )
    if code in UNKNOWN_KEY:
        return (
            f"AWS rejected {operation}: it doesn't know your access key ({code}). Was it deleted,"
            f" or mistyped? Correct it, then {FIRST}."
        )
    if code in SIGNATURE:
        return _signature(error, code, message)
    if code in TOO_MANY:
        return (
            f"Too many requests in this account and Region just now ({code}), and {operation}"
            f" wasn't done. Wait a minute, then {HERE}."
        )
    if status == 501 and code != "NotInEmulatorException":
        return (
            f"The endpoint doesn't have the operation {operation} (HTTP 501). Continue"
            " with the next cell that doesn't need it, or use another endpoint."
        )
    if status >= 500 and code != "NotInEmulatorException":
        return (
            f"The service failed at {operation} (HTTP {status}, {code}), and it's unknown"
            f" whether it was done. Wait a minute, then {HERE}."
        )
    return None


_DENIAL = re.compile(
    r"(?:User: )?(?P<who>\S+) is not authorized to perform: (?P<action>\S+)(?: on resource:"
    r" (?P<resource>\S+))?"
)


def _denied(operation: str, message: str) -> str:
    said = _DENIAL.match(message)
    action = said["action"] if said else f"cognito-idp:{operation}"
    resource = (said and said["resource"]) or "*"
    if "explicit deny" in message:
        return (
            f"Your AWS account forbids {action} on {resource} to you, by an explicit deny. Ask"
            " the account's administrator, or use another account."
        )
    # Two calls are for every pool, whatever the message names.
    statement = {
        "Effect": "Allow",
        "Action": action,
        "Resource": "*" if operation in ("CreateUserPool", "ListUserPools") else resource,
    }
    who = f" ({said['who']})" if said else ""
    return (
        f"Your IAM credentials{who} may not do {action} on {resource}. Ask the account's"
        f" administrator for this statement: {json.dumps(statement)}. AWS.md has the"
        f" whole policy. Then {HERE}."
    )


def _signature(error: ClientError, code: str, message: str) -> str:
    seconds = _seconds_behind(error)
    if seconds is not None and abs(seconds) > TOLERATED:
        wrong = f"{abs(seconds) / 60:.0f} minutes {'slow' if seconds > 0 else 'fast'}"
        return (
            f"AWS rejected {error.operation_name}: this computer's clock is {wrong} ({code}). Set"
            f" it by the network's time, then {HERE}."
        )
    if (
        "expired" in message.lower()
        or "not yet current" in message
        or code in ("RequestExpired", "RequestTimeTooSkewed")
    ):
        return (
            f"AWS rejected {error.operation_name}: this computer's clock and AWS's don't agree"
            f" ({code}). Set it by the network's time, then {HERE}."
        )
    return (
        f"AWS rejected {error.operation_name}: the signature is wrong ({code}), so the secret"
        f" access key isn't the one of the access key. Copy both again, then {FIRST}."
    )


def _seconds_behind(error: ClientError) -> float | None:
    """By how many seconds this computer's clock is slow, by the date of AWS's response."""
    headers: dict[str, Any] = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        return parsedate_to_datetime(headers["date"]).timestamp() - time.time()
    except (KeyError, ValueError, TypeError):
        return None
