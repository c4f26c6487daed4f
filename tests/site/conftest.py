"""The static site, served from a folder below the server's root as some hosts do, and the browser of the other tests."""

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
PATIENCE = 300_000


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


@pytest.fixture(scope="session")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site is served, with the server that everybody's Python has."""
    root = tmp_path_factory.mktemp("www")
    (root / "some").mkdir()
    (root / "some/path").symlink_to(site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/some/path/"
        server.shutdown()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_tests, "PATIENCE", PATIENCE)
