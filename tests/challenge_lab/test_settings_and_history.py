"""The playground's own pool, its settings, and the history: to repeat, compare and export."""

import re
import subprocess
import sys

import pytest

from cognito_helpers import Playground
from cognito_helpers.challenge_lab.practice_settings import APP_CLIENTS, PHONE_CLOCKS
from cognito_helpers.errors import EmulatorOnlyError, LessonError
from cognito_helpers.lessons.practice_lab import PracticeLab
from cognito_helpers.views.playground_history import AGAIN, CELL, REPLAY, SCRIPT
from cognito_helpers.views.playground_settings import NEW_POOL

from .test_widgets import pressed, state


@pytest.fixture
def page(lab):
    return Playground(lab)


def sent(page, operation, **choices):
    """Send an experiment; return the error's name, the challenge, or what else came."""
    page.choose(operation, **choices)
    page.send()
    return page.history.entries[-1].outcome


# A separate pool


def test_nothing_reaches_the_learners_pool(page, lab):
    pool = lab.cognito.get_user_pool_mfa_config(UserPoolId=lab.pool_id)["MfaConfiguration"]
    before, now = lab.requests.calls[:], lab.clock_ahead()
    page.set(mfa="OFF", app_client="3-minute sessions")
    sent(page, "InitiateAuth", password="wrong")
    sent(page, "RespondToAuthChallenge", session="expired")
    assert isinstance(page.lab, PracticeLab) and page.lab.pool_id != lab.pool_id
    assert lab.requests.calls == before and lab.clock_ahead() - now < 1
    again = lab.cognito.get_user_pool_mfa_config(UserPoolId=lab.pool_id)["MfaConfiguration"]
    assert again == pool == "ON"


def test_a_new_pool_keeps_the_outcomes_and_the_name_practice(page, lab):
    sent(page, "GetUser", token="garbled")
    page.set(mfa="OFF")
    practice, pool = page.lab, page.lab.pool_id
    pressed(page, NEW_POOL)
    assert page.lab is practice and practice.pool_id != pool
    assert page._settings.boxes["mfa"].value == "ON"
    assert [one.name for one in lab.test_data.card.met] == ["Not a token"]
    assert sent(page, "RespondToAuthChallenge") == "tokens"


# Settings


def test_mfa_decides_what_a_sign_in_asks_for(page):
    assert sent(page, "InitiateAuth") == "SOFTWARE_TOKEN_MFA"
    page._settings.boxes["mfa"].value = "OFF"
    assert sent(page, "InitiateAuth") == "tokens"
    page.set(mfa="OPTIONAL")
    assert sent(page, "InitiateAuth") == "tokens"
    assert sent(page, "SetUserMFAPreference") == "accepted"
    assert sent(page, "InitiateAuth") == "SOFTWARE_TOKEN_MFA"
    assert sent(page, "AdminSetUserMFAPreference", preference="off") == "accepted"
    assert sent(page, "InitiateAuth") == "tokens"
    page.set(mfa="ON")
    assert sent(page, "InitiateAuth") == "SOFTWARE_TOKEN_MFA"


def test_without_mfa_there_is_no_session_and_the_page_says_so(page):
    page.set(mfa="OFF")
    assert sent(page, "RespondToAuthChallenge") == "not sent"
    assert "Send InitiateAuth to see what Cognito asks for instead" in page.result.unsent


def test_the_app_clients_differ_as_their_names_say(page):
    assert sent(page, "InitiateAuth", who="nobody") == "UserNotFoundException"
    page.set(app_client="hides unknown users")
    assert sent(page, "InitiateAuth", who="nobody") == "NotAuthorizedException"
    page.set(app_client="3-minute sessions")
    sent(page, "InitiateAuth")
    assert "another 3 minutes" in page._state.value
    page.set(app_client="rotates refresh tokens")
    assert sent(page, "GetTokensFromRefreshToken") == "tokens"
    assert "RefreshToken" in page.result.answer["AuthenticationResult"]
    assert sent(page, "InitiateAuth", flow="REFRESH_TOKEN_AUTH") == "InvalidParameterException"
    assert len(APP_CLIENTS) == 4


@pytest.mark.parametrize("clock", PHONE_CLOCKS)
def test_a_phone_may_be_at_most_30_seconds_off(page, clock):
    page.set(phone_clock=clock)
    off = abs(PHONE_CLOCKS[clock]) > 30
    assert sent(page, "RespondToAuthChallenge") == ("CodeMismatchException" if off else "tokens")


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"mfa": "MAYBE"}, "isn't a choice for mfa. Choose ON, OPTIONAL, OFF."),
        ({"plan": "x"}, "has no setting plan. It has pool, mfa, app_client, phone_clock."),
    ],
)
def test_an_unknown_setting_is_a_sentence(page, chosen, sentence):
    with pytest.raises(LessonError, match=sentence):
        page.set(**chosen)


def test_at_aws_there_are_no_settings_and_no_check(lab, monkeypatch):
    lab.wait_for_next_code()
    lab.wait_for_next_code()
    for name in ("can_move_clock", "may_create_users"):
        monkeypatch.setattr(lab.backend, name, False)
    page = Playground(lab)
    assert page.lab is lab and NEW_POOL not in state(page)
    with pytest.raises(
        EmulatorOnlyError, match="On AWS the playground uses your pool without changes"
    ):
        page.set(mfa="OFF")
    assert "neither the clock nor the settings can be changed" in state(page)


# Operations around the flow


def test_each_operation_around_the_flow_and_its_server_side_twin(page):
    assert sent(page, "ForgetDevice") == "accepted"
    assert sent(page, "AdminForgetDevice") == "accepted"
    assert sent(page, "ForgetDevice", device="unknown") == "ResourceNotFoundException"
    assert sent(page, "ChangePassword", previous="wrong") == "NotAuthorizedException"
    before = page.lab.password
    assert sent(page, "ChangePassword") == "accepted"
    assert page.lab.password != before
    assert sent(page, "AdminSetUserPassword", password="a short one") == "InvalidPasswordException"
    assert sent(page, "AdminSetUserPassword") == "accepted"
    assert sent(page, "AdminResetUserPassword") == "accepted"
    assert sent(page, "InitiateAuth") == "PasswordResetRequiredException"
    assert sent(page, "ConfirmForgotPassword") == "accepted"
    assert sent(page, "InitiateAuth") == "SOFTWARE_TOKEN_MFA"
    assert sent(page, "AdminUserGlobalSignOut") == "accepted"
    assert sent(page, "AdminSetUserMFAPreference", who="nobody") == "UserNotFoundException"


def test_a_preference_before_an_app_is_set_up_is_rejected_and_explained(page):
    came = sent(page, "AdminSetUserMFAPreference", who="a user without an app")
    assert came == "InvalidParameterException"
    assert page.check.rejection.row.section == "11.12"


# The history


def test_an_experiment_is_repeated_with_its_settings(page):
    sent(page, "RespondToAuthChallenge", code="wrong")
    page.set(mfa="OFF")
    sent(page, "InitiateAuth")
    page._history.chosen.value = 1
    pressed(page, AGAIN)
    first, _, last = page.history.entries
    assert last.title == "3. RespondToAuthChallenge (code: wrong) → CodeMismatchException"
    assert (last.choices, last.settings) == (first.choices, first.settings)
    assert page.lab.settings.mfa == "ON"


def test_an_edited_experiment_is_repeated_as_it_was_edited(page):
    page.choose("AdminGetUser")
    page.experiment.edit('{"UserPoolId": "{practice.pool_id}", "Username": "zoe"}')
    page.send()
    page.send_again(1)
    assert [entry.outcome for entry in page.history.entries] == ["UserNotFoundException"] * 2
    assert "edited by hand" in page.history.entries[1].title


def test_two_experiments_side_by_side_with_the_differences_marked(page):
    sent(page, "RespondToAuthChallenge", code="already used")
    page.set(phone_clock="2 minutes slow")
    sent(page, "RespondToAuthChallenge")
    found = page.compare(1, 2)
    differing = [row.part for row in found.rows if row.differs]
    assert "Phone's clock" in differing and "Result" in differing and "Rejected by" in differing
    assert "SOFTWARE_TOKEN_MFA_CODE" in differing
    assert "Operation" not in differing and "Session" not in differing
    assert "≠ Phone's clock: correct | 2 minutes slow" in repr(found)
    page._history.chosen.value, page._history.other.value = 2, 1
    assert "2 minutes slow" in page._history._shown.value and "≠" in page._history._shown.value


def test_nothing_to_compare_is_a_sentence(page):
    with pytest.raises(LessonError, match="No experiment has the number 7. Send one first."):
        page.compare(7, 7)
    assert page._history.chosen.value == 0
    assert all(one.disabled for one in page._history._buttons)


def test_the_history_is_replayed_in_a_new_pool(page):
    sent(page, "RespondToAuthChallenge", code="wrong")
    page.set(mfa="OPTIONAL")
    sent(page, "InitiateAuth")
    pool = page.lab.pool_id
    pressed(page, REPLAY)
    assert page.lab.pool_id != pool and len(page.history.entries) == 4
    outcomes = [entry.outcome for entry in page.history.entries]
    assert outcomes[:2] == outcomes[2:] == ["CodeMismatchException", "tokens"]
    assert "2 experiments were sent again" in page._history._shown.value
    assert "each with the same result" in page._history._shown.value


def test_a_cell_and_a_script_hold_no_secret_and_the_script_runs(page, tmp_path, lab):
    sent(page, "RespondToAuthChallenge", code="wrong")
    page.set(mfa="OFF")
    sent(page, "InitiateAuth")
    pressed(page, CELL)
    assert "practice.cognito.initiate_auth(" in page._history._shown.value
    pressed(page, SCRIPT)
    script = page.history.script()
    assert 'playground.set(mfa="OFF")' in script
    assert page.lab.password not in script and not re.search(r"AYAB|eyJ", script)
    (tmp_path / "experiments.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "experiments.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "CodeMismatchException" in done.stdout and "AccessToken" in done.stdout
