"""The HTTP endpoint: it agrees with the in-process transport, always responds in JSON, and accepts
only this machine. BEHAVIOR.md, section 0.
"""

import asyncio
import errno
import json
import logging
import re
import socket
import sqlite3
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

import jwt
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_helpers.local_cognito import LocalCognito, StateFileError
from cognito_helpers.local_cognito.endpoint import Endpoint
from cognito_helpers.local_cognito.service import OPERATIONS, Answer
from cognito_helpers.local_cognito.transports import http, http_handler, http_stream
from cognito_helpers.local_cognito.transports import in_process as in_process
from cognito_helpers.sign_in.tokens import verify

from .flow import EMAIL, PASSWORD, UNTRACKED, USERNAME, VARIANTS, Flow, plain
from .raw_http import PATIENCE, TARGET, Reply, boto_client, chunked, dial, ends, request, send

LIST = TARGET + "ListUserPools"
ONE = b'{"MaxResults": 1}'


class Spy:
    """A service that records each request and sends its body back."""

    def __init__(self):
        self.seen = []

    def answer(self, operation, body, endpoint):
        self.seen.append((operation, body, endpoint))
        return Answer(200, {"Content-Type": "application/x-amz-json-1.1"}, body)


@pytest.fixture
def spy():
    return Spy()


@pytest.fixture
def spied(spy):
    """The URL of an HTTP endpoint of the spy."""
    with http.opened(spy) as url:
        yield url


@pytest.fixture(scope="session")
def http_client(endpoint):
    return boto_client(endpoint)


@pytest.fixture
def over_http(emulator, aws, http_client):
    """Like `make_flow`, with every call over HTTP."""
    return lambda kind="tutorial", **changes: Flow(
        emulator, http_client, **{**VARIANTS[kind], **changes}
    )


# Both transports agree


class Once:
    """Asks the service once for each request, so that a request that changes something can be sent
    through both transports.
    """

    def __init__(self):
        self.for_test(None)

    def for_test(self, service):
        self.service, self.given, self.endpoints = service, {}, []

    def answer(self, operation, body, endpoint):
        self.endpoints.append(endpoint)
        if (operation, body) not in self.given:
            self.given[operation, body] = self.service.answer(operation, body, endpoint)
        return self.given[operation, body]


@pytest.fixture(scope="module")
def once():
    return Once()


@pytest.fixture(scope="module")
def inside(once):
    return in_process.client(once, "us-east-1")


@pytest.fixture(scope="module")
def outside(once):
    with http.opened(once) as url:
        yield boto_client(url)


ALICE = {"USERNAME": USERNAME, "PASSWORD": PASSWORD}
# Response: the call, by a client and a flow with the IDs
SAME = {
    "a list": lambda aws, f: aws.list_user_pools(MaxResults=60),
    "dates": lambda aws, f: aws.admin_get_user(UserPoolId=f.pool_id, Username=USERNAME),
    "a change": lambda aws, f: aws.sign_up(
        ClientId=f.client_id,
        Username="bob",
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": EMAIL}],
    ),
    "tokens": lambda aws, f: aws.initiate_auth(
        ClientId=f.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=ALICE
    ),
    "an answer without a body": lambda aws, f: aws.delete_user_pool_client(
        UserPoolId=f.pool_id, ClientId=f.client_id
    ),
    "an error": lambda aws, f: aws.describe_user_pool(UserPoolId="us-east-1_nosuchone"),
    "an error of an unsigned call": lambda aws, f: aws.get_user(AccessToken="x"),
    "an error beyond ASCII": lambda aws, f: aws.list_users(
        UserPoolId=f.pool_id, Filter='名前 = "x"'
    ),
    "an error that quotes a line break": lambda aws, f: aws.confirm_sign_up(
        ClientId=f.client_id, Username=USERNAME, ConfirmationCode="1\r\n2\x00"
    ),
    "an error longer than any header may be": lambda aws, f: aws.create_user_pool(
        PoolName="x" * 100_000
    ),
    "a text beyond the first plane": lambda aws, f: aws.create_user_pool(
        PoolName="x", UserPoolTags={"mood": "🐢"}
    ),
    "what only Amazon Cognito has": lambda aws, f: aws.list_groups(UserPoolId=f.pool_id),
}
# Headers that only HTTP adds
OF_THE_CONNECTION = {"date", "content-length", "connection"}


def outcome(call, aws, flow):
    try:
        answer = call(aws, flow)
    except ClientError as error:
        answer = error.response
    metadata = answer["ResponseMetadata"]
    metadata["HTTPHeaders"] = {
        name.lower(): value
        for name, value in metadata["HTTPHeaders"].items()
        if name.lower() not in OF_THE_CONNECTION
    }
    return answer


@pytest.mark.parametrize("call", SAME.values(), ids=SAME)
def test_both_transports_give_the_same_response(make_flow, once, inside, outside, call):
    flow = make_flow("no MFA").confirmed()
    once.for_test(flow.emulator.service)
    assert outcome(call, outside, flow) == outcome(call, inside, flow)
    assert len(once.given) == 1, "what reached the service was not the same"
    first, second = once.endpoints
    assert first.region in ("us-east-1", None)
    assert first.url == outside.meta.endpoint_url
    assert second == Endpoint("us-east-1", "https://cognito-idp.us-east-1.amazonaws.com")


def test_the_whole_flow_works_over_http(over_http):
    """Signed calls and unsigned ones, with a body and without, in turns."""
    flow = over_http(pool=UNTRACKED).challenged()
    flow.send_code()
    assert flow.get_user()["Username"] == USERNAME
    assert flow.refresh()["AuthenticationResult"]["AccessToken"]
    assert flow.look()["UserStatus"] == "CONFIRMED"
    assert plain(flow.aws.delete_user(AccessToken=flow.tokens["AccessToken"])) == {}
    with pytest.raises(flow.aws.exceptions.UserNotFoundException, match="User does not exist."):
        flow.look()


# The issuer of tokens


def test_tokens_name_the_endpoint_they_came_from(over_http, endpoint, shared_client):
    """Section 6: the issuer is where the keys are found. And a token is valid at either."""
    flow = over_http("no MFA").signed_in()
    keys = send(
        endpoint, request(endpoint, "GET", f"/{flow.pool_id}/.well-known/jwks.json"), method="GET"
    ).json
    now = flow.emulator.clock.now()
    for use, token in (("access", flow.tokens["AccessToken"]), ("id", flow.tokens["IdToken"])):
        assert verify(
            token,
            keys,
            use=use,
            issuer=f"{endpoint}/{flow.pool_id}",
            client_id=flow.client_id,
            now=now,
        ).claims["sub"]
    assert shared_client.get_user(AccessToken=flow.tokens["AccessToken"])["Username"] == USERNAME

    flow.aws = shared_client
    flow.sign_in()
    with pytest.raises(jwt.InvalidIssuerError):
        verify(
            flow.tokens["AccessToken"],
            keys,
            use="access",
            issuer=f"{endpoint}/{flow.pool_id}",
            client_id=flow.client_id,
            now=now,
        )
    usual = f"https://cognito-idp.us-east-1.amazonaws.com/{flow.pool_id}"
    assert verify(
        flow.tokens["AccessToken"],
        keys,
        use="access",
        issuer=usual,
        client_id=flow.client_id,
        now=now,
    )
    assert (
        boto_client(endpoint).get_user(AccessToken=flow.tokens["AccessToken"])["Username"]
        == USERNAME
    )


def test_the_endpoint_shows_a_pools_keys(flow, endpoint):
    reply = send(
        endpoint,
        request(
            endpoint,
            "GET",
            f"/{flow.pool_id}/.well-known/jwks.json?x=1",
            target=None,
            Content_Length=None,
        ),
        method="GET",
    )
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json == flow.emulator.jwks(flow.pool_id)
    assert len(reply.json["keys"]) == 2


def test_the_endpoint_shows_a_pools_openid_configuration(flow, endpoint):
    """12.5. Its issuer is that of the tokens from the same endpoint."""
    path = f"/{flow.pool_id}/.well-known/"
    reply = send(endpoint, request(endpoint, "GET", f"{path}openid-configuration"), method="GET")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    shown, inside = reply.json, flow.emulator.openid_configuration(flow.pool_id)
    assert (shown["issuer"], shown["jwks_uri"]) == (
        endpoint + path[:-13],
        f"{endpoint}{path}jwks.json",
    )
    assert shown["id_token_signing_alg_values_supported"] == ["RS256"]
    assert shown["subject_types_supported"] == ["public"]
    usual = "https://cognito-idp.us-east-1.amazonaws.com"
    assert inside == json.loads(json.dumps(shown).replace(endpoint, usual))
    unknown = request(endpoint, "GET", "/us-east-1_nosuchone/.well-known/openid-configuration")
    assert send(endpoint, unknown, method="GET").error == (400, "ResourceNotFoundException")


# The Region

SCOPE = (
    "Credential=AKIAIOSFODNN7EXAMPLE/20270115/{}/cognito-idp/aws4_request, SignedHeaders=host,"
    " Signature=0"
)
SIGNED = "AWS4-HMAC-SHA256 " + SCOPE
# What a client sends: (Authorization, the Region it names)
AUTHORIZATIONS = {
    "signed": (SIGNED.format("eu-west-1"), "eu-west-1"),
    "signed, with more space": (
        "AWS4-HMAC-SHA256   " + SCOPE.format("us-gov-west-1"),
        "us-gov-west-1",
    ),
    "unsigned": (None, None),
    "a token": ("Bearer eyJhIjoxfQ.x.y", None),
    "a password": ("Basic YTpi", None),
    "signed for every region": (
        (
            "AWS4-ECDSA-P256-SHA256 Credential=A/20270115/cognito-idp/aws4_request,"
            " SignedHeaders=host, Signature=0"
        ),
        None,
    ),
    "signed for what is no region": (SIGNED.format("EU WEST"), None),
    "signed for nothing": (SIGNED.format(""), None),
    "a scope beyond measure": (SIGNED.format("e" * 50_000), None),
    "half a scope": ("AWS4-HMAC-SHA256 Credential=A/20270115", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("authorization", "region"), AUTHORIZATIONS.values(), ids=AUTHORIZATIONS)
def test_the_region_is_the_one_in_the_signature(spy, spied, authorization, region):
    """A request is accepted however it's signed: the emulator has no accounts."""
    assert send(spied, request(spied, body=ONE, Authorization=authorization)).status == 200
    assert spy.seen == [("ListUserPools", ONE, Endpoint(region, spied))]


def ask(endpoint, operation, authorization=None, **body):
    reply = send(
        endpoint,
        request(
            endpoint,
            body=json.dumps(body).encode(),
            target=TARGET + operation,
            Authorization=authorization,
        ),
    )
    return reply.json if reply.status == 200 else reply.json["__type"]


def test_a_request_without_a_region_finds_pools_of_all(emulator, aws, endpoint):
    european = emulator.client("eu-west-1").create_user_pool(PoolName="x")["UserPool"]["Id"]
    american = ask(endpoint, "CreateUserPool", PoolName="x")["UserPool"]
    assert american["Id"].startswith("us-east-1_")
    assert american["Arn"].startswith("arn:aws:cognito-idp:us-east-1:")
    for pool_id in (european, american["Id"]):
        assert ask(endpoint, "DescribeUserPool", UserPoolId=pool_id)["UserPool"]["Id"] == pool_id
    assert [pool["Id"] for pool in ask(endpoint, "ListUserPools", MaxResults=60)["UserPools"]] == [
        american["Id"]
    ]
    assert ask(endpoint, "DescribeUserPool", UserPoolId="nowhere") == "InvalidParameterException"
    assert (
        ask(endpoint, "DescribeUserPool", UserPoolId="eu-west-1_nosuchone")
        == "ResourceNotFoundException"
    )


def test_a_request_with_a_region_finds_only_its_pools(aws, endpoint):
    german = SIGNED.format("eu-central-1")
    pool_id = ask(endpoint, "CreateUserPool", german, PoolName="x")["UserPool"]["Id"]
    assert pool_id.startswith("eu-central-1_")
    assert [
        pool["Id"] for pool in ask(endpoint, "ListUserPools", german, MaxResults=60)["UserPools"]
    ] == [pool_id]
    assert (
        ask(endpoint, "ListUserPools", SIGNED.format("us-east-1"), MaxResults=60)["UserPools"] == []
    )
    assert (
        ask(endpoint, "DescribeUserPool", SIGNED.format("us-east-1"), UserPoolId=pool_id)
        == "ResourceNotFoundException"
    )


def test_a_device_belongs_to_its_pools_region(emulator, aws, endpoint):
    """1.11. Sign-in is unsigned: only the pool tells where it is."""
    flow = Flow(
        emulator, boto_client(endpoint, "eu-west-3"), **VARIANTS["no MFA, tracked"]
    ).signed_in()
    assert flow.pool_id.startswith("eu-west-3_")
    assert flow.offer["DeviceKey"].startswith("eu-west-3_")


# Who may connect


def own_port(url):
    return urlsplit(url).port


# A host: is it this endpoint's? PORT stands for the endpoint's port.
HOSTS = {
    "127.0.0.1:PORT": True,
    "127.0.0.1": True,
    "localhost:PORT": True,
    "localhost": True,
    "LocalHost:PORT": True,
    "[::1]:PORT": True,
    "[::1]": True,
    "127.0.0.1:1": False,
    "localhost:1": False,
    "evil.example": False,
    "evil.example:PORT": False,
    "localhost.evil.example:PORT": False,
    "evil.example@localhost:PORT": False,
    "127.0.0.1:PORT.evil.example": False,
    "127.0.0.2:PORT": False,
    "0.0.0.0:PORT": False,
    "127-0-0-1.evil.example:PORT": False,
    "::1": False,
    "localhost:": False,
    "127.0.0.1:PORT, evil.example": False,
    "": False,
}


@pytest.mark.parametrize(("host", "own"), HOSTS.items(), ids=HOSTS)
def test_only_this_machines_own_names_are_accepted(spy, spied, host, own):
    """A page of a site whose name leads to this machine would send that name."""
    reply = send(spied, request(spied, Host=host.replace("PORT", str(own_port(spied)))))
    assert len(spy.seen) == own
    if own:
        assert reply.status == 200
    else:
        # What can't be a host isn't valid HTTP.
        assert reply.error in [(403, "ForbiddenException"), NOT_JSON]


@pytest.mark.parametrize(
    ("version", "error"),
    [("HTTP/1.1", (400, "SerializationException")), ("HTTP/1.0", (403, "ForbiddenException"))],
)
def test_a_request_without_a_host_is_rejected(spy, spied, version, error):
    bare = request(spied, Host=None).replace(b"HTTP/1.1", version.encode())
    assert send(spied, bare).error == error
    assert spy.seen == []


# An origin: is it this machine's?
ORIGINS = {
    "http://localhost": True,
    "http://localhost:8888": True,
    "https://127.0.0.1:8888": True,
    "http://[::1]:8888": True,
    "HTTP://LOCALHOST:8888": True,
    "null": False,
    "": False,
    "https://evil.example": False,
    "http://localhost.evil.example": False,
    "http://evil.example:80@localhost": False,
    "http://localhost:80.evil.example": False,
    "http://localhost/": False,
    "file://": False,
    "chrome-extension://localhost": False,
    "http://localhost, https://evil.example": False,
}


@pytest.mark.parametrize(("origin", "own"), ORIGINS.items(), ids=ORIGINS)
@pytest.mark.parametrize("method", ["POST", "GET", "OPTIONS"])
def test_pages_of_other_sites_are_rejected(spy, spied, method, origin, own):
    reply = send(spied, request(spied, method, Origin=origin), method=method)
    assert len(spy.seen) == (own and method == "POST")
    if not own:
        assert reply.error == (403, "ForbiddenException")
    assert not [name for name in reply.headers if name.lower().startswith("access-control")], (
        "no page may read an answer"
    )


def test_two_origins_are_rejected(spy, spied):
    twice = request(spied, Origin="http://localhost").replace(
        b"\r\n\r\n", b"\r\nOrigin: https://evil.example\r\n\r\n"
    )
    assert send(spied, twice).error == (403, "ForbiddenException")
    assert spy.seen == []


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere this machine is not at 127.0.0.2 as well"
)
def test_other_machines_cannot_connect(spied):
    """An endpoint that listened everywhere would respond at that address too."""
    with closing(socket.socket()) as connection:
        assert connection.connect_ex(("127.0.0.2", own_port(spied))) != 0
    with closing(dial(spied)):
        pass


# Rejected requests

UNKNOWN = 400, "UnknownOperationException"
NOT_JSON = 400, "SerializationException"
# What is sent: (the request except for the URL, the error). Choice in all but the code of an
# unknown operation.
ERRORS = {
    "no target": ({"target": None}, UNKNOWN),
    "an empty target": ({"target": ""}, UNKNOWN),
    "an operation without its service": ({"target": "ListUserPools"}, UNKNOWN),
    "an operation of another service": (
        {"target": "AWSCognitoIdentityService.ListIdentityPools"},
        UNKNOWN,
    ),
    "an operation of a service with more to its name": ({"target": "x." + LIST}, UNKNOWN),
    "a service without an operation": ({"target": TARGET}, UNKNOWN),
    "an operation that nobody has": ({"target": TARGET + "NoSuchOperation"}, UNKNOWN),
    "an operation of that name in other letters": ({"target": TARGET + "listuserpools"}, UNKNOWN),
    "a target beyond ASCII": ({"target": TARGET + "Lïst\xff"}, UNKNOWN),
    "a target as long as can be": ({"target": TARGET + "x" * 60_000}, UNKNOWN),
    "an operation that only Amazon Cognito has": (
        {"target": TARGET + "CreateIdentityProvider"},
        (501, "NotInEmulatorException"),
    ),
    "no body": ({"body": b""}, (400, "InvalidParameterException")),
    "no JSON": ({"body": b"MaxResults=1"}, NOT_JSON),
    "compressed JSON": ({"body": b"\x1f\x8b\x08\x00", "Content_Encoding": "gzip"}, NOT_JSON),
    "a file": (
        {"body": b"--x\r\n\r\n--x--", "Content_Type": "multipart/form-data; boundary=x"},
        NOT_JSON,
    ),
    "a form": (
        {"body": b"%ff" * 1000, "Content_Type": "application/x-www-form-urlencoded"},
        NOT_JSON,
    ),
    "GET": ({"method": "GET"}, UNKNOWN),
    "PUT": ({"method": "PUT", "body": ONE}, UNKNOWN),
    "OPTIONS": ({"method": "OPTIONS"}, UNKNOWN),
    "another path": ({"path": "/login"}, UNKNOWN),
    "a path beyond ASCII": ({"path": "/%ff%00"}, UNKNOWN),
    "a path through the folders": ({"method": "GET", "path": "/../../etc/passwd"}, UNKNOWN),
    "a whole URL for a path": ({"path": "http://evil.example/"}, UNKNOWN),
    "keys of no pool": (
        {"method": "GET", "path": "/us-east-1_nosuchone/.well-known/jwks.json"},
        (400, "ResourceNotFoundException"),
    ),
    "keys of what cannot be a pool": (
        {"method": "GET", "path": "/%00'--/.well-known/jwks.json"},
        (400, "ResourceNotFoundException"),
    ),
    "keys of nothing": ({"method": "GET", "path": "/.well-known/jwks.json"}, UNKNOWN),
    "keys by POST": ({"path": "/us-east-1_nosuchone/.well-known/jwks.json"}, UNKNOWN),
}


@pytest.mark.parametrize(("sent", "error"), ERRORS.values(), ids=ERRORS)
def test_an_invalid_operation_is_rejected_in_json(flow, endpoint, sent, error):
    before = flow.state()
    with closing(dial(endpoint)) as connection:
        connection.sendall(request(endpoint, **{"body": ONE, **sent}))
        assert Reply(connection).error == error
        assert flow.state() == before
        # And the connection stays open.
        connection.sendall(request(endpoint, body=ONE))
        assert Reply(connection).status == 200


@pytest.mark.parametrize("method", ["BREW", "post", "CONNECT", "X" * 1000])
@pytest.mark.parametrize("origin", [None, "https://evil.example"], ids=["no page", "a page"])
def test_an_invalid_method_is_rejected_in_json_and_ends_the_connection(spied, spy, method, origin):
    with closing(dial(spied)) as connection:
        connection.sendall(request(spied, method, body=ONE, Origin=origin))
        error = (403, "ForbiddenException") if origin else UNKNOWN
        assert Reply(connection).error == error
        assert ends(connection) == b""
    assert spy.seen == []


CHUNKS = {"Content_Length": None, "Transfer_Encoding": "chunked"}
# What is sent: the bytes, from the URL
NO_REQUESTS = {
    "a word": lambda url: b"hello\r\n\r\n",
    "nothing but lines": lambda url: b"\r\n\r\n\r\n\r\n",
    "zeros": lambda url: b"\x00" * 100_000,
    "TLS": lambda url: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\r\n\r\n",
    "HTTP/2": lambda url: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": lambda url: b"GET /\r\n\r\n",
    "a header without a colon": lambda url: b"POST / HTTP/1.1\r\nHost\r\n\r\n",
    "a header with a space in its name": lambda url: request(url, **{"X y": "1"}),
    "a header with a control character": lambda url: request(url, X="\x00"),
    "a header over two lines": lambda url: request(url, X="1\r\n 2"),
    "a head that is too long": lambda url: request(url, X="x" * http.LARGEST_HEAD),
    "a head of too many lines": lambda url: request(
        url, **{f"X-{number}": "x" for number in range(10_000)}
    ),
    "a length that is no number": lambda url: request(url, Content_Length="many"),
    "a length below nothing": lambda url: request(url, Content_Length="-1"),
    "two lengths": lambda url: request(url, Content_Length="1, 2"),
    "a length and chunks": lambda url: request(url, Transfer_Encoding="chunked"),
    "another encoding": lambda url: request(url, Content_Length=None, Transfer_Encoding="gzip"),
    "a chunk of no size": lambda url: request(url, **CHUNKS) + b"x\r\n",
    "a chunk whose size is too long": lambda url: request(url, **CHUNKS) + b"1" * 1000,
    "a chunk that is longer than it says": lambda url: request(url, **CHUNKS) + b"1\r\nxx\r\n",
    "a last chunk that is not": lambda url: request(url, **CHUNKS) + b"0\r\nxx\r\n",
}


@pytest.fixture
def patient(monkeypatch):
    """Give clients enough time to disconnect, so that a connection that ends earlier was closed by
    the endpoint.
    """
    monkeypatch.setattr(http_stream, "LAST_WORDS", 2 * PATIENCE)


@pytest.mark.parametrize("sent", NO_REQUESTS.values(), ids=NO_REQUESTS)
def test_what_is_not_http_is_rejected_in_json_too(spy, spied, patient, sent):
    with closing(dial(spied)) as connection:
        connection.sendall(sent(spied))
        reply = Reply(connection)
        assert reply.error == (400, "SerializationException")
        assert reply.headers["Connection"] == "close"
        assert ends(connection) == b""
    assert spy.seen == []
    assert send(spied, request(spied)).status == 200


def test_headers_at_the_limit_are_accepted(spy, spied):
    """The test above has headers that are too long."""
    head = request(spied, X="")
    assert send(spied, request(spied, X="x" * (http.LARGEST_HEAD - len(head)))).status == 200
    assert len(spy.seen) == 1


def test_a_response_to_head_has_no_body(spied):
    with closing(dial(spied)) as connection:
        connection.sendall(request(spied, "HEAD") + request(spied, body=ONE, Connection="close"))
        came = ends(connection)
    assert came.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert came.endswith(b"\r\n\r\n" + ONE)
    assert came.count(b"\r\n\r\n") == 2


TOO_LARGE = 413, "RequestEntityTooLargeException"


def test_a_body_of_the_maximum_size_is_accepted(spy, spied):
    largest = b"x" * http_handler.LARGEST_BODY
    assert send(spied, request(spied, body=largest)).body == largest
    assert (
        send(spied, request(spied, **CHUNKS), chunked(largest[:-7], largest[-7:])).body == largest
    )
    assert [body for _, body, _ in spy.seen] == [largest] * 2


@pytest.mark.parametrize("length", [http_handler.LARGEST_BODY + 1, 10**12, "9" * 5000])
def test_a_larger_body_is_rejected_before_it_arrives(spy, spied, patient, length):
    with closing(dial(spied)) as connection:
        connection.sendall(request(spied, Content_Length=length, Expect="100-continue"))
        reply = Reply(connection)
        assert reply.error == TOO_LARGE
        assert reply.headers["Connection"] == "close"
        assert ends(connection) == b""
    assert spy.seen == []


def test_too_many_chunks_are_rejected(spy, spied):
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with closing(dial(spied)) as connection:
        connection.sendall(
            request(spied, **CHUNKS) + piece * (http_handler.LARGEST_BODY // 65536) + b"1\r\nx"
        )
        assert Reply(connection).error == TOO_LARGE
    assert spy.seen == []


def test_a_chunk_is_rejected_once_too_much_of_it_has_arrived(spied):
    """However long it claims to be."""
    much = b"x" * (http_handler.LARGEST_BODY + 1)
    assert send(spied, request(spied, **CHUNKS) + b"%x\r\n" % 10**12 + much).error == TOO_LARGE


def test_a_client_that_never_ends_is_disconnected(spied, monkeypatch):
    monkeypatch.setattr(http_stream, "LAST_WORDS", 0.05)
    started = time.monotonic()
    with closing(dial(spied)) as connection, pytest.raises(ConnectionError):
        connection.sendall(request(spied, Content_Length=10**12))
        while time.monotonic() < started + PATIENCE:
            connection.sendall(b"x")


@pytest.mark.parametrize("head", [{}, CHUNKS], ids=["with a length", "in chunks"])
def test_a_client_that_sends_everything_first_gets_the_response_too(spied, head):
    """Closing a connection with unread input resets it, and the response is lost."""
    body = b"x" * (8 * http_handler.LARGEST_BODY)
    sent = request(spied, body=body) if not head else request(spied, **head) + chunked(body)
    assert send(spied, sent).error == TOO_LARGE


# Connections


def test_one_connection_serves_many_requests(spy, spied):
    with closing(dial(spied)) as connection:
        for number in range(20):
            connection.sendall(request(spied, body=b"%d" % number))
            assert Reply(connection).body == b"%d" % number


def test_requests_sent_at_once_are_answered_in_order(spied):
    sent = [request(spied, body=b"<%d>" % number) for number in range(20)] + [
        request(spied, body=b"<end>", Connection="close")
    ]
    with closing(dial(spied)) as connection:
        connection.sendall(b"".join(sent))
        came = ends(connection)
    assert re.findall(rb"<\w+>", came) == [b"<%d>" % number for number in range(20)] + [b"<end>"]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_request_may_come_in_pieces(spied, size):
    whole = request(spied, body=ONE)
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    assert send(spied, *pieces).body == ONE


def test_a_client_that_asks_before_sending_a_body_is_told_to_continue(spied):
    with closing(dial(spied)) as connection:
        connection.sendall(request(spied, Content_Length="2", Expect="100-continue"))
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"{}")
        assert Reply(connection).body == b"{}"


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(http, "IDLE", 0.05)
    monkeypatch.setattr(http, "SLOW", 0.05)
    monkeypatch.setattr(http_handler, "UNREAD", 0.05)


# What is sent before the client stops: the bytes, from the URL
UNFINISHED = {
    "nothing": lambda url: b"",
    "half a line": lambda url: b"POST / HT",
    "TLS": lambda url: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "half a head": lambda url: request(url)[:-2],
    "half a body": lambda url: request(url, Content_Length="10") + b"x",
    "half a chunk": lambda url: request(url, **CHUNKS) + b"a\r\nx",
}


@pytest.mark.parametrize("sent", UNFINISHED.values(), ids=UNFINISHED)
def test_a_client_that_stops_sending_is_disconnected(hurried, spy, spied, sent):
    with closing(dial(spied)) as connection:
        connection.sendall(sent(spied))
        assert ends(connection) == b""
    assert spy.seen == []


def test_an_idle_connection_is_closed(hurried, spied):
    with closing(dial(spied)) as connection:
        connection.sendall(request(spied, body=ONE))
        assert Reply(connection).body == ONE
        assert ends(connection) == b""


def test_a_client_that_does_not_read_is_disconnected(hurried, monkeypatch):
    closed = threading.Event()
    forget = http.HttpEndpoint._forget
    monkeypatch.setattr(http.HttpEndpoint, "_forget", lambda *given: (forget(*given), closed.set()))
    monkeypatch.setattr(http_stream, "LAST_WORDS", 0.05)
    size = 50_000_000

    class Talkative:
        def answer(self, operation, body, endpoint):
            return Answer(200, {}, b"x" * size)

    with http.opened(Talkative()) as url, closing(dial(url, receive_buffer=4096)) as connection:
        connection.sendall(request(url))
        assert closed.wait(PATIENCE)
        assert len(ends(connection)) < size


@pytest.mark.parametrize("sent", UNFINISHED.values(), ids=UNFINISHED)
def test_a_client_that_disconnects_in_the_middle_does_no_harm(spy, spied, sent, capfd):
    with closing(dial(spied)) as connection:
        connection.sendall(sent(spied))
    assert send(spied, request(spied)).status == 200
    assert len(spy.seen) == 1
    assert capfd.readouterr() == ("", "")


def test_many_clients_at_once(emulator, aws, endpoint):
    """Each signs up, confirms and signs in as a different user, on connections that stay open."""
    clients = [boto_client(endpoint), boto_client(endpoint)]
    pool = Flow(emulator, clients[0], **VARIANTS["no MFA"])

    def walk(number):
        flow = object.__new__(Flow)
        flow.__dict__.update(pool.__dict__, aws=clients[number % 2], username=f"user{number}")
        flow.signed_in()
        return [flow.get_user()["Username"] for _ in range(5)]

    with ThreadPoolExecutor(8) as crowd:
        assert list(crowd.map(walk, range(24))) == [[f"user{number}"] * 5 for number in range(24)]
    assert len(pool.list()["Users"]) == 24


def test_a_locked_state_file_does_not_block_other_requests(tmp_path):
    emulator = LocalCognito(tmp_path / "state.sqlite")
    begun = threading.Event()

    class Telling:
        def answer(self, operation, body, endpoint):
            begun.set()
            return emulator.service.answer(operation, body, endpoint)

    other = sqlite3.connect(tmp_path / "state.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with http.opened(Telling()) as url, closing(dial(url)) as waiting:
        waiting.sendall(request(url, body=ONE))
        assert begun.wait(PATIENCE)
        assert send(url, request(url, Host="evil.example")).status == 403
        assert send(url, b"hello\r\n\r\n").status == 400
        other.execute("COMMIT")
        assert Reply(waiting).json == {"UserPools": []}
    other.close()
    emulator.close()


# Errors inside

SECRET = "Correct-Horse-7"


class Broken:
    def __init__(self, trouble):
        self.trouble = trouble

    def answer(self, operation, body, endpoint):
        raise self.trouble

    keys = answer


def test_a_bug_is_printed_without_the_request(capfd):
    with http.opened(Broken(ZeroDivisionError(SECRET))) as url:
        reply = send(url, request(url, body=b'{"Password": "%s"}' % SECRET.encode()))
        assert reply.error == (500, "InternalErrorException")
        assert send(url, request(url)).status == 500, "the endpoint continues"
    out, err = capfd.readouterr()
    assert out == ""
    assert "ZeroDivisionError" in err
    assert "in answer\n    raise self.trouble" in err
    assert SECRET not in err + reply.body.decode()


def test_a_failing_state_file_is_reported_with_its_sentence(capfd):
    sentence = "The state file x is held by another process."
    with http.opened(Broken(StateFileError(sentence))) as url:
        reply = send(url, request(url))
    assert reply.error == (500, "InternalErrorException")
    assert reply.json["message"] == sentence
    assert capfd.readouterr() == ("", sentence + "\n")


def test_no_request_is_logged(emulator, aws, endpoint, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    before = ask(endpoint, "CreateUserPool", PoolName="x")["UserPool"]["Id"]
    client = ask(endpoint, "CreateUserPoolClient", UserPoolId=before, ClientName="x")[
        "UserPoolClient"
    ]["ClientId"]
    assert ask(endpoint, "SignUp", ClientId=client, Username="alice", Password=SECRET)["UserSub"]
    assert (
        ask(endpoint, "SignUp", ClientId=client, Username="alice", Password=SECRET)
        == "UsernameExistsException"
    )
    assert (
        send(endpoint, request(endpoint, body=SECRET.encode(), Host="evil.example")).status == 403
    )
    assert send(endpoint, request(endpoint, body=SECRET.encode() * 100_000)).status == 413
    assert send(endpoint, request(endpoint, body=SECRET.encode() + b"\r\n", **CHUNKS)).status == 400
    assert SECRET not in caplog.text
    assert capfd.readouterr() == ("", "")


# Opening and closing


def test_at_the_connection_limit_one_line_is_printed(spied, monkeypatch, capfd):
    """Later clients wait until another one disconnects."""
    monkeypatch.setattr(http, "MOST_CONNECTIONS", 3)
    with http.opened(Spy()) as url:
        idle = [dial(url) for _ in range(3)]
        waiting = [dial(url) for _ in range(3)]
        for connection in waiting:
            connection.sendall(request(url, body=ONE))
        for gone, served in zip(idle, waiting, strict=True):
            gone.close()
            assert Reply(served).body == ONE
            served.close()
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("3 connections are open, which is the limit")


def test_without_free_descriptors_it_says_so_once_and_retries(monkeypatch, capfd):
    failures = iter(range(5))

    def failing(listener):
        if next(failures, None) is not None:
            raise OSError(errno.EMFILE, "Too many open files")
        return accept(listener)

    accept = socket.socket.accept
    monkeypatch.setattr(socket.socket, "accept", failing)
    monkeypatch.setattr(http, "PAUSE", 0.0)
    with http.opened(Spy()) as url:
        assert send(url, request(url, body=ONE)).body == ONE
    assert next(failures, None) is None
    assert capfd.readouterr() == ("", "A connection couldn't be accepted: Too many open files.\n")


def test_a_request_that_arrives_during_closing_is_not_started(monkeypatch):
    monkeypatch.setattr(http, "LAST_WORDS", PATIENCE)
    begun, go_on, seen = threading.Event(), threading.Event(), []

    class Slow:
        def answer(self, operation, body, door):
            seen.append(body)
            begun.set()
            go_on.wait(PATIENCE)
            return Answer(200, {}, body)

    endpoint = http.HttpEndpoint(Slow())
    serving = threading.Thread(target=lambda: asyncio.run(endpoint.serve()))
    serving.start()
    with closing(dial(endpoint.url)) as first, closing(dial(endpoint.url)) as second:
        second.sendall(request(endpoint.url, body=b"1")[:-1])
        first.sendall(request(endpoint.url, body=b"first"))
        assert begun.wait(PATIENCE)
        endpoint.stop()
        while not endpoint.stopping:
            pass
        second.sendall(b"1")
        assert Reply(second).error == (503, "ServiceUnavailableException")
        go_on.set()
        assert Reply(first).body == b"first"
    serving.join()
    assert seen == [b"first"]


def test_a_port_in_use_is_reported(spied):
    with pytest.raises(OSError, match="in use"), http.opened(Spy(), own_port(spied)):
        pass


def test_a_port_can_be_used_again_at_once():
    with http.opened(Spy()) as url:
        assert send(url, request(url)).status == 200
    with http.opened(Spy(), own_port(url)) as again:
        assert again == url
        assert send(url, request(url)).status == 200


def test_a_closed_endpoint_is_closed(spied):
    with http.opened(Spy()) as url:
        idle = dial(url)
    assert ends(idle) == b""
    idle.close()
    with pytest.raises(ConnectionRefusedError):
        dial(url)


def test_closing_waits_for_the_response_in_progress(monkeypatch):
    monkeypatch.setattr(http, "LAST_WORDS", PATIENCE)
    begun, go_on = threading.Event(), threading.Event()

    class Slow:
        def answer(self, operation, body, endpoint):
            begun.set()
            go_on.wait(PATIENCE)
            return Answer(200, {}, b"done")

    endpoint = http.HttpEndpoint(Slow())
    serving = threading.Thread(target=lambda: asyncio.run(endpoint.serve()))
    serving.start()
    with closing(dial(endpoint.url)) as connection:
        connection.sendall(request(endpoint.url))
        assert begun.wait(PATIENCE)
        endpoint.stop()
        endpoint.stop()
        go_on.set()
        assert Reply(connection).body == b"done"
    serving.join()
    assert endpoint.unanswered == set()


def test_closing_waits_only_a_moment(monkeypatch):
    monkeypatch.setattr(http, "LAST_WORDS", 0.05)
    begun, go_on = threading.Event(), threading.Event()

    class Stuck:
        def answer(self, operation, body, endpoint):
            begun.set()
            go_on.wait(PATIENCE)
            return Answer(200, {}, b"late")

    endpoint = http.HttpEndpoint(Stuck())
    serving = threading.Thread(target=lambda: asyncio.run(endpoint.serve()))
    serving.start()
    with closing(dial(endpoint.url)) as connection:
        connection.sendall(request(endpoint.url))
        assert begun.wait(PATIENCE)
        endpoint.stop()
        assert ends(connection) == b""
    serving.join()
    assert len(endpoint.unanswered) == 1
    go_on.set()


# Any headers, and any bytes. Any body is in test_service.py.

ANYTHING = settings(
    max_examples=150,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LATIN = st.text(st.characters(max_codepoint=255), max_size=20)
TOKEN = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1, max_size=10)
TARGETS = st.sampled_from(sorted(OPERATIONS)).map(TARGET.__add__) | LATIN
PATHS = st.just("/") | st.text("/ab%.?=_-\xe4", max_size=20).map("/".__add__) | LATIN
METHODS = (
    st.sampled_from(["POST", "GET", "PUT", "OPTIONS"])
    | TOKEN.filter(lambda method: method != "HEAD")
    | LATIN
)


def check_reply(reply):
    """Check for 200 with JSON, or an error that is the sender's fault."""
    if reply.status == 200:
        assert reply.body == b"" or isinstance(reply.json, dict)
    else:
        status, code = reply.error
        assert status < 500 or (status, code) == (501, "NotInEmulatorException")


@ANYTHING
@given(
    method=METHODS,
    path=PATHS,
    target=TARGETS,
    headers=st.dictionaries(TOKEN, LATIN, max_size=3),
    name=LATIN,
    authorization=LATIN,
)
def test_any_headers_get_json(aws, endpoint, method, path, target, headers, name, authorization):
    odd = {"X-" + key: value for key, value in headers.items()} | {
        "X" + name: "x",
        "Authorization": authorization,
    }
    check_reply(send(endpoint, request(endpoint, method, path, ONE, target=target, **odd)))


@ANYTHING
@given(
    garbage=st.binary(max_size=200)
    | st.lists(
        st.sampled_from([b"POST", b" ", b"/", b"HTTP/1.1", b"\r\n", b"Host:", b"\x00", b":", b"x"])
    ).map(b"".join)
)
def test_any_bytes_get_json(aws, endpoint, garbage):
    check_reply(send(endpoint, garbage + b"\r\n\r\n"))
    assert send(endpoint, request(endpoint, body=ONE)).json == {"UserPools": []}


@ANYTHING
@given(garbage=st.binary(max_size=300))
def test_bytes_that_stop_anywhere_do_no_harm(aws, endpoint, garbage):
    with closing(dial(endpoint)) as connection:
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        ends(connection)
    assert send(endpoint, request(endpoint, body=ONE)).json == {"UserPools": []}
