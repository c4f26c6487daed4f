"""The recorder: every call is recorded as it was sent, without secrets, and the record is
limited."""

import contextlib
import gc
import http.server
import json
import threading
from types import SimpleNamespace
from typing import NamedTuple

import boto3
import pyotp
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError
from hypothesis import given
from hypothesis import strategies as st

from cognito_helpers.calls import recorder
from cognito_helpers.calls.listeners import Listeners
from cognito_helpers.calls.recorder import KEPT, LONGEST, Exchange, Recorder, as_http, lines
from cognito_helpers.lessons.opening import open_lab
from cognito_helpers.lessons.prerequisites import A_CONFIRMED_USER, A_POOL
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.endpoint import Endpoint
from cognito_helpers.tutorial_pool.settings import CLIENT_SETTINGS, MFA_SETTINGS, POOL_SETTINGS

from .interrupter import at_every_line

PASSWORD = "Planted-Passw0rd!"
CLIENT = LocalCognito().client()
TARGET = "AWSCognitoIdentityProviderService."


class Handler(http.server.BaseHTTPRequestHandler):
    """The emulator behind a real socket."""

    service = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        reply = self.service.answer(
            self.headers["X-Amz-Target"].rpartition(".")[2],
            body,
            Endpoint("us-east-1", "http://127.0.0.1"),
        )
        self.send_response(reply.status)
        for name, value in (reply.headers | {"Content-Length": str(len(reply.body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_):
        pass


def keys(**changed):
    # Marked, so that a search of the record would find them
    return {
        "aws_access_key_id": "AKIAPLANTED",
        "aws_secret_access_key": "planted-key",
        "aws_session_token": "planted-token",
        **changed,
    }


@pytest.fixture(params=["in process", "over HTTP"])
def recorded(request):
    """An emulator, a client of it, and the recorder of that client."""
    local = LocalCognito()
    if request.param == "in process":
        client = local.client()
        yield SimpleNamespace(local=local, client=client, requests=Recorder(Listeners(client)))
        return
    server = http.server.HTTPServer(
        ("127.0.0.1", 0), type("Bound", (Handler,), {"service": local.service})
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    client = boto3.client(
        "cognito-idp",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        **keys(),
    )
    yield SimpleNamespace(local=local, client=client, requests=Recorder(Listeners(client)))
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()
    local.close()


def pool(client):
    pool_id = client.create_user_pool(PoolName="p", **POOL_SETTINGS)["UserPool"]["Id"]
    client.set_user_pool_mfa_config(UserPoolId=pool_id, **MFA_SETTINGS)
    return (
        pool_id,
        client.create_user_pool_client(UserPoolId=pool_id, ClientName="c", **CLIENT_SETTINGS)[
            "UserPoolClient"
        ]["ClientId"],
    )


def whole_flow(recorded):
    """Sign up, confirm, enroll and sign in; return every secret that was sent."""
    client, local = recorded.client, recorded.local
    pool_id, client_id = pool(client)
    client.sign_up(
        ClientId=client_id,
        Username="ana",
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": "ana@example.com"}],
    )
    code = local.inbox("ana")[-1].code
    with pytest.raises(ClientError):
        client.confirm_sign_up(ClientId=client_id, Username="ana", ConfirmationCode="planted code")
    client.confirm_sign_up(ClientId=client_id, Username="ana", ConfirmationCode=code)
    given = {"USERNAME": "ana", "PASSWORD": PASSWORD}
    challenge = client.admin_initiate_auth(
        UserPoolId=pool_id,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters=given,
    )
    offered = client.associate_software_token(Session=challenge["Session"])
    digits = pyotp.TOTP(offered["SecretCode"]).at(int(local.clock.now()))
    verified = client.verify_software_token(Session=offered["Session"], UserCode=digits)
    reply = client.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="MFA_SETUP",
        Session=verified["Session"],
        ChallengeResponses={"USERNAME": "ana"},
    )["AuthenticationResult"]
    client.get_user(AccessToken=reply["AccessToken"])
    client.revoke_token(Token=reply["RefreshToken"], ClientId=client_id)
    sessions = [challenge["Session"], offered["Session"], verified["Session"]]
    return [
        PASSWORD,
        "planted code",
        code,
        digits,
        offered["SecretCode"],
        *sessions,
        *(reply[name] for name in ("AccessToken", "IdToken", "RefreshToken")),
    ]


def everything_kept(requests: Recorder) -> str:
    """Everything reachable from the recorded requests, as one text."""
    seen, todo, texts = set(), [vars(requests)], []
    while todo:
        value = todo.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        texts.append(repr(value))
        if isinstance(value, dict):
            todo += [*value.keys(), *value.values()]
        elif isinstance(value, (list, tuple, set)) or type(value).__name__ == "deque":
            todo += list(value)
        elif hasattr(value, "__dict__") and type(value).__name__ != "ServiceModel":
            todo.append(vars(value))
    return "\n".join(texts)


def test_no_secret_of_a_request_is_kept_or_shown(recorded):
    secrets = whole_flow(recorded)
    assert len(recorded.requests.calls) == 12 and len(set(secrets)) == 11
    kept = (
        everything_kept(recorded.requests)
        + repr(recorded.requests)
        + "".join(map(as_http, recorded.requests.calls))
    )
    assert "ana@example.com" in kept, "the search would find nothing"
    for secret in [*secrets, "AKIAPLANTED", "planted-key", "planted-token"]:
        assert secret not in kept
    # Not even the part of a token that says who it's for
    assert not any(secret[8:40] in kept for secret in secrets if len(secret) > 60)


def test_each_call_is_recorded_with_its_result(recorded):
    whole_flow(recorded)
    calls = recorded.requests.calls
    assert [call.number for call in calls] == list(range(1, 13))
    assert [call.operation for call in calls][:5] == [
        "CreateUserPool",
        "SetUserPoolMfaConfig",
        "CreateUserPoolClient",
        "SignUp",
        "ConfirmSignUp",
    ]
    assert [call.status for call in calls] == [200] * 4 + [400] + [200] * 7
    assert [call.error for call in calls if call.error] == ["InvalidParameterException"]
    signed = {"CreateUserPool", "SetUserPoolMfaConfig", "CreateUserPoolClient", "AdminInitiateAuth"}
    assert {call.operation for call in calls if call.signed} == signed
    assert all(0 < call.milliseconds < 60_000 for call in calls)
    assert calls[3].request["UserAttributes"] == [{"Name": "email", "Value": "ana@example.com"}]
    assert calls[3].answer["CodeDeliveryDetails"]["Destination"] == "a***@e***"


def test_a_session_has_a_mark_that_identifies_it(recorded):
    whole_flow(recorded)
    sign_in = recorded.requests.calls[6:10]
    assert [call.operation for call in sign_in] == [
        "AdminInitiateAuth",
        "AssociateSoftwareToken",
        "VerifySoftwareToken",
        "RespondToAuthChallenge",
    ]
    given, sent = [call.session_given for call in sign_in], [call.session_sent for call in sign_in]
    assert sent == ["", *given[:3]] and given[3] == "" and len(set(given)) == 4


def test_the_text_has_three_lines_per_call_and_no_values(recorded):
    whole_flow(recorded)
    told = repr(recorded.requests).splitlines()
    assert len(told) == 3 * 12
    assert told[9].startswith("4.  SignUp: unsigned, 200, ") and told[9].endswith(" ms")
    assert told[10] == "    sent ClientId, Username, Password, UserAttributes"
    assert (
        told[11]
        == "    came back UserConfirmed, UserSub, CodeDeliveryDetails (Destination, DeliveryMedium,"
        " AttributeName)"
    )
    assert told[14].startswith(
        "    error: InvalidParameterException: 1 validation error detected: Value '(hidden)' at"
        " 'confirmationCode'"
    )
    assert (
        told[1].endswith("UserPoolTags (made-by)")
        and told[2] == "    came back UserPool (18 parts)"
    )
    assert "sent ClientId, ChallengeName, Session, ChallengeResponses (USERNAME)" in repr(
        recorded.requests
    )
    assert "ana" not in repr(recorded.requests)


def test_a_call_is_shown_as_http_with_the_important_headers(recorded):
    recorded.client.list_user_pools(MaxResults=5)
    told = as_http(recorded.requests.calls[0]).splitlines()
    assert told[0] == "POST / HTTP/1.1"
    assert (
        told[1].startswith("Host: ")
        and "X-Amz-Target: AWSCognitoIdentityProviderService.ListUserPools" in told
    )
    (authorization,) = (line for line in told if line.startswith("Authorization"))
    assert authorization.startswith(
        "Authorization: AWS4-HMAC-SHA256 Credential=(hidden), SignedHeaders=content-type;host;"
    )
    assert authorization.endswith("Signature=(hidden)")
    assert '  "MaxResults": 5' in told and "HTTP/1.1 200" in told and '  "UserPools": []' in told
    assert not any("Bearer" in line or "User-Agent" in line for line in told)


def test_the_record_is_limited(recorded):
    for _ in range(KEPT + 20):
        recorded.client.list_user_pools(MaxResults=1)
    assert len(recorded.requests.all_calls) == KEPT
    assert (
        recorded.requests.calls[-1].number == KEPT + 20 and recorded.requests.calls[0].number == 21
    )
    with pytest.raises(ClientError):
        recorded.client.get_user(AccessToken="planted" * LONGEST)
    last = recorded.requests.calls[-1]
    assert (
        last.request.endswith("too long to keep)")
        and len(everything_kept(recorded.requests)) < KEPT * 10_000
    )
    assert "planted" not in everything_kept(recorded.requests)


@pytest.mark.parametrize(("more", "kept"), [(0, True), (1, False)])
def test_a_body_of_the_maximum_length_is_kept_and_a_longer_one_is_not(more, kept):
    local = LocalCognito()
    client = local.client()
    requests = Recorder(Listeners(client))
    name = "x" * (LONGEST + more - len('{"MaxResults": 1, "NextToken": ""}'))
    with pytest.raises(ClientError):
        client.list_user_pools(MaxResults=1, NextToken=name)
    assert isinstance(requests.calls[0].request, dict) is kept
    local.close()


def exchange(status=200, answer=None, **request):
    """A call as the recorder keeps it."""
    return Exchange(1, "SignUp", "https://x/", {}, request, status, {}, answer or {}, 1.0)


@pytest.mark.parametrize(("status", "error"), [(200, ""), (299, ""), (300, "X"), (400, "X")])
def test_statuses_from_300_are_errors(status, error):
    assert exchange(status, {"__type": "com.amazon#X"}).error == error


class Inside(NamedTuple):
    """What a call's line says of a structure with `count` members."""

    members: int
    told: str


@pytest.mark.parametrize(
    "row",
    [
        Inside(0, "A"),
        Inside(1, "A (a)"),
        Inside(6, "A (a, b, c, d, e, f)"),
        Inside(7, "A (7 parts)"),
    ],
)
def test_up_to_six_members_of_a_structure_are_named(row):
    told = list(lines(exchange(A=dict.fromkeys("abcdefg"[: row.members]))))
    assert told[1] == f"    sent {row.told}"


def test_the_labs_own_calls_are_kept_apart(recorded):
    with recorded.requests.aside(), recorded.requests.aside():
        recorded.client.list_user_pools(MaxResults=1)
    recorded.client.list_user_pools(MaxResults=2)
    assert [call.request["MaxResults"] for call in recorded.requests.calls] == [
        2
    ] and recorded.requests.calls[0].number == 1
    assert [call.request["MaxResults"] for call in recorded.requests.all_calls] == [1, 2]
    with pytest.raises(KeyboardInterrupt), recorded.requests.aside():
        raise KeyboardInterrupt
    recorded.client.list_user_pools(MaxResults=3)
    assert recorded.requests.calls[-1].number == 2


def test_an_interrupt_at_any_line_leaves_the_learners_calls_on_the_record():
    requests = Recorder(Listeners(LocalCognito().client()))

    def look():
        with requests.aside():
            assert requests._is_aside()

    for where in at_every_line({recorder.__file__, contextlib.__file__}, look, least=4):
        assert not requests._is_aside(), where


def test_a_call_boto3_does_not_send_is_not_recorded(recorded):
    with pytest.raises(ParamValidationError):
        recorded.client.sign_up(ClientId=5)
    assert recorded.requests.calls == [] and repr(recorded.requests) == "No requests were sent yet."


def test_another_client_is_not_recorded(recorded):
    other = recorded.local.client()
    other.list_user_pools(MaxResults=1)
    assert recorded.requests.all_calls == []


def test_a_call_without_a_response_names_the_problem_and_every_attempt():
    config = Config(retries={"mode": "standard", "total_max_attempts": 2}, connect_timeout=1)
    client = boto3.client(
        "cognito-idp",
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:1",
        config=config,
        **keys(),
    )
    requests = Recorder(Listeners(client))
    with pytest.raises(EndpointConnectionError):
        client.initiate_auth(
            ClientId="c",
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD},
        )
    client.close()
    assert [(call.status, call.trouble) for call in requests.calls] == [
        (None, "EndpointConnectionError")
    ] * 2
    assert "unsigned, no answer (EndpointConnectionError)" in repr(
        requests
    ) and "No response came" in as_http(requests.calls[0])
    assert PASSWORD not in everything_kept(requests)


def test_a_bug_in_the_service_is_raised_unchanged_and_recorded():
    client = LocalCognito().client()
    requests = Recorder(Listeners(client))

    def broken(**_):
        raise RuntimeError("a bug")

    client.meta.events.register("before-send.cognito-identity-provider", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        client.list_user_pools(MaxResults=1)
    assert requests.calls[0].trouble == "RuntimeError"


def test_an_interrupted_call_leaves_nothing_behind():
    client = LocalCognito().client()
    requests = Recorder(Listeners(client))

    def interrupted(**_):
        raise KeyboardInterrupt

    client.meta.events.register("before-send.cognito-identity-provider", interrupted)
    with pytest.raises(KeyboardInterrupt):
        client.get_user(AccessToken="planted" * 10)
    gc.collect()
    assert requests._sent() is None and requests.all_calls == []


def test_the_time_of_a_call_is_that_of_its_response_in_process_too(monkeypatch):
    local, clock = LocalCognito(), [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: clock[0])
    answer = local.service.answer

    def slow(*given):
        clock[0] += 5
        return answer(*given)

    local.service.answer = slow
    client = local.client()
    requests = Recorder(Listeners(client))
    client.list_user_pools(MaxResults=1)
    assert requests.calls[0].milliseconds == 5000 and "200, 5000 ms" in repr(requests)


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=5
    ).map(json.dumps)
)
def test_any_request_and_response_is_recorded_without_an_error(body):
    requests = Recorder(Listeners(CLIENT))
    request = AWSPreparedRequest(
        "POST", "https://x/", {"X-Amz-Target": f"{TARGET}SignUp".encode()}, body, None
    )
    answer = {
        "status_code": 400,
        "headers": {},
        "body": body if isinstance(body, bytes) else body.encode("utf-8", "replace"),
    }
    requests.before_send(request)
    requests.response_received(answer, None, None)
    (call,) = requests.calls
    assert call.operation == "SignUp" and call.error
    assert as_http(call) and repr(requests)


def test_the_lab_records_the_learners_calls_and_not_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path))
    lab = open_lab(A_CONFIRMED_USER)
    lab.free_username()
    lab.user_status()
    assert lab.requests.calls == [] and len(lab.requests.all_calls) > 5
    lab.cognito.admin_get_user(UserPoolId=lab.pool_id, Username="ana")
    assert [(call.number, call.operation) for call in lab.requests.calls] == [(1, "AdminGetUser")]
    assert open_lab(A_POOL).requests.calls == []
