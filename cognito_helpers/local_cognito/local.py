"""`LocalCognito`: the emulator as one object."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from . import outbox
from .endpoint import Endpoint
from .service import Service
from .storage.clock import Clock
from .storage.store import Store
from .transports import in_process as in_process
from .types import Lambdas, Response

if TYPE_CHECKING:
    from botocore.client import BaseClient


class LocalCognito:
    """Amazon Cognito user pools, small enough to read, in this process.

    `path` names a SQLite file, created if it's missing; without one everything is kept in memory.
    Raises `StateFileError` if the file can't be used. It does what the real service is known to do.
    It's for learning, not for production.

    `lambdas` has the Lambda functions that the LambdaConfig of a pool names by ARN: the function's
    name, and a Python function of an event and a context. `emulator.lambdas["name"] = function`
    adds one later, or replaces it.
    """

    def __init__(self, path: str | Path | None = None, lambdas: Lambdas | None = None) -> None:
        self.lambdas: Lambdas = {} if lambdas is None else lambdas
        for name, function in self.lambdas.items():
            if not callable(function):
                raise TypeError(f"The Lambda function {name!r} isn't a function.")
        self._store = Store(Path(path) if path is not None else None, self.lambdas)
        self.clock = Clock(self._store)
        self.service = Service(self._store)

    def client(self, region_name: str = "us-east-1") -> BaseClient:
        """A real boto3 client, served in process: no socket, no thread, no credentials, no AWS
        settings.
        """
        return in_process.client(self.service, region_name)

    def inbox(self, username: str) -> list[outbox.Message]:
        """Every message sent to `username`, newest last."""
        return outbox.inbox(self._store, username)

    def jwks(self, pool_id: str) -> Response:
        """The pool's public keys, as anyone can download them: `{"keys": [...]}`, one for ID tokens
        and one for access tokens.
        """
        from . import signing

        return signing.jwks(self._store, pool_id)

    def openid_configuration(self, pool_id: str) -> Response:
        """What OpenID Connect clients read about the pool: its issuer, and where its keys are."""
        from . import signing

        return signing.openid_configuration(self._store, pool_id, Endpoint().url)

    def close(self) -> None:
        """Close the state file."""
        self._store.close()
