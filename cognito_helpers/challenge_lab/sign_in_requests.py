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
    RIGHT_ANSWER,
    SENT,
    SESSION,
    SIGNATURE,
    Choices,
    Field,
    client,
    field,
    who,
    with_hash,
)
from .conditions import ClientIs, DeviceKeyIs, NameIs, PasswordIs
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
        "USER_AUTH",
        "CUSTOM_AUTH",
    ),
    "AdminInitiateAuth": (
        "ADMIN_USER_PASSWORD_AUTH",
        "USER_PASSWORD_AUTH",
        "REFRESH_TOKEN_AUTH",
        "USER_AUTH",
        "CUSTOM_AUTH",
    ),
}
FIRST_FACTORS = ("EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", "PASSWORD", "PASSWORD_SRP")
PREFERRED = field("preferred", "Preferred challenge", NONE, *FIRST_FACTORS)
WHO_BEGINS = who(Role.YOU, Role.ANOTHER, Role.UNKNOWN)


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
        if chosen in ("USER_AUTH", "CUSTOM_AUTH"):
            preferred = [PREFERRED] if chosen == "USER_AUTH" else []
            password = [PASSWORD] if choices.get("preferred") == "PASSWORD" else []
            own_client = client(ClientIs.YOURS, ClientIs.UNKNOWN)
            return [
                flow,
                *pool,
                WHO_BEGINS,
                *preferred,
                *(password if preferred else []),
                own_client,
            ]
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
        elif flow in ("USER_AUTH", "CUSTOM_AUTH"):
            given = _by_choice(choices)
        else:
            given = _by_password(choices)
        return {
            **pool,
            "ClientId": parts.client_id(choices.get("client", ClientIs.YOURS)),
            "AuthFlow": flow,
            "AuthParameters": given,
        }

    return request


def _by_choice(choices: Choices) -> dict[str, Any]:
    given = {"USERNAME": parts.name_of(choices["who"])}
    preferred = choices.get("preferred", NONE)
    if preferred != NONE:
        given["PREFERRED_CHALLENGE"] = preferred
    return given | _first_answer(choices, preferred)


def _first_answer(choices: Choices, factor: str) -> dict[str, Any]:
    """What goes along with a factor that's chosen."""
    if factor == "PASSWORD" and choices["password"] != NONE:
        which = choices["password"]
        return {"PASSWORD": at_hand("password", which, words=f"the {which} password")}
    if factor == "PASSWORD_SRP":
        return {"SRP_A": at_hand("srp_a", words="a public number of yours")}
    return {}


def _by_password(choices: Choices) -> dict[str, Any]:
    who = choices["who"]
    # A user who doesn't exist has no email address either.
    name = (
        parts.name_of(who, choices["name"] if who != Role.UNKNOWN else NameIs.USER_NAME)
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

NOT_OFFERED = "one that isn't offered"
SECOND_FACTOR = field("answer", "Answer", "SMS_MFA", "EMAIL_OTP", NOT_OFFERED)
FIRST_FACTOR = field("answer", "Answer", *FIRST_FACTORS, NOT_OFFERED)
CHALLENGES: dict[str, list[Field]] = {
    "SOFTWARE_TOKEN_MFA": [SESSION, CODE, ANSWER_AS, client(ClientIs.YOURS, ClientIs.WITH_SECRET)],
    "MFA_SETUP": [SESSION, ANSWER_AS],
    "NEW_PASSWORD_REQUIRED": [SESSION, NEW_PASSWORD, ANSWER_AS],
    "PASSWORD_VERIFIER": [PROOF],
    "DEVICE_SRP_AUTH": [],
    "DEVICE_PASSWORD_VERIFIER": [PROOF],
    "SMS_MFA": [SESSION, SENT, ANSWER_AS],
    "EMAIL_OTP": [SESSION, SENT],
    "SMS_OTP": [SESSION, SENT],
    "SELECT_MFA_TYPE": [SESSION, SECOND_FACTOR, ANSWER_AS],
    "SELECT_CHALLENGE": [SESSION, FIRST_FACTOR],
    "PASSWORD": [SESSION, PASSWORD],
    "PASSWORD_SRP": [SESSION],
    "WEB_AUTHN": [SESSION, SIGNATURE],
    "CUSTOM_CHALLENGE": [SESSION, RIGHT_ANSWER],
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
ADMIN_CHALLENGES = tuple(
    name for name in CHALLENGES if name not in PROOFS and name != "PASSWORD_SRP"
)
STAGES = {
    "MFA_SETUP": CODE_VERIFIED,
    "PASSWORD": "SELECT_CHALLENGE",
    "PASSWORD_SRP": "SELECT_CHALLENGE",
}


def respond_fields(admin: bool) -> Callable[[Choices], list[Field]]:
    """The fields of RespondToAuthChallenge, or of the server-side operation."""

    def fields(choices: Choices) -> list[Field]:
        challenge = field("challenge", "Challenge", *(ADMIN_CHALLENGES if admin else CHALLENGES))
        chosen = choices.get("challenge", challenge.options[0])
        chosen = chosen if chosen in challenge.options else challenge.options[0]
        selects_password = chosen == "SELECT_CHALLENGE" and choices.get("answer") == "PASSWORD"
        password = [PASSWORD] if selects_password else []
        return with_hash(choices, [challenge, *CHALLENGES[chosen], *password])

    return fields


def respond(admin: bool) -> Callable[[Choices], dict[str, Any]]:
    """The request of RespondToAuthChallenge, or of the server-side operation."""

    def request(choices: Choices) -> dict[str, Any]:
        challenge = choices["challenge"]
        client = (
            at_hand("proof_client", words="the app client of the proof", plain=True)
            if challenge == "PASSWORD_VERIFIER"
            else parts.client_id(choices.get("client", ClientIs.YOURS))
        )
        head = {
            **({"UserPoolId": parts.pool()} if admin else {}),
            "ClientId": client,
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
    form = "USER_ID_FOR_SRP" if ANSWER_AS in CHALLENGES[challenge] else NameIs.USER_NAME
    name = _answer_as(choices.get("name", form), stage, admin)
    given: dict[str, Any] = {"USERNAME": name} if name is not None else {}
    if SENT in CHALLENGES[challenge]:
        given[f"{challenge}_CODE"] = parts.sent_code(choices, challenge)
    elif choices.get("code", NONE) != NONE:
        given["SOFTWARE_TOKEN_MFA_CODE"] = parts.code(choices["code"])
    given |= _chosen_answer(choices, challenge)
    if challenge == "NEW_PASSWORD_REQUIRED":
        given["NEW_PASSWORD"] = parts.new_password(choices)
    return given | parts.secret_hash(choices, name)


def _chosen_answer(choices: Choices, challenge: str) -> dict[str, Any]:
    """The answer to what USER_AUTH, CUSTOM_AUTH or a choice of second factors asks for."""
    if challenge in ("SELECT_CHALLENGE", "SELECT_MFA_TYPE"):
        answer = choices["answer"]
        sent = "NOT_OFFERED" if answer == NOT_OFFERED else answer
        return {"ANSWER": sent, **_first_answer(choices, answer)}
    if challenge in ("PASSWORD", "PASSWORD_SRP"):
        return _first_answer(choices, challenge)
    if challenge == "WEB_AUTHN":
        which = choices["signature"]
        words = f"what your passkey signs, {which}"
        return {"CREDENTIAL": at_hand("signature", which, words=words)}
    if challenge == "CUSTOM_CHALLENGE":
        which = choices["answer"]
        return {"ANSWER": at_hand("own_answer", which, words=f"your answer, {which}")}
    return {}


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
