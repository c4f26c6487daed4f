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

# Python starts again for each lesson, and CI's machines are slow.
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
    """Python's own HTTP server with the site in it."""

    def __init__(self, root: Path) -> None:
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(_Quiet, directory=str(root))
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/some/path/"

    def cut(self) -> None:
        """Cut the network for the page, its workers and its service worker. The browser's own
        switch doesn't cover the service worker.
        """
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host(site: Path, tmp_path: Path) -> Iterator[Host]:
    """The server of the site for this test."""
    (tmp_path / "some").mkdir()
    (tmp_path / "some/path").symlink_to(site)
    host = Host(tmp_path)
    yield host
    host.cut()


@pytest.fixture
def address(host: Host) -> str:
    """The address of the site's first page."""
    return host.address


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_tests, "PATIENCE", PATIENCE)
