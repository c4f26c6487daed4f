"""What Python gets in the tab: Pyodide's core, and a list of the wheels that are loaded when a
kernel starts, compiled.

A tab keeps nothing that it compiles. To compile every module again took more than half of the
time in which a lesson starts.
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
# What is left out, so that it is fetched and unpacked sooner: tests, the services of botocore but
# the one that is called, what jedi knows of libraries that are not here, the languages that
# pygments colors but those of the lessons, and in our package the lessons, which the page has.
LEFT_OUT = re.compile(
    r"(.+/)?tests?/|botocore/data/(?!cognito-idp/)[^/]+/"
    r"|jedi/third_party/(typeshed/stubs|django-stubs)/"
    r"|pygments/lexers/(?!(__init__|_mapping|python|special|shell|data|html|javascript)\.py)"
    r"|cognito_helpers/notebooks/"
)


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
    wheels = list(wheels)
    _compiled([*wheels, pyodide / LIBRARY], folder)
    listed["packages"] = dict(_entry(folder / wheel.name) for wheel in wheels)
    (folder / "pyodide-lock.json").write_text(json.dumps(listed, indent=1), encoding="utf-8")
    return sorted(listed["packages"])


def _entry(wheel: Path) -> tuple[str, dict[str, object]]:
    """The name of a wheel's package, and what Pyodide's list says of it."""
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
    """Put copies of `archives` into `folder`, with compiled code in the place of the source. Our
    own package keeps both, for the lines of tracebacks.
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
                # Always with the same time, so that the same files make the same archive.
                entry = zipfile.ZipInfo(path.relative_to(unpacked).as_posix())
                packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
