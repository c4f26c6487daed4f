"""Request bodies of every kind, generated from the service's own model: valid, damaged, and not
JSON at all. All tests that send random requests use these.
"""

import json
from functools import cache

from botocore.model import ListShape, MapShape, StructureShape
from hypothesis import strategies as st

from cognito_helpers.local_cognito.service import OPERATIONS

from .shapes import MODEL

# Members filled with a value seen under the same name, and other names for the same thing
SAME = {
    "PoolName": "Name",
    "USERNAME": "Username",
    "DEVICE_KEY": "DeviceKey",
    "REFRESH_TOKEN": "RefreshToken",
    "Token": "RefreshToken",
    "NextToken": "PaginationToken",
}
IN_MAPS = [
    "USERNAME",
    "PASSWORD",
    "SRP_A",
    "DEVICE_KEY",
    "REFRESH_TOKEN",
    "SECRET_HASH",
    "SOFTWARE_TOKEN_MFA_CODE",
    "NEW_PASSWORD",
    "userAttributes.email",
]
IN_MAPS += ["PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP", "ANSWER"]
IN_MAPS += ["SMS_MFA_CODE", "EMAIL_OTP_CODE", "SMS_OTP_CODE", "EMAIL", "PREFERRED_CHALLENGE"]
IN_MAPS += ["CREDENTIAL", "CHALLENGE_NAME"]
ATTRIBUTES = [
    "email",
    "sub",
    "phone_number",
    "email_verified",
    "preferred_username",
    "custom:x",
    "birthdate",
]
ODD = st.sampled_from(
    [
        "",
        "\x00",
        "\ud800",
        "<b>",
        "\u202e",
        "🐢",
        "x" * 200,
        "x" * 3000,
        "A" * 1200,
        "1 12",
        "'; DROP TABLE users; --",
        "%00",
        "{####}",
        "us-east-1_",
        "a.b.c",
        "eyJhIjoxfQ==",
        "ä" * 30,
        'email = "x"',
        "123456",
        "nobody",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


class Seen(str):
    """The newest value the service returned under this name."""


class Drawn:
    """Strategies for requests, built once for each shape."""

    @cache  # noqa: B019 - one object for the whole run
    def of(self, shape, name=""):
        if isinstance(shape, StructureShape):
            members = {member: self.of(inner, member) for member, inner in shape.members.items()}
            needed = {member: members[member] for member in shape.required_members}
            return st.fixed_dictionaries(
                needed,
                optional={
                    member: drawn for member, drawn in members.items() if member not in needed
                },
            )
        if isinstance(shape, ListShape):
            return st.lists(self.of(shape.member, name), max_size=3)
        if isinstance(shape, MapShape):
            keys = (
                st.sampled_from(IN_MAPS)
                if name in ("AuthParameters", "ChallengeResponses")
                else st.text(max_size=8)
            )
            return st.dictionaries(keys, self.of(shape.value, name), max_size=5).flatmap(_filled)
        return self._plain(shape, name)

    def _plain(self, shape, name):
        if shape.type_name == "string":
            usual = (
                st.sampled_from(shape.enum)
                if getattr(shape, "enum", None)
                else st.just(Seen(SAME.get(name, name)))
            )
            named = st.sampled_from(ATTRIBUTES) if name == "Name" else usual
            return named | usual | st.text(max_size=10) | ODD
        if shape.type_name in ("integer", "long"):
            return st.integers(-1, 100) | st.integers()
        return {"boolean": st.booleans(), "timestamp": st.integers(0, 2**31) | st.floats()}.get(
            shape.type_name, st.text(max_size=10)
        )


def _filled(members):
    """A map whose entries are mostly values seen under their name."""
    return st.fixed_dictionaries(
        {
            name: st.just(Seen(SAME.get(name, name))) | st.just(value)
            for name, value in members.items()
        }
    )


DRAWN = Drawn()
# Now and then also a member that only Amazon Cognito has
NAMES = st.sampled_from(sorted(OPERATIONS) * 4 + sorted(MODEL.operation_names))


def request_of(operation):
    """The parameters of an operation, by the model."""
    shape = MODEL.operation_model(operation).input_shape
    return DRAWN.of(shape) if shape else st.just({})


@st.composite
def requests(draw):
    """An operation and its parameters by the model."""
    name = draw(NAMES)
    return name, draw(request_of(name))


@st.composite
def damaged(draw, operation):
    """Like `request_of`, with any JSON instead of one member, or of all."""
    body = draw(request_of(operation))
    if not body or draw(st.integers(0, 9)) == 0:
        return draw(JSON)
    return body | {draw(st.sampled_from(sorted(body))): draw(JSON)}


def filled(value, seen):
    """`value` with each placeholder replaced by the newest value seen under its name."""
    if isinstance(value, Seen):
        return seen[value][-1] if seen.get(value) else str(value)
    if isinstance(value, dict):
        return {name: filled(member, seen) for name, member in value.items()}
    return [filled(item, seen) for item in value] if isinstance(value, list) else value


def bodies(operation, seen):
    """A request body: valid by the model, damaged, any JSON, or any bytes."""
    shaped = request_of(operation) | damaged(operation)
    return (
        shaped.map(lambda body: json.dumps(filled(body, seen)).encode())
        | JSON.map(lambda body: json.dumps(body).encode())
        | st.binary(max_size=60)
    )
