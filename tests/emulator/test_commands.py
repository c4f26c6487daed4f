"""`serve` and `inbox` as a user runs them: real processes, what they print, and how they end."""

import os
import re
import signal
import socket
import sqlite3
import sys
from contextlib import closing
from email.utils import parsedate_to_datetime

import pyotp
import pytest

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito import __main__ as shell
from cognito_helpers.local_cognito.__main__ import main
from cognito_helpers.sign_in.tokens import verify

from .commands import CLEANLY, ended, run, serving
from .flow import DAY, EMAIL, STEP, TUTORIAL_FLOWS, USERNAME, Flow
from .raw_http import PATIENCE, boto_client, dial, ends, keys, request, send
from .test_state_file import UNUSABLE


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.sqlite"


# serve


def test_an_ordinary_client_completes_the_whole_flow(path):
    """Sign up, read the code like a user, set up an authenticator, sign in with it, and accept the
    tokens only once they're verified.
    """
    with serving("--state", path) as (process, url):
        aws = boto_client(url)
        pool_id = aws.create_user_pool(PoolName="tutorial", AutoVerifiedAttributes=["email"])[
            "UserPool"
        ]["Id"]
        aws.set_user_pool_mfa_config(
            UserPoolId=pool_id,
            SoftwareTokenMfaConfiguration={"Enabled": True},
            MfaConfiguration="ON",
        )
        client = aws.create_user_pool_client(
            UserPoolId=pool_id, ClientName="tutorial", ExplicitAuthFlows=TUTORIAL_FLOWS
        )
        caller = {"ClientId": client["UserPoolClient"]["ClientId"]}
        password = "Correct-Horse-7"
        aws.sign_up(
            **caller,
            Username="alice",
            Password=password,
            UserAttributes=[{"Name": "email", "Value": EMAIL}],
        )

        code, out, err = run("inbox", "alice", "--state", path, "--code")
        assert (code, err) == (0, "")
        aws.confirm_sign_up(**caller, Username="alice", ConfirmationCode=out.removesuffix("\n"))

        sign_in = {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "alice", "PASSWORD": password},
        }
        challenge = aws.initiate_auth(**caller, **sign_in)
        assert challenge["ChallengeName"] == "MFA_SETUP"
        offered = aws.associate_software_token(Session=challenge["Session"])
        state = LocalCognito(path)
        totp = pyotp.TOTP(offered["SecretCode"])
        verified = aws.verify_software_token(
            Session=offered["Session"], UserCode=totp.at(int(state.clock.now()))
        )
        answer = {"USERNAME": "alice"}
        aws.respond_to_auth_challenge(
            **caller,
            ChallengeName="MFA_SETUP",
            Session=verified["Session"],
            ChallengeResponses=answer,
        )

        challenge = aws.initiate_auth(**caller, **sign_in)
        # Two time steps later, so that the code is new even if the current step just ends
        state.clock.advance(2 * STEP)
        answer["SOFTWARE_TOKEN_MFA_CODE"] = totp.at(int(state.clock.now()))
        tokens = aws.respond_to_auth_challenge(
            **caller,
            ChallengeName=challenge["ChallengeName"],
            Session=challenge["Session"],
            ChallengeResponses=answer,
        )["AuthenticationResult"]
        for use, token in (("access", tokens["AccessToken"]), ("id", tokens["IdToken"])):
            verify(
                token,
                keys(url, pool_id),
                use=use,
                issuer=f"{url}/{pool_id}",
                client_id=caller["ClientId"],
                now=state.clock.now(),
            )
        # In process, from the same file, the token is valid as well.
        assert state.client().get_user(AccessToken=tokens["AccessToken"])["Username"] == "alice"
        state.close()
        assert ended(process) == CLEANLY


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_it_prints_one_line_and_ends_cleanly(path, number):
    with serving("--state", path) as (process, url), closing(dial(url)) as idle:
        assert send(url, request(url, body=b'{"MaxResults": 1}')).json == {"UserPools": []}
        assert ended(process, number) == CLEANLY
        assert ends(idle) == b""
    assert list(path.parent.iterdir()) == [path], "its journal is not left beside the file"


def test_without_a_file_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with serving(
        environment={"PYTHONPATH": os.pathsep.join(entry or "." for entry in sys.path)}
    ) as (process, url):
        assert boto_client(url).create_user_pool(PoolName="x")
        assert ended(process) == CLEANLY
    assert list(tmp_path.iterdir()) == []


def test_state_is_kept_for_the_next_run(path):
    with serving("--state", path) as (process, url):
        pool_id = boto_client(url).create_user_pool(PoolName="x")["UserPool"]["Id"]
        published = keys(url, pool_id)
        assert ended(process) == CLEANLY
    with serving("--state", path) as (process, url):
        assert keys(url, pool_id) == published
        assert ended(process) == CLEANLY


def test_the_port_may_be_named():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving("--port", port) as (process, url):
        assert url == f"http://127.0.0.1:{port}"
        code, out, err = run("serve", "--port", port)
        assert (code, out) == (1, "")
        assert (
            err
            == f"Port {port} can't be used (Address already in use): choose another with --port,"
            " or leave it out for any free port.\n"
        )
        assert ended(process) == CLEANLY


def test_an_invalid_port_is_named(monkeypatch, capsys):
    def rejects(address):
        raise PermissionError(
            13, "Permission denied (while attempting to bind on address ('127.0.0.1', 80))"
        )

    monkeypatch.setattr(socket, "create_server", rejects)
    assert main(["serve", "--port", "80"]) == 1
    sentence = (
        "Port 80 can't be used (Permission denied): choose another with --port, or leave it out"
        " for any free port.\n"
    )
    assert capsys.readouterr() == ("", sentence)


@pytest.fixture
def no_serving(monkeypatch):
    """Run the command with options that must be rejected. Without it, a failing test would serve
    forever.
    """

    def opened(*_):
        raise AssertionError("it went on")

    monkeypatch.setattr(shell, "HttpEndpoint", opened)


@pytest.mark.parametrize("port", ["-1", "65536", "http", "", "1.5", "٤٢", "9" * 5000])
def test_an_argument_that_is_not_a_port_is_rejected(no_serving, port, capsys):
    with pytest.raises(SystemExit) as ending:
        main(["serve", f"--port={port}"])
    assert ending.value.code == 2
    assert capsys.readouterr().err.endswith("is no port: give a number from 0 to 65535\n")


@pytest.mark.parametrize("option", ["--host", "--address", "--bind", "--listen"])
def test_it_listens_on_no_other_address(no_serving, option, capsys):
    with pytest.raises(SystemExit) as ending:
        main(["serve", f"{option}=0.0.0.0"])
    assert ending.value.code == 2
    assert "unrecognized arguments" in capsys.readouterr().err


def test_it_ends_at_once_even_if_a_request_waits_for_the_file(path):
    with (
        serving("--state", path) as (process, url),
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with closing(dial(url)) as waiting:
            waiting.sendall(request(url, body=b'{"MaxResults": 1}'))
            # This one is read after the first, so its response means the first is waiting.
            assert send(url, request(url, Host="evil.example")).status == 403
            process.send_signal(signal.SIGTERM)
            # The store itself waits for 30 seconds.
            out, err = process.communicate(timeout=20)
            assert (process.returncode, out, err) == CLEANLY


def test_all_processes_on_a_file_share_its_clock(path):
    """Advance it here and it's later there: the other process rejects the code that is a day
    old.
    """
    with serving("--state", path) as (process, url):
        state = LocalCognito(path)
        flow = Flow(state, boto_client(url))
        flow.sign_up()
        flow.wait(DAY)
        with pytest.raises(flow.aws.exceptions.ExpiredCodeException):
            flow.confirm()
        flow.resend()
        flow.confirm()
        assert flow.look()["UserLastModifiedDate"].timestamp() >= state.clock.now() - PATIENCE
        assert state.clock.offset() == pytest.approx(DAY, abs=1)
        state.close()
        assert ended(process) == CLEANLY


@pytest.mark.parametrize(("make", "what"), UNUSABLE.values(), ids=UNUSABLE)
@pytest.mark.parametrize("command", [["serve"], ["inbox", "alice"]], ids=["serve", "inbox"])
def test_an_unusable_file_is_named(no_serving, path, capsys, command, make, what):
    make(path)
    assert main([*command, "--state", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"The state file {path} {what}. ")
    assert err.count("\n") == 1


# inbox


@pytest.fixture
def mailed(path):
    """A state file with two codes sent to alice; the codes."""
    state = LocalCognito(path)
    flow = Flow(state, state.client())
    flow.sign_up()
    flow.wait(60).resend()
    codes = [message.code for message in state.inbox(USERNAME)]
    state.close()
    return codes


def test_inbox_prints_the_messages_newest_last(path, mailed):
    code, out, err = run("inbox", "alice", "--state", path)
    assert (code, err) == (0, "")
    messages = re.findall(r"Date: (.+)\nTo: (.+)\nSubject: (.+)\n\n(.+)\n", out)
    assert (
        "".join(f"Date: {m[0]}\nTo: {m[1]}\nSubject: {m[2]}\n\n{m[3]}\n\n" for m in messages)
        == out + "\n"
    )
    assert [message[1:3] for message in messages] == [(EMAIL, "Your verification code")] * 2
    assert [message[3] for message in messages] == [
        f"Your confirmation code is {code}" for code in mailed
    ]
    first, second = (parsedate_to_datetime(message[0]) for message in messages)
    assert (second - first).total_seconds() == pytest.approx(60, abs=2)


def test_inbox_prints_only_the_newest_code(path, mailed):
    assert run("inbox", "alice", "--state", path, "--code") == (0, mailed[-1] + "\n", "")


@pytest.mark.parametrize(
    "username",
    ["bob", "", b"\xff".decode(errors="surrogateescape")],
    ids=["another", "nothing", "no text"],
)
@pytest.mark.parametrize("only_code", [(), ("--code",)], ids=["messages", "code"])
def test_the_inbox_of_an_unknown_user_says_so(path, mailed, username, only_code):
    shown = username.encode(errors="backslashreplace").decode()
    assert run("inbox", username, "--state", path, *only_code) == (
        1,
        "",
        f"No message was sent to {shown}.\n",
    )


def test_inbox_creates_no_file(path, capsys):
    assert main(["inbox", "alice", "--state", str(path)]) == 1
    assert capsys.readouterr() == (
        "",
        f"There's no state file {path}: name the one that `serve` was given with --state.\n",
    )
    assert list(path.parent.iterdir()) == []


def test_inbox_without_a_file_is_rejected(capsys):
    with pytest.raises(SystemExit) as ending:
        main(["inbox", "alice"])
    assert ending.value.code == 2
    assert "--state" in capsys.readouterr().err


def test_inbox_sends_no_commands_to_the_terminal(path, capsys):
    """An address may hold any character but spaces; a terminal's control characters are shown by
    their numbers.
    """
    state = LocalCognito(path)
    flow = Flow(state, state.client())
    flow.sign_up(UserAttributes=[{"Name": "email", "Value": "\x1b]0;x\x07\u202e@example.com"}])
    state.close()
    assert main(["inbox", "alice", "--state", str(path)]) == 0
    out = capsys.readouterr().out
    assert "To: [U+001B]]0;x[U+0007][U+202E]@example.com\n" in out
    assert out.replace("\n", "").isprintable()


def test_inbox_prints_characters_the_terminal_cannot_encode(path):
    state = LocalCognito(path)
    flow = Flow(state, state.client(), pool={"EmailVerificationSubject": "🐢 {####}"})
    flow.sign_up()
    state.close()
    code, out, err = run("inbox", "alice", "--state", path, PYTHONIOENCODING="ascii")
    assert (code, err) == (0, "")
    assert "Subject: ? " in out


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["serve", "--help"], ["inbox", "--help"], ["walk"]]
)
def test_help_names_both_commands_and_their_options(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    out, err = capsys.readouterr()
    expected = {
        "serve": ["--port", "--state FILE"],
        "inbox": ["username", "--state FILE", "--code"],
    }
    for word in expected.get((arguments or [""])[0], ["serve", "inbox"]):
        assert word in out + err
