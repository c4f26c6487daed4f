"""Is this computer ready for the lessons? `python -m cognito_helpers check` says so in sentences,
and names the command that fixes each problem.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from ..errors import LessonError
from ..python_check import INSTALL

# What a lesson's first cell does, in a kernel as JupyterLab starts it; and a name it should have
# loaded by itself
FIRST_CELL = (
    "from cognito_helpers import open_lab\n"
    "print('ready' if get_ipython().custom_exceptions else 'bare')"
)
KERNEL_PATIENCE = 60  # Seconds


class Problem(Exception):
    """What's wrong, in a sentence, and the command that fixes it."""

    def __init__(self, sentence: str, command: str) -> None:
        super().__init__(sentence)
        self.command = command


def main() -> int:
    """Print one line for each check. Returns the exit code: 0, or 1 if something needs fixing."""
    to_fix = 0
    for check in CHECKS:
        try:
            print(f"ok    {check()}", flush=True)
        except Problem as found:
            to_fix += 1
            print(f"fix   {found}\n      {found.command}", flush=True)
    print(
        "\nThis computer is ready for the lessons."
        if not to_fix
        else f"\n{to_fix} to fix. Do that, then run this again."
    )
    return 1 if to_fix else 0


def _python() -> str:
    # An older Python doesn't get here: see `python_check.py`.
    return f"Python {sys.version.split()[0]}, in {sys.prefix}"


def _packages() -> str:
    """The package itself is installed, and all its dependencies, in supported releases."""
    from packaging.requirements import Requirement

    try:
        wanted = [
            Requirement(line) for line in importlib.metadata.requires("cognito-tutorial") or []
        ]
    except importlib.metadata.PackageNotFoundError:
        raise Problem(
            "The tutorial's own package isn't installed here, so no kernel finds it.", INSTALL
        ) from None
    wanted = [
        requirement
        for requirement in wanted
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    ]
    for requirement in wanted:
        try:
            found = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            raise Problem(f"The package {requirement.name} isn't installed.", INSTALL) from None
        if not requirement.specifier.contains(found, prereleases=True):
            raise Problem(
                f"The package {requirement.name} {found} is installed, but"
                f" {requirement.specifier} is needed.",
                INSTALL,
            )
    return f"All {len(wanted)} packages the lessons need are installed."


def _front_end() -> str:
    """JupyterLab draws forms only if the widgets' own extension is in one of its folders."""
    from jupyter_core.paths import jupyter_path

    extension = Path("labextensions", "@jupyter-widgets", "jupyterlab-manager", "package.json")
    found = next(
        (folder for path in jupyter_path() if (folder := Path(path) / extension).is_file()), None
    )
    if found is None:
        raise Problem(
            "JupyterLab has no front end for widgets: the forms would show as text.",
            "pip install --force-reinstall jupyterlab_widgets",
        )
    return (
        "JupyterLab draws widgets, with front end"
        f" {json.loads(found.read_text(encoding='utf-8'))['version']}."
    )


def _loopback() -> str:
    """Browser, server and kernels communicate through this address."""
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.create_connection(server.getsockname(), timeout=5),
        ):
            return "Programs on this computer reach each other at 127.0.0.1."
    except OSError as error:
        raise Problem(
            "Programs on this computer can't reach each other at 127.0.0.1"
            f" ({error.strerror or error}).",
            "let your firewall allow 127.0.0.1",
        ) from None


def _kernel() -> str:
    """Start the lessons' kernel, and run the beginning of their first cell."""
    from jupyter_client.kernelspec import NoSuchKernel
    from jupyter_client.manager import start_new_kernel

    install = f"{sys.executable} -m ipykernel install --sys-prefix"
    try:
        manager, client = start_new_kernel(
            startup_timeout=KERNEL_PATIENCE, kernel_name="python3", stderr=subprocess.DEVNULL
        )
    except NoSuchKernel:
        raise Problem("There's no kernel “python3”, and the lessons need it.", install) from None
    except (RuntimeError, OSError) as error:
        raise Problem(f"The kernel doesn't start: {error}.", install) from None
    said = []
    try:
        reply = client.execute_interactive(
            FIRST_CELL,
            timeout=KERNEL_PATIENCE,
            output_hook=lambda message: said.append(message["content"].get("text", "")),
        )
    except TimeoutError:
        raise Problem(
            f"The kernel didn't answer in {KERNEL_PATIENCE} seconds.",
            "close what else is running, and try again",
        ) from None
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if reply["content"]["status"] != "ok":
        raise Problem(
            f"The kernel can't import the package: {reply['content']['evalue']}. It may belong to"
            " another environment.",
            install,
        )
    if "ready" not in "".join(said):
        raise Problem(
            "Mistakes would show as tracebacks: the line for IPython is missing.", INSTALL
        )
    return "A kernel starts, and finds the package."


def _folder() -> str:
    """Where progress is kept. Nothing in it is changed."""
    from ..lessons.opening import lab_home, make_home

    use_another = "export COGNITO_LAB_HOME=" + os.path.join(tempfile.gettempdir(), "lab")
    try:
        home = lab_home()
    except LessonError as error:
        raise Problem(str(error), use_another) from None
    try:
        make_home(home)
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(b"written")
    except OSError as error:
        raise Problem(
            f"The folder {home} can't be written ({error.strerror}).",
            use_another,
        ) from None
    return f"Progress can be kept in {home}."


def _whole_flow() -> str:
    """Every step of the lessons, on a separate emulator that is gone afterwards."""
    from ..lessons.opening import open_lab
    from ..lessons.prerequisites import A_REMEMBERED_DEVICE

    before = dict(os.environ)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        redirect_stdout(io.StringIO()),
    ):
        os.environ.update(COGNITO_LAB_HOME=folder, COGNITO_LAB_BACKEND="local")
        try:
            open_lab(needs=A_REMEMBERED_DEVICE)
        finally:
            os.environ.clear()
            os.environ.update(before)
    return (
        "The whole flow works, from sign-up to a sign-in with an authenticator app and a remembered"
        " device."
    )


def _browser() -> str:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return "No browser was found to open by itself: open the address that JupyterLab prints."
    return "JupyterLab opens in your browser by itself."


CHECKS: list[Callable[[], str]] = [
    _python,
    _packages,
    _front_end,
    _loopback,
    _kernel,
    _folder,
    _whole_flow,
    _browser,
]
