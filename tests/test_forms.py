"""Forms: what they store, what they reject, and what never stays in them."""

from collections.abc import Callable
from typing import NamedTuple

import ipywidgets
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_helpers import ask, fields
from cognito_helpers.errors import LessonError
from cognito_helpers.ui.fields import Field
from cognito_helpers.ui.form import STORED_SECRET, WRONG, Form


class Kind(NamedTuple):
    """A kind of field, what it accepts and what it doesn't, with the last of each at a boundary."""

    field: Callable[..., Field]
    valid: list[str]
    invalid: list[str]


KINDS = {
    "user name": Kind(
        fields.username,
        ["a", "ana", "ana@example.com", "ana+test", "å" * 128],
        ["an a", "å" * 129, "a\tb"],
    ),
    "e-mail": Kind(
        fields.email, ["ana@example.com", "a@b"], ["ana", "ana@", "@b", "a@b@c", "a b@c"]
    ),
    "password": Kind(fields.password, ["x", "Passw0rd!", "x" * 256], ["with space", "x" * 257]),
    "code": Kind(
        fields.code,
        ["123456", "123 456", " 123456 "],
        ["12345", "1234567", "12345a", "１２３４５６"],
    ),
    "yes or no": Kind(fields.yes_no, ["yes", "no"], ["maybe", "yesno", "1"]),
    "name": Kind(
        fields.name,
        ["x", "cognito-tutorial", "my pool", "x" * 128, "aZ09_ +=,.@-"],
        ["a/b", "<b>", "x" * 129, "プール"],
    ),
    "ID": Kind(
        fields.identifier, ["x", "us-east-1_Abc123xyz", "x" * 128], ["x" * 129, "a b", "a.b"]
    ),
    "Regions": Kind(
        fields.regions,
        ["us-east-1", "us-east-1, eu-west-12", "ab-c-1", "abcd-e-1", "us-iso-east-1"],
        ["a-east-1", "abcde-east-1", "us-1", "us-east", "us-east-", "us-east-1x"],
    ),
}
# What each field starts with, so that an emptied one has a value to return to.
STARTS = {"e-mail": "ana@example.com", "yes or no": "no", "Regions": "eu-west-1"}
# Invalid values of a list to choose from are set from code: it doesn't let anyone type.
TYPED = {kind: row for kind, row in KINDS.items() if kind != "yes or no"}
VALID = [(kind, text) for kind, row in KINDS.items() for text in row.valid]
INVALID = [(kind, text) for kind, row in TYPED.items() for text in row.invalid]


def box(form: Form, name: str):
    return form._boxes[name]


def said(form: Form) -> str:
    return form._status.value


@pytest.mark.parametrize(("kind", "text"), VALID)
def test_a_field_accepts(kind, text):
    form, answers = ask(it=KINDS[kind].field())
    box(form, "it").value = text
    form.submit()
    assert answers.it == text.strip() if kind != "code" else answers.it == "123456"
    assert "Stored" in said(form)


@pytest.mark.parametrize(("kind", "text"), INVALID)
def test_a_field_rejects_with_a_sentence_and_stores_nothing(kind, text):
    form, answers = ask(
        it=KINDS[kind].field(STARTS.get(kind, "123456")),
        other=fields.name("kept"),
    )
    box(form, "other").value = "changed"
    box(form, "it").value = text
    form.submit()
    assert "Nothing was stored" in said(form)
    assert form._problems["it"].value and not form._problems["other"].value
    assert box(form, "it").value == text, "what was typed is lost"
    assert answers.given("other") is None


@pytest.mark.parametrize(
    ("typed", "meant"), [("Y", "yes"), (" YES ", "yes"), ("n", "no"), ("No", "no")]
)
def test_yes_and_no_may_be_short_or_uppercase(typed, meant):
    _, answers = ask(it=fields.yes_no("no" if meant == "yes" else "yes"))
    answers.it = typed
    assert answers.it == meant


@pytest.mark.parametrize("text", KINDS["yes or no"].invalid)
def test_yes_or_no_is_a_choice(text):
    form, answers = ask(it=fields.yes_no("no"))
    assert box(form, "it").options == (("yes", "yes"), ("no", "no"))
    with pytest.raises(LessonError, match=r"Answer yes or no\."):
        answers.it = text


def test_a_choice_without_a_default_must_be_made():
    form, answers = ask(it=fields.yes_no())
    form.submit()
    assert "Fill this in" in form._problems["it"].value
    box(form, "it").value = "yes"
    form.submit()
    assert answers.it == "yes"


def test_starting_values_are_set_before_anyone_types():
    _, answers = ask(
        username=fields.username("ana"),
        password=fields.password("s3cret"),
        code=fields.code(lambda: "123456"),
    )
    assert (answers.username, answers.password, answers.code) == ("ana", "s3cret", "123456")


def test_a_starting_value_that_is_a_function_is_called_each_time():
    codes = iter(["111111", "222222"])
    _, answers = ask(code=fields.code(lambda: next(codes)))
    assert [answers.code, answers.code] == ["111111", "222222"]


def test_a_missing_value_says_which_field_to_fill_in():
    form, answers = ask(code=fields.code())
    with pytest.raises(LessonError, match="Fill in “Code”"):
        _ = answers.code
    form.submit()
    assert "Fill this in" in form._problems["code"].value


def test_text_that_was_not_stored_is_never_ignored():
    form, answers = ask(username=fields.username("ana"), password=fields.password("x"))
    box(form, "username").value = "ben"
    with pytest.raises(LessonError, match="isn't stored yet"):
        _ = answers.password
    form.submit()
    assert answers.username == "ben"
    box(form, "password").value = "y"
    with pytest.raises(LessonError, match="isn't stored yet"):
        _ = answers.username


def test_the_button_does_what_submit_does():
    form, answers = ask(username=fields.username("ana"))
    box(form, "username").value = "ben"
    form._button.click()
    assert answers.username == "ben"


def test_an_emptied_field_returns_to_its_starting_value():
    form, answers = ask(username=fields.username("ana"))
    for typed in ("ben", ""):
        box(form, "username").value = typed
        form.submit()
    assert answers.username == "ana" and box(form, "username").value == "ana"


def test_a_stored_secret_leaves_its_field_and_is_in_no_text():
    form, answers = ask(
        password=fields.password("start-secret"), code=fields.code(lambda: "987654")
    )
    box(form, "password").value, box(form, "code").value = "typed-secret", "123456"
    form.submit()
    assert answers.password == "typed-secret"
    assert [box(form, name).value for name in ("password", "code")] == [STORED_SECRET] * 2
    form.submit()
    assert answers.password == "typed-secret", "a second press forgot the secret"
    state = "".join(str(widget.get_state()) for widget in form.children)
    for text in (repr(form), repr(answers), str(form._repr_mimebundle_()), state):
        assert not any(
            secret in text for secret in ("start-secret", "typed-secret", "123456", "987654")
        )


@pytest.mark.parametrize("field", [fields.code, fields.password])
def test_an_emptied_secret_returns_to_its_starting_value(field):
    form, answers = ask(it=field(lambda: "654321"))
    box(form, "it").value = "123456"
    form.submit()
    form.submit()
    assert answers.it == "123456"
    box(form, "it").value = ""
    with pytest.raises(LessonError, match="isn't stored yet"):
        _ = answers.it
    form.submit()
    assert answers.it == "654321" and box(form, "it").value == ""


def test_typing_over_the_dots_of_a_stored_secret_replaces_it():
    form, answers = ask(code=fields.code())
    for typed in ("123456", f"{STORED_SECRET}654321"):
        box(form, "code").value = typed
        form.submit()
    assert answers.code == "654321"


def test_a_code_is_visible_while_typed_and_a_password_is_not():
    form, _ = ask(code=fields.code(), password=fields.password())
    kinds = [type(box(form, name)) for name in ("code", "password")]
    assert kinds == [ipywidgets.Text, ipywidgets.Password]


def test_an_empty_field_says_what_is_used():
    form, _ = ask(
        code=fields.code(lambda: "1"),
        password=fields.password("x"),
        name=fields.name("ana"),
        pool=fields.identifier(),
        user=fields.username(),
        at_aws=fields.password(""),
    )
    assert [widget.placeholder for widget in form._boxes.values()] == [
        "leave empty to use the newest code",
        "leave empty to use the lab's password",
        "leave empty to use ana",
        "optional",
        "",
        "optional",
    ]


def test_an_emptied_id_is_noticed():
    form, answers = ask(pool=fields.identifier("us-east-1_Abc123xyz"))
    box(form, "pool").value = ""
    with pytest.raises(LessonError, match="isn't stored yet"):
        _ = answers.pool


def test_stored_is_not_said_of_a_changed_value():
    form, _ = ask(username=fields.username("ana"), code=fields.code())
    box(form, "username").value, box(form, "code").value = "ben", "123456"
    form.submit()
    assert "Stored:" in said(form)
    box(form, "username").value = "carla"
    assert "Stored:" not in said(form) and "not stored yet" in said(form)
    box(form, "username").value = "ben"
    assert "As stored." in said(form)
    box(form, "code").value = ""
    assert "not stored yet" in said(form)


def enter(widget):
    """Press Enter in a field, as the browser tells the kernel."""
    widget._handle_custom_msg({"event": "submit"}, [])


def test_enter_does_what_the_button_does(monkeypatch):
    form, answers = ask(username=fields.username("ana"))
    clock = iter([0.0, 0.5, 100.0, 102.0])
    monkeypatch.setattr("cognito_helpers.ui.form.time.monotonic", lambda: next(clock))
    # The browser sends the typed text after Enter.
    enter(box(form, "username"))
    box(form, "username").value = "ben"
    assert answers.username == "ben" and "Stored" in said(form)
    # Much later it's another change, which waits for its button.
    enter(box(form, "username"))
    box(form, "username").value = "carla"
    assert "not stored yet" in said(form)


def test_an_invalid_field_is_marked_visibly_and_for_screen_readers():
    form, _ = ask(username=fields.username("ana"), other=fields.name("x"))
    box(form, "username").value = "a b"
    form.submit()
    wrong, right = box(form, "username"), box(form, "other")
    assert wrong.description == "✗ User name" and "no spaces" in wrong.tooltip
    assert WRONG in wrong._dom_classes and WRONG not in right._dom_classes
    assert right.description == "Name" and "User name:" in form._problems["username"].value
    wrong.value = "ab"
    form.submit()
    assert wrong.description == "User name" and WRONG not in wrong._dom_classes


def test_answers_can_be_given_from_code_without_the_form():
    form, answers = ask(username=fields.username("ana"), code=fields.code())
    answers.username, answers.code = " ben ", "123 456"
    assert (answers.username, answers.code) == ("ben", "123456")
    assert (box(form, "username").value, box(form, "code").value) == ("ben", STORED_SECRET)
    with pytest.raises(LessonError, match="no spaces"):
        answers.username = "b e n"
    with pytest.raises(LessonError, match="no question “user”. It has username, code"):
        answers.user = "ben"


@given(st.text(max_size=200))
@example("<script>alert(1)</script>")
@example("<script>@x")
def test_whatever_is_typed_is_escaped_and_nothing_breaks(text):
    form, answers = ask(username=fields.username("ana"), email=fields.email("a@b"))
    box(form, "username").value = box(form, "email").value = text
    form.submit()
    shown = said(form) + "".join(problem.value for problem in form._problems.values())
    assert "<script" not in shown
    assert ("Nothing was stored" in said(form)) or answers.username in (text.strip(), "ana")


def test_earlier_answers_stay_and_a_repeated_question_starts_again():
    _, answers = ask(username=fields.username("ana"), password=fields.password("s3cret"))
    answers.username, answers.password = "ben", "0ther"
    form, more = ask(answers, code=fields.code("123456"), username=fields.username("carla"))
    assert (more.username, more.password, more.code) == ("carla", "0ther", "123456")
    assert "answers.code" in form.text and "password" not in form.text and "0ther" not in repr(more)


def test_a_list_to_choose_from_shows_labels_and_returns_the_value():
    form, answers = ask(
        backend=fields.choice(
            {"local": "the emulator", "aws": "Amazon Cognito"}, "local", label="Who answers"
        )
    )
    (box,) = form._boxes.values()
    assert (
        box.options == (("the emulator", "local"), ("Amazon Cognito", "aws"))
        and answers.backend == "local"
    )
    box.value = "aws"
    with pytest.raises(LessonError, match="isn't stored yet"):
        _ = answers.backend
    form.submit()
    assert answers.backend == "aws"
    with pytest.raises(LessonError, match="Choose one of local, aws"):
        answers.backend = "moon"
