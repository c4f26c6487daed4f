"""The in-process transport: works on any machine with any settings, and touches nothing else in the
program.
"""

import http.client
import os
import socket
import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.transports import in_process as in_process

BROKEN = "[default\nregion = = nowhere\n"

# What a learner's machine may have set: variables, of which FILE stands for a file with BROKEN in
# it
MACHINES = {
    "a profile that is missing": {"AWS_PROFILE": "no-such-profile"},
    "a default profile that is missing": {"AWS_DEFAULT_PROFILE": "no-such-profile"},
    "a broken configuration": {"AWS_CONFIG_FILE": "FILE"},
    "a broken file of credentials": {"AWS_SHARED_CREDENTIALS_FILE": "FILE"},
    "another endpoint": {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
    "another endpoint for Cognito": {
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": "http://127.0.0.1:9"
    },
    "an endpoint that is none": {"AWS_ENDPOINT_URL": "nonsense"},
    "nonsense for a number": {"AWS_MAX_ATTEMPTS": "nonsense"},
    "nonsense for a mode": {"AWS_RETRY_MODE": "nonsense", "AWS_DEFAULTS_MODE": "nonsense"},
    "certificates that are missing": {"AWS_CA_BUNDLE": "/no/such/file.pem"},
    "another region": {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-1"},
    "a region that is none": {"AWS_DEFAULT_REGION": "no where"},
    "other kinds of endpoints": {
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
    },
    "half of the credentials": {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"},
    "a proxy": {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"},
    "nothing": {},
}


@pytest.fixture
def no_network(monkeypatch):
    def opened(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", opened)
    monkeypatch.setattr(socket, "create_connection", opened)
    monkeypatch.setattr(socket, "getaddrinfo", opened)
    monkeypatch.setattr(http.client.HTTPConnection, "connect", opened)


@pytest.fixture
def no_waiting(monkeypatch):
    def slept(seconds):
        raise AssertionError(f"something slept for {seconds} seconds")

    monkeypatch.setattr(time, "sleep", slept)


@pytest.mark.parametrize("variables", MACHINES.values(), ids=MACHINES)
def test_it_works_on_any_machine(emulator, monkeypatch, tmp_path, no_network, variables):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    broken = tmp_path / "broken"
    broken.write_text(BROKEN)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, str(broken) if value == "FILE" else value)

    client = emulator.client()

    pool_id = client.create_user_pool(PoolName="any machine")["UserPool"]["Id"]
    assert pool_id.startswith("us-east-1_")
    assert client.meta.endpoint_url == "https://cognito-idp.us-east-1.amazonaws.com"
    # Signed calls and unsigned ones take different paths through botocore.
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.sign_up(ClientId="nosuchclient", Username="alice", Password="Passw0rd!")


def test_those_machines_would_stop_an_ordinary_client(monkeypatch, tmp_path):
    """Otherwise the test above would prove nothing."""
    (tmp_path / "broken").write_text(BROKEN)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "broken"))
    with pytest.raises(Exception, match="parse"):
        boto3.Session().client("cognito-idp", region_name="us-east-1")


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-southeast-2"])
def test_the_region_is_the_requested_one(emulator, region):
    client = emulator.client(region)
    assert client.meta.region_name == region
    assert client.create_user_pool(PoolName="x")["UserPool"]["Arn"].split(":")[3] == region


def test_it_is_a_real_boto3_client(emulator):
    ordinary = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x").client(
        "cognito-idp", region_name="us-east-1"
    )
    client = emulator.client()
    assert type(client).__mro__[1:] == type(ordinary).__mro__[1:]
    assert set(client.meta.method_to_api_mapping) == set(ordinary.meta.method_to_api_mapping)
    answer = client.list_user_pools(MaxResults=1)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0


def test_an_error_is_the_one_boto3_raises(emulator):
    """Section 0: the code, the message, status 400 and the header."""
    client = emulator.client()
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.describe_user_pool(UserPoolId="us-east-1_nosuchone")
    assert isinstance(caught.value, ClientError)
    assert str(caught.value).endswith(
        "DescribeUserPool operation: User pool us-east-1_nosuchone does not exist."
    )
    metadata = caught.value.response["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == 400
    assert metadata["HTTPHeaders"]["x-amzn-errortype"] == "ResourceNotFoundException:"
    assert (
        metadata["HTTPHeaders"]["x-amzn-errormessage"]
        == "User pool us-east-1_nosuchone does not exist."
    )


@pytest.mark.parametrize("code", ["LimitExceededException", "NotInEmulatorException"])
def test_no_error_makes_boto3_wait_and_retry(make_flow, no_waiting, code):
    """boto3 retries some errors after a while; here the second response would be the first."""
    flow = make_flow()
    flow.aws = flow.emulator.client()
    flow.sign_up()
    for _ in range(5):
        flow.resend()
    calls = {
        "LimitExceededException": flow.resend,
        "NotInEmulatorException": lambda: flow.aws.list_identity_providers(UserPoolId=flow.pool_id),
    }
    with pytest.raises(ClientError) as caught:
        calls[code]()
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    assert "reached max retries" not in str(caught.value)


def test_other_clients_in_the_program_are_left_alone(emulator):
    """Of the default session and of another one, created before and after."""
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}
    offline = Config(retries={"total_max_attempts": 1})
    asked = []

    class Elsewhere(Exception):
        pass

    def elsewhere(request, **_):
        asked.append(request.url)
        raise Elsewhere

    before = boto3.client("cognito-idp", **keys, config=offline)
    ours = emulator.client()
    after = boto3.client("cognito-idp", **keys, config=offline)
    own_session = boto3.Session(**keys).client("cognito-idp", config=offline)
    for client in (before, after, own_session):
        # Handlers run in the order they were added: one of the emulator's would have responded
        # first.
        client.meta.events.register_last("before-send.cognito-identity-provider", elsewhere)
        with pytest.raises(Elsewhere):
            client.list_user_pools(MaxResults=1)
    assert asked == ["https://cognito-idp.us-east-1.amazonaws.com/"] * 3
    assert ours.list_user_pools(MaxResults=1)["UserPools"] == []


def test_two_emulators_respond_to_their_own_clients(frozen, quick_keys):
    one, other = LocalCognito(), LocalCognito()
    one.client().create_user_pool(PoolName="mine")
    assert other.client().list_user_pools(MaxResults=1)["UserPools"] == []
    assert len(one.client().list_user_pools(MaxResults=1)["UserPools"]) == 1
    one.close()
    other.close()


def test_another_handler_sees_the_request_and_the_response(emulator):
    """A recorder may use the same event, and reads exactly what is sent."""
    client = emulator.client()
    requests = []
    client.meta.events.register(
        "before-send.cognito-identity-provider", lambda request, **_: requests.append(request)
    )
    client.list_user_pools(MaxResults=1)
    (request,) = requests
    assert request.method == "POST"
    assert request.url == "https://cognito-idp.us-east-1.amazonaws.com/"
    assert request.headers["X-Amz-Target"] == b"AWSCognitoIdentityProviderService.ListUserPools"
    assert request.headers["Content-Type"] == b"application/x-amz-json-1.1"


def test_a_bug_is_raised_at_once_with_its_traceback(no_waiting):
    class Broken:
        def answer(self, operation, body, endpoint):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_process.client(Broken(), "us-east-1").list_user_pools(MaxResults=1)


def test_a_response_without_a_body_is_read_as_empty(emulator):
    client = emulator.client()
    pool_id = client.create_user_pool(PoolName="x")["UserPool"]["Id"]
    assert set(client.delete_user_pool(UserPoolId=pool_id)) == {"ResponseMetadata"}
