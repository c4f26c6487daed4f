"""Experiments: what is typed is sent unchanged, no text is too odd, no choice breaks the lab, and
no secret gets into a cell.
"""

import json
import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_helpers.challenge_lab.experiment import Experiment
from cognito_helpers.challenge_lab.expiry import SPANS, move_on
from cognito_helpers.challenge_lab.operations import OPERATIONS
from cognito_helpers.errors import LessonError

ONE_LAB = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def sign_in(lab):
    """A plain sign-in by experiments; returns the response."""
    experiment = Experiment(lab, "InitiateAuth")
    assert experiment.send().answer["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    experiment.set("RespondToAuthChallenge")
    return experiment.send()


def drawn(lab, source):
    """An experiment with random choices."""
    experiment = Experiment(lab, source.choice(list(OPERATIONS)))
    for _ in range(source.randrange(5)):
        if experiment.fields:
            field = source.choice(experiment.fields)
            experiment.choose(field.key, source.choice(field.options))
    return experiment


# Choosing


def test_the_fields_follow_the_choices(lab):
    experiment = Experiment(lab)
    assert list(experiment.choices) == ["challenge", "session", "code", "name", "client"]
    experiment.choose("client", "one with a secret")
    assert [field.key for field in experiment.fields][-1] == "hash"
    experiment.choose("challenge", "MFA_SETUP")
    assert list(experiment.choices) == ["challenge", "session", "name"]
    experiment.set("InitiateAuth", device="none", flow="REFRESH_TOKEN_AUTH")
    assert experiment.choices == {"flow": "REFRESH_TOKEN_AUTH", "token": "newest", "device": "none"}
    experiment.choose("flow", "USER_PASSWORD_AUTH")
    assert experiment.choices["device"] == "none" and experiment.choices["password"] == "right"


@pytest.mark.parametrize(
    ("operation", "choices"),
    [
        ("DeleteUserPool", {}),
        ("GetUser", {"token": "nonsense"}),
        ("GetUser", {"code": "now"}),
        ("InitiateAuth", {"hash": "right"}),
    ],
)
def test_an_unavailable_choice_is_a_sentence(lab, operation, choices):
    with pytest.raises(LessonError, match="offer"):
        Experiment(lab, operation, **choices)


# Editing


def test_neither_the_shown_request_nor_the_copied_cell_has_a_secret(lab):
    experiment = Experiment(lab)
    shown = json.loads(experiment.shown())
    assert (
        shown["ClientId"] == lab.client_id
        and shown["ChallengeResponses"]["USERNAME"] == lab.username
    )
    assert shown["Session"] == "(the newest session)" and shown["ChallengeResponses"][
        "SOFTWARE_TOKEN_MFA_CODE"
    ].startswith("(the code")
    experiment.edit(experiment.text().replace("{practice.test_data.code('now')}", "123456"))
    assert "123456" not in experiment.cell() + experiment.shown() + experiment.text() + repr(
        experiment
    )
    assert "practice.test_data.typed(1)" in experiment.cell() and lab.test_data.typed(1) == "123456"
    with pytest.raises(LessonError, match="in this kernel"):
        lab.test_data.typed(2)


def test_a_request_edited_and_changed_back_is_the_same(lab):
    source = random.Random(5)
    for _ in range(60):
        experiment = drawn(lab, source)
        before = experiment.text(), experiment.cell(), experiment.shown()
        experiment.edit(experiment.text())
        assert (
            experiment.text(),
            experiment.cell(),
            experiment.shown(),
        ) == before and experiment.edited


def test_what_is_typed_is_sent_unchanged(lab):
    sent = []
    lab.cognito.meta.events.register(
        "before-parameter-build.cognito-identity-provider",
        lambda params, **_: sent.append(json.loads(json.dumps(params))),
    )
    typed = {
        "ClientId": "x y",
        "AuthFlow": "ÜBER",
        "AuthParameters": {"PASSWORD": "{practice.password}", "odd key": "{}", "USERNAME": "ana\n"},
        "ClientMetadata": {},
    }
    experiment = Experiment(lab, "InitiateAuth")
    experiment.edit(json.dumps(typed))
    assert experiment.send().error[0] == "InvalidParameterException" and sent[-1] == typed
    experiment.edit(experiment.text())
    experiment.send()
    assert sent[-1] == typed
    exec_rejected(experiment.cell(), lab)
    assert sent[-1] == typed and "practice.password" not in experiment.cell()


def exec_rejected(cell, lab):
    with pytest.raises(lab.cognito.exceptions.ClientError):
        exec(cell, {"practice": lab, "show": print})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1,', "line 1, column 9"),
        ('{\n "a": "b"\n "c": 1}', "line 3, column 2"),
        ("", "line 1, column 1"),
        ("[1]", "begins with {"),
        ('"text"', "begins with {"),
        ('{"a": NaN}', "NaN is no JSON number"),
        ('{"a": -Infinity}', "-Infinity is no JSON number"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ' + "1" * 5000 + "}", "JSON can't be sent"),
    ],
)
def test_invalid_json_is_located_and_keeps_the_earlier_request(lab, text, sentence):
    experiment = Experiment(lab)
    before = experiment.shown()
    with pytest.raises(LessonError) as raised:
        experiment.edit(text)
    assert sentence in str(raised.value) and "\n" not in str(raised.value)
    assert experiment.shown() == before and not experiment.edited


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"a": 1}, "boto3 didn't send it: Missing required parameter"),
        (
            {"ClientId": 12345678, "AuthFlow": "USER_PASSWORD_AUTH"},
            "Invalid type for parameter ClientId, type",
        ),
        (
            {
                "ClientId": "x",
                "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"PASSWORD": 12345678},
            },
            "Invalid type for parameter AuthParameters.PASSWORD",
        ),
        ({"ClientId": None, "AuthFlow": []}, "boto3 didn't send it"),
        ({"ClientId": "", "AuthFlow": "x"}, "Invalid length for parameter ClientId"),
    ],
)
def test_what_boto3_rejects_is_one_sentence_without_the_value(lab, request_, sentence):
    experiment = Experiment(lab, "InitiateAuth")
    experiment.edit(json.dumps(request_))
    unsent = experiment.send().unsent
    assert sentence in unsent and "12345678" not in unsent and "\n" not in unsent
    assert sign_in(lab).answer


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
NAMES = st.sampled_from(
    ["ClientId", "ChallengeName", "Session", "ChallengeResponses", "ClientMetadata", "x"]
)
REQUESTS = st.dictionaries(NAMES, JSON | st.dictionaries(st.text(), st.text()))


@ONE_LAB
@given(
    operation=st.sampled_from(list(OPERATIONS)),
    text=st.text()
    | REQUESTS.map(json.dumps)
    | st.builds(json.dumps, st.dictionaries(st.text(), JSON)),
)
def test_any_text_is_sent_or_is_a_sentence(lab, operation, text):
    experiment = Experiment(lab, operation)
    try:
        experiment.edit(text)
    except LessonError as sentence:
        assert "\n" not in str(sentence)
        return
    result = experiment.send()
    assert result.answer is not None or result.error or result.unsent
    compile(experiment.cell(), "cell", "exec")
    again = Experiment(lab, operation)
    again.edit(experiment.text())
    assert again.cell() == experiment.cell()


# Afterwards


@pytest.mark.parametrize("seed", range(4))
def test_twenty_random_experiments_leave_the_lab_working(lab, seed):
    source = random.Random(seed)
    for _ in range(20):
        experiment = drawn(lab, source)
        if source.random() < 0.3:
            request = json.loads(experiment.text())
            request[source.choice([*request, "Session", "AccessToken"])] = source.choice(
                ["", "x", 7, None, {"USERNAME": "ana"}, "\ud800", "x" * 5000]
            )
            experiment.edit(json.dumps(request))
        result = experiment.send()
        assert result.answer is not None or result.error or result.unsent
        if source.random() < 0.2:
            move_on(lab, source.choice(list(SPANS)))
    # A lock after wrong passwords lasts at most 15 minutes.
    move_on(lab, "+1 hour")
    # The lab chooses another password if the random experiments reset it.
    Experiment(lab).send()
    assert "AuthenticationResult" in sign_in(lab).answer


def test_setup_calls_wait_for_a_lock_and_a_limit(lab):
    wrong = Experiment(lab, "InitiateAuth", password="wrong")
    for _ in range(8):
        error = wrong.send().error
    assert error[1] == "Password attempts exceeded"
    result = Experiment(lab).send()
    # Part of the lockout has passed if the attempts took a while.
    assert result.answer and re.search("1[45] minutes", result.said[0])
    ask = Experiment(lab, "ForgotPassword")
    while ask.send().answer:
        pass
    move_on(lab, "+3 min")
    assert (
        Experiment(lab, "ConfirmForgotPassword", code="expired").send().error[0]
        == "ExpiredCodeException"
    )
    assert sign_in(lab).answer


def test_the_lab_keeps_a_password_that_an_experiment_changed(lab):
    before = lab.password
    assert Experiment(lab, "ConfirmForgotPassword").send().answer is not None
    assert lab.password != before
    assert sign_in(lab).answer


def test_the_users_of_an_earlier_kernel_are_deleted(lab):
    from cognito_helpers import open_lab

    Experiment(lab, session="of another user").send()
    Experiment(lab, "ConfirmSignUp").send()
    assert lab.user_status("ben") and lab.user_status("cleo")
    again = open_lab()
    assert (
        again.test_data and again.user_status("ben") is None and again.user_status("cleo") is None
    )
    assert again.user_status() == "CONFIRMED"


# Test data


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda data: data.session("old"), "“old” isn't among the choices here: newest, used"),
        (lambda data: data.session(client="mine"), "“mine” isn't among the choices here: yours"),
        (lambda data: data.code("the last"), "“the last” isn't among the choices here: now"),
        (lambda data: data.email_code("new"), "“new” isn't among the choices here: right"),
        (lambda data: data.email_code(purpose="MFA"), "“MFA” isn't among the choices here"),
        (lambda data: data.access_token("good"), "“good” isn't among the choices here: newest"),
        (lambda data: data.refresh_token("forged"), "“forged” isn't among the choices here"),
        (lambda data: data.device_key("mine"), "“mine” isn't among the choices here: remembered"),
        (lambda data: data.password("good"), "“good” isn't among the choices here: right"),
        (lambda data: data.name(form="phone"), "“phone” isn't among the choices here: user name"),
        (lambda data: data.client("mine"), "“mine” isn't among the choices here: yours"),
        (lambda data: data.secret_hash("none"), "“none” isn't among the choices here: right"),
        (lambda data: data.code(of="ben"), "The lab has no user who is “ben”"),
    ],
)
def test_unknown_test_data_is_a_sentence(lab, ask, sentence):
    with pytest.raises(LessonError) as error:
        ask(lab.test_data)
    assert sentence in str(error.value) and "\n" not in str(error.value)
    assert lab.requests.calls == []


def test_test_data_and_the_choices_for_it_are_plain_strings(lab):
    for operation in OPERATIONS:
        experiment = Experiment(lab, operation)
        for one in experiment.fields:
            assert {type(option) for option in one.options} == {str}, (operation, one)
        assert "<" not in repr(experiment)
