"""Stop buttons and signals, many times: an interrupt anywhere leaves a lab that works, and a served
emulator told to end under load ends cleanly.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ..emulator.commands import CLEANLY, ended, serving
from ..emulator.raw_http import Reply, dial, request

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")

# A kernel whose user presses stop again and again while a cell calls in a loop. Prints how many
# interrupts came inside a call.
KERNEL = """
import json, random, signal, sqlite3, sys, time
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.endpoint import Endpoint

path, interrupts = sys.argv[1], int(sys.argv[2])
emulator = LocalCognito(path)
def ask(operation, **request):
    body = json.dumps(request).encode()
    return json.loads(emulator.service.answer(operation, body, Endpoint()).body or b"{}")
made = 0
ask("CreateUserPool", PoolName="x")
other = sqlite3.connect(path, isolation_level=None, timeout=0)
for _ in range(interrupts):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, random.random() * 0.01)
        while True:
            ask("CreateUserPool", PoolName="x")
            made += 1
    except KeyboardInterrupt as stopped:
        kept = stopped
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # As IPython does, the traceback is kept; other processes can write all the same.
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    assert ask("DescribeUserPool", UserPoolId="us-east-1_nosuchone")["__type"]
there = other.execute("SELECT count(*) FROM pools").fetchone()[0]
assert made < there <= made + 1 + interrupts, (made, there)
print(json.dumps({"made": made}))
"""


def test_a_stop_button_pressed_anywhere_leaves_a_lab_that_works(tmp_path, size, figures):
    interrupts = size(40, 5000)
    raising = "import signal\nsignal.signal(signal.SIGALRM, signal.default_int_handler)\n"
    done = subprocess.run(
        [sys.executable, "-c", raising + KERNEL, tmp_path / "state.sqlite", str(interrupts)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    made = json.loads(done.stdout)["made"]
    figures(f"Stopping: {interrupts} interrupts in calls of {made} that were answered.")


def answered(url, names, prefix):
    """Create pools over one connection until it ends; the names of those that were confirmed."""
    with suppress(OSError, ValueError), closing(dial(url)) as connection:
        for number in range(10**6):
            name = f"{prefix}-{number}"
            body = json.dumps({"PoolName": name}).encode()
            target = "AWSCognitoIdentityProviderService.CreateUserPool"
            connection.sendall(request(url, body=body, target=target))
            reply = Reply(connection)
            if reply.status != 200:
                assert reply.error == (503, "ServiceUnavailableException")
                break
            names.append(name)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_under_load_ends_cleanly_and_loses_nothing(tmp_path, size, figures, number):
    times, told = size(2, 60), 0
    for turn in range(times):
        path, names = tmp_path / f"{turn}.sqlite", []
        with serving("--state", path) as (process, url):
            crowd = [
                threading.Thread(target=answered, args=(url, names, client)) for client in range(4)
            ]
            for client in crowd:
                client.start()
            while len(names) < 10 + 7 * turn:
                crowd[0].join(0.01)
            assert ended(process, number) == CLEANLY
            for client in crowd:
                client.join()
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT settings FROM pools").fetchall()
        there = {json.loads(row[0])["Name"] for row in rows}
        assert set(names) <= there
        told += len(names)
    figures(f"Stopping: {number.name} {times} times under load; {told} answered calls, all there.")
