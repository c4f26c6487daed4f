"""Let one lesson write at a time, also among the tabs of a browser, whose drive has no locks.

The site's service worker holds the lock (`etc/site/service-worker.js`): Python can't wait there for
another tab, but a request can.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other tabs from changing the file `path` in this block. Elsewhere it does nothing."""
    holder = secrets.token_hex(8)
    ask("take", path, holder)
    try:
        yield
    finally:
        ask("give", path, holder)


def ask(what: str, path: Path, holder: str) -> None:
    """Ask the service worker to "take" the lock for this holder, or "give" it back; return when it
    has. Without a service worker no tab shares the file.
    """
    if sys.platform == "emscripten" and path.is_relative_to("/drive"):
        from js import XMLHttpRequest
        from pyodide.ffi import JsException

        request = XMLHttpRequest.new()
        with suppress(JsException):
            request.open("POST", f"api/lock/{what}?file={path.name}&holder={holder}", False)
            request.send()
