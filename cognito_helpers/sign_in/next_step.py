"""What a sign-in asks for next, read from each response. An unexpected response is never mistaken
for an expected one.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from ..actions import AuthReply
from ..errors import LessonError


class UnexpectedChallenge(LessonError):
    """Cognito asks for something this flow has no step for; the message names it, and says what to
    do.
    """


class Step(NamedTuple):
    """What Cognito asks for, what that means, and how to respond. `challenge` is empty if it asks
    for nothing more.
    """

    challenge: str
    means: str
    go_on: str

    def __repr__(self) -> str:
        return f"{self.challenge or 'No challenge'}: {self.means}\nNext: {self.go_on}"


SIGNED_IN = Step(
    "",
    "the sign-in is complete, and the tokens are here.",
    "use them, or confirm the device Cognito offers.",
)
MFA_SETUP = Step(
    "MFA_SETUP",
    "the user has no second factor yet.",
    "get_mfa_secret, verify_mfa, then finish_mfa_setup; or set_up_email_mfa.",
)
SOFTWARE_TOKEN_MFA = Step(
    "SOFTWARE_TOKEN_MFA",
    "Cognito asks for a code from the authenticator app.",
    "respond_to_mfa_challenge.",
)
DEVICE_SRP_AUTH = Step(
    "DEVICE_SRP_AUTH",
    "the device must prove that it's the one you confirmed.",
    "respond_to_device_challenge.",
)
NEW_PASSWORD_REQUIRED = Step(
    "NEW_PASSWORD_REQUIRED",
    "an administrator chose the password.",
    "respond_to_new_password_challenge.",
)
SELECT_CHALLENGE = Step(
    "SELECT_CHALLENGE",
    "the user chooses how to sign in.",
    "select_challenge, or prove_password for PASSWORD_SRP.",
)
EMAIL_OTP = Step("EMAIL_OTP", "a code was sent by email.", "answer_code.")
SMS_OTP = Step("SMS_OTP", "a code was sent by SMS, as the first factor.", "answer_code.")
SMS_MFA = Step("SMS_MFA", "a code was sent by SMS, as the second factor.", "answer_code.")
WEB_AUTHN = Step("WEB_AUTHN", "a passkey must sign a challenge.", "answer_passkey.")
SELECT_MFA_TYPE = Step("SELECT_MFA_TYPE", "the user chooses a second factor.", "select_mfa_type.")
CUSTOM_CHALLENGE = Step(
    "CUSTOM_CHALLENGE",
    "the pool's own functions ask for something.",
    "answer_custom_challenge.",
)
STEPS = {
    step.challenge: step
    for step in (
        MFA_SETUP,
        SOFTWARE_TOKEN_MFA,
        DEVICE_SRP_AUTH,
        NEW_PASSWORD_REQUIRED,
        SELECT_CHALLENGE,
        EMAIL_OTP,
        SMS_OTP,
        SMS_MFA,
        WEB_AUTHN,
        SELECT_MFA_TYPE,
        CUSTOM_CHALLENGE,
    )
}
CAN_BE_SET_UP = {SOFTWARE_TOKEN_MFA.challenge, EMAIL_OTP.challenge}


def next_step(answer: AuthReply) -> Step:
    """What a response to a sign-in asks for: one of `STEPS`, or `SIGNED_IN`. Raises
    `UnexpectedChallenge` for anything else.
    """
    challenge = answer.get("ChallengeName")
    if challenge is None:
        if "AuthenticationResult" not in answer:
            raise UnexpectedChallenge(
                "Cognito's response has neither a challenge nor tokens. Is it the response to a"
                " sign-in?"
            )
        return SIGNED_IN
    if challenge not in STEPS:
        raise UnexpectedChallenge(
            f"Cognito asks for {challenge}, and this flow has no step for it. It has one for"
            f" {', '.join(STEPS)}."
        )
    if challenge == MFA_SETUP.challenge:
        _check_what_is_offered(answer)
    return STEPS[challenge]


def offered_to_set_up(answer: AuthReply) -> list[str]:
    """The factors that MFA_SETUP offers."""
    told = answer.get("ChallengeParameters", {}).get("MFAS_CAN_SETUP", "[]")
    offered: list[str] = json.loads(told)
    return offered


def _check_what_is_offered(answer: AuthReply) -> None:
    offered = offered_to_set_up(answer)
    if not CAN_BE_SET_UP & set(offered):
        named = ", ".join(offered) or "nothing"
        raise UnexpectedChallenge(
            f"The pool offers {named} to set up, and no authenticator app or email. Turn on"
            " SoftwareTokenMfaConfiguration in it, or give the user a phone number."
        )
