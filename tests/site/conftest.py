"""The static site, served from a folder below the server's root as some hosts do, and the browser
of the other tests.
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.browser import conftest as browser_tests
from tests.browser.conftest import browser, chromium, page, pytest_runtest_makereport  # noqa: F401

# Python starts anew for each lesson, and CI's machines are slow.
PATIENCE = 120_000


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site(pytestconfig: pytest.Config) -> Path:
    """The folder of the site."""
    folder = pytestconfig.getoption("--site")
    if folder is None:
        pytest.skip("The static site is tested by make test-site.")
    return Path(folder).resolve()


class Host:
    """The server that everybody's Python has, and the site in it."""

    def __init__(self, root: Path) -> None:
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(_Quiet, directory=str(root))
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/some/path/"

    def cut(self) -> None:
        """No answer from now on, to the page, its workers and its service worker: the browser's own
        switch leaves the last one out.
        """
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host(site: Path, tmp_path: Path) -> Iterator[Host]:
    """Who serves the site to this test."""
    (tmp_path / "some").mkdir()
    (tmp_path / "some/path").symlink_to(site)
    host = Host(tmp_path)
    yield host
    host.cut()


@pytest.fixture
def address(host: Host) -> str:
    """Where the site's first page is."""
    return host.address


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_tests, "PATIENCE", PATIENCE)
