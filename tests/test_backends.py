"""The two backends: how one is chosen, whose account it is, what is asked before anything is
created, and where state is kept. A fake network plays AWS.
"""

import io
import json
import os
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ConnectTimeoutError, SSLError
from botocore.httpsession import URLLib3Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cognito_helpers import authenticator_link, open_lab
from cognito_helpers.backends import aws
from cognito_helpers.errors import LessonError
from cognito_helpers.explanations.ipython_extension import plain
from cognito_helpers.views.inbox import InboxView
from cognito_helpers.views.phone import PhoneView

POOL = "eu-west-1_AbCdEfGhI"
WHO = (
    "<GetCallerIdentityResponse"
    ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
    "<GetCallerIdentityResult><Account>{}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)
REJECTED = "<ErrorResponse><Error><Code>{}</Code><Message>x</Message></Error></ErrorResponse>"


class Network:
    """The part of AWS these tests need. `sent` names the requests received; `sts` is the account,
    an error's name, or an exception.
    """

    def __init__(self):
        self.sts, self.sent = "123456789012", []

    def send(self, _, request):
        if "sts." in request.url:
            return self._who(request)
        self.sent.append(request.headers["X-Amz-Target"].decode().rpartition(".")[2])
        return answer(request.url, 200, json.dumps({"UserPools": []}))

    def _who(self, request):
        if isinstance(self.sts, Exception):
            raise self.sts
        return (
            answer(request.url, 200, WHO.format(self.sts))
            if self.sts.isdecimal()
            else answer(request.url, 403, REJECTED.format(self.sts))
        )


def answer(url, status, text):
    raw = io.BytesIO(text.encode())
    raw.stream = lambda *_: [raw.read()]
    return AWSResponse(url, status, {}, raw)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith(("AWS_", "COGNITO_LAB")):
            monkeypatch.delenv(name)
    settings = {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_MAX_ATTEMPTS": "1",
    }
    nowhere = {
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "COGNITO_LAB_HOME": str(tmp_path / "lab"),
    }
    for name, value in (settings | nowhere).items():
        monkeypatch.setenv(name, value)
    return tmp_path / "lab"


@pytest.fixture
def network(monkeypatch):
    made = Network()
    monkeypatch.setattr(
        URLLib3Session, "send", lambda session, request: made.send(session, request)
    )
    return made


def opened():
    return open_lab("nothing", backend="aws")


# Choosing


def test_a_choice_is_remembered_and_the_environment_overrides_it(network, monkeypatch, capsys):
    assert open_lab("nothing").backend.name == "local"
    assert opened().backend.name == "aws" == open_lab("nothing").backend.name
    monkeypatch.setenv("COGNITO_LAB_BACKEND", "local")
    assert open_lab("nothing").backend.name == "local"
    capsys.readouterr()
    assert open_lab("nothing", backend="aws").backend.name == "local"
    assert "COGNITO_LAB_BACKEND is “local”, which overrides your choice" in capsys.readouterr().out
    monkeypatch.delenv("COGNITO_LAB_BACKEND")
    assert open_lab("nothing").backend.name == "aws"
    assert (
        open_lab("nothing", backend="local").backend.name
        == "local"
        == open_lab("nothing").backend.name
    )
    with pytest.raises(LessonError, match="“moon”, and there are two"):
        open_lab("nothing", backend="moon")


@pytest.mark.parametrize(
    ("sts", "words"),
    [
        ("123456789012", "AWS account 123456789012, Region eu-west-1, profile default"),
        (ConnectTimeoutError(endpoint_url="https://sts"), "unknown number"),
        ("AccessDenied", "unknown number"),
    ],
)
def test_the_account_is_shown_first(network, capsys, sts, words):
    network.sts = sts
    opened()
    first, _, _ = " ".join(capsys.readouterr().out.split()).partition(". ")
    assert words in first


def test_expired_credentials_are_noticed_at_the_start(network):
    network.sts = "ExpiredToken"
    with pytest.raises(ClientError) as caught:
        opened()
    assert "AWS rejected GetCallerIdentity: your credentials have expired" in plain(caught.value)


def test_sts_is_not_called_if_the_endpoint_is_not_of_aws(network, monkeypatch, capsys):
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "https://127.0.0.1:8443")
    network.sts = AssertionError("STS was asked")
    lab = opened()
    assert lab.backend.account is None and network.sent == ["ListUserPools"]
    assert "The endpoint https://127.0.0.1:8443 answers" in capsys.readouterr().out


def test_before_the_learner_agrees_calls_only_read(network):
    lab = opened()
    assert lab.cognito.list_user_pools(MaxResults=1)["UserPools"] == []
    for make in (
        lambda: lab.cognito.create_user_pool(PoolName="x"),
        lambda: lab.cognito.sign_up(ClientId="x", Username="x", Password="Passw0rd!"),
        lambda: lab.client_in("us-east-1").delete_user_pool(UserPoolId="us-east-1_AbCdEfGhI"),
        lambda: open_lab("a pool"),
    ):
        with pytest.raises(
            LessonError,
            match="wasn't sent: it creates or changes something, and you haven't agreed yet",
        ):
            make()
    assert set(network.sent) <= {"ListUserPools", "DescribeUserPool"}
    opened().backend.agreed = True
    lab.cognito.sign_up(ClientId="x", Username="x", Password="Passw0rd!")
    assert network.sent[-1] == "SignUp"


def test_agreement_does_not_carry_over_to_other_credentials_of_an_unknown_account(
    network, monkeypatch
):
    network.sts = "AccessDenied"
    opened().backend.agreed = True
    assert opened().backend.agreed
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    assert not opened().backend.agreed


def test_the_box_says_what_is_created_and_its_cost_and_ticking_it_is_enough(network, monkeypatch):
    shown = []
    monkeypatch.setattr(aws, "display", shown.append)
    lab = opened()
    (box,) = shown
    for words in (
        "“cognito-tutorial” with the tag made-by=cognito-tutorial",
        "0.015 US dollars",
        "20 September 2026",
        "according to a copy",
        "only in this kernel",
    ):
        assert words in box.text and words in box.children[1].value
    assert not lab.backend.agreed
    box.box.value = True
    assert lab.backend.agreed and "Run the cell that stopped again" in box._status.value
    opened()
    assert len(shown) == 1, "asked again"
    box.box.value = False
    assert not lab.backend.agreed


# Where state is kept


def test_accounts_regions_and_the_emulator_do_not_mix(network, monkeypatch, home):
    def pool_of(account="123456789012", region="eu-west-1"):
        network.sts = account
        monkeypatch.setenv("AWS_DEFAULT_REGION", region)
        return opened()

    pool_of().progress.set("pool_id", "eu-west-1_one")
    pool_of(region="us-east-1").progress.set("pool_id", "us-east-1_two")
    pool_of(account="210987654321").progress.set("pool_id", "eu-west-1_three")
    pool_of().secrets.set("password", "first")
    monkeypatch.setattr("cognito_helpers.lessons.opening._forget_what_is_gone", lambda lab: None)
    assert [
        pool_of().pool_id,
        pool_of(region="us-east-1").pool_id,
        pool_of("210987654321").pool_id,
    ] == ["eu-west-1_one", "us-east-1_two", "eu-west-1_three"]
    assert [
        pool_of().password,
        pool_of(region="us-east-1").password,
        pool_of("210987654321").password,
    ] == ["first", None, None]
    assert open_lab("nothing", backend="local").pool_id is None
    pool_of().backend.agreed = pool_of(region="us-east-1").backend.agreed = True
    assert pool_of().backend.regions == ["eu-west-1", "us-east-1"] and pool_of(
        "210987654321"
    ).backend.regions == ["eu-west-1"]


def test_secrets_are_only_in_the_kernel_and_shared_by_its_labs(network, home):
    lab = opened()
    lab.password = "A-s3cret"
    lab.phone.add(authenticator_link("A" * 52, "ana", "Cognito tutorial"))
    assert opened().password == "A-s3cret" and opened().phone.code("ana") == lab.phone.code("ana")
    written = "".join(path.read_text() for path in home.glob("*.json"))
    assert "A-s3cret" not in written and "AAAA" not in written
    assert "A-s3cret" not in repr(lab.secrets)


# What only the learner can type


def test_a_typed_code_is_used_once(network):
    lab = opened()
    lab.username = "ana"
    for question, read in [
        ("email_code", lab.inbox.code),
        ("phone_code", lab.phone.code),
        ("text_code", lab.phone.text_code),
    ]:
        with pytest.raises(
            LessonError,
            match=(
                rf'run this cell again.\nWithout the form: open_lab\("nothing"\).answers.{question}'
                r' = "…"'
            ),
        ):
            read()
        setattr(lab.answers, question, "123 456")
        assert read() == "123456"
        with pytest.raises(LessonError, match="then run this cell again"):
            read()


def test_a_value_typed_but_not_submitted_is_used(network, monkeypatch):
    shown = []
    monkeypatch.setattr("cognito_helpers.backends.learner_input.display", shown.append)
    lab = opened()
    with pytest.raises(LessonError, match="was sent by email"):
        lab.inbox.code("ana")
    shown[-1]._boxes["email_code"].value = "12345"
    with pytest.raises(LessonError, match="was sent by email"):
        lab.inbox.code("ana")
    shown[-1]._boxes["email_code"].value = "123 456"
    assert lab.inbox.code("ana") == "123456" and shown[-1]._boxes["email_code"].value == ""


def test_a_lost_password_is_asked_for_or_another_user_created(network):
    lab = opened()
    with pytest.raises(LessonError, match="You're ana, and none of your secrets were kept"):
        lab.learner_input.password("ana")
    lab.answers.password = "A-s3cret"
    assert lab.learner_input.password("ana") == "A-s3cret"
    lab.answers.another_user = "yes"
    assert lab.learner_input.password("ana") is None
    assert "A-s3cret" not in repr(lab.answers)


def test_the_emulator_asks_nothing(network):
    with pytest.raises(LessonError, match="With the emulator you have nothing to type"):
        _ = open_lab("nothing").answers
    assert open_lab("nothing").email_address("ben") == "ben@example.com"


def test_what_only_the_learner_has_is_not_generated(network):
    lab = opened()
    assert lab.email_address() is None and lab.inbox.of("ana").messages == []
    lab.username = "ana"
    assert "was sent to the address you gave" in InboxView(lab.inbox)._screen.value
    assert "go to the number you gave" in PhoneView(lab.phone)._screen.value


def test_interrupting_a_wait_ends_the_cell_with_a_sentence(network, monkeypatch):
    def stop(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(aws.time, "sleep", stop)
    with pytest.raises(LessonError, match="You stopped before the 16 minutes were over"):
        opened().wait(minutes=16)


def test_waiting_takes_real_time_except_for_a_code_from_the_learners_phone(
    network, monkeypatch, capsys
):
    slept = []
    monkeypatch.setattr(aws.time, "sleep", slept.append)
    lab = opened()
    lab.wait_for_next_code()
    assert slept == [] and "Use a code your phone shows now" in capsys.readouterr().out
    lab.phone.add(authenticator_link("A" * 52, "ben", "Cognito tutorial"))
    lab.wait_for_next_code()
    assert 0 < sum(slept) <= 30
    slept.clear()
    lab.wait(minutes=2)
    assert sum(slept) == pytest.approx(120)
    lab.phone.remove("ben")
    with pytest.raises(LessonError, match="You can't move the clock of AWS"):
        lab.move_clock(60)


# Where the keys are


@pytest.mark.parametrize(
    ("settings", "issuer"),
    [
        ({}, "https://cognito-idp.eu-west-1.amazonaws.com/"),
        (
            {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_DEFAULT_REGION": "us-east-1"},
            "https://cognito-idp.us-east-1.amazonaws.com/",
        ),
        ({"AWS_DEFAULT_REGION": "cn-north-1"}, "https://cognito-idp.cn-north-1.amazonaws.com.cn/"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "http://127.0.0.1:1/"),
    ],
)
def test_the_issuer_is_where_tokens_say_their_keys_are(monkeypatch, settings, issuer):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    session = boto3.Session()
    assert aws.issuer(session, aws.client(session), POOL) == issuer + POOL


@contextmanager
def https_server(folder):
    """An endpoint with its own certificate authority, as an emulator has: its URL, and the
    authority's file.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = (
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]),
        datetime.now(UTC),
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
    )
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
    )
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        key, hashes.SHA256()
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(pem)
    (folder / "server.pem").write_bytes(pem + secret)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(200, {"UserPools": []})

        def do_GET(self):
            self.reply(*((200, {"keys": []}) if POOL in self.path else (404, {})))

        def reply(self, status, body):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}", str(folder / "ca.pem")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_endpoint_with_its_own_certificate_authority_is_trusted_once_it_is_named(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with https_server(tmp_path) as (url, authority):
        monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", url)
        with pytest.raises(SSLError) as caught:
            opened()
        assert f"the certificate of {url}" in plain(caught.value) and "AWS_CA_BUNDLE" in plain(
            caught.value
        )
        monkeypatch.setenv("AWS_CA_BUNDLE", authority)
        lab = opened()
        assert lab.backend.jwks(POOL) == {"keys": []}
        with pytest.raises(
            LessonError,
            match=(
                rf"There are no public keys at {url}/us-east-1_other/.well-known/jwks.json \(HTTP"
                r" 404\)"
            ),
        ):
            lab.backend.jwks("us-east-1_other")
