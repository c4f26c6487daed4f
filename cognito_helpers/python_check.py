"""Say in one sentence if this isn't the Python the tutorial was installed in.

The version, and boto3, are checked when this is imported, before anything else of the package. The
other packages are checked just before something needs them: the emulator works without them.
"""

import os
import sys
from importlib.util import find_spec

INSTALL = "make lab, or: pip install -c requirements/constraints.txt -e ."
# What the lessons import from outside, besides Python's own.
NEEDED = ["boto3", "ipywidgets", "platformdirs", "pyotp", "qrcode"]


def require_version() -> None:
    if sys.version_info < (3, 11):
        raise _error()(
            "This is Python %d.%d, and the tutorial needs 3.11 or newer. Install it, then run: make"
            " lab PYTHON=python3.11" % sys.version_info[:2]
        )


def require_packages() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise _error()(
            f"This Python ({sys.executable}) can't find {', '.join(missing)}. Run"
            f" .venv/bin/python instead, or install it here: {INSTALL}"
        )


def _error() -> type:
    """As a command only the sentence is printed; in a notebook it's a failed import."""
    program = sys.argv[0]
    command = (
        program == "-m"
        or os.path.join("cognito_helpers", "__main__.py") in program
        or os.path.basename(program).startswith("cognito-tutorial")
    )
    return SystemExit if command else ImportError


require_version()
if find_spec("boto3") is None:
    require_packages()
