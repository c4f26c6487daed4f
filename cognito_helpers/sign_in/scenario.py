"""The flow as steps: from a new user to a device that signs in without a code, and to deleting the
user.

`Scenario` takes the steps, with the wrapper that learners take home. A `Person` answers the
questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice

from botocore.exceptions import ClientError

from ..actions import AuthReply, CodeDelivery, CognitoIdentityProviderWrapper, Device, Tokens
from ..errors import LessonError
from .challenge_answers import ANSWERS, Call
from .next_step import DEVICE_SRP_AUTH, SIGNED_IN, next_step
from .person import Person
from .tokens import claims_of

# The status of a user while it's unknown whether a call created or deleted them
UNKNOWN = "UNKNOWN"
DEVICE_NAME = "Tutorial computer"
# A sign-in whose session expired is started again, but not forever.
MOST_TIMES = 10
# The number of users to list
FIRST_PAGE = 10


class Flow(StrEnum):
    """How a sign-in begins: with the password, with a choice of factors, or as the pool's own
    functions say.
    """

    PASSWORD = "USER_PASSWORD_AUTH"
    CHOICE = "USER_AUTH"
    CUSTOM = "CUSTOM_AUTH"


class Scenario:
    """One user in the flow. Each method is a step: it makes its calls, and yields each after it's
    made.

    The state is in `username`, `status` (UNCONFIRMED, CONFIRMED …), `answer` (the newest response
    of the current sign-in), `tokens` and `device`; set them to continue from another state. `flow`
    says how sign-ins begin. An error that another answer can fix is shown to the person, who is
    asked again. Any other is raised.
    """

    def __init__(self, cognito: CognitoIdentityProviderWrapper, person: Person) -> None:
        self.cognito, self.person = cognito, person
        self.username = self.password = self.status = ""
        self.answer: AuthReply = {}
        self.tokens: Tokens | None = None
        self.device: Device | None = None
        self.flow, self.by_server = Flow.PASSWORD, True
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
        yield Call("ListUsers", {"Users": list(islice(self.cognito.list_users(), FIRST_PAGE))})
        # The first sets the authenticator app up, the second asks for its code.
        yield from self.sign_in()
        yield from self.sign_in()
        by_code = self.tokens
        yield from self.remember_device()
        if self.device and by_code:
            yield Call(
                "ListDevices", {"Devices": list(self.cognito.list_devices(by_code["AccessToken"]))}
            )
            yield from self.sign_in()
            yield from self.refresh()
            yield from self.revoke(by_code)
        yield from self.leave()

    # Signing up

    def sign_up(self) -> Iterator[Call]:
        """SignUp. If the name exists and belongs to the person, continue from the user's status."""
        self.username = self.person.username()
        email = self.person.email(self.username)
        self.password = self.person.password(self.username)
        while True:
            self.status = UNKNOWN
            try:
                reply = self.cognito.sign_up_user(self.username, self.password, email)
                break
            except ClientError as error:
                self.again(
                    error,
                    "UsernameExistsException",
                    "InvalidPasswordException",
                    "InvalidParameterException",
                )
                code, self.status = code_of(error), ""
            if code == "InvalidPasswordException":
                self.password = self.person.password(self.username)
                continue
            if code == "UsernameExistsException":
                yield from self.look()
                if self.person.continues_as(self.username, self.status):
                    return
                self.status = ""
            self.username = self.person.username()
            email = self.person.email(self.username)
        self.status = "CONFIRMED" if reply["UserConfirmed"] else "UNCONFIRMED"
        self._sent = reply.get("CodeDeliveryDetails")
        yield Call("SignUp", reply)

    def look(self) -> Iterator[Call]:
        """AdminGetUser: the user's status."""
        user = self.cognito.admin_get_user(self.username)
        self.status = user["UserStatus"]
        yield Call("AdminGetUser", user)

    def resend(self) -> Iterator[Call]:
        """ResendConfirmationCode."""
        reply = self.cognito.resend_confirmation(self.username)
        self._sent = reply["CodeDeliveryDetails"]
        yield Call("ResendConfirmationCode", reply)

    def confirm(self) -> Iterator[Call]:
        """ConfirmSignUp, if the user isn't confirmed yet; before it as many ResendConfirmationCode
        as the person asks for.
        """
        while self.status == "UNCONFIRMED":
            code = self.person.email_code(self.username, self._sent)
            try:
                if not code:
                    yield from self.resend()
                    continue
                self.cognito.confirm_user_sign_up(self.username, code)
            except ClientError as error:
                self.again(
                    error,
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
        """AdminInitiateAuth, or InitiateAuth from a remembered device, where it's known to ask for
        the device's proof, and for the other flows. Stores the first challenge in `answer`.
        """
        self.tokens = None
        while True:
            try:
                self.answer = self._start()
                break
            except ClientError as error:
                self.again(
                    error,
                    *(["NotAuthorizedException"] if self.flow is Flow.PASSWORD else []),
                    *(["ResourceNotFoundException"] if self.device else []),
                )
                if code_of(error) == "ResourceNotFoundException":
                    self.device = None
                else:
                    self.password = self.person.password(self.username)
        yield Call("AdminInitiateAuth" if self.by_server else "InitiateAuth", self.answer)

    def _start(self) -> AuthReply:
        self.by_server = self.device is None and self.flow is Flow.PASSWORD
        key = self.device.key if self.device else None
        if self.by_server:
            return self.cognito.admin_start_sign_in(self.username, self.password)
        if self.flow is Flow.CHOICE:
            return self.cognito.start_user_auth(self.username, device_key=key)
        if self.flow is Flow.CUSTOM:
            return self.cognito.start_custom_auth(self.username)
        return self.cognito.start_sign_in(self.username, self.password, key)

    def finish(self) -> Iterator[Call]:
        """Answer one challenge after the other. Stores the tokens in `tokens`. Raises
        `UnexpectedChallenge` for one the flow has no step for.
        """
        begun_again = 0
        while (step := next_step(self.answer)) is not SIGNED_IN:
            try:
                yield from ANSWERS[step](self)
            except ClientError as error:
                # The session expired while the person looked for the phone, or the device has
                # changed.
                begun_again += 1
                self.again(
                    error, *(["NotAuthorizedException"] if begun_again <= MOST_TIMES else [])
                )
                if step is DEVICE_SRP_AUTH:
                    self.device = None
                yield from self.begin()
        self.tokens = self.answer["AuthenticationResult"]

    # Afterwards

    def remember_device(self) -> Iterator[Call]:
        """ConfirmDevice, if the sign-in offered a device and the person wants it remembered."""
        offer = self._signed_in().get("NewDeviceMetadata")
        if offer is None or not self.person.wants_device_remembered():
            return
        token = self._signed_in()["AccessToken"]
        self.device, reply = self.cognito.confirm_device(token, offer, DEVICE_NAME)
        yield Call("ConfirmDevice", reply)
        if reply["UserConfirmationNecessary"]:
            self.cognito.remember_device(token, self.device.key)
            yield Call("UpdateDeviceStatus", {})

    def refresh(self) -> Iterator[Call]:
        """InitiateAuth with REFRESH_TOKEN_AUTH: new tokens for those of the last sign-in."""
        reply = self.cognito.refresh_tokens(
            claims_of(self._signed_in()["AccessToken"])["username"],
            self._signed_in()["RefreshToken"],
            self.device.key if self.device else None,
        )
        self.tokens = {**self._signed_in(), **reply["AuthenticationResult"]}
        yield Call("InitiateAuth", reply)

    def revoke(self, tokens: Tokens) -> Iterator[Call]:
        """RevokeToken: end the sign-in that these tokens came from."""
        self.cognito.revoke_token(tokens["RefreshToken"])
        yield Call("RevokeToken", {})

    def leave(self) -> Iterator[Call]:
        """DeleteUser, if the person wants that."""
        if self.person.wants_to_leave(self.username):
            self.status = UNKNOWN
            self.cognito.delete_user(self._signed_in()["AccessToken"])
            self.tokens, self.device, self.status = None, None, ""
            yield Call("DeleteUser", {})

    def _signed_in(self) -> Tokens:
        if self.tokens is None:
            raise LessonError("No one is signed in. Finish a sign-in first.")
        return self.tokens

    def again(self, error: ClientError, *fixable: str) -> None:
        """Let the person try again; raise `error` if another answer can't fix it."""
        if code_of(error) not in fixable:
            raise error
        self.person.again(error)


def code_of(error: ClientError) -> str:
    """The name of the exception Cognito returned."""
    return str(error.response["Error"]["Code"])
