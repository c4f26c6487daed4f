"""One plain sentence in place of a traceback, in a real IPython shell."""

import json

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from IPython.core.interactiveshell import InteractiveShell

from cognito_helpers.errors import LessonError
from cognito_helpers.explanations.ipython_extension import plain
from cognito_helpers.local_cognito import LocalCognito, StateFileError


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.extension_manager.load_extension("cognito_helpers")
    yield made
    InteractiveShell.clear_instance()


def lesson(folder, *cells):
    """A notebook in `folder`: text is markdown, text in a tuple is code."""
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
def test_our_own_errors_are_their_sentence(error):
    assert plain(error) == "Do this first."


def test_a_refusal_that_nobody_expected_is_explained():
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
        "Cognito refused InitiateAuth: NotAuthorizedException\n  Incorrect username or password."
    )
    assert "What now:" in said


def test_what_boto3_does_not_send_is_told_without_its_values():
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


def test_what_was_there_and_is_gone_is_named_with_what_to_run():
    with pytest.raises(ParamValidationError) as caught:
        LocalCognito().client().admin_get_user(UserPoolId=None, Username=None)
    assert (
        plain(caught.value)
        == "boto3 did not send this, since UserPoolId and Username would be None: it is not there"
        " yet, or not any more. Run the cell above that stopped before its end, or this lesson"
        " from its first cell."
    )


def test_a_failed_assertion_of_a_lesson_says_what_to_run_and_a_bug_keeps_its_traceback(
    shell, capsys
):
    shell.run_cell("assert 1 == 2")
    assert capsys.readouterr().out.endswith(
        "has changed it. Run this lesson again from its first cell.\n"
    )
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
    assert ("no “" in told or "not there yet" in told) and "Error" not in told
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
        == "“challenge” is not there yet: first run the cell under “Sign in”, then this one again."
    )
    assert all("under “Title”" in plain(NameError(name=name)) for name in ("ask", "lab", "hashed"))
    monkeypatch.delenv("JPY_SESSION_NAME")
    monkeypatch.chdir(tmp_path)
    assert (
        plain(error)
        == "“challenge” is not there yet: first run the cells above this one, from the top."
    )


def test_of_several_headings_above_a_cell_the_nearest_is_named(tmp_path, monkeypatch):
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


def test_in_a_kernel_the_sentence_stands_alone_and_the_cell_has_failed(shell, capsys):
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
