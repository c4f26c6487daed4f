"""The same call in other languages: every line can be parsed back into its request, and no text
breaks out of its literal.
"""

import ast
import json
import re
import shlex
import subprocess
from types import SimpleNamespace

import pytest
from awscli.clidriver import create_clidriver
from botocore import xform_name
from botocore.model import ListShape, MapShape, ServiceModel, StringShape, StructureShape
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_helpers.calls.aws_cli import NOT_KEPT, PLACES, Variable, elsewhere, with_variables
from cognito_helpers.calls.recorder import Exchange
from cognito_helpers.calls.sdk_syntax import SDKS
from cognito_helpers.local_cognito.service import OPERATIONS
from cognito_helpers.redact import redact
from etc.tools.lessons import MODEL

SERVICE = ServiceModel(MODEL, "cognito-idp")
HOSTILE = [
    "it's",
    '"quoted"',
    "$(reboot)",
    "`reboot`",
    "a\\b",
    "a\\",
    "-rf",
    "--x=y",
    "file:///etc/passwd",
    "http://x/",
    "a b",
    "a\nb",
    "${x}",
    "*",
    "😀",
]
HOSTILE += ["\u202eab", "{}", "#;", "%s"]

SIGN_UP = {
    "ClientId": "c1",
    "Username": "ana",
    "Password": "p",
    "UserAttributes": [{"Name": "email", "Value": "a@b"}, {"Name": "name", "Value": "A"}],
}
SIGN_IN = {
    "ClientId": "c1",
    "AuthFlow": "USER_PASSWORD_AUTH",
    "AuthParameters": {"USERNAME": "ana", "PASSWORD": "p"},
}
ANSWER = {
    "UserPoolId": "us-east-1_x",
    "ClientId": "c1",
    "ChallengeName": "SOFTWARE_TOKEN_MFA",
    "Session": "s" * 40,
    "ChallengeResponses": {"USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": "123456"},
}
POOL = {
    "UserPoolId": "us-east-1_x",
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "MfaConfiguration": "ON",
}
CLIENT = {
    "UserPoolId": "p_1",
    "ClientName": "c",
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    "AuthSessionValidity": 15,
}
PREFERENCE = {"AccessToken": "t" * 40, "SMSMfaSettings": {"Enabled": False}}
DEVICE = {
    "AccessToken": "t" * 40,
    "DeviceKey": "k_1",
    "DeviceSecretVerifierConfig": {"PasswordVerifier": "v" * 40, "Salt": "s" * 40},
}
REQUESTS = {
    "SignUp": SIGN_UP,
    "InitiateAuth": SIGN_IN,
    "AdminRespondToAuthChallenge": ANSWER,
    "SetUserPoolMfaConfig": POOL,
    "CreateUserPoolClient": CLIENT,
    "SetUserMFAPreference": PREFERENCE,
    "ConfirmDevice": DEVICE,
    "ListUserPools": {"MaxResults": 10},
}


def written(
    operation: str,
    request: dict,
    place: str,
    url: str = "https://cognito-idp.eu-west-1.amazonaws.com/",
) -> str:
    exchange = SimpleNamespace(operation=operation, request=redact(request), url=url)
    return elsewhere(exchange, SERVICE, place)


def expected(request: dict) -> dict:
    return with_variables(redact(request))


# Parsing them back


def words_of(line: str) -> list[str]:
    # A shell removes a backslash with its line break; shlex keeps the break.
    return shlex.split(line.replace(" \\\n    ", " "))


def from_words(operation: str, words: list[str]) -> dict:
    """Parse a command line as the AWS CLI does; a text that is a variable's name is the
    variable."""
    assert words[:3] == ["aws", "cognito-idp", xform_name(operation, "-")]
    members = SERVICE.operation_model(operation).input_shape.members
    options = {f"--{xform_name(name, '-')}": name for name in members}
    request, rest = {}, words[3:]
    while rest:
        option, joined, value = rest.pop(0).partition("=")
        if option == "--region":
            assert rest.pop(0) == "eu-west-1"
        elif option == "--cli-input-json":
            request = json.loads(rest.pop(0))
        elif option.startswith("--no-"):
            request[options["--" + option.removeprefix("--no-")]] = False
        else:
            values = [value] if joined else []
            while not joined and rest and not rest[0].startswith("--"):
                values.append(rest.pop(0))
            request[options[option]] = from_option(members[options[option]], values)
    return variables(request)


def from_option(shape, values: list[str]):
    if shape.type_name == "boolean":
        assert values == []
        return True
    if isinstance(shape, ListShape) and not values[0].startswith("["):
        return values
    (value,) = values
    if value.startswith("$"):
        return value
    if isinstance(shape, StructureShape | MapShape | ListShape):
        return json.loads(value)
    assert not value.startswith(("file://", "fileb://", "http://", "https://")), (
        "the AWS CLI would read that from elsewhere"
    )
    return int(value) if shape.type_name in ("integer", "long") else value


def variables(value):
    if isinstance(value, dict):
        return {name: variables(member) for name, member in value.items()}
    if isinstance(value, list):
        return [variables(item) for item in value]
    return (
        Variable(value[1:].lower())
        if isinstance(value, str) and re.fullmatch(r"\$[A-Z_0-9]+", value)
        else value
    )


def from_python(text: str) -> dict:
    call = ast.parse(text).body[0].value

    def read(node):
        if isinstance(node, ast.Name):
            return Variable(node.id)
        if isinstance(node, ast.Dict):
            return {
                read(key): read(value) for key, value in zip(node.keys, node.values, strict=True)
            }
        return (
            [read(item) for item in node.elts]
            if isinstance(node, ast.List)
            else ast.literal_eval(node)
        )

    return {keyword.arg: read(keyword.value) for keyword in call.keywords}


STRING = r'"(?:\\.|[^"\\\n])*"'


def from_javascript(operation: str, text: str) -> dict:
    """Parse object notation, which is JSON with unquoted names; a bare word after a colon is a
    variable.
    """
    body = text.removeprefix(f"await client.send(new {operation}Command(").removesuffix("));")
    strings = re.findall(STRING, body)
    bare = re.sub(STRING, "\0", body)
    bare = re.sub(
        r"\b(?!true\b|false\b)([a-z]\w*)\b(?!:)",
        lambda found: json.dumps("$" + xform_name(found[1]).upper()),
        bare,
    )
    bare = re.sub(r"\b(\w+):", r'"\1":', bare)
    return variables(json.loads(re.sub("\0", lambda _: strings.pop(0), bare)))


def values(shape) -> st.SearchStrategy:
    """Values of a shape, as odd as requests allow."""
    if isinstance(shape, StructureShape):
        return st.fixed_dictionaries(
            {}, optional={name: values(member) for name, member in list(shape.members.items())[:6]}
        )
    if isinstance(shape, ListShape):
        return st.lists(values(shape.member), max_size=3)
    if isinstance(shape, MapShape):
        return st.dictionaries(
            st.sampled_from(["USERNAME", "PASSWORD", "DEVICE_KEY", "made-by", "é"]),
            values(shape.value),
            max_size=3,
        )
    if isinstance(shape, StringShape) and shape.enum:
        return st.sampled_from(shape.enum)
    if shape.type_name in ("integer", "long"):
        return st.integers(0, 10_000)
    if shape.type_name == "boolean":
        return st.booleans()
    return st.sampled_from(HOSTILE) | st.text(
        st.characters(exclude_categories=["C"]), max_size=8
    ).filter(lambda text: not text.startswith("$"))


KNOWN = sorted(OPERATIONS)


@given(st.data())
def test_every_call_can_be_parsed_back_from_the_cli_and_two_languages(data):
    operation = data.draw(st.sampled_from(KNOWN))
    request = data.draw(values(SERVICE.operation_model(operation).input_shape))
    meant = expected(request)
    assert from_words(operation, words_of(written(operation, request, "AWS CLI"))) == meant
    assert from_python(written(operation, request, "Python")) == meant
    assert from_javascript(operation, written(operation, request, "JavaScript v3")) == meant


SECRET = "it's $HOME & `x`, 20 characters"


@pytest.fixture(scope="module")
def aws_cli():
    """The real AWS CLI: a function from command-line words to the operation and the request it
    would send.
    """
    patch = pytest.MonkeyPatch()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(name, "x")
    driver, sent = create_clidriver(), []

    def instead_of_sending(model, params, **_):
        sent.append((model.name, json.loads(params["body"])))
        return SimpleNamespace(status_code=200, headers={}), {}

    driver.session.register("before-call.cognito-identity-provider", instead_of_sending)

    def run(words):
        assert driver.main(words) == 0, words
        return sent.pop()

    yield run
    patch.undo()


def words_in_shell(line: str) -> list[str]:
    """What a real shell makes of a line whose variables hold secrets."""
    secrets = dict.fromkeys(re.findall(r"\$([A-Z_]+)", line), SECRET)
    script = f"aws() {{ for word; do printf '%s\\0' \"$word\"; done; }}\n{line}"
    return subprocess.run(
        ["sh", "-c", script], env=secrets, capture_output=True, text=True, check=True
    ).stdout.split("\0")[:-1]


@pytest.mark.parametrize("operation", REQUESTS)
def test_a_real_shell_and_the_real_cli_send_the_same_request(aws_cli, operation):
    request = REQUESTS[operation]
    meant = json.loads(json.dumps(expected(request), default=lambda _: SECRET))
    line = written(operation, request, "AWS CLI")
    assert aws_cli(words_in_shell(line)) == (operation, meant)
    assert ("$" in line) == (SECRET in json.dumps(meant))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_sent_unchanged_and_runs_nothing(aws_cli, name):
    line = written("AdminGetUser", {"UserPoolId": "p_1", "Username": name}, "AWS CLI")
    assert aws_cli(words_in_shell(line)) == (
        "AdminGetUser",
        {"UserPoolId": "p_1", "Username": name},
    )


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("file://x", True),
        ("fileb://x", True),
        ("http://x", True),
        ("https://x", True),
        ("file:/x", False),
        ("filec://x", False),
        (" file://x", False),
        ("ftp://x", False),
    ],
)
def test_a_value_the_cli_would_read_from_a_file_or_url_is_sent_as_json(value, read):
    line = written("AdminGetUser", {"UserPoolId": "p_1", "Username": value}, "AWS CLI")
    assert ("--cli-input-json" in line) is read


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x7f", "\\u007f"),
        ("\u200b", "\\u200b"),
        ("\uffff", "\\uffff"),
        ("\U00010000", "\U00010000"),
        ("\U0001d173", "\U0001d173"),
    ],
)
@pytest.mark.parametrize("place", PLACES[1:])
def test_an_invisible_character_is_escaped_if_four_digits_are_enough(place, character, shown):
    text = written("AdminGetUser", {"UserPoolId": "p_1", "Username": f"a{character}b"}, place)
    assert f'"a{shown}b"' in text


@pytest.mark.parametrize(
    ("parameter", "variable"),
    [
        ("PASSWORD", "password"),
        ("AccessToken", "access_token"),
        ("made by-hand", "made_by_hand"),
        ("1", "value_1"),
        ("é", "value"),
        ("$(x)", "x"),
    ],
)
def test_a_variable_name_is_valid_in_every_language(parameter, variable):
    assert with_variables({"ChallengeResponses": {parameter: "x"}})["ChallengeResponses"][
        parameter
    ] == Variable(variable)


# What each language writes, beside its own published examples
WRITTEN = {
    ("SignUp", "AWS CLI"): [
        "aws cognito-idp sign-up \\",
        "    --region eu-west-1 \\",
        "    --client-id c1 \\",
        "    --username ana \\",
        '    --password "$PASSWORD" \\',
        "    --user-attributes "
        """'[{"Name": "email", "Value": "a@b"}, {"Name": "name", "Value": "A"}]'""",
    ],
    ("InitiateAuth", "AWS CLI"): [
        "aws cognito-idp initiate-auth \\",
        "    --region eu-west-1 \\",
        "    --client-id c1 \\",
        "    --auth-flow USER_PASSWORD_AUTH \\",
        """    --auth-parameters '{"USERNAME": "ana", "PASSWORD": "'"$PASSWORD"'"}'""",
    ],
    ("AdminRespondToAuthChallenge", ".NET"): [
        "await client.AdminRespondToAuthChallengeAsync(new AdminRespondToAuthChallengeRequest",
        "{",
        '    UserPoolId = "us-east-1_x",',
        '    ClientId = "c1",',
        "    ChallengeName = ChallengeNameType.SOFTWARE_TOKEN_MFA,",
        "    Session = session,",
        (
            '    ChallengeResponses = new Dictionary<string, string> { ["USERNAME"] = "ana",'
            ' ["SOFTWARE_TOKEN_MFA_CODE"] = softwareTokenMfaCode }'
        ),
        "});",
    ],
    ("SignUp", "C++"): [
        "client.SignUp(SignUpRequest()",
        '    .WithClientId("c1")',
        '    .WithUsername("ana")',
        "    .WithPassword(password)",
        '    .AddUserAttributes(AttributeType().WithName("email").WithValue("a@b"))',
        '    .AddUserAttributes(AttributeType().WithName("name").WithValue("A")));',
    ],
    ("InitiateAuth", "C++"): [
        "client.InitiateAuth(InitiateAuthRequest()",
        '    .WithClientId("c1")',
        "    .WithAuthFlow(AuthFlowType::USER_PASSWORD_AUTH)",
        '    .AddAuthParameters("USERNAME", "ana")',
        '    .AddAuthParameters("PASSWORD", password));',
    ],
    ("SignUp", "Java"): [
        "client.signUp(r -> r",
        '    .clientId("c1")',
        '    .username("ana")',
        "    .password(password)",
        '    .userAttributes(s -> s.name("email").value("a@b"), s -> s.name("name").value("A")));',
    ],
    ("CreateUserPoolClient", "Java"): [
        "client.createUserPoolClient(r -> r",
        '    .userPoolId("p_1")',
        '    .clientName("c")',
        (
            "    .explicitAuthFlows(ExplicitAuthFlowsType.ALLOW_USER_PASSWORD_AUTH,"
            " ExplicitAuthFlowsType.ALLOW_REFRESH_TOKEN_AUTH)"
        ),
        "    .authSessionValidity(15));",
    ],
    ("SetUserMFAPreference", "Java"): [
        "client.setUserMFAPreference(r -> r",
        "    .accessToken(accessToken)",
        "    .smsMfaSettings(s -> s.enabled(false)));",
    ],
    ("SetUserMFAPreference", "Kotlin"): [
        "client.setUserMfaPreference {",
        "    accessToken = accessTokenValue",
        "    smsMfaSettings = SmsMfaSettingsType { enabled = false }",
        "}",
    ],
    ("AdminRespondToAuthChallenge", "Kotlin"): [
        "client.adminRespondToAuthChallenge {",
        '    userPoolId = "us-east-1_x"',
        '    clientId = "c1"',
        "    challengeName = ChallengeNameType.SoftwareTokenMfa",
        "    session = sessionValue",
        (
            '    challengeResponses = mapOf("USERNAME" to "ana", "SOFTWARE_TOKEN_MFA_CODE" to'
            " softwareTokenMfaCodeValue)"
        ),
        "}",
    ],
    ("SetUserPoolMfaConfig", "JavaScript v3"): [
        "await client.send(new SetUserPoolMfaConfigCommand({",
        '    UserPoolId: "us-east-1_x",',
        "    SoftwareTokenMfaConfiguration: { Enabled: true },",
        '    MfaConfiguration: "ON"',
        "}));",
    ],
    ("ConfirmDevice", "Python"): [
        "client.confirm_device(",
        "    AccessToken=access_token,",
        '    DeviceKey="k_1",',
        '    DeviceSecretVerifierConfig={"PasswordVerifier": password_verifier, "Salt": salt}',
        ")",
    ],
}


@pytest.mark.parametrize(("operation", "place"), WRITTEN)
def test_a_call_is_written_in_the_style_of_each_language(operation, place):
    assert written(operation, REQUESTS[operation], place).splitlines() == WRITTEN[operation, place]


def test_every_language_has_an_example():
    assert {place for _, place in WRITTEN} == set(PLACES) and PLACES[1:] == list(SDKS)


@pytest.mark.parametrize("place", PLACES[1:])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_ends_its_literal_in_any_language(place, name):
    text = written("AdminGetUser", {"UserPoolId": "p_1", "Username": name}, place)
    literals = re.findall(STRING, text)
    assert len(literals) == 2 and '"' not in re.sub(STRING, "", text)
    # The escapes used mean the same in all six, except Kotlin's for the dollar sign.
    assert json.loads(literals[1].replace("\\$", "$")) == name
    assert "\\u000" not in literals[1], "Java would take it for a line break"
    if place == "Kotlin":
        assert not re.search(r"(?<!\\)\$", literals[1])
    assert "\u202e" not in text


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("operation", KNOWN)
def test_every_operation_can_be_written_in_every_language(operation, place):
    shape = SERVICE.operation_model(operation).input_shape
    request = {name: _some(member) for name, member in shape.members.items()}
    text = written(operation, request, place)
    bare = re.sub(STRING, "", text) if place != "AWS CLI" else ""
    assert text and all(bare.count(left) == bare.count(right) for left, right in ("()", "[]", "{}"))


def _some(shape, depth: int = 0):
    if isinstance(shape, StructureShape):
        return (
            {name: _some(member, depth + 1) for name, member in shape.members.items()}
            if depth < 4
            else {}
        )
    if isinstance(shape, ListShape):
        return [_some(shape.member, depth + 1)] * 2
    if isinstance(shape, MapShape):
        return {"KEY": _some(shape.value, depth + 1)}
    if isinstance(shape, StringShape):
        return shape.enum[0] if shape.enum else "x"
    return {"integer": 1, "long": 1, "boolean": True}.get(shape.type_name, "x")


@given(st.sampled_from(PLACES), st.text(min_size=20, max_size=60))
@example("AWS CLI", "'; reboot; '" * 3)
def test_no_secret_is_written_in_any_language(place, secret):
    request = {
        "ClientId": "c1",
        "ChallengeName": "SOFTWARE_TOKEN_MFA",
        "Session": secret,
        "ChallengeResponses": {"PASSWORD": secret, "NEW": secret},
    }
    text = written("RespondToAuthChallenge", request, place)
    assert secret not in text and secret[:4] + "…" not in text


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://cognito-idp.ap-south-2.amazonaws.com/", "ap-south-2"),
        ("https://cognito-idp-fips.us-west-1.amazonaws.com/", "us-west-1"),
        ("http://127.0.0.1:8000/", "us-east-1"),
    ],
)
def test_the_region_is_that_of_the_endpoint(url, region):
    assert f"--region {region} " in written("ListUserPools", {"MaxResults": 1}, "AWS CLI", url)


def test_a_request_that_was_not_kept_is_not_invented():
    assert (
        elsewhere(
            SimpleNamespace(
                operation="GetUser", request="(99999 characters: too long to keep)", url=""
            ),
            SERVICE,
            "Python",
        )
        == NOT_KEPT
    )


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\u202eb", "a\u2028b", "a\nb"])
def test_invisible_characters_are_not_quoted_raw(name):
    exchange = Exchange(
        number=1,
        operation="AdminGetUser",
        url="https://cognito-idp.eu-west-1.amazonaws.com/",
        headers={},
        request={"UserPoolId": "eu-west-1_AbCdEfGhI", "Username": name},
        status=200,
        answer_headers={},
        answer={},
        milliseconds=1,
    )
    for place in PLACES:
        written = elsewhere(exchange, SERVICE, place)
        assert name not in written and written.replace("\n", "").isprintable()
