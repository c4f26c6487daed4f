"""The table of errors: every message of the emulator has a row, and every row is reached."""

from collections import defaultdict

import pytest

from cognito_helpers.challenge_lab.outcomes import OUTCOMES
from cognito_helpers.exercises.sign_in_checks import SESSION_ERRORS
from cognito_helpers.explanations.error_rows import ROWS
from cognito_helpers.explanations.ipython_extension import ENDED_SESSION
from cognito_helpers.explanations.repeated_calls import AGAIN, second_run
from cognito_helpers.explanations.service_errors import BY_KEY, Explained, find
from tests.emulator.messages import messages

# Keys of rows for cases the emulator's source writes as one message
CASES = {
    "attribute-fixed",
    "confirmation-code-format",
    "confirmed-once",
    "missing-session",
    "missing-username",
    "totp-code-format",
}
# Rows of messages that Amazon Cognito sends and the emulator doesn't
AT_AWS_ONLY = {
    "device-tracking-off",
    "missing-new-attribute",
}
MESSAGES = {(message.code, message.text): message.where for message in messages()}


@pytest.mark.parametrize(("code", "text"), MESSAGES, ids=lambda value: value[:40])
def test_a_message_of_the_emulator_has_a_row(code, text):
    row = find(code, text)
    where = MESSAGES[code, text]
    assert row, (
        f"local_cognito/{where} sends {code} “{text}”, and no row explains it: add one to"
        " cognito_helpers/explanations/error_rows/"
    )


def test_no_two_messages_share_a_codes_general_row():
    """A code with several rows has one for each message, so that each is explained."""
    shared = defaultdict(set)
    for code, text in MESSAGES:
        row = find(code, text)
        if row and not row.beginning and sum(other.code == code for other in ROWS) > 1:
            shared[row.key].add(text)
    assert {key: texts for key, texts in shared.items() if len(texts) > 1} == {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_a_row_is_not_hidden_by_an_earlier_one(row):
    operation = next(iter(row.operations), "")
    assert find(row.code, row.beginning.replace("…", "x"), operation) == row


def test_a_row_with_a_message_prefix_matches_a_message_of_the_emulator():
    operations = {"", *(operation for row in ROWS for operation in row.operations)}
    rows = {find(*message, operation) for message in MESSAGES for operation in operations}
    met = {row.key for row in rows if row}
    unmet = {row.key for row in ROWS if row.beginning} - met - CASES - AT_AWS_ONLY
    assert unmet == set(), "no message of the emulator leads to these rows"


def test_the_keys_are_different_and_every_error_of_the_emulator_has_a_code_in_the_table():
    assert len(BY_KEY) == len(ROWS)
    assert {code for code, _ in MESSAGES} <= {row.code for row in ROWS}


def test_every_reference_to_an_error_names_a_key_of_the_table():
    named = {outcome.error for outcome in OUTCOMES if outcome.error}
    named |= {key for again in AGAIN.values() for key in again.keys}
    named |= SESSION_ERRORS | set(ENDED_SESSION)
    assert named - BY_KEY.keys() == set()


@pytest.mark.parametrize(
    ("operation", "advice"),
    [
        ("RespondToAuthChallenge", "After a device's proof: sign in without its key."),
        ("AdminRespondToAuthChallenge", "After a device's proof: sign in without its key."),
        ("InitiateAuth", "Check both, and try again."),
        ("", "Check both, and try again."),
    ],
)
def test_a_wrong_proof_and_a_wrong_password_have_the_same_message_and_different_advice(
    operation, advice
):
    told = Explained("NotAuthorizedException", "Incorrect username or password.", operation)
    assert advice in told.advice()


def test_the_advice_for_a_client_deleted_twice_says_when_to_forget_the_learners_own():
    told = second_run(
        "DeleteUserPoolClient",
        "ResourceNotFoundException",
        "User pool client abc does not exist.",
    )
    assert "If it was the tutorial's own client, run `lab.client_id = None` first." in told


def test_a_disabled_user_is_explained():
    told = Explained("NotAuthorizedException", "User is disabled.").text()
    assert "  Why: An administrator disabled this user." in told.splitlines()


def test_invisible_characters_in_a_code_and_a_message_are_shown_by_their_numbers():
    told = Explained("Evil\x1b[31mException", "a\u202eb")
    for text in (told.text(), told.line()):
        assert text.replace("\n", "").isprintable() and "[U+001B]" in text and "[U+202E]" in text
