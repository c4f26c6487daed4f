"""Responses and errors: explained, shortened, escaped."""

import doctest
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from cognito_helpers import attempt, show
from cognito_helpers.explanations.service_errors import Explained
from cognito_helpers.redact import redact
from cognito_helpers.sign_in import authenticator
from cognito_helpers.ui.widget import WIDGET
from cognito_helpers.views import response as page
from cognito_helpers.views.response import CopyOut, ErrorResponse, _copyable

SECRETS = {
    "AuthenticationResult": {
        "AccessToken": "eyJh" + "a" * 900,
        "IdToken": "eyJh" + "b" * 900,
        "RefreshToken": "eyJj" + "c" * 900,
    },
    "Session": "AYAB" + "d" * 400,
    "SecretCode": "E" * 52,
    "ResponseMetadata": {"RequestId": "f"},
}


def client_error(code: str, message: str = "words") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "SignUp")


def test_no_secret_is_shown_whole_in_any_form():
    answer = show(SECRETS)
    for text in (repr(answer), answer._repr_html_(), str(redact(SECRETS))):
        assert not any(letter * 8 in text for letter in "abcdEf")
        assert "904 characters" in text and "52 characters, hidden" in text


def test_a_response_is_shown_in_its_order_with_each_part_explained():
    told = repr(
        show(
            {
                "UserSub": "u",
                "CodeDeliveryDetails": {"DeliveryMedium": "EMAIL"},
                "ResponseMetadata": {},
            }
        )
    )
    assert told.splitlines() == [
        "UserSub              u      the user's permanent ID: never reused, never changed",
        "CodeDeliveryDetails         where the code went",
        "  DeliveryMedium     EMAIL  EMAIL or SMS",
    ]


def test_only_the_named_parts_are_shown_at_any_depth():
    answer = {
        "UserPool": {"Id": "p", "Name": "n", "Policies": {"PasswordPolicy": {"MinimumLength": 8}}}
    }
    assert [row.name for row in show(answer, "Id", "PasswordPolicy").rows] == [
        "Id",
        "PasswordPolicy",
        "MinimumLength",
    ]


def test_attributes_and_times_are_shown_in_readable_form():
    told = repr(
        show(
            {
                "UserAttributes": [{"Name": "email", "Value": "a@b"}],
                "UserCreateDate": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
                "Enabled": True,
            }
        )
    )
    assert "email" in told and "2026-01-02 03:04:05 UTC" in told and "true" in told
    assert "1970-01-01 00:01:00 UTC" in repr(show({"token_use": "id", "exp": 60}))


def test_an_empty_response_says_so():
    assert repr(show({"ResponseMetadata": {}})) == "An empty response. The call succeeded."


def test_a_response_without_the_wanted_parts_says_what_it_has():
    challenge = show({"ChallengeName": "SMS_MFA", "ResponseMetadata": {}}, "IdToken", "ExpiresIn")
    assert repr(challenge) == "The response has no IdToken and no ExpiresIn. It has ChallengeName."
    assert "no IdToken" in challenge.markup()
    assert repr(show({}, "x")) == "The response has no x."
    assert repr(show({"token_use": "id"}, "x")) == "The token has no x. It has token_use."


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "\u202e\x00\x1b[31m", "' onmouseover='x", "😀"]
)
def test_markup_from_a_server_or_a_user_is_harmless(hostile):
    html = show(
        {hostile: hostile, "UserAttributes": [{"Name": hostile, "Value": hostile}]}
    )._repr_html_()
    assert "<script" not in html and "onmouseover='" not in html


def test_an_error_in_an_attempt_is_explained_and_success_is_reported(capsys):
    with attempt():
        raise client_error("UsernameExistsException", "User already exists")
    with attempt():
        pass
    assert capsys.readouterr().out.splitlines() == [
        "Error: UsernameExistsException",
        "  User already exists",
        "  Why: This user name is taken.",
        "  What now: Choose another name. If the account is yours, sign in.",
        "  Reference: UsernameExistsException in reference.md",
        "No error.",
    ]


def test_an_error_on_the_page_is_a_table_with_the_same_words_and_a_link_to_its_row():
    page = ErrorResponse(Explained("UserNotFoundException", "<b>User</b>"), "Error")._repr_html_()
    assert "<b>" not in page and "&lt;b&gt;User" in page
    assert '<a href="reference.md#UserNotFoundException">' in page and ">what now</th>" in page
    unknown = ErrorResponse(Explained("<i>NewException</i>", "m"), "Error")._repr_html_()
    assert "<i>" not in unknown and "href" not in unknown


@pytest.fixture
def outputs(monkeypatch):
    outputs = []
    monkeypatch.setattr(page, "display", lambda bundle, raw: outputs.append(bundle))
    return outputs


def test_what_the_next_call_needs_can_be_copied_and_is_on_the_page_only_on_request(
    outputs,
):
    copy = CopyOut(dict(_copyable(SECRETS, set())))
    assert copy._button.description == "To copy: AccessToken and 3 more"
    assert copy._fields.value == ""
    copy._button.click()
    for name, value in [("Session", SECRETS["Session"]), *SECRETS["AuthenticationResult"].items()]:
        assert f"<label>{name} " in copy._fields.value and f'value="{value}"' in copy._fields.value
    assert SECRETS["SecretCode"] not in copy._fields.value, (
        "the secret goes to the phone, as a QR code"
    )
    copy._button.click()
    assert copy._fields.value == ""
    show(SECRETS)._ipython_display_()
    table, button = outputs
    assert set(table) == {"text/plain", "text/html"} and set(button) == {WIDGET}
    assert not any(letter * 8 in str(outputs) for letter in "abcdE")


def test_only_what_is_shown_can_be_copied_and_otherwise_a_response_is_a_plain_table(
    outputs,
):
    assert dict(_copyable(SECRETS, {"IdToken"})) == {
        "IdToken": SECRETS["AuthenticationResult"]["IdToken"]
    }
    show({"UserSub": "u"})._ipython_display_()
    assert [set(output) for output in outputs] == [{"text/plain", "text/html"}]


def test_the_docstring_examples_work():
    result = doctest.testmod(authenticator)
    assert result.attempted and not result.failed


def test_an_attempt_lets_a_bug_through():
    with pytest.raises(KeyError), attempt():
        raise KeyError("ChallengeName")


@pytest.mark.parametrize(
    "value",
    ["tomorrow", None, float("nan"), float("inf"), 253_402_300_800, -(10**20), True, [1]],
    ids=str,
)
def test_a_time_of_a_token_that_is_not_a_date_says_so(value):
    (row,) = show({"token_use": "id", "exp": value}, "exp").rows
    assert row.value.endswith(", which is no time")


def test_the_names_of_members_and_claims_hide_nothing():
    hostile = "a\x1b[31m\u202eb"
    for told in (
        repr(show({hostile: {hostile: hostile}})),
        repr(show({"token_use": "id", hostile: hostile})),
        repr(ErrorResponse(Explained(hostile, hostile), "Refused")),
    ):
        assert told.replace("\n", "").isprintable() and "[U+001B][31m[U+202E]b" in told
