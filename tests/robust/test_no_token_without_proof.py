"""No token without proof, and none withheld from a user with proof: a model of what was proved,
beside the emulator, in any order of calls.

The model knows users, passwords, authenticators, devices, sessions and refresh tokens, and nothing
about how the emulator stores them. Before each call it says whether tokens, a certain challenge or
an error must come; the response must agree. Every error is one that the service's model lists for
the call.
"""

import base64
import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

import pyotp
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pycognito.aws_srp import AWSSRP, long_to_hex

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.crypto import srp
from cognito_helpers.sign_in.device import DeviceProof, new_device
from cognito_helpers.sign_in.software_authenticator import SoftwareAuthenticator
from cognito_helpers.sign_in.tokens import claims_of

from ..emulator import lambdas
from ..emulator.flow import (
    APPS,
    CLIENT,
    DAY,
    EMAIL,
    EMAILS,
    HOUR,
    MINUTE,
    NOW,
    OWN_SENDER,
    PHONE,
    POOL,
    SMS,
    STEP,
    TEXTS,
    first_factors,
    pairs,
)

FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]
FLOWS += ["ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"]
ROTATION = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 30}
ASKED_FOR_DEVICES = {
    "ChallengeRequiredOnNewDevice": False,
    "DeviceOnlyRememberedOnUserPrompt": True,
}
NAMES = ["ana", "ben", "cho"]
PASSWORDS = [f"Correct-Horse-{number}" for number in range(4)]
TOKENS, REJECTED = "tokens", "rejected"
PASSWORD_VERIFIER, NEW_PASSWORD, MFA_SETUP, CODE = (
    "PASSWORD_VERIFIER",
    "NEW_PASSWORD_REQUIRED",
    "MFA_SETUP",
    "SOFTWARE_TOKEN_MFA",
)
MAILED, TEXTED, SELECT = "EMAIL_OTP", "SMS_OTP", "SELECT_MFA_TYPE"
TEXTED_SECOND = "SMS_MFA"
CHOICE, BY_PASSWORD, BY_SRP = "SELECT_CHALLENGE", "PASSWORD", "PASSWORD_SRP"
CUSTOM = "CUSTOM_CHALLENGE"
PASSKEY, HERE = "WEB_AUTHN", {"RelyingPartyId": "example.com"}
# Sessions of SignUp and ConfirmSignUp
SIGNED_UP, UP_AND_CONFIRMED = "sign-up", "sign-up, confirmed"
DEVICE_SRP, DEVICE_PROOF = "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"
# The stages of MFA_SETUP between its beginning and its response
OFFERED, VERIFIED = "secret issued", "code verified"
MOSTLY = st.sampled_from([True, True, True, False])
RARELY = MOSTLY.map(lambda mostly: not mostly)


@dataclass
class PoolModel:
    id: str
    mfa_always: bool
    device_replaces_code: bool
    remembers_unasked: bool
    # The second factors whose codes it sends. A pool's SMS settings alone make SMS_MFA one: 11.9.
    sends: tuple = ()


@dataclass
class ClientModel:
    id: str
    pool: PoolModel
    secret: str | None
    rotates: bool
    session_seconds: int

    def proof(self, username):
        made = hmac.digest(
            (self.secret or "").encode(), (username + self.id).encode(), hashlib.sha256
        )
        return {"SECRET_HASH": base64.b64encode(made).decode()} if self.secret else {}


@dataclass
class DeviceModel:
    key: str
    offer: dict
    device: object = None
    remembered: bool = False
    known: bool = True

    @property
    def confirmed(self):
        return self.known and self.device is not None


@dataclass(eq=False)
class UserModel:
    name: str
    pool: PoolModel
    password: str
    status: str = "UNCONFIRMED"
    temporary_until: float = float("inf")
    exists: bool = True
    enabled: bool = True
    totp: str | None = None
    used_steps: set = field(default_factory=set)
    # The enabled second factors, the preferred one, and the one a sign-in enabled
    listed: set = field(default_factory=set)
    preferred: str | None = None
    automatic: str | None = None
    # Wrong passwords, and wrong proofs of a second factor: codes at sign-in and at setup, and the
    # proofs a device gives instead of a code
    passwords: "Failures" = field(default_factory=lambda: Failures())
    factors: "Failures" = field(default_factory=lambda: Failures())
    devices: list = field(default_factory=list)
    passkeys: list = field(default_factory=list)


@dataclass
class Failures:
    number: int = 0
    last: float = 0

    def is_locked(self, now):
        number = self.number if now < self.last + 900 else 0
        return number >= 5 and now < self.last + min(2 ** (number - 5), 900)

    def add(self, now):
        self.number = (self.number if now < self.last + 900 else 0) + 1
        self.last = now


@dataclass(eq=False)
class Pending:
    """One step of a sign-in waiting for its response. `session` is None for PASSWORD_VERIFIER,
    which is found by its secret block.
    """

    user: UserModel | None
    client: ClientModel
    attempt: int
    expects: str
    expires: float
    session: str | None = None
    device: DeviceModel | str | None = None
    used: bool = False
    # The secret offered with this step, for its first code
    offered: str | None = None
    # The code sent with it, whether as a first factor, and how many wrong ones were tried
    code: str | None = None
    is_first: bool = False
    mistakes: int = 0
    # The server's side of an exchange in progress: what computes the right proof, and its challenge
    prover: object = None
    asked: dict | None = None
    # In CUSTOM_AUTH: how often the functions were answered wrongly, and whether they issued tokens.
    custom: int | None = None
    issued: bool = False
    # A wrong proof of the password ends it.
    once: bool = False

    def is_live(self, now):
        return not self.used and now < self.expires


@dataclass(eq=False)
class SignedIn:
    user: UserModel
    client: ClientModel
    device: DeviceModel | None
    revoked: bool = False
    offered: str | None = None


@dataclass(eq=False)
class RefreshModel:
    token: str
    of: SignedIn
    expires: float
    replaced: float = float("inf")


@dataclass(eq=False)
class AccessModel:
    token: str
    of: SignedIn
    expires: float


class SignIns(RuleBasedStateMachine):
    """Any calls in any order. Set by the test: `aws`, `switchboard`, and `counted`, which outlives
    the single run.
    """

    aws = switchboard = None
    counted: Counter = Counter()

    def __init__(self):
        super().__init__()
        self.emulator = LocalCognito()
        self.switchboard.service = self.emulator.service
        self.emulator.lambdas.update(lambdas.FUNCTIONS, CreateAuthChallenge=self.create)
        self.numbers, self.private = count(), None
        self.now = NOW
        self.attempts = count()
        # While it's true, all responses are right: otherwise most sign-ins would end early.
        self.straight = False
        # The newest assertion accepted from each user
        self.signed = {}
        self.users, self.pending, self.refreshes, self.accesses, self.answered = [], [], [], [], []

    def create(self, event, _):
        """CreateAuthChallenge: each challenge has an answer of its own."""
        self.private = f"answer {next(self.numbers)}"
        event["response"]["privateChallengeParameters"] = {"answer": self.private}
        return event

    def teardown(self):
        self.emulator.close()

    @initialize()
    def make_pools(self):
        strict = self.make_pool("ON", {}, PoolModel("", True, True, True))
        asked = self.make_pool(
            "OPTIONAL",
            {"DeviceConfiguration": ASKED_FOR_DEVICES}
            | OWN_SENDER
            | SMS
            | first_factors("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"),
            PoolModel("", False, False, False, (MAILED, TEXTED_SECOND)),
        )
        mailing = self.make_pool("ON", OWN_SENDER, PoolModel("", True, True, True, (MAILED,)))
        texting = self.make_pool("ON", SMS, PoolModel("", True, True, True, (TEXTED_SECOND,)))
        plain = self.make_client(strict, 3, ExplicitAuthFlows=[*FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"])
        secret = self.make_client(
            strict, 15, ExplicitAuthFlows=FLOWS, GenerateSecret=True, RefreshTokenRotation=ROTATION
        )
        hiding = self.make_client(
            asked,
            3,
            ExplicitAuthFlows=[*FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"],
            PreventUserExistenceErrors="ENABLED",
        )
        by_mail = self.make_client(
            mailing, 3, ExplicitAuthFlows=[*FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"]
        )
        by_text = self.make_client(
            texting, 3, ExplicitAuthFlows=[*FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"]
        )
        self.clients = [plain, secret, hiding, by_mail, by_text]
        for client in (plain, hiding, by_mail, by_text):
            # The same names in all pools, so that one could be mistaken for the other
            for name in NAMES[:2]:
                self.new_user(client, name, PASSWORDS[0])
                self.aws.admin_confirm_sign_up(UserPoolId=client.pool.id, Username=name)
                self.users[-1].status = "CONFIRMED"
                # A code for a new password can be sent only to a verified address.
                proved = [{"Name": "email_verified", "Value": "true"}]
                self.aws.admin_update_user_attributes(
                    UserPoolId=client.pool.id, Username=name, UserAttributes=proved
                )

    def make_pool(self, mfa, settings, model):
        model.id = self.aws.create_user_pool(**POOL | lambdas.config(*lambdas.CUSTOM) | settings)[
            "UserPool"
        ]["Id"]
        if mfa != "OFF":
            self.aws.set_user_pool_mfa_config(
                UserPoolId=model.id,
                MfaConfiguration=mfa,
                **({} if model.mfa_always else {"WebAuthnConfiguration": HERE}),
                **APPS,
                **(EMAILS if MAILED in model.sends else {}),
                **(TEXTS if TEXTED_SECOND in model.sends else {}),
            )
        return model

    def make_client(self, pool, minutes, **more):
        made = self.aws.create_user_pool_client(
            **CLIENT | {"UserPoolId": pool.id, "AuthSessionValidity": minutes} | more
        )["UserPoolClient"]
        return ClientModel(
            made["ClientId"],
            pool,
            made.get("ClientSecret"),
            "RefreshTokenRotation" in more,
            minutes * MINUTE,
        )

    # The expectation, and whether it came true

    def call(self, operation, **request):
        """The response, or None after an error."""
        self.counted["calls"] += 1
        try:
            answer = getattr(self.aws, operation)(**request)
        except ClientError as error:
            self.counted["errors"] += 1
            self.error = error.response["Error"]["Code"]
            return None
        return answer

    def expect(self, expected, answer):
        came = (
            REJECTED
            if answer is None
            else TOKENS
            if "AuthenticationResult" in answer
            else answer.get("ChallengeName", "done")
        )
        assert came == expected, f"{came} instead of {expected}" + (
            f": {self.error}" if answer is None else ""
        )
        self.counted[came] += 1

    def someone(self, data):
        there = [user for user in self.users if user.exists]
        ready = [user for user in there if user.enabled and user.status != "UNCONFIRMED"]
        return data.draw(
            st.sampled_from((ready if self.straight else []) or there or self.users), "user"
        )

    def mostly(self, data, right, others, label):
        """`right` in most cases, otherwise one of the others."""
        if self.straight or data.draw(MOSTLY, f"right {label}"):
            return right
        return data.draw(st.sampled_from(others or [right]), label)

    def named(self, user, pool):
        """The current owner of the name of `user` in a pool."""
        return next(
            (
                other
                for other in self.users
                if other.exists and (other.name, other.pool) == (user.name, pool)
            ),
            None,
        )

    # The course of a sign-in in the model

    def after_password(self, user, client, device):
        """What follows a right password. `device` is a DeviceModel, or an unknown device key, or
        None.
        """
        if user.status == "FORCE_CHANGE_PASSWORD":
            return NEW_PASSWORD if self.now < user.temporary_until else REJECTED
        if device is not None:
            if isinstance(device, str) or device not in user.devices or not device.confirmed:
                return REJECTED
            if device.remembered:
                return DEVICE_SRP
        return self.second_factor(user, client, device)

    def after_proof(self, pending, client, device):
        """As `after_password`. In CUSTOM_AUTH the device comes at the end."""
        if pending.custom is None:
            return self.after_password(pending.user, client, device)
        expected = self.after_password(pending.user, client, None)
        return CUSTOM if expected == TOKENS else expected

    def done(self, pending):
        """What follows a second factor."""
        if pending.custom is None:
            return self.tokens(pending.user, pending.device)
        return CUSTOM

    def second_factor(self, user, client, device):
        usable = self.factors_of(user)
        if not usable:
            return MFA_SETUP if client.pool.mfa_always else self.tokens(user, device)
        return usable[0] if len(usable) == 1 else SELECT

    def first_factors_of(self, user):
        """What a user can begin USER_AUTH with; only one pool allows beginning with a code."""
        here = user.pool is self.clients[2].pool
        codes, passkeys = [MAILED, TEXTED] * here, [PASSKEY] * bool(user.passkeys)
        if user.status == "UNCONFIRMED":
            return codes
        if user.status != "CONFIRMED" or user.pool.mfa_always or self.factors_of(user):
            return [BY_SRP, BY_PASSWORD]
        return [BY_SRP, BY_PASSWORD, *codes, *passkeys]

    def factors_of(self, user):
        """What a user could be asked for; every user has an email address and a phone number."""
        usable = [*user.pool.sends, *[CODE] * bool(user.totp)]
        listed = [name for name in usable if name in user.listed]
        if not user.pool.mfa_always:
            usable = listed
        elif listed:
            usable = [name for name in usable if name in listed or name == CODE]
        first = user.preferred or (user.automatic if user.listed == {user.automatic} else None)
        return [first] if first in usable else usable

    def tokens(self, user, device):
        """Tokens, unless the device that was named has been forgotten meanwhile."""
        return (
            TOKENS if device is None or (device in user.devices and device.confirmed) else REJECTED
        )

    def take(self, answer, user, client, device, attempt, is_first=False, custom=None):
        """Keep what a response to a sign-in brought, which has been checked against the model
        already.
        """
        if answer is None:
            return
        if "AuthenticationResult" not in answer:
            expires = self.now + client.session_seconds
            self.pending.append(
                Pending(
                    user,
                    client,
                    attempt,
                    answer["ChallengeName"],
                    expires,
                    answer.get("Session"),
                    device,
                    asked=answer["ChallengeParameters"],
                    custom=custom,
                )
            )
            if answer["ChallengeName"] == CUSTOM:
                self.pending[-1].code = self.private
            if answer["ChallengeName"] in (MAILED, TEXTED, TEXTED_SECOND):
                self.pending[-1].is_first = is_first
                self.pending[-1].code = user and self.emulator.inbox(user.name)[-1].code
            return
        result = answer["AuthenticationResult"]
        claims = claims_of(result["AccessToken"])
        assert (claims["client_id"], claims["username"], claims["iss"].rpartition("/")[2]) == (
            client.id,
            user.name,
            client.pool.id,
        )
        if offer := result.get("NewDeviceMetadata"):
            device = DeviceModel(offer["DeviceKey"], offer)
            user.devices.append(device)
        done = SignedIn(user, client, device)
        self.keep(result, done, self.now + 30 * DAY)

    def keep(self, result, done, refresh_expires):
        self.accesses.append(AccessModel(result["AccessToken"], done, self.now + HOUR))
        if "RefreshToken" in result:
            self.refreshes.append(RefreshModel(result["RefreshToken"], done, refresh_expires))

    def end_sessions(self, user):
        for pending in self.pending:
            if pending.user is user:
                pending.expires = min(pending.expires, self.now)

    def sign_out(self, user):
        for refresh in self.refreshes:
            refresh.of.revoked |= refresh.of.user is user
        for access in self.accesses:
            access.of.revoked |= access.of.user is user
        self.end_sessions(user)

    def valid_code(self, secret, data):
        """A valid code of one of the three accepted time steps; the step it belongs to."""
        present = int(self.now) // STEP
        step = (
            present + 1
            if self.straight
            else present + data.draw(st.integers(-1, 1), "half minutes off")
        )
        return pyotp.TOTP(secret).at(step * STEP), step

    def no_code(self, asked):
        """Six digits that aren't a code of the offered secret."""
        present = int(self.now) // STEP
        good = (
            {pyotp.TOTP(asked.offered).at((present + off) * STEP) for off in (-1, 0, 1)}
            if asked.offered
            else set()
        )
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in good)

    # Rules: users are created and deleted

    def new_user(self, client, name, password):
        user = UserModel(name, client.pool, password)
        taken = self.named(user, client.pool)
        request = {
            "ClientId": client.id,
            "Username": name,
            "Password": password,
            "UserAttributes": pairs(email=EMAIL, phone_number=PHONE),
        }
        proof = {"SecretHash": client.proof(name)["SECRET_HASH"]} if client.secret else {}
        answer = self.call("sign_up", **request, **proof)
        self.expect(REJECTED if taken else "done", answer)
        if not taken:
            self.users.append(user)
            self.pending.append(self.signing_up(user, client, SIGNED_UP, answer["Session"]))

    def signing_up(self, user, client, expects, session):
        expires = self.now + client.session_seconds
        return Pending(user, client, next(self.attempts), expects, expires, session)

    @rule(data=st.data(), name=st.sampled_from(NAMES), password=st.sampled_from(PASSWORDS))
    def sign_up(self, data, name, password):
        self.new_user(data.draw(st.sampled_from(self.clients)), name, password)

    @rule(data=st.data(), right=MOSTLY)
    def confirm(self, data, right):
        user = self.someone(data)
        client = next(
            client for client in self.clients if client.pool is user.pool and not client.secret
        )
        mails = [
            mail
            for mail in self.emulator.inbox(user.name)
            if mail.subject == "Your verification code"
        ]
        code = (
            data.draw(st.sampled_from([mail.code for mail in mails]), "code")
            if right and mails
            else "000000"
        )
        begun = [pending for pending in self.pending if pending.expects == SIGNED_UP]
        own = [p for p in begun if p.user is user and p.client is client and p.is_live(self.now)]
        pending = self.mostly(data, (own or [None])[-1], begun, "session of SignUp")
        answer = self.call(
            "confirm_sign_up",
            ClientId=client.id,
            Username=user.name,
            ConfirmationCode=code,
            **({"Session": pending.session} if pending else {}),
        )
        assert answer is None or (user.exists and user.status == "UNCONFIRMED" and code != "000000")
        if answer is not None:
            user.status = "CONFIRMED"
            assert (pending in own) == ("Session" in answer)
        if answer is not None and pending:
            pending.used = True
            self.pending.append(self.signing_up(user, client, UP_AND_CONFIRMED, answer["Session"]))

    @precondition(lambda self: any(p.expects == UP_AND_CONFIRMED for p in self.pending))
    @rule(data=st.data())
    def sign_in_after_sign_up(self, data):
        """A session of SignUp's, before or after ConfirmSignUp, as the only proof."""
        pending = self.a_pending(data, SIGNED_UP, UP_AND_CONFIRMED)
        client, user = self.stranger(data, pending)
        request = {
            "ClientId": client.id,
            "AuthFlow": "USER_AUTH",
            "AuthParameters": {"USERNAME": user.name, **client.proof(user.name)},
            "Session": pending.session,
        }
        good = (
            pending.expects == UP_AND_CONFIRMED
            and self.is_theirs(pending, client, user)
            and pending.user.status == "CONFIRMED"
            and not (pending.user.pool.mfa_always or self.factors_of(pending.user))
        )
        answer = self.call("initiate_auth", **request)
        self.expect(TOKENS if good else REJECTED, answer)
        if good:
            pending.used = True
            self.counted["signed up -> tokens"] += 1
            self.answered.append(("initiate_auth", request))
            self.take(answer, pending.user, client, None, pending.attempt)

    @rule(data=st.data(), password=st.sampled_from(PASSWORDS), name=st.sampled_from(NAMES))
    def admin_creates(self, data, password, name):
        pool = data.draw(st.sampled_from(self.clients)).pool
        user = UserModel(name, pool, password, "FORCE_CHANGE_PASSWORD", self.now + 7 * DAY)
        taken = self.named(user, pool)
        request = {
            "UserPoolId": pool.id,
            "Username": name,
            "TemporaryPassword": password,
            "UserAttributes": pairs(email=EMAIL, phone_number=PHONE),
        }
        self.expect(
            REJECTED if taken else "done",
            self.call("admin_create_user", **request, MessageAction="SUPPRESS"),
        )
        if not taken:
            self.users.append(user)

    @rule(data=st.data(), permanent=MOSTLY, password=st.sampled_from(PASSWORDS))
    def admin_sets_password(self, data, permanent, password):
        user = self.someone(data)
        request = {
            "UserPoolId": user.pool.id,
            "Username": user.name,
            "Password": password,
            "Permanent": permanent,
        }
        self.expect(
            "done" if user.exists else REJECTED, self.call("admin_set_user_password", **request)
        )
        if user.exists:
            user.password, user.status = (
                password,
                ("CONFIRMED" if permanent else "FORCE_CHANGE_PASSWORD"),
            )
            user.temporary_until = float("inf") if permanent else self.now + 7 * DAY
            self.end_sessions(user)

    @rule(data=st.data(), password=st.sampled_from(PASSWORDS), right=MOSTLY)
    def forgotten_password(self, data, password, right):
        user = self.someone(data)
        client = next(
            client for client in self.clients if client.pool is user.pool and not client.secret
        )
        sent = self.call("forgot_password", ClientId=client.id, Username=user.name)
        mailed = len(self.emulator.inbox(user.name)) and self.emulator.inbox(user.name)[-1].code
        code = mailed if right and mailed else "000000"
        answer = self.call(
            "confirm_forgot_password",
            ClientId=client.id,
            Username=user.name,
            ConfirmationCode=code,
            Password=password,
        )
        if answer is not None:
            assert (
                sent
                and code != "000000"
                and user.exists
                and user.enabled
                and user.status != "FORCE_CHANGE_PASSWORD"
            ), "a new password without proof"
            user.password, user.status, user.temporary_until = password, "CONFIRMED", float("inf")
            self.end_sessions(user)

    @precondition(lambda self: self.accesses)
    @rule(
        data=st.data(),
        previous=st.sampled_from(PASSWORDS),
        password=st.sampled_from(PASSWORDS),
        right=MOSTLY,
    )
    def change_password(self, data, previous, password, right):
        access = data.draw(st.sampled_from(self.accesses[-6:]), "access token")
        user = access.of.user
        previous = user.password if right else previous
        answer = self.call(
            "change_password",
            AccessToken=access.token,
            PreviousPassword=previous,
            ProposedPassword=password,
        )
        if answer is not None:
            assert (
                self.is_good(access)
                and previous == user.password
                and not user.passwords.is_locked(self.now)
            ), "a new password without proof"
            user.password, user.status, user.temporary_until = password, "CONFIRMED", float("inf")
            user.passwords.number = 0
            self.end_sessions(user)
        elif self.error == "NotAuthorizedException" and self.is_good(access):
            assert user.passwords.is_locked(self.now) or previous != user.password
            if not user.passwords.is_locked(self.now):
                user.passwords.add(self.now)

    @rule(data=st.data(), really=RARELY)
    def disable(self, data, really):
        user = self.someone(data)
        if not really:
            return
        self.expect(
            "done" if user.exists else REJECTED,
            self.call("admin_disable_user", UserPoolId=user.pool.id, Username=user.name),
        )
        if user.exists:
            user.enabled = False
            self.sign_out(user)

    @rule(data=st.data())
    def enable(self, data):
        user = data.draw(
            st.sampled_from(
                [user for user in self.users if user.exists and not user.enabled] or self.users
            ),
            "user",
        )
        self.call("admin_enable_user", UserPoolId=user.pool.id, Username=user.name)
        if user.exists:
            user.enabled = True

    @rule(data=st.data(), really=RARELY)
    def delete(self, data, really):
        user = self.someone(data)
        if really and user.exists:
            self.expect(
                "done", self.call("admin_delete_user", UserPoolId=user.pool.id, Username=user.name)
            )
            user.exists = False

    @rule(data=st.data(), everywhere=st.booleans(), really=RARELY)
    def signs_out(self, data, everywhere, really):
        if not really:
            return
        if everywhere and self.accesses:
            access = data.draw(st.sampled_from(self.accesses[-6:]), "access token")
            good, user = self.is_good(access), access.of.user
            self.expect(
                "done" if good else REJECTED, self.call("global_sign_out", AccessToken=access.token)
            )
        else:
            user = self.someone(data)
            good = user.exists
            self.expect(
                "done" if good else REJECTED,
                self.call(
                    "admin_user_global_sign_out", UserPoolId=user.pool.id, Username=user.name
                ),
            )
        if good:
            self.sign_out(user)

    @rule(
        data=st.data(),
        wants=st.dictionaries(
            st.sampled_from([CODE, MAILED, TEXTED_SECOND]), st.tuples(*[st.booleans()] * 2)
        ),
        by_admin=st.booleans(),
    )
    def prefers(self, data, wants, by_admin):
        blocks = {
            CODE: "SoftwareTokenMfaSettings",
            MAILED: "EmailMfaSettings",
            TEXTED_SECOND: "SMSMfaSettings",
        }
        chosen = {
            blocks[name]: {"Enabled": on, "PreferredMfa": first}
            for name, (on, first) in wants.items()
        }
        firsts = [name for name, (on, first) in wants.items() if on and first]
        # A user's own call can't turn off an app they don't have (BEHAVIOR.md, 12.5).
        missing = {True} if by_admin or not self.accesses else {True, False}
        if by_admin or not self.accesses:
            user = self.someone(data)
            request = {"UserPoolId": user.pool.id, "Username": user.name}
            good, answer = (
                user.exists,
                self.call("admin_set_user_mfa_preference", **request, **chosen),
            )
        else:
            access = data.draw(st.sampled_from(self.accesses[-6:]), "access token")
            user, good = access.of.user, self.is_good(access)
            answer = self.call("set_user_mfa_preference", AccessToken=access.token, **chosen)
        rejected = CODE in wants and wants[CODE][0] in missing and user.totp is None
        good = good and not rejected and len(firsts) < 2
        self.expect("done" if good else REJECTED, answer)
        for name, (on, _) in wants.items() if good else ():
            (user.listed.add if on else user.listed.discard)(name)
            user.preferred = None if user.preferred == name else user.preferred
            user.automatic = None if user.automatic == name else user.automatic
        if good and firsts:
            user.preferred = firsts[0]

    @rule(
        seconds=st.sampled_from(
            [
                1,
                STEP,
                STEP,
                STEP,
                STEP,
                2 * STEP,
                2 * STEP,
                3 * MINUTE,
                20 * MINUTE,
                HOUR,
                DAY,
                8 * DAY,
                31 * DAY,
            ]
        )
    )
    def time_passes(self, seconds):
        self.emulator.clock.advance(seconds)
        self.now += seconds

    # Rules: beginning a sign-in

    def a_device(self, data, user):
        """None, one of the user's devices, another user's, or an unknown key."""
        if self.straight:
            return data.draw(
                st.sampled_from(
                    [None, *[device for device in user.devices if device.confirmed][-2:]]
                ),
                "device",
            )
        others = [device for other in self.users for device in other.devices]
        return data.draw(
            st.sampled_from(
                [
                    None,
                    *user.devices[-3:],
                    *others[-2:],
                    f"us-east-1_{'0' * 8}-0000-0000-0000-{'0' * 12}",
                ]
            ),
            "device",
        )

    @rule(data=st.data(), admin=st.booleans())
    def sign_in(self, data, admin):
        user = self.someone(data)
        client = data.draw(
            st.sampled_from([client for client in self.clients if client.pool is user.pool]),
            "client",
        )
        password = self.mostly(data, user.password, PASSWORDS, "password")
        device = self.a_device(data, user)
        known = {"DEVICE_KEY": device if isinstance(device, str) else device.key} if device else {}
        given = {"USERNAME": user.name, "PASSWORD": password, **known, **client.proof(user.name)}
        if admin:
            answer = self.call(
                "admin_initiate_auth",
                UserPoolId=user.pool.id,
                ClientId=client.id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters=given,
            )
        else:
            answer = self.call(
                "initiate_auth",
                ClientId=client.id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters=given,
            )
        expected = REJECTED
        if (
            user.exists
            and user.enabled
            and user.status != "UNCONFIRMED"
            and not user.passwords.is_locked(self.now)
        ):
            if password == user.password:
                expected = self.after_password(user, client, device)
                if expected != REJECTED:
                    user.passwords.number = 0
            else:
                user.passwords.add(self.now)
        self.expect(expected, answer)
        self.take(answer, user, client, device, next(self.attempts))

    @rule(data=st.data())
    def begin_srp(self, data):
        user = self.someone(data)
        client = data.draw(
            st.sampled_from([client for client in self.clients if client.pool is user.pool]),
            "client",
        )
        password = self.mostly(data, user.password, PASSWORDS, "password")
        device = self.a_device(data, user)
        prover = AWSSRP(user.name, password, user.pool.id, client.id, client=object())
        known = {"DEVICE_KEY": device if isinstance(device, str) else device.key} if device else {}
        given = {
            "USERNAME": user.name,
            "SRP_A": long_to_hex(prover.large_a_value),
            **known,
            **client.proof(user.name),
        }
        answer = self.call(
            "initiate_auth", ClientId=client.id, AuthFlow="USER_SRP_AUTH", AuthParameters=given
        )
        usable = (user.exists and user.enabled) or (not user.exists and client is self.clients[2])
        self.expect(PASSWORD_VERIFIER if usable else REJECTED, answer)
        if answer is not None:
            # This asks for the old password: a new one makes the challenge worthless.
            whose = user if user.exists else None
            expires = self.now + client.session_seconds
            proof = Pending(
                whose,
                client,
                next(self.attempts),
                PASSWORD_VERIFIER,
                expires,
                None,
                device,
                prover=prover,
                asked=answer["ChallengeParameters"],
            )
            proof.right = user.exists and password == user.password
            self.pending.append(proof)

    @rule(data=st.data(), with_password=st.booleans())
    def begin_custom(self, data, with_password):
        user = self.someone(data)
        client = data.draw(
            st.sampled_from([client for client in self.clients if client.pool is user.pool]),
            "client",
        )
        password = self.mostly(data, user.password, PASSWORDS, "password")
        device = self.a_device(data, user)
        prover = AWSSRP(user.name, password, user.pool.id, client.id, client=object())
        given = {"USERNAME": user.name, **client.proof(user.name)}
        given |= {"DEVICE_KEY": device if isinstance(device, str) else device.key} if device else {}
        if with_password:
            given |= {"CHALLENGE_NAME": "SRP_A", "SRP_A": long_to_hex(prover.large_a_value)}
        answer = self.call(
            "initiate_auth", ClientId=client.id, AuthFlow="CUSTOM_AUTH", AuthParameters=given
        )
        ready = user.exists and user.enabled and user.status != "UNCONFIRMED"
        usable = ready or (not user.exists and client is self.clients[2])
        asked = PASSWORD_VERIFIER if with_password else CUSTOM
        self.expect(asked if usable else REJECTED, answer)
        whose = user if user.exists else None
        self.take(answer, whose, client, device, next(self.attempts), custom=0)
        if answer is not None and with_password:
            self.pending[-1].prover = prover
            self.pending[-1].right = user.exists and password == user.password

    @precondition(lambda self: any(p.expects == CUSTOM for p in self.pending))
    @rule(data=st.data(), whose=st.sampled_from(["right", "right", "wrong", "another's"]))
    def answer_custom(self, data, whose):
        """The functions ask three times, and each answer ends the session it's given with."""
        pending = self.a_pending(data, CUSTOM)
        client, user = self.stranger(data, pending)
        others = [other.code for other in self.pending if other.code and other is not pending]
        code = {"right": pending.code, "wrong": "wrong", "another's": (others or ["no"])[-1]}[whose]
        device, expected = pending.device, REJECTED
        mine = self.is_theirs(pending, client, user)
        if mine and code == pending.code:
            pending.issued = True
            if not isinstance(device, str):
                expected = self.tokens(pending.user, device)
                if expected == TOKENS and device is not None and device.remembered:
                    expected = DEVICE_SRP
        elif mine:
            pending.custom += 1
            expected = CUSTOM if pending.custom < 3 else REJECTED
        self.respond(pending, client, user, CUSTOM, expected, device, ANSWER=code)
        if mine:
            pending.used = True

    @rule(data=st.data(), preferred=st.sampled_from([None, BY_PASSWORD, MAILED, TEXTED, PASSKEY]))
    def begin_choice(self, data, preferred):
        user = self.someone(data)
        client = data.draw(
            st.sampled_from([client for client in self.clients if client.pool is user.pool]),
            "client",
        )
        password = self.mostly(data, user.password, PASSWORDS, "password")
        device = self.a_device(data, user)
        given = {"USERNAME": user.name, "PASSWORD": password, **client.proof(user.name)}
        given |= {"PREFERRED_CHALLENGE": preferred} if preferred else {}
        given |= {"DEVICE_KEY": device if isinstance(device, str) else device.key} if device else {}
        answer = self.call(
            "initiate_auth", ClientId=client.id, AuthFlow="USER_AUTH", AuthParameters=given
        )
        offered = self.first_factors_of(user)
        expected = self.begun(user, client, device, preferred, password)
        self.expect(expected, answer)
        whose = user if user.exists else None
        # Otherwise the code is a second factor, after a right password.
        by_password = preferred == BY_PASSWORD and BY_PASSWORD in offered
        is_first = expected in (MAILED, TEXTED) and not by_password
        self.take(answer, whose, client, device, next(self.attempts), is_first)

    def begun(self, user, client, device, preferred, password):
        if not user.exists:
            if client is not self.clients[2] or preferred == BY_PASSWORD:
                return REJECTED
            return preferred if preferred in (MAILED, TEXTED) else CHOICE
        offered = self.first_factors_of(user)
        if not user.enabled or not offered:
            return REJECTED
        if user.status == "UNCONFIRMED" and preferred == BY_PASSWORD:
            return REJECTED
        if preferred not in offered and len(offered) == 1:
            preferred = offered[0]
        if preferred == BY_PASSWORD and preferred in offered:
            return self.judged(user, client, device, password)
        return preferred if preferred in offered else CHOICE

    def judged(self, user, client, device, password):
        """What comes after a password that may be wrong."""
        if user.passwords.is_locked(self.now):
            return REJECTED
        if password != user.password:
            user.passwords.add(self.now)
            return REJECTED
        expected = self.after_password(user, client, device)
        if expected != REJECTED:
            user.passwords.number = 0
        return expected

    # All steps right, except what earlier calls left wrong; three rules, so that it happens often.

    @rule(data=st.data())
    def signs_in_by_password(self, data):
        self.straight = True
        self.sign_in(data, admin=False)
        self.go_on(data)

    @rule(data=st.data())
    def signs_in_at_the_server(self, data):
        self.straight = True
        self.sign_in(data, admin=True)
        self.go_on(data)

    @rule(data=st.data(), preferred=st.sampled_from([None, MAILED, TEXTED, PASSKEY]))
    def signs_in_by_choice(self, data, preferred):
        self.straight = True
        self.begin_choice(data, preferred=preferred)
        self.go_on(data)

    @rule(data=st.data(), with_password=st.booleans())
    def signs_in_by_custom_challenge(self, data, with_password):
        self.straight = True
        self.begin_custom(data, with_password=with_password)
        self.go_on(data)

    @rule(data=st.data())
    def signs_in_by_srp(self, data):
        self.straight = True
        self.begin_srp(data)
        self.go_on(data)

    @rule(data=st.data())
    def go_on(self, data):
        """Respond rightly to each challenge, until there are tokens."""
        self.straight = True
        answers = {
            PASSWORD_VERIFIER: lambda: self.finish_srp(data, with_key=True),
            NEW_PASSWORD: lambda: self.answer_with_new_password(
                data, password=data.draw(st.sampled_from(PASSWORDS))
            ),
            MFA_SETUP: lambda: self.associate(data),
            OFFERED: lambda: self.verify(data, right=True),
            VERIFIED: lambda: self.answer_setup(data),
            CODE: lambda: self.answer_with_code(data, whose="right"),
            MAILED: lambda: self.answer_with_mail(data, whose="right"),
            TEXTED_SECOND: lambda: self.answer_with_second_text(data, whose="right"),
            TEXTED: lambda: self.answer_with_text(data, whose="right"),
            SELECT: lambda: self.choose(data),
            CHOICE: lambda: self.choose_first(data, directly=False),
            PASSKEY: lambda: self.answer_with_passkey(data, whose="right"),
            CUSTOM: lambda: self.answer_custom(data, whose="right"),
            DEVICE_SRP: lambda: self.begin_device(data, right=True),
            DEVICE_PROOF: lambda: self.finish_device(data),
        }
        for _ in range(8):
            if not self.pending or not self.pending[-1].is_live(self.now):
                break
            if self.pending[-1].expects not in answers or self.pending[-1].user is None:
                break
            answers[self.pending[-1].expects]()
        if self.accesses and data.draw(MOSTLY, "confirm the device"):
            self.confirm_device(data)
        self.straight = False

    # Rules: responding

    def a_pending(self, data, *expects):
        wanted = [pending for pending in self.pending if pending.expects in expects]
        if self.straight:
            return wanted[-1]
        live = [pending for pending in wanted if pending.is_live(self.now)]
        return data.draw(
            st.sampled_from(live[-3:] if live and data.draw(MOSTLY, "live") else wanted[-12:]),
            "step",
        )

    def stranger(self, data, pending):
        """The client and user of a response: mostly the right ones."""
        user = pending.user or self.users[0]
        client = self.mostly(data, pending.client, self.clients, "client")
        others = [other for other in self.users if other.exists]
        return client, self.mostly(data, user, others, "user name")

    def is_theirs(self, pending, client, user):
        """Whether this step of a sign-in accepts a response in the name of `user`, through
        `client`.
        """
        named = self.named(user, client.pool)
        return (
            pending.is_live(self.now)
            and client is pending.client
            and named is not None
            and named is pending.user
            and named.enabled
        )

    def respond(
        self, pending, client, user, challenge, expected, device, is_first=False, **responses
    ):
        """Respond to a challenge and check the result against the expectation; an answered step is
        used up.
        """
        session = {"Session": pending.session} if pending.session else {}
        given = {"USERNAME": user.name, **client.proof(user.name), **responses}
        request = {
            "ClientId": client.id,
            "ChallengeName": challenge,
            **session,
            "ChallengeResponses": given,
        }
        answer = self.call("respond_to_auth_challenge", **request)
        self.expect(expected, answer)
        if answer is not None:
            pending.used = True
            self.answered.append(("respond_to_auth_challenge", request))
            self.counted[f"{challenge} -> {expected}"] += 1
            before = len(self.pending)
            self.take(
                answer, pending.user, client, device, pending.attempt, is_first, pending.custom
            )
            for later in self.pending[before:]:
                later.issued = pending.issued

    @precondition(lambda self: any(p.expects == CODE for p in self.pending))
    @rule(data=st.data(), whose=st.sampled_from(["right", "right", "right", "wrong", "another's"]))
    def answer_with_code(self, data, whose):
        pending = self.a_pending(data, CODE)
        client, user = self.stranger(data, pending)
        others = [other.totp for other in self.users if other.totp and other is not pending.user]
        secret = (others or [None])[0] if whose == "another's" else pending.user.totp
        code, step = (
            self.valid_code(secret, data)
            if secret and whose != "wrong"
            else ("not a code"[:6], None)
        )
        expected = REJECTED
        factors = pending.user.factors
        if self.is_theirs(pending, client, user) and not factors.is_locked(self.now):
            if secret != pending.user.totp or step is None:
                factors.add(self.now)
            elif step not in pending.user.used_steps:
                expected = self.done(pending)
        self.respond(
            pending, client, user, CODE, expected, pending.device, SOFTWARE_TOKEN_MFA_CODE=code
        )
        if expected != REJECTED:
            pending.user.used_steps.add(step)
            factors.number = 0

    @precondition(lambda self: any(p.expects == MAILED for p in self.pending))
    @rule(data=st.data(), whose=st.sampled_from(["right", "right", "right", "wrong", "another's"]))
    def answer_with_mail(self, data, whose):
        self.answer_with_code_sent(data, MAILED, whose)

    @precondition(lambda self: any(p.expects == TEXTED_SECOND for p in self.pending))
    @rule(data=st.data(), whose=st.sampled_from(["right", "right", "right", "wrong", "another's"]))
    def answer_with_second_text(self, data, whose):
        self.answer_with_code_sent(data, TEXTED_SECOND, whose)

    def answer_with_code_sent(self, data, name, whose):
        pending = self.a_pending(data, name)
        client, user = self.stranger(data, pending)
        others = [other.code for other in self.pending if other.code and other is not pending]
        right = pending.code or "none"
        code = {"right": right, "wrong": "wrong", "another's": (others or ["no"])[-1]}[whose]
        owner, expected = pending.user, REJECTED
        if pending.is_first or owner is None:
            self.answer_with_first_code(pending, client, user, code)
            return
        if self.is_theirs(pending, client, user) and not owner.factors.is_locked(self.now):
            if code == pending.code:
                expected = self.done(pending)
            else:
                owner.factors.add(self.now)
        given = {f"{name}_CODE": code}
        self.respond(pending, client, user, name, expected, pending.device, **given)
        if expected != REJECTED:
            owner.factors.number = 0
            if owner.pool.mfa_always and not owner.listed and owner.totp is None:
                owner.listed, owner.automatic = {name}, name

    @precondition(lambda self: any(p.expects == TEXTED for p in self.pending))
    @rule(data=st.data(), whose=st.sampled_from(["right", "right", "wrong", "another's"]))
    def answer_with_text(self, data, whose):
        pending = self.a_pending(data, TEXTED)
        client, user = self.stranger(data, pending)
        others = [other.code for other in self.pending if other.code and other is not pending]
        right = pending.code or "none"
        code = {"right": right, "wrong": "wrong", "another's": (others or ["no"])[-1]}[whose]
        self.answer_with_first_code(pending, client, user, code)

    def answer_with_first_code(self, pending, client, user, code):
        """As a first factor it has no lock, and confirms the user."""
        owner, name, expected = pending.user, pending.expects, REJECTED
        if self.is_theirs(pending, client, user) and name in self.first_factors_of(owner):
            if code == pending.code:
                expected = TOKENS
            else:
                pending.mistakes += 1
                if pending.mistakes == 20:
                    pending.expires = self.now
        # A device that's named is not asked, and not the sign-in's.
        self.respond(pending, client, user, name, expected, None, **{f"{name}_CODE": code})
        if expected == TOKENS:
            self.counted["first code -> tokens"] += 1
            owner.status = "CONFIRMED"

    @precondition(lambda self: self.accesses)
    @rule(data=st.data(), right=MOSTLY)
    def register_passkey(self, data, right):
        """Anyone with an access token may register a passkey, by the challenge they were sent."""
        access = data.draw(st.sampled_from(self.accesses[-6:]), "access token")
        user = access.of.user
        here = user.pool is self.clients[2].pool
        good = self.is_good(access) and here and len(user.passkeys) < 20
        answer = self.call("start_web_authn_registration", AccessToken=access.token)
        self.expect("done" if good else REJECTED, answer)
        if not good:
            return
        options, device = answer["CredentialCreationOptions"], SoftwareAuthenticator()
        credential = device.create(options if right else options | {"challenge": "AAAA"})
        request = {"AccessToken": access.token, "Credential": credential}
        answer = self.call("complete_web_authn_registration", **request)
        self.expect("done" if right else REJECTED, answer)
        if right:
            self.counted["passkeys"] += 1
            user.passkeys.append(device)
            self.answered.append(("complete_web_authn_registration", request))

    @precondition(lambda self: any(p.expects == PASSKEY for p in self.pending))
    @rule(data=st.data(), whose=st.sampled_from(["right", "right", "another's", "replayed"]))
    def answer_with_passkey(self, data, whose):
        pending = self.a_pending(data, PASSKEY)
        client, user = self.stranger(data, pending)
        owner, expected = pending.user, REJECTED
        others = [key for other in self.users if other is not owner for key in other.passkeys]
        own = owner.passkeys[-1]
        device = own if whose != "another's" else (others or [SoftwareAuthenticator()])[-1]
        options = json.loads(pending.asked["CREDENTIAL_REQUEST_OPTIONS"])
        credential = device.get(options)
        if whose == "replayed" and owner in self.signed:
            credential = self.signed[owner]
        mine = self.is_theirs(pending, client, user) and PASSKEY in self.first_factors_of(owner)
        right = device is own and credential is not self.signed.get(owner)
        if mine and right:
            expected = TOKENS
        given = {"CREDENTIAL": json.dumps(credential)}
        self.respond(pending, client, user, PASSKEY, expected, None, **given)
        if mine and not right:
            pending.used = True
        if expected == TOKENS:
            self.signed[owner] = credential

    @precondition(lambda self: any(p.expects == CHOICE for p in self.pending))
    @rule(data=st.data(), directly=st.booleans())
    def choose_first(self, data, directly):
        pending = self.a_pending(data, CHOICE)
        client, user = self.stranger(data, pending)
        owner, expected = pending.user, REJECTED
        each = [BY_PASSWORD, BY_SRP] + [MAILED, TEXTED, PASSKEY] * (not directly)
        chosen = data.draw(st.sampled_from(each), "choice")
        password = self.mostly(data, owner.password if owner else "x", PASSWORDS, "password")
        spent = False
        if self.is_theirs(pending, client, user) and chosen in self.first_factors_of(owner):
            expected = chosen
            if chosen == BY_PASSWORD:
                # A wrong password, or one during a lock, spends the session.
                spent = password != owner.password or owner.passwords.is_locked(self.now)
                expected = self.judged(owner, client, pending.device, password)
            if chosen == BY_SRP:
                expected = PASSWORD_VERIFIER
        prover = AWSSRP(user.name, password, client.pool.id, client.id, client=object())
        given = {"PASSWORD": password, "SRP_A": long_to_hex(prover.large_a_value)}
        given |= {} if directly else {"ANSWER": chosen}
        name = chosen if directly else CHOICE
        is_first = expected == chosen and chosen in (MAILED, TEXTED)
        self.respond(pending, client, user, name, expected, pending.device, is_first, **given)
        if expected == PASSWORD_VERIFIER:
            begun = self.pending[-1]
            begun.prover, begun.right, begun.once = prover, password == owner.password, True
        if spent:
            pending.used = True

    @precondition(lambda self: any(p.expects == SELECT for p in self.pending))
    @rule(data=st.data())
    def choose(self, data):
        pending = self.a_pending(data, SELECT)
        client, user = self.stranger(data, pending)
        either = data.draw(st.sampled_from([CODE, MAILED, TEXTED_SECOND]), "factor")
        chosen = self.mostly(data, either, ["EMAIL_MFA"], "choice")
        good = self.is_theirs(pending, client, user) and chosen in self.factors_of(pending.user)
        expected = chosen if good else REJECTED
        self.respond(pending, client, user, SELECT, expected, pending.device, ANSWER=chosen)

    @precondition(lambda self: any(p.expects == NEW_PASSWORD for p in self.pending))
    @rule(data=st.data(), password=st.sampled_from([*PASSWORDS, "too short"]))
    def answer_with_new_password(self, data, password):
        pending = self.a_pending(data, NEW_PASSWORD)
        client, user = self.stranger(data, pending)
        expected = REJECTED
        if (
            self.is_theirs(pending, client, user)
            and password in PASSWORDS
            and self.now < pending.user.temporary_until
        ):
            changed = pending.user.status
            pending.user.status = "CONFIRMED"
            expected = self.after_proof(pending, client, pending.device)
            if expected == REJECTED:
                pending.user.status = changed
        if expected != REJECTED:
            owner = pending.user
            owner.password, owner.temporary_until = password, float("inf")
            self.end_sessions(owner)
        self.respond(
            pending, client, user, NEW_PASSWORD, expected, pending.device, NEW_PASSWORD=password
        )

    @precondition(lambda self: any(p.expects in (MFA_SETUP, OFFERED) for p in self.pending))
    @rule(data=st.data())
    def associate(self, data):
        pending = self.a_pending(data, MFA_SETUP, OFFERED)
        owner = pending.user
        good = (
            pending.is_live(self.now)
            and owner.exists
            and owner.enabled
            and not (owner.totp or self.factors_of(owner))
        )
        answer = self.call("associate_software_token", Session=pending.session)
        self.expect("done" if good else REJECTED, answer)
        if good:
            pending.used = True
            self.answered.append(("associate_software_token", {"Session": pending.session}))
            self.next_stage(pending, answer, OFFERED)
            self.pending[-1].offered = answer["SecretCode"]

    @precondition(lambda self: any(p.expects in (MFA_SETUP, OFFERED) for p in self.pending))
    @rule(data=st.data(), right=MOSTLY)
    def verify(self, data, right):
        pending = self.a_pending(data, MFA_SETUP, OFFERED)
        owner = pending.user
        # Also the code of a secret that another session was offered.
        offers = [other.offered for other in self.pending if other.offered]
        secret = self.mostly(data, pending.offered, offers, "secret")
        code, step = (
            self.valid_code(secret, data) if right and secret else (self.no_code(pending), None)
        )
        good = (
            pending.is_live(self.now)
            and pending.expects == OFFERED
            and owner.exists
            and owner.enabled
            and not (owner.totp or self.factors_of(owner))
            and not owner.factors.is_locked(self.now)
        )
        if good and (step is None or secret != pending.offered):
            owner.factors.add(self.now)
            good = False
        request = {"Session": pending.session, "UserCode": code}
        answer = self.call("verify_software_token", **request)
        self.expect("done" if good else REJECTED, answer)
        if good:
            pending.used, owner.factors.number = True, 0
            owner.totp, owner.used_steps = pending.offered, {step}
            self.answered.append(("verify_software_token", request))
            self.next_stage(pending, answer, VERIFIED)

    def next_stage(self, pending, answer, expects):
        expires = self.now + pending.client.session_seconds
        self.pending.append(
            Pending(
                pending.user,
                pending.client,
                pending.attempt,
                expects,
                expires,
                answer["Session"],
                pending.device,
                custom=pending.custom,
            )
        )

    @precondition(
        lambda self: any(p.expects in (MFA_SETUP, OFFERED, VERIFIED) for p in self.pending)
    )
    @rule(data=st.data())
    def answer_setup(self, data):
        pending = self.a_pending(
            data,
            VERIFIED if any(p.expects == VERIFIED for p in self.pending) else OFFERED,
            MFA_SETUP,
        )
        client, user = self.stranger(data, pending)
        good = self.is_theirs(pending, client, user) and pending.expects == VERIFIED
        expected = self.done(pending) if good else REJECTED
        self.respond(pending, client, user, MFA_SETUP, expected, pending.device)

    @precondition(lambda self: self.accesses)
    @rule(data=st.data(), right=MOSTLY)
    def another_app(self, data, right):
        """Anyone with an access token may replace the authenticator."""
        access = data.draw(st.sampled_from(self.accesses[-6:]), "access token")
        good = self.is_good(access)
        offered = self.call("associate_software_token", AccessToken=access.token)
        self.expect("done" if good else REJECTED, offered)
        if not good:
            return
        secret = access.of.offered = offered["SecretCode"]
        self.verify_by_token(data, right, access, secret)

    @precondition(lambda self: any(access.of.offered for access in self.accesses))
    @rule(data=st.data(), right=MOSTLY)
    def another_token(self, data, right):
        """Only the sign-in that asked for a secret can verify it."""
        offers = [access.of.offered for access in self.accesses if access.of.offered]
        access = data.draw(st.sampled_from(self.accesses[-6:]), "access token")
        self.verify_by_token(data, right, access, data.draw(st.sampled_from(offers), "secret"))

    def verify_by_token(self, data, right, access, secret):
        owner = access.of.user
        code, step = self.valid_code(secret, data) if right else (self.no_code(access.of), None)
        good = self.is_good(access) and access.of.offered and not owner.factors.is_locked(self.now)
        if good and (step is None or secret != access.of.offered):
            owner.factors.add(self.now)
            good = False
        self.expect(
            "done" if good else REJECTED,
            self.call("verify_software_token", AccessToken=access.token, UserCode=code),
        )
        if good:
            owner.totp, owner.used_steps, owner.factors.number = secret, {step}, 0
            access.of.offered = None

    @precondition(lambda self: any(p.expects == PASSWORD_VERIFIER for p in self.pending))
    @rule(data=st.data(), with_key=MOSTLY)
    def finish_srp(self, data, with_key):
        pending = self.a_pending(data, PASSWORD_VERIFIER)
        client, user = self.stranger(data, pending)
        made = pending.prover.process_challenge(pending.asked, {"USERNAME": user.name})
        del made["USERNAME"]
        device = pending.device
        known = (
            {"DEVICE_KEY": device if isinstance(device, str) else device.key}
            if device and with_key
            else {}
        )
        expected = REJECTED
        mine = self.is_theirs(pending, client, user) and user.status != "UNCONFIRMED"
        if mine:
            owner = pending.user
            if not with_key and (
                isinstance(device, str)
                or (device is not None and not (device in owner.devices and device.confirmed))
            ):
                device = None
            if owner.passwords.is_locked(self.now):
                pass
            elif pending.right:
                expected = self.after_proof(pending, client, device)
                if expected != REJECTED:
                    owner.passwords.number = 0
            else:
                owner.passwords.add(self.now)
        self.respond(pending, client, user, PASSWORD_VERIFIER, expected, device, **made, **known)
        if mine and pending.once and not pending.right:
            pending.used = True

    # Rules: devices

    @precondition(lambda self: self.accesses)
    @rule(data=st.data())
    def confirm_device(self, data):
        access = (
            self.accesses[-1]
            if self.straight
            else data.draw(st.sampled_from(self.accesses[-6:]), "access token")
        )
        device = access.of.device
        if device is None:
            return
        made, config = new_device(device.offer)
        good = self.is_good(access) and device.known and device.device is None
        answer = self.call(
            "confirm_device",
            AccessToken=access.token,
            DeviceKey=device.key,
            DeviceSecretVerifierConfig=config,
        )
        self.expect("done" if good else REJECTED, answer)
        if good:
            device.device, device.remembered = made, access.of.user.pool.remembers_unasked

    @precondition(lambda self: self.accesses)
    @rule(data=st.data(), remembered=MOSTLY)
    def remember_device(self, data, remembered):
        access = data.draw(st.sampled_from(self.accesses[-6:]), "access token")
        device = self.a_device(data, access.of.user)
        if not isinstance(device, DeviceModel):
            return
        good = self.is_good(access) and device in access.of.user.devices and device.confirmed
        status = "remembered" if remembered else "not_remembered"
        self.expect(
            "done" if good else REJECTED,
            self.call(
                "update_device_status",
                AccessToken=access.token,
                DeviceKey=device.key,
                DeviceRememberedStatus=status,
            ),
        )
        if good:
            device.remembered = remembered

    @precondition(lambda self: self.accesses)
    @rule(data=st.data(), really=RARELY)
    def forget_device(self, data, really):
        access = data.draw(st.sampled_from(self.accesses[-6:]), "access token")
        device = self.a_device(data, access.of.user)
        if not really or not isinstance(device, DeviceModel):
            return
        good = self.is_good(access) and device in access.of.user.devices and device.confirmed
        self.expect(
            "done" if good else REJECTED,
            self.call("forget_device", AccessToken=access.token, DeviceKey=device.key),
        )
        if good:
            device.known = False

    @precondition(lambda self: any(p.expects == DEVICE_SRP for p in self.pending))
    @rule(data=st.data(), right=MOSTLY)
    def begin_device(self, data, right):
        pending = self.a_pending(data, DEVICE_SRP)
        client, user = self.stranger(data, pending)
        device = pending.device
        known = device if right else new_device(device.offer)[0]
        prover = DeviceProof(known.device if right else known)
        first = prover.first_answer(user.name)
        del first["USERNAME"]
        good = self.is_theirs(pending, client, user) and device.confirmed
        before = len(self.pending)
        self.respond(
            pending, client, user, DEVICE_SRP, DEVICE_PROOF if good else REJECTED, device, **first
        )
        if len(self.pending) > before:
            self.pending[-1].prover, self.pending[-1].right = prover, right

    @precondition(lambda self: any(p.expects == DEVICE_PROOF for p in self.pending))
    @rule(data=st.data())
    def finish_device(self, data):
        pending = self.a_pending(data, DEVICE_PROOF)
        client, user = self.stranger(data, pending)
        made = pending.prover.second_answer(pending.asked)
        made.pop("USERNAME")
        device, expected = pending.device, REJECTED
        factors = pending.user.factors
        if (
            self.is_theirs(pending, client, user)
            and device.confirmed
            and not factors.is_locked(self.now)
        ):
            if device.remembered and pending.right:
                factors.number = 0
                replaces = client.pool.device_replaces_code
                # In CUSTOM_AUTH a second factor would have come before.
                is_last = replaces or pending.issued
                expected = TOKENS if is_last else self.second_factor(pending.user, client, device)
            else:
                factors.add(self.now)
        self.respond(pending, client, user, DEVICE_PROOF, expected, device, **made)

    # Rules: replays

    @precondition(lambda self: self.answered)
    @rule(data=st.data())
    def replay(self, data):
        """What was accepted once is never accepted again."""
        operation, request = data.draw(st.sampled_from(self.answered[-20:]), "answered")
        self.counted["replays"] += 1
        self.expect(REJECTED, self.call(operation, **request))

    @precondition(lambda self: self.refreshes)
    @rule(data=st.data(), rotating=st.booleans(), with_device=MOSTLY)
    def refresh(self, data, rotating, with_device):
        refresh = data.draw(st.sampled_from(self.refreshes[-6:]), "refresh token")
        client = self.mostly(data, refresh.of.client, self.clients, "client")
        done = refresh.of
        device = done.device.key if done.device and with_device else None
        if rotating:
            secret = {"ClientSecret": client.secret} if client.secret else {}
            key = {"DeviceKey": device} if device else {}
            answer = self.call(
                "get_tokens_from_refresh_token",
                ClientId=client.id,
                RefreshToken=refresh.token,
                **secret,
                **key,
            )
        else:
            key = {"DEVICE_KEY": device} if device else {}
            given = {"REFRESH_TOKEN": refresh.token, **key, **client.proof(done.user.name)}
            answer = self.call(
                "initiate_auth",
                ClientId=client.id,
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters=given,
            )
        good = (
            client is done.client
            and (rotating or not client.rotates)
            and done.user.exists
            and done.user.enabled
            and not done.revoked
            and self.now
            < min(refresh.expires, refresh.replaced + ROTATION["RetryGracePeriodSeconds"])
            and (done.device is None or (with_device and done.device.confirmed))
        )
        self.expect(TOKENS if good else REJECTED, answer)
        if good:
            self.counted["refreshed"] += 1
            if client.rotates:
                refresh.replaced = min(refresh.replaced, self.now)
            self.keep(answer["AuthenticationResult"], done, refresh.expires)

    @precondition(lambda self: self.refreshes)
    @rule(data=st.data())
    def revoke(self, data):
        refresh = data.draw(st.sampled_from(self.refreshes[-6:]), "refresh token")
        client = self.mostly(data, refresh.of.client, self.clients, "client")
        secret = {"ClientSecret": client.secret} if client.secret else {}
        self.expect(
            "done", self.call("revoke_token", ClientId=client.id, Token=refresh.token, **secret)
        )
        if client is refresh.of.client and refresh.of.user.exists:
            refresh.of.revoked = True

    def is_good(self, access):
        owner = access.of.user
        return (
            owner.exists and owner.enabled and not access.of.revoked and self.now < access.expires
        )

    @precondition(lambda self: self.accesses)
    @rule(data=st.data())
    def use_token(self, data):
        access = data.draw(st.sampled_from(self.accesses[-20:]), "access token")
        answer = self.call("get_user", AccessToken=access.token)
        self.expect("done" if self.is_good(access) else REJECTED, answer)
        assert answer is None or answer["Username"] == access.of.user.name


# Every path the model knows, to notice a run that never took one
WAYS = [
    f"{PASSWORD_VERIFIER} -> {CODE}",
    f"{PASSWORD_VERIFIER} -> {TOKENS}",
    f"{MFA_SETUP} -> {TOKENS}",
    f"{CODE} -> {TOKENS}",
    f"{PASSWORD_VERIFIER} -> {MAILED}",
    f"{SELECT} -> {CODE}",
    f"{SELECT} -> {MAILED}",
    f"{MAILED} -> {TOKENS}",
    f"{TEXTED_SECOND} -> {TOKENS}",
    f"{CHOICE} -> {MAILED}",
    f"{CHOICE} -> {TEXTED}",
    f"{TEXTED} -> {TOKENS}",
    f"{CHOICE} -> {TOKENS}",
    "first code -> tokens",
    f"{PASSKEY} -> {TOKENS}",
    f"{CHOICE} -> {PASSKEY}",
    "signed up -> tokens",
    f"{CUSTOM} -> {TOKENS}",
    f"{CUSTOM} -> {CUSTOM}",
    f"{PASSWORD_VERIFIER} -> {CUSTOM}",
    f"{CODE} -> {CUSTOM}",
    f"{CHOICE} -> {PASSWORD_VERIFIER}",
    f"{NEW_PASSWORD} -> {MFA_SETUP}",
    f"{DEVICE_SRP} -> {DEVICE_PROOF}",
    f"{DEVICE_PROOF} -> {TOKENS}",
    "refreshed",
    "replays",
]


def test_tokens_come_exactly_after_the_required_proof(
    frozen, quick_keys, switchboard, shared_client, monkeypatch, size, figures
):
    # pycognito's own mathematics, by the emulator's faster powers
    monkeypatch.setattr("pycognito.aws_srp.pow", lambda *of: int(srp.powmod(*of)), raising=False)
    SignIns.aws, SignIns.switchboard, SignIns.counted = shared_client, switchboard, Counter()
    runs = settings(
        max_examples=size(15, 400),
        stateful_step_count=size(50, 100),
        derandomize=size(True, False),
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(SignIns, settings=runs)
    counted = SignIns.counted
    missed = [way for way in WAYS if not counted[way]]
    assert not missed or not size(False, True), f"no run took these ways: {missed}"
    ways = {way: number for way, number in counted.items() if "->" in way}
    figures(
        f"No token without proof: {counted['calls']} calls; tokens {counted[TOKENS]} times,"
        f" {counted['refreshed']} of them by a refresh token; {counted['errors']} errors,"
        f" {counted['replays']} of them of replays; {len(ways)} ways from challenge to challenge."
    )


@pytest.fixture(autouse=True)
def forget():
    yield
    SignIns.aws = SignIns.switchboard = None
