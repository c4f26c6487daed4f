"""The license of every package locked for the lab and its tests, from the package itself: `python
-m etc.tools.licences` writes the list.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
PATH = REQUIREMENTS / "licences.txt"


def locked(name: str) -> list[str]:
    """The packages in a file of locked versions, each once, in order."""
    lines = (REQUIREMENTS / name).read_text(encoding="utf-8").splitlines()
    return sorted(
        {Requirement(line.partition("\\")[0].strip()).name for line in lines if line[:1].isalnum()}
    )


def licence(package: str) -> str:
    """The license of an installed package; empty if it isn't installed, like one for another
    system.
    """
    try:
        about = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return ""
    classes = [
        kind.rpartition(" :: ")[2]
        for kind in about.get_all("Classifier", [])
        if kind.startswith("License ::")
    ]
    return (
        about.get("License-Expression")
        or "; ".join(classes)
        or about.get("License", "").partition("\n")[0]
    )


def listed() -> dict[str, str]:
    """Every installed package of `lab.txt` and `test.txt`, with its license."""
    packages = sorted({*locked("lab.txt"), *locked("test.txt")})
    return {package: told for package in packages if (told := licence(package))}


def read() -> dict[str, str]:
    """The saved list."""
    lines = [
        line for line in PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    return dict(line.split(": ", 1) for line in lines)


if __name__ == "__main__":
    head = (
        "# The licences of the locked packages, as the packages tell them: written by python -m"
        " etc.tools.licences\n"
    )
    PATH.write_text(
        head + "".join(f"{package}: {told}\n" for package, told in listed().items()),
        encoding="utf-8",
    )
