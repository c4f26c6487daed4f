"""Build the tutorial as a static site that runs in a browser tab: `make site`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from string import Template

import nbformat

from etc.tools import web_pages

from .kept import service_worker
from .landing import landing_page
from .wheels import distribution

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SITE = ROOT / "_site"
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
KERNEL_EXTENSION = "@jupyterlite/pyodide-kernel-extension"
KERNEL = Path(sys.prefix, "share/jupyter/labextensions", KERNEL_EXTENSION, "static/pypi")
# Our scripts, by the application they belong to
SCRIPTS = {
    "lab": ["own-workspace.js", "early-python.js", "starting.js"],
    "notebooks": ["early-python.js", "starting.js"],
}
# The lab's folder is on the drive in the browser's storage.
ENVIRONMENT = {"COGNITO_LAB_HOME": "/drive/progress"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        lessons(work / "contents")
        packages = distribution(HERE / "node_modules/pyodide", _wheels(), work / "static/pyodide")
        options = {"packages": packages, "env": ENVIRONMENT}
        (work / "jupyter-lite.json").write_text(json.dumps(_settings(options)), encoding="utf-8")
        shutil.copy2(HERE / "overrides.json", work)
        command = [
            sys.executable,
            "-m",
            "jupyterlite_core",
            "build",
            "--no-sourcemaps",
            "--no-unused-shared-packages",
            "--apps",
            "lab",
            "--apps",
            "notebooks",
        ]
        built = subprocess.run(
            [*command, "--contents", "contents", "--output-dir", "site"],
            cwd=work,
            capture_output=True,
            text=True,
            check=False,
        )
        if built.returncode:
            raise SystemExit(f"{built.stdout}{built.stderr}\nJupyterLite was not built.")
        landing_page(LESSONS, ROOT / "notebooks/images/step.png", work / "site")
        _scripts(work / "site")
        _early_python(work / "site", options)
        service_worker(work / "site")
        shutil.rmtree(SITE, ignore_errors=True)
        shutil.move(work / "site", SITE)
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(
        f"The site is in _site/, {size / 1e6:.0f} MB. To look at it: python3 -m http.server --bind"
        " 127.0.0.1 --directory _site 8000, then http://127.0.0.1:8000/"
    )


def lessons(folder: Path) -> None:
    """Copy the lessons, with the tab's kernel, and the pages they link to."""
    folder.mkdir()
    for path in LESSONS:
        # Read and written like this, texts are single strings. As lists of lines, which a server
        # would join, the page would draw no diagram.
        lesson = nbformat.read(path, as_version=4)
        lesson["metadata"]["kernelspec"] = {
            "name": "python",
            "display_name": "Python (Pyodide)",
            "language": "python",
        }
        text = json.dumps(lesson, ensure_ascii=False, indent=1)
        (folder / path.name).write_text(_bring_along(text, folder), encoding="utf-8")
    for name in ("cheat_sheet.md", "reference.md", "published_programs.md", "AWS.md"):
        shutil.copy2(ROOT / "notebooks" / name, folder)
    web_pages.write(folder / "html")
    for page in (folder / "html").glob("*.html"):
        text = _bring_along(page.read_text(encoding="utf-8"), folder, "../")
        page.write_text(
            re.sub(r'href="\.\./(\w+\.ipynb)"', r'href="../../lab/index.html?path=\1"', text),
            encoding="utf-8",
        )


def _bring_along(text: str, folder: Path, up: str = "") -> str:
    """Copy the files of the package that `text` links to into `folder`, and change its links."""

    def moved(link: re.Match[str]) -> str:
        shutil.copy2(ROOT / "cognito_helpers" / link[2], folder)
        return f"{link[1]}{up}{Path(link[2]).name}"

    return re.sub(rf"([(\"]){up}\.\./cognito_helpers/([\w/.]+)", moved, text)


def _wheels() -> list[Path]:
    """The locked wheels, the package itself, and those of the kernel, which include small
    replacements for ipykernel and the widgets' front end.
    """
    own = [
        wheel for wheel in KERNEL.glob("*.whl") if not wheel.name.startswith("widgetsnbextension-3")
    ]
    return sorted(
        [*Path(sys.prefix, "wheels").glob("*.whl"), *Path(sys.prefix, "itself").glob("*.whl"), *own]
    )


def _scripts(site: Path) -> None:
    """Put our scripts before all others of the JupyterLab and Notebook pages."""
    for app, names in SCRIPTS.items():
        page = site / app / "index.html"
        start, head, rest = page.read_text(encoding="utf-8").partition("<head>")
        if not head:
            raise SystemExit(f"{page} has no <head>.")
        tags = "".join(f'\n    <script src="../{name}"></script>' for name in names)
        page.write_text(f"{start}{head}{tags}{rest}", encoding="utf-8")
        for name in names:
            shutil.copy2(HERE / name, site)


def _early_python(site: Path, options: dict[str, object]) -> None:
    """Make JupyterLite's worker start Python by itself."""
    [worker] = site.glob(f"extensions/{KERNEL_EXTENSION}/static/comlink.worker.*.js")
    module = Template((HERE / "python.mjs").read_text(encoding="utf-8")).substitute(
        worker=worker.relative_to(site).as_posix(), options=json.dumps(options)
    )
    (site / "static/pyodide/python.mjs").write_text(module, encoding="utf-8")
    path = site / "jupyter-lite.json"
    # Not before it's built: JupyterLite puts in the address of Pyodide itself.
    settings = json.loads(path.read_text(encoding="utf-8"))
    plugins = settings["jupyter-config-data"]["litePluginSettings"]
    plugins[f"{KERNEL_EXTENSION}:kernel"]["pyodideUrl"] = "./static/pyodide/python.mjs"
    path.write_text(json.dumps(settings, indent=1), encoding="utf-8")


def _settings(options: dict[str, object]) -> dict[str, object]:
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": options}
    plugins = {f"{KERNEL_EXTENSION}:kernel": kernel}
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {"exposeAppInBrowser": True, "litePluginSettings": plugins},
    }


if __name__ == "__main__":
    main()
