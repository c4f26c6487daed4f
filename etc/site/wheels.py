"""What Python gets in the tab: Pyodide's core, and a list of the wheels that are loaded when a
kernel starts.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from packaging.utils import parse_wheel_filename

CORE = ["pyodide.mjs", "pyodide.js", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
# What is left out of a package, so that it is fetched and unpacked sooner: botocore's services but
# the one that is called, and what jedi knows of libraries that are not here.
LEFT_OUT = {
    "botocore": re.compile(r"botocore/data/(?!cognito-idp/)[^/]+/"),
    "jedi": re.compile(r"jedi/third_party/(typeshed/stubs|django-stubs)/"),
}


def distribution(pyodide: Path, wheels: Iterable[Path], folder: Path) -> list[str]:
    """Put Pyodide's core and `wheels` into `folder`; returns the names of the packages, all of
    which have to be loaded.

    Pyodide's own list names hundreds of wheels that are kept elsewhere. This one names what is
    here, and no more: nothing can be fetched that is not.
    """
    folder.mkdir(parents=True)
    for name in CORE:
        shutil.copy2(pyodide / name, folder)
    listed = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    listed["packages"] = {}
    for wheel in wheels:
        name, version, *_ = parse_wheel_filename(wheel.name)
        copy = (
            _slim(wheel, folder, LEFT_OUT[name])
            if name in LEFT_OUT
            else Path(shutil.copy2(wheel, folder))
        )
        listed["packages"][name] = {
            "name": name,
            "version": str(version),
            "file_name": copy.name,
            "sha256": hashlib.sha256(copy.read_bytes()).hexdigest(),
            "install_dir": "site",
            "package_type": "package",
            "imports": [],
            "depends": [],
        }
    (folder / "pyodide-lock.json").write_text(json.dumps(listed, indent=1), encoding="utf-8")
    return sorted(listed["packages"])


def _slim(wheel: Path, folder: Path, left_out: re.Pattern[str]) -> Path:
    """A copy of `wheel` without the files whose names begin like `left_out`."""
    slim = folder / wheel.name
    with (
        zipfile.ZipFile(wheel) as whole,
        zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as kept,
    ):
        for member in whole.infolist():
            if not left_out.match(member.filename):
                kept.writestr(member, whole.read(member))
    return slim
