"""What the lessons need of a pool and an app client, rule by rule: what may differ, which lessons
then fail, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from .lessons import Lesson
from .settings import CLIENT_SETTINGS, TAGS, carries_tag


@dataclass(frozen=True)
class Seen:
    """The responses of DescribeUserPool, GetUserPoolMfaConfig and DescribeUserPoolClient. `client`
    is empty if there is no app client yet. No secret is kept.
    """

    pool: dict[str, Any]
    mfa: dict[str, Any]
    client: dict[str, Any]

    @property
    def required(self) -> list[str]:
        """The attributes required at sign-up; `sub` is Cognito's own."""
        return [
            one["Name"]
            for one in self.pool.get("SchemaAttributes", [])
            if one.get("Required") and one["Name"] != "sub"
        ]

    @property
    def email(self) -> dict[str, Any]:
        """The schema of the email address."""
        return next(
            (one for one in self.pool.get("SchemaAttributes", []) if one["Name"] == "email"), {}
        )

    @property
    def other_factors(self) -> list[str]:
        """Second factors besides the authenticator app."""
        return [
            what
            for part, what in (
                ("SmsMfaConfiguration", "text messages"),
                ("EmailMfaConfiguration", "email"),
            )
            if self.mfa.get(part)
        ]

    @property
    def flows(self) -> set[str]:
        """The sign-in flows the client allows, by their new names. If it names none, these are the
        service's defaults.
        """
        named = self.client.get("ExplicitAuthFlows") or [
            "ALLOW_REFRESH_TOKEN_AUTH",
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_CUSTOM_AUTH",
        ]
        if all(flow.startswith("ALLOW_") for flow in named):
            return set(named)
        # The old names leave out refreshing, which was always allowed.
        old = {
            "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
        }
        return {old.get(flow, flow) for flow in named} | {
            "ALLOW_REFRESH_TOKEN_AUTH",
            "ALLOW_USER_SRP_AUTH",
        }


Lessons = frozenset[Lesson]


class Rule(NamedTuple):
    """A requirement: the lessons that fail without it, by number, what's different, and what to do.

    `found` returns what replaces {} in `what`, or a false value if nothing is wrong.
    """

    lessons: Lessons
    found: Callable[[Seen], object]
    what: str
    do: str


def _setting(name: str, *path: str) -> Callable[[Seen], Any]:
    """A setting of the pool, or inside it; None if it's absent."""

    def find(seen: Seen) -> Any:
        value: Any = seen.pool.get(name)
        for part in path:
            value = (value or {}).get(part)
        return value

    return find


# The lab never changes another owner's pool.
_MFA = (
    "If no one else uses the pool, its owner can set it with SetUserPoolMfaConfig, with the"
    " factors in the same call."
)
_UPDATE = (
    "If no one else uses the pool, its owner can set it with UpdateUserPool. Send the other"
    " settings again: except for MFA and policies, what's left out goes back to its default."
)
_FIRST = "It's fixed when a pool is created. Create another pool."
_CLIENT = (
    f"Leave the field for the app client empty. Lesson {Lesson.CREATE_A_USER_POOL} creates one in"
    " this pool."
)
NO_LESSON: Lessons = frozenset()
SIGN_IN = frozenset(
    {
        Lesson.START_HERE,
        Lesson.SET_UP_MFA,
        Lesson.SIGN_IN,
        Lesson.USE_THE_TOKENS,
        Lesson.REMEMBER_A_DEVICE,
        Lesson.SRP_EXPLAINED,
        Lesson.PLAYGROUND,
        Lesson.CLIENT_SECRET,
        Lesson.BUILD_AN_APP,
        Lesson.CLEAN_UP,
    }
)
_SIGN_UP = frozenset({Lesson.START_HERE, Lesson.SIGN_UP, Lesson.BUILD_AN_APP})
_DEVICES = frozenset(
    {
        Lesson.REMEMBER_A_DEVICE,
        Lesson.SRP_EXPLAINED,
        Lesson.CLIENT_SECRET,
        Lesson.BUILD_AN_APP,
    }
)
_REFRESHING = frozenset({Lesson.USE_THE_TOKENS, Lesson.REMEMBER_A_DEVICE, Lesson.BUILD_AN_APP})
WITH_USERS = SIGN_IN | {Lesson.SIGN_UP}

RULES = [
    Rule(
        SIGN_IN,
        lambda seen: seen.mfa.get("MfaConfiguration", "OFF") == "OFF",
        "MFA is OFF: a password is enough, and no challenge follows.",
        _MFA,
    ),
    Rule(
        SIGN_IN,
        lambda seen: seen.mfa.get("MfaConfiguration") == "OPTIONAL",
        "MFA is OPTIONAL: a user without a second factor isn't asked to set one up.",
        _MFA,
    ),
    Rule(
        SIGN_IN,
        lambda seen: (
            seen.mfa.get("MfaConfiguration", "OFF") != "OFF"
            and not seen.mfa.get("SoftwareTokenMfaConfiguration", {}).get("Enabled")
        ),
        "Authenticator apps (SoftwareTokenMfaConfiguration) aren't among its second factors.",
        _MFA,
    ),
    Rule(
        frozenset({Lesson.SET_UP_MFA, Lesson.SIGN_IN}),
        lambda seen: ", ".join(seen.other_factors),
        "It also offers {} as a second factor, so Cognito may ask for another one than the"
        " authenticator app.",
        "Sign up without a phone number, and expect one more name in MFAS_CAN_SETUP.",
    ),
    Rule(
        _DEVICES | {Lesson.USE_THE_TOKENS},
        lambda seen: not seen.pool.get("DeviceConfiguration"),
        "It doesn't track devices, so there's none to confirm, and refreshing needs none.",
        _UPDATE,
    ),
    Rule(
        _DEVICES,
        lambda seen: (
            seen.pool.get("DeviceConfiguration")
            and not _setting("DeviceConfiguration", "ChallengeRequiredOnNewDevice")(seen)
        ),
        "A remembered device doesn't replace the second factor (ChallengeRequiredOnNewDevice).",
        _UPDATE,
    ),
    Rule(
        _DEVICES,
        _setting("DeviceConfiguration", "DeviceOnlyRememberedOnUserPrompt"),
        "A device is only remembered if the user says so (DeviceOnlyRememberedOnUserPrompt).",
        "After ConfirmDevice, call UpdateDeviceStatus with remembered.",
    ),
    Rule(
        _SIGN_UP,
        _setting("AdminCreateUserConfig", "AllowAdminCreateUserOnly"),
        "Users can't sign up themselves (AllowAdminCreateUserOnly).",
        _UPDATE,
    ),
    Rule(
        _SIGN_UP,
        lambda seen: "email" not in seen.pool.get("AutoVerifiedAttributes", []),
        "No code is sent by email at sign-up (AutoVerifiedAttributes).",
        _UPDATE,
    ),
    Rule(
        _SIGN_UP,
        lambda seen: "phone_number" in seen.pool.get("AutoVerifiedAttributes", []),
        "A phone number is verified by a text message, which costs money (AutoVerifiedAttributes).",
        "Sign up without a phone number.",
    ),
    Rule(
        _SIGN_UP,
        lambda seen: (
            seen.pool.get("VerificationMessageTemplate", {}).get("DefaultEmailOption")
            == "CONFIRM_WITH_LINK"
        ),
        "The email has a link instead of a code (DefaultEmailOption).",
        "Follow the link instead of calling ConfirmSignUp.",
    ),
    Rule(
        _SIGN_UP,
        lambda seen: ", ".join(name for name in seen.required if name != "email"),
        "At sign-up, users must also give: {}.",
        "Add it to UserAttributes in the cell that calls SignUp. " + _FIRST,
    ),
    Rule(
        WITH_USERS,
        lambda seen: ", ".join(seen.pool.get("UsernameAttributes", [])),
        "Users don't choose a user name. They sign up with: {}. Cognito generates the name.",
        _FIRST,
    ),
    Rule(
        frozenset({Lesson.SIGN_UP}),
        lambda seen: ", ".join(seen.pool.get("AliasAttributes", [])),
        "Users can also sign in with: {}. An address two users share is rejected.",
        _FIRST,
    ),
    Rule(
        NO_LESSON,
        lambda seen: not seen.email.get("Required"),
        "An email address isn't required. A user who signs up without one gets no code.",
        _FIRST,
    ),
    Rule(
        NO_LESSON,
        lambda seen: seen.email.get("Mutable", True),
        "A user may change the email address (Mutable).",
        "Nothing: no lesson does.",
    ),
    Rule(
        NO_LESSON,
        lambda seen: _setting("UsernameConfiguration", "CaseSensitive")(seen) is not False,
        "Ana and ana are two users (CaseSensitive).",
        "Write your user name the same way each time. " + _FIRST,
    ),
    Rule(
        _SIGN_UP,
        lambda seen: (_setting("Policies", "PasswordPolicy", "MinimumLength")(seen) or 0) > 20,
        "A password has more than 20 characters, which is what the lab's own have.",
        "Type one of your own in the form.",
    ),
    Rule(
        frozenset({Lesson.SIGN_UP, Lesson.SET_UP_MFA, Lesson.SIGN_IN, Lesson.BUILD_AN_APP}),
        lambda seen: ", ".join(sorted(seen.pool.get("LambdaConfig", {}))),
        "Lambda functions take part: {}. They may change or reject what the lessons do.",
        "Ask the pool's owner what they do.",
    ),
    Rule(
        frozenset({Lesson.SIGN_IN}),
        lambda seen: _setting("UserPoolAddOns", "AdvancedSecurityMode")(seen) == "ENFORCED",
        "Threat protection is on and may reject a sign-in (AdvancedSecurityMode).",
        "Read the pool's user events if it does.",
    ),
    Rule(
        NO_LESSON,
        lambda seen: seen.pool.get("UserPoolTier") == "PLUS",
        "It's on the Plus feature plan, which has no free users.",
        "Every user of the lessons costs money, if only cents.",
    ),
    Rule(
        NO_LESSON,
        lambda seen: _setting("EmailConfiguration", "EmailSendingAccount")(seen) == "DEVELOPER",
        "Its email goes through Amazon SES in its owner's account.",
        "Each code is one of their emails.",
    ),
    Rule(
        frozenset({Lesson.CLEAN_UP}),
        lambda seen: seen.pool.get("DeletionProtection") == "ACTIVE" and carries_tag(seen.pool),
        "It's protected against deletion (DeletionProtection).",
        f"Lesson {Lesson.CLEAN_UP} lifts that when you ask it to.",
    ),
    Rule(
        frozenset({Lesson.CLEAN_UP}),
        lambda seen: not carries_tag(seen.pool),
        "It doesn't have the tutorial's tag"
        f" ({', '.join(f'{name}: {value}' for name, value in TAGS.items())}).",
        "Nothing. The lab only changes and deletes what it created itself. Other cells stop with"
        " a sentence.",
    ),
]
CLIENT_RULES = [
    Rule(
        WITH_USERS,
        lambda seen: "ClientSecret" in seen.client,
        "The app client has a secret, and these lessons send no SECRET_HASH.",
        _CLIENT,
    ),
    Rule(
        SIGN_IN,
        lambda seen: "ALLOW_USER_PASSWORD_AUTH" not in seen.flows,
        "The app client doesn't allow ALLOW_USER_PASSWORD_AUTH.",
        _CLIENT,
    ),
    Rule(
        SIGN_IN,
        lambda seen: "ALLOW_ADMIN_USER_PASSWORD_AUTH" not in seen.flows,
        "It doesn't allow ALLOW_ADMIN_USER_PASSWORD_AUTH.",
        _CLIENT,
    ),
    Rule(
        _REFRESHING,
        lambda seen: "ALLOW_REFRESH_TOKEN_AUTH" not in seen.flows,
        "The app client doesn't allow ALLOW_REFRESH_TOKEN_AUTH.",
        _CLIENT,
    ),
    Rule(
        frozenset({Lesson.SRP_EXPLAINED}),
        lambda seen: "ALLOW_USER_SRP_AUTH" not in seen.flows,
        "The app client doesn't allow ALLOW_USER_SRP_AUTH.",
        _CLIENT,
    ),
    Rule(
        _REFRESHING,
        lambda seen: seen.client.get("RefreshTokenRotation", {}).get("Feature") == "ENABLED",
        "The app client gives a new refresh token for each (RefreshTokenRotation), so"
        " REFRESH_TOKEN_AUTH is rejected.",
        _CLIENT,
    ),
    Rule(
        frozenset({Lesson.USE_THE_TOKENS, Lesson.BUILD_AN_APP}),
        lambda seen: seen.client.get("EnableTokenRevocation") is False,
        "Its refresh tokens can't be revoked (EnableTokenRevocation).",
        _CLIENT,
    ),
    Rule(
        NO_LESSON,
        lambda seen: (
            (minutes := seen.client.get("AuthSessionValidity", 3))
            < CLIENT_SETTINGS["AuthSessionValidity"]
            and minutes
        ),
        "A session is only valid for {} minutes (AuthSessionValidity).",
        "If it expires, run the lesson's sign-in cell again.",
    ),
    Rule(
        frozenset({Lesson.SET_UP_MFA, Lesson.SIGN_IN}),
        lambda seen: seen.client.get("PreventUserExistenceErrors") == "ENABLED",
        "The app client doesn't say whether a user exists (PreventUserExistenceErrors), so some"
        " errors have another name.",
        "Nothing. It's the better setting for an application.",
    ),
    Rule(
        _SIGN_UP,
        lambda seen: (
            seen.client.get("WriteAttributes") and "email" not in seen.client["WriteAttributes"]
        ),
        "The app client isn't allowed to write the email address (WriteAttributes).",
        _CLIENT,
    ),
    Rule(
        frozenset({Lesson.USE_THE_TOKENS}),
        lambda seen: (
            seen.client.get("ReadAttributes") and "email" not in seen.client["ReadAttributes"]
        ),
        "The app client isn't allowed to read the email address (ReadAttributes), so the ID token"
        " has none.",
        _CLIENT,
    ),
]
