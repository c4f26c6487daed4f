"""`serve --lambdas FILE.py`: functions for the triggers of pools, from a file."""

import inspect
import sys
from functools import partial

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.local_cognito import __main__ as shell
from cognito_helpers.local_cognito import lambda_file
from cognito_helpers.local_cognito.__main__ import main
from cognito_helpers.local_cognito.lambda_file import LambdaFileError, load
from cognito_helpers.local_cognito.triggers.function import TookTooLong, in_time

from . import lambdas
from .commands import CLEANLY, ended, serving
from .flow import PASSWORD
from .lambdas import ANSWER, ARN, CUSTOM
from .raw_http import boto_client

FILE = "\n".join(
    [
        f"ANSWER = {ANSWER!r}",
        "import threading",
        *(inspect.getsource(lambdas.FUNCTIONS[name]) for name in CUSTOM),
        "def raises(event, context):",
        "    raise ValueError('a-secret-' + event['userName'])",
        "def endless(event, context):",
        "    threading.Event().wait()",
        "def _hidden(event, context):",
        "    return event",
    ]
)
# The functions by the names they have in the file.
TRIGGERS = dict(zip(CUSTOM, ("define", "create", "verify"), strict=True))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "functions.py"


@pytest.fixture
def no_serving(monkeypatch):
    monkeypatch.setattr(shell, "LocalCognito", None)


def arns(**changes):
    return {"LambdaConfig": {name: ARN + function for name, function in changes.items()}}


class Served:
    """A pool of an emulator elsewhere, with a user."""

    def __init__(self, url):
        self.aws = boto_client(url)
        made = self.aws.create_user_pool(PoolName="p", **arns(**TRIGGERS))
        self.pool = {"UserPoolId": made["UserPool"]["Id"]}
        client = self.aws.create_user_pool_client(**self.pool, ClientName="c", **lambdas.CLIENT)
        self.caller = {"ClientId": client["UserPoolClient"]["ClientId"]}
        named = {**self.pool, "Username": "ana"}
        self.aws.admin_create_user(**named, MessageAction="SUPPRESS")
        self.aws.admin_set_user_password(**named, Password=PASSWORD, Permanent=True)

    def use(self, **changes):
        self.aws.update_user_pool(**self.pool, **arns(**TRIGGERS | changes))

    def begin(self):
        named = {"USERNAME": "ana"}
        return self.aws.initiate_auth(**self.caller, AuthFlow="CUSTOM_AUTH", AuthParameters=named)

    def fails(self):
        with pytest.raises(ClientError) as caught:
            self.begin()
        return caught.value.response["Error"]["Message"]


def test_functions_of_a_file(path, tmp_path):
    path.write_text(FILE)
    with serving("--lambdas", path, "--state", tmp_path / "state.sqlite") as (process, url):
        served = Served(url)
        answer = served.aws.respond_to_auth_challenge(
            **served.caller,
            ChallengeName="CUSTOM_CHALLENGE",
            Session=served.begin()["Session"],
            ChallengeResponses={"USERNAME": "ana", "ANSWER": ANSWER},
        )
        assert answer["AuthenticationResult"]
        served.use(DefineAuthChallenge="raises")
        assert served.fails() == "DefineAuthChallenge failed with error a-secret-ana."
        assert ended(process) == CLEANLY
    assert not (tmp_path / "__pycache__").exists()


def test_a_function_that_never_returns_is_left_to_itself(path, monkeypatch):
    """11.15"""
    path.write_text(FILE)
    monkeypatch.setattr(lambda_file, "in_time", partial(in_time, patience=0.01))
    with pytest.raises(TookTooLong):
        load(path)["endless"]({}, None)


def test_what_the_file_does_not_have(path):
    path.write_text(FILE)
    with serving("--lambdas", path) as (process, url):
        served = Served(url)
        denied = "DefineAuthChallenge invocation failed due to error AccessDeniedException."
        for name in ("missing", "missing", "ANSWER", "_hidden"):
            served.use(DefineAuthChallenge=name)
            assert served.fails() == denied
        served.use()
        assert served.begin()["ChallengeName"] == "CUSTOM_CHALLENGE"
        code, out, err = ended(process)
        assert (code, out) == (0, "")
        assert err.splitlines() == [
            f"A trigger names {name}, and {path} has no function of that name."
            for name in ("missing", "ANSWER", "_hidden")
        ]


UNUSABLE = {
    "is missing": (None, "can't be read: No such file or directory."),
    "isn't Python": ("def f(:\n", "isn't Python: line 1: invalid syntax."),
    "has a null": ("\0", "isn't Python: source code string cannot contain null bytes."),
    # Python's own words follow, and 3.14 has others.
    "isn't text": (b"x = '\xff'\n", "isn't Python: line 1: "),
    "raises": ("\nx = {}['a-secret']\n", "raised KeyError in line 2 when it was loaded."),
    "raises further in": (
        "import json\njson.loads('a-secret')\n",
        "raised JSONDecodeError in line 2 when it was loaded.",
    ),
    "reads what's missing": (
        "open('a-secret')\n",
        "raised FileNotFoundError in line 1 when it was loaded.",
    ),
    "exits": ("exit('a-secret')\n", "raised SystemExit in line 1 when it was loaded."),
    "has no functions": ("x = 1\n", "has no functions."),
}


@pytest.mark.parametrize(("text", "what"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used(no_serving, path, capsys, text, what):
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert main(["serve", "--lambdas", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(f"{path} {what}") and err.count("\n") == 1
    assert "a-secret" not in err


def test_a_folder(no_serving, tmp_path, capsys):
    assert main(["serve", "--lambdas", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"{tmp_path} can't be read: Is a directory.\n"


def test_an_interrupt_while_the_file_is_loaded(no_serving, path):
    path.write_text("raise KeyboardInterrupt\n")
    assert main(["serve", "--lambdas", str(path)]) == 130


def test_a_file_may_have_classes_and_neighbors(path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    path.with_name("neighbor_of_functions.py").write_text("def shared(event, _): return event\n")
    path.write_text(
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "from neighbor_of_functions import shared\n"
        "@dataclass\nclass _Kept:\n    x: int\n"
        "def f(event, _): return shared(event, None) | {'x': _Kept(1).x}\n"
    )
    assert load(path)["f"]({}, None) == {"x": 1}


def test_a_message_says_nothing_of_the_file(path):
    with pytest.raises(LambdaFileError) as caught:
        load(path)
    assert caught.value.__cause__ is None
