"""What Windows lacks isn't needed: modules, functions and paths. Tried here, not on Windows."""

import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.storage import state_file
from cognito_helpers.terminal import learner_copy
from cognito_helpers.terminal.commands import FIRST_LESSON

ABSENT = ["fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"]
MISSING = [
    *("fork", "forkpty", "fchmod", "fchown", "chown", "getuid", "geteuid", "getgid", "getegid"),
    *("getpgid", "setsid", "killpg", "mkfifo", "O_NONBLOCK", "O_NOFOLLOW", "O_DIRECTORY"),
]
# The libraries come first: on this system they may use what Windows lacks.
PROGRAM = f"""
import os, pkgutil, importlib, signal, sys
import boto3, ipywidgets, IPython, jupyterlab.labapp, pycognito, qrcode, tornado.httpserver
import platformdirs, sqlite3, tempfile, multiprocessing
for name in {ABSENT}:
    sys.modules[name] = None
for name in {MISSING}:
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGALRM", "SIGUSR1"):
    delattr(signal, name)
import cognito_helpers
for module in pkgutil.walk_packages(cognito_helpers.__path__, "cognito_helpers."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
from cognito_helpers.local_cognito.storage import state_file
state_file.HAS_MODES = False
from cognito_helpers.local_cognito import LocalCognito
client = LocalCognito(sys.argv[1]).client()
client.create_user_pool(PoolName="x")
print(len(LocalCognito(sys.argv[1]).client().list_user_pools(MaxResults=9)["UserPools"]))
"""


def test_the_whole_package_imports_and_keeps_its_state_without_what_windows_lacks(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "state.sqlite")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr


def test_a_state_file_is_created_on_systems_without_file_modes(tmp_path, monkeypatch):
    monkeypatch.setattr(state_file, "HAS_MODES", False)
    monkeypatch.setattr(state_file, "HAS_OWNERS", False)
    for name in ("fchmod", "geteuid"):
        monkeypatch.delattr(state_file.os, name)
    path = tmp_path / "folder" / "state.sqlite"
    for _ in range(2):
        LocalCognito(path).client().list_user_pools(MaxResults=1)
    assert path.stat().st_size


def test_the_manifest_of_a_copy_has_the_same_names_on_every_system():
    inside = PureWindowsPath(r"C:\lessons\images\code.png")
    assert inside.relative_to(r"C:\lessons").as_posix() == "images/code.png"
    for name, _ in learner_copy._lessons(learner_copy.source_folder()):
        assert "\\" not in name and not PureWindowsPath(name).is_absolute()


@pytest.mark.parametrize("text", ["café", "日本語"])
def test_files_are_read_and_written_as_utf_8_on_every_system(tmp_path, text):
    """Text files without an encoding get the code page of Windows: this Python is told to warn."""
    program = (
        "import sys; from pathlib import Path;"
        "from cognito_helpers.terminal.learner_copy import copy_lessons;"
        "copy_lessons(Path(sys.argv[1]) / sys.argv[2]);"
        "from cognito_helpers.backends.storage import learner_progress;"
        "m = learner_progress(Path(sys.argv[1])); print(type(m).__name__)"
    )
    command = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    done = subprocess.run(
        [*command, "-c", program, str(tmp_path), text], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert Path(tmp_path, text, FIRST_LESSON).exists()


def test_names_windows_reserves_are_in_no_path_of_the_repository():
    root = Path(__file__).parent.parent
    for path in (*root.glob("cognito_helpers/**/*"), *root.glob("notebooks/**/*")):
        assert not set(path.name) & set('<>:"\\|?*'), path
        assert path.stem.upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}, path
