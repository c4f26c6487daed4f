"""The lessons: run strictly from a fresh kernel, alone, in order and again; and kept clean."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import nbformat
import pytest
from ipykernel.ipkernel import IPythonKernel

import cognito_helpers
from cognito_helpers.explanations.error_rows import ROWS
from cognito_helpers.terminal.learner_copy import without_outputs
from cognito_helpers.text import LINE
from cognito_helpers.tutorial_pool.iam_policy import ON_EVERY_POOL, ON_ONE_POOL
from cognito_helpers.tutorial_pool.lessons import Lesson
from cognito_helpers.tutorial_pool.settings import CLIENT_SETTINGS, MFA_SETTINGS, POOL_SETTINGS
from cognito_helpers.ui.widget import WIDGET
from etc.tools import cheat_sheet, published_programs, reference
from etc.tools.lessons import LESSONS, MODEL, NOTEBOOKS, called_in, calls, cells, secrets_in
from etc.tools.save_outputs import SANITIZE, clean, mark_for_slides

NAMES = [path.stem for path in LESSONS]
ALL_NAMES = [path.stem for path in NOTEBOOKS]
INDEX = LESSONS[0]
PACKAGE = Path(cognito_helpers.__file__).parent

# Cells whose output isn't compared, each with the reason
IGNORED = {
    "Open the lab": "says where the learner stands, which depends on the lessons that ran before",
    "Find the check that rejected it": "shows the emulator's source, which changes with it",
    "Look for what is left": "lists what other lessons left, if they ran before",
    "Turn off deletion protection": "the same list",
    "Delete what you selected": "the same list",
    "Compare two experiments": "names the emulator's checks, which change with it",
}


def prose(path: Path) -> str:
    """The lesson's Markdown without its code blocks."""
    return re.sub(r"```.*?```", "", markdown(path), flags=re.DOTALL)


def markdown(path: Path) -> str:
    return "\n\n".join(cell.source for cell in cells(path, "markdown"))


# Running


def nbval(home: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    """Run lessons with nbval in a separate process and lab, and compare every output."""
    flags = [
        "-p",
        "nbval.plugin",
        "--nbval",
        "--nbval-current-env",
        "--nbval-cell-timeout=60",
        f"--nbval-sanitize-with={SANITIZE}",
    ]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *flags,
        *map(str, paths),
    ]
    # No other plugin: loading them takes longer than running a lesson.
    environment = os.environ | {
        "COGNITO_LAB_HOME": str(home),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    environment.pop("COGNITO_LAB_BACKEND", None)
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        cwd=INDEX.parent.parent,
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ALL_NAMES)
def test_a_lesson_runs_alone_in_a_new_lab(path, tmp_path):
    done = nbval(tmp_path, path)
    assert done.returncode == 0, done.stdout


def test_all_lessons_run_in_order_in_one_lab(tmp_path):
    done = nbval(tmp_path, *NOTEBOOKS)
    assert done.returncode == 0, done.stdout


# What they contain


def test_each_notebook_is_in_the_table_of_lessons_by_number_and_name():
    assert [lesson.stem for lesson in sorted(Lesson)] == NAMES


def test_only_the_table_knows_the_number_of_a_lesson():
    """A lesson can be inserted or moved by renaming it and editing that table."""
    numbered = re.compile(r"lessons? 0\d|[\"']0\d(_[a-z]|[\"'])", re.IGNORECASE)
    found = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "tutorial_pool/lessons.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if numbered.search(line)
    ]
    assert found == []


def problems(path: Path) -> Iterator[str]:
    """A sentence for every rule the lesson breaks."""
    notebook = nbformat.read(path, as_version=4)
    if "widgets" in notebook.metadata:
        yield "widget state is saved in it"
    levels = [len(found[1]) for found in re.finditer(r"^(#+) ", prose(path), re.MULTILINE)]
    if levels.count(1) != 1:
        yield f"it has {levels.count(1)} first-level headings, not one"
    if any(deeper - level > 1 for level, deeper in zip(levels, levels[1:], strict=False)):
        yield "a heading skips a level"
    if re.search(r"!\[\s*\]\(|<img(?![^>]*alt=)", prose(path)):
        yield "an image has no alternative text"
    if re.search(r"\[(here|this|link)\]\(", prose(path), re.IGNORECASE):
        yield "a link does not say where it leads"
    if any(
        len(line) > LINE
        for solution in re.findall("```python\n(.*?)```", markdown(path), re.DOTALL)
        for line in solution.splitlines()
    ):
        yield "a solution has a line that a narrow page must scroll sideways"
    in_a_row = 0
    for number, cell in enumerate(notebook.cells):
        in_a_row = in_a_row + 1 if cell.cell_type == "code" else 0
        if in_a_row > 2:
            yield f"cell {number} is the third code cell in a row"
        if cell.cell_type != "code":
            continue
        if len(cell.source.splitlines()) > 15:
            yield f"cell {number} has more than 15 lines"
        if any(len(line) > LINE for line in cell.source.splitlines()):
            yield f"cell {number} has a line that a narrow page, or a room, must scroll sideways"
        saved = json.dumps(cell.outputs)
        if not cell.outputs and re.search(
            r"\b(show|print|attempt|ask|\w+View|\w+_diagram)\(", cell.source
        ):
            yield f"cell {number} has no saved output: run make notebooks"
        for output in cell.outputs:
            data = output.get("data", {"text/plain": output.get("text", "")})
            if output.output_type != "error" and not any(
                data.get(kind, "").strip() for kind in ("text/html", "text/plain")
            ):
                yield f"cell {number} shows nothing where no widget can be drawn"
        for secret in secrets_in(saved):
            yield f"cell {number} shows {secret}"
        if any(output.output_type == "error" for output in cell.outputs):
            yield f"cell {number} has a saved error"
        if any("widget-view" in mime for output in cell.outputs for mime in output.get("data", {})):
            yield f"cell {number} saves a widget that nobody can show"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ALL_NAMES)
def test_a_lesson_is_clean(path):
    assert list(problems(path)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ALL_NAMES)
def test_a_lesson_describes_its_language_as_a_kernel_does(path):
    """Otherwise opening it would change it, and closing it would ask to save."""
    saved = nbformat.read(path, as_version=4).metadata.language_info
    copied = json.loads(without_outputs(path.read_bytes()))["metadata"]["language_info"]
    assert copied == IPythonKernel.language_info
    assert {**saved, "version": ""} == {**copied, "version": ""}


def test_a_saved_lesson_keeps_what_the_kernel_says_of_the_language():
    def lesson(**info: str) -> nbformat.NotebookNode:
        return nbformat.v4.new_notebook(metadata={"language_info": {"name": "python", **info}})

    run = {"version": "3.12.1", "mimetype": "text/x-python"}
    assert clean(lesson(**run), lesson()).metadata.language_info == {"name": "python", **run}
    # Another version of Python alone doesn't change a file.
    again = clean(lesson(**run), lesson(version="3.11.7")).metadata.language_info
    assert again == {"name": "python", **run, "version": "3.11.7"}


def test_a_run_without_changes_saves_nothing_new_and_no_widget():
    def lesson(*texts: str) -> nbformat.NotebookNode:
        outputs = [
            nbformat.v4.new_output("display_data", {"text/plain": text, WIDGET: {"model_id": text}})
            for text in texts
        ]
        made = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell("x", id="x", outputs=outputs)]
        )
        return made

    saved = clean(
        lesson("us-east-1_abcdefghi at 2026-01-01 00:00:00 UTC"), lesson("something else")
    )
    assert saved.cells[0].outputs[0].data == {
        "text/plain": "us-east-1_abcdefghi at 2026-01-01 00:00:00 UTC"
    }
    again = clean(lesson("us-east-1_ihgfedcba at 2027-02-02 00:00:00 UTC"), saved)
    assert again.cells[0].outputs == saved.cells[0].outputs
    bare = nbformat.v4.new_output("display_data", {WIDGET: {"model_id": "x"}})
    again.cells[0].outputs.append(bare)
    assert bare not in clean(again, saved).cells[0].outputs, (
        "a widget without a text leaves an empty output"
    )
    changed = clean(lesson("us-east-1_ihgfedcba at noon"), saved)
    assert changed.cells[0].outputs[0].data == {"text/plain": "us-east-1_ihgfedcba at noon"}


def test_the_rules_find_what_they_look_for(tmp_path):
    outputs = [
        nbformat.v4.new_output(
            "stream", text="eyJ" + "a" * 40 + " 123456 " + "A" * 52 + " " + "a1" * 26
        ),
        nbformat.v4.new_output("error", ename="E", evalue="e", traceback=[]),
        nbformat.v4.new_output("display_data", {WIDGET: {}}),
    ]
    code = [
        nbformat.v4.new_code_cell("x\n" * 20, outputs=outputs),
        nbformat.v4.new_code_cell(f"show({'x' * LINE})"),
        nbformat.v4.new_code_cell(),
    ]
    text = nbformat.v4.new_markdown_cell(
        "# One\n\n### Three\n\n# Two\n\n![ ](x.png) [here](y)\n\n```python\n" + "x" * 89 + "\n```"
    )
    dirty = nbformat.v4.new_notebook(cells=[text, *code], metadata={"widgets": {}})
    nbformat.write(dirty, tmp_path / "dirty.ipynb")
    assert len(list(problems(tmp_path / "dirty.ipynb"))) == 17


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ALL_NAMES)
def test_every_ignored_cell_has_its_reason(path):
    notebook = nbformat.read(path, as_version=4)
    heading = ""
    ignored = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (
                [line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")]
                or [heading]
            )[-1]
        elif tags := cell.metadata.get("tags"):
            assert tags == ["nbval-ignore-output"]
            ignored.append(heading)
    assert ignored[0] == "Open the lab" and set(ignored) <= set(IGNORED)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ALL_NAMES)
def test_every_link_to_a_file_leads_somewhere(path):
    links = re.findall(r"\]\((?!https?://)([^)#]+)", prose(path))
    assert links, "no link leads on"
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ALL_NAMES)
def test_each_heading_begins_a_slide(path):
    lesson = nbformat.read(path, as_version=4)
    marks = [cell.metadata.get("slideshow") for cell in lesson.cells]
    assert marks[0] == {"slide_type": "slide"} and marks.count({"slide_type": "slide"}) > 3
    assert marks[1] == {"slide_type": "skip"}, "the imports"
    for cell in lesson.cells:
        mark_for_slides(cell)
    assert [cell.metadata.get("slideshow") for cell in lesson.cells] == marks, (
        "make notebooks puts them on"
    )


def test_the_index_names_every_lesson_and_the_calls_it_makes():
    rows = [row for row in prose(INDEX).splitlines() if row.startswith("|")]
    for path in LESSONS:
        # The index doesn't link to itself.
        (row,) = (
            row for row in rows if path.stem in row or (path == INDEX and "00 Start here" in row)
        )
        named = set(re.findall(r"`(\w+)`", row))
        assert named and named <= calls(path).keys(), (
            f"{path.stem}: the index names calls that the lesson does not make:"
            f" {named - calls(path).keys()}"
        )


@pytest.mark.parametrize(
    "generated", [cheat_sheet, reference, published_programs], ids=lambda page: page.PATH.stem
)
def test_the_generated_page_is_up_to_date(generated):
    assert generated.PATH.read_text(encoding="utf-8") == generated.page(), "run make notebooks"


def test_the_cheat_sheet_names_existing_calls_and_parameters():
    for operation, text in chain(*(topic.items() for topic in cheat_sheet.CALLS.values())):
        shape = MODEL["operations"][operation]["input"]["shape"]
        named = set(re.findall(r"\b[A-Z]\w+", text))
        assert named <= MODEL["shapes"][shape]["members"].keys(), operation
    assert cheat_sheet.FLOWS.keys() <= set(MODEL["shapes"]["AuthFlowType"]["enum"])
    assert cheat_sheet.CHALLENGES.keys() <= set(MODEL["shapes"]["ChallengeNameType"]["enum"])
    assert len(cheat_sheet.ERRORS) == len(set(cheat_sheet.ERRORS)) == 15


def test_the_reference_has_every_call_and_every_error_with_its_cause():
    page = reference.page()
    made = {operation for path in LESSONS for operation in calls(path)}
    errors = {row.code for row in ROWS} | {
        error["shape"] for operation in made for error in MODEL["operations"][operation]["errors"]
    }
    headings = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert sorted(headings) == sorted(made | errors) and made and errors
    links = re.findall(r"\]\(#(\w+)\)", page)
    assert made <= set(links) <= set(headings)
    for error in errors:
        _, _, section = page.partition(f"### {error}\n")
        rows = [row for row in section.partition("\n### ")[0].splitlines() if row.startswith("| ")][
            1:
        ]
        assert rows and all(
            len(row.split(" | ")) == 3 and all(cell.strip("| ") for cell in row.split(" | "))
            for row in rows
        ), error


@pytest.mark.parametrize(
    ("operation", "who"),
    [
        ("SignUp", "anyone"),
        ("AdminGetUser", "anyone with IAM credentials"),
        ("GetUser", "anyone with the user's access token"),
        (
            "AssociateSoftwareToken",
            "anyone with the user's access token, or with the session of a sign-in",
        ),
        ("RevokeToken", "anyone with the refresh token"),
        ("RespondToAuthChallenge", "anyone with the session of a sign-in"),
    ],
)
def test_the_reference_says_who_may_call(operation, who):
    assert reference.who_may_call(operation) == who


# Lessons that make their calls in practice pools only, also at AWS.
IN_PRACTICE_POOLS = {
    lesson.stem for lesson in (Lesson.OTHER_FACTORS, Lesson.PASSWORDLESS, Lesson.CUSTOM_CHALLENGES)
}


def test_the_policy_names_the_signed_calls_of_the_lessons_and_no_others():
    """Includes the calls that helpers make for a lesson."""
    helpers = [
        "lessons/second_user",
        "lessons/pool_inspection",
        "lessons/leftovers",
        "lessons/opening",
        "lessons/prerequisites",
        "lab/guard",
        "lab/lab",
    ]
    folder = Path(cognito_helpers.__file__).parent
    made = {
        name for helper in helpers for name in called_in((folder / f"{helper}.py").read_text())
    } | {name for path in NOTEBOOKS if path.stem not in IN_PRACTICE_POOLS for name in calls(path)}
    signed = {name for name in made if MODEL["operations"][name].get("authtype") != "none"}
    assert signed and signed == set(ON_EVERY_POOL + ON_ONE_POOL)


def test_a_lesson_creates_the_same_pool_as_the_lab():
    (path,) = (path for path in LESSONS if path.stem == Lesson.CREATE_A_USER_POOL.stem)
    tree = ast.parse("\n".join(cell.source for cell in cells(path, "code")))
    # Of several calls to one operation the last counts: those before are mistakes on purpose.
    created = {
        node.func.attr: {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        for node in sorted(ast.walk(tree), key=lambda node: getattr(node, "lineno", 0))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr.startswith(("create_", "set_user_pool"))
    }
    for call, settings in [
        ("create_user_pool", POOL_SETTINGS),
        ("set_user_pool_mfa_config", MFA_SETTINGS),
        ("create_user_pool_client", CLIENT_SETTINGS),
    ]:
        assert {
            name: ast.literal_eval(value)
            for name, value in created[call].items()
            if name not in ("PoolName", "UserPoolId", "ClientName")
        } == settings


def test_the_first_token_comes_early():
    words, code_cells = 0, 0
    for cell in nbformat.read(INDEX, as_version=4).cells:
        if cell.cell_type == "markdown":
            words += len(cell.source.split())
        else:
            code_cells += 1
            if "AuthenticationResult" in cell.source:
                break
    assert 0 < words <= 300 and code_cells <= 12


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_has_at_most_20_code_cells_beside_its_exercises(path):
    """Neither does the last cell count, which records the lesson as finished."""
    shown = [
        cell.source
        for cell in cells(path, "code")
        if not re.search(r"\bcheck\(|\.finish\(", cell.source)
    ]
    assert 0 < len(shown) <= 20


def test_the_package_exports_what_the_lessons_import_and_nothing_else():
    imported = set()
    for path in NOTEBOOKS:
        for node in ast.walk(ast.parse("\n".join(cell.source for cell in cells(path, "code")))):
            if isinstance(node, ast.ImportFrom) and node.module == "cognito_helpers":
                imported |= {alias.name for alias in node.names}
    # Named in the prose of that lesson, for users who can't see the picture
    assert imported | {"key_groups"} == set(cognito_helpers.__all__)
    assert all(hasattr(cognito_helpers, name) for name in cognito_helpers.__all__)
