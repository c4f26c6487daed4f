"""The hub that try_hub.py starts: on this computer only, one password for everyone, and each
learner's server is a process with its own home folder.
"""

import os
from pathlib import Path

from cognito_helpers.terminal.learner_copy import copy_lessons

c = get_config()  # noqa: F821
HOMES = Path(os.environ["TRY_HUB_HOMES"])
PORT, API_PORT, HUB_PORT = map(int, os.environ["TRY_HUB_PORTS"].split())
PROXY = Path(__file__).parent / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"


def lab_home(spawner):
    """Where a learner's emulator keeps its state."""
    return str(HOMES / spawner.user.name / "lab")


def before_a_server_starts(spawner):
    """Create the learner's copy, as values.yaml does in a cluster."""
    copy_lessons(HOMES / spawner.user.name / "cognito-tutorial")


c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{HUB_PORT}"
c.JupyterHub.db_url = f"sqlite:///{HOMES.parent / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(HOMES.parent / "cookie_secret")
c.ConfigurableHTTPProxy.command = ["node", str(PROXY)]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{API_PORT}"
c.ConfigurableHTTPProxy.pid_file = str(HOMES.parent / "proxy.pid")

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["TRY_HUB_PASSWORD"]
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(HOMES / "{username}")
c.Spawner.environment = {"COGNITO_LAB_HOME": lab_home}
c.Spawner.pre_spawn_hook = before_a_server_starts
c.Spawner.default_url = "/lab/tree/cognito-tutorial/00_start_here.ipynb"
c.Spawner.args = ["--allow-root"] if os.getuid() == 0 else []
c.Spawner.start_timeout = c.Spawner.http_timeout = 600

# Starts the learners' servers, instead of their click
c.JupyterHub.services = [{"name": "room", "api_token": os.environ["TRY_HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    {
        "name": "room",
        "services": ["room"],
        "scopes": ["admin:users", "admin:servers", "tokens"],
    }
]
