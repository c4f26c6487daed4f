"""What Python gets in the tab: Pyodide's core, and a list of the wheels that are loaded when a kernel starts."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from packaging.utils import parse_wheel_filename

CORE = ["pyodide.mjs", "pyodide.js", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
# The one service of the more than four hundred that botocore describes.
SERVICE = "botocore/data/cognito-idp/"


def distribution(pyodide: Path, wheels: Iterable[Path], folder: Path) -> list[str]:
    """Put Pyodide's core and `wheels` into `folder`; returns the names of the packages, all of which have to be loaded.

    Pyodide's own list names hundreds of wheels that are kept elsewhere. This one names what is here, and no more: nothing can be fetched that is not.
    """
    folder.mkdir(parents=True)
    for name in CORE:
        shutil.copy2(pyodide / name, folder)
    listed = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    listed["packages"] = {}
    for wheel in wheels:
        copy = _slim(wheel, folder) if wheel.name.startswith("botocore-") else Path(shutil.copy2(wheel, folder))
        name, version, *_ = parse_wheel_filename(wheel.name)
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


def _slim(botocore: Path, folder: Path) -> Path:
    """botocore without the services that no lesson calls: a twentieth of its size."""
    slim = folder / botocore.name
    with zipfile.ZipFile(botocore) as whole, zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as kept:
        for member in whole.infolist():
            in_a_service = member.filename.startswith("botocore/data/") and member.filename.count("/") > 2
            if not in_a_service or member.filename.startswith(SERVICE):
                kept.writestr(member, whole.read(member))
    return slim
