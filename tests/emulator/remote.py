"""A service at an address instead of the emulator, so that anyone can check a row: `pytest
--endpoint URL tests/emulator`, or `--endpoint aws`.

These tests use an ordinary boto3 client, and see no more than a client sees. Tests of what only the
emulator shows are skipped by name.
"""

import json
import os
import re
import time
from contextlib import closing

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

ONLY_HERE = "only at the emulator: "
TAGS = {"made-by": "cognito-helpers conformance tests"}
TARGET = "AWSCognitoIdentityProviderService"
STEP = 30
# In seconds: a code read later in its 30 seconds could be outdated when it arrives.
TOO_LATE = 4
THROTTLED = {"TooManyRequestsException", "ThrottlingException"}

# Fixtures that let a test bypass the client, and what it finds there
BEHIND = {
    "monkeypatch": "a change to its code",
    "frozen": "its clock",
    "switchboard": "what passes between client and service",
    "endpoint": "its endpoint",
    "tmp_path": "its state file",
    "capsys": "its console",
    "capfd": "its console",
}


def only_here(what):
    pytest.skip(ONLY_HERE + what)


def reason_to_leave_out(item):
    """Why a test can't run against a service at an address; None if it can."""
    if mark := item.get_closest_marker("emulator_only"):
        return mark.args[0]
    if "aws" not in item.fixturenames:
        return "no call through a client"
    for fixture, what in BEHIND.items():
        if fixture in item.fixturenames:
            return what
    row = item.callspec.id if hasattr(item, "callspec") else ""
    if re.search(r"(^|-)choice\b", row) or (item.function.__doc__ or "").startswith("Choice"):
        return "a choice of its own, no fact"
    return None


class RemoteCognito:
    """Takes the place of a `LocalCognito`. `aws` is a boto3 client of the service. Every pool that
    is created is recorded, and deleted by `clean_up`.
    """

    def __init__(self, where):
        self._session = _session(where)
        self.is_aws = where == "aws"
        self.aws = _client(self._session, None if self.is_aws else where)
        self.clock = WallClock()
        self.mails, self.tags = not self.is_aws, TAGS
        self._pools = []
        events, making = self.aws.meta.events, "cognito-identity-provider.CreateUserPool"
        events.register(
            f"provide-client-params.{making}",
            lambda params, **_: {**({"UserPoolTags": self.tags} if self.tags else {}), **params},
        )
        events.register(f"after-call.{making}", lambda parsed, **_: self._remember(parsed))
        self._look()

    def _look(self):
        try:
            self.aws.list_user_pools(MaxResults=1)
        except (BotoCoreError, ClientError) as trouble:
            _end(f"The tests cannot use {self.aws.meta.endpoint_url}: {trouble}")

    def begin(self, test):
        """At AWS a pool sends email only if the test is about email, since the service sends 50 a
        day; and a test of tags finds no tag of ours.
        """
        self.mails = not self.is_aws or test.get_closest_marker("mails") is not None
        self.tags = None if test.get_closest_marker("untagged") else TAGS

    def post(self, operation, request):
        """The response to a request no client would send: the code and the message, or None and the
        body.
        """
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"{TARGET}.{operation}",
        }
        sent = AWSRequest(
            "POST",
            f"{self.aws.meta.endpoint_url}/",
            headers=headers,
            data=json.dumps(request).encode(),
        )
        model = self.aws.meta.service_model
        if (
            operation not in model.operation_names
            or model.operation_model(operation).auth_type != "none"
        ):
            SigV4Auth(
                self._session.get_credentials(), "cognito-idp", self.aws.meta.region_name
            ).add_auth(sent)
        body = json.loads(self._send(sent) or "{}")
        if "__type" in body:
            return body["__type"].rpartition("#")[2], body.get("message", body.get("Message"))
        self._remember(body)
        return None, body

    def jwks(self, pool_id):
        """The pool's public keys, from the issuer in its tokens."""
        return json.loads(
            self._send(
                AWSRequest("GET", f"{self.aws.meta.endpoint_url}/{pool_id}/.well-known/jwks.json")
            )
        )

    def _send(self, request):
        proxies = get_environ_proxies(request.url) if self.is_aws else {}
        with closing(
            URLLib3Session(verify=os.environ.get("AWS_CA_BUNDLE", True), proxies=proxies)
        ) as http:
            return http.send(request.prepare()).content

    # Clean up

    def _remember(self, answer):
        if "UserPool" in answer:
            self._pools.append(answer["UserPool"]["Id"])

    def clean_up(self):
        """Delete every pool that was created and still exists. Return those that couldn't be
        deleted, to be tried again the next time.
        """
        self._pools = [pool_id for pool_id in self._pools if not self._is_gone(pool_id)]
        return self._pools

    def _is_gone(self, pool_id):
        try:
            self._delete(pool_id)
        except self.aws.exceptions.ResourceNotFoundException:
            return True
        except (BotoCoreError, ClientError):
            return False
        return True

    def _delete(self, pool_id):
        try:
            self.aws.delete_user_pool(UserPoolId=pool_id)
        except self.aws.exceptions.InvalidParameterException:
            # A test protected it.
            self.aws.update_user_pool(UserPoolId=pool_id, DeletionProtection="INACTIVE")
            self.aws.delete_user_pool(UserPoolId=pool_id)

    # What only the emulator shows

    def inbox(self, username):
        only_here("the mail that was sent")

    def client(self, region_name="us-east-1"):
        only_here("a client of another region")

    @property
    def _store(self):
        only_here("what it keeps")

    @property
    def service(self):
        only_here("an answer that no client brought")


class WallClock:
    """The real time. It can wait for the next 30 seconds, so that an authenticator shows its next
    code; nothing else can be waited for.
    """

    def now(self):
        if time.time() % STEP > STEP - TOO_LATE:
            _wait_for_the_next_half_minute()
        return time.time()

    def advance(self, seconds):
        if seconds == STEP:
            _wait_for_the_next_half_minute()
        elif seconds:
            only_here("its clock, moved on")


def _wait_for_the_next_half_minute():
    # A little more, since the service's clock may be slightly behind
    time.sleep(STEP - time.time() % STEP + 0.5)


def _session(where):
    """boto3's own way to find Region and credentials. Away from AWS, where any will do, invented
    ones if there are none.
    """
    if where != "aws":
        # No need to look for keys on the network
        os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    found = boto3.Session()
    if found.region_name and found.get_credentials():
        return found
    if where == "aws":
        _end("Amazon Cognito needs a region and credentials: set them as for the AWS CLI.")
    return boto3.Session(
        aws_access_key_id="x",
        aws_secret_access_key="x",
        region_name=found.region_name or "us-east-1",
    )


def _client(session, url):
    # boto3 retries a LimitExceededException, which the tables test for.
    once = Config(retries={"mode": "legacy", "total_max_attempts": 1}, proxies={} if url else None)
    client = session.client("cognito-idp", endpoint_url=url, config=once)
    client.meta.events.register("needs-retry.cognito-identity-provider", _seconds_until_another_try)
    return client


def _seconds_until_another_try(response, attempts, **_):
    """If the service says there were too many requests, the wait before the next one."""
    code = response[1].get("Error", {}).get("Code") if response is not None else None
    return 2 ** min(attempts, 4) if code in THROTTLED and attempts < 10 else None


def _end(sentence):
    pytest.exit(sentence, returncode=pytest.ExitCode.USAGE_ERROR)
