"""The site's service worker, which caches the whole site in the browser."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from string import Template

WORKER = Path(__file__).with_name("service-worker.js")
NAME = "service-worker.js"
# What no current browser requests: fonts in old formats, and JupyterLite's build information
LEFT_OUT = re.compile(r"build/fa-.+\.(svg|eot|ttf|woff)|rspack\.config.*")
# Part of the site, but not needed by any lesson
NOT_KEPT = "build/third-party-licenses.json"


def service_worker(site: Path) -> None:
    """Delete what isn't needed, and put our worker before JupyterLite's, with a list of the files
    of `site` and a version that changes with any of them.
    """
    (site / NAME).rename(site / f"jupyterlite-{NAME}")
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    for file in filter(LEFT_OUT.fullmatch, files):
        (site / file).unlink()
    files = [file for file in files if not LEFT_OUT.fullmatch(file) and file != NOT_KEPT]
    version = hashlib.sha256(
        b"".join(
            hashlib.sha256(file.encode() + b"\0" + (site / file).read_bytes()).digest()
            for file in files
        )
    ).hexdigest()
    worker = Template(WORKER.read_text(encoding="utf-8")).substitute(
        version=version[:16], files=json.dumps(files, indent=0)
    )
    (site / NAME).write_text(worker, encoding="utf-8")
