"""Run every lesson in Firefox and in WebKit, offline after the first."""

from __future__ import annotations

import os
import time

import pytest

from tests.browser.notebook import _READY, _RUN_ALL

from .test_site import _DO, _FAILED, _KEPT, _OPEN, NAMES, TAKE_A_KEY
from .webdriver import Firefox, WebKit, missing

_CLICK = "name => { [...document.querySelectorAll(`a[href*='${name}.ipynb']`)].at(-1).click() }"
_START = "() => { document.querySelector('a.start').click() }"
_ALL_RAN = f"""async () => {{
    await ({_RUN_ALL})()
    return true
}}"""
# Ending a lesson's Python frees its memory. A lesson that isn't saved would ask whether to save it.
_CLOSE = """async name => {
    for (const panel of [...window.jupyterapp.shell.widgets('main')])
        if (panel.context.path === `${name}.ipynb`) {
            await panel.context.save()
            await panel.sessionContext.shutdown()
            panel.close()
        }
    return true
}"""


@pytest.fixture(params=[Firefox, WebKit], ids=lambda engine: engine.__name__)
def engine(request, tmp_path_factory):
    if install := missing(request.param):
        # In CI a browser that is missing must not look like tests that passed.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            f"There is no {request.param.__name__} here: on Debian, {install}."
        )
    running = request.param(tmp_path_factory.mktemp("engine"))
    yield running
    running.end()


def test_every_lesson_runs_offline_after_the_first(engine, host):
    engine.go(host.address)
    engine.run(_START)
    for before, name in zip([None, *NAMES], NAMES, strict=False):
        asked = time.monotonic()
        if before:
            engine.run(_CLICK, name)
        engine.wait_for(_OPEN, name)
        engine.run(f"async () => {{ await ({_READY})() }}")
        ready = time.monotonic() - asked
        if before:
            engine.run(_CLOSE, before)
        engine.run(_ALL_RAN)
        assert engine.run(_FAILED) == [], name
        took = time.monotonic() - asked
        print(f"\n{name}: Python after {ready:.1f} s, all cells after {took:.1f} s.", end="")
        if not before:
            engine.run(_KEPT)
            host.cut()
    engine.run(_DO, TAKE_A_KEY)
    assert engine.run("() => window.done") == "2048 True\n"
