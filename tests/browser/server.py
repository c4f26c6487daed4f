"""JupyterLab for the tests: one server that only this machine can reach, with separate folders.
Each test gets its copy of the lessons and a new lab.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

from etc.tools.lessons import LESSONS

TOKEN = "for-the-tests"
# The pages render all cells at once, save no changes, and request no news.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
# The server doesn't check whether its own files are outdated, which would take two seconds of
# Node.js for every page.
PAGE = {"buildCheck": False, "buildAvailable": False}
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"


class Server:
    """A running server. `stop` ends it and all its kernels."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = folder / "root"
        self._root.mkdir()
        self._write("config/labconfig/default_setting_overrides.json", SETTINGS)
        self._write("config/labconfig/page_config.json", PAGE)
        self._process = subprocess.Popen(
            self._command(),
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.url = self._wait_for_url()
        # Read to the end: a full pipe would stop the server.
        self._reader = threading.Thread(target=self._output.read)
        self._reader.start()

    def _command(self) -> list[str]:
        options = [
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            "--port=0",
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={self._root}",
        ]
        exposed = [
            f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")
        ]
        return [sys.executable, "-m", "jupyterlab", *options, *exposed]

    def _environment(self) -> dict[str, str]:
        own = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython",
        }
        own |= {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
        environment = os.environ | {name: str(self._folder / place) for name, place in own.items()}
        environment.pop("COGNITO_LAB_BACKEND", None)
        return environment

    def _wait_for_url(self) -> str:
        assert self._process.stdout is not None
        self._output = self._process.stdout
        said = []
        for line in self._output:
            said.append(line)
            if found := re.search(r"(http://127\.0\.0\.1:\d+)/", line):
                return found[1]
        raise RuntimeError("JupyterLab did not start:\n" + "".join(said))

    def fresh_lessons(self, name: str) -> str:
        """A copy of the lessons whose kernels share a new lab. Return its folder, as the server
        names it.
        """
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        kernel = {
            "argv": argv,
            "display_name": "Python 3",
            "language": "python",
            "env": {"COGNITO_LAB_HOME": str(self.home(name))},
        }
        self._write(f"data/kernels/{name}/kernel.json", kernel)
        copy = self._root / name
        shutil.copytree(
            LESSONS[0].parent, copy, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
        )
        for path in copy.glob("*.ipynb"):
            lesson = json.loads(path.read_text(encoding="utf-8"))
            lesson["metadata"]["kernelspec"] = {
                "display_name": "Python 3",
                "language": "python",
                "name": name,
            }
            path.write_text(json.dumps(lesson), encoding="utf-8")
        return name

    def folder_of(self, name: str) -> Path:
        """Where the files of those lessons are."""
        return self._root / name

    def home(self, name: str) -> Path:
        """The folder of the lab of those lessons. The first opened lesson creates it."""
        return self._folder / "homes" / name

    def theme(self, theme: str) -> None:
        """Set the theme of every page opened from now on."""
        self._write(
            "settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings",
            {"theme": theme, "adaptive-theme": False},
        )

    def end_kernels(self) -> None:
        """Shut down every kernel."""
        for session in json.loads(self._ask("GET", "api/sessions")):
            self._ask("DELETE", f"api/sessions/{session['id']}")

    def stop(self) -> None:
        self.end_kernels()
        self._process.terminate()
        self._process.wait()
        self._reader.join()
        self._output.close()

    def _ask(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(
            f"{self.url}/{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bytes(answer.read())

    def _write(self, place: str, content: object) -> None:
        path = self._folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
