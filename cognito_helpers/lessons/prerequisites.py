"""The steps of earlier lessons, taken if a lesson is opened before them: by the scenario, with the
lab's own phone and inbox as its user.
"""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import ClientError

from ..actions import CodeDelivery, CognitoIdentityProviderWrapper
from ..errors import LessonError
from ..lab.lab import Lab
from ..sign_in.authenticator import authenticator_link
from ..sign_in.challenge_answers import Call
from ..sign_in.next_step import (
    DEVICE_SRP_AUTH,
    EMAIL_OTP,
    MFA_SETUP,
    SOFTWARE_TOKEN_MFA,
    Step,
    next_step,
)
from ..sign_in.scenario import Scenario, code_of
from ..tutorial_pool.requirements import SIGN_IN, WITH_USERS
from ..tutorial_pool.settings import (
    CLIENT_SETTINGS,
    ISSUER,
    MFA_SETTINGS,
    POOL_NAME,
    POOL_SETTINGS,
    random_password,
)
from .pool_inspection import check_that_it_serves

# What a lesson can need, each including those before it
NOTHING, A_POOL, A_CONFIRMED_USER, AN_ENROLLED_USER = (
    "nothing",
    "a pool",
    "a confirmed user without an authenticator app",
    "a user with an authenticator app",
)
A_REMEMBERED_DEVICE = "a user with a remembered device"
STATES = [NOTHING, A_POOL, A_CONFIRMED_USER, AN_ENROLLED_USER, A_REMEMBERED_DEVICE]


def includes_app(needs: str) -> bool:
    """Whether a user in this state has an authenticator app."""
    return needs in STATES and STATES.index(needs) >= STATES.index(AN_ENROLLED_USER)


# No lesson needs more calls than these.
MOST_CALLS = 12


def missing_steps(lab: Lab, needs: str) -> Iterator[str]:
    """Take the steps that are missing for `needs`, one of `STATES`; yields the name of each call
    once it's made.
    """
    if needs not in STATES:
        raise LessonError(f"A lesson can't need “{needs}”. It needs one of {', '.join(STATES)}.")
    wanted = STATES.index(needs)
    if wanted >= STATES.index(A_POOL):
        yield from _pool(lab)
        check_that_it_serves(lab, SIGN_IN if wanted > STATES.index(A_POOL) else WITH_USERS)
    if wanted >= STATES.index(A_CONFIRMED_USER):
        _ask_who_continues(lab)
        yield from _confirmed_user(lab, may_have_app=wanted >= STATES.index(AN_ENROLLED_USER))
    if wanted >= STATES.index(AN_ENROLLED_USER):
        yield from _enrolled_user(lab)
    if wanted >= STATES.index(A_REMEMBERED_DEVICE):
        yield from _remembered_device(lab)


class Learner:
    """The lab's user as the scenario's user: a free name, a password that meets the policy, the
    lab's inbox and phone. Errors of the service are raised.
    """

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._code_used = ""

    def username(self) -> str:
        return self._lab.free_username()

    def email(self, username: str) -> str:
        return f"{username}@example.com"

    def password(self, username: str) -> str:
        return random_password()

    new_password = password

    def continues_as(self, username: str, status: str) -> bool:
        return False

    def email_code(self, username: str, sent: CodeDelivery | None) -> str:
        return self._lab.inbox.code(username)

    def scan(self, secret: str, username: str) -> None:
        self._lab.phone.add(authenticator_link(secret, account=username, issuer=ISSUER))

    def app_code(self, username: str) -> str:
        if self._lab.phone.code(username) == self._code_used:
            self._lab.wait_for_next_code()
        self._code_used = self._lab.phone.code(username)
        return self._code_used

    def first_factor(self, username: str, offered: list[str]) -> str:
        return offered[0]

    second_factor = first_factor

    def sent_code(self, username: str, challenge: str, destination: str) -> str:
        by_email = challenge == EMAIL_OTP.challenge
        read = self._lab.inbox.code if by_email else self._lab.phone.text_code
        return read(username)

    def signed(self, options: str) -> str:
        return self._lab.passkeys.sign(options)

    def own_answer(self, parameters: dict[str, str]) -> str:
        raise LessonError("The pool asks for something of its own, which the lab can't answer.")

    def wants_device_remembered(self) -> bool:
        return True

    def wants_to_leave(self, username: str) -> bool:
        return True

    def again(self, error: ClientError) -> None:
        raise error


class _WithoutMail(Scenario):
    """The scenario if only the learner can read the email: an administrator creates the user, and
    no code is sent.
    """

    def __init__(self, cognito: CognitoIdentityProviderWrapper, lab: Lab) -> None:
        super().__init__(cognito, Learner(lab))
        self._lab = lab

    def sign_up(self) -> Iterator[Call]:
        """AdminCreateUser and AdminSetUserPassword. Nothing is ever sent to the address, which
        isn't in use.
        """
        client, self.username, self.password = (
            self._lab.cognito,
            self._lab.free_username(),
            random_password(),
        )
        user = {"UserPoolId": self._lab.pool_id, "Username": self.username}
        email = [
            {"Name": "email", "Value": f"{self.username}@example.com"},
            {"Name": "email_verified", "Value": "true"},
        ]
        yield Call(
            "AdminCreateUser",
            client.admin_create_user(**user, UserAttributes=email, MessageAction="SUPPRESS"),
        )
        yield Call(
            "AdminSetUserPassword",
            client.admin_set_user_password(**user, Password=self.password, Permanent=True),
        )
        self.status = "CONFIRMED"


def _beginning(lab: Lab) -> Scenario:
    cognito = CognitoIdentityProviderWrapper(lab.cognito, lab.pool_id, lab.client_id)
    return _WithoutMail(cognito, lab) if lab.learner_input else Scenario(cognito, Learner(lab))


def _scenario(lab: Lab) -> Scenario:
    """The scenario, from the current state of the lab's user."""
    scenario = _beginning(lab)
    scenario.username, scenario.password, scenario.status = (
        lab.username or "",
        lab.password or "",
        lab.user_status() or "",
    )
    return scenario


def _ask_who_continues(lab: Lab) -> None:
    """At AWS a new kernel has no password: the learner's user continues with theirs, or is replaced
    by another.
    """
    if lab.learner_input is None or lab.username is None or lab.password:
        return
    lab.password = lab.learner_input.password(lab.username)
    if lab.password is None:
        lab.forget_user()
    elif lab.user_status() != "UNCONFIRMED" and _asked(_scenario(lab)) is None:
        lab.password = None
        raise LessonError(
            f"Cognito doesn't accept this password for {lab.username}. Run this cell again, and"
            " type another one."
        )


def _asked(scenario: Scenario) -> Step | None:
    """What Cognito asks of the user after the password; None if there is no user or no password, or
    if Cognito rejects them, or the device.
    """
    if not (scenario.username and scenario.password):
        return None
    try:
        list(scenario.begin())
    except ClientError as error:
        if code_of(error) not in ("NotAuthorizedException", "ResourceNotFoundException"):
            raise
        return None
    return next_step(scenario.answer)


def _pool(lab: Lab) -> Iterator[str]:
    if lab.pool_id is None:
        pool = lab.cognito.create_user_pool(PoolName=POOL_NAME, **POOL_SETTINGS)["UserPool"]
        yield "CreateUserPool"
        lab.pool_id = pool["Id"]
    if (
        lab.pool_is_ours()
        and lab.cognito.get_user_pool_mfa_config(UserPoolId=lab.pool_id)["MfaConfiguration"] != "ON"
    ):
        lab.cognito.set_user_pool_mfa_config(UserPoolId=lab.pool_id, **MFA_SETTINGS)
        yield "SetUserPoolMfaConfig"
    if lab.client_id is None:
        client = lab.cognito.create_user_pool_client(
            UserPoolId=lab.pool_id, ClientName=POOL_NAME, **CLIENT_SETTINGS
        )["UserPoolClient"]
        yield "CreateUserPoolClient"
        lab.client_id = client["ClientId"]


def _confirmed_user(lab: Lab, may_have_app: bool) -> Iterator[str]:
    scenario = _scenario(lab)
    if scenario.status == "UNCONFIRMED" and scenario.password:
        # The code sent at sign-up may be days old. One the learner just typed isn't.
        steps = (
            [scenario.confirm]
            if lab.learner_input and lab.learner_input.has("email_code")
            else [scenario.resend, scenario.confirm]
        )
    elif not _is_usable(lab, scenario, may_have_app):
        steps = [scenario.sign_up, scenario.confirm]
    else:
        steps = []
    for step in steps:
        for call in step():
            lab.username, lab.password = scenario.username, scenario.password
            yield call.operation


def _is_usable(lab: Lab, scenario: Scenario, may_have_app: bool) -> bool:
    """Whether the lab's user can continue. An enrolled app stays enrolled, and a lost secret stays
    lost: then only a new user can.

    A learner who continues as their own user has the secret on their own phone.
    """
    asked = _asked(scenario)
    return asked == MFA_SETUP or (
        asked == SOFTWARE_TOKEN_MFA
        and may_have_app
        and (lab.learner_input is not None or lab.username in lab.phone.accounts)
    )


def _enrolled_user(lab: Lab) -> Iterator[str]:
    scenario = _scenario(lab)
    begun = list(scenario.begin())
    if next_step(scenario.answer) == MFA_SETUP:
        yield from (call.operation for call in [*begun, *scenario.finish()])


def _remembered_device(lab: Lab) -> Iterator[str]:
    scenario = _scenario(lab)
    scenario.device = lab.device
    if scenario.device and _asked(scenario) == DEVICE_SRP_AUTH:
        return
    scenario.device = None
    # The phone's current code may have been used a moment ago.
    lab.wait_for_next_code()
    for step in (scenario.sign_in, scenario.remember_device):
        yield from (call.operation for call in step())
    lab.device = scenario.device
