"""Errors between the lesson and AWS: one sentence each, with what to do, and no traceback."""

import io
import json
from email.utils import formatdate
from types import SimpleNamespace

import boto3
import botocore.exceptions as boto
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_helpers.calls import retries
from cognito_helpers.calls.listeners import Listeners
from cognito_helpers.explanations import aws_errors
from cognito_helpers.explanations.ipython_extension import plain

NOW = 1_800_000_000
URL = "https://cognito-idp.eu-west-1.amazonaws.com/"
ME = "arn:aws:iam::123456789012:user/ana"
POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEfGhI"


def client_error(code, message="", status=400, operation="AdminGetUser", seconds_ahead=0):
    date = {"date": formatdate(NOW + seconds_ahead, usegmt=True)}
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": date},
        },
        operation,
    )


def denial(action, resource, operation, why="because no identity-based policy allows the action"):
    return client_error(
        "AccessDeniedException",
        f"User: {ME} is not authorized to perform: {action} on resource: {resource} {why}",
        operation=operation,
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (boto.NoCredentialsError(), ["finds no IAM credentials", "aws configure", "first cell"]),
        (
            boto.PartialCredentialsError(provider="env", cred_var="aws_secret_access_key"),
            ["are incomplete: aws_secret_access_key is missing"],
        ),
        (boto.ProfileNotFound(profile="work"), ["no AWS profile “work”", "AWS_PROFILE"]),
        (boto.NoRegionError(), ["no Region", "AWS_DEFAULT_REGION"]),
        (boto.InvalidRegionError(region_name="the moon"), ["“the moon” isn't a Region"]),
        (boto.TokenRetrievalError(provider="sso", error_msg="x"), ["has expired", "aws sso login"]),
        (boto.UnauthorizedSSOTokenError(), ["has expired", "aws sso login"]),
        (boto.SSOTokenLoadError(error_msg="x"), ["has expired", "aws sso login"]),
        (boto.LoginRefreshRequired(), ["has expired", "aws login"]),
        (
            boto.CredentialRetrievalError(provider="process", error_msg="x"),
            ["can't get IAM credentials by “process”"],
        ),
        (
            boto.ConfigParseError(path="/home/ana/.aws/config"),
            ["/home/ana/.aws/config can't be read"],
        ),
        (boto.SSLError(endpoint_url=URL, error="x"), [URL, "AWS_CA_BUNDLE"]),
        (
            boto.ProxyConnectionError(proxy_url="http://proxy:3128"),
            ["http://proxy:3128", "NO_PROXY"],
        ),
        (
            boto.EndpointConnectionError(endpoint_url=URL),
            ["No one answers", URL, "nothing was sent"],
        ),
        (boto.ConnectTimeoutError(endpoint_url=URL), ["No one answers", "nothing was sent"]),
        (
            boto.ReadTimeoutError(endpoint_url=URL),
            ["no response came", "may have been done", "It's safe to run this cell again"],
        ),
        (
            boto.ConnectionClosedError(endpoint_url=URL),
            ["no response came", "It's safe to run this cell again"],
        ),
        (
            client_error("ExpiredTokenException", "x"),
            ["rejected AdminGetUser", "have expired", "aws sso login"],
        ),
        (client_error("UnrecognizedClientException", "x"), ["doesn't know your access key"]),
        (
            client_error("InvalidSignatureException", "Signature expired", seconds_ahead=720),
            ["clock is 12 minutes slow"],
        ),
        (
            client_error("SignatureDoesNotMatch", "Signature not yet current", seconds_ahead=-3600),
            ["clock is 60 minutes fast"],
        ),
        (client_error("RequestExpired", "x"), ["clock and AWS's don't agree"]),
        (
            client_error(
                "InvalidSignatureException", "The request signature we calculated does not match"
            ),
            ["secret access key isn't the one"],
        ),
        (
            client_error("TooManyRequestsException", "x"),
            ["Too many requests", "AdminGetUser wasn't done"],
        ),
        (client_error("ThrottlingException", "x"), ["Too many requests"]),
        (
            client_error("InternalErrorException", "x", status=500),
            ["failed at AdminGetUser (HTTP 500", "Wait a minute"],
        ),
        (
            client_error("UnknownOperationException", "x", status=501),
            ["doesn't have the operation AdminGetUser (HTTP 501)"],
        ),
        (
            denial("cognito-idp:AdminGetUser", POOL, "AdminGetUser"),
            [
                ME,
                f"may not do cognito-idp:AdminGetUser on {POOL}",
                f'"Resource": "{POOL}"',
                "AWS.md has the whole policy",
            ],
        ),
        (
            denial("cognito-idp:CreateUserPool", POOL, "CreateUserPool"),
            ['{"Effect": "Allow", "Action": "cognito-idp:CreateUserPool", "Resource": "*"}'],
        ),
        (
            denial(
                "cognito-idp:ListUsers",
                POOL,
                "ListUsers",
                "with an explicit deny in a service control policy",
            ),
            ["explicit deny", "another account"],
        ),
        (
            client_error("AccessDeniedException", "Access denied."),
            ['"Action": "cognito-idp:AdminGetUser", "Resource": "*"'],
        ),
    ],
)
def test_each_error_is_one_sentence_with_what_to_do(monkeypatch, error, words):
    monkeypatch.setattr(aws_errors, "time", SimpleNamespace(time=lambda: NOW))
    said = plain(error)
    assert all(word in said for word in words), said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (240, "secret access key"),
        (241, "4 minutes slow"),
        (-240, "secret access key"),
        (-241, "4 minutes fast"),
    ],
)
def test_the_clock_is_the_cause_if_it_is_more_than_four_minutes_off(monkeypatch, seconds, words):
    monkeypatch.setattr(aws_errors, "time", SimpleNamespace(time=lambda: NOW))
    assert words in plain(client_error("InvalidSignatureException", "x", seconds_ahead=seconds))


@pytest.mark.parametrize(("status", "failed"), [(499, False), (500, True), (502, True)])
def test_statuses_from_500_mean_the_service_failed(status, failed):
    said = plain(client_error("X", "x", status=status)) or ""
    assert (f"HTTP {status}" in said) is failed


@pytest.mark.parametrize("operation", ["CreateUserPool", "ListUserPools"])
def test_permissions_for_calls_without_a_pool_are_asked_for_all_pools(operation):
    said = plain(denial(f"cognito-idp:{operation}", POOL, operation))
    assert f'"Action": "cognito-idp:{operation}", "Resource": "*"' in said


@pytest.mark.parametrize(
    ("operation", "code", "message", "then"),
    [
        (
            "SignUp",
            "UsernameExistsException",
            "User already exists",
            "lab.username, lab.password = answers.username, answers.password",
        ),
        (
            "ConfirmSignUp",
            "NotAuthorizedException",
            "User cannot be confirmed. Current status is CONFIRMED",
            "continue with the next cell",
        ),
        (
            "VerifySoftwareToken",
            "NotAuthorizedException",
            "Invalid session for the user, session can only be used once.",
            "start the sign-in again",
        ),
        ("DeleteUser", "UserNotFoundException", "User does not exist.", "lab.forget_user()"),
        (
            "DeleteUserPoolClient",
            "ResourceNotFoundException",
            "User pool client x does not exist.",
            "lab.client_id = None",
        ),
        (
            "DeleteUserPool",
            "ResourceNotFoundException",
            "User pool x does not exist.",
            "lab.forget_pool()",
        ),
    ],
)
def test_a_second_run_is_explained_only_where_it_is_possible(operation, code, message, then):
    assert then in plain(client_error(code, message, operation=operation))
    assert "this cell ran before" not in plain(
        client_error("LimitExceededException", "x", operation=operation)
    )


@pytest.mark.parametrize("operation", ["ConfirmSignUp", "VerifySoftwareToken"])
def test_an_error_of_the_same_name_about_something_else_is_not_a_second_run(operation):
    error = client_error("NotAuthorizedException", "Access Token has expired", operation=operation)
    assert "this cell ran before" not in plain(error)


def test_other_boto3_mistakes_keep_their_traceback():
    assert plain(boto.UnknownServiceError(service_name="x", known_service_names="y")) is None


# Retries


@pytest.fixture
def answers(monkeypatch):
    """The outcomes of a watched client's attempts: an exception, or a status with an error code. No
    real waiting.
    """
    monkeypatch.setattr(
        "botocore.endpoint.time.sleep", lambda seconds: clock.append(clock[-1] + 10)
    )
    clock, queue = [0.0], []
    monkeypatch.setattr(retries.time, "monotonic", lambda: clock[-1])
    session = boto3.Session(
        aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-west-1"
    )
    client = session.client("cognito-idp", config=Config(retries={"mode": "standard"}))
    Listeners(client, retries.RetryWatcher())

    def answer(request, **_):
        given = queue.pop(0)
        if isinstance(given, Exception):
            raise given
        status, code = given
        body = {"__type": code} if code else {"Username": "ana"}
        raw = io.BytesIO(json.dumps(body).encode())
        raw.stream = lambda *_: [raw.read()]
        return AWSResponse(request.url, status, {}, raw)

    client.meta.events.register("before-send.cognito-identity-provider", answer)
    yield client, queue


def test_a_retry_is_announced_with_its_reason(answers, capsys):
    client, queue = answers
    queue += [
        (400, "TooManyRequestsException"),
        boto.ReadTimeoutError(endpoint_url=URL),
        (200, None),
    ]
    assert (
        client.admin_get_user(UserPoolId="eu-west-1_AbCdEfGhI", Username="ana")["Username"] == "ana"
    )
    assert capsys.readouterr().out.splitlines() == [
        (
            "AdminGetUser takes longer: the service said TooManyRequestsException. Trying again, 2"
            " of 3."
        ),
        "AdminGetUser takes longer: no answer (ReadTimeoutError). Trying again, 3 of 3.",
    ]


@pytest.mark.parametrize(("seconds", "says_so"), [(1.0, False), (1.1, True)])
def test_a_retry_is_announced_only_after_a_second(answers, monkeypatch, capsys, seconds, says_so):
    client, queue = answers
    clock = [0.0]
    monkeypatch.setattr(retries.time, "monotonic", lambda: clock[-1])
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: clock.append(seconds))
    queue += [(400, "TooManyRequestsException"), (200, None)]
    client.admin_get_user(UserPoolId="eu-west-1_AbCdEfGhI", Username="ana")
    assert ("Trying again" in capsys.readouterr().out) is says_so


def test_an_hourly_limit_is_not_retried_and_is_raised_by_its_name(answers, capsys):
    client, queue = answers
    queue += [(400, "LimitExceededException"), (400, "UsernameExistsException")]
    with pytest.raises(client.exceptions.LimitExceededException) as error:
        client.sign_up(ClientId="x", Username="ana", Password="Passw0rd!")
    assert error.value.response["Error"]["Code"] == "LimitExceededException"
    assert len(queue) == 1 and capsys.readouterr().out == ""


def test_a_successful_call_prints_nothing(answers, capsys):
    client, queue = answers
    queue += [(200, None), (404, "UserNotFoundException")]
    client.admin_get_user(UserPoolId="eu-west-1_AbCdEfGhI", Username="ana")
    with pytest.raises(client.exceptions.UserNotFoundException):
        client.admin_get_user(UserPoolId="eu-west-1_AbCdEfGhI", Username="ana")
    assert capsys.readouterr().out == ""


def test_a_lost_response_names_the_call_and_what_a_second_run_may_find(answers):
    client, queue = answers
    queue += [boto.ReadTimeoutError(endpoint_url=URL)] * 3
    with pytest.raises(boto.ReadTimeoutError) as lost:
        client.sign_up(ClientId="x", Username="ana", Password="Passw0rd!")
    said = plain(lost.value)
    assert (
        said.startswith("SignUp was sent, and no response came.")
        and "if Cognito then says UsernameExistsException, the first run created the user" in said
    )
    queue += [boto.ConnectionClosedError(endpoint_url=URL)] * 3
    with pytest.raises(boto.ConnectionClosedError) as lost:
        client.list_user_pools(MaxResults=1)
    assert (
        plain(lost.value)
        == "ListUserPools was sent, and no response came. It may have been done all the same. It's"
        " safe to run this cell again."
    )
