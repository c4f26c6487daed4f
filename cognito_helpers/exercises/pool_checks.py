"""Exercises on user pools and app clients."""

from __future__ import annotations

from typing import Any

from ..lab.lab import Lab
from ..tutorial_pool.settings import TAGS, carries_tag
from .result import NOT_YET, OPEN, SOLVED, WRITE, Result, answer_of, is_accepted, made

WEB_PAGE_FLOWS = {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def a_client_for_a_web_page(lab: Lab, _: Any) -> Result:
    """The newest app client the learner created is right for a single-page web app."""
    created = [
        answer_of(call).get("UserPoolClient", {}).get("ClientId")
        for call in made(lab.requests.calls, "CreateUserPoolClient")
        if is_accepted(call)
    ]
    others = [client_id for client_id in created if client_id not in (None, lab.client_id)]
    if not others:
        return Result(OPEN, WRITE)
    with lab.requests.aside():
        client = lab.cognito.describe_user_pool_client(UserPoolId=lab.pool_id, ClientId=others[-1])[
            "UserPoolClient"
        ]
    wrong = _wrong_for_a_web_page(client)
    if wrong:
        return Result(NOT_YET, f"{wrong} Create another client, and run the cell again.")
    return Result(
        SOLVED,
        f"{client['ClientName']} has all four settings. It stays in your pool and is deleted with"
        " it.",
    )


def _wrong_for_a_web_page(client: dict[str, Any]) -> str:
    """The first thing wrong with the client, in a sentence. Empty if it's right."""
    if "ClientSecret" in client:
        return "The new client has a secret, and every user of a web page could read it."
    flows = set(client.get("ExplicitAuthFlows", []))
    if flows != WEB_PAGE_FLOWS:
        return f"The new client allows {', '.join(sorted(flows)) or 'the default flows'}."
    unit = client.get("TokenValidityUnits", {}).get("AccessToken", "hours")
    valid = client.get("AccessTokenValidity") or 1
    if valid * SECONDS[unit] != 15 * SECONDS["minutes"]:
        return f"Its access tokens are valid for {valid} {unit}."
    if client.get("PreventUserExistenceErrors") != "ENABLED":
        return "Its errors still reveal whether a user name exists."
    return ""


def pools_with_the_tag(lab: Lab, answer: Any) -> Result:
    """The learner found the IDs of all pools with the tutorial's tag."""
    if not isinstance(answer, list | tuple | set) or not answer:
        return Result(OPEN, "set `tagged` to the IDs of those pools, and run the cell again.")
    tagged = _tagged(lab)
    given = {one for one in answer if isinstance(one, str)}
    if len(given) < len(answer) or given - tagged:
        return Result(NOT_YET, "your list has something else than IDs of pools with the tag.")
    if tagged - given:
        return Result(
            NOT_YET, f"{len(tagged - given)} pools with the tag are missing. Read every page."
        )
    name, value = next(iter(TAGS.items()))
    return Result(
        SOLVED, f"{len(tagged)} with {name}: {value}. A list has no tags: describe each pool."
    )


def _tagged(lab: Lab) -> set[str]:
    """The IDs of the pools with the tag. A pool that may not be read isn't the tutorial's."""
    cognito, found = lab.cognito, set()
    with lab.requests.aside():
        for page in cognito.get_paginator("list_user_pools").paginate(MaxResults=60):
            for listed in page["UserPools"]:
                try:
                    pool = cognito.describe_user_pool(UserPoolId=listed["Id"])["UserPool"]
                except cognito.exceptions.ClientError as error:
                    if error.response["Error"]["Code"] != "AccessDeniedException":
                        raise
                    continue
                if carries_tag(pool):
                    found.add(listed["Id"])
    return found
