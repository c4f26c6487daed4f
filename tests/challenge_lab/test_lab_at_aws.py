"""At AWS the playground offers only what can neither lock nor bill the learner, and says so. An
emulator plays AWS here.
"""

import json
import random

import pytest

from cognito_helpers import OutcomeCard, Playground
from cognito_helpers.challenge_lab.experiment import ENOUGH, Experiment
from cognito_helpers.challenge_lab.expiry import move_on
from cognito_helpers.challenge_lab.operations import AT_AWS, OPERATIONS
from cognito_helpers.errors import LessonError

# Operations that create users, send email, change passwords, or end what the learner still needs
NEVER = {
    "SignUp",
    "ConfirmSignUp",
    "ResendConfirmationCode",
    "ForgotPassword",
    "ConfirmForgotPassword",
    "GlobalSignOut",
    "AdminGetUser",
}
# DescribeUserPool is the guard's: is the pool the tutorial's?
HARMLESS = set(AT_AWS) | {"DescribeUserPoolClient", "AdminGetUser", "DescribeUserPool"}


@pytest.fixture
def at_aws(lab, monkeypatch):
    lab.wait_for_next_code()
    lab.wait_for_next_code()
    for name in ("can_move_clock", "may_create_users"):
        monkeypatch.setattr(lab.backend, name, False)
    return lab


def sign_in(lab):
    experiment = Experiment(lab, "InitiateAuth")
    assert experiment.send().answer["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    experiment.set("RespondToAuthChallenge")
    return experiment.send()


def test_only_harmless_operations_are_offered(at_aws):
    experiment = Experiment(at_aws)
    assert set(experiment.operations) == set(AT_AWS) and not NEVER & set(experiment.operations)
    for operation in NEVER | {"ConfirmDevice"}:
        with pytest.raises(LessonError, match="at AWS"):
            Experiment(at_aws, operation)
    for choices in (
        {"password": "wrong"},
        {"who": "another user"},
        {"device": "remembered"},
        {"flow": "USER_SRP_AUTH"},
        {"client": "one with a secret"},
    ):
        with pytest.raises(LessonError, match="doesn't offer"):
            Experiment(at_aws, "InitiateAuth", **choices)


def test_no_choice_makes_another_call_or_locks_a_user(at_aws):
    """Forty random experiments, some of them edited, with every request checked, including the
    lab's own.
    """
    source = random.Random(7)
    users = at_aws.cognito.list_users(UserPoolId=at_aws.pool_id)["Users"]
    seen = len(at_aws.requests.all_calls)
    for _ in range(40):
        experiment = Experiment(at_aws, source.choice(list(AT_AWS)))
        for field in experiment.fields:
            if field in experiment.fields:
                experiment.choose(field.key, source.choice(field.options))
        if source.random() < 0.3 and "Auth" in experiment.operation:
            experiment.edit(
                json.dumps(
                    {
                        **json.loads(experiment.text()),
                        "AuthParameters": {"USERNAME": "{lab.username}", "PASSWORD": "wrong"},
                    }
                )
            )
        result = experiment.send()
        assert result.answer is not None or result.error or result.unsent
    assert {call.operation for call in at_aws.requests.all_calls[seen:]} <= HARMLESS
    assert at_aws.clock_ahead() < 120
    assert len(at_aws.cognito.list_users(UserPoolId=at_aws.pool_id)["Users"]) == len(users)


def test_repeated_wrong_passwords_are_not_sent(at_aws):
    experiment = Experiment(at_aws, "InitiateAuth")
    request = {
        **json.loads(experiment.text()),
        "AuthParameters": {"USERNAME": at_aws.username, "PASSWORD": "Wrong-password-1"},
    }
    experiment.edit(json.dumps(request))
    assert [bool(experiment.send().error) for _ in range(10)] == [True] * ENOUGH + [False] * (
        10 - ENOUGH
    )
    assert "may lock your user" in experiment.send().unsent
    experiment.set("InitiateAuth")
    assert experiment.send().answer, "what is right may always be sent"
    experiment.edit(json.dumps(request))
    assert experiment.send().error, "and then there is another try"


def test_missing_test_data_is_a_sentence_until_the_learner_creates_it(at_aws):
    answer = Experiment(at_aws)
    assert "begin one first, with InitiateAuth" in answer.send().unsent
    used = Experiment(at_aws, session="used")
    assert "answers nothing for you" in used.send().unsent
    assert "AuthenticationResult" in sign_in(at_aws).answer
    assert "can only be used once" in used.send().error[1]
    assert Experiment(at_aws, "GetUser").send().answer
    assert Experiment(at_aws, "RevokeToken", token="not confirmed").send().answer is not None
    assert "revoked" in Experiment(at_aws, "GetUser", token="revoked").send().error[1]


def test_the_clock_cannot_be_moved(at_aws):
    with pytest.raises(LessonError, match="The clock can't be moved at AWS"):
        move_on(at_aws, "+1 hour")
    for ask in (
        lambda data: data.session("expired"),
        lambda data: data.access_token("expired"),
        lambda data: data.users.get("another user"),
    ):
        with pytest.raises(LessonError):
            ask(at_aws.test_data)


def test_the_widget_says_so_without_a_clock_and_with_a_smaller_card(at_aws):
    widget = Playground(at_aws)
    said = str([child.get_state() for child in everything(widget)])
    assert "neither the clock nor the settings can be changed" in said and "+1 hour" not in said
    card = at_aws.test_data.card
    assert 15 < len(card.offered) < 40 and all(
        outcome.recipe.operation in AT_AWS for outcome in card.offered
    )
    assert f"0 of {len(card.offered)} met" in repr(OutcomeCard(at_aws))


def test_each_outcome_offered_at_aws_is_reached_there(at_aws, monkeypatch):
    """After a sign-in by the learner, each by its recipe."""
    sign_in(at_aws)
    card = at_aws.test_data.card
    for outcome in card.offered:
        if outcome in card.met:
            continue
        # Time passes at AWS too, and the learner signs in again.
        with monkeypatch.context() as patch:
            patch.setattr(at_aws.backend, "can_move_clock", True)
            at_aws.move_clock(60)
        Experiment(at_aws, "InitiateAuth").send()
        if outcome.recipe.operation.startswith("Admin"):
            Experiment(at_aws, "AdminInitiateAuth").send()
        if outcome.recipe.choices.get("code") == "already used":
            Experiment(at_aws).send()
            Experiment(at_aws, "InitiateAuth").send()
        if outcome.recipe.choices.get("token") == "revoked":
            Experiment(at_aws, "RevokeToken").send()
        result = Experiment(at_aws, outcome.recipe.operation, **outcome.recipe.choices).send()
        assert outcome in card.met, (outcome.name, result)


def everything(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from everything(child)


def test_what_is_offered_at_aws_is_part_of_what_is_offered_here():
    assert set(AT_AWS) <= set(OPERATIONS)
