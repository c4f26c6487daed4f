"""The cheat sheet: the calls, the errors, the challenges and the limits on one printed page.

What the model and the explanations know is taken from them: who can make a call, and why an error
comes. `make notebooks` writes the page; the browser tests print it and count the sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cognito_helpers.explanations.service_errors import BY_KEY, REFERENCE
from etc.tools.lessons import LESSONS
from etc.tools.reference import who_may_call

PATH = LESSONS[0].parent / "cheat_sheet.md"

HEAD = (
    "# Cheat sheet\n"
    "\n"
    f"All calls and errors are in the [reference]({REFERENCE}). `[x]` is optional. With a client"
    " secret, add `SecretHash` to the calls without a token, and `SECRET_HASH` to `AuthParameters`"
    " and `ChallengeResponses`."
)

# A call by its topic, with the important parameters. The line below the table names the others.
CALLS: dict[str, dict[str, str]] = {
    "Pool": {
        "CreateUserPool": "PoolName, AutoVerifiedAttributes, UsernameConfiguration,"
        " DeviceConfiguration",
        "SetUserPoolMfaConfig": "MfaConfiguration, SoftwareTokenMfaConfiguration: always both",
        "CreateUserPoolClient": "ClientName, ExplicitAuthFlows, GenerateSecret",
    },
    "Sign-up": {
        "SignUp": "Username, Password, UserAttributes",
        "ConfirmSignUp": "Username, ConfirmationCode",
        "ResendConfirmationCode": "Username",
        "ForgotPassword": "Username",
        "ConfirmForgotPassword": "Username, ConfirmationCode, Password",
        "AdminGetUser": "Username",
        "ListUsers": "Filter, Limit, PaginationToken",
    },
    "Sign-in": {
        "InitiateAuth": "AuthFlow, AuthParameters",
        "AdminInitiateAuth": "AuthFlow, AuthParameters",
        "RespondToAuthChallenge": "ChallengeName, Session, ChallengeResponses",
        "AdminRespondToAuthChallenge": "ChallengeName, Session, ChallengeResponses",
    },
    "Authenticator app": {
        "AssociateSoftwareToken": "",
        "VerifySoftwareToken": "UserCode",
        "SetUserMFAPreference": "SoftwareTokenMfaSettings",
        "AdminSetUserMFAPreference": "Username, SoftwareTokenMfaSettings",
    },
    "Tokens": {
        "GetUser": "",
        "RevokeToken": "Token: the refresh token",
        "GlobalSignOut": "",
    },
    "Devices": {
        "ConfirmDevice": "DeviceKey, DeviceSecretVerifierConfig",
        "UpdateDeviceStatus": "DeviceKey, DeviceRememberedStatus",
        "ListDevices": "",
        "ForgetDevice": "DeviceKey",
    },
    "Clean up": {
        "DeleteUser": "",
        "DeleteUserPoolClient": "ClientId",
        "DeleteUserPool": "",
    },
}

# Errors by their key in the table of explanations
ERRORS = [
    "name-taken",
    "password-policy",
    "wrong-confirmation-code",
    "confirmation-code-expired",
    "too-many-tries",
    "not-confirmed",
    "wrong-password",
    "locked-out",
    "password-flow-not-enabled",
    "secret-hash-wrong",
    "wrong-first-totp-code",
    "wrong-totp-code",
    "totp-code-used",
    "session-expired",
    "invalid-refresh-token",
]

FLOWS = {
    "USER_PASSWORD_AUTH": "`USERNAME`, `PASSWORD`, [`DEVICE_KEY`]",
    "ADMIN_USER_PASSWORD_AUTH": "the same, with `AdminInitiateAuth`",
    "USER_SRP_AUTH": "`USERNAME`, `SRP_A`, [`DEVICE_KEY`]",
    "USER_AUTH": "`USERNAME`, [`PREFERRED_CHALLENGE`, and what it needs]",
    "CUSTOM_AUTH": "`USERNAME`, [`CHALLENGE_NAME` `SRP_A`, `SRP_A`]",
    "REFRESH_TOKEN_AUTH": "`REFRESH_TOKEN`, [`DEVICE_KEY`: required if the pool tracks devices]",
}

CHALLENGES = {
    "MFA_SETUP": "`AssociateSoftwareToken`, `VerifySoftwareToken`, then respond with its `Session`"
    " and `USERNAME` only",
    "SOFTWARE_TOKEN_MFA": "`SOFTWARE_TOKEN_MFA_CODE`",
    "PASSWORD_VERIFIER": "`TIMESTAMP`, `PASSWORD_CLAIM_SECRET_BLOCK`, `PASSWORD_CLAIM_SIGNATURE`",
    "DEVICE_SRP_AUTH": "`DEVICE_KEY`, `SRP_A`",
    "DEVICE_PASSWORD_VERIFIER": "as `PASSWORD_VERIFIER`, and `DEVICE_KEY`",
    "SMS_MFA": "`SMS_MFA_CODE`",
    "EMAIL_OTP": "`EMAIL_OTP_CODE`",
    "SELECT_MFA_TYPE": "`ANSWER`: one of `MFAS_CAN_CHOOSE`",
    "SELECT_CHALLENGE": "`ANSWER`: one of `AvailableChallenges`, and what it needs",
    "SMS_OTP": "`SMS_OTP_CODE`",
    "WEB_AUTHN": "`CREDENTIAL`",
    "CUSTOM_CHALLENGE": "`ANSWER`",
    "NEW_PASSWORD_REQUIRED": "`NEW_PASSWORD`, [`userAttributes.name`]",
}

LIMITS = {
    "Session of a sign-in": "3 minutes; 3 to 15 with `AuthSessionValidity`",
    "Confirmation code": "24 hours; `ForgotPassword` code: 1 hour",
    "TOTP code": "30 seconds, and the ones before and after; each works once",
    "Access and ID token": "1 hour; 5 minutes to 24 hours",
    "Refresh token": "30 days; 1 hour to 10 years",
    "Temporary password": "7 days",
    "Wrong passwords": "5, then locked for 1 second, doubling up to about 15 minutes",
    "Per user and hour": "5 × `ResendConfirmationCode`, 15 × `ConfirmSignUp`",
    "Password, by default": "8 characters: uppercase, lowercase, number, symbol",
    "One page of a list": "60 users or pools at most",
}


def page() -> str:
    """The whole page, as Markdown."""
    parts = [
        HEAD,
        "## Calls",
        _table(("call", "who", "parameters"), _calls()),
        "**Who:** with IAM credentials, the user's token, the session of a sign-in, or anyone."
        " Calls with IAM credentials also take `UserPoolId`. Sign-up and sign-in calls take"
        " `ClientId`. Calls with a token or session take `AccessToken` or `Session`.",
        "## Flow → `AuthParameters`",
        _table(("`AuthFlow`", "send"), _named(FLOWS)),
        "## Challenge → `ChallengeResponses`",
        "Always send `USERNAME`: use `USER_ID_FOR_SRP`, if the challenge has it. Send the newest"
        " `Session`.",
        _table(("challenge", "also send"), _named(CHALLENGES)),
        "## Errors",
        _table(("error", "cause and fix"), map(_error, ERRORS)),
        "## Lifetimes and limits",
        _table(("what", "how long, how many"), LIMITS.items()),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _calls() -> Iterator[tuple[str, str, str]]:
    for topic, calls in CALLS.items():
        yield f"**{topic}**", "", ""
        for operation, parameters in calls.items():
            yield f"`{operation}`", _who(operation), parameters


def _who(operation: str) -> str:
    who = who_may_call(operation)
    kinds = [kind for kind in ("IAM", "token", "session") if kind in who]
    return " or ".join(kinds) or who


def _named(rows: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((f"`{name}`", text) for name, text in rows.items())


def _error(key: str) -> tuple[str, str]:
    row = BY_KEY[key]
    message = f" “{row.beginning} …”" if row.beginning else ""
    return f"`{row.code}`{message}", f"{row.why} **{row.what_to_do}**"


def main() -> None:
    PATH.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
