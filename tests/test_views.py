"""The views of requests, tokens, the phone's clock and waiting: what they show, what they hide, and
the same as text.
"""

import html
import re

import pytest
from IPython.core.interactiveshell import InteractiveShell

from cognito_helpers import TokenView, with_claims
from cognito_helpers.errors import LessonError
from cognito_helpers.explanations.responses import TOKEN_USES
from cognito_helpers.lessons.opening import open_lab, ready
from cognito_helpers.lessons.prerequisites import A_CONFIRMED_USER, A_POOL, AN_ENROLLED_USER
from cognito_helpers.sign_in.device import Device
from cognito_helpers.tutorial_pool.lessons import Lesson
from cognito_helpers.ui import progress_bar
from cognito_helpers.ui.markup import copy_field, table
from cognito_helpers.ui.progress_bar import Bar, wait
from cognito_helpers.ui.widget import WIDGET
from cognito_helpers.views import drawn
from cognito_helpers.views.inbox import InboxView
from cognito_helpers.views.phone import PhoneView
from cognito_helpers.views.requests import RequestsView

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    "</textarea><b>",
    "a&b;",
]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.delenv("COGNITO_LAB_BACKEND", raising=False)


def begin(lab):
    given = {"USERNAME": lab.username, "PASSWORD": lab.password}
    return lab.cognito.initiate_auth(
        ClientId=lab.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
    )


def tokens_of(lab):
    lab.wait_for_next_code()
    responses = {"USERNAME": lab.username, "SOFTWARE_TOKEN_MFA_CODE": lab.phone.code()}
    return lab.cognito.respond_to_auth_challenge(
        ClientId=lab.client_id,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=begin(lab)["Session"],
        ChallengeResponses=responses,
    )["AuthenticationResult"]


# Copying


@pytest.mark.parametrize("text", [*HOSTILE, "one\ntwo", "\nbegins with a line break"])
def test_a_field_to_copy_holds_its_text_escaped(text):
    markup = copy_field(text, text)
    held = re.search(r'value="([^"]*)"', markup) or re.search(
        r"<textarea[^>]*>\n(.*?)</textarea>", markup, re.DOTALL
    )
    assert html.unescape(held[1]) == text
    tags = re.findall(r"<(\w+)", markup)
    assert tags == [
        "div",
        "label",
        *(["input"] if "\n" not in text else ["br", "textarea"]),
        "button",
    ]


def test_a_table_names_its_rows_and_columns():
    markup = table(("part", "value", "what it is"), [("a", "b", "c")], [2])
    assert (
        markup.count('<th scope="col"') == 3
        and markup.count('<th scope="row"') == 1
        and 'style="--depth:2"' in markup
    )
    assert 'colspan="2"' in table(("a",), [("c", "d")], kind="bad")


# Requests


def test_the_requests_show_the_last_call_then_the_chosen_one():
    lab = open_lab(A_CONFIRMED_USER)
    challenge = begin(lab)
    lab.cognito.associate_software_token(Session=challenge["Session"])
    view = RequestsView(lab.requests)
    assert view.text == repr(lab.requests) and "1.  InitiateAuth: unsigned" in repr(view)
    assert [title for title, _ in view._call.options] == [
        "1. InitiateAuth",
        "2. AssociateSoftwareToken",
    ]
    assert (
        "AssociateSoftwareToken" in view._screen.value and "It isn't signed" in view._screen.value
    )
    view._call.value = 0
    assert "POST / HTTP/1.1" in view._screen.value and "MFAS_CAN_SETUP" in view._screen.value
    view._place.value = "AWS CLI"
    assert (
        "aws cognito-idp initiate-auth" in view._screen.value
        and "set these variables" in view._screen.value
    )
    view._place.value = "Kotlin"
    assert (
        "client.initiateAuth {" in view._screen.value
        and "set these variables" not in view._screen.value
    )
    state = str([child.get_state() for child in view.children])
    assert lab.password not in state and challenge["Session"] not in state


def test_the_requests_are_empty_at_first_and_updated_by_their_button():
    lab = open_lab(A_POOL)
    view = RequestsView(lab.requests)
    assert (
        "No requests were sent yet" in view._screen.value
        and view.text == "No requests were sent yet."
    )
    with pytest.raises(lab.cognito.exceptions.ResourceNotFoundException):
        lab.cognito.describe_user_pool(UserPoolId="us-east-1_AAAAAAAAA")
    view._again.click()
    assert "1. DescribeUserPool, error: ResourceNotFoundException" in str(view._call.options)
    assert "It's signed with IAM credentials" in view._screen.value


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_escaped_everywhere_in_the_requests(name):
    lab = open_lab(A_POOL)
    with pytest.raises(lab.cognito.exceptions.ClientError):
        lab.cognito.admin_get_user(UserPoolId=lab.pool_id, Username=name)
    view = RequestsView(lab.requests)
    for place in view._place.options:
        view._place.value = place
        assert name not in view._screen.value or name == "a&b;" and "a&amp;b;" in view._screen.value
        assert not re.search(r"<(script|img|b)\b", view._screen.value)


# Tokens


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("COGNITO_LAB_HOME", str(tmp_path_factory.mktemp("lab")))
    lab = open_lab(AN_ENROLLED_USER)
    patch.undo()
    return lab, tokens_of(lab)


@pytest.mark.parametrize(("name", "use"), [("AccessToken", "access"), ("IdToken", "id")])
def test_a_valid_token_passes_every_check_and_says_what_it_is_for(signed_in, name, use):
    lab, tokens = signed_in
    view = TokenView(lab, tokens[name], use=use)
    assert [check.passed for check in view.checks()] == [True] * 6
    told = repr(view)
    assert told.splitlines()[0] == f"Valid. {TOKEN_USES[use]}"
    assert (
        re.search(r"^alg +RS256 +the signing algorithm", told, re.MULTILINE)
        and "5. Is it before its expiration time? ✓ passed: It's valid for 60 more minutes." in told
    )
    assert (
        html.escape(TOKEN_USES[use]) in view._screen.value
        and view._screen.value.count("✓ passed") == 6
    )
    assert all(
        f">{claim}</th>" in view._screen.value for claim in ("token_use", "iss", "exp", "kid")
    )
    for text in (
        told,
        view._screen.value,
        str(view._repr_mimebundle_()),
        str([child.get_state() for child in view.children]),
    ):
        assert tokens[name] not in text and tokens[name].rpartition(".")[2][:20] not in text


def test_a_claim_the_learner_changes_breaks_the_signature_and_can_be_restored(signed_in):
    lab, tokens = signed_in
    view = TokenView(lab, tokens["AccessToken"], use="access")
    view._claim.value, view._value.value = "username", "<b>eve</b>"
    change, restore, _ = view.children[3].children
    change.click()
    assert [check.passed for check in view.checks()] == [True, False, None, None, None, None]
    assert (
        "Invalid: don&#x27;t trust anything in it." in view._screen.value
        and "✗ failed" in view._screen.value
    )
    assert "&lt;b&gt;eve" in view._screen.value and "<b>eve" not in view._screen.value
    restore.click()
    assert [check.passed for check in view.checks()] == [True] * 6
    view.change("username", "ana")
    assert [check.passed for check in view.checks()] == [True] * 6, "the same value is no change"
    view.change("exp", "4102444800")
    assert view.checks()[1].passed is False and "2100-01-01" in view._screen.value


def test_on_a_slide_a_token_has_only_its_checks(signed_in):
    lab, tokens = signed_in
    view = TokenView(lab, tokens["IdToken"], use="id", checks_only=True)
    assert view._screen.value.count("✓ passed") == repr(view).count("✓ passed") == 6
    assert "token_use" not in view._screen.value + repr(view)
    assert view._claim not in view.children


def test_each_check_fails_for_its_own_reason(signed_in):
    lab, tokens = signed_in
    other = TokenView(lab, tokens["IdToken"], use="access")
    assert [check.passed for check in other.checks()] == [True] * 5 + [False] and other.checks()[
        5
    ].answer == "It's the other kind."
    nonsense = TokenView(lab, "no token", use="access")
    assert nonsense.checks()[0].passed is False and "Invalid" in repr(nonsense)
    forged = TokenView(lab, with_claims(tokens["IdToken"], email="eve@example.com"), use="id")
    assert re.search(r"^email +eve@example.com", repr(forged), re.MULTILINE)
    assert "2. Is the signature valid? ✗ failed: The signature isn't for this content" in repr(
        forged
    )
    assert "3. Did this pool issue it? · not checked: Not checked." in repr(forged)


def test_a_token_expires_while_it_is_shown():
    lab = open_lab(AN_ENROLLED_USER)
    view = TokenView(lab, tokens_of(lab)["AccessToken"], use="access")
    lab.wait(minutes=59)
    view._again.click()
    assert "valid for 1 more minutes" in view._screen.value
    lab.wait(minutes=1)
    view._again.click()
    assert [check.passed for check in view.checks()] == [True] * 4 + [
        False,
        None,
    ] and "It has expired." in view._screen.value


# The phone and the inbox


def test_a_phone_with_a_wrong_clock_shows_another_steps_code_and_says_so():
    lab = open_lab(AN_ENROLLED_USER)
    lab.wait_for_next_code()
    view, right = PhoneView(lab.phone), lab.phone.code()
    view._clock.value = 30
    assert lab.phone.seconds_off == 30 and lab.phone.code() == lab.phone.code("ana") != right
    assert (
        "This phone&#x27;s clock is 30 seconds fast" in view._screen.value
        or "This phone's clock is 30 seconds fast" in view._screen.value
    )
    view._clock.value = 0
    assert lab.phone.code() == right and "clock is" not in view._screen.value.replace(
        "The lab's clock is", ""
    )
    lab.phone.seconds_off = -30
    assert (
        PhoneView(lab.phone)._clock.value == -30
        and "30 seconds slow" in PhoneView(lab.phone)._screen.value
    )
    with pytest.raises(LessonError, match="from -30 to 30"):
        lab.phone.seconds_off = 31


def test_cognito_accepts_the_code_of_a_phone_one_step_off():
    for off in (-30, 30):
        lab = open_lab(AN_ENROLLED_USER)
        lab.wait(minutes=2)
        lab.phone.seconds_off = off
        responses = {"USERNAME": lab.username, "SOFTWARE_TOKEN_MFA_CODE": lab.phone.code()}
        reply = lab.cognito.respond_to_auth_challenge(
            ClientId=lab.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=begin(lab)["Session"],
            ChallengeResponses=responses,
        )
        assert reply["AuthenticationResult"]


def test_the_phone_has_its_next_ten_codes_by_the_clock_of_the_lab():
    lab = open_lab(AN_ENROLLED_USER)
    lab.wait(minutes=7)
    at = 30 * (lab.now() // 30) + 10
    lab.phone._now = lambda: at
    codes = [lab.phone.code(lab.username, step) for step in range(10)]
    html = PhoneView(lab.phone)._screen.value
    assert re.findall(r'value="(\d{6})"', html) == codes
    assert re.findall(r'to="visible" begin="([\d.]+)s"', html) == [
        f"{20 + 30 * step}.0" for step in range(10)
    ]
    assert "These codes have expired: press “Refresh the phone”." in html
    assert not any(code in str(PhoneView(lab.phone)._repr_mimebundle_()) for code in codes)
    assert codes[0] not in repr(lab.phone.codes(lab.username, 1))


def test_the_inbox_has_the_newest_message_first_and_its_code_to_copy():
    lab = open_lab(A_CONFIRMED_USER)
    lab.username = "ben"
    lab.cognito.sign_up(
        ClientId=lab.client_id,
        Username="ben",
        Password="Passw0rd!",
        UserAttributes=[{"Name": "email", "Value": "ben@example.com"}],
    )
    view, first = InboxView(lab.inbox), lab.inbox.code()
    lab.cognito.resend_confirmation_code(ClientId=lab.client_id, Username="ben")
    view._again.click()
    second = lab.inbox.code()
    assert (
        f'value="{second}"' in view._screen.value and f'value="{first}"' not in view._screen.value
    )
    assert view._screen.value.rindex(second) < view._screen.value.rindex(first)


# Progress


def test_the_first_output_says_what_is_ready_and_nothing_else():
    lab = open_lab("nothing")
    assert ready(lab, "nothing") == ""
    lab = open_lab(A_POOL)
    there = f"Ready: pool {lab.pool_id}, app client {lab.client_id}"
    assert ready(lab, A_POOL) == f"{there}."
    lab.cognito.sign_up(
        ClientId=lab.client_id,
        Username="ben",
        Password="Passw0rd!",
        UserAttributes=[{"Name": "email", "Value": "ben@example.com"}],
    )
    lab.username, lab.password = "ben", "Passw0rd!"
    assert ready(lab, A_POOL) == f"{there}, user ben, not confirmed yet."
    lab = open_lab(A_CONFIRMED_USER)
    assert ready(lab, A_CONFIRMED_USER) == f"{there}, user ben, confirmed."
    lab = open_lab(AN_ENROLLED_USER)
    assert ready(lab, A_POOL) == f"{there}, user ben, confirmed, authenticator app set up."
    lab.device = Device("k", "g", "p")
    assert ready(lab, A_POOL).endswith(", authenticator app set up, device remembered.")
    lab.cognito.delete_user_pool_client(UserPoolId=lab.pool_id, ClientId=lab.client_id)
    lab = open_lab("nothing")
    assert "app client" not in ready(lab, "nothing")


def test_at_aws_the_learners_own_app_is_ready_if_the_lesson_needed_one():
    lab = open_lab(AN_ENROLLED_USER)
    lab.phone.remove(lab.username)
    assert "authenticator app set up" in ready(lab, AN_ENROLLED_USER)
    assert "authenticator app" not in ready(lab, A_POOL)


def test_finished_lessons_are_remembered_and_listed_by_number(capsys):
    lab = open_lab(A_POOL)
    assert "Finished" not in capsys.readouterr().out
    lab.finish("sign_in")
    lab.finish("sign_up")
    lab.finish("sign_up")
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"Lesson {Lesson.SIGN_UP} is finished. Next: {Lesson.SIGN_UP.next.stem}.ipynb."
    )
    again = open_lab(A_POOL)
    assert again.finished == [Lesson.SIGN_UP, Lesson.SIGN_IN]
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"Finished lessons: {Lesson.SIGN_UP}, {Lesson.SIGN_IN}."
    )
    last = max(Lesson)
    again.finish(last.name.lower())
    assert "This was the last lesson." in capsys.readouterr().out
    with pytest.raises(LessonError, match="no lesson “sign_off”"):
        again.finish("sign_off")


def test_phone_inbox_and_requests_draw_themselves_and_are_text_without_a_page():
    lab = open_lab(AN_ENROLLED_USER)
    shell = InteractiveShell.instance()
    try:
        drawn.draw_them(shell)
        for thing in (
            lab.phone,
            lab.phone.of("ana"),
            lab.inbox,
            lab.inbox.of("ana"),
            lab.passkeys,
            lab.requests,
        ):
            bundle, _ = shell.display_formatter.format(thing)
            assert WIDGET in bundle and "(" not in bundle["text/plain"].partition("lab.")[0]
            assert lab.phone.code() not in bundle["text/plain"]
    finally:
        InteractiveShell.clear_instance()
    both = drawn.side_by_side(lab.phone, lab.inbox)
    assert "lab.phone.code()" in both.text and "lab.inbox.code()" in both.text


def test_the_first_output_of_a_lesson_says_how_far_its_clock_is_ahead(capsys):
    lab = open_lab(A_POOL)
    assert "clock" not in capsys.readouterr().out
    lab.wait(minutes=3 * 24 * 60)
    assert capsys.readouterr().out == "3 days later.\n"
    open_lab(A_POOL)
    said = " ".join(capsys.readouterr().out.split())
    assert "The service's clock is 3 days ahead of this computer's" in said
    assert "use the phone on the page." in said
    # The phone says so as text, too.
    assert (
        "The lab's clock is 3 days ahead of yours"
        in PhoneView(open_lab(AN_ENROLLED_USER).phone)._screen.value
    )


@pytest.fixture
def shown(monkeypatch):
    shown = []
    monkeypatch.setattr(progress_bar, "display", shown.append)
    return shown


def test_a_progress_bar_appears_only_after_a_second(shown):
    clock = iter([0.0, 0.5, 0.9, 1.1, 9.0])
    bar = Bar("Making things", 4, now=lambda: next(clock))
    for number, there in [(1, 0), (2, 0), (3, 1), (4, 1)]:
        bar.step(f"{number} <done>")
        assert (bar._bar.value, len(shown)) == (number, there)
    assert "4 &lt;done&gt;" in bar._words.value and 'role="status"' in bar._words.value
    bar.step("one too many")
    bar.finish("All done")
    assert bar._bar.value == bar._bar.max == 4 and "All done" in bar._words.value
    assert repr(bar) == "Making things …"


def test_waiting_shows_the_remaining_time_and_takes_as_long_as_it_says(shown):
    slept, told = [], []

    def sleep(seconds):
        slept.append(seconds)
        told.append(re.sub("<.*?>", "", shown[0]._words.value))

    wait(3.3, "Until the next code", sleep)
    assert sum(slept) == pytest.approx(3.3) and len(slept) == 3
    assert told == [
        "Until the next code",
        "Until the next code: 2 more seconds",
        "Until the next code: 1 more seconds",
    ]
    assert "Until the next code: done" in shown[0]._words.value and shown[0]._bar.value == 3


def test_a_wait_can_be_interrupted(shown):
    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wait(30, "Until the next code", stop)
    assert shown[0]._bar.value == 0
