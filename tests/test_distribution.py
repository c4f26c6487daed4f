"""What `make dist` builds: a wheel that contains the lessons and runs outside a clone, and a source
distribution that builds the same wheel.
"""

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import nbformat
import pytest

from cognito_helpers.terminal.commands import FIRST_LESSON

ROOT = Path(__file__).parent.parent
UV = Path(sys.prefix, "bin/uv")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

pytestmark = pytest.mark.skipif(not UV.exists(), reason="make brings uv, pip does not")


def run(*command, **more):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **more
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of both, built as `make dist` does: the wheel from the source distribution."""
    folder = tmp_path_factory.mktemp("built")
    constraints = ROOT / "requirements/build.txt"
    run(
        *(UV, "--quiet", "build", "--build-constraints", constraints, "--require-hashes"),
        *("--out-dir", folder / "dist", ROOT),
        env=os.environ
        | {"UV_CACHE_DIR": str(folder / "cache"), "UV_PYTHON_DOWNLOADS": "never"}
        | {"GITHUB_SERVER_URL": "https://example.com", "GITHUB_REPOSITORY": "ana/lessons"},
    )
    return folder / "dist"


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def sdist(built):
    (path,) = built.glob("*.tar.gz")
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """An environment outside the clone with only the wheel of ours: its Python, and its variables.
    Its dependencies are those of the tests.
    """
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    python = folder / "venv/bin/python"
    installed = Path(run(python, "-c", "import site; print(site.getsitepackages()[0])").strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    # A folder named in a .pth file is searched, but its own .pth files aren't read. So the tests'
    # packages are found, and this clone isn't.
    (installed / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"], encoding="utf-8")
    data = next(installed.glob("*.data/data"))
    for path in data.rglob("*"):
        if path.is_file():
            target = folder / "venv" / path.relative_to(data)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    home = {"HOME": str(folder), "COGNITO_LAB_HOME": str(folder / "lab")}
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return python, folder, kept | home


def command(environment, *arguments):
    python, folder, variables = environment
    return run(python, "-m", "cognito_helpers", *arguments, cwd=folder, env=variables)


def test_the_metadata_is_what_an_index_shows(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata = Parser().parsestr(archive.read(name).decode())
    assert metadata["Name"] == "cognito-tutorial"
    assert metadata["Version"] == PROJECT["version"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("Classifier") == PROJECT["classifiers"]
    assert "Source, https://example.com/ana/lessons" in metadata.get_all("Project-URL")
    links = re.findall(r"\]\(([^)]+)\)", metadata.get_payload())
    assert links and [link for link in links if not link.startswith(("https://", "#"))] == []
    lesson = (
        f"https://example.com/ana/lessons/blob/v{PROJECT['version']}/notebooks/02_sign_up.ipynb"
    )
    assert lesson in links


def test_the_newest_entry_of_the_changelog_is_this_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", text, re.MULTILINE)
    assert newest and newest[1] == PROJECT["version"]


def test_the_source_distribution_holds_what_builds_it_and_nothing_generated(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"etc/release/metadata.py", "pyproject.toml", "README.md", "LICENSE"} <= names
    assert not [name for name in names if name.startswith(("notebooks/html", ".venv", ".github"))]


def test_the_wheel_holds_the_lessons_and_no_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    lessons = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {f"cognito_helpers/notebooks/{lesson}" for lesson in lessons} <= names and lessons
    for needed in ("py.typed", "tutorial_pool/template.yaml", "local_cognito/BEHAVIOR.md"):
        assert f"cognito_helpers/{needed}" in names
    assert not [name for name in names if name.startswith(("tests/", "etc/"))]
    assert not [name for name in names if "__pycache__" in name or "/html/" in name]


def test_outside_a_clone_the_command_creates_the_copy_and_a_lesson_runs(environment):
    python, folder, variables = environment
    program = "import cognito_helpers as c; print(c.__file__)"
    where = run(python, "-c", program, cwd=folder, env=variables)
    assert str(folder) in where
    assert f"{FIRST_LESSON}: created" in command(environment, "lessons", "copy")
    # What a kernel would run, one cell after the other, in the environment of the wheel
    lesson = nbformat.read(folder / "copy" / FIRST_LESSON, as_version=4)
    assert not any(cell.get("outputs") for cell in lesson.cells)
    program = (
        "import nbformat, nbclient, sys\n"
        f"lesson = nbformat.read('{FIRST_LESSON}', as_version=4)\n"
        "lesson.metadata['kernelspec'] = {'name': 'python3', 'display_name': 'Python 3'}\n"
        "nbclient.NotebookClient(lesson, timeout=60, store_widget_state=False).execute()\n"
        "print(sum(cell.cell_type == 'code' for cell in lesson.cells))\n"
    )
    ran = run(python, "-c", program, cwd=folder / "copy", env=variables)
    assert int(ran) > 5


def test_an_edit_survives_an_upgrade(environment):
    _, folder, _ = environment
    command(environment, "lessons", "edited")
    lesson = folder / "edited" / FIRST_LESSON
    lesson.write_text("mine", encoding="utf-8")
    assert command(environment, "lessons", "edited") == ""
    assert lesson.read_text(encoding="utf-8") == "mine"


def test_check_and_inbox_work_outside_a_clone(environment):
    python, folder, variables = environment
    state = folder / "state.sqlite"
    program = (
        "import sys; from cognito_helpers.local_cognito import LocalCognito\n"
        "cognito = LocalCognito(sys.argv[1]); client = cognito.client()\n"
        "pool = client.create_user_pool(PoolName='x', AutoVerifiedAttributes=['email'])\n"
        "made = client.create_user_pool_client(UserPoolId=pool['UserPool']['Id'], ClientName='x')\n"
        "email = [{'Name': 'email', 'Value': 'ana@example.com'}]\n"
        "client.sign_up(ClientId=made['UserPoolClient']['ClientId'], Username='ana',\n"
        "    Password='Passw0rd!', UserAttributes=email)\n"
    )
    run(python, "-c", program, state, cwd=folder, env=variables)
    code = command(environment, "inbox", "ana", "--state", state, "--code").strip()
    assert code.isdigit() and len(code) == 6
    assert command(environment, "--version").strip() == PROJECT["version"]
