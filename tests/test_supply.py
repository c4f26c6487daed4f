"""One list of dependencies, pinned with hashes; everything else points to it."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from etc.tools import licences

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ROOT / "requirements"
HASHED = [
    *("installer.txt", "build.txt", "lab.txt", "test.txt", "bench.txt", "site.txt", "tab.txt"),
    "hub.txt",
]
FILES = sorted(path.name for path in REQUIREMENTS.iterdir())


def lines(path):
    text = (ROOT / path).read_text().replace("\\\n", " ")
    found = [
        line.strip()
        for line in text.splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    assert found, f"{path} says nothing"
    return found


def pins(name):
    """{(package, marker): version}: a universal lock may pin a package differently for each
    platform.
    """
    found = {}
    for line in lines(REQUIREMENTS / name):
        requirement = Requirement(line.split("--hash")[0].strip())
        version = re.fullmatch(r"==([^,*]+)", str(requirement.specifier))
        assert version, f"{name}: {line[:60]} is no pin"
        key = canonicalize_name(requirement.name), str(requirement.marker or "")
        assert key not in found, f"{name} has {key} twice"
        found[key] = version[1]
    return found


def versions(name):
    found = {}
    for (package, _), version in pins(name).items():
        found.setdefault(package, set()).add(version)
    return found


def wanted(key):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = {
        "lab.txt": project["project"]["dependencies"],
        "test.txt": (
            project["project"]["dependencies"] + project["project"]["optional-dependencies"]["test"]
        ),
        "bench.txt": (
            project["project"]["dependencies"]
            + project["project"]["optional-dependencies"]["bench"]
        ),
        "site.txt": (
            project["project"]["dependencies"] + project["project"]["optional-dependencies"]["site"]
        ),
        "hub.txt": (
            project["project"]["dependencies"] + project["project"]["optional-dependencies"]["hub"]
        ),
        "tab.txt": (
            [line for line in project["project"]["dependencies"] if "!= 'emscripten'" not in line]
            + project["project"]["optional-dependencies"]["tab"]
        ),
        "build.txt": project["build-system"]["requires"],
    }
    assert lists[key]
    return [Requirement(text) for text in lists[key]]


def test_requirements_holds_nothing_else():
    assert sorted([*HASHED, "constraints.txt", "licences.txt"]) == FILES


def test_binder_names_no_package():
    assert lines("binder/requirements.txt") == ["-c ../requirements/constraints.txt", "-e ."]


def test_conda_names_no_package():
    found = lines("environment.yml")
    start = found.index("dependencies:") + 1
    assert found[start:] == [
        f"- python={python_version()}",
        "- pip",
        "- pip:",
        "- -c requirements/constraints.txt",
        "- -e .",
    ]


def python_version():
    (line,) = lines("binder/runtime.txt")
    return re.fullmatch(r"python-(\d+\.\d+)", line)[1]


@pytest.mark.parametrize(
    "name", ["lab.txt", "test.txt", "bench.txt", "site.txt", "tab.txt", "hub.txt", "build.txt"]
)
def test_every_dependency_is_pinned_within_its_bounds(name):
    found = versions(name)
    for requirement in wanted(name):
        for version in found[canonicalize_name(requirement.name)]:
            assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("name", HASHED)
def test_every_line_is_a_pin_with_a_hash(name):
    assert pins(name)
    for line in lines(REQUIREMENTS / name):
        assert re.search(r" --hash=sha256:[0-9a-f]{64}(\s|$)", line), line[:60]


@pytest.mark.parametrize("name", ["test.txt", "bench.txt", "site.txt", "hub.txt"])
def test_tests_and_benchmark_run_on_the_versions_learners_get(name):
    """On any platform: the tests may need a package everywhere that the lab needs only on
    Windows."""
    lab, other = versions("lab.txt"), versions(name)
    assert {package: other[package] for package in lab} == lab


def test_the_tab_runs_on_the_versions_learners_get_without_compiled_packages():
    tab, lab = versions("tab.txt"), versions("lab.txt")
    assert {package: lab[package] for package in tab if package in lab} == {
        package: tab[package] for package in tab if package in lab
    }
    assert "cryptography" not in tab and "rsa" in tab


def test_constraints_are_the_lab_without_hashes():
    assert pins("constraints.txt") == pins("lab.txt")
    assert "--hash" not in (REQUIREMENTS / "constraints.txt").read_text()


@pytest.mark.parametrize("name", FILES)
def test_no_registry_is_named(name):
    text = (REQUIREMENTS / name).read_text()
    assert text.strip()
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text


@pytest.mark.parametrize(
    "folder", ["tests/clients/javascript", "tests/bench", "etc/site", "etc/hub"]
)
def test_packages_in_javascript_are_locked_with_hashes_and_no_registry_is_named(folder):
    javascript = ROOT / folder
    locked = json.loads((javascript / "package-lock.json").read_text())["packages"]
    itself = locked.pop("")
    assert (
        itself["dependencies"]
        == json.loads((javascript / "package.json").read_text())["dependencies"]
    )
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", version) for version in itself["dependencies"].values()
    ), "a pin is one version"
    assert locked
    for path, package in locked.items():
        assert "resolved" not in package, path
        assert package["integrity"].startswith("sha512-"), path
    assert "omit-lockfile-registry-resolved=true" in lines(javascript / ".npmrc")


# Few, each with its reason and with a license that lets everyone use it


def reasons():
    """The table of dependencies: {(package, its extra): reason}."""
    section = (
        (ROOT / "CONTRIBUTING.md")
        .read_text(encoding="utf-8")
        .partition("## Dependencies\n")[2]
        .partition("\n## ")[0]
    )
    rows = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in section.splitlines()
        if line.startswith("| ")
    ]
    found = {
        (canonicalize_name(package.strip("`")), what): why
        for packages, what, why in rows[1:]
        for package in packages.split(", ")
    }
    assert found
    return found


def test_every_dependency_has_its_reason_and_no_other_package_has():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = {"the lab": project["dependencies"], **project["optional-dependencies"]}
    named = {
        (canonicalize_name(Requirement(text).name), what)
        for what, texts in lists.items()
        for text in texts
    }
    assert reasons().keys() == named
    assert all(len(why.split()) > 2 for why in reasons().values())
    assert len({Requirement(text).name for text in project["dependencies"]}) <= 12, "few"


FREE = re.compile(r"MIT|BSD|Apache|ISC|MPL|Mozilla|PSF|Python Software Foundation|Public Domain")


def test_every_installed_package_of_a_lock_is_listed_with_its_license():
    """Packages for other systems aren't installed here."""
    written, told = licences.read(), licences.listed()
    assert len(told) > 80
    assert {package: written.get(package) for package in told} == told, (
        "run python -m etc.tools.licences"
    )
    assert set(written) <= {*licences.locked("lab.txt"), *licences.locked("test.txt")}


def test_everyone_may_use_what_learners_install():
    """The licenses require at most attribution, or publishing changes to the package itself."""
    assert {
        package: told
        for package, told in licences.listed().items()
        if package in licences.locked("lab.txt") and not FREE.search(told)
    } == {}


# As GitHub shows them; `test_links.py` follows the links of the lessons and their pages.
PAGES = [
    "README.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "cognito_helpers/local_cognito/BEHAVIOR.md",
    "tests/bench/README.md",
]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name):
    page = ROOT / name
    links = re.findall(
        r"\]\((?!https?://)([^)#]*)(?:#([^)]+))?\)", page.read_text(encoding="utf-8")
    )
    assert links
    for path, heading in links:
        target = page.parent / path if path else page
        assert target.exists(), path
        assert not heading or heading in headings(target), heading


def headings(page):
    """The names GitHub gives to the headings of a page."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles]


def test_the_readme_stays_short():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def test_actions_of_the_workflows_are_pinned_by_commit():
    versions = {}
    for path in WORKFLOWS:
        for used in re.findall(r"uses: (.+)", path.read_text(encoding="utf-8")):
            if used.startswith("./"):
                continue
            pin = re.fullmatch(r"([\w/-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", used)
            assert pin, used
            versions.setdefault(pin[1], set()).add(pin[2])
    assert versions and all(len(pins) == 1 for pins in versions.values()), "one version of each"


def test_a_workflow_only_reads_except_in_a_job_without_our_code():
    for path in WORKFLOWS:
        text = path.read_text(encoding="utf-8")
        assert "\npermissions:\n  contents: read\n" in text, path.name
        jobs = re.split(r"\n  (?=[\w-]+:\n)", text.partition("\njobs:\n")[2])
        for job in jobs:
            assert "write" not in job or "run:" not in job, path.name


def test_the_tested_pythons_are_those_the_package_names():
    text = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    tested = re.findall(r"python: (\[.+\])", text)
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    named = [line.rpartition(" ")[2] for line in classifiers if " :: 3." in line]
    assert tested and all(json.loads(pythons) == named for pythons in tested)


def test_the_commands_for_the_figures_name_existing_tests():
    """Each row of the table says how to repeat it."""
    section = (
        (ROOT / "SECURITY.md")
        .read_text(encoding="utf-8")
        .partition("## What was tried\n")[2]
        .partition("\n## ")[0]
    )
    named = re.findall(r"`(tests/[\w/.]+)`", section)
    assert len(named) > 5
    assert [path for path in named if not (ROOT / path).exists()] == []
