"""The lab with the little that Python has in a browser tab: every step of the lessons, and the
views.

The tests in `site/` do the lessons in a real tab; this one needs neither a browser nor the site.
"""

import json
import subprocess
import sys

from etc.tools.lessons import LESSONS as PATHS
from tests.test_notebooks import IN_PRACTICE_POOLS

# What `os`, `signal` and `time` of Pyodide 314 lack compared to Linux, without constants
NO_NAMES = {
    "os": """copy_file_range eventfd eventfd_read eventfd_write forkpty getegid geteuid getgrouplist
        getgroups getrandom getresgid getresuid getxattr initgroups lchown link listxattr
        memfd_create mkfifo mknod nice openpty pidfd_open pipe2 posix_fallocate posix_spawn
        posix_spawnp preadv pwritev removexattr sched_getaffinity sched_setaffinity sendfile setegid
        seteuid setgroups setpriority setresgid setresuid setxattr splice""",
    "signal": "alarm pidfd_send_signal pthread_kill setitimer",
    "time": "thread_time thread_time_ns tzset",
}
NO_MODULES = """_hashlib cryptography curses fcntl gmpy2 grp jupyter_client jupyter_server
    jupyterlab pwd resource termios tornado zmq"""

LAB = """
import json, sys, threading

for module, names in json.loads(sys.argv[1]).items():
    for name in names.split():
        # Some are newer than this system or its Python.
        vars(__import__(module)).pop(name, None)
for name in sys.argv[2].split():
    sys.modules[name] = None

def start(thread):
    raise RuntimeError("can't start new thread")

threading.Thread.start = start

# The rest asks it, so it's changed first. `sys.platform` itself would change what others do.
from cognito_helpers.local_cognito.storage import store

store.IN_A_TAB = True

from IPython.core.interactiveshell import InteractiveShell

import cognito_helpers
from cognito_helpers.lessons import prerequisites

shell = InteractiveShell.instance()
cognito_helpers.load_ipython_extension(shell)
for needs in prerequisites.STATES:
    shell.user_ns["lab"] = lab = cognito_helpers.open_lab(needs=needs)
assert lab.device is not None
shell.run_cell("from cognito_helpers import *").raise_error()
for view in "phone", "inbox", "passkeys", "requests":
    shell.run_cell(f"lab.{view}").raise_error()
for view in "state_diagram(lab)", "sequence_diagram(lab)":
    shell.run_cell(view).raise_error()
"""


# Lessons that would show too late in a tab what it lacks.
LESSONS = """
import nbformat

for path in sys.argv[3:]:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source).raise_error()
"""


def in_a_tab(home, program, *paths):
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(NO_NAMES), NO_MODULES, *map(str, paths)],
        env={"COGNITO_LAB_HOME": str(home / "lab"), "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_lab_opens_with_every_step_taken(tmp_path):
    in_a_tab(tmp_path, LAB)


def test_lessons_on_other_challenges_run_to_their_end(tmp_path):
    """And passkeys, which a tab doesn't have, are a sentence."""
    paths = [path for path in PATHS if path.stem in IN_PRACTICE_POOLS]
    said = in_a_tab(tmp_path, LAB + LESSONS, *paths)
    assert "Passkeys need an installation" in said and "Signed in: True" not in said
    assert said.count("is finished. Next:") == len(paths) > 1
