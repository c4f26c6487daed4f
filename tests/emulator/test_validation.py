"""The service's input checks: patterns, lengths, ranges and enums, and the words of their errors.
BEHAVIOR.md, section 0 and the texts in 1.1 to 1.9.
"""

import json
import re
from typing import Any, NamedTuple

import pytest

from cognito_helpers.local_cognito import validation
from cognito_helpers.local_cognito.endpoint import Endpoint

from .flow import rejects, unchanged
from .shapes import MODEL

PATTERNS = sorted(
    {
        MODEL.shape_for(name).metadata["pattern"]
        for name in MODEL.shape_names
        if "pattern" in MODEL.shape_for(name).metadata
    }
)
VISIBLE = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+"
VISIBLE_OR_SEPARATOR = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+"
VISIBLE_OR_SPACE = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_of_the_model_works_in_python(pattern):
    """None of its Unicode categories is left: Python's `re` lacks them, and would reject or misread
    the pattern.
    """
    assert r"\p" not in validation._pattern(pattern).pattern


def test_the_model_has_patterns():
    assert len(PATTERNS) > 30
    assert {VISIBLE, VISIBLE_OR_SEPARATOR, VISIBLE_OR_SPACE} <= set(PATTERNS)


class Text(NamedTuple):
    """A text, and whether it's all visible, visible or separators, visible or ASCII spaces."""

    text: str
    visible: bool
    or_separator: bool
    or_space: bool


TEXTS = {
    "alice": Text(text="alice", visible=True, or_separator=True, or_space=True),
    "an address": Text(text="alice+1@example.com", visible=True, or_separator=True, or_space=True),
    "every ASCII sign": Text(
        text="".join(map(chr, range(0x21, 0x7F))), visible=True, or_separator=True, or_space=True
    ),
    "accents": Text(text="Ünïcödé", visible=True, or_separator=True, or_space=True),
    "Cyrillic": Text(text="Алиса", visible=True, or_separator=True, or_space=True),
    "Greek": Text(text="Αλίκη", visible=True, or_separator=True, or_space=True),
    "Arabic": Text(text="أليس", visible=True, or_separator=True, or_space=True),
    "Hebrew": Text(text="אליס", visible=True, or_separator=True, or_space=True),
    "Devanagari, with marks": Text(text="ऐलिस", visible=True, or_separator=True, or_space=True),
    "Chinese": Text(text="爱丽丝", visible=True, or_separator=True, or_space=True),
    "Hangul": Text(text="앨리스", visible=True, or_separator=True, or_space=True),
    "beyond the first plane": Text(text="𠀀", visible=True, or_separator=True, or_space=True),
    "emoji": Text(text="🐢", visible=True, or_separator=True, or_space=True),
    "an emoji's skin colour": Text(text="👋🏽", visible=True, or_separator=True, or_space=True),
    "a combining mark": Text(text="e\u0301", visible=True, or_separator=True, or_space=True),
    "a mark alone": Text(text="\u0301", visible=True, or_separator=True, or_space=True),
    "digits of another script": Text(text="٤٢", visible=True, or_separator=True, or_space=True),
    "a fraction": Text(text="½", visible=True, or_separator=True, or_space=True),
    "money": Text(text="€", visible=True, or_separator=True, or_space=True),
    "dashes and quotes": Text(text="–“”", visible=True, or_separator=True, or_space=True),
    "a space": Text(text="a b", visible=False, or_separator=True, or_space=True),
    "a space at the end": Text(text="a ", visible=False, or_separator=True, or_space=True),
    "a no-break space": Text(text="a\u00a0b", visible=False, or_separator=True, or_space=False),
    "a thin space": Text(text="a\u2009b", visible=False, or_separator=True, or_space=False),
    "a line separator": Text(text="a\u2028b", visible=False, or_separator=True, or_space=False),
    "a paragraph separator": Text(
        text="a\u2029b", visible=False, or_separator=True, or_space=False
    ),
    "a tab": Text(text="a\tb", visible=False, or_separator=False, or_space=True),
    "a line feed": Text(text="a\nb", visible=False, or_separator=False, or_space=True),
    "a line feed at the end": Text(text="a\n", visible=False, or_separator=False, or_space=True),
    "NUL": Text(text="a\x00b", visible=False, or_separator=False, or_space=False),
    "delete": Text(text="a\x7fb", visible=False, or_separator=False, or_space=False),
    "a control character beyond ASCII": Text(
        text="a\x85b", visible=False, or_separator=False, or_space=False
    ),
    "a soft hyphen": Text(text="a\u00adb", visible=False, or_separator=False, or_space=False),
    "a zero-width joiner": Text(
        text="👩\u200d💻", visible=False, or_separator=False, or_space=False
    ),
    "a right-to-left mark": Text(
        text="a\u200fb", visible=False, or_separator=False, or_space=False
    ),
    "private use": Text(text="a\ue000b", visible=False, or_separator=False, or_space=False),
    "private use, another": Text(
        text="a\ue001b", visible=False, or_separator=False, or_space=False
    ),
    "private use in another plane": Text(
        text="a\U000f0000b", visible=False, or_separator=False, or_space=False
    ),
    "no character": Text(text="a\uffffb", visible=False, or_separator=False, or_space=False),
    "not assigned": Text(text="a\u0378b", visible=False, or_separator=False, or_space=False),
    "nothing": Text(text="", visible=False, or_separator=False, or_space=False),
}


@pytest.mark.parametrize(("text", "visible", "or_separator", "or_space"), TEXTS.values(), ids=TEXTS)
def test_categories_are_javas(text, visible, or_separator, or_space):
    """1.1 for user names"""
    assert validation._matches(VISIBLE, text) is visible
    assert validation._matches(VISIBLE_OR_SEPARATOR, text) is or_separator
    assert validation._matches(VISIBLE_OR_SPACE, text) is or_space


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"[\w+]+", "clïent"), (r"[\S]+", "a b"), (r"[0-9]+", "４"), (r"[\w+=/]+", "ä")],
)
def test_classes_are_ascii_only(pattern, text):
    r"""In Java `\w`, `\d` and `\s` are."""
    assert validation._matches(pattern, text) is False


@pytest.mark.parametrize("username", ["Алиса", "🐢", "e\u0301", "alice@example.com"])
def test_a_user_name_may_be_in_any_script(no_mfa, username):
    """1.1"""
    no_mfa.username = username
    assert no_mfa.signed_in().look()["Username"] == username


def broken(where, rule, value=None):
    shown = f"Value '{value}' at" if value is not None else "Value at"
    return f"{shown} '{where}' failed to satisfy constraint: Member must {rule}"


def told(*faults):
    return (
        "InvalidParameterException",
        f"{len(faults)} validation error{'s' * (len(faults) > 1)} detected: " + "; ".join(faults),
    )


NULL_CODE = " at 'confirmationCode' failed to satisfy constraint: Member must not be null"
NOT_BLANK = r"satisfy regular expression pattern: [\S]+"
INNER_SPACES = r"satisfy regular expression pattern: ^[\S]+.*[\S]+$"
CLIENT = {"ClientId": "client"}
SIGN_UP = {**CLIENT, "Username": "alice"}
CONFIRM = {**SIGN_UP, "ConfirmationCode": "123456"}


class Fault(NamedTuple):
    """A request and its error.

    boto3 itself rejects some of these. Other clients send them.
    """

    operation: str
    request: dict[str, Any]
    answer: tuple[str, str]


FAULTS = {
    "1.3 blank code": Fault(
        operation="ConfirmSignUp",
        request={**CONFIRM, "ConfirmationCode": ""},
        answer=told(
            broken("confirmationCode", NOT_BLANK, ""),
            broken("confirmationCode", "have length greater than or equal to 1", ""),
        ),
    ),
    "1.3 code with spaces": Fault(
        operation="ConfirmSignUp",
        request={**CONFIRM, "ConfirmationCode": "1 12 123"},
        answer=told(broken("confirmationCode", NOT_BLANK, "1 12 123")),
    ),
    "12.5 a password that begins with a space": Fault(
        operation="SignUp",
        request={**SIGN_UP, "Password": " Correct-Horse-7"},
        answer=told(broken("password", INNER_SPACES)),
    ),
    "12.5 a password that ends with a space": Fault(
        operation="SignUp",
        request={**SIGN_UP, "Password": "Correct-Horse-7 "},
        answer=told(broken("password", INNER_SPACES)),
    ),
    "12.5 an access token that is missing": Fault(
        operation="GetUser", request={}, answer=told(broken("accessToken", "not be null"))
    ),
    "12.5 a password that is missing": Fault(
        operation="ConfirmForgotPassword",
        request=CONFIRM,
        answer=told(broken("password", "not be null")),
    ),
    "section 0 a password that is too long": Fault(
        operation="SignUp",
        request={**SIGN_UP, "Password": "xx" * 257},
        answer=told(broken("password", "have length less than or equal to 256")),
    ),
    "1.1 a user name with a space": Fault(
        operation="SignUp",
        request={**SIGN_UP, "Username": "al ice", "Password": "xx"},
        answer=told(broken("username", rf"satisfy regular expression pattern: {VISIBLE}")),
    ),
    "1.1 a client id with a sign that none has": Fault(
        operation="SignUp",
        request={**SIGN_UP, "ClientId": "cli-ent", "Password": "xx"},
        answer=told(broken("clientId", r"satisfy regular expression pattern: [\w+]+")),
    ),
    "1.1 a client id that is too long": Fault(
        operation="SignUp",
        request={**SIGN_UP, "ClientId": "x" * 129, "Password": "xx"},
        answer=told(broken("clientId", "have length less than or equal to 128")),
    ),
    "1.3 a code that is too long": Fault(
        operation="ConfirmSignUp",
        request={**CONFIRM, "ConfirmationCode": "1" * 2049},
        answer=told(
            broken("confirmationCode", "have length less than or equal to 2048", "1" * 2049)
        ),
    ),
    "1.6 no size of a page": Fault(
        operation="ListUserPools",
        request={},
        answer=told(
            "Value null at 'maxResults' failed to satisfy constraint: Member must not be null"
        ),
    ),
    "1.6 a page of none": Fault(
        operation="ListUserPools",
        request={"MaxResults": 0},
        answer=told(broken("maxResults", "have value greater than or equal to 1", "0")),
    ),
    "1.16 sessions under 3 minutes": Fault(
        operation="CreateUserPoolClient",
        request={"UserPoolId": "us-east-1_x", "ClientName": "x", "AuthSessionValidity": 2},
        answer=told(broken("authSessionValidity", "have value greater than or equal to 3", "2")),
    ),
    "section 0 two members in one message": Fault(
        operation="SignUp",
        request={**SIGN_UP, "Username": "x" * 129, "Password": "xx" * 257},
        answer=told(
            broken("username", "have length less than or equal to 128"),
            broken("password", "have length less than or equal to 256"),
        ),
    ),
    "section 0 a member that is missing": Fault(
        operation="ConfirmSignUp",
        request=SIGN_UP,
        answer=told("Value null" + NULL_CODE),
    ),
    "section 0 a null is a member that is missing": Fault(
        operation="ConfirmSignUp",
        request={**CONFIRM, "ConfirmationCode": None},
        answer=told("Value null" + NULL_CODE),
    ),
    "section 0 a member of a member of a list": Fault(
        operation="SignUp",
        request={
            **SIGN_UP,
            "Password": "xx",
            "UserAttributes": [{"Name": "email", "Value": "x"}, {"Value": "x"}],
        },
        answer=told(
            "Value null at 'userAttributes.2.member.name' failed to satisfy constraint: Member must"
            " not be null"
        ),
    ),
    "choice: a page that is too large": Fault(
        operation="ListUsers",
        request={"UserPoolId": "us-east-1_x", "Limit": 61},
        answer=told(broken("limit", "have value less than or equal to 60", "61")),
    ),
    "section 2 a session that is too short": Fault(
        operation="AssociateSoftwareToken",
        request={"Session": "x" * 19},
        answer=told(broken("session", "have length greater than or equal to 20")),
    ),
}


@pytest.mark.parametrize(("operation", "request_body", "answer"), FAULTS.values(), ids=FAULTS)
def test_faults_are_reported_in_the_services_words(flow, operation, request_body, answer):
    with unchanged(flow):
        assert flow.raw(operation, **request_body) == answer


ITEMS = {"string": "", "structure": {}, "map": {}, "list": []}


def sized(shape, size):
    """A value of that size."""
    if shape.type_name == "list":
        return [ITEMS[shape.member.type_name]] * size
    return "x" * size if shape.type_name == "string" else size


def size_faults(shape, size):
    faults = validation._faults(shape, sized(shape, size), "member", hidden=True)
    return [fault for fault in faults if re.search("^Value .*at 'member' .* must have ", fault)]


def test_of_every_bounded_shape_the_last_size_is_accepted_and_the_next_is_not():
    """Section 0"""
    bounded = {
        shape.name: shape
        for shape in map(MODEL.shape_for, MODEL.shape_names)
        if shape.type_name in ("string", "list", "integer", "long")
        and {"min", "max"} & set(shape.metadata)
    }
    assert len(bounded) > 50
    for name, shape in bounded.items():
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        for bound, beyond in [(least, -1), (most, 1)]:
            if bound is None or bound + beyond < 0 and shape.type_name != "integer":
                continue
            assert size_faults(shape, bound) == [], (name, bound)
            (fault,) = size_faults(shape, bound + beyond)
            assert fault.endswith(f" than or equal to {bound}"), name


def test_an_unknown_value_of_an_enum_is_rejected_with_the_known_ones(flow):
    """Choice in its words."""
    code, message = flow.raw("InitiateAuth", ClientId="client", AuthFlow="NO_SUCH_FLOW")
    assert code == "InvalidParameterException"
    assert re.search("enum value set: .*USER_PASSWORD_AUTH", message)


def test_an_enum_within_a_list_is_checked(flow):
    """Choice in its words"""
    with rejects(
        flow,
        "InvalidParameterException",
        re.compile(".*autoVerifiedAttributes.1.member.*enum value set.*"),
    ):
        flow.aws.create_user_pool(PoolName="x", AutoVerifiedAttributes=["fax"])


def test_keys_and_values_of_a_map_are_checked(flow):
    """The model"""
    assert (
        flow.raw("CreateUserPool", PoolName="x", UserPoolTags={"k" * 129: "v"})[0]
        == "InvalidParameterException"
    )
    code, message = flow.raw("CreateUserPool", PoolName="x", UserPoolTags={"k": "v" * 257})
    assert (code, "'userPoolTags.k.member'" in message) == ("InvalidParameterException", True)


WRONG_KINDS = {
    "a number for a text": {"ClientId": 1},
    "a text for a list": {**SIGN_UP, "Password": "xx", "UserAttributes": "email"},
    "a list for a text": {**SIGN_UP, "Username": ["alice"]},
    "a text for a map": {**SIGN_UP, "Password": "xx", "ClientMetadata": "x"},
    "a text for a structure": {**SIGN_UP, "Password": "xx", "AnalyticsMetadata": "x"},
    "true for a text": {"ClientId": True},
}


@pytest.mark.parametrize("request_body", WRONG_KINDS.values(), ids=WRONG_KINDS)
def test_json_of_another_type_is_rejected(flow, request_body):
    """Choice."""
    assert flow.raw("SignUp", **request_body)[0] == "SerializationException"


def test_true_is_not_a_number_and_no_number_is_true(flow):
    """Choice."""
    assert flow.raw("ListUsers", UserPoolId=flow.pool_id, Limit=True)[0] == "SerializationException"
    assert (
        flow.raw("CreateUserPoolClient", UserPoolId=flow.pool_id, ClientName="x", GenerateSecret=1)[
            0
        ]
        == "SerializationException"
    )
    assert flow.raw("ListUsers", UserPoolId=flow.pool_id, Limit=1.5)[0] == "SerializationException"


BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "no UTF-8": b'{"ClientId": "\xff"}',
    "half a character": b'{"ClientId": "\\ud800"}',
    "half a character, raw": b'{"ClientId": "\xed\xa0\x80"}',
    "half a character as a key": b'{"\\udfff": "x"}',
    "UTF-16": '{"ClientId": "x"}'.encode("utf-16"),
    "nested beyond measure": b'{"ClientId": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "nested deeply": b'{"ClientId": ' + b"[" * 700 + b"]" * 700 + b"}",
    "a number of many digits": b'{"ClientId": ' + b"9" * 5000 + b"}",
    "not a number": b'{"ClientId": NaN}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_an_unreadable_body_is_rejected(emulator, body):
    """Choice."""
    answer = emulator.service.answer("ConfirmSignUp", body, Endpoint())
    assert answer.status == 400
    expected = "InvalidParameterException" if body == b"" else "SerializationException"
    assert json.loads(answer.body)["__type"] == expected


def test_unknown_members_are_ignored(flow):
    """Choice. Like the real service with members of a later version."""
    assert flow.raw("ListUserPools", MaxResults=1, NoSuchMember={"x": [None]})[0] is None


def test_an_unknown_operation_is_rejected(flow):
    """Choice."""
    assert flow.raw("NoSuchOperation")[0] == "UnknownOperationException"


def test_a_message_with_line_breaks_stays_out_of_the_headers(emulator):
    """Section 0: the message is sent in a header, too"""
    body = json.dumps({**CONFIRM, "ConfirmationCode": "1\r\nSet-Cookie: x=ä\x00\x7f"}).encode()
    header = emulator.service.answer("ConfirmSignUp", body, Endpoint()).headers[
        "x-amzn-ErrorMessage"
    ]
    assert header.isprintable()
    assert header.isascii()
