"""The in-process endpoint: a real boto3 client whose requests are answered before a connection is
opened.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

from ..endpoint import Endpoint
from ..service import Service, loader

if TYPE_CHECKING:
    from botocore.client import BaseClient


def client(service: Service, region_name: str) -> BaseClient:
    """A boto3 client for `cognito-idp` whose every request goes to `service`.

    The handler is on this client's own events, never on a session's, so that any other client in
    the program still reaches AWS.
    """
    session = boto3.Session(
        botocore_session=_session_without_environment(), region_name=region_name
    )
    made = session.client(
        "cognito-idp",
        aws_access_key_id="emulator",
        # It signs requests that never leave the process.
        aws_secret_access_key="emulator",  # noqa: S106
        config=Config(
            ignore_configured_endpoint_urls=True,
            use_fips_endpoint=False,
            use_dualstack_endpoint=False,
            # boto3 would wait some seconds after a LimitExceededException and retry. Here the
            # second response would be the first.
            retries={"mode": "legacy", "total_max_attempts": 1},
        ),
    )
    endpoint = Endpoint(region_name, made.meta.endpoint_url)

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        # A bug in the service is raised unchanged: after an HTTP 500 botocore would wait and retry,
        # and hide the traceback.
        reply = service.answer(operation, request.body or b"", endpoint)
        return AWSResponse(request.url, reply.status, reply.headers, _Body(reply.body))

    made.meta.events.register("before-send.cognito-identity-provider", answer)
    return made


def _session_without_environment() -> botocore.session.Session:
    """A botocore session that reads no variable, no profile and no file of the learner's
    machine.
    """
    nothing_outside = {
        name: (None, None, default, convert)
        for name, (_, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }
    no_files = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    session = botocore.session.Session(session_vars=nothing_outside | no_files)
    session.register_component("data_loader", loader())
    return session


class _Body(io.BytesIO):
    """The part of a raw response botocore needs: its chunks."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()
