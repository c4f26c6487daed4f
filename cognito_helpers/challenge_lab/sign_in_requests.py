"""Requests of a sign-in: InitiateAuth, RespondToAuthChallenge, and both of them server-side. The
fields depend on the flow or the challenge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import request_parts as parts
from .choice_fields import (
    ANSWER_AS,
    CODE,
    NAME,
    NEW_PASSWORD,
    NONE,
    PASSWORD,
    PROOF,
    REFRESH_TOKEN,
    SESSION,
    Choices,
    Field,
    client,
    field,
    who,
    with_hash,
)
from .conditions import ClientIs, CodeIs, DeviceKeyIs, NameIs, PasswordIs
from .demo_users import Role
from .placeholders import Part, at_hand
from .records import CODE_VERIFIED, OWNERS

# Beginning a sign-in

FLOWS = {
    "InitiateAuth": (
        "USER_PASSWORD_AUTH",
        "ADMIN_USER_PASSWORD_AUTH",
        "USER_SRP_AUTH",
        "REFRESH_TOKEN_AUTH",
    ),
    "AdminInitiateAuth": ("ADMIN_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"),
}


def initiate_fields(operation: str) -> Callable[[Choices], list[Field]]:
    """The fields of InitiateAuth or AdminInitiateAuth."""

    def fields(choices: Choices) -> list[Field]:
        flow = field("flow", "Flow", *FLOWS[operation])
        pool = (
            [field("pool", "Pool", ClientIs.YOURS, ClientIs.UNKNOWN)]
            if operation == "AdminInitiateAuth"
            else []
        )
        chosen = choices.get("flow", FLOWS[operation][0])
        if chosen == "REFRESH_TOKEN_AUTH":
            return [
                flow,
                *pool,
                REFRESH_TOKEN,
                field("device", "Device key", DeviceKeyIs.REMEMBERED, NONE),
            ]
        if chosen == "USER_SRP_AUTH":
            return [flow, client(ClientIs.BY_DEFAULT, ClientIs.YOURS, ClientIs.PASSWORDS_ONLY)]
        device = field("device", "Device key", NONE, DeviceKeyIs.REMEMBERED, DeviceKeyIs.UNKNOWN)
        return with_hash(
            choices,
            [
                flow,
                *pool,
                who(*Role),
                NAME,
                PASSWORD,
                device,
                client(ClientIs.YOURS, ClientIs.WITH_SECRET, ClientIs.BY_DEFAULT, ClientIs.UNKNOWN),
            ],
        )

    return fields


def initiate(operation: str) -> Callable[[Choices], dict[str, Any]]:
    """The request of InitiateAuth or AdminInitiateAuth."""

    def request(choices: Choices) -> dict[str, Any]:
        flow = choices["flow"]
        pool = {"UserPoolId": parts.pool(choices["pool"])} if "pool" in choices else {}
        if flow == "REFRESH_TOKEN_AUTH":
            given = {"REFRESH_TOKEN": parts.refresh_token(choices), **parts.device(choices)}
        elif flow == "USER_SRP_AUTH":
            number = at_hand("srp_a", words="a public number of yours")
            given = {"USERNAME": parts.name_of(Role.YOU), "SRP_A": number}
        else:
            given = _by_password(choices)
        return {
            **pool,
            "ClientId": parts.client_id(choices.get("client", ClientIs.YOURS)),
            "AuthFlow": flow,
            "AuthParameters": given,
        }

    return request


def _by_password(choices: Choices) -> dict[str, Any]:
    who = choices["who"]
    # A user who doesn't exist has no email address either.
    name = (
        parts.name_of(who, choices["name"] if who != Role.NOBODY else NameIs.USER_NAME)
        if choices["name"] != NONE
        else None
    )
    whose: dict[str, Any] = (
        {"of": who} if who != Role.YOU and choices["password"] == PasswordIs.RIGHT else {}
    )
    password = at_hand(
        "password", choices["password"], words=f"the {choices['password']} password", **whose
    )
    given = {"USERNAME": name, "PASSWORD": password if choices["password"] != NONE else None}
    return (
        {key: part for key, part in given.items() if part is not None}
        | parts.device(choices)
        | parts.secret_hash(choices, name)
    )


# Answering a challenge

CHALLENGES: dict[str, list[Field]] = {
    "SOFTWARE_TOKEN_MFA": [SESSION, CODE, ANSWER_AS, client(ClientIs.YOURS, ClientIs.WITH_SECRET)],
    "MFA_SETUP": [SESSION, ANSWER_AS],
    "NEW_PASSWORD_REQUIRED": [SESSION, NEW_PASSWORD, ANSWER_AS],
    "PASSWORD_VERIFIER": [PROOF],
    "DEVICE_SRP_AUTH": [],
    "DEVICE_PASSWORD_VERIFIER": [PROOF],
    "SMS_MFA": [SESSION],
}
PROOFS: dict[str, Callable[[Choices], Part]] = {
    "PASSWORD_VERIFIER": lambda chosen: at_hand(
        "password_proof", chosen["proof"], words=f"the proof of your password, {chosen['proof']}"
    ),
    "DEVICE_SRP_AUTH": lambda _: at_hand(
        "device_answer", words="your name, the device's key and its public number"
    ),
    "DEVICE_PASSWORD_VERIFIER": lambda chosen: at_hand(
        "device_proof", chosen["proof"], words=f"the device's proof, {chosen['proof']}"
    ),
}
# SRP challenges are begun by InitiateAuth here.
ADMIN_CHALLENGES = ("SOFTWARE_TOKEN_MFA", "MFA_SETUP", "NEW_PASSWORD_REQUIRED", "SMS_MFA")
STAGES = {"MFA_SETUP": CODE_VERIFIED, "SMS_MFA": "SOFTWARE_TOKEN_MFA"}


def respond_fields(admin: bool) -> Callable[[Choices], list[Field]]:
    """The fields of RespondToAuthChallenge, or of the server-side operation."""

    def fields(choices: Choices) -> list[Field]:
        challenge = field("challenge", "Challenge", *(ADMIN_CHALLENGES if admin else CHALLENGES))
        chosen = choices.get("challenge", challenge.options[0])
        return with_hash(
            choices,
            [
                challenge,
                *CHALLENGES[chosen if chosen in challenge.options else challenge.options[0]],
            ],
        )

    return fields


def respond(admin: bool) -> Callable[[Choices], dict[str, Any]]:
    """The request of RespondToAuthChallenge, or of the server-side operation."""

    def request(choices: Choices) -> dict[str, Any]:
        challenge = choices["challenge"]
        client = (
            ClientIs.BY_DEFAULT
            if challenge == "PASSWORD_VERIFIER"
            else choices.get("client", ClientIs.YOURS)
        )
        head = {
            **({"UserPoolId": parts.pool()} if admin else {}),
            "ClientId": parts.client_id(client),
            "ChallengeName": challenge,
        }
        if challenge in PROOFS:
            return {**head, "ChallengeResponses": PROOFS[challenge](choices)}
        stage = STAGES.get(challenge, challenge)
        return {
            **head,
            **parts.session(choices, stage, admin),
            "ChallengeResponses": _responses(choices, challenge, stage, admin),
        }

    return request


def _responses(choices: Choices, challenge: str, stage: str, admin: bool) -> dict[str, Any]:
    name = _answer_as(choices.get("name", "USER_ID_FOR_SRP"), stage, admin)
    given: dict[str, Any] = {"USERNAME": name} if name is not None else {}
    if challenge == "SMS_MFA":
        given["SMS_MFA_CODE"] = parts.code(CodeIs.NOW)
    if choices.get("code", NONE) != NONE:
        given["SOFTWARE_TOKEN_MFA_CODE"] = parts.code(choices["code"])
    if challenge == "NEW_PASSWORD_REQUIRED":
        given["NEW_PASSWORD"] = parts.new_password(choices)
    return given | parts.secret_hash(choices, name)


def _answer_as(form: str, stage: str, admin: bool) -> Any:
    if form == NONE:
        return None
    if form == "of another user":
        return parts.name_of(Role.ANOTHER)
    if form == "USER_ID_FOR_SRP":
        named: dict[str, Any] = {"admin": True} if admin else {}
        return at_hand(
            "user_id",
            *([stage] if stage != "SOFTWARE_TOKEN_MFA" else []),
            words="the name that came as USER_ID_FOR_SRP",
            plain=True,
            **named,
        )
    return parts.name_of(OWNERS.get(stage, Role.YOU), form)
