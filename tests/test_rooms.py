"""The rooms of the package: imports go down, there are no cycles, and the root stays small."""

import ast
import subprocess
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import cognito_helpers

PACKAGE = Path(cognito_helpers.__file__).parent
REPOSITORY = PACKAGE.parent

# Each room may import from the rooms of lower levels, and its own files from one another.
LEVELS = [
    ["text"],
    ["actions", "errors", "python_check", "redact", "web_app", "local_cognito", "tutorial_pool"],
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


def sources() -> dict[str, str]:
    """The source of each module, by its name: `backends.local`, and `backends` for the room."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        is_room = len(parts) > 1 and parts[-1] == "__init__"
        found[".".join(parts[:-1] if is_room else parts)] = path.read_text(encoding="utf-8")
    return found


SOURCES = sources()
ROOMS = {name.split(".")[0] for name in SOURCES if "." in name}


@cache
def imported_names(name: str, source: str) -> frozenset[str]:
    """Everything a module's source imports from the package, anywhere in the source."""
    folder = name.split(".")[: None if name in ROOMS else -1]
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            base = folder[: len(folder) - node.level + 1] if node.level else []
            module = (node.module or "").split(".") if node.module else []
            if not node.level:
                if module[0] != PACKAGE.name:
                    continue
                module = module[1:]
            found |= {".".join([*base, *module, alias.name]) for alias in node.names}
        elif isinstance(node, ast.Import):
            # What `import cognito_helpers` alone loads is the package's own file.
            found |= {
                alias.name.removeprefix(PACKAGE.name).strip(".") or "__init__"
                for alias in node.names
                if alias.name.split(".")[0] == PACKAGE.name
            }
    return frozenset(found)


def imports(name: str, modules: dict[str, str]) -> set[str]:
    """The modules of the package that a module imports."""
    found = set()
    for imported in imported_names(name, modules[name]):
        owner = imported.rpartition(".")[0] or "__init__"
        found.add(imported if imported in modules else owner)
    return found - {name}


def imports_upward(modules: dict[str, str]) -> list[str]:
    """Each import from a lower room to a higher or a neighboring one."""
    found = []
    for importer in sorted(modules):
        room = importer.split(".")[0]
        for imported in sorted(imports(importer, modules)):
            other = imported.split(".")[0]
            if other != room and LEVEL[other] >= LEVEL[room]:
                found.append(f"{importer} imports {imported}")
    return found


def cycle(modules: dict[str, str]) -> list[str]:
    """The modules of one import cycle; empty if there's none."""
    try:
        TopologicalSorter({name: imports(name, modules) for name in modules}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_room_has_a_level():
    rooms = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()}
    assert {room for room in rooms if room not in ("__pycache__", "py")} == set(LEVEL)


def test_imports_go_down():
    assert imports_upward(SOURCES) == []


def test_there_is_no_import_cycle():
    assert cycle(SOURCES) == []


def test_the_root_holds_at_most_eight_files():
    assert len(list(PACKAGE.glob("*.py"))) <= 8


def fits(line: str) -> bool:
    """Whether a line is at most 100 columns wide, counted like ruff: without instructions to tools
    at its end, and unless only its last word makes it wider.
    """
    line = line.split("  # noqa")[0]
    return len(line) <= 100 or len(line.split()[-1]) > 80


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
        if not fits(line)
    ]
    assert wide == []


class Planted(NamedTuple):
    """A forbidden import: in which module, and what of it is noticed."""

    module: str
    line: str
    upward: list[str] = []  # noqa: RUF012 - nothing writes to it
    cycle: set[str] = set()  # noqa: RUF012


PLANTED = {
    "from the lowest level": Planted(
        "text", "from .lab.guard import Guard", ["text imports lab.guard"]
    ),
    "from a room": Planted(
        "calls.recorder",
        "from ..views.token import TokenView",
        ["calls.recorder imports views.token"],
    ),
    "from a neighboring room": Planted(
        "ui.form",
        "from ..explanations.responses import MEMBERS",
        ["ui.form imports explanations.responses"],
    ),
    "inside a function": Planted(
        "sign_in.tokens",
        "def late():\n    from ..lessons import opening",
        ["sign_in.tokens imports lessons.opening"],
    ),
    "only for type checkers": Planted(
        "sign_in.tokens",
        "if TYPE_CHECKING:\n    from ..lessons import opening",
        ["sign_in.tokens imports lessons.opening"],
    ),
    "by the whole name": Planted(
        "backends.base", "import cognito_helpers.lab.guard", ["backends.base imports lab.guard"]
    ),
    "from the whole name": Planted(
        "backends.base", "from cognito_helpers import lab", ["backends.base imports lab"]
    ),
    "a name of the package's own file": Planted(
        "lab.guard", "from .. import open_lab", ["lab.guard imports __init__"]
    ),
    "the package itself": Planted(
        "lab.guard", "import cognito_helpers", ["lab.guard imports __init__"]
    ),
    "from a room's own file": Planted(
        "lab", "from ..views import token", ["lab imports views.token"]
    ),
    "a cycle within a room": Planted(
        "backends.base",
        "from . import local",
        cycle={"backends.base", "backends.local"},
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_is_noticed(name):
    module, line, upward, circle = PLANTED[name]
    modules = SOURCES | {module: f"{SOURCES[module]}\n{line}\n"}
    assert imports_upward(modules) == upward
    assert circle <= set(cycle(modules))


@pytest.mark.parametrize(
    ("line", "does"),
    [
        ("x" * 50 + " " + "x" * 49, True),
        ("x" * 50 + " " + "x" * 50, False),
        ("x" * 50 + " " + "x" * 49 + "  # noqa: E501", True),
        ("    " + "x" * 200, True),
    ],
)
def test_a_line_of_100_columns_fits_and_one_of_101_does_not(line, does):
    assert fits(line) is does


@pytest.mark.parametrize("line", ["import cognito", "from views import token", "import views"])
def test_what_only_looks_like_an_import_of_the_package_is_ignored(line):
    assert imported_names("lab.guard", line) == frozenset()


def test_only_the_package_face_imports_by_text():
    """These tests can't see an import by text."""
    found = {name for name, source in SOURCES.items() if "import_module" in source}
    assert found <= {"__init__"}
