"""The AWS CLI: every command is a process, as in a shell. It does shorthand, JSON files, paging and
`--query` itself.
"""

import importlib.util
import json
import subprocess
import sys

import pytest

from cognito_helpers.sign_in.device import DeviceProof, new_device

from ..emulator.flow import EMAIL, MASKED, PASSWORD
from ..emulator.raw_http import PATIENCE
from .conftest import missing


class Shell:
    """Runs `aws cognito-idp` at the endpoint."""

    def __init__(self, url):
        self.url = url

    def run(self, command, **options):
        """Exit code, standard output and standard error of one command; an option that is a dict or
        a list is sent as JSON.
        """
        given = [
            word
            for name, value in options.items()
            for word in (f"--{name.replace('_', '-')}", as_word(value))
            if word is not None
        ]
        words = [
            sys.executable,
            "-m",
            "awscli",
            "cognito-idp",
            command,
            "--endpoint-url",
            self.url,
            *given,
        ]
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode, done.stdout, done.stderr

    def __call__(self, command, **options):
        """The output of a successful command."""
        code, out, err = self.run(command, **options)
        assert (code, err) == (0, "")
        return json.loads(out) if out.strip() else None

    def rejects(self, command, **options):
        """The last line of a failing command."""
        code, out, err = self.run(command, **options)
        # Version 1 of the CLI prints the first, version 2 the second.
        assert code in (255, 254)
        assert out == ""
        return err.strip().splitlines()[-1]


def as_word(value):
    return None if value is True else value if isinstance(value, str) else json.dumps(value)


@pytest.fixture
def aws(place):
    if importlib.util.find_spec("awscli") is None:
        missing("The AWS CLI is not installed in this environment: pip install awscli.")
    return Shell(place.url)


def test_the_whole_flow_from_a_shell(place, aws):
    """The pool, sign-up, authenticator, sign-in, device, refresh, sign-out and clean-up."""
    pool_id = aws(
        "create-user-pool",
        pool_name="shell",
        auto_verified_attributes="email",
        schema="Name=email,Required=true,Mutable=false",
        device_configuration=(
            "ChallengeRequiredOnNewDevice=true,DeviceOnlyRememberedOnUserPrompt=false"
        ),
        query="UserPool.Id",
    )
    pool = {"user_pool_id": pool_id}
    aws(
        "set-user-pool-mfa-config",
        **pool,
        mfa_configuration="ON",
        software_token_mfa_configuration="Enabled=true",
    )
    flows = [
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ]
    made = aws(
        "create-user-pool-client",
        **pool,
        client_name="shell",
        explicit_auth_flows=flows,
        query="UserPoolClient.[ClientId, UserPoolId]",
    )
    assert made[1] == pool_id
    client = {"client_id": made[0]}

    signed_up = aws(
        "sign-up",
        **client,
        username="shell",
        password=PASSWORD,
        user_attributes=f"Name=email,Value={EMAIL}",
    )
    assert signed_up["CodeDeliveryDetails"] == {
        "Destination": MASKED,
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    assert (
        aws(
            "confirm-sign-up",
            **client,
            username="shell",
            confirmation_code=place.email_code("shell"),
        )
        is None
    )
    assert aws("list-users", **pool, filter='username = "shell"', query="Users[].UserStatus") == [
        "CONFIRMED"
    ]

    credentials = {
        "auth_flow": "ADMIN_USER_PASSWORD_AUTH",
        "auth_parameters": f"USERNAME=shell,PASSWORD={PASSWORD}",
    }
    challenge = aws("admin-initiate-auth", **pool, **client, **credentials)
    assert challenge["ChallengeName"] == "MFA_SETUP"
    offered = aws("associate-software-token", session=challenge["Session"])
    secret = offered["SecretCode"]
    assert (
        aws.rejects(
            "verify-software-token", session=offered["Session"], user_code=place.wrong_code(secret)
        )
        == "An error occurred (EnableSoftwareTokenMFAException) when calling the"
        " VerifySoftwareToken operation: Code mismatch and fail enable Software Token MFA"
    )
    verified = aws(
        "verify-software-token",
        session=offered["Session"],
        user_code=place.fresh_code(secret),
        friendly_device_name="my phone",
    )
    assert verified["Status"] == "SUCCESS"

    challenge = aws("admin-initiate-auth", **pool, **client, **credentials)
    assert challenge["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "my phone"
    answer = {"challenge_name": challenge["ChallengeName"], "session": challenge["Session"]}
    codes = f"USERNAME=shell,SOFTWARE_TOKEN_MFA_CODE={place.fresh_code(secret)}"
    result = aws(
        "admin-respond-to-auth-challenge", **pool, **client, **answer, challenge_responses=codes
    )["AuthenticationResult"]
    assert place.verified(pool_id, made[0], result)[0]["username"] == "shell"

    token = {"access_token": result["AccessToken"]}
    device, config = new_device(result["NewDeviceMetadata"])
    confirmed = aws(
        "confirm-device",
        **token,
        device_key=device.key,
        device_name="my computer",
        device_secret_verifier_config=config,
    )
    assert confirmed == {"UserConfirmationNecessary": False}
    assert aws("list-devices", **token, query="Devices[].DeviceKey") == [device.key]

    again = {
        "auth_flow": "USER_PASSWORD_AUTH",
        "auth_parameters": {"USERNAME": "shell", "PASSWORD": PASSWORD, "DEVICE_KEY": device.key},
    }
    asked, proof = aws("initiate-auth", **client, **again), DeviceProof(device)
    first = {
        "challenge_name": "DEVICE_SRP_AUTH",
        "session": asked["Session"],
        "challenge_responses": proof.first_answer("shell"),
    }
    asked = aws("respond-to-auth-challenge", **client, **first)
    second = {
        "session": asked["Session"],
        "challenge_responses": proof.second_answer(asked["ChallengeParameters"]),
    }
    result = aws(
        "respond-to-auth-challenge", **client, challenge_name="DEVICE_PASSWORD_VERIFIER", **second
    )["AuthenticationResult"]
    assert place.verified(pool_id, made[0], result)[0]["device_key"] == device.key

    refresh = {
        "auth_flow": "REFRESH_TOKEN_AUTH",
        "auth_parameters": {"REFRESH_TOKEN": result["RefreshToken"], "DEVICE_KEY": device.key},
    }
    refreshed = aws("initiate-auth", **client, **refresh)["AuthenticationResult"]
    place.verified(pool_id, made[0], refreshed)
    aws("global-sign-out", access_token=refreshed["AccessToken"])
    assert (
        aws.rejects("initiate-auth", **client, **refresh)
        == "An error occurred (NotAuthorizedException) when calling the InitiateAuth operation:"
        " Refresh Token has been revoked"
    )
    assert aws("delete-user-pool", **pool) is None
    assert pool_id not in aws("list-user-pools", max_results="60", query="UserPools[].Id")


def test_the_cli_requests_all_pages_by_itself(place, aws):
    pool = place.pool("no MFA")
    names = [f"page-{number}" for number in range(5)]
    for name in names:
        pool.sign_up(username=name)
    assert (
        sorted(
            aws("list-users", user_pool_id=pool.pool_id, page_size="2", query="Users[].Username")
        )
        == names
    )
