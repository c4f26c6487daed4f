"""The emulator is independent: it needs none of the packages that only lessons use."""

import subprocess
import sys

LESSONS_ONLY = ["ipywidgets", "IPython", "qrcode", "platformdirs", "pycognito"]

# The emulator's own modules, and not the package around them, which has its own test.
ALONE = f"""
import sys, types, pathlib
for name in {LESSONS_ONLY}:
    sys.modules[name] = None
package = types.ModuleType("cognito_helpers")
package.__path__ = [sys.argv[1]]
sys.modules["cognito_helpers"] = package
import cognito_helpers.local_cognito
from cognito_helpers.local_cognito import LocalCognito
LocalCognito().client().list_user_pools(MaxResults=1)
import cognito_helpers.local_cognito.__main__
"""


def test_the_emulator_imports_nothing_that_only_lessons_need():
    from cognito_helpers import local_cognito

    folder = local_cognito.__path__[0].removesuffix("local_cognito")
    done = subprocess.run(
        [sys.executable, "-c", ALONE, folder], capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.returncode) == ("", 0)


def test_the_schema_of_a_pool_is_built_once(make_flow, monkeypatch):
    from cognito_helpers.local_cognito.pools import Pool

    built = []
    build = Pool.schema.func
    monkeypatch.setattr(Pool.schema, "func", lambda pool: built.append(pool) or build(pool))
    flow = make_flow()
    built.clear()
    flow.sign_up()
    assert len(built) == 1
