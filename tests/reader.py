"""A reader of a lesson in a notebook: runs its cells from the top, follows the instruction of each
error message, and runs the cell again.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import boto3
import nbformat
import pyotp
from nbclient import NotebookClient

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.transports import http
from etc.tools.lessons import LESSONS

# Longer than any cell takes by itself. One that waits for a real clock takes 16 minutes.
CELL = 1200
# A cell may ask the same thing at most this often.
MOST_STOPS = 5

# The kernel's clock for AWS is the state file's clock, and sleep moves it forward, so the tests
# don't wait.
PATIENT = """
import types, cognito_helpers.backends.aws
from cognito_helpers.local_cognito import LocalCognito
_clock = LocalCognito({state!r}).clock
cognito_helpers.backends.aws.time = types.SimpleNamespace(time=_clock.now, sleep=_clock.advance)
import datetime, jwt.api_jwt
class _Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_clock.now(), tz)
jwt.api_jwt.datetime = _Datetime
"""

BARE = {
    name: value
    for name, value in os.environ.items()
    if not re.match(r"AWS_|COGNITO_LAB|(\w+_)?PROXY$", name, re.IGNORECASE)
}
BARE |= {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


class HttpEndpoint:
    """The emulator's HTTP endpoint, with its state in a file: what boto3 reaches as AWS."""

    def __init__(self, folder: Path) -> None:
        state = folder / "endpoint.sqlite"
        self.service = LocalCognito(state)
        self._open = ExitStack()
        self._open.callback(self.service.close)
        url = self._open.enter_context(http.opened(self.service.service))
        self.environment = BARE | {
            "COGNITO_LAB_BACKEND": "aws",
            "COGNITO_LAB_HOME": str(folder / "lab"),
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": url,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }
        self.prelude = PATIENT.format(state=str(state))

    def now(self) -> float:
        return self.service.clock.now()

    def sleep(self, seconds: float) -> None:
        self.service.clock.advance(seconds)

    def email_code(self, username: str) -> str | None:
        messages = self.service.inbox(username)
        return messages[-1].code if messages else None

    def pools(self) -> list[str]:
        """The IDs of all existing pools."""
        return [
            pool["Id"]
            for pool in self.service.client("eu-west-1").list_user_pools(MaxResults=60)["UserPools"]
        ]

    def close(self) -> None:
        self._open.close()


class Elsewhere:
    """Amazon Cognito, or another endpoint, by boto3's own settings. No one reads its email, so the
    confirmation code never comes.
    """

    prelude = ""
    now, sleep = staticmethod(time.time), staticmethod(time.sleep)

    def __init__(self, folder: Path, where: str) -> None:
        self._home = folder / "lab"
        url = {} if where == "aws" else {"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": where}
        self.environment = (
            dict(os.environ)
            | url
            | {
                "COGNITO_LAB_BACKEND": "aws",
                "COGNITO_LAB_HOME": str(self._home),
            }
        )
        self._cognito = boto3.client("cognito-idp", **({"endpoint_url": where} if url else {}))

    def email_code(self, username: str) -> str | None:
        return None

    def pools(self) -> list[str]:
        """The IDs of the existing pools the lessons created."""
        known = set(
            re.findall(
                r"[a-z]{2,4}(?:-[a-z]+)+-\d_[0-9A-Za-z]+",
                "".join(path.read_text() for path in self._home.glob("*.json")),
            )
        )
        return [
            pool["Id"]
            for page in self._cognito.get_paginator("list_user_pools").paginate(MaxResults=60)
            for pool in page["UserPools"]
            if pool["Id"] in known
        ]

    def close(self) -> None:
        """Delete those pools, even if the test failed."""
        for pool_id in self.pools():
            self._cognito.delete_user_pool(UserPoolId=pool_id)


class Reader:
    """A reader with an address, a password, and a phone. With `scans` the phone scans the QR code;
    without, they use the phone on the page.
    """

    address = "success@simulator.amazonses.com"
    password = "A-passw0rd-of-my-own"

    def __init__(self, service: HttpEndpoint | Elsewhere, scans: bool = False) -> None:
        self.service, self.scans = service, scans
        # By account name
        self.phone: dict[str, pyotp.TOTP] = {}
        self.stops: list[str] = []

    @contextmanager
    def opens(self, number: str):
        """Open a lesson in its own kernel. `stops` names what it was asked for."""
        (path,) = (path for path in LESSONS if path.name.startswith(number))
        self.notebook = nbformat.read(path, as_version=4)
        self.stops = []
        where = {"metadata": {"path": str(path.parent)}}
        # Every cell has ended by then, so don't wait for the kernel to shut down.
        settings = {
            "store_widget_state": False,
            "allow_errors": True,
            "shutdown_kernel": "immediate",
        }
        self._client = NotebookClient(self.notebook, timeout=CELL, resources=where, **settings)
        self._client.on_cell_executed = lambda cell, cell_index, execute_reply: setattr(
            self, "_reply", execute_reply["content"]
        )
        with self._client.setup_kernel(
            env=self.service.environment | {"JPY_SESSION_NAME": str(path)}
        ):
            if self.service.prelude:
                self.types(self.service.prelude)
            yield self

    def types(self, source: str) -> str:
        """Run `source` in a cell of the reader's; return what it printed."""
        self.notebook.cells.append(nbformat.v4.new_code_cell(source))
        succeeded, said = self.runs(self.notebook.cells[-1])
        self.notebook.cells.pop()
        assert succeeded, said
        return said

    def runs(self, cell) -> tuple[bool, str]:
        """Whether a cell ran to its end, and the text it printed, without line breaks inside
        sentences.
        """
        self._client.execute_cell(cell, self.notebook.cells.index(cell))
        said = "".join(
            output.get("text")
            or output.get("data", {}).get("text/plain", "")
            or "\n".join(output.get("traceback", ""))
            for output in cell.outputs
        )
        assert "Traceback" not in said, said
        return self._reply["status"] == "ok", " ".join(said.split())

    def cell(self, id_: str):
        return next(cell for cell in self.notebook.cells if cell.id == id_)

    def reads(self, number: str) -> str | None:
        """Run a lesson from top to bottom. Return None, or the error message the reader couldn't
        act on.
        """
        with self.opens(number):
            for cell in [cell for cell in self.notebook.cells if cell.cell_type == "code"]:
                if helpless := self.runs_until_it_succeeds(cell):
                    return helpless
        return None

    def runs_until_it_succeeds(self, cell) -> str | None:
        for _ in range(MOST_STOPS):
            succeeded, said = self.runs(cell)
            if succeeded:
                if self.scans and "QrCode(" in cell.source:
                    scanned = pyotp.parse_uri(self.types("print(link)").strip())
                    self.phone[scanned.name] = scanned
                if self.scans and "new_password=" in cell.source:
                    self.types(f"answers.new_password = {self.password!r}")
                if "left = Leftovers(" in cell.source:
                    self.types("left.select(*(thing.id for thing in left._boxes))")
                return None
            answer = self._answer(said)
            if answer is None:
                return said
            self.types(answer)
        raise AssertionError(f"asked again and again: {said}")

    def _answer(self, said: str) -> str | None:
        """What a user without the form types in response to an error message, or None if nothing
        helps.
        """
        if "you haven't agreed yet" in said:
            self.stops.append("agree")
            return self._route(said) + " = True"
        if "Fill in “Email”" in said:
            self.stops.append("email")
            # They choose their own password here, too.
            return f"answers.email, answers.password = {self.address!r}, {self.password!r}"
        if "Type your password above" in said:
            self.stops.append("password" if self.scans else "another user")
            password, another = re.findall(r"open_lab\(\S+\)\.answers\.\w+", said)[-2:]
            return f"{password} = {self.password!r}" if self.scans else f"{another} = 'yes'"
        if mailed := re.search(r"The code for (\S+) was sent by email", said):
            self.stops.append("confirmation code")
            code = self.service.email_code(mailed[1])
            return code and f"{self._route(said)} = {code!r}"
        if (
            wanted := re.search(r"no account for (\S+)\. Use a code from your own phone", said)
        ) and wanted[1] in self.phone:
            self.stops.append("phone code")
            age = next(
                (
                    steps
                    for words, steps in [("30 seconds old", 1), ("a minute old", 2)]
                    if words in said
                ),
                0,
            )
            self.service.sleep(30 - self.service.now() % 30 + 1)
            code = self.phone[wanted[1]].at(int(self.service.now()))
            self.service.sleep(30 * age)
            return f"{self._route(said)} = {code!r}"
        return None

    @staticmethod
    def _route(said: str) -> str:
        """The line of code the sentence names, up to the `=`."""
        return re.search(r"open_lab\([^)]*\)[\w.]+", said)[0]
