"""What a check of the emulator is about, in a word or two, from its function's name or its
condition.
"""

from __future__ import annotations

import re
from functools import cache

from .check_source import source_of
from .check_trace import FunctionCall

# Verbs that don't say what is checked
VERBS = {"admin", "check", "find", "reject", "require", "use", "named", "judge", "by"}
# Names of functions and modules that need an explanation
FUNCTIONS = {
    "required": "parameters",
    "check_user_name": "user name",
    "client_and_pool": "app client",
    "find_client": "app client",
    "reject_locked": "lockout",
    "bearer": "access token",
    "bearer_and_sign_in": "access token",
    "bearer_and_client": "access token",
    "verified": "token signature",
    "public_number": "SRP number",
    "refresh_token_auth": "refresh token",
    "count": "attempts",
    "check_policy": "password policy",
    "as_given": "user name",
    "reject_taken": "user name",
    "reject_unknown": "attributes",
    "reject_unwritable": "attributes",
    "reject_missing": "attributes",
    "reject_invalid": "attributes",
    "attribute_of_name": "attributes",
    "reject_alias_too_early": "alias",
    "after_password": "challenge",
    "srp_challenges": "SRP answer",
}
# What a condition is about, for those in an operation's own function. The first match counts.
OTHER = "request"
CONDITIONS = (
    (" not in request", "parameters"),
    ("expects|OTHER_FACTORS|ANSWERS|ChallengeName|is_custom_only", "challenge"),
    ("[Ss]ession", "session"),
    (r"\.enabled|status|reject_unknown_user", "user status"),
    ("AuthFlow|flow", "flow"),
    ("step|code", "code"),
    ("secret|totp", "authenticator app"),
    ("device", "device"),
    ("rotat|origin|token", "token"),
    ("user", "user"),
    ("client", "app client"),
    ("pool", "pool"),
    ("schema|attribute", "attributes"),
)


def about(call: FunctionCall, condition: str) -> str:
    """What a check is about, by its function or the nearest one with a public name; in the function
    of an operation, by its condition.
    """
    for one in reversed(call.chain):
        source, name = source_of(one.code), one.code.co_name
        if source is None or name.startswith("_") and not _ends_at_operation(one):
            continue
        if name in _operations() or name.startswith("_"):
            break
        if name == "check" and source.module == "validation":
            return "request format"
        words = [word for word in name.split("_") if word not in VERBS]
        return FUNCTIONS.get(name) or " ".join(words) or _of_module(source.module)
    return next((noun for found, noun in CONDITIONS if re.search(found, condition)), OTHER)


def _ends_at_operation(call: FunctionCall) -> bool:
    """Whether only private functions stand between a call and its operation."""
    for one in reversed(call.chain):
        if not one.code.co_name.startswith("_"):
            return one.code.co_name in _operations()
    return True


def _of_module(module: str) -> str:
    return FUNCTIONS.get(module) or module.replace("_", " ").removesuffix("s")


@cache
def _operations() -> frozenset[str]:
    from ..local_cognito.service import OPERATIONS

    return frozenset(operation.__name__ for operation in OPERATIONS.values())
