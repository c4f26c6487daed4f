"""The rooms of the package: imports go down, nothing is cyclic, and the root stays small."""

import ast
import subprocess
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import cognito_helpers

PACKAGE = Path(cognito_helpers.__file__).parent
REPOSITORY = PACKAGE.parent

# Each room may import from the rooms of lower levels, and its own files from one another.
LEVELS = [
    ["actions", "errors", "python_check", "redact", "text", "local_cognito", "tutorial_pool"],
    ["sign_in", "calls", "explanations", "ui"],
    ["backends"],
    ["lab"],
    ["exercises", "challenge_lab"],
    ["lessons"],
    ["views"],
    ["terminal", "__init__"],
    ["__main__"],
]
LEVEL = {room: level for level, rooms in enumerate(LEVELS, 1) for room in rooms}


def name_of(path: Path, package: Path = PACKAGE) -> str:
    """`backends.local` for PACKAGE/backends/local.py."""
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def imports(path: Path, package: Path = PACKAGE) -> set[str]:
    """The modules of the package that a file imports, wherever in the file it does so."""
    modules = {name_of(other, package) for other in package.rglob("*.py")}
    folder = list(path.parent.relative_to(package).parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                base = folder[: len(folder) - node.level + 1]
            elif (node.module or "").split(".")[0] == package.name:
                base = []
            else:
                continue
            module = (node.module or "").removeprefix(package.name).strip(".")
            base = [*base, *(module.split(".") if module else [])]
            for alias in node.names:
                whole = ".".join([*base, alias.name])
                found.add(whole if whole in modules else ".".join(base) or "__init__")
        elif isinstance(node, ast.Import):
            found |= {
                alias.name.removeprefix(f"{package.name}.")
                for alias in node.names
                if alias.name.startswith(f"{package.name}.")
            }
    return found - {name_of(path, package)}


def imports_upward(package: Path = PACKAGE) -> list[str]:
    """Each import from a lower room to a higher or a neighboring one."""
    found = []
    for path in sorted(package.rglob("*.py")):
        importer = name_of(path, package)
        room = importer.split(".")[0]
        for imported in sorted(imports(path, package)):
            other = imported.split(".")[0]
            if other != room and LEVEL[other] >= LEVEL[room] and LEVEL[room] > 1:
                found.append(f"{importer} imports {imported}")
    return found


def cycle(package: Path = PACKAGE) -> list[str]:
    """The modules of one import cycle; empty if there's none."""
    graph = {name_of(path, package): imports(path, package) for path in package.rglob("*.py")}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_room_has_a_level():
    rooms = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()}
    assert {room for room in rooms if room not in ("__pycache__", "py")} == set(LEVEL)


def test_imports_go_down():
    assert imports_upward() == []


def test_there_is_no_import_cycle():
    assert cycle() == []


def test_the_root_holds_at_most_eight_files():
    assert len(list(PACKAGE.glob("*.py"))) <= 8


def test_no_line_is_wider_than_100_columns():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [REPOSITORY / name for name in listed.stdout.split() if (REPOSITORY / name).is_file()]
    assert len(files) > 100
    wide = [
        f"{file.relative_to(REPOSITORY)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 100
    ]
    assert wide == []


@pytest.mark.parametrize(
    ("where", "line", "noticed"),
    [
        ("errors.py", "from .lab.lab import Lab", "cycle"),
        ("calls/recorder.py", "from ..views.token import TokenView", "upward"),
        ("ui/form.py", "from ..explanations.responses import MEMBERS", "upward"),
        ("sign_in/tokens.py", "def late():\n    from etc.tools.lessons import opening", "upward"),
        ("backends/base.py", "import cognito_helpers.lab.guard", "upward"),
    ],
)
def test_a_planted_import_is_noticed(tmp_path, where, line, noticed):
    package = tmp_path / PACKAGE.name
    for path in PACKAGE.rglob("*.py"):
        copy = package / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    planted = package / where
    planted.write_text(planted.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    assert cycle(package) if noticed == "cycle" else imports_upward(package)
