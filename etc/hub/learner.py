"""One learner at the hub: signs in with the form, gets a server, and runs lessons on it like the
page in a browser.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import requests
import websocket

FOLDER = "cognito-tutorial"
PATIENCE = 600  # Seconds, for anything


class HubError(Exception):
    """The hub, or a cell, did something unexpected: one sentence."""


class Learner:
    """A learner called `name` at the hub at `address`. `room` is the token that starts servers."""

    def __init__(self, address: str, name: str, room: str) -> None:
        self.name = name
        self._hub, self._room = address, {"Authorization": f"token {room}"}
        self._server = f"{address}/user/{name}"
        self._own: dict[str, str] = {}

    def sign_in(self, password: str) -> None:
        """Fill in the form of the sign-in page."""
        with requests.Session() as browser:
            page = f"{self._hub}/hub/login"
            browser.get(page, timeout=PATIENCE)
            form = {"username": self.name, "password": password}
            form |= {one.name: str(one.value) for one in browser.cookies if one.name == "_xsrf"}
            done = browser.post(page, data=form, allow_redirects=False, timeout=PATIENCE)
        if done.status_code != 302:
            raise HubError(f"{self.name} isn't signed in: status {done.status_code}.")

    def start(self) -> None:
        """Start this learner's server, and wait until it responds."""
        user = f"{self._hub}/hub/api/users/{self.name}"
        self._check(requests.post(f"{user}/server", headers=self._room, timeout=PATIENCE))
        until = time.monotonic() + PATIENCE
        while not self._is_ready(user):
            if time.monotonic() > until:
                raise HubError(f"The server of {self.name} doesn't start.")
            time.sleep(0.5)
        made = requests.post(f"{user}/tokens", headers=self._room, json={}, timeout=PATIENCE)
        self._own = {"Authorization": f"token {self._check(made)['token']}"}

    def _is_ready(self, user: str) -> bool:
        told = self._check(requests.get(user, headers=self._room, timeout=PATIENCE))
        return bool(told.get("servers", {}).get("", {}).get("ready"))

    def may_enter(self, other: Learner) -> bool:
        """Whether this learner's token gives access to another's server."""
        address = f"{other._server}/api/contents/{FOLDER}"
        return requests.get(address, headers=self._own, timeout=PATIENCE).ok

    def run(self, lesson: str) -> float:
        """Run each cell of a lesson from the learner's copy; return the seconds it took."""
        begun = time.perf_counter()
        path = f"{FOLDER}/{lesson}"
        notebook = self._call("GET", f"contents/{path}")["content"]
        asked = {"path": path, "name": lesson, "type": "notebook", "kernel": {"name": "python3"}}
        session = self._call("POST", "sessions", json=asked)
        channels = f"{self._server}/api/kernels/{session['kernel']['id']}/channels"
        connection = websocket.create_connection(
            channels.replace("http", "ws", 1),
            header=[f"Authorization: {self._own['Authorization']}"],
            timeout=PATIENCE,
        )
        try:
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    self._execute(connection, cell, lesson)
        finally:
            connection.close()
            self._call("DELETE", f"sessions/{session['id']}")
        return time.perf_counter() - begun

    def _execute(self, connection: Any, cell: dict[str, Any], lesson: str) -> None:
        asked = uuid.uuid4().hex
        connection.send(json.dumps(_request(asked, "".join(cell["source"]))))
        failure = None
        while True:
            frame = connection.recv()
            if isinstance(frame, bytes):
                continue  # With buffers: a widget's message, never the one that ends a cell
            message = json.loads(frame)
            if message["parent_header"].get("msg_id") != asked or message["channel"] != "iopub":
                continue
            if message["msg_type"] == "error":
                failure = message["content"]["ename"]
            if message["content"].get("execution_state") == "idle":
                break
        if failure and "raises-exception" not in cell["metadata"].get("tags", []):
            raise HubError(f"{self.name}, {lesson}: a cell ended with {failure}.")

    def _call(self, method: str, path: str, **more: Any) -> Any:
        address = f"{self._server}/api/{path}"
        return self._check(
            requests.request(method, address, headers=self._own, timeout=PATIENCE, **more)
        )

    def _check(self, response: requests.Response) -> Any:
        if not response.ok:
            raise HubError(
                f"{response.request.method} {response.request.path_url} for {self.name}:"
                f" status {response.status_code}."
            )
        return response.json() if response.content else {}


def _request(identity: str, code: str) -> dict[str, Any]:
    """A message that asks a kernel to run a cell."""
    header = {
        "msg_id": identity,
        "msg_type": "execute_request",
        "session": identity,
        "username": "",
        "version": "5.4",
    }
    content = {
        "code": code,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": False,
    }
    return {
        "channel": "shell",
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "buffers": [],
    }
