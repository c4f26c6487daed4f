"""A pool of the emulator with one user, and the calls a learner makes, one method each."""

import base64
import hashlib
import hmac
import json
import re
from contextlib import contextmanager

import pyotp
import pytest
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP, long_to_hex

from cognito_helpers.local_cognito.endpoint import Endpoint
from cognito_helpers.sign_in.device import DeviceProof, new_device

from .remote import RemoteCognito, only_here

# By the frozen clock a time step of 30 seconds begins at NOW. An authenticator's codes change every
# 30 seconds from there.
NOW = 1_800_000_000.0
STEP = 30
MINUTE, HOUR, DAY = 60, 3600, 86400

USERNAME, PASSWORD, WRONG_PASSWORD = "alice", "Correct-Horse-7", "Wrong-Horse-7"
# Amazon's mailbox simulator accepts every message. At AWS an email to an invented address would
# bounce, which counts against its sender.
EMAIL, OTHER_EMAIL = "success+alice@simulator.amazonses.com", "success+bob@simulator.amazonses.com"
# As a user is told where a code was sent
MASKED = "s***@s***"
TUTORIAL_FLOWS = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]
PLANES = ["user", "admin"]
PASSWORD_FLOW = {"user": "USER_PASSWORD_AUTH", "admin": "ADMIN_USER_PASSWORD_AUTH"}
# What SetUserPoolMfaConfig takes for each factor, and what else email needs
SMS = {
    "SmsConfiguration": {
        "SnsCallerArn": "arn:aws:iam::123456789012:role/sms",
        "ExternalId": "tutorial",
        "SnsRegion": "us-east-1",
    }
}
APPS = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
TEXTS = {"SmsMfaConfiguration": SMS}
EMAILS = {"EmailMfaConfiguration": {"Message": "Your code: {####}", "Subject": "Code"}}
ALL_FACTORS = APPS | TEXTS | EMAILS
SENDER = "arn:aws:ses:us-east-1:123456789012:identity/example.com"
OWN_SENDER = {"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": SENDER}}
TRACKING = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}


class Flow:
    """The tutorial's pool and its app client by default, and what the user holds.

    `pool` and `client` are settings to add or change; one that is None is left out. `mfa` is OFF,
    OPTIONAL or ON, with the settings of `factors`: authenticator apps by default.
    """

    def __init__(
        self, emulator, aws, *, mfa="ON", pool=(), client=(), username=USERNAME, factors=None
    ):
        self.emulator, self.aws = emulator, aws
        self.elsewhere = isinstance(emulator, RemoteCognito)
        self.mails = not self.elsewhere or emulator.mails
        self.username, self.password, self.plane = username, PASSWORD, "user"
        self.session = self.totp_secret = self.tokens = self.offer = self.device = None
        factors = factors or APPS
        settings = POOL if self.mails else POOL | SILENT
        if "EmailMfaConfiguration" in factors:
            settings = settings | OWN_SENDER
        self.pool = self._made("create_user_pool", "UserPool", settings, pool)
        self.pool_id = self.pool["Id"]
        self.pool_asks_for_codes = mfa == "ON"
        if mfa != "OFF":
            aws.set_user_pool_mfa_config(UserPoolId=self.pool_id, MfaConfiguration=mfa, **factors)
        self.client = self._made(
            "create_user_pool_client",
            "UserPoolClient",
            CLIENT | {"UserPoolId": self.pool_id},
            client,
        )
        self.client_id, self.secret = self.client["ClientId"], self.client.get("ClientSecret")

    def _made(self, call, member, settings, changes):
        chosen = {
            name: value
            for name, value in {**settings, **dict(changes)}.items()
            if value is not None
        }
        return getattr(self.aws, call)(**chosen)[member]

    # Calls anyone can make

    def sign_up(self, username=None, password=None, **changes):
        username = username or self.username
        request = {"UserAttributes": [{"Name": "email", "Value": EMAIL}], **changes}
        return plain(
            self.aws.sign_up(
                **self._caller(username), Password=password or self.password, **request
            )
        )

    def confirm(self, code=None, username=None, **changes):
        return plain(
            self.aws.confirm_sign_up(
                **self._caller(username),
                ConfirmationCode=code or self.email_code(username),
                **changes,
            )
        )

    def resend(self, username=None):
        return plain(self.aws.resend_confirmation_code(**self._caller(username)))

    def reading_mail(self):
        """The same flow. Called before email is sent that is useless unless it can be read."""
        if self.elsewhere:
            only_here("the mail that was sent")
        return self

    def email_code(self, username=None):
        return self.emulator.inbox(username or self.username)[-1].code

    def sign_in(self, password=None, username=None, plane=None, flow=None, **parameters):
        username = username or self.username
        return self.initiate(
            flow,
            plane,
            **{
                "USERNAME": username,
                "PASSWORD": password or self.password,
                **self.proof(username),
                **parameters,
            },
        )

    def initiate(self, flow=None, plane=None, **parameters):
        """InitiateAuth or AdminInitiateAuth; a parameter that is None is left out."""
        plane = plane or self.plane
        call = self.aws.admin_initiate_auth if plane == "admin" else self.aws.initiate_auth
        given = {name: value for name, value in parameters.items() if value is not None}
        return self._kept(
            call(**self._plane(plane), AuthFlow=flow or PASSWORD_FLOW[plane], AuthParameters=given)
        )

    def choose(self, preferred=None, plane=None, username=None, **parameters):
        """Start USER_AUTH with the preferred factor."""
        username = username or self.username
        named = {"USERNAME": username, "PREFERRED_CHALLENGE": preferred, **self.proof(username)}
        return self.initiate("USER_AUTH", plane, **named | parameters)

    def choose_with(self, session, username=None):
        """Start USER_AUTH with the session of ConfirmSignUp."""
        given = {"USERNAME": username or self.username}
        return self._kept(
            self.aws.initiate_auth(
                ClientId=self.client_id,
                AuthFlow="USER_AUTH",
                AuthParameters=given,
                Session=session,
            )
        )

    def select(self, challenge, **responses):
        return self.answer("SELECT_CHALLENGE", ANSWER=challenge, **responses)

    def one_time_code(self, challenge, code=None, **rest):
        """The response to a challenge whose code was sent."""
        return self.answer(challenge, **{f"{challenge}_CODE": code or self.email_code()}, **rest)

    def answer(self, challenge, session=None, plane=None, **responses):
        """RespondToAuthChallenge or its Admin twin. A response that is None is left out, and so is
        the session if `session` is False.
        """
        plane = plane or self.plane
        call = (
            self.aws.admin_respond_to_auth_challenge
            if plane == "admin"
            else self.aws.respond_to_auth_challenge
        )
        given = {
            "USERNAME": self.username,
            **self.proof(responses.get("USERNAME") or self.username),
            **responses,
        }
        given = {name: value for name, value in given.items() if value is not None}
        session = self.session if session is None else session
        named = {"Session": session} if session else {}
        return self._kept(
            call(**self._plane(plane), ChallengeName=challenge, **named, ChallengeResponses=given)
        )

    def associate(self, **proof):
        answer = self._kept(
            self.aws.associate_software_token(**(proof or {"Session": self.session}))
        )
        self.totp_secret = answer["SecretCode"]
        return answer

    def verify(self, code=None, name=None, **proof):
        named = {"FriendlyDeviceName": name} if name else {}
        return self._kept(
            self.aws.verify_software_token(
                UserCode=code or self.code(), **(proof or {"Session": self.session}), **named
            )
        )

    def send_code(self, code=None, **rest):
        return self.answer(
            "SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE=code or self.code(), **rest
        )

    def srp_sign_in(self, password=None, plane=None, device_key=None, **changes):
        """All of USER_SRP_AUTH, with pycognito as the client; `changes` are made to the last
        response.
        """
        self.srp_begin(password, plane, DEVICE_KEY=device_key)
        return self.srp_finish(plane, **changes)

    def srp_begin(self, password=None, plane=None, **parameters):
        self.srp = AWSSRP(
            self.username, password or self.password, self.pool_id, self.client_id, client=object()
        )
        given = {
            "USERNAME": self.username,
            "SRP_A": long_to_hex(self.srp.large_a_value),
            **self.proof(self.username),
            **parameters,
        }
        self.session = None
        self.srp_challenge = self.initiate("USER_SRP_AUTH", plane, **given)["ChallengeParameters"]
        return self.srp_challenge

    def srp_finish(self, plane=None, **changes):
        made = self.srp.process_challenge(self.srp_challenge, {"USERNAME": self.username})
        responses = {**made, **self.proof(made["USERNAME"]), **changes}
        return self.answer("PASSWORD_VERIFIER", plane=plane, **responses)

    def confirm_device(self, offer=None, token=None, **changes):
        """ConfirmDevice for the latest new device. Keeps what only the device knows."""
        device, config = new_device(offer or self.offer)
        request = {
            "DeviceKey": device.key,
            "DeviceName": "my computer",
            "DeviceSecretVerifierConfig": config,
            **changes,
        }
        given = {name: value for name, value in request.items() if value is not None}
        answer = plain(
            self.aws.confirm_device(AccessToken=token or self.tokens["AccessToken"], **given)
        )
        self.device = device
        return answer

    def device_sign_in(self, plane=None, device=None, session=None):
        """Both responses of a device, once Cognito has asked DEVICE_SRP_AUTH."""
        self.device_begin(plane, device, session)
        return self.device_finish(plane, session)

    def device_begin(self, plane=None, device=None, session=None, **changes):
        self.device_proof = DeviceProof(device or self.device)
        answer = self.answer(
            "DEVICE_SRP_AUTH",
            session,
            plane,
            **{**self.device_proof.first_answer(self.username), **changes},
        )
        self.device_challenge = answer["ChallengeParameters"]
        return answer

    def device_finish(self, plane=None, session=None, **changes):
        return self.answer(
            "DEVICE_PASSWORD_VERIFIER",
            session,
            plane,
            **{**self.device_proof.second_answer(self.device_challenge), **changes},
        )

    def refresh(self, token=None, plane=None, **parameters):
        given = {
            "REFRESH_TOKEN": token or self.tokens["RefreshToken"],
            **self.proof(self.username),
            **parameters,
        }
        return self.initiate("REFRESH_TOKEN_AUTH", plane, **given)

    def get_tokens(self, token=None, client_id=None, **request):
        """GetTokensFromRefreshToken. Keeps the response, including a new refresh token."""
        secret = {"ClientSecret": self.secret} if self.secret else {}
        given = {
            "ClientId": client_id or self.client_id,
            "RefreshToken": token or self.tokens["RefreshToken"],
            **secret,
            **request,
        }
        return self._kept(self.aws.get_tokens_from_refresh_token(**given))

    def forgot(self, username=None):
        return plain(self.aws.forgot_password(**self._caller(username)))

    def reset(self, password, code=None, username=None):
        """ConfirmForgotPassword, by default with the emailed code."""
        return plain(
            self.aws.confirm_forgot_password(
                **self._caller(username),
                ConfirmationCode=code or self.email_code(username),
                Password=password,
            )
        )

    def change_password(self, password, previous=None, token=None):
        call = {
            "AccessToken": token or self.tokens["AccessToken"],
            "PreviousPassword": previous or self.password,
            "ProposedPassword": password,
        }
        return plain(self.aws.change_password(**call))

    def get_user(self, token=None):
        return plain(self.aws.get_user(AccessToken=token or self.tokens["AccessToken"]))

    def update(self, token=None, **attributes):
        return plain(
            self.aws.update_user_attributes(
                AccessToken=token or self.tokens["AccessToken"], UserAttributes=pairs(**attributes)
            )
        )

    def ask_for_code(self, attribute="email", token=None):
        return plain(
            self.aws.get_user_attribute_verification_code(
                AccessToken=token or self.tokens["AccessToken"], AttributeName=attribute
            )
        )

    def prove(self, code=None, attribute="email", token=None):
        given = code or self.email_code()
        return plain(
            self.aws.verify_user_attribute(
                AccessToken=token or self.tokens["AccessToken"], AttributeName=attribute, Code=given
            )
        )

    # Calls that need IAM credentials

    def look(self, username=None):
        return plain(self.aws.admin_get_user(**self.named(username)))

    def attributes(self, username=None):
        return {
            attribute["Name"]: attribute["Value"]
            for attribute in self.look(username)["UserAttributes"]
        }

    def create(self, username=None, **request):
        """AdminCreateUser, by default with an email address and invited by email. What is None is
        left out.
        """
        delivery = (
            {"DesiredDeliveryMediums": ["EMAIL"]} if self.mails else {"MessageAction": "SUPPRESS"}
        )
        chosen = {"UserAttributes": pairs(email=EMAIL), **delivery, **request}
        given = {name: value for name, value in chosen.items() if value is not None}
        return plain(self.aws.admin_create_user(**self.named(username), **given))

    def admin_update(self, username=None, **attributes):
        return plain(
            self.aws.admin_update_user_attributes(
                **self.named(username), UserAttributes=pairs(**attributes)
            )
        )

    def take_away(self, *names):
        return plain(
            self.aws.delete_user_attributes(
                AccessToken=self.tokens["AccessToken"], UserAttributeNames=list(names)
            )
        )

    def admin_take_away(self, *names):
        return plain(
            self.aws.admin_delete_user_attributes(**self.named(), UserAttributeNames=list(names))
        )

    def admin_confirm(self, username=None):
        return plain(self.aws.admin_confirm_sign_up(**self.named(username)))

    def disable(self, username=None):
        self.aws.admin_disable_user(**self.named(username))
        return self

    def enable(self, username=None):
        self.aws.admin_enable_user(**self.named(username))
        return self

    def delete(self, username=None):
        self.aws.admin_delete_user(**self.named(username))
        return self

    def named(self, username=None):
        """How an administrator's request names a user."""
        return {"UserPoolId": self.pool_id, "Username": username or self.username}

    def set_password(self, password, permanent=True, username=None):
        call = {
            "UserPoolId": self.pool_id,
            "Username": username or self.username,
            "Password": password,
            "Permanent": permanent,
        }
        return plain(self.aws.admin_set_user_password(**call))

    def list(self, **request):
        return plain(self.aws.list_users(UserPoolId=self.pool_id, **request))

    # Shortcuts to a state of the flow, each from the beginning

    def confirmed(self, username=None, **changes):
        self.sign_up(username, **changes)
        if self.elsewhere:
            # The emailed code can't be read there. An administrator's calls have the same effect as
            # confirming with it.
            self.admin_confirm(username)
            self.admin_update(username, email_verified="true")
        else:
            self.confirm(username=username)
        return self

    def offered(self):
        """Signed in with the password, and in the middle of setting up an authenticator."""
        self.confirmed().sign_in()
        self.associate()
        return self

    def enrolled(self, name="my phone"):
        self.offered().verify(name=name)
        self.answer("MFA_SETUP")
        return self

    def challenged(self):
        """Enrolled, signed in again, and asked for a code; one step later, so that the current code
        is unused.
        """
        self.enrolled().wait(STEP).sign_in()
        return self

    def signed_in(self):
        """With tokens, for a pool without a second factor."""
        self.confirmed().sign_in()
        return self

    def with_device(self):
        """Signed in, with the device confirmed; in the tutorial's pool it's remembered from now
        on.
        """
        if self.pool_asks_for_codes:
            self.challenged().send_code()
        else:
            self.signed_in()
        self.confirm_device()
        return self

    # Time, codes and secrets

    def wait(self, seconds):
        self.emulator.clock.advance(seconds)
        return self

    def code(self, steps=0, secret=None):
        """The authenticator's code now, or that many time steps later, by the emulator's clock."""
        return pyotp.TOTP(secret or self.totp_secret).at(
            int(self.emulator.clock.now()) + steps * STEP
        )

    def wrong_code(self):
        """A code that isn't valid in any of the five time steps around now."""
        good = {self.code(steps) for steps in range(-2, 3)}
        return next(
            code
            for code in ("000000", "111111", "222222", "333333", "444444", "555555")
            if code not in good
        )

    def wrong_email_code(self):
        right = self.email_code()
        return next(code for digit in "01" if (code := digit * len(right)) != right)

    def hash(self, username, secret=None):
        return base64.b64encode(
            hmac.digest(
                (secret or self.secret).encode(),
                (username + self.client_id).encode(),
                hashlib.sha256,
            )
        ).decode()

    def proof(self, username):
        return {"SECRET_HASH": self.hash(username)} if self.secret else {}

    # Inside the emulator

    def state(self):
        """Every row of the store, except for the counts of attempts and the time of the latest
        change, which an error keeps on purpose.
        """
        names = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = [row["name"] for row in names]
        rows = {
            table: self.rows(f"SELECT * FROM {table}") for table in tables if table != "attempts"
        }
        rows["meta"] = [row for row in rows["meta"] if row["name"] == "clock offset"]
        for session in rows["sessions"]:
            del session["failures"]
        for user in rows["users"]:
            del user["failed_passwords"], user["last_failure"]
            del user["failed_factors"], user["last_failed_factor"]
        return rows

    def rows(self, statement, *values):
        """What's in the store, even if no operation shows it."""
        found = self.emulator._store.transact(lambda tx: tx.all(statement, *values))
        return [dict(row) for row in found]

    def sql(self, statement, *values):
        """Change what no operation of the emulator can."""
        self.emulator._store.transact(lambda tx: tx.run(statement, *values))

    def raw(self, operation, **request):
        """The response to a request boto3 would not send."""
        return (
            self.emulator.post(operation, request)
            if self.elsewhere
            else post(self.emulator, operation, **request)
        )

    # What differs from service to service

    @property
    def region(self):
        return self.aws.meta.region_name

    @property
    def account(self):
        return self.pool["Arn"].split(":")[4]

    @property
    def issuer(self):
        """The issuer of the tokens: the pool, at its address."""
        return f"{self.aws.meta.endpoint_url}/{self.pool_id}"

    def moment(self):
        """Now; for a service elsewhere, whose clock runs, about now."""
        return pytest.approx(self.emulator.clock.now(), abs=2 * MINUTE if self.elsewhere else 0)

    def _caller(self, username):
        username = username or self.username
        return {"ClientId": self.client_id, "Username": username} | (
            {"SecretHash": self.hash(username)} if self.secret else {}
        )

    def _plane(self, plane):
        return {"ClientId": self.client_id} | (
            {"UserPoolId": self.pool_id} if plane == "admin" else {}
        )

    def _kept(self, answer):
        """Keep the response as a client does: each Session replaces the one before."""
        self.session = answer.get("Session", self.session)
        if result := answer.get("AuthenticationResult"):
            self.tokens = {**(self.tokens or {}), **result}
            self.offer = result.get("NewDeviceMetadata")
        return plain(answer)


POOL = {
    "PoolName": "tutorial",
    "AutoVerifiedAttributes": ["email"],
    "UsernameConfiguration": {"CaseSensitive": False},
    "Schema": [{"Name": "email", "Required": True, "Mutable": False}],
    "DeviceConfiguration": TRACKING,
}
CLIENT = {"ClientName": "tutorial", "ExplicitAuthFlows": TUTORIAL_FLOWS}

# A client for USER_AUTH beside the older flows, and the setting of a pool's first factors
CHOICE = {"ExplicitAuthFlows": [*TUTORIAL_FLOWS, "ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH"]}


def first_factors(*names):
    return {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": list(names)}}}


# Pools that differ from the tutorial's in one thing, or in what is needed to see it
UNTRACKED, SILENT = {"DeviceConfiguration": None}, {"AutoVerifiedAttributes": None}
PHONE = "+14325551212"
MUTABLE = UNTRACKED | {"Schema": None}
VARIANTS = {
    "tutorial": {},
    "no MFA": {"mfa": "OFF", "pool": UNTRACKED},
    "no MFA, tracked": {"mfa": "OFF"},
    "optional MFA": {"mfa": "OPTIONAL", "pool": UNTRACKED},
    "untracked": {"pool": UNTRACKED},
    "case-sensitive": {
        "mfa": "OFF",
        "pool": UNTRACKED | {"UsernameConfiguration": None},
    },
    "secret": {"mfa": "OFF", "pool": UNTRACKED, "client": {"GenerateSecret": True}},
    "secret and MFA": {"pool": UNTRACKED, "client": {"GenerateSecret": True}},
    "hiding": {"client": {"PreventUserExistenceErrors": "ENABLED"}},
    "mutable": {"mfa": "OFF", "pool": MUTABLE},
    "by e-mail": {
        "mfa": "OFF",
        "pool": MUTABLE | {"UsernameAttributes": ["email"]},
        "username": EMAIL,
    },
    "by phone": {
        "mfa": "OFF",
        "pool": MUTABLE | {"UsernameAttributes": ["phone_number"]},
        "username": PHONE,
    },
    "by either": {
        "mfa": "OFF",
        "pool": MUTABLE | {"UsernameAttributes": ["phone_number", "email"]},
        "username": EMAIL,
    },
    "choice": {
        "mfa": "OFF",
        "pool": MUTABLE | SMS | first_factors("PASSWORD", "EMAIL_OTP", "SMS_OTP"),
        "client": CHOICE,
    },
    "aliases": {
        "mfa": "OFF",
        "pool": MUTABLE | {"AliasAttributes": ["email", "phone_number", "preferred_username"]},
    },
    "bare": {
        "mfa": "OFF",
        "pool": {"AutoVerifiedAttributes": None, "Schema": None, "DeviceConfiguration": None},
    },
}


def post(emulator, operation, **request):
    """The response to a request without a client: the code and the message, or None and the
    body.
    """
    answer = emulator.service.answer(operation, json.dumps(request).encode(), Endpoint())
    body = json.loads(answer.body or "{}")
    return (body["__type"], body["message"]) if answer.status != 200 else (None, body)


def pairs(**attributes):
    """Attributes in the form of a request; `custom__x` stands for `custom:x`."""
    return [{"Name": name.replace("__", ":"), "Value": value} for name, value in attributes.items()]


def plain(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


@contextmanager
def unchanged(flow):
    """Check that the block leaves all state unchanged. A service elsewhere doesn't show its
    state.
    """
    before = None if flow.elsewhere else flow.state()
    yield
    assert flow.elsewhere or flow.state() == before, "something changed"


@contextmanager
def rejects(flow, code, message=None):
    """Check that the block ends with the error `code` and `message`, and leaves all state
    unchanged.

    `message` is None if BEHAVIOR.md has none, and a pattern if what it has is open in part, such as
    a final full stop.
    """
    if flow.elsewhere and code == "NotInEmulatorException":
        only_here("what it has not")
    with unchanged(flow), pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    if isinstance(message, re.Pattern):
        assert message.fullmatch(error["Message"]), error
    elif message is not None:
        assert error["Message"] == message
