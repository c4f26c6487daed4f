"""The lab with the little that Python has in a browser tab: every step of the lessons, and the
views.

The tests in `site/` do the lessons in a real tab; this one needs neither a browser nor the site.
"""

import json
import subprocess
import sys

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


def test_the_lab_opens_with_every_step_taken(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LAB, json.dumps(NO_NAMES), NO_MODULES],
        env={"COGNITO_LAB_HOME": str(tmp_path / "lab"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
