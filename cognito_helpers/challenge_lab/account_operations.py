"""Operations around the sign-in: MFA preferences, devices, passwords and sign-out, each with its
server-side twin.
"""

from __future__ import annotations

from typing import Any

from . import request_parts as parts
from .choice_fields import (
    ACCESS_TOKEN,
    NEW_PASSWORD,
    NONE,
    PASSWORD,
    REFRESH_TOKEN,
    Choices,
    Field,
    who,
)
from .choice_fields import field as one_of
from .conditions import ClientIs, DeviceKeyIs
from .demo_users import Role
from .operation import Operation
from .placeholders import at_hand

PREFERENCES: dict[str, dict[str, bool]] = {
    "on and preferred": {"Enabled": True, "PreferredMfa": True},
    "on": {"Enabled": True, "PreferredMfa": False},
    "off": {"Enabled": False, "PreferredMfa": False},
}
PREFERENCE = one_of("preference", "Preference", *PREFERENCES)
FACTORS = {
    "authenticator app": "SoftwareTokenMfaSettings",
    "SMS": "SMSMfaSettings",
    "email": "EmailMfaSettings",
}
FACTOR = one_of("factor", "Factor", *FACTORS)
DEVICE = one_of(
    "device",
    "Device key",
    DeviceKeyIs.REMEMBERED,
    DeviceKeyIs.OF_ANOTHER_USER,
    DeviceKeyIs.UNKNOWN,
)
REFRESHING_DEVICE = one_of("device", "Device key", DeviceKeyIs.REMEMBERED, NONE)
PREVIOUS = Field("previous", "Old password", tuple(one for one in PASSWORD.options if one != NONE))
WHO = who(Role.YOU, Role.UNKNOWN)


def _as_admin(choices: Choices) -> dict[str, Any]:
    return {"UserPoolId": parts.pool(), "Username": parts.name_of(choices["who"])}


def _as_user(choices: Choices) -> dict[str, Any]:
    return {"AccessToken": parts.access_token(choices)}


def _preference(choices: Choices) -> dict[str, Any]:
    return {FACTORS[choices["factor"]]: PREFERENCES[choices["preference"]]}


def _device(choices: Choices) -> dict[str, Any]:
    return {"DeviceKey": parts.device(choices)["DEVICE_KEY"]}


def _change_password(choices: Choices) -> dict[str, Any]:
    which = choices["previous"]
    return {
        "PreviousPassword": at_hand("password", which, words=f"the {which} password"),
        "ProposedPassword": parts.new_password(choices),
        **_as_user(choices),
    }


def _new_tokens(choices: Choices) -> dict[str, Any]:
    return {
        "RefreshToken": parts.refresh_token(choices),
        "ClientId": parts.client_id(ClientIs.YOURS),
        **(_device(choices) if choices["device"] != NONE else {}),
    }


ACCOUNT_OPERATIONS = {
    "SetUserMFAPreference": Operation(
        lambda _: [ACCESS_TOKEN, FACTOR, PREFERENCE],
        lambda chosen: {**_preference(chosen), **_as_user(chosen)},
    ),
    "AdminSetUserMFAPreference": Operation(
        lambda _: [who(Role.YOU, Role.WITHOUT_APP, Role.UNKNOWN), FACTOR, PREFERENCE],
        lambda chosen: {**_preference(chosen), **_as_admin(chosen)},
    ),
    "ChangePassword": Operation(lambda _: [PREVIOUS, NEW_PASSWORD, ACCESS_TOKEN], _change_password),
    "AdminSetUserPassword": Operation(
        lambda _: [WHO, NEW_PASSWORD],
        lambda chosen: {
            **_as_admin(chosen),
            "Password": parts.new_password(chosen),
            "Permanent": True,
        },
    ),
    "AdminResetUserPassword": Operation(lambda _: [WHO], _as_admin),
    "ForgetDevice": Operation(
        lambda _: [ACCESS_TOKEN, DEVICE], lambda chosen: {**_as_user(chosen), **_device(chosen)}
    ),
    "AdminForgetDevice": Operation(
        lambda _: [WHO, DEVICE], lambda chosen: {**_as_admin(chosen), **_device(chosen)}
    ),
    "AdminUserGlobalSignOut": Operation(lambda _: [WHO], _as_admin),
    "GetTokensFromRefreshToken": Operation(
        lambda _: [REFRESH_TOKEN, REFRESHING_DEVICE], _new_tokens
    ),
}
