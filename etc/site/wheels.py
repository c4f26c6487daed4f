"""What Python gets in the tab: Pyodide's core, and a list of the compiled wheels to load when a
kernel starts.

A tab keeps nothing it compiles. Compiling every module again took more than half of a lesson's
start.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from packaging.utils import parse_wheel_filename

CORE = ["pyodide.mjs", "pyodide.js", "pyodide.asm.mjs", "pyodide.asm.wasm"]
LIBRARY = "python_stdlib.zip"
COMPILE = Path(__file__).with_name("compile.mjs")
# Left out, for a faster download and unpacking: tests, all services of botocore except the one we
# call, jedi's data about libraries that aren't here, pygments' lexers except those the lessons use,
# and the lessons in our package, which the page has.
LEFT_OUT = re.compile(
    r"(.+/)?tests?/|botocore/data/(?!cognito-idp/)[^/]+/"
    r"|jedi/third_party/(typeshed/stubs|django-stubs)/"
    r"|pygments/lexers/(?!(__init__|_mapping|python|special|shell|data|html|javascript)\.py)"
    r"|cognito_helpers/notebooks/"
)


def distribution(pyodide: Path, wheels: Iterable[Path], folder: Path) -> list[str]:
    """Put Pyodide's core and `wheels` into `folder`; return the names of the packages, all of which
    must be loaded.

    Pyodide's own list names hundreds of wheels stored elsewhere. This one names only the wheels
    here, so nothing else can be downloaded.
    """
    folder.mkdir(parents=True)
    for name in CORE:
        shutil.copy2(pyodide / name, folder)
    listed = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    wheels = list(wheels)
    _compiled([*wheels, pyodide / LIBRARY], folder)
    listed["packages"] = dict(_entry(folder / wheel.name) for wheel in wheels)
    (folder / "pyodide-lock.json").write_text(json.dumps(listed, indent=1), encoding="utf-8")
    return sorted(listed["packages"])


def _entry(wheel: Path) -> tuple[str, dict[str, object]]:
    """The name of a wheel's package, and its entry in Pyodide's list."""
    name, version, *_ = parse_wheel_filename(wheel.name)
    return name, {
        "name": name,
        "version": str(version),
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": [],
        "depends": [],
    }


def _compiled(archives: list[Path], folder: Path) -> None:
    """Put copies of `archives` into `folder`, with compiled code instead of the source. Our own
    package keeps both, for the lines of tracebacks.
    """
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for archive in archives:
            with zipfile.ZipFile(archive) as whole:
                kept = [each for each in whole.namelist() if not LEFT_OUT.match(each)]
                whole.extractall(work / archive.name, kept)
        subprocess.run(["node", COMPILE, work], check=True)
        for archive in archives:
            _pack(work / archive.name, folder / archive.name)


def _pack(unpacked: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(unpacked.rglob("*")):
            if path.is_file() and not (path.suffix == ".py" and path.with_suffix(".pyc").exists()):
                # Always with the same time, so that the same files give the same archive
                entry = zipfile.ZipInfo(path.relative_to(unpacked).as_posix())
                packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
