"""The Python of a browser tab poses every challenge the emulator has, and answers it both ways."""

from __future__ import annotations

from pathlib import Path

from cognito_helpers.local_cognito.challenges.table import CHALLENGES

from .test_site import NAMES, InTab

HERE = Path(__file__).parent.parent / "emulator"
SOURCES = {
    f"{name}.py": (HERE / f"{name}.py").read_text()
    for name in ("flow", "lambdas", "raw_http", "remote", "test_every_challenge")
}
# The tab has no pytest. The walk needs two of its names.
WALK = f"""
import sys, types
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def raises(kind):
    try:
        yield
    except kind:
        return
    raise AssertionError(f"no {{kind.__name__}}")


sys.modules["pytest"] = types.SimpleNamespace(
    raises=raises, fixture=lambda **_: lambda function: function
)
folder = Path("/tmp/walk/emulator")
folder.mkdir(parents=True)
for name, source in {SOURCES!r}.items():
    (folder / name).write_text(source)
sys.path.insert(0, str(folder.parent))
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.transports import in_process
from emulator import test_every_challenge as walk

emulator = LocalCognito()
make = walk.maker(emulator, in_process.client(emulator.service, "us-east-1"))
walk.test_every_challenge_is_posed_and_answered_both_ways(make)
right = set().union(*(flow.right for flow in make.seen))
print(*sorted(right))
"""


def test_every_challenge_is_posed_and_answered_both_ways_in_a_tab(page, address):
    notebook = InTab.from_first_page(page, address, NAMES[0])
    # Before the last line it says that keys are generated.
    *_, answered = notebook.run_code(WALK).splitlines()
    assert set(answered.split()) == CHALLENGES.keys()
