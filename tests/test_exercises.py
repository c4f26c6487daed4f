"""The exercises: open until they're done, not solved by a wrong attempt, solved by the solution in
the lesson.
"""

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from cognito_helpers import check, open_lab
from cognito_helpers.calls.aws_cli import PLACES, elsewhere
from cognito_helpers.calls.recorder import Exchange, as_http
from cognito_helpers.errors import LessonError
from cognito_helpers.exercises.checks import EXERCISES, MOVES_THE_CLOCK
from cognito_helpers.exercises.result import (
    NOT_YET,
    OPEN,
    SKIPPED,
    SOLVED,
    Result,
    is_accepted,
    since,
)
from cognito_helpers.tutorial_pool.lessons import Lesson
from etc.tools.lessons import LESSONS

# What a learner may try first instead of the cell's first line
WRONG = {
    "a client for a web page": (
        'cognito.create_user_pool_client(UserPoolId=lab.pool_id, ClientName="x",'
        ' ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],'
        ' AccessTokenValidity=15, PreventUserExistenceErrors="ENABLED")'
    ),
    "pools with the tag": "tagged = [lab.client_id]  # not a pool",
    "a shared address": 'prediction = "UsernameExistsException"',
    "another code": 'prediction = "NotAuthorizedException"',
    "find by address": "cognito.list_users(UserPoolId=lab.pool_id, Filter='email = \"ana\"')",
    "a day late": (
        'cognito.sign_up(ClientId=lab.client_id, Username="late", Password=lab.new_password(),'
        ' UserAttributes=[{"Name": "email", "Value": "a@b.example"}])\nlab.wait(minutes=23 *'
        " 60)\nwith attempt():\n    cognito.confirm_sign_up(ClientId=lab.client_id,"
        ' Username="late", ConfirmationCode=lab.inbox.code("late"))'
    ),
    "seven digits": 'prediction = "EnableSoftwareTokenMFAException"',
    "before the end": 'prediction = "MFA_SETUP"',
    "a new phone": (
        'cognito.associate_software_token(AccessToken=reply["AuthenticationResult"]["AccessToken"])'
    ),
    "no session": 'prediction = "NotAuthorizedException"',
    "a lost phone": (
        "practice.cognito.admin_set_user_mfa_preference(UserPoolId=practice.pool_id,"
        " Username=practice.username, SoftwareTokenMfaSettings={'Enabled': False})"
    ),
    "revoked twice": 'prediction = "NotAuthorizedException"',
    "signed out everywhere": (
        "token = tokens['AccessToken']\nwith attempt():\n   "
        " cognito.global_sign_out(AccessToken=token)"
    ),
    "codes sent": "codes = 3",
    "not remembered": 'prediction = "DEVICE_SRP_AUTH"',
    "without the key": (
        "with attempt():\n   "
        " cognito.initiate_auth(ClientId=lab.client_id, AuthFlow='USER_PASSWORD_AUTH',"
        " AuthParameters={'USERNAME': username, 'PASSWORD': lab.password, 'DEVICE_KEY':"
        " device.key})"
    ),
    "break a verifier": "x = 6746",
    "server-side SRP": (
        "cognito.admin_initiate_auth(UserPoolId=lab.pool_id, ClientId=lab.client_id,"
        " AuthFlow='USER_SRP_AUTH', AuthParameters=srp.get_auth_params())"
    ),
    "no place for a hash": 'prediction = "NotAuthorizedException"',
    "with a hash": (
        "with attempt():\n    cognito.admin_initiate_auth(UserPoolId=lab.pool_id,"
        " ClientId=client_id, AuthFlow='ADMIN_USER_PASSWORD_AUTH', AuthParameters={'USERNAME':"
        " username, 'PASSWORD': lab.password})"
    ),
    "two preferred factors": 'prediction = "accepted"',
    "out of the group": 'cognito.admin_remove_user_from_group(**group, Username="ben")',
    "every factor": "def finish(username, response):\n    return response['AuthenticationResult']",
    "no passkey left": 'prediction = "WEB_AUTHN"',
    "MFA for everyone": 'prediction = "accepted"',
    "choose for the user": "def sign_in(username):\n    return start_sign_in(username)",
    "find the hole": 'prediction = "CUSTOM_CHALLENGE"',
    "not allowed to call": 'prediction = "InvalidLambdaResponseException"',
    "one code for each sign-in": "create_once = create",
    "the next code": 'prediction = "CodeMismatchException"',
    "three messages": (
        "playground.choose('AdminRespondToAuthChallenge', challenge='SOFTWARE_TOKEN_MFA',"
        " session='garbled')\nplayground.send()"
    ),
    "one function, two errors": (
        "for choices in ({'code': 'wrong'}, {'session': 'expired'}):\n"
        "    playground.choose('RespondToAuthChallenge', **choices)\n    playground.send()"
    ),
    "longer sessions": (
        "case.cognito.update_user_pool_client(UserPoolId=case.pool_id, ClientId=case.client_id,"
        " AuthSessionValidity=15)"
    ),
    "finish the setup": 'case.offer_secret("ana", case.begin("ana")["Session"])',
    "without signing in": "def next_sign_in(cognito, pool_id, username):\n    return 'challenge'",
    "error handling": "def decide(error):\n    return 'ask again'",
    "forgotten": "app.start_sign_in(answers.username, answers.password, device.key)",
    "a user who left": 'prediction = "NotAuthorizedException"',
    "still there": "count = 7\ncognito.list_users(UserPoolId=lab.pool_id)",
}


class Exercise(NamedTuple):
    """An exercise of a lesson: its name, the learner's cell, and the solution's code."""

    name: str
    cell: nbformat.NotebookNode
    solution: str

    def with_code(self, code: str) -> str:
        """The cell with `code` instead of its first line, as the lesson says."""
        return code + "\n" + "\n".join(self.cell.source.splitlines()[1:])


def exercises(path: Path) -> dict[str, Exercise]:
    """The exercises by the ID of the learner's cell. The solution is read from the text before
    it."""
    found, before = {}, ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and (
            name := re.search(r'^check\(\w+, "([^"]+)"', cell.source, re.MULTILINE)
        ):
            (solution,) = re.findall(
                r"<summary>The solution</summary>\n\n```python\n(.*?)\n```\n\n</details>",
                before,
                re.DOTALL,
            )
            assert "<summary>A hint</summary>" in before, name[1]
            found[cell.id] = Exercise(name[1], cell, solution)
        before = cell.source
    return found


EXERCISED = [path for path in LESSONS if exercises(path)]


class Reader:
    """Run a lesson's cells one after the other in this process, like a kernel."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self._names[name]

    def run(self, source: str) -> Any:
        """Run a cell; return the value of its last line."""
        tree = ast.parse(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), self._names)
        return (
            eval(compile(ast.Expression(last.value), "cell", "eval"), self._names)
            if isinstance(last, ast.Expr)
            else None
        )


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path))


@pytest.fixture
def lab(home):
    return open_lab(needs="nothing")


@pytest.mark.parametrize("path", LESSONS[1:], ids=[path.stem for path in LESSONS[1:]])
def test_a_lesson_has_two_to_four_exercises_in_the_order_of_the_table(path):
    names = [exercise.name for exercise in exercises(path).values()]
    assert 2 <= len(names) <= 4
    assert sorted(names, key=list(EXERCISES).index) == names


def test_every_check_belongs_to_an_exercise_and_each_has_a_wrong_attempt():
    names = [exercise.name for path in LESSONS for exercise in exercises(path).values()]
    assert sorted(names) == sorted(EXERCISES) == sorted(WRONG)


@pytest.mark.parametrize("path", EXERCISED, ids=[path.stem for path in EXERCISED])
@pytest.mark.parametrize(
    "tries", [["solution"], ["nothing", "wrong", "solution"]], ids=["at once", "at last"]
)
def test_only_the_solution_of_a_lesson_solves_its_exercise(path, tries, capsys):
    """A lesson with every exercise solved still runs to its end."""
    reader, known = Reader(), exercises(path)
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        exercise = known.get(cell.id)
        if exercise is None:
            reader.run(cell.source)
            continue
        sources = {
            "nothing": cell.source,
            "wrong": exercise.with_code(WRONG[exercise.name]),
            "solution": exercise.with_code(exercise.solution),
        }
        results = {attempt: reader.run(sources[attempt]) for attempt in tries}
        assert all(isinstance(result, Result) for result in results.values()), exercise.name
        assert results["solution"].state == SOLVED, (exercise.name, results)
        assert results.get("nothing", Result(OPEN, "")).state == OPEN, (exercise.name, results)
        assert not results.get("wrong", Result(NOT_YET, "")).solved, (exercise.name, results)


def test_an_untouched_exercise_is_open_in_one_sentence(lab):
    for name in EXERCISES:
        result = check(lab, name)
        assert result.state == OPEN and "\n" not in result.words, name
        assert re.fullmatch(r"Still open: .*run the cell again\.", repr(result), re.DOTALL), name


@pytest.mark.parametrize("history", [True, False])
def test_unfinished_code_of_the_learner_is_not_called_missing(lab, history):
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    try:
        shell.push({"lab": lab, "check": check})
        written = 'found = 1  # my search\nresult = check(lab, "find by address")'
        shell.run_cell(written, store_history=history)
        mine = shell.user_ns["result"]
        assert mine.state == OPEN and "your code ran" in mine.words
        assert "in place of the first line" not in mine.words
        shell.run_cell(
            '# Your code goes here.\nresult = check(lab, "find by address")', store_history=history
        )
        assert "in place of the first line" in shell.user_ns["result"].words
    finally:
        InteractiveShell.clear_instance()


@pytest.mark.parametrize("answer", ["", " ", None, 7, [], {"a": 1}, "Ana’s “best” guess", object()])
def test_a_response_of_any_kind_gets_a_sentence(lab, answer):
    for name in EXERCISES:
        assert not check(lab, name, answer).solved, name


SIGN_INS = """
def next_sign_in(cognito, pool_id, username):
    {0}
    user = cognito.admin_get_user(UserPoolId=pool_id, Username=username)
    if {1} user["UserStatus"] != "CONFIRMED":
        return "rejected"
    mfa = cognito.get_user_pool_mfa_config(UserPoolId=pool_id)["MfaConfiguration"]
    return "challenge" if {2} else "tokens"
"""
WRITES = "cognito.admin_enable_user(UserPoolId=pool_id, Username=username)"
ASKS_FOR_CODE = """
    try:
        cognito.get_user_attribute_verification_code(AccessToken="x", AttributeName="email")
    except cognito.exceptions.NotAuthorizedException:
        pass"""
LISTED = '"UserMFASettingList" in user'


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ((WRITES, "", "True"), "it called AdminEnableUser"),
        # It begins with Get, and sends a code.
        ((ASKS_FOR_CODE, "", "True"), "it called GetUserAttributeVerificationCode"),
        (("pass", "", f'mfa == "ON" or {LISTED}'), "for cleo"),
        (("pass", 'not user["Enabled"] or', 'mfa == "ON"'), "is OPTIONAL"),
        (("pass", 'not user["Enabled"] or', LISTED), "is ON"),
        (("pass", 'not user["Enabled"] or', f'mfa == "ON" or {LISTED}'), "is OFF"),
        (("pass", "missing or", "True"), "raised NameError"),
    ],
)
def test_a_diagnosis_without_a_sign_in_reads_every_setting_and_changes_none(lab, parts, says):
    names: dict[str, Any] = {}
    exec(SIGN_INS.format(*parts), names)
    result = check(lab, "without signing in", names["next_sign_in"])
    assert result.state == NOT_YET and says in result.words


def test_a_prediction_without_its_call_is_not_enough(lab):
    predictions = [
        name for name in EXERCISES if check(lab, name, "NotAuthorizedException").state == NOT_YET
    ]
    assert len(predictions) > 8
    for name in predictions:
        assert (
            "wasn't sent" in check(lab, name, "NotAuthorizedException").words
            or name == "error handling"
        ), name


def test_neither_the_client_secret_nor_its_hash_is_shown_or_kept(tmp_path, capsys):
    """In the lesson on secrets: its output, its tables, the record of its calls in every form, and
    what the lab remembers.
    """
    (path,) = [path for path in LESSONS if path.stem == Lesson.CLIENT_SECRET.stem]
    reader = Reader()
    shown = [
        repr(reader.run(cell.source))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]
    wire, secret = reader["lab"].requests, reader["secret"]
    shown += [as_http(call) for call in wire.all_calls] + [
        elsewhere(call, wire.model, place) for call in wire.all_calls for place in PLACES
    ]
    remembered = [path.read_text() for path in tmp_path.rglob("*.json")]
    shown += [repr(wire), capsys.readouterr().out, *remembered]
    secrets = [
        secret,
        reader["secret_hash"](reader["username"]),
        *(value.decode() for value in reader["six"].values()),
    ]
    assert len(secret) == 52 and len(secrets) == 8 and remembered
    assert [text for text in shown for kept in secrets if kept in text] == []


def test_exercises_that_move_the_clock_are_skipped_at_aws(lab, monkeypatch):
    monkeypatch.setattr(lab.backend, "can_move_clock", False)
    assert {name for name in EXERCISES if check(lab, name).state == SKIPPED} == MOVES_THE_CLOCK
    waits = {
        exercise.name
        for path in LESSONS
        for exercise in exercises(path).values()
        if re.search(r"lab\.wait\(|\"expired\"", exercise.solution)
    }
    assert waits == MOVES_THE_CLOCK


# Single calls, as the recorder keeps them


def made_call(operation="A", status=200, session="", code=False, **answer):
    """A call to `operation`; `code` says whether it carried a code."""
    request = {"ChallengeResponses": {"SOFTWARE_TOKEN_MFA_CODE": "(hidden)"} if code else {}}
    return Exchange(1, operation, "", {}, request, status, {}, answer, 1.0, session_sent=session)


def after(*calls):
    """A lab on which these calls were made."""
    return SimpleNamespace(
        backend=SimpleNamespace(can_move_clock=True),
        requests=SimpleNamespace(calls=list(calls)),
    )


OTHER, WENT_WELL, REJECTED = made_call("B"), made_call(), made_call(status=400)
SINCE = {
    "no call at all": ([], []),
    "none to it": ([OTHER], [OTHER]),
    "it was the first": ([WENT_WELL, OTHER], [OTHER]),
    "it was the last": ([OTHER, WENT_WELL], []),
    "it was rejected": ([REJECTED, OTHER], [REJECTED, OTHER]),
    "it was rejected later": ([WENT_WELL, REJECTED, OTHER], [REJECTED, OTHER]),
    "it was made twice": ([WENT_WELL, OTHER, WENT_WELL, OTHER], [OTHER]),
}


@pytest.mark.parametrize("name", SINCE)
def test_what_came_since_a_call_begins_after_the_last_successful_one(name):
    calls, left = SINCE[name]
    assert since(calls, "A") == left


@pytest.mark.parametrize(("status", "accepted"), [(200, True), (400, False), (None, False)])
def test_a_call_without_a_response_was_not_accepted(status, accepted):
    assert is_accepted(made_call(status=status)) is accepted


def message(words):
    kind = {"__type": "NotAuthorizedException", "message": words}
    return made_call("AdminRespondToAuthChallenge", 400, **kind)


WORDS = [
    "Invalid session for the user, session is expired.",
    "Invalid session for the user, session can only be used once.",
    "Invalid session for the user.",
    "Incorrect username or password.",
]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ([], OPEN),
        (WORDS[:2], NOT_YET),
        (WORDS[:2] * 2, NOT_YET),
        ([*WORDS[:2], WORDS[3]], NOT_YET),
        (WORDS[:3], SOLVED),
    ],
)
def test_three_messages_about_a_session_are_enough_and_two_are_not(words, state):
    assert check(after(*map(message, words)), "three messages").state == state


@pytest.mark.parametrize("prediction", ["accepted", "ACCEPTED", " Accepted "])
def test_a_prediction_may_be_in_any_case(prediction):
    assert check(after(made_call("RevokeToken")), "revoked twice", prediction).solved


def test_an_unknown_exercise_is_named(lab):
    with pytest.raises(
        LessonError,
        match=r"no exercise “a shard address”. The exercises are a client for a web page, ",
    ):
        check(lab, "a shard address")
