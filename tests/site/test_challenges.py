"""In a browser tab, every challenge but the passkey's is posed and answered both ways."""

from __future__ import annotations

import re
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
from cognito_helpers.errors import NotAvailableError
from cognito_helpers.sign_in.software_authenticator import SoftwareAuthenticator
from emulator import test_every_challenge as walk

def passkey(flow):
    try:
        SoftwareAuthenticator()
    except NotAvailableError as error:
        print(error)


walk.passkey = passkey
emulator = LocalCognito()
make = walk.maker(emulator, in_process.client(emulator.service, "us-east-1"))
for part in (
    walk.codes_and_choice, walk.second_factors, walk.app_device_and_password, walk.custom
):
    part(make)
for how in ("posed", "wrong", "right"):
    print(how, *set().union(*(getattr(flow, how) for flow in make.seen)) - {{None}})
"""


# No library that a tab can load makes the keys of passkeys.
NOT_IN_A_TAB = {"WEB_AUTHN"}


def test_every_challenge_is_posed_and_answered_both_ways_in_a_tab(page, address):
    notebook = InTab.from_first_page(page, address, NAMES[0])
    said = notebook.run_code(WALK)
    assert "Passkeys need an installation" in said
    for how in ("posed", "wrong", "right"):
        (found,) = re.findall(rf"^{how} (.*)$", said, re.M)
        assert CHALLENGES.keys() - set(found.split()) == NOT_IN_A_TAB, how
