"""Secrets stay out of everything that's kept: by name, wherever they are and whatever they are."""

import doctest
import json
from typing import NamedTuple

import pytest
from botocore import xform_name
from botocore.model import ListShape, MapShape, ServiceModel, StructureShape
from hypothesis import given
from hypothesis import strategies as st

from cognito_helpers import redact as redaction
from cognito_helpers.redact import SHOWN, is_secret, redact, redact_body, redact_message
from etc.tools.lessons import MODEL

MARK = "hunter2-planted-secret"

# Places for a secret: every one of these values must be hidden.
PLACES = {
    "a member": {"Password": MARK},
    "in a map": {"AuthParameters": {"PASSWORD": MARK}},
    "an unknown member of a map that depends on the flow": {
        "ChallengeResponses": {"SOMETHING_NEW": MARK}
    },
    "nested": {"A": {"B": [{"SecretCode": MARK}]}},
    "a list under a secret name": {"Password": [MARK, {"x": MARK}]},
    "a structure under a secret name": {
        "UserContextData": {"EncodedData": MARK, "IpAddress": MARK}
    },
    "another spelling": {"secret_hash": MARK, "PASSWORD": MARK, "accessToken": MARK + "x" * 99},
    "JSON inside a text": {"userAttributes": json.dumps({"inner": {"NEW_PASSWORD": MARK}})},
    "JSON list inside a text": {"x": " " + json.dumps([{"Session": MARK + "x" * 99}])},
    "a device's verifier": {
        "DeviceSecretVerifierConfig": {"PasswordVerifier": "x" * 4 + MARK, "Salt": "x" * 4 + MARK}
    },
    "SRP": {
        "ChallengeResponses": {
            "PASSWORD_CLAIM_SIGNATURE": MARK,
            "PASSWORD_CLAIM_SECRET_BLOCK": "x" * 4 + MARK,
            "SRP_A": "x" * 4 + MARK,
        }
    },
    "RevokeToken": {"Token": "x" * 4 + MARK},
}


@pytest.mark.parametrize("value", PLACES.values(), ids=PLACES)
def test_a_planted_secret_is_hidden(value):
    for told in (
        redact(value),
        redact_body(json.dumps(value)),
        redact_body(json.dumps(value).encode()),
    ):
        assert MARK not in json.dumps(told)


def test_what_is_not_secret_is_kept_unchanged():
    kept = {
        "Username": "ana",
        "AuthParameters": {"USERNAME": "ana", "DEVICE_KEY": "us-east-1_x"},
        "ChallengeResponses": {
            "USERNAME": "ana",
            "DEVICE_KEY": "k",
            "TIMESTAMP": "Tue May 7 00:09:40 UTC 2026",
        },
        "ChallengeParameters": {
            "MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]',
            "USER_ID_FOR_SRP": "ana",
        },
        "Error": {"Code": "CodeMismatchException", "Message": "m"},
        "TokenType": "Bearer",
        "MaxResults": 10,
        "Enabled": False,
        "Nothing": None,
        "CodeDeliveryDetails": {"Destination": "a***@e***"},
    }
    assert redact(kept) == kept


@pytest.mark.parametrize(("length", "shown"), [(1, 0), (4, 1), (8, 2), (15, 3), (16, 4), (400, 4)])
def test_at_most_a_quarter_and_four_characters_of_a_token_or_session_are_shown(length, shown):
    assert redact({"Session": "z" * length})["Session"].count("z") == shown <= SHOWN


def _names(shape, name="", within=""):
    """Every member of a shape that the model calls sensitive, with the structure it's in."""
    if shape.metadata.get("sensitive"):
        yield name, within
    elif isinstance(shape, StructureShape):
        for member, inner in shape.members.items():
            yield from _names(inner, member, name)
    elif isinstance(shape, ListShape):
        yield from _names(shape.member, name, within)
    elif isinstance(shape, MapShape):
        yield from _names(shape.value, "", name)


# Sensitive to the model, but the lessons are about who calls from where, so these are shown. In the
# two maps, each member has its own rule.
SHOWN_ALL_THE_SAME = {
    "ClientId",
    "Username",
    "Value",
    "LastIPAddress",
    "AuthParameters",
    "ChallengeResponses",
}


def test_everything_the_model_calls_sensitive_is_hidden():
    model = ServiceModel(MODEL, "cognito-idp")
    shapes = [
        getattr(model.operation_model(name), kind)
        for name in model.operation_names
        for kind in ("input_shape", "output_shape")
    ]
    sensitive = set()
    for shape in shapes:
        try:
            sensitive |= set(_names(shape)) if shape is not None else set()
        except RecursionError:
            pytest.fail(f"{shape.name} holds itself")
    assert len(sensitive) > 20
    assert {name for name, within in sensitive if not is_secret(name, within)} == SHOWN_ALL_THE_SAME


def test_every_spelling_of_a_name_is_the_same_name():
    for name in ("RefreshToken", "ConfirmationCode", "SecretHash", "SOFTWARE_TOKEN_MFA_CODE"):
        for spelling in (name, xform_name(name), name.upper(), name.lower()):
            assert is_secret(spelling), spelling


def test_of_a_body_that_is_not_a_json_object_only_its_length_is_shown():
    for body in (b"not json " + MARK.encode(), json.dumps(MARK), json.dumps([MARK]), b"\xff\xfe"):
        assert MARK not in str(redact_body(body))
        assert f"{len(body)} bytes" in redact_body(body)
    assert redact_body(None) == redact_body(b"") == {}


def test_an_error_does_not_quote_a_secret_of_the_request():
    assert MARK not in redact_message(
        f"{MARK}, '{MARK}'", json.dumps({"ChallengeResponses": {"NEW": [{"x": MARK}]}})
    )
    body = json.dumps({"ConfirmationCode": "1 12", "Username": "ana", "Password": "an"})
    said = (
        "2 validation errors detected: Value '1 12' at 'confirmationCode' failed; Value 'ana' at"
        " 'username' failed; Value 'an' at 'password' failed"
    )
    told = redact_message(said, body)
    assert told == said.replace("'1 12'", "'(hidden)'").replace("'an'", "'(hidden)'")


class Elsewhere(NamedTuple):
    """A secret of the request that is in an error without quotation marks."""

    request: dict[str, str]
    message: str
    told: str


UNQUOTED = {
    "six characters are hidden": Elsewhere({"Password": "secret"}, "a secret.", "a (hidden)."),
    "five may be part of a word": Elsewhere({"Password": "secre"}, "a secret.", "a secret."),
    "the longer of two is hidden whole": Elsewhere(
        {"Password": "secret", "SecretHash": "secret-and-more"},
        "secret-and-more, secret",
        "(hidden), (hidden)",
    ),
}


@pytest.mark.parametrize("name", UNQUOTED)
def test_a_secret_without_quotation_marks_is_hidden_if_it_is_long_enough(name):
    request, message, told = UNQUOTED[name]
    assert redact_message(message, json.dumps(request)) == told


def test_a_missing_secret_hides_nothing():
    assert redact({"Password": None, "Session": None}) == {"Password": None, "Session": None}


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_any_value_under_a_secret_name_is_hidden(value):
    kept = redact({"Password": value, "AuthParameters": {"X": value}})
    assert value is None or (
        isinstance(kept["Password"], str) and kept["Password"].endswith("hidden)")
    )
    assert value is None or kept["AuthParameters"]["X"].endswith("hidden)")


def test_the_docstring_examples_work():
    result = doctest.testmod(redaction)
    assert result.attempted and not result.failed
