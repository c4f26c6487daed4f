"""The playground and the card on the page: what each button does, that nothing breaks them, and
that they keep no secret.
"""

import json
import re

import pytest

from cognito_helpers import OutcomeCard, Playground
from cognito_helpers.challenge_lab.expiry import SPANS
from cognito_helpers.challenge_lab.outcomes import OUTCOMES
from cognito_helpers.views.outcome_card import EMPTY, LARGE, SMALL, SURE
from cognito_helpers.views.playground import BACK, EDIT

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</pre><b>x",
    "</textarea><b>",
]


def everything(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def state(widget):
    return str([one.get_state() for one in everything(widget)])


def pressed(widget, label):
    (found,) = (
        one
        for one in everything(widget)
        if getattr(one, "description", None) == label and hasattr(one, "click")
    )
    found.click()


def box(widget, label):
    (found,) = (one for one in widget._fields.children if one.description == label)
    return found


@pytest.fixture
def page(lab):
    return Playground(lab)


def test_the_fields_follow_and_the_request_is_shown_before_it_is_sent(page):
    assert [one.description for one in page._fields.children] == [
        "Challenge",
        "Session",
        "Code",
        "User name",
        "App client",
    ]
    assert (
        page.lab.client_id in page._request.value and "(the newest session)" in page._request.value
    )
    box(page, "App client").value = "one with a secret"
    assert [one.description for one in page._fields.children][
        -1
    ] == "Secret hash" and "SECRET_HASH" in page._request.value
    kept = box(page, "Session")
    box(page, "Session").value = "none"
    assert "&quot;Session&quot;" not in page._request.value and box(page, "Session") is kept, (
        "an untouched field stays where the cursor is"
    )
    page._operation.value = "GetUser"
    assert [one.description for one in page._fields.children] == [
        "Access token"
    ] and "GetUser, unsigned" in page._request.value
    page._operation.value = "AdminGetUser"
    assert "signed with IAM credentials" in page._request.value
    assert page.lab.requests.calls == [], "nothing was sent by choosing"


def test_send_explains_an_error_a_response_and_a_reached_outcome(page):
    box(page, "Code").value = "wrong"
    pressed(page, "Send")
    assert (
        "CodeMismatchException" in page._answer.value
        and "The session is still valid" in page._answer.value
    )
    assert (
        "New outcome: A wrong code" in page._answer.value and "1 of 90" in page._outcomes.met.value
    )
    box(page, "Code").value = "now"
    pressed(page, "Send")
    assert (
        "authorizes requests" in page._answer.value
        and "You are here: signed in." in page._state.value
    )
    assert not page._send_button.disabled and page._send_button.description == "Send"
    drawn, told = page._way.outputs
    assert (
        "\nstateDiagram-v2\n" in drawn["data"]["text/vnd.mermaid"]
        and "You are here" in told["data"]["text/html"]
    )


def test_the_keyboard_order_is_the_order_of_work(page):
    """The settings and the clock, then the choices, then Send, then the request."""
    order = [
        getattr(one, "description", "")
        for one in everything(page)
        if hasattr(one, "click") or hasattr(one, "options")
    ]
    settings = ["Pool", "MFA", "Your app client", "Phone's clock", "New pool"]
    assert order[:10] == [*settings, *SPANS]
    assert order[10:17] == [
        "Operation",
        "Challenge",
        "Session",
        "Code",
        "User name",
        "App client",
        "Send",
    ]
    assert order[17:19] == [EDIT, "Show as Python"]


def test_editing_by_hand(page):
    pressed(page, EDIT)
    assert page._operation.disabled and all(one.disabled for one in page._fields.children), (
        "another choice would take away what is typed"
    )
    request = json.loads(page._text.value)
    request["ChallengeResponses"]["SOFTWARE_TOKEN_MFA_CODE"] = "135790"
    page._text.value = json.dumps(request)
    pressed(page, "Send")
    assert "CodeMismatchException" in page._answer.value
    assert "135790" not in state(page) and "{practice.test_data.typed(1)}" in page._text.value
    pressed(page, "Show as Python")
    assert "practice.test_data.typed(1)" in page._cell.value
    pressed(page, BACK)
    assert (
        "edited by hand" not in page._request.value
        and not page._operation.disabled
        and page._text.value == ""
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1,',
        "",
        "[]",
        "nonsense",
        '{"ClientId": "\\ud800"}',
        '{"x": {"y": [1, null, true]}}',
        "[" * 9999,
        "\x00",
    ],
)
def test_any_pasted_text_gets_a_sentence_and_the_next_experiment_works(page, text):
    pressed(page, EDIT)
    page._text.value = text
    pressed(page, "Send")
    assert re.search(r'role="alert"|Error', page._answer.value)
    pressed(page, "Show as Python")
    pressed(page, BACK)
    assert page.send().answer["AuthenticationResult"]


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_text_stays_text(page, text):
    pressed(page, EDIT)
    page._text.value = json.dumps(
        {
            "ClientId": text,
            "ChallengeName": text,
            "Session": text,
            text: text,
            "ChallengeResponses": {"USERNAME": text, text: text},
        }
    )
    pressed(page, "Show as Python")
    pressed(page, "Send")
    for shown in (page._request, page._answer, page._cell, page._state):
        assert not re.search(r"<(script|img|b)\b", shown.value)


def test_a_failure_of_the_lab_is_a_sentence_and_it_works_again(page, monkeypatch):
    def broken(*_):
        raise KeyError("secret-thing")

    with monkeypatch.context() as patch:
        patch.setattr(page.experiment, "send", broken)
        pressed(page, "Send")
        assert (
            "Something went wrong in the lab itself (KeyError)" in page._answer.value
            and "secret-thing" not in page._answer.value
        )
        patch.setattr(page.lab.test_data.card, "hint", broken)
        pressed(page, "A hint")
        assert "(KeyError)" in page._answer.value and not page._send_button.disabled
    assert page.send().answer


def test_no_secret_stays_in_the_page(page):
    for operation in (
        "InitiateAuth",
        "RespondToAuthChallenge",
        "AssociateSoftwareToken",
        "GetUser",
        "SignUp",
        "ConfirmSignUp",
    ):
        page.choose(operation)
        page.send()
        if not page._cell.value:
            pressed(page, "Show as Python")
    history = page.lab.test_data.history
    secrets = (
        [kept.text for kept in history.sessions]
        + [kept.access for kept in history.tokens]
        + [page.lab.password, *page.lab.test_data.users.get("you").codes]
    )
    secrets += [user.offered for user in page.lab.test_data.users.here if user.offered]
    assert len(secrets) > 5
    kept = [
        page.lab.test_data,
        history.sessions,
        history.tokens,
        page.lab.test_data.users.here,
        page.result,
        page.experiment,
    ]
    for told in (
        state(page),
        repr(page),
        str(page._repr_mimebundle_()),
        page.told(),
        *map(repr, kept),
    ):
        assert not [secret for secret in secrets if secret in told]


def test_the_clock_says_what_has_expired(page):
    # Some seconds into a time step, so that less than 30 seconds of it are left.
    page.lab.move_clock(page.lab.phone.seconds_left() + 5)
    page.choose("InitiateAuth")
    page.send()
    pressed(page, "next code")
    assert "a new code" in page._clock.said.value and "another 15 minutes" in page._clock.said.value
    pressed(page, "+3 min")
    assert (
        "the code the phone showed" in page._clock.said.value
        and "session" not in page._clock.said.value
    )
    page.choose("RespondToAuthChallenge")
    page.send()
    page.choose("InitiateAuth")
    page.send()
    page.choose("ConfirmSignUp", code="wrong")
    page.send()
    page.choose("ForgotPassword")
    page.send()
    pressed(page, "+1 hour")
    for gone in (
        "the session of ana",
        "the access token of ana",
        "tries to confirm",
        "the code for a new password of ana",
    ):
        assert gone in page._clock.said.value
    pressed(page, "+1 day")
    assert "the code sent to cleo" in page._clock.said.value
    pressed(page, "+30 days")
    assert "the refresh token of ana" in page._clock.said.value
    page.choose("RespondToAuthChallenge")
    assert page.send().answer


def test_a_hint_can_be_followed_until_all_outcomes_are_reached(page, lab):
    met = []
    for _ in range(3):
        pressed(page, "A hint")
        pressed(page, "Fill in the choices")
        hinted = page._outcomes.hint
        for _ in range(hinted.recipe.times):
            page.send()
        met.append(hinted.name)
        assert hinted in page.lab.test_data.card.met
    assert len(set(met)) == 3
    lab.progress.set("outcomes met", [outcome.name for outcome in OUTCOMES])
    pressed(page, "A hint")
    assert "seen every outcome" in page._outcomes.hinted.value


def test_the_card_is_saved_shown_large_and_started_over(page, lab):
    from cognito_helpers import open_lab

    page.send()
    assert "[x] Signed in client-side" in repr(OutcomeCard(lab))
    again = open_lab()
    card = OutcomeCard(again)
    assert card.text.startswith("1 of 90 met") and card.text.count("[ ]") == 89
    pressed(card, LARGE)
    assert 'class="cognito-room"' in card._screen.value
    pressed(card, SMALL)
    assert "cognito-tiles" in card._screen.value and "✓ Signed in" in card._screen.value
    pressed(card, EMPTY)
    assert "✓ Signed in" in card._screen.value, "one press empties nothing"
    pressed(card, SURE)
    assert "✓" not in card._screen.value and card.text.startswith("0 of 90 met")
    assert again.test_data.card.met == []


def test_calls_from_cells_count_and_the_labs_own_do_not(lab):
    card = lab.test_data.card
    lab.test_data.session("used")
    assert card.met == []
    with pytest.raises(lab.cognito.exceptions.NotAuthorizedException):
        lab.cognito.get_user(AccessToken="x")
    assert [outcome.name for outcome in card.met] == ["Not a token"]
    card.start_over()
    lab.test_data.session("expired")
    assert card.met == [], "what was before is not counted again"


def test_the_path_is_that_of_the_newest_calls_and_ends_where_all_of_them_end(page):
    page.choose("InitiateAuth")
    page.send()
    page.choose("RespondToAuthChallenge", code="wrong")
    for _ in range(30):
        page.send()
    told = page._way.outputs[0]["data"]["text/plain"]
    assert told.endswith("You are here: SOFTWARE_TOKEN_MFA.") and "1. InitiateAuth" in told
    page.choose("RespondToAuthChallenge")
    page.send()
    page.choose("GetUser", token="garbled")
    for _ in range(30):
        page.send()
    told = page._way.outputs[0]["data"]["text/plain"]
    assert (
        told.endswith("You are here: signed in.")
        and "1. InitiateAuth" not in told
        and "32. RespondToAuthChallenge" in told
    )


def test_many_wrong_passwords_are_reported(page):
    page.choose("InitiateAuth", password="wrong")
    for _ in range(5):
        page.send()
    assert "5 wrong passwords in a row" in page._state.value
    page._clock.move_on(type("Pressed", (), {"description": "+1 hour"}))
    assert "the lock after wrong passwords of ana" in page._clock.said.value
    page.choose("InitiateAuth")
    assert page.send().answer and "wrong passwords" not in page._state.value


def test_a_lab_without_a_pool_has_a_playground_with_a_pool_of_its_own(tmp_path, monkeypatch):
    from cognito_helpers import open_lab

    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path / "new"))
    lab = open_lab("nothing")
    page = Playground(lab)
    assert page.send().answer["AuthenticationResult"]
    assert lab.cognito.list_user_pools(MaxResults=1)["UserPools"] == []
    assert lab.clock_ahead() < 1 < page.lab.clock_ahead()


def test_on_the_page_the_card_follows(page):
    pressed(page, "Show the card")
    assert "0 of 90 met" in page._outcomes.card.children[0]._screen.value
    page.send()
    assert "1 of 90 met" in page._outcomes.card.children[0]._screen.value
    pressed(page, "Hide the card")
    assert not page._outcomes.card.children


def test_the_main_button_and_the_main_parts_stand_out(page):
    main = [one for one in everything(page) if "cognito-primary" in one._dom_classes]
    assert [one.description for one in main] == ["Send"]
    framed = [one for one in everything(page) if "cognito-main" in one._dom_classes]
    assert [re.sub("<[^>]*>", "", one.children[0].value) for one in framed] == [
        "Build a request",
        "What came back",
    ]


def test_before_and_after_sending_the_result_is_said_in_words(page):
    assert "Nothing was sent yet." in page._answer.value
    page.send()
    assert "✓ Accepted" in page._answer.value
    page.choose("RespondToAuthChallenge", code="wrong")
    page.send()
    assert "Accepted" not in page._answer.value and "Error" in page._answer.value
