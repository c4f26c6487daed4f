"""The operations of the playground: the fields of each, and the request the choices make."""

from __future__ import annotations

from typing import Any

from . import request_parts as parts
from .account_operations import ACCOUNT_OPERATIONS
from .choice_fields import (
    ACCESS_TOKEN,
    CODE_OF_NEW_SECRET,
    EMAIL_CODE,
    NEW_PASSWORD,
    NONE,
    REFRESH_TOKEN,
    SESSION_TO_ASK,
    Choices,
    Field,
    field,
    who,
)
from .conditions import (
    AccessTokenIs,
    ClientIs,
    CodeIs,
    DeviceKeyIs,
    NameIs,
    PasswordIs,
    Purpose,
    RefreshTokenIs,
    SentCodeIs,
    SessionIs,
)
from .demo_users import Role
from .operation import Operation
from .passkey_operations import PASSKEY_OPERATIONS
from .placeholders import at_hand
from .records import SECRET_GIVEN
from .sign_in_requests import initiate, initiate_fields, respond, respond_fields


def _client_and_name(choices: Choices) -> dict[str, Any]:
    return {"ClientId": parts.client_id(ClientIs.YOURS), "Username": parts.name_of(choices["who"])}


def _sign_up(choices: Choices) -> dict[str, Any]:
    name = (
        at_hand("name", Role.UNKNOWN, words="a name that isn't taken", plain=True)
        if choices["name"] == "a new one"
        else parts.name_of(Role.YOU)
    )
    email = (
        [{"Name": "email", "Value": "someone@example.com"}] if choices["email"] == "given" else None
    )
    request = {
        "ClientId": parts.client_id(ClientIs.YOURS),
        "Username": name,
        "Password": parts.new_password(choices),
        "UserAttributes": email,
    }
    return {key: value for key, value in request.items() if value is not None}


SIGN_UP = [
    Field("name", "User name", ("a new one", "one that is taken")),
    NEW_PASSWORD,
    Field("email", "Email", ("given", NONE)),
]
OFFERED_DEVICE = field("device", "Device key", DeviceKeyIs.OFFERED, DeviceKeyIs.OF_ANOTHER_USER)

OPERATIONS = {
    "RespondToAuthChallenge": Operation(respond_fields(admin=False), respond(admin=False)),
    "AdminRespondToAuthChallenge": Operation(respond_fields(admin=True), respond(admin=True)),
    "InitiateAuth": Operation(initiate_fields("InitiateAuth"), initiate("InitiateAuth")),
    "AdminInitiateAuth": Operation(
        initiate_fields("AdminInitiateAuth"), initiate("AdminInitiateAuth")
    ),
    "AssociateSoftwareToken": Operation(
        lambda _: [SESSION_TO_ASK], lambda chosen: parts.session(chosen, "MFA_SETUP")
    ),
    "VerifySoftwareToken": Operation(
        lambda _: [SESSION_TO_ASK, CODE_OF_NEW_SECRET],
        lambda chosen: {
            **parts.session(chosen, SECRET_GIVEN),
            "UserCode": parts.code(chosen["code"], Role.WITHOUT_APP),
        },
    ),
    "SignUp": Operation(lambda _: SIGN_UP, _sign_up),
    "ConfirmSignUp": Operation(
        lambda _: [who(Role.NOT_CONFIRMED, Role.YOU), EMAIL_CODE],
        lambda chosen: {
            **_client_and_name(chosen),
            "ConfirmationCode": parts.email_code(chosen, Purpose.SIGN_UP),
        },
    ),
    "ResendConfirmationCode": Operation(
        lambda _: [who(Role.NOT_CONFIRMED, Role.YOU, Role.UNKNOWN)], _client_and_name
    ),
    "ForgotPassword": Operation(lambda _: [who(Role.YOU)], _client_and_name),
    "ConfirmForgotPassword": Operation(
        lambda _: [EMAIL_CODE, NEW_PASSWORD],
        lambda chosen: {
            **_client_and_name({"who": Role.YOU}),
            "ConfirmationCode": parts.email_code(chosen, Purpose.NEW_PASSWORD),
            "Password": parts.new_password(chosen),
        },
    ),
    "GetUser": Operation(
        lambda _: [ACCESS_TOKEN], lambda chosen: {"AccessToken": parts.access_token(chosen)}
    ),
    "AdminGetUser": Operation(
        lambda _: [who(*Role)],
        lambda chosen: {"UserPoolId": parts.pool(), "Username": parts.name_of(chosen["who"])},
    ),
    "RevokeToken": Operation(
        lambda _: [REFRESH_TOKEN],
        lambda chosen: {
            "Token": parts.refresh_token(chosen),
            "ClientId": parts.client_id(ClientIs.YOURS),
        },
    ),
    "GlobalSignOut": Operation(
        lambda _: [ACCESS_TOKEN], lambda chosen: {"AccessToken": parts.access_token(chosen)}
    ),
    "ConfirmDevice": Operation(
        lambda _: [ACCESS_TOKEN, OFFERED_DEVICE],
        lambda chosen: {
            "AccessToken": parts.access_token(chosen),
            "DeviceKey": at_hand(
                "device_key", chosen["device"], words=f"the key of a device, {chosen['device']}"
            ),
            "DeviceSecretVerifierConfig": at_hand(
                "verifier", words="what lets Cognito check the device's password"
            ),
        },
    ),
    **ACCOUNT_OPERATIONS,
    **PASSKEY_OPERATIONS,
}

# At AWS only what can neither lock nor bill the learner: no email, no other users, no wrong
# passwords, nothing that must be waited for
AT_AWS: dict[str, dict[str, tuple[str, ...]]] = {
    "RespondToAuthChallenge": {"challenge": ("SOFTWARE_TOKEN_MFA", "SMS_MFA")},
    "AdminRespondToAuthChallenge": {"challenge": ("SOFTWARE_TOKEN_MFA", "SMS_MFA")},
    "InitiateAuth": {
        "flow": ("USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH"),
        "password": (PasswordIs.RIGHT, NONE),
        "device": (NONE,),
    },
    "AdminInitiateAuth": {
        "flow": ("ADMIN_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"),
        "password": (PasswordIs.RIGHT, NONE),
        "device": (NONE,),
    },
    "GetUser": {"token": tuple(one for one in AccessTokenIs if one != AccessTokenIs.EXPIRED)},
    "RevokeToken": {
        "token": (RefreshTokenIs.NOT_CONFIRMED, RefreshTokenIs.REVOKED, RefreshTokenIs.GARBLED)
    },
}
AT_AWS_ALWAYS: dict[str, tuple[str, ...]] = {
    "who": (Role.YOU,),
    "session": (
        SessionIs.NEWEST,
        SessionIs.USED,
        SessionIs.GARBLED,
        SessionIs.OF_ANOTHER_CHALLENGE,
        NONE,
    ),
    "code": (
        CodeIs.NOW,
        SentCodeIs.RIGHT,
        CodeIs.USED,
        CodeIs.WRONG,
        CodeIs.MALFORMED,
        NONE,
    ),
    "name": ("USER_ID_FOR_SRP", *NameIs, NONE),
    "client": (ClientIs.YOURS, ClientIs.UNKNOWN),
}


def operations(may_create_users: bool) -> list[str]:
    """The operations that are offered. Without `may_create_users`, only harmless ones."""
    return list(OPERATIONS if may_create_users else AT_AWS)


def fields(operation: str, choices: Choices, may_create_users: bool = True) -> list[Field]:
    """The fields that an operation offers after these choices."""
    found = OPERATIONS[operation].fields(choices)
    if may_create_users:
        return found
    allowed = AT_AWS_ALWAYS | AT_AWS[operation]
    return [
        Field(
            one.key,
            one.label,
            tuple(option for option in one.options if option in allowed.get(one.key, one.options)),
        )
        for one in found
    ]
