"""The package loads its names when they're first used, and the emulator needs none of them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cognito_helpers

BLOCKED = ["ipywidgets", "IPython", "qrcode", "platformdirs", "pycognito"]
BLOCK = f"""
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED}:
            raise ImportError("blocked: " + name)

sys.meta_path.insert(0, Blocker())
"""
EMULATOR = """
import cognito_helpers.local_cognito
client = cognito_helpers.local_cognito.LocalCognito().client()
print(client.list_user_pools(MaxResults=1)["UserPools"])
"""


def python(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )


def imported_for_type_checkers():
    """Each name and its module, as a type checker reads them in `__init__.py`."""
    tree = ast.parse(Path(cognito_helpers.__file__).read_text(encoding="utf-8"))
    return {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
        if node.module
    }


def test_all_names_are_where_type_checkers_look_for_them():
    assert imported_for_type_checkers() == cognito_helpers._MODULES
    assert sorted(cognito_helpers.__all__) == sorted(cognito_helpers._MODULES)


@pytest.mark.parametrize("name", cognito_helpers.__all__)
def test_each_name_resolves(name):
    value = getattr(cognito_helpers, name)
    assert value is cognito_helpers.__dict__[name]
    assert getattr(value, "__name__", name).rpartition(".")[2] == name


def test_completion_offers_every_name():
    done = python(
        "import cognito_helpers\n"
        "assert set(cognito_helpers.__all__) <= set(dir(cognito_helpers))\n"
        "from IPython.core.completer import Completer\n"
        "offered = Completer(namespace={'c': cognito_helpers}).attr_matches('c.open_')\n"
        "assert offered == ['c.open_case', 'c.open_lab'], offered"
    )
    assert done.returncode == 0, done.stderr


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'cognito_helpers' has no attribute 'open_lba'"):
        _ = cognito_helpers.open_lba
    with pytest.raises(ImportError, match="open_lba"):
        exec("from cognito_helpers import open_lba")


def test_the_package_alone_loads_nothing_heavy():
    done = python(
        "import sys, cognito_helpers\n"
        "print([m for m in sys.modules if m.startswith(('boto', 'IPython', 'cognito_helpers.'))])"
    )
    assert done.stdout == "['cognito_helpers.python_check']\n", done.stderr


def test_the_emulator_works_without_what_only_lessons_need():
    done = python(BLOCK + EMULATOR)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("module", BLOCKED)
def test_the_blocked_modules_are_blocked(module):
    assert f"blocked: {module}" in python(f"{BLOCK}\nimport {module}").stderr


def test_a_kernel_loads_every_name_when_it_starts():
    """A lesson's first cell doesn't have to wait for them."""
    done = python(
        "import cognito_helpers\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.extension_manager.load_extension('cognito_helpers')\n"
        "assert set(cognito_helpers.__all__) <= set(vars(cognito_helpers))\n"
        "assert shell.custom_exceptions == (Exception,)"
    )
    assert done.returncode == 0, done.stderr


def test_a_missing_package_is_named_when_a_name_is_used(monkeypatch):
    monkeypatch.setattr(cognito_helpers.python_check, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match="^This Python \\(.+\\) can't find boto3, ipywidgets, "):
        cognito_helpers.__getattr__("open_lab")
