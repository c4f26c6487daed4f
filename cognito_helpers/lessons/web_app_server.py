"""The web app to take home, running inside the notebook."""

from __future__ import annotations

import sys
from typing import Any

from ..actions import CognitoIdentityProviderWrapper
from ..lab.lab import Lab
from ..sign_in.tokens import verify

LOOPBACK = "127.0.0.1"
NO_SERVER = (
    "A browser tab can't listen for connections, so the web app doesn't run here. Install the"
    " tutorial on your computer to run it."
)
# The one running in this kernel
_running: list[WebAppServer] = []


class WebAppServer:
    """The address of the running app, as a link. `stop()` ends it, and so does the kernel's end."""

    def __init__(self, http_server: Any = None, port: int = 0) -> None:
        self._http_server, self.port = http_server, port

    @property
    def url(self) -> str:
        """Where to open it. Empty in a browser tab."""
        return f"http://{LOOPBACK}:{self.port}/" if self.port else ""

    def __repr__(self) -> str:
        return f"Open {self.url}" if self.url else NO_SERVER

    def _repr_html_(self) -> str:
        link = f'<a href="{self.url}" target="_blank" rel="noopener">{self.url}</a>'
        return f"<p>{f'Open {link}' if self.url else NO_SERVER}</p>"

    def stop(self) -> None:
        """Stop listening."""
        if self._http_server is not None:
            self._http_server.stop()


def serve_web_app(lab: Lab) -> WebAppServer:
    """Run `web_app.py` for the lab's pool, on this computer only. An app that is already running is
    stopped.

    It uses the lab's client, so its calls are recorded in `lab.requests`. It responds while no cell
    is running.
    """
    while _running:
        _running.pop().stop()
    if sys.platform == "emscripten":
        return WebAppServer()
    from tornado.httpserver import HTTPServer
    from tornado.netutil import bind_sockets

    from .. import web_app

    pool_id, client_id = lab.pool_id, lab.client_id
    keys, issuer = lab.jwks(), lab.issuer

    def verified(token: str) -> dict[str, Any]:
        # By the service's clock: the emulator's may be ahead of this computer's.
        return verify(
            token, keys, use="access", issuer=issuer, client_id=client_id, now=lab.now()
        ).claims

    cognito = CognitoIdentityProviderWrapper(lab.cognito, pool_id, client_id)
    server = HTTPServer(web_app.make_app(cognito, verified))
    (listening,) = bind_sockets(0, LOOPBACK)
    server.add_socket(listening)
    _running.append(WebAppServer(server, listening.getsockname()[1]))
    return _running[-1]
