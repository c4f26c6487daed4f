"""How long it takes to import the helpers and create a client, and how much memory the emulator
holds; each in a new process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest import mock

REPEATS = 11
MB = 1e6
ROOT = Path(__file__).parents[2]

IMPORT = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"
# The package loads each name when it's first used; a kernel loads every name when it starts.
BASE, PACKAGE, NAMES = (
    "import boto3, ipywidgets",
    "import cognito_helpers",
    "from cognito_helpers import *",
)
CLIENT = """
import time, boto3
from cognito_helpers.local_cognito import LocalCognito
start = time.perf_counter()
{}
print(time.perf_counter() - start)
"""
CLIENTS = {
    "boto3": "boto3.client('cognito-idp', region_name='us-east-1')",
    "emulator": "LocalCognito().client().list_user_pools(MaxResults=1)",
}
# Some hundred users all over the file, and every way to find one
LOOK_ROUND = """
import sys, psutil
from cognito_helpers.local_cognito import LocalCognito
aws = LocalCognito(sys.argv[1]).client()
(pool,) = aws.list_user_pools(MaxResults=1)["UserPools"]
users = int(sys.argv[2])
for number in range(0, users, max(1, users // 500)):
    aws.admin_get_user(UserPoolId=pool["Id"], Username=f"user{number:06}")
    aws.list_users(UserPoolId=pool["Id"], Filter=f'email = "user{number:06}@example.com"')
print(psutil.Process().memory_info().rss)
"""


class Lesson(NamedTuple):
    """One lesson: seconds to its end, including the kernel's start; seconds from the ready kernel
    to the end of the first cell; bytes the kernel then holds.

    All are None for a lesson that doesn't run to its end.
    """

    name: str
    whole: float | None = None
    first_cell: float | None = None
    held: int | None = None


class Starting(NamedTuple):
    """Seconds, as medians, and ours as a multiple of boto3's."""

    base_import: float
    import_ratio: float
    names_ratio: float
    client: float
    client_ratio: float


def measure(say: Callable[[str], None]) -> Starting:
    """Measure importing the helpers, and creating a client and getting its first response."""
    with compiled():
        say("imports")
        imports = _pairs(IMPORT.format(BASE), IMPORT.format(PACKAGE))
        _, names_ratio = _pairs(IMPORT.format(BASE), IMPORT.format(NAMES))
        say("clients")
        clients = _pairs(CLIENT.format(CLIENTS["boto3"]), CLIENT.format(CLIENTS["emulator"]))
        return Starting(*imports, names_ratio, *clients)


def resident(state: Path, users: int) -> int:
    """Bytes held by a process that opens an emulator's file and reads all over it."""
    return int(_output(LOOK_ROUND, str(state), str(users)))


@contextmanager
def compiled() -> Iterator[None]:
    """Compile and keep everything that is imported, in a folder of the benchmark, as on a learner's
    machine from the second start.
    """
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as place,
        mock.patch.dict(os.environ, PYTHONPYCACHEPREFIX=place),
    ):
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        yield


def _pairs(one: str, other: str) -> tuple[float, float]:
    """Seconds for `one`, and the multiple of it for `other`. They take turns; the first turn
    compiles and isn't counted.
    """
    pairs = [(float(_output(one)), float(_output(other))) for _ in range(REPEATS + 1)][1:]
    return statistics.median(first for first, _ in pairs), statistics.median(
        second / first for first, second in pairs
    )


def _output(code: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
