"""How the scenario answers each challenge: the person is asked for what it takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol, TypeVar

from botocore.exceptions import ClientError

from ..actions import AuthReply, CognitoIdentityProviderWrapper, Device
from . import next_step as steps
from .person import Person

Reply = TypeVar("Reply")

APP_NAME = "Tutorial phone"
# As a challenge lists an attribute that it wants.
EMAIL = "userAttributes.email"
PASSWORD, PASSWORD_SRP = "PASSWORD", "PASSWORD_SRP"


class Call(NamedTuple):
    """A call that was made: its name in the API reference, and what came back."""

    operation: str
    answer: Any


class SignIn(Protocol):
    """A sign-in under way, as the scenario knows it."""

    cognito: CognitoIdentityProviderWrapper
    person: Person
    username: str
    password: str
    status: str
    device: Device | None
    answer: AuthReply
    by_server: bool

    def again(self, error: ClientError, *fixable: str) -> None:
        """Let the person try again; raises `error` if another answer can't help."""


# First factors


def choose_first_factor(flow: SignIn) -> Iterator[Call]:
    """SELECT_CHALLENGE. What a password needs goes along."""
    chosen = flow.person.first_factor(flow.username, flow.answer["AvailableChallenges"])
    name, session = _name(flow), flow.answer["Session"]
    if chosen in (PASSWORD, PASSWORD_SRP):
        password = flow.password or flow.person.password(flow.username)
        # If it's wrong, the sign-in begins again and asks for another.
        flow.password = ""
        flow.answer = (
            flow.cognito.select_challenge(name, session, chosen, password)
            if chosen == PASSWORD
            else flow.cognito.prove_password(name, session, password)
        )
        flow.password = password
    else:
        flow.answer = flow.cognito.select_challenge(name, session, chosen)
    yield _responded(flow)


def sign_with_passkey(flow: SignIn) -> Iterator[Call]:
    """WEB_AUTHN."""
    options = flow.answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"]
    credential = flow.person.signed(options)
    flow.answer = flow.cognito.answer_passkey(_name(flow), flow.answer["Session"], credential)
    yield _responded(flow)


def answer_own_challenge(flow: SignIn) -> Iterator[Call]:
    """CUSTOM_CHALLENGE. A wrong answer may bring the same challenge once more."""
    answer = flow.person.own_answer(flow.answer.get("ChallengeParameters", {}))
    flow.answer = flow.cognito.answer_custom_challenge(_name(flow), flow.answer["Session"], answer)
    yield _responded(flow)


def send_sent_code(flow: SignIn) -> Iterator[Call]:
    """EMAIL_OTP, SMS_OTP and SMS_MFA: the code that was sent."""
    challenge, session = flow.answer["ChallengeName"], flow.answer["Session"]
    told = flow.answer["ChallengeParameters"].get("CODE_DELIVERY_DESTINATION", "")
    respond = flow.cognito.admin_answer_code if flow.by_server else flow.cognito.answer_code
    flow.answer = _code_taken(
        flow,
        lambda: flow.person.sent_code(flow.username, challenge, told),
        lambda code: respond(_name(flow), session, challenge, code),
    )
    yield _responded(flow)


# Second factors


def set_up(flow: SignIn) -> Iterator[Call]:
    """MFA_SETUP: an authenticator app if the pool offers one, else an email address."""
    offered = steps.offered_to_set_up(flow.answer)
    yield from (_set_up_app if "SOFTWARE_TOKEN_MFA" in offered else _set_up_email)(flow)


def _set_up_app(flow: SignIn) -> Iterator[Call]:
    secret = flow.cognito.get_mfa_secret(flow.answer["Session"])
    yield Call("AssociateSoftwareToken", secret)
    flow.person.scan(secret["SecretCode"], flow.username)
    verified = _code_taken(
        flow,
        lambda: flow.person.app_code(flow.username),
        lambda code: flow.cognito.verify_mfa(secret["Session"], code, APP_NAME),
    )
    yield Call("VerifySoftwareToken", verified)
    cognito = flow.cognito
    finish = cognito.admin_finish_mfa_setup if flow.by_server else cognito.finish_mfa_setup
    flow.answer = finish(_name(flow), verified["Session"])
    yield _responded(flow)


def _set_up_email(flow: SignIn) -> Iterator[Call]:
    cognito = flow.cognito
    respond = cognito.admin_set_up_email_mfa if flow.by_server else cognito.set_up_email_mfa
    flow.answer = respond(_name(flow), flow.answer["Session"], flow.person.email(flow.username))
    yield _responded(flow)


def choose_second_factor(flow: SignIn) -> Iterator[Call]:
    """SELECT_MFA_TYPE."""
    offered = json.loads(flow.answer["ChallengeParameters"]["MFAS_CAN_CHOOSE"])
    chosen = flow.person.second_factor(flow.username, offered)
    cognito = flow.cognito
    respond = cognito.admin_select_mfa_type if flow.by_server else cognito.select_mfa_type
    flow.answer = respond(_name(flow), flow.answer["Session"], chosen)
    yield _responded(flow)


def send_app_code(flow: SignIn) -> Iterator[Call]:
    """SOFTWARE_TOKEN_MFA."""
    cognito, session = flow.cognito, flow.answer["Session"]
    respond = (
        cognito.admin_respond_to_mfa_challenge
        if flow.by_server
        else cognito.respond_to_mfa_challenge
    )
    flow.answer = _code_taken(
        flow,
        lambda: flow.person.app_code(flow.username),
        lambda code: respond(_name(flow), session, code),
    )
    yield _responded(flow)


# The others


def choose_password(flow: SignIn) -> Iterator[Call]:
    """NEW_PASSWORD_REQUIRED."""
    cognito = flow.cognito
    respond = (
        cognito.admin_respond_to_new_password_challenge
        if flow.by_server
        else cognito.respond_to_new_password_challenge
    )
    required = json.loads(flow.answer["ChallengeParameters"].get("requiredAttributes", "[]"))
    while True:
        attributes = {"email": flow.person.email(flow.username)} if EMAIL in required else {}
        chosen = flow.person.new_password(flow.username)
        try:
            flow.answer = respond(_name(flow), flow.answer["Session"], chosen, attributes)
            break
        except ClientError as error:
            flow.again(
                error,
                "InvalidPasswordException",
                "PasswordHistoryPolicyViolationException",
                "InvalidParameterException",
            )
    flow.password, flow.status = chosen, "CONFIRMED"
    yield _responded(flow)


def prove_device(flow: SignIn) -> Iterator[Call]:
    """DEVICE_SRP_AUTH, and the DEVICE_PASSWORD_VERIFIER that follows."""
    assert flow.device is not None
    flow.answer = flow.cognito.respond_to_device_challenge(
        _name(flow), flow.answer.get("Session"), flow.device
    )
    yield _responded(flow)


def _code_taken(flow: SignIn, ask: Callable[[], str], send: Callable[[str], Reply]) -> Reply:
    """Ask for codes until `send` accepts one, and return its reply."""
    while True:
        try:
            return send(ask())
        except ClientError as error:
            flow.again(
                error,
                "EnableSoftwareTokenMFAException",
                "CodeMismatchException",
                "ExpiredCodeException",
            )


def _name(flow: SignIn) -> str:
    """The name to answer the challenge with."""
    named = flow.answer.get("ChallengeParameters", {})
    return named.get("USER_ID_FOR_SRP") or named.get("USERNAME") or flow.username


def _responded(flow: SignIn) -> Call:
    return Call(
        "AdminRespondToAuthChallenge" if flow.by_server else "RespondToAuthChallenge",
        flow.answer,
    )


ANSWERS: dict[steps.Step, Callable[[SignIn], Iterator[Call]]] = {
    steps.SELECT_CHALLENGE: choose_first_factor,
    steps.WEB_AUTHN: sign_with_passkey,
    steps.CUSTOM_CHALLENGE: answer_own_challenge,
    steps.EMAIL_OTP: send_sent_code,
    steps.SMS_OTP: send_sent_code,
    steps.SMS_MFA: send_sent_code,
    steps.MFA_SETUP: set_up,
    steps.SELECT_MFA_TYPE: choose_second_factor,
    steps.SOFTWARE_TOKEN_MFA: send_app_code,
    steps.NEW_PASSWORD_REQUIRED: choose_password,
    steps.DEVICE_SRP_AUTH: prove_device,
}
