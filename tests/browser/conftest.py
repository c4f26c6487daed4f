"""A browser, a server, and a page with watched console and requests. If a test fails, a screenshot
and the console are saved.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from .server import Server

FAILURES = Path(__file__).parent / "failures"
BROWSERS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"]
# Requests only to the test's server
QUIET = [
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
]
PATIENCE = 60_000
# Playwright's default of five seconds is too short on a busy machine.
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        # In CI a missing browser must not look like tests that passed.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "There is no Chromium here: install it (on Debian: apt install chromium) to run the"
            " browser tests."
        )
    return found


# Not for the session: Playwright keeps an event loop running, and no other test could run its own.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield running
        running.close()


@pytest.fixture(scope="session")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("jupyter"))
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that reaches only this machine. `page.console` holds its console messages,
    `page.asked` requests to other hosts.
    """
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
        permissions=["clipboard-read"],
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.console, page.asked = [], []
    page.on("console", lambda message: page.console.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.console.append(f"uncaught: {error}"))

    def only_here(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme == "file" or address.hostname == "127.0.0.1":
            route.continue_()
        else:
            page.asked.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    yield page
    context.close()


@pytest.fixture
def lessons(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """The folder of a copy of the lessons, with a new lab. Its kernels end with the test."""
    yield server.fresh_lessons(re.sub(r"\W+", "-", request.node.name).strip("-").lower())
    server.end_kernels()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None:
        report.sections.append(
            ("the page", f"Its picture and its console: {_keep(page, item.name)}")
        )
    return report


def _keep(page: Page, name: str) -> Path:
    folder = FAILURES / re.sub(r"\W+", "-", name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "console.txt").write_text("\n".join([page.url, *page.console]), encoding="utf-8")
    page.screenshot(path=folder / "page.png")
    return folder
