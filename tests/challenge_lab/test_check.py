"""Which check rejected a call: found in the emulator's source, with the checks before it and the
fact it's based on.
"""

import ast
import re
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from cognito_helpers import Playground
from cognito_helpers.challenge_lab.behavior_rows import cited, row_for, rows
from cognito_helpers.challenge_lab.check_source import source_of
from cognito_helpers.challenge_lab.check_trace import EMULATOR, Trace
from cognito_helpers.challenge_lab.check_values import compared
from cognito_helpers.challenge_lab.checks import rejection
from cognito_helpers.challenge_lab.experiment import Experiment
from cognito_helpers.challenge_lab.outcomes import OUTCOMES
from cognito_helpers.local_cognito.lockout import reject_locked
from cognito_helpers.views.check import AT_AWS, CheckView

USED = {"code": "already used"}


def rejected(lab, operation, **choices):
    """The check behind the error of an experiment."""
    result = Experiment(lab, operation, **choices).send()
    assert result.error, result
    return result.rejection


def test_a_used_code_is_rejected_by_the_code_after_client_user_and_session(lab):
    found = rejected(lab, "RespondToAuthChallenge", **USED)
    assert found.failed.about == "code" and "used" in found.failed.condition
    assert found.failed.error.startswith("ExpiredCodeException: Your software token has already")
    order = [found.steps.index(step) for step in ("app client", "session", "lockout")]
    assert order == sorted(order) and "code" not in found.steps
    assert found.through[0] == "respond_to_auth_challenge"
    assert "Each code works once" in found.docstring or "good once" in found.docstring
    assert (found.row.section, found.row.sure) == ("1.10", "seen in a test against AWS")


def test_the_marked_lines_are_the_emulators_own(lab):
    found = rejected(lab, "RespondToAuthChallenge", **USED)
    text = (EMULATOR / f"{found.failed.module}.py").read_text().splitlines()
    for line in found.lines:
        if line.number:
            assert text[line.number - 1].endswith(line.text)
    marked = [line.text.strip() for line in found.lines if line.marked]
    assert marked[0].startswith("if ") and marked[-1].startswith("raise ExpiredCodeException")


def test_a_docstring_that_is_left_out_leaves_a_mark(lab):
    head, left_out, first = rejected(lab, "RespondToAuthChallenge", code="wrong").lines[:3]
    assert head.text.startswith("def check_code(") and first.number > head.number + 1
    assert (left_out.number, left_out.text.strip()) == (0, "…")


@pytest.mark.parametrize(
    ("operation", "choices", "about", "function"),
    [
        ("RespondToAuthChallenge", {"session": "expired"}, "session", "_live"),
        ("RespondToAuthChallenge", {"session": "garbled"}, "session", "_row"),
        ("InitiateAuth", {"password": "wrong"}, "password", "judge"),
        ("InitiateAuth", {"who": "nobody"}, "user", "_user"),
        ("InitiateAuth", {"client": "one that does not exist"}, "app client", "find_client"),
        ("ConfirmSignUp", {"code": "malformed"}, "request format", "check"),
        ("GetUser", {"token": "expired"}, "access token", "_bearer"),
        ("GetUser", {"token": "forged"}, "token signature", "verified"),
    ],
)
def test_a_check_is_named_for_what_it_is_about(lab, operation, choices, about, function):
    found = rejected(lab, operation, **choices)
    assert (found.failed.about, found.failed.function) == (about, function)


def test_the_marked_lines_are_the_condition_and_its_error(lab):
    found = rejected(lab, "RespondToAuthChallenge", code="wrong")
    assert [line.text.strip() for line in found.lines if line.marked] == [
        "if step is None:",
        'raise CodeMismatchException("Invalid code received for user")',
    ]


@pytest.mark.parametrize(
    ("operation", "choices", "values"),
    [
        (
            "RespondToAuthChallenge",
            {"session": "of another user"},
            r"session.user_id is \d+, user.id is \d+",
        ),
        (
            "RespondToAuthChallenge",
            {"session": "expired"},
            r"tx.now is [-0-9]+ [:0-9]+ UTC, row\['expires'\] is [-0-9]+ [:0-9]+ UTC",
        ),
        ("ConfirmSignUp", {"who": "you"}, "user.status is CONFIRMED"),
        ("RespondToAuthChallenge", {"code": "wrong"}, None),
    ],
)
def test_what_the_condition_compared_is_shown_unless_it_says_so(lab, operation, choices, values):
    view = CheckView(rejected(lab, operation, **choices))
    shown = re.findall(r"^Values: (.*)$", repr(view), re.MULTILINE)
    assert [bool(re.fullmatch(values, one)) for one in shown] == [True] if values else shown == []
    assert ("Values: <code>" in view.markup()) == (values is not None)


def test_a_secret_is_no_value():
    """Text only under the names that are public, and no number as long as a key."""
    test = ast.parse(
        "code != user.password and row['expects'] == 1 and proof > 2 and check(status, row['x'])"
        " and user.status and missing and row['nothing'] and user.nothing and user.app is None",
        mode="eval",
    ).body
    user = SimpleNamespace(password="Secret9!x", status="CONFIRMED", app=None)
    row = {"expects": "SMS_MFA", "x": 5}
    variables = {"code": "123456", "user": user, "row": row, "proof": 2**200, "status": b"x"}
    assert compared(test, variables) == (
        ("row['expects']", "SMS_MFA"),
        ("row['x']", "5"),
        ("user.status", "CONFIRMED"),
    )


def test_that_a_session_was_sent_isnt_a_check_of_the_session(lab):
    found = rejected(lab, "RespondToAuthChallenge", **USED)
    assert found.steps[2:] == [
        *("pool", "parameters", "user name", "user status", "session", "challenge", "lockout")
    ]


def test_every_outcome_that_is_an_error_has_its_check(lab_for):
    """Each is found, its last check has the error that came, and few have no row of the facts."""
    without_row = []
    for outcome in [one for one in OUTCOMES if one.error and one.recipe.times == 1]:
        lab = lab_for(outcome.recipe)
        found = rejected(lab, outcome.recipe.operation, **outcome.recipe.choices)
        assert found.line and not found.failed.passed, outcome.name
        assert all(check.passed for check in found.checks[:-1]), outcome.name
        assert not re.search(r"AYAB|eyJ", repr(CheckView(found))), outcome.name
        without_row += [outcome.name] if found.row is None else []
    assert len(without_row) <= 2, without_row


def test_an_accepted_call_has_no_check_and_tracing_ends_with_the_call(lab):
    import sys

    before = sys.gettrace()
    with Trace() as trace:
        lab.cognito.describe_user_pool(UserPoolId=lab.pool_id)
    assert sys.gettrace() is before and trace.visits
    assert rejection("DescribeUserPool", trace, {}) is None


def test_tracing_ends_with_an_error_too(lab):
    import sys

    before = sys.gettrace()
    with pytest.raises(ClientError), Trace() as trace:
        lab.cognito.get_user(AccessToken="x")
    assert sys.gettrace() is before
    assert rejection("GetUser", trace, {"AccessToken": "x"}).operation == "GetUser"


def test_the_view_says_it_in_text_and_on_the_page(lab):
    view = CheckView(rejected(lab, "RespondToAuthChallenge", **USED))
    text, page = repr(view), view._repr_html_()
    assert re.match(r".*session ✓ .*code ✗\n", text) and "→" in text
    assert "BEHAVIOR.md 1.10 (seen in a test against AWS)" in text
    assert "<details>" in page and page.count("<mark") == 0
    assert 'aria-label="rejected"' in page and 'aria-label="passed"' in page
    assert repr(CheckView(None)) == AT_AWS and "Only the emulator" in CheckView(None)._repr_html_()


def test_the_playground_shows_it_below_the_error(lab):
    page = Playground(lab)
    page.choose("RespondToAuthChallenge", **USED)
    page.send()
    assert "The check that rejected it" in page._answer.value
    assert page.check.rejection.failed.about == "code"
    page.choose("InitiateAuth")
    page.send()
    assert page.check is None and "rejected it" not in page._answer.value


# BEHAVIOR.md


def test_the_rows_are_those_of_the_page():
    found = {row.section for row in rows()}
    assert {"1.10", "2", "8a", "11.5", "12.3"} <= found and len(rows()) > 200
    assert {row.sure for row in rows()} >= {"documented by AWS", "observed, not documented"}


def test_the_sections_that_a_text_cites():
    text = "Sign in. BEHAVIOR.md, 1.8 to\n1.10 and section 4. Then (BEHAVIOR.md, 12.3 and 12.5)."
    assert cited([text]) == ["1.8", "1.10", "4", "1.9", "12.3", "12.5"]
    assert cited(["BEHAVIOR.md, 8a, 10.7 and section 3."]) == ["8a", "10.7", "3"]


def test_another_operations_row_is_not_cited():
    message = "Attempt limit exceeded, please try after some time."
    assert row_for("LimitExceededException", message, ["1.2"]).section == "1.2"
    found = row_for("LimitExceededException", message, ["1.3"])
    assert found is None or found.section != "1.2"


def test_a_guard_is_a_statement_that_raises():
    (guard,) = source_of(reject_locked.__code__).guards
    assert guard.condition == "tx.now < last + lock"
