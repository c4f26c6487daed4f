"""Amazon Cognito, with boto3's own configuration: profile, Region, credentials and endpoint come
from wherever boto3 finds them.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
)
from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies
from IPython.display import display

from ..calls.effects import Effect, effect_of
from ..calls.listeners import Call, Listener, Listeners, Place
from ..calls.retries import RetryWatcher
from ..errors import EmulatorOnlyError, LessonError
from ..explanations.aws_errors import DENIED
from ..local_cognito import Message
from ..sign_in.authenticator import Phone
from ..text import in_parts, say
from ..ui.progress_bar import wait
from .aws_terms import Agreement, Terms
from .learner_input import LearnerInput
from .storage import FileStorage, KernelStorage

if TYPE_CHECKING:
    from botocore.client import BaseClient

SERVICE = "cognito-idp"
# Seconds per attempt: to connect to the service, and to get its response
PATIENCE = {"connect_timeout": 5, "read_timeout": 20}

# By place: what only this kernel knows, for every lab in it
_KNOWN: dict[str, tuple[KernelStorage, LearnerInput]] = {}


class Aws:
    """Amazon Cognito, or the configured endpoint, for one account and Region. Each has its own
    progress.

    Raises boto3's own exceptions if it finds no profile, no Region or no credentials, or if AWS
    rejects them.
    """

    name = "aws"
    no_messages = (
        "The email was sent to the address you gave. Read it there: this page can't show it."
    )
    no_texts = (
        "Text messages go to the number you gave. Read them there: this page can't show them."
    )
    can_move_clock = may_create_users = False
    shows_changes_late = True

    def __init__(self, home: Path) -> None:
        self._session = boto3.Session()
        self.client = client(self._session)
        self.listeners = Listeners(self.client, RetryWatcher())
        if self._session.get_credentials() is None:
            raise NoCredentialsError
        self.region: str = self.client.meta.region_name
        self.account = self._look_who_answers()
        # An unknown account may be known tomorrow. Another endpoint is another place.
        host = urlsplit(self.client.meta.endpoint_url).netloc
        place = " ".join(part for part in (host, self.region, self.account) if part)
        self.progress = FileStorage(home / f"progress-{_as_file_name(place)}.json")
        self.record = FileStorage(home / f"made-{_as_file_name(self.account or host)}.json")
        self.secrets, self.learner_input = _KNOWN.setdefault(
            f"{home} {place}", (KernelStorage(), LearnerInput())
        )
        self.listeners.add(AgreementCheck(self))

    def _look_who_answers(self) -> str | None:
        """The account, if it can be known. At another endpoint, only check that it responds."""
        if not is_other_endpoint(self.client):
            return _account(self._session)
        with suppress(ClientError):
            self.client.list_user_pools(MaxResults=1)
        return None

    # Choosing

    @property
    def agreed(self) -> bool:
        """Whether the learner agreed that things are created here. Set it, or let them select
        the box.
        """
        return bool(self.progress.get("agreed") == self._agreement)

    @agreed.setter
    def agreed(self, agreed: bool) -> None:
        # Where to search for leftovers
        self.record.set("regions", self.regions)
        self.progress.set("agreed", self._agreement if agreed else None)

    @property
    def _agreement(self) -> bool | str:
        """How the agreement is recorded. If the account isn't known, other credentials may belong
        to another account: the agreement is then for one access key.
        """
        if self.account is not None:
            return True
        key = self._session.get_credentials().access_key
        return hashlib.sha256(key.encode()).hexdigest()[:16]

    @property
    def regions(self) -> list[str]:
        """Every Region where the learner agreed to create something, and this one."""
        return sorted({*(self.record.get("regions") or []), self.region})

    def introduce(self) -> None:
        """Say which service and account is used, with a box to select until the learner agreed to
        create something there.
        """
        terms = Terms(
            self.client.meta.endpoint_url,
            self.region,
            self._session.profile_name,
            self.account,
            is_other_endpoint(self.client),
        )
        say(terms.who)
        if not self.agreed:
            display(Agreement(terms, self))

    # The service's side

    def in_region(self, region: str) -> BaseClient:
        if region == self.region:
            return self.client
        return self.listeners.hear(client(self._session, region))

    def issuer(self, pool_id: str) -> str:
        return issuer(self._session, self.client, pool_id)

    def jwks(self, pool_id: str) -> dict[str, Any]:
        return download_jwks(self._session, self.issuer(pool_id))

    def now(self) -> float:
        return time.time()

    def ahead(self) -> float:
        return 0

    def move_clock(self, seconds: float) -> None:
        raise EmulatorOnlyError(
            "You can't move the clock of AWS. Wait, or try this with the emulator."
        )

    def wait(self, minutes: float) -> None:
        try:
            wait(minutes * 60, f"{in_parts(minutes * 60)} pass (or stop this cell)", time.sleep)
        except KeyboardInterrupt:
            raise LessonError(
                f"You stopped before the {minutes:g} minutes were over, so the rest of this cell"
                " didn't run. Continue with the next one."
            ) from None

    def wait_for_next_code(self, phone: Phone) -> None:
        wait(phone.seconds_left(), "Until the phone shows its next code", time.sleep)

    def inbox(self, username: str) -> list[Message]:
        return []


class AgreementCheck(Listener):
    """Keep calls that create or change something from being sent until the learner agreed."""

    place = Place.AGREEMENT
    in_every_region = True

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def before_call(self, call: Call) -> None:
        effect = effect_of(call.operation, call.params)
        if effect != Effect.READ and not self._aws.agreed:
            raise LessonError(
                f"{call.operation} wasn't sent: it creates or changes something, and you haven't"
                " agreed yet. Read the terms under “Open the lab” and select the box there, then"
                " run this cell again.\nWithout the box:"
                ' open_lab("nothing").backend.agreed = True'
            )


def _as_file_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", text)


def client(session: boto3.Session, region: str | None = None) -> BaseClient:
    """A boto3 client with botocore's standard retries, which gives up after a reasonable time."""
    region = region or session.region_name
    if not region:
        raise NoRegionError
    try:
        made = session.client(
            SERVICE, region_name=region, config=Config(retries={"mode": "standard"}, **PATIENCE)
        )
    except ValueError as error:
        if isinstance(error, BotoCoreError):
            raise
        raise LessonError(
            f"{error}. Give the endpoint a full address, such as https://127.0.0.1:8443, then run"
            " the first cell again."
        ) from None
    return made


def is_other_endpoint(made: BaseClient) -> bool:
    """Whether a client's endpoint is something other than AWS, such as an emulator."""
    host = urlsplit(made.meta.endpoint_url).hostname or ""
    return not host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".aws"))


def issuer(session: boto3.Session, made: BaseClient, pool_id: str) -> str:
    """The address a pool's tokens name. At AWS it's the same for all of its endpoints (FIPS, VPC
    …).
    """
    if is_other_endpoint(made):
        return f"{made.meta.endpoint_url}/{pool_id}"
    region = made.meta.region_name
    suffix = (
        "amazonaws.com.cn"
        if session.get_partition_for_region(region) == "aws-cn"
        else "amazonaws.com"
    )
    return f"https://{SERVICE}.{region}.{suffix}/{pool_id}"


def download_jwks(session: boto3.Session, issuer: str) -> dict[str, Any]:
    """The public keys below an issuer's address, with boto3's certificate authority and proxies.
    Raises `LessonError` if there are none.
    """
    url = f"{issuer}/.well-known/jwks.json"
    verify = session._session.get_config_variable("ca_bundle") or True
    with closing(
        URLLib3Session(
            verify=verify, proxies=get_environ_proxies(url), timeout=tuple(PATIENCE.values())
        )
    ) as http:
        answer = http.send(AWSRequest("GET", url).prepare())
    with suppress(ValueError):
        keys = json.loads(answer.content)
        if answer.status_code == 200 and isinstance(keys, dict) and "keys" in keys:
            return keys
    raise LessonError(
        f"There are no public keys at {url} (HTTP {answer.status_code}). Does the endpoint publish"
        " them?"
    )


def _account(session: boto3.Session) -> str | None:
    """The account number of the credentials, by STS GetCallerIdentity; None if STS can't be reached
    or doesn't say.
    """
    once = Config(
        retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=3, read_timeout=5
    )
    try:
        return str(session.client("sts", config=once).get_caller_identity()["Account"])
    except (HTTPClientError, NoConnectionError):
        return None
    except ClientError as error:
        if error.response["Error"]["Code"] not in DENIED:
            raise
        return None
