"""One plain sentence instead of a traceback, in a real IPython shell."""

import json
import re

import nbformat
import pytest
from botocore.exceptions import ClientError, ParamValidationError
from IPython.core.interactiveshell import InteractiveShell

from cognito_helpers import ask, fields
from cognito_helpers.errors import LessonError, NotAsked
from cognito_helpers.explanations import next_cell
from cognito_helpers.explanations.ipython_extension import plain
from cognito_helpers.local_cognito import LocalCognito, StateFileError
from etc.tools.lessons import LESSONS


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.extension_manager.load_extension("cognito_helpers")
    yield made
    InteractiveShell.clear_instance()


def lesson(folder, *cells):
    """A notebook in `folder`: text is Markdown, text in a tuple is code."""
    made = [
        (
            {"cell_type": "code", "source": cell[0]}
            if isinstance(cell, tuple)
            else {"cell_type": "markdown", "source": cell}
        )
        for cell in cells
    ]
    path = folder / "02_lesson.ipynb"
    path.write_text(json.dumps({"cells": made}))
    return path


@pytest.mark.parametrize("error", [LessonError("Do this first."), StateFileError("Do this first.")])
def test_our_own_errors_are_shown_as_their_sentence(error):
    assert plain(error) == "Do this first."


def test_an_unexpected_error_is_explained():
    said = plain(
        ClientError(
            {
                "Error": {
                    "Code": "NotAuthorizedException",
                    "Message": "Incorrect username or password.",
                }
            },
            "InitiateAuth",
        )
    )
    assert said.startswith(
        "Cognito rejected InitiateAuth: NotAuthorizedException\n  Incorrect username or password."
    )
    assert "What now:" in said


def test_what_boto3_does_not_send_is_reported_without_its_values():
    client = LocalCognito().client()
    for wrong in (
        {"Password": 12345678},
        {"Password": ["s3cret", "more"]},
        {"Password": {"type": "s3cret, valid types"}},
    ):
        with pytest.raises(ParamValidationError) as caught:
            client.sign_up(ClientId="c", Username="u", **wrong)
        said = plain(caught.value)
        assert "Password" in said and "12345678" not in said and "s3cret" not in said


def test_a_deleted_resource_is_named_with_the_cell_to_run():
    with pytest.raises(ParamValidationError) as caught:
        LocalCognito().client().admin_get_user(UserPoolId=None, Username=None)
    assert (
        plain(caught.value)
        == "boto3 didn't send this, because UserPoolId and Username would be None. It doesn't exist"
        " yet, or no longer does. Run the cell above that stopped before its end, or this lesson"
        " from its first cell."
    )


def test_a_failed_assertion_of_a_lesson_says_what_to_run_and_a_bug_keeps_its_traceback(
    shell, capsys
):
    shell.run_cell("assert 1 == 2")
    told = " ".join(capsys.readouterr().out.split())
    assert told.endswith("run out of order. Run this lesson again from its first cell.")
    shell.run_cell("assert 1 == 2, 'with words of its own'")
    assert "AssertionError" in capsys.readouterr().out
    shell.run_cell(
        "from cognito_helpers.sign_in.authenticator import"
        " _totp\n_totp('otpauth://hotp/x?secret=JBSWY3DPEHPKJBSWY3DPEHPK')"
    )
    assert "AssertionError" in capsys.readouterr().out


@pytest.mark.parametrize(
    "source",
    [
        "{}['Session']",
        "{'ChallengeParameters': {}}['ChallengeParameters']['USER_ID_FOR_SRP']",
        "None.upper()",
    ],
)
def test_a_missing_member_is_a_sentence_in_a_cell_and_a_bug_keeps_its_traceback(
    shell, capsys, source
):
    shell.run_cell(source)
    told = " ".join(capsys.readouterr().out.split())
    assert ("no “" in told or "doesn't exist yet" in told) and "Error" not in told
    exec(f"def bug(): return {source}", bug := {"__name__": "helper"})
    shell.push({"bug": bug["bug"]})
    shell.run_cell("bug()")
    assert "Error" in capsys.readouterr().out


def test_a_cell_run_too_early_names_the_cell_to_run(tmp_path, monkeypatch):
    path = lesson(
        tmp_path,
        "# Title",
        ("from x import ask\nlab = 1\ndef hashed(): ...",),
        "## Sign in\n\nwords",
        ("challenge = lab.call()",),
        ("print(challenge)",),
    )
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    error = NameError("name 'challenge' is not defined", name="challenge")
    assert (
        plain(error)
        == "“challenge” isn't defined yet. Run the cell under “Sign in” first, then this one again."
    )
    assert all("under “Title”" in plain(NameError(name=name)) for name in ("ask", "lab", "hashed"))
    monkeypatch.delenv("JPY_SESSION_NAME")
    monkeypatch.chdir(tmp_path)
    assert (
        plain(error)
        == "“challenge” isn't defined yet. Run the cells above this one first, from the top."
    )


FAILS = {
    "expected to fail": "with attempt():\n    cognito.initiate_auth(AuthFlow='X')",
    "with another context first": "with user() as u, attempt():\n    cognito.initiate_auth()",
    "an exercise": "if prediction:\n    again = cognito.initiate_auth()",
    "tried": "try:\n    cognito.initiate_auth()\nexcept Exception:\n    pass",
    "one wrong value after the other": "for x in y:\n    cognito.initiate_auth(x)",
    "defined only": "def begin():\n    return cognito.initiate_auth()",
    "a refresh": "reply = cognito.initiate_auth(AuthFlow='REFRESH_TOKEN_AUTH')",
    "not Python": "%time cognito.initiate_auth()",
    "words alone": "print('initiate_auth(')",
}


@pytest.mark.parametrize("source", FAILS.values(), ids=FAILS)
def test_a_cell_that_begins_no_sign_in_is_not_named_when_a_session_has_expired(
    tmp_path, monkeypatch, source
):
    answer = "reply = cognito.respond_to_auth_challenge(Session=challenge['Session'])"
    cells = ["## Begin", ("challenge = cognito.initiate_auth()",), "## Fails", (source,), (answer,)]
    monkeypatch.setenv("JPY_SESSION_NAME", str(lesson(tmp_path, *cells)))
    assert (
        next_cell.session_ended(answer)
        == "Run the cell with `initiate_auth` under “Begin” again, and continue from there."
    )


def test_functions_of_a_lesson_begin_sign_ins_and_use_sessions(tmp_path, monkeypatch):
    start = "def start():\n    return cognito.initiate_auth()"
    respond = "def respond(step):\n    return cognito.respond(Session=step['Session'])"
    answer = "reply = respond(challenge)"
    cells = ["## Begin", (start,), ("challenge = start()",), "## Answer", (respond,), (answer,)]
    monkeypatch.setenv("JPY_SESSION_NAME", str(lesson(tmp_path, *cells)))
    assert (
        next_cell.session_ended(answer)
        == "Run the cell with `start` under “Begin” again, and continue from there."
    )


def test_a_cell_without_an_earlier_cells_session_is_not_sent_elsewhere(tmp_path, monkeypatch):
    source = "cognito.respond_to_auth_challenge(Session=lab.test_data.session('newest'))"
    cells = ["## Begin", ("challenge = cognito.initiate_auth()",), (source,)]
    monkeypatch.setenv("JPY_SESSION_NAME", str(lesson(tmp_path, *cells)))
    assert next_cell.session_ended(source) is None


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_after_an_expired_session_every_cell_of_a_lesson_names_one_that_works(path, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    heading, begins = "", {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            heading = ([line for line in cell.source.splitlines() if line[:1] == "#"] or [heading])[
                -1
            ]
        else:
            begins.setdefault(heading.lstrip("# "), []).append(cell.source)
            said = next_cell.session_ended(cell.source)
            assert said or not re.search(r"Session=\w+\[", cell.source), cell.source
            if said:
                call, under = re.match("Run the cell with `(.+)` under “(.+)” again", said).groups()
                # At the left margin: not in a block that's meant to fail or may be skipped
                assert any(
                    re.search(rf"^\w+ = (case\.)?(cognito\.)?{call}\(", source, re.MULTILINE)
                    for source in begins[under]
                ), said


def test_a_name_of_the_package_without_its_import_says_how_to_import_it(
    shell, capsys, tmp_path, monkeypatch
):
    monkeypatch.setenv("JPY_SESSION_NAME", str(lesson(tmp_path, "# Title", ("lab = 1",))))
    shell.run_cell("TokenView(lab)")
    said = " ".join(capsys.readouterr().out.split())
    assert said == (
        "“TokenView” isn't imported in this lesson: run `from cognito_helpers import TokenView`,"
        " then this cell again."
    )
    # If the lesson imports it, name the cell that does.
    path = lesson(tmp_path, "## Open the lab", ("from cognito_helpers import TokenView",))
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    shell.run_cell("TokenView(1)")
    assert "the cell under “Open the lab”" in " ".join(capsys.readouterr().out.split())


def test_the_cell_of_a_skipped_form_is_named(tmp_path, monkeypatch):
    _, answers = ask(username=fields.username("ana"))
    with pytest.raises(NotAsked) as caught:
        _ = answers.code
    cells = ["## Read the mail", ("form, answers = ask(answers, code=fields.code())\nform",)]
    monkeypatch.setenv("JPY_SESSION_NAME", str(lesson(tmp_path, *cells)))
    assert (
        plain(caught.value)
        == "The form under “Read the mail” asks for “code”: run its cell first, then this one"
        " again."
    )
    monkeypatch.setenv("JPY_SESSION_NAME", str(lesson(tmp_path, "# No form")))
    assert plain(caught.value) == "This form has no question “code”. It has username."


OTHER_LESSON = "Another open lesson may have changed the password"


def test_a_wrong_password_names_the_other_lesson_that_may_have_changed_it():
    wrong = {"Code": "NotAuthorizedException", "Message": "Incorrect username or password."}
    for operation in ("InitiateAuth", "AdminInitiateAuth"):
        assert OTHER_LESSON in plain(ClientError({"Error": wrong}, operation))
    # Here the device's password may be wrong.
    for operation in ("RespondToAuthChallenge", "ChangePassword"):
        assert OTHER_LESSON not in plain(ClientError({"Error": wrong}, operation))


def test_the_nearest_heading_above_a_cell_is_named(tmp_path, monkeypatch):
    path = lesson(tmp_path, "# Title\n\n## Sign up\n\nwords\n\n### Confirm", ("user = 1",))
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    assert "under “Confirm”" in plain(NameError(name="user"))


def test_an_ordinary_mistake_keeps_its_traceback(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for error in (
        NameError(name="chalenge"),
        NameError(),
        ZeroDivisionError(),
        KeyError("x"),
        json.JSONDecodeError("x", "", 0),
    ):
        assert plain(error) is None
    (tmp_path / "00_broken.ipynb").write_text("{")
    lesson(tmp_path, ("%magic that is not Python",))
    assert plain(NameError(name="anything")) is None


def test_in_a_kernel_only_the_sentence_is_shown_and_the_cell_has_failed(shell, capsys):
    result = shell.run_cell(
        "from cognito_helpers.errors import LessonError\nraise LessonError('Do this first.')"
    )
    told = capsys.readouterr()
    assert told.out == "Do this first.\n" and "Traceback" not in told.out + told.err
    # Run All must stop here.
    assert not result.success


def test_in_a_kernel_an_ordinary_mistake_shows_its_traceback(shell, capsys):
    result = shell.run_cell("1 / 0")
    told = capsys.readouterr()
    assert "ZeroDivisionError" in told.out + told.err and not result.success
