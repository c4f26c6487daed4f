"""Drive the installed Firefox and WebKit with the WebDriver commands that the walk needs.

Playwright only drives its own builds of these, which would have to be downloaded.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PATIENCE = 300  # seconds: a lesson on a slow machine


def _when_there(look: Any) -> Any:
    """Call `look` until it raises no OSError, and return its result."""
    last = time.monotonic() + PATIENCE
    while True:
        try:
            return look()
        except OSError:
            if time.monotonic() > last:
                raise
            time.sleep(0.1)


class Engine:
    """A browser with one window."""

    # The programs it needs, each by its possible names, and how to install them.
    NEEDS: dict[tuple[str, ...], str]

    def go(self, address: str) -> None:
        """Open a page."""
        self.command("Navigate", "url", {"url": address})

    def run(self, function: str, *arguments: object) -> Any:
        """Return what a JavaScript function returns or promises."""
        script = (
            "const done = arguments[arguments.length - 1];"
            f"Promise.resolve().then(() => ({function})(...[...arguments].slice(0, -1)))"
            ".then(value => done({value}), error => done({error: String(error)}))"
        )
        found = self.command(
            "ExecuteAsyncScript", "execute/async", {"script": script, "args": list(arguments)}
        )
        if found is None:
            return None  # another page came meanwhile
        assert "error" not in found, found["error"]
        return found.get("value")

    def wait_for(self, function: str, *arguments: object) -> None:
        """Wait until a JavaScript function returns true."""
        last = time.monotonic() + PATIENCE
        while not self.run(function, *arguments):
            assert time.monotonic() < last, f"never true: {function}"
            time.sleep(0.2)

    def command(self, name: str, path: str, parameters: dict[str, Any]) -> Any:
        """Send a command, by Firefox's name and WebDriver's path; returns its value."""
        raise NotImplementedError

    def end(self) -> None:
        """Close the browser."""
        raise NotImplementedError

    def _be_patient(self) -> None:
        self.command("SetTimeouts", "timeouts", {"script": PATIENCE * 1000, "pageLoad": 120_000})


class Firefox(Engine):
    """Firefox, by its Marionette socket. It needs no driver."""

    # Debian's name, and the name on other systems.
    NEEDS = {("firefox-esr", "firefox"): "apt install firefox-esr"}

    def __init__(self, home: Path) -> None:
        program = next(filter(None, map(shutil.which, next(iter(self.NEEDS)))))
        (home / "user.js").write_text('user_pref("marionette.port", 0);\n')
        self._process = subprocess.Popen(
            [program, "--headless", "--marionette", "--no-remote", "--profile", home],
            env={**os.environ, "HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port = int(_when_there((home / "MarionetteActivePort").read_text))
        self._socket = _when_there(lambda: socket.create_connection(("127.0.0.1", port)))
        self._socket.settimeout(PATIENCE + 60)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._message()
        self.command("NewSession", "", {})
        self._be_patient()

    def command(self, name: str, path: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        asked = json.dumps([0, self._number, f"WebDriver:{name}", parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(asked), asked))
        _, _, error, value = self._message()
        assert error is None, error
        return value.get("value") if isinstance(value, dict) else value

    def _message(self) -> Any:
        size = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox ended."
            size += byte
        return json.loads(self._stream.read(int(size)))

    def end(self) -> None:
        self._stream.close()
        self._socket.close()
        self._process.terminate()
        self._process.wait()


class WebKit(Engine):
    """WebKitGTK's small browser, by its driver, on a virtual screen."""

    NEEDS = {
        ("WebKitWebDriver",): "apt install webkit2gtk-driver",
        ("Xvfb",): "apt install xvfb",
    }

    def __init__(self, home: Path) -> None:
        reading, writing = os.pipe()
        self._screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with open(reading) as numbers:
            display = f":{numbers.readline().strip()}"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._process = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"],
            # On a machine without a graphics card, drawing by GL takes as much as Python.
            env={
                **os.environ,
                "HOME": str(home),
                "DISPLAY": display,
                "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._address = f"http://127.0.0.1:{port}/session"
        session = _when_there(lambda: self._post("", {"capabilities": {}}))
        self._address += f"/{session['sessionId']}"
        self._be_patient()

    def command(self, name: str, path: str, parameters: dict[str, Any]) -> Any:
        return self._post(f"/{path}", parameters)

    def _post(self, path: str, parameters: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            self._address + path,
            json.dumps(parameters).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE + 60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            # The status alone says nothing: a script that takes too long has the same.
            with error:
                raise AssertionError(json.load(error)["value"]) from None

    def end(self) -> None:
        for process in (self._process, self._screen):
            process.terminate()
            process.wait()


def missing(engine: type[Engine]) -> str:
    """What to install for an engine; empty where it's here."""
    return " and ".join(
        install
        for programs, install in engine.NEEDS.items()
        if not any(map(shutil.which, programs))
    )
