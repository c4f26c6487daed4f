"""The flow as steps: from a name that nobody has to a device that signs in without a code, and away
again.

`Scenario` takes the steps, with the wrapper that learners take home. A `Person` answers what is
asked on the way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from botocore.exceptions import ClientError

from ..actions import AuthReply, CodeDelivery, CognitoIdentityProviderWrapper, Device, Tokens
from ..errors import LessonError
from .next_step import (
    DEVICE_SRP_AUTH,
    MFA_SETUP,
    NEW_PASSWORD_REQUIRED,
    SIGNED_IN,
    SOFTWARE_TOKEN_MFA,
    next_step,
)
from .person import Person
from .tokens import claims_of

Reply = TypeVar("Reply")

# The status of a user while it is not known whether a call made, or deleted, them.
UNKNOWN = "UNKNOWN"
APP_NAME, DEVICE_NAME = "Tutorial phone", "Tutorial computer"
# A sign-in whose session grew old is begun again, but not for ever.
MOST_TIMES = 10
# So many users are looked at.
FIRST_PAGE = 10
# As a challenge lists an attribute that it wants.
EMAIL = "userAttributes.email"


class Call(NamedTuple):
    """A call that was made: its name in the API reference, and what came back."""

    operation: str
    answer: Any


class Scenario:
    """One user on the way through the flow. Each method is a step: it makes its calls, and yields
    each when it is made.

    What is known so far is in `username`, `status` (UNCONFIRMED, CONFIRMED …), `answer` (the newest
    of the sign-in under way), `tokens` and `device`; set them to go on from somewhere else. A
    refusal that another answer can mend is shown to the person, who is asked again. Any other comes
    up.
    """

    def __init__(self, cognito: CognitoIdentityProviderWrapper, person: Person) -> None:
        self._cognito, self._person = cognito, person
        self.username = self.password = self.status = ""
        self.answer: AuthReply = {}
        self.tokens: Tokens | None = None
        self.device: Device | None = None
        self._by_server = True
        self._sent: CodeDelivery | None = None

    def __repr__(self) -> str:
        return (
            f"Scenario({self.username!r}, {self.status!r},"
            f" challenge={self.answer.get('ChallengeName')!r}, signed_in={self.tokens is not None})"
        )

    def run(self) -> Iterator[Call]:
        """The whole flow, from beginning to end."""
        yield from self.sign_up()
        yield from self.look()
        yield from self.confirm()
        yield Call("ListUsers", {"Users": list(islice(self._cognito.list_users(), FIRST_PAGE))})
        # The first sets the authenticator app up, the second asks for its code.
        yield from self.sign_in()
        yield from self.sign_in()
        by_code = self.tokens
        yield from self.remember_device()
        if self.device and by_code:
            yield Call(
                "ListDevices", {"Devices": list(self._cognito.list_devices(by_code["AccessToken"]))}
            )
            yield from self.sign_in()
            yield from self.refresh()
            yield from self.revoke(by_code)
        yield from self.leave()

    # Signing up

    def sign_up(self) -> Iterator[Call]:
        """SignUp. Who has the name already, and says so, goes on from their status."""
        self.username = self._person.username()
        email = self._person.email(self.username)
        self.password = self._person.password(self.username)
        while True:
            self.status = UNKNOWN
            try:
                reply = self._cognito.sign_up_user(self.username, self.password, email)
                break
            except ClientError as refusal:
                self._again(
                    refusal,
                    "UsernameExistsException",
                    "InvalidPasswordException",
                    "InvalidParameterException",
                )
                code, self.status = code_of(refusal), ""
            if code == "InvalidPasswordException":
                self.password = self._person.password(self.username)
                continue
            if code == "UsernameExistsException":
                yield from self.look()
                if self._person.goes_on_as(self.username, self.status):
                    return
                self.status = ""
            self.username = self._person.username()
            email = self._person.email(self.username)
        self.status = "CONFIRMED" if reply["UserConfirmed"] else "UNCONFIRMED"
        self._sent = reply.get("CodeDeliveryDetails")
        yield Call("SignUp", reply)

    def look(self) -> Iterator[Call]:
        """AdminGetUser: what the user's status is."""
        user = self._cognito.admin_get_user(self.username)
        self.status = user["UserStatus"]
        yield Call("AdminGetUser", user)

    def resend(self) -> Iterator[Call]:
        """ResendConfirmationCode."""
        reply = self._cognito.resend_confirmation(self.username)
        self._sent = reply["CodeDeliveryDetails"]
        yield Call("ResendConfirmationCode", reply)

    def confirm(self) -> Iterator[Call]:
        """ConfirmSignUp, where the user is not confirmed yet; before it as many
        ResendConfirmationCode as the person asks for.
        """
        while self.status == "UNCONFIRMED":
            code = self._person.mailed_code(self.username, self._sent)
            try:
                if not code:
                    yield from self.resend()
                    continue
                self._cognito.confirm_user_sign_up(self.username, code)
            except ClientError as refusal:
                self._again(
                    refusal,
                    "CodeMismatchException",
                    "ExpiredCodeException",
                    *([] if code else ["LimitExceededException"]),
                )
                continue
            self.status = "CONFIRMED"
            yield Call("ConfirmSignUp", {})

    # Signing in

    def sign_in(self) -> Iterator[Call]:
        """Begin a sign-in and answer each challenge, until tokens come."""
        yield from self.begin()
        yield from self.finish()

    def begin(self) -> Iterator[Call]:
        """AdminInitiateAuth, or from a device that is remembered InitiateAuth, which is known to
        ask for its proof. Puts the first challenge into `answer`.
        """
        self.tokens = None
        while True:
            self._by_server = self.device is None
            try:
                if self.device is None:
                    self.answer = self._cognito.admin_start_sign_in(self.username, self.password)
                else:
                    self.answer = self._cognito.start_sign_in(
                        self.username, self.password, self.device.key
                    )
                break
            except ClientError as refusal:
                self._again(
                    refusal,
                    "NotAuthorizedException",
                    *(["ResourceNotFoundException"] if self.device else []),
                )
                if code_of(refusal) == "ResourceNotFoundException":
                    self.device = None
                else:
                    self.password = self._person.password(self.username)
        yield Call("AdminInitiateAuth" if self._by_server else "InitiateAuth", self.answer)

    def finish(self) -> Iterator[Call]:
        """Answer one challenge after the other. Puts the tokens into `tokens`. Raises
        `UnexpectedChallenge` for one that the flow has no step for.
        """
        begun_again = 0
        while (step := next_step(self.answer)) is not SIGNED_IN:
            try:
                yield from ANSWERS[step](self)
            except ClientError as refusal:
                # The session grew old while the person looked for the phone, or the device is not
                # what it was.
                begun_again += 1
                self._again(
                    refusal, *(["NotAuthorizedException"] if begun_again <= MOST_TIMES else [])
                )
                if step is DEVICE_SRP_AUTH:
                    self.device = None
                yield from self.begin()
        self.tokens = self.answer["AuthenticationResult"]

    def _set_up_app(self) -> Iterator[Call]:
        secret = self._cognito.get_mfa_secret(self.answer["Session"])
        yield Call("AssociateSoftwareToken", secret)
        self._person.scan(secret["SecretCode"], self.username)
        verified = self._code_taken(
            lambda code: self._cognito.verify_mfa(secret["Session"], code, APP_NAME)
        )
        yield Call("VerifySoftwareToken", verified)
        finish = (
            self._cognito.admin_finish_mfa_setup
            if self._by_server
            else self._cognito.finish_mfa_setup
        )
        self.answer = finish(self._name(), verified["Session"])
        yield self._responded()

    def _send_code(self) -> Iterator[Call]:
        respond = (
            self._cognito.admin_respond_to_mfa_challenge
            if self._by_server
            else self._cognito.respond_to_mfa_challenge
        )
        self.answer = self._code_taken(
            lambda code: respond(self._name(), self.answer["Session"], code)
        )
        yield self._responded()

    def _choose_password(self) -> Iterator[Call]:
        respond = (
            self._cognito.admin_respond_to_new_password_challenge
            if self._by_server
            else self._cognito.respond_to_new_password_challenge
        )
        required = json.loads(self.answer["ChallengeParameters"].get("requiredAttributes", "[]"))
        while True:
            attributes = {"email": self._person.email(self.username)} if EMAIL in required else {}
            chosen = self._person.new_password(self.username)
            try:
                self.answer = respond(self._name(), self.answer["Session"], chosen, attributes)
                break
            except ClientError as refusal:
                self._again(
                    refusal,
                    "InvalidPasswordException",
                    "PasswordHistoryPolicyViolationException",
                    "InvalidParameterException",
                )
        self.password, self.status = chosen, "CONFIRMED"
        yield self._responded()

    def _prove_device(self) -> Iterator[Call]:
        assert self.device is not None
        self.answer = self._cognito.respond_to_device_challenge(
            self._name(), self.answer.get("Session"), self.device
        )
        yield self._responded()

    def _code_taken(self, send: Callable[[str], Reply]) -> Reply:
        """What `send` returns for the first code of the person's that is not refused."""
        while True:
            try:
                return send(self._person.app_code(self.username))
            except ClientError as refusal:
                self._again(
                    refusal,
                    "EnableSoftwareTokenMFAException",
                    "CodeMismatchException",
                    "ExpiredCodeException",
                )

    def _name(self) -> str:
        """The name to answer the challenge with."""
        named = self.answer.get("ChallengeParameters", {})
        return named.get("USER_ID_FOR_SRP") or named.get("USERNAME") or self.username

    def _responded(self) -> Call:
        return Call(
            "AdminRespondToAuthChallenge" if self._by_server else "RespondToAuthChallenge",
            self.answer,
        )

    # Afterwards

    def remember_device(self) -> Iterator[Call]:
        """ConfirmDevice, where the sign-in offered a device and the person wants it remembered."""
        offer = self._signed_in().get("NewDeviceMetadata")
        if offer is None or not self._person.wants_device_remembered():
            return
        token = self._signed_in()["AccessToken"]
        self.device, reply = self._cognito.confirm_device(token, offer, DEVICE_NAME)
        yield Call("ConfirmDevice", reply)
        if reply["UserConfirmationNecessary"]:
            self._cognito.remember_device(token, self.device.key)
            yield Call("UpdateDeviceStatus", {})

    def refresh(self) -> Iterator[Call]:
        """InitiateAuth with REFRESH_TOKEN_AUTH: new tokens for those of the last sign-in."""
        reply = self._cognito.refresh_tokens(
            claims_of(self._signed_in()["AccessToken"])["username"],
            self._signed_in()["RefreshToken"],
            self.device.key if self.device else None,
        )
        self.tokens = {**self._signed_in(), **reply["AuthenticationResult"]}
        yield Call("InitiateAuth", reply)

    def revoke(self, tokens: Tokens) -> Iterator[Call]:
        """RevokeToken: end the sign-in that these tokens came from."""
        self._cognito.revoke_token(tokens["RefreshToken"])
        yield Call("RevokeToken", {})

    def leave(self) -> Iterator[Call]:
        """DeleteUser, where the person wants that."""
        if self._person.wants_to_leave(self.username):
            self.status = UNKNOWN
            self._cognito.delete_user(self._signed_in()["AccessToken"])
            self.tokens, self.device, self.status = None, None, ""
            yield Call("DeleteUser", {})

    def _signed_in(self) -> Tokens:
        if self.tokens is None:
            raise LessonError("No one is signed in. Finish a sign-in first.")
        return self.tokens

    def _again(self, refusal: ClientError, *mendable: str) -> None:
        """Let the person try again; raises `refusal` where it is none of those that another answer
        can mend.
        """
        if code_of(refusal) not in mendable:
            raise refusal
        self._person.again(refusal)


ANSWERS = {
    MFA_SETUP: Scenario._set_up_app,
    SOFTWARE_TOKEN_MFA: Scenario._send_code,
    DEVICE_SRP_AUTH: Scenario._prove_device,
    NEW_PASSWORD_REQUIRED: Scenario._choose_password,
}


def code_of(refusal: ClientError) -> str:
    """The name of the exception that Cognito answered with."""
    return str(refusal.response["Error"]["Code"])
