"""What is timed: the calls of a user who signs up and comes back, and the whole scenario with its
errors.

Both use the methods of `tests/emulator/flow.py`, the same for every contestant, and are generators
that stop after each call. So a class of users can go in step, as in a room with a lesson: each call
is made by one user after the other, and the call is timed, not how long the machine takes to find
the code for it.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP, long_to_hex

from cognito_helpers.sign_in.device import DeviceProof, new_device
from tests.emulator.flow import STEP, TUTORIAL_FLOWS, WRONG_PASSWORD, Flow

from .mathematics import Work, work_of

FLOWS = [*TUTORIAL_FLOWS, "ALLOW_USER_SRP_AUTH"]
# The calls every contestant has, by the labels that `Timed` gives them
COMMON = {
    "sign-up": "SignUp",
    "admin get user": "AdminGetUser",
    "list users, a page of 60": "ListUsers",
    "list users by email": "ListUsers, email =",
    "sign-in": "InitiateAuth, USER_PASSWORD_AUTH",
    "TOTP answer": "RespondToAuthChallenge, SOFTWARE_TOKEN_MFA: tokens",
}
# A short page of each kind ListUsers can be asked for: more users than fit, or none at all
FILTERS = [
    'email ^= "user0000"',
    'email ^= "user"',
    'email = "nobody@example.com"',
    'name = "Everyone"',
    'username = "user000050"',
    'username ^= "user00005"',
    'sub ^= ""',
    'sub ^= "zz"',
    'cognito:user_status = "UNCONFIRMED"',
    'cognito:user_status ^= "CONF"',
    'status = "Enabled"',
    'status = "Disabled"',
]


@dataclass(frozen=True)
class Call:
    """One timed call, in seconds; its floor, which is the same call with a recorded response, and
    the mathematics. Both are 0 if none was timed.
    """

    label: str
    seconds: float
    floor: float = 0.0
    mathematics: float = 0.0
    work: Work = Work()


class Timed:
    """A boto3 client that records how long each of its calls takes. `floor` is a second client that
    sends the same right after and gets a recorded response.
    """

    def __init__(self, client: Any, floor: Any = None) -> None:
        self._client, self._floor = client, floor
        self.calls: list[Call] = []

    def __getattr__(self, name: str) -> Any:
        operation = self._client.meta.method_to_api_mapping[name]

        def call(**request: Any) -> Any:
            if self._floor:
                # Not counted: other code has driven boto3 out of the processor's caches, and the
                # floor runs second, with warm caches.
                _timed(self._floor, name, request)
            seconds, answer = _timed(self._client, name, request)
            error = answer if isinstance(answer, ClientError) else None
            outcome = (
                error.response["Error"]["Code"]
                if error
                else "tokens"
                if "AuthenticationResult" in answer
                else ""
            )
            made = Call(_label(operation, request, outcome), seconds)
            if self._floor:
                work = work_of(operation, request, outcome)
                made = replace(
                    made,
                    floor=_timed(self._floor, name, request)[0],
                    mathematics=work.seconds(),
                    work=work,
                )
            self.calls.append(made)
            if error:
                raise error
            return answer

        return call


def _timed(client: Any, name: str, request: dict[str, Any]) -> tuple[float, Any]:
    """Seconds, and the response or the error."""
    method = getattr(client, name)
    start = time.perf_counter()
    try:
        answer = method(**request)
    except ClientError as error:
        answer = error
    return time.perf_counter() - start, answer


def _label(operation: str, request: dict[str, Any], outcome: str) -> str:
    detail = (
        request.get("AuthFlow")
        or request.get("ChallengeName")
        or " ".join(request.get("Filter", "").split()[:2])
    )
    if operation == "ListUsers" and request.get("Filter") in FILTERS:
        detail = request["Filter"]
    return operation + (f", {detail}" if detail else "") + (f": {outcome}" if outcome else "")


class NotThere(Exception):
    """The contestant can't do a step of the scenario; the message says which."""


@contextmanager
def rejects(code: str) -> Iterator[None]:
    """Check that the block ends with the error `code`."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] == code:
            return
        raise
    raise NotThere(f"accepts what should be rejected with {code}")


Steps = Iterator[None]


def go(walk: Callable[[Flow], Steps], flow: Flow, aws: Any, mfa: str, usernames: list[str]) -> None:
    """Let new users with those names go through the pool of `flow` in step, by the client `aws`,
    with the MFA setting of the pool.
    """
    aws.set_user_pool_mfa_config(
        UserPoolId=flow.pool_id,
        MfaConfiguration=mfa,
        **({} if mfa == "OFF" else {"SoftwareTokenMfaConfiguration": {"Enabled": True}}),
    )
    walks = []
    for username in usernames:
        user = copy.copy(flow)
        user.aws, user.username = aws, username
        walks.append(walk(user))
    for _ in zip(*walks, strict=True):
        pass


def visit(user: Flow) -> Steps:
    """Sign up, be read, sign in, set up an authenticator, and sign in with its code: what every
    contestant can do if MFA is OPTIONAL.
    """
    yield user.sign_up(**_attributes(user))
    yield user.confirm()
    yield user.look()
    yield user.list()
    yield user.list(Filter=f'email = "{user.username}@example.com"')
    yield user.sign_in()
    token = {"AccessToken": user.tokens["AccessToken"]}
    yield user.associate(**token)
    yield user.verify(**token)
    yield user.aws.set_user_mfa_preference(
        **token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    yield user.wait(STEP).sign_in()
    yield user.send_code()


def looks(user: Flow) -> Steps:
    """List users with every kind of filter."""
    for text in FILTERS:
        yield user.list(Filter=text, Limit=10)


def scenario(user: Flow) -> Steps:
    """From sign-up to device sign-in and deletion, with its errors, in the tutorial's pool, with
    MFA ON.
    """
    yield from _sign_up(user)
    yield from _enrol(user)
    yield from _sign_in(user)
    yield from _device(user)
    yield from _leave(user)


def _attributes(user: Flow) -> dict[str, Any]:
    return {"UserAttributes": [{"Name": "email", "Value": f"{user.username}@example.com"}]}


def _sign_up(user: Flow) -> Steps:
    yield user.sign_up(**_attributes(user))
    with rejects("UsernameExistsException"):
        user.sign_up(**_attributes(user))
    yield
    with rejects("CodeMismatchException"):
        user.confirm(code=user.wrong_email_code())
    yield
    yield user.resend()
    with rejects("UserNotConfirmedException"):
        user.sign_in()
    yield
    yield user.confirm()
    yield user.look()


def _enrol(user: Flow) -> Steps:
    with rejects("NotAuthorizedException"):
        user.sign_in(password=WRONG_PASSWORD)
    yield
    yield user.sign_in(plane="admin")
    yield user.associate()
    with rejects("EnableSoftwareTokenMFAException"):
        user.verify(code=user.wrong_code())
    yield
    yield user.verify(name="my phone")
    yield user.answer("MFA_SETUP", plane="admin")


def _sign_in(user: Flow) -> Steps:
    yield user.wait(STEP).sign_in()
    with rejects("CodeMismatchException"):
        user.send_code(code=user.wrong_code())
    yield
    # Kept, since the others' waiting may advance the clock
    code = user.code()
    yield user.send_code(code=code)
    yield user.sign_in()
    with rejects("ExpiredCodeException"):
        user.send_code(code=code)
    yield
    # What the user computes is a separate step, so that the calls still follow each other.
    user.wait(STEP)
    proof = AWSSRP(user.username, user.password, user.pool_id, user.client_id, client=object())
    yield
    asked = user.initiate(
        "USER_SRP_AUTH", USERNAME=user.username, SRP_A=long_to_hex(proof.large_a_value)
    )
    yield
    responses = proof.process_challenge(asked["ChallengeParameters"], {"USERNAME": user.username})
    yield
    yield user.answer("PASSWORD_VERIFIER", session=False, **responses)
    yield user.send_code()
    yield user.get_user()


def _device(user: Flow) -> Steps:
    device, verifier = new_device(user.offer)
    yield
    token, key = {"AccessToken": user.tokens["AccessToken"]}, {"DeviceKey": device.key}
    yield user.aws.confirm_device(**token, **key, DeviceSecretVerifierConfig=verifier)
    yield user.sign_in(DEVICE_KEY=device.key)
    proof = DeviceProof(device)
    yield
    asked = user.answer("DEVICE_SRP_AUTH", **proof.first_answer(user.username))
    yield
    responses = proof.second_answer(asked["ChallengeParameters"])
    yield
    yield user.answer("DEVICE_PASSWORD_VERIFIER", **responses)
    yield user.refresh(DEVICE_KEY=device.key)
    yield user.aws.list_devices(**token)
    yield user.aws.get_device(**token, **key)
    yield user.aws.update_device_status(**token, **key, DeviceRememberedStatus="not_remembered")
    yield user.aws.forget_device(**token, **key)
    with rejects("ResourceNotFoundException"):
        user.aws.get_device(**token, **key)
    yield


def _leave(user: Flow) -> Steps:
    pool, client = (
        {"UserPoolId": user.pool_id},
        {
            "UserPoolId": user.pool_id,
            "ClientId": user.client_id,
        },
    )
    yield user.aws.list_user_pools(MaxResults=10)
    yield user.aws.describe_user_pool(**pool)
    yield user.aws.describe_user_pool_client(**client)
    yield user.aws.get_user_pool_mfa_config(**pool)
    yield user.wait(STEP).sign_in()
    yield user.send_code()
    yield user.aws.revoke_token(ClientId=user.client_id, Token=user.tokens["RefreshToken"])
    with rejects("NotAuthorizedException"):
        user.get_user()
    yield
    yield user.wait(STEP).sign_in()
    yield user.send_code()
    yield user.aws.delete_user(AccessToken=user.tokens["AccessToken"])
    with rejects("UserNotFoundException"):
        user.look()
    yield
