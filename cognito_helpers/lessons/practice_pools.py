"""The pools of the playground besides the tutorial's: for codes, for sign-ins without a password,
and for a challenge of one's own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from ..backends.local import EmulatorBackend
from ..challenge_lab.practice_settings import CHOICE, CODES, CUSTOM
from ..challenge_lab.right_answers import CUSTOM_ANSWER
from ..errors import LessonError
from ..lab.lab import Lab
from ..tutorial_pool.settings import MFA_SETTINGS, POOL_NAME, TAGS, random_password

SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/tutorial", "ExternalId": "tutorial"}
SES = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
}
RELYING_PARTY = "example.com"
NUMBER = "+14325551212"
FIRST_FACTORS = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
FLOWS = ["ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"]
TEXTS = {"SmsMfaConfiguration": {"SmsConfiguration": SMS}}
MAILS = {"EmailMfaConfiguration": {"Message": "Your code is {####}", "Subject": "Your code"}}
APPS = {"SoftwareTokenMfaConfiguration": MFA_SETTINGS["SoftwareTokenMfaConfiguration"]}
PASSKEYS = {
    "WebAuthnConfiguration": {"RelyingPartyId": RELYING_PARTY, "UserVerification": "preferred"}
}
TRIES = 3


def _define(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Ask up to three times."""
    results = [one["challengeResult"] for one in event["request"]["session"]]
    event["response"] = {
        "issueTokens": results[-1:] == [True],
        "failAuthentication": len(results) >= TRIES and not results[-1],
        "challengeName": "CUSTOM_CHALLENGE",
    }
    return event


def _create(event: dict[str, Any], _: object) -> dict[str, Any]:
    event["response"] = {
        "publicChallengeParameters": {"question": "What is 6 times 7?"},
        "privateChallengeParameters": {"answer": CUSTOM_ANSWER},
    }
    return event


def _verify(event: dict[str, Any], _: object) -> dict[str, Any]:
    right = event["request"]["privateChallengeParameters"]["answer"]
    event["response"] = {"answerCorrect": event["request"]["challengeAnswer"] == right}
    return event


FUNCTIONS: dict[str, Callable[[dict[str, Any], object], dict[str, Any]]] = {
    "DefineAuthChallenge": _define,
    "CreateAuthChallenge": _create,
    "VerifyAuthChallengeResponse": _verify,
}
ARN = "arn:aws:lambda:us-east-1:123456789012:function:{}"
# What each pool is created with.
SETTINGS: dict[str, dict[str, Any]] = {
    CODES: {"SmsConfiguration": SMS, "EmailConfiguration": SES},
    CHOICE: {
        "SmsConfiguration": SMS,
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": FIRST_FACTORS}},
    },
    CUSTOM: {"LambdaConfig": {name: ARN.format(name) for name in FUNCTIONS}},
}


def mfa_config(kind: str, mfa: str) -> dict[str, Any]:
    """The parameters of SetUserPoolMfaConfig for a kind of pool, without its ID."""
    # Factors can't be configured together with OFF, passkeys can.
    passkeys = PASSKEYS if kind == CHOICE else {}
    factors: dict[str, Any] = {**APPS, **TEXTS, **MAILS} if kind == CODES else APPS
    return {"MfaConfiguration": mfa, **passkeys, **(factors if mfa != "OFF" else {})}


def prepare(lab: Lab, kind: str, mfa: str, client: dict[str, Any]) -> None:
    """Create a pool of this kind, its app client, and a user who can sign in."""
    assert isinstance(lab.backend, EmulatorBackend)
    lab.backend.lambdas.update(FUNCTIONS)
    created = lab.cognito.create_user_pool(
        PoolName=POOL_NAME,
        AutoVerifiedAttributes=["email"],
        UserPoolTags=TAGS,
        **SETTINGS[kind],
    )
    lab.pool_id = created["UserPool"]["Id"]
    lab.cognito.set_user_pool_mfa_config(UserPoolId=lab.pool_id, **mfa_config(kind, mfa))
    client = {**client, "ExplicitAuthFlows": [*client["ExplicitAuthFlows"], *FLOWS]}
    created = lab.cognito.create_user_pool_client(
        UserPoolId=lab.pool_id, ClientName=POOL_NAME, **client
    )
    lab.client_id = created["UserPoolClient"]["ClientId"]
    lab.username, lab.password = "ana", random_password()
    user = {"UserPoolId": lab.pool_id, "Username": lab.username}
    attributes = {
        "email": "ana@example.com",
        "email_verified": "true",
        "phone_number": NUMBER,
        "phone_number_verified": "true",
    }
    lab.cognito.admin_create_user(
        **user,
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
        MessageAction="SUPPRESS",
    )
    lab.cognito.admin_set_user_password(**user, Password=lab.password, Permanent=True)
    if kind == CHOICE:
        # A browser tab has no passkeys.
        with suppress(LessonError, ClientError):
            _register_passkey(lab)
    if kind == CODES:
        # Two factors, and none preferred: each sign-in asks which.
        chosen = {"Enabled": True, "PreferredMfa": False}
        lab.cognito.admin_set_user_mfa_preference(
            **user, SMSMfaSettings=chosen, EmailMfaSettings=chosen
        )


def _register_passkey(lab: Lab) -> None:
    """Register a passkey of the lab's device for the user, who signs in with the password."""
    given = {"USERNAME": lab.username, "PASSWORD": lab.password, "PREFERRED_CHALLENGE": "PASSWORD"}
    response = lab.cognito.initiate_auth(
        ClientId=lab.client_id, AuthFlow="USER_AUTH", AuthParameters=given
    )
    token = {"AccessToken": response["AuthenticationResult"]["AccessToken"]}
    options = lab.cognito.start_web_authn_registration(**token)["CredentialCreationOptions"]
    lab.cognito.complete_web_authn_registration(**token, Credential=lab.passkeys.create(options))
