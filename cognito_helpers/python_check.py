"""Imported before anything else: one sentence, where this is another Python than the one that the
tutorial was installed in.
"""

import sys
from importlib.util import find_spec

INSTALL = "make lab, or: pip install -c requirements/constraints.txt -e ."
# What the lessons import from outside, besides Python's own.
NEEDED = ["boto3", "ipywidgets", "platformdirs", "pyotp", "qrcode"]


def trouble() -> str:
    """What is wrong, and the command that mends it; empty where nothing is."""
    if sys.version_info < (3, 11):
        return (
            "This is Python %d.%d, and the tutorial needs 3.11 or newer. Install it, then run: make"
            " lab PYTHON=python3.11" % sys.version_info[:2]
        )
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        return (
            f"{', '.join(missing)} cannot be found by this Python ({sys.executable}). Run"
            f" .venv/bin/python instead, or install it here: {INSTALL}"
        )
    return ""


if found := trouble():
    # As a command it says this one sentence; in a notebook it is an import that failed.
    raise (SystemExit if sys.argv[0] == "-m" else ImportError)(found)
