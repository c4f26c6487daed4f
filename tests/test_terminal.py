"""The scenario at a terminal: every question answered rightly and wrongly; without a terminal;
against AWS; and stopped in the middle.
"""

import io
import os
import re
import subprocess
import sys
from typing import NamedTuple

import pyotp
import pytest
import zxingcpp

from cognito_helpers.sign_in.authenticator import authenticator_link
from cognito_helpers.terminal import console
from cognito_helpers.views.response import show
from tests.terminal import Terminal
from tests.test_scenario import WHOLE
from tests.tutorial_pool import tutorial_pool

MODULE = "cognito_helpers"
PASSWORD = "Passw0rd!"
GONE = "The emulator was in memory: its pool and its users are deleted."


# With the emulator


def test_the_whole_flow_with_a_wrong_answer_to_every_question():
    with Terminal(MODULE, "run") as person:
        person.answers("User name [ana]: ", "an a", "no spaces.\nUser name [ana]: ", "ana")
        person.answers("Email [ana@example.com]: ", "nowhere", "has one @", "")
        person.answers(
            "Password of ana (not shown", "with a space", "Password of ana (not shown", "weak"
        )
        person.sees(
            "Error: InvalidPasswordException: Password did not conform with policy: Password not"
            " long enough"
        )
        person.answers("Password of ana (not shown", PASSWORD)
        person.sees("UNCONFIRMED")
        said = " ".join(person.screen.split())
        assert re.search(r"created the user pool us-east-1_\w{9} and an app client\.", said)
        person.answers(
            "Confirmation code (“new” for another) [",
            "12345",
            "A code has six or eight digits.",
            "000000",
            "CodeMismatchException",
            "new",
        )
        person.sees("ResendConfirmationCode")
        person.answers("Confirmation code", "")
        person.sees("MFA_SETUP: the user has no second factor yet.")
        person.answers(
            "Code on the phone",
            "one two",
            "A code has six or eight digits.",
            "000000",
            "Error: EnableSoftwareTokenMFAException",
            "",
        )
        person.sees("The access token is valid:")
        person.answers(
            "Code on the phone",
            "123",
            "A code has six or eight digits.",
            "000000",
            "Error: CodeMismatchException",
            "",
        )
        person.sees("30 seconds later by the emulator's clock")
        person.answers("Remember this device", "perhaps", "Answer yes or no.", "Y")
        person.sees("DEVICE_SRP_AUTH: the device must prove that it's the one you confirmed.")
        person.answers("Delete ana?", "don't know", "Answer yes or no.", "yes")
        person.sees(GONE)
        assert person.ends() == 0
        calls = re.findall(r"^[A-Z][A-Za-z]+$", person.screen, re.MULTILINE)
        assert [call for call in calls if call != "ResendConfirmationCode"] == WHOLE
        assert PASSWORD not in person.screen and not re.search(
            r"eyJ[\w-]{20}|AYAB[\w-]{20}", person.screen
        )


# The QR code


def pixels(drawn: str, zoom: int = 4) -> memoryview:
    """Paint what a terminal would show: light foreground on dark background, two modules to a
    character, into gray pixels.
    """
    shapes = {"\xa0": (0, 0), "▀": (255, 0), "▄": (0, 255), "█": (255, 255)}
    rows: list[bytes] = []
    for line in drawn.rstrip("\n").split("\n"):
        coloured = re.fullmatch(r"(?:\x1b\[48;5;232m)?\x1b\[38;5;255m(.*)\x1b\[0m", line)
        assert coloured, "a line without its own colours"
        for half in (0, 1):
            rows += [
                b"".join(bytes([shapes[character][half]]) * zoom for character in coloured[1])
            ] * zoom
    assert len(set(map(len, rows))) == 1
    return memoryview(b"".join(rows)).cast("B", (len(rows), len(rows[0])))


def at_terminal(monkeypatch, columns=80, encoding="utf-8"):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))


@pytest.mark.parametrize("account", ["ana", "ana+test@example.com", "日本", "x" * 100])
def test_a_scanner_reads_the_link_from_the_terminal(monkeypatch, account):
    at_terminal(monkeypatch)
    link = authenticator_link("A" * 52, account, "Cognito tutorial")
    (read,) = zxingcpp.read_barcodes(pixels(console.drawn(link)))
    assert read.text == link


def test_if_the_picture_cannot_be_drawn_the_text_says_why(monkeypatch):
    link = authenticator_link("A" * 52, "ana", "Cognito tutorial")
    at_terminal(monkeypatch, columns=40)
    assert "needs a terminal of 49 columns: make this one wider, or type the key" in console.drawn(
        link
    )
    at_terminal(monkeypatch, encoding="latin-1")
    assert "has no characters to draw the QR code with: type the key" in console.drawn(link)


def test_the_users_own_phone_scans_the_screen_and_signs_in():
    with Terminal(MODULE, "run") as person:
        person.answers("User name", "", "Email", "", "Password", PASSWORD, "Confirmation code", "")
        drawn = (
            person.sees("Scan this with an authenticator app")
            .partition("for a few minutes\n")[2]
            .split("\n\n")
        )
        picture = next(part for part in drawn if "█" in part)
        (read,) = zxingcpp.read_barcodes(pixels(picture.strip("\n")))
        phone = pyotp.parse_uri(read.text)
        assert (phone.name, phone.issuer) == ("ana", "Cognito tutorial")
        key = re.search(r"^  ([A-Z2-7 ]+)$", person.sees("Code on the phone"), re.MULTILINE)[
            1
        ].replace(" ", "")
        assert key == phone.secret
        first = phone.now()
        person.types(first)
        person.sees("SUCCESS: the authenticator app is enrolled")
        person.answers("Code on the phone", first)
        person.sees("Error: ExpiredCodeException: Your software token has already been used once.")
        person.answers("Code on the phone", "", "Remember", "no", "Delete", "no")
        assert person.ends() == 0


# Without a terminal


def run(*arguments, typed="", environment=None):
    """Run the command with redirected streams: exit code, standard output, standard error."""
    done = subprocess.run(
        [sys.executable, "-m", MODULE, "run", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_without_input_the_defaults_are_used():
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.strip().endswith(GONE) and "The phone inside this program has it too." in out
    assert re.findall(r"^[A-Z][A-Za-z]+$", out, re.MULTILINE) == WHOLE
    assert not re.search(
        r"█|otpauth|eyJ[\w-]{20}|AYAB[\w-]{20}|\b[A-Z2-7]{4}( [A-Z2-7]{4}){5}", out
    ), "a secret went into a file"


def test_answers_come_from_options_and_from_a_pipe(tmp_path):
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    code, out, err = run(
        "--username",
        "ben",
        "--email=ben@example.org",
        "--password-file",
        str(password),
        "--remember-device=n",
        "--delete-user",
        "NO",
    )
    assert (
        (code, err) == (0, "")
        and "b***@e***" in out
        and "ConfirmDevice" not in out
        and "DeleteUser" not in out
    )
    assert PASSWORD not in out
    code, out, err = run("--password-file", "-", typed=f"{PASSWORD}\ncarla\ncarla@example.com\n")
    assert (
        (code, err) == (0, "") and "Username              carla" in out or "Username  carla" in out
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--username", "an a"], "A user name has 1 to 128 characters and no spaces."),
        (["--email", "nowhere"], "An email address has one @"),
        (["--delete-user", "perhaps"], "Answer yes or no."),
        (["--backend", "moon"], "invalid choice: 'moon'"),
        (["--backend", "aws"], "--backend aws needs POOL_ID and CLIENT_ID"),
        (["--backend", "aws", "us-east-1_AbCdEfGhI"], "--backend aws needs POOL_ID and CLIENT_ID"),
        (["--backend", "aws", "my-pool", "client"], "POOL_ID: it doesn't look like one"),
        (["us-east-1_AbCdEfGhI", "client"], "the emulator creates a pool of its own"),
        (["--password", "secret"], "POOL_ID: it doesn't look like one"),
    ],
)
def test_invalid_options_are_named(arguments, words):
    code, out, err = run(*arguments)
    assert code == 2 and out == "" and re.search(words, err)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file or directory"),
        (b"", "isn't a password. A password has 1 to 256 characters and no spaces."),
        (b"two words\n", "isn't a password. A password has"),
        (b"\xff\xfe\n", "isn't a password: it isn't text in UTF-8."),
    ],
)
def test_an_unusable_password_file_is_one_sentence(tmp_path, content, words):
    if content is not None:
        (tmp_path / "password").write_bytes(content)
    code, out, err = run("--password-file", str(tmp_path / "password"))
    assert (code, out) == (1, "") and words in err and err.count("\n") == 1 and str(tmp_path) in err


def test_help_says_how_to_give_a_password():
    code, out, _ = run("--help")
    assert code == 0 and "--password-file" in out and "could see it" in " ".join(out.split())


# Against AWS, played by the emulator's HTTP endpoint


@pytest.fixture
def aws():
    """A pool behind an HTTP endpoint, and the environment that points boto3 there."""
    with tutorial_pool("over HTTP") as pool:
        url = pool.client.meta.endpoint_url
        pool.arguments = ["--backend", "aws", pool.id, pool.client_id]
        pool.environment = BARE | {
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": url,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
        }
        yield pool


# Without this machine's settings or a proxy's
BARE = {
    name: value
    for name, value in os.environ.items()
    if not re.match(r"AWS_|(\w+_)?PROXY$", name, re.IGNORECASE)
}
BARE |= {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def key_on(person):
    return re.search(r"^  ([A-Z2-7 ]{50,})$", person.sees("Code on the phone"), re.MULTILINE)[
        1
    ].replace(" ", "")


def test_the_flow_against_aws_and_again_with_an_existing_user(aws):
    with Terminal(MODULE, "run", *aws.arguments, environment=aws.environment) as person:
        person.answers(
            "User name: ",
            "",
            "Type something, or press Ctrl-C to stop.",
            "ana",
            "Email: ",
            "ana@example.com",
        )
        person.answers(
            "Password of ana (not shown): ", "", "Password of ana (not shown): ", PASSWORD
        )
        person.sees("The code went by EMAIL to a***@e***.")
        person.answers("Confirmation code (“new” for another): ", "")
        person.sees("Type something")
        person.types(aws.email_code())
        secret = key_on(person)
        person.types(aws.app_code(secret))
        person.sees("SUCCESS")
        person.answers("Code on the phone (six digits, not used before): ", aws.app_code(secret))
        person.answers("Remember this device", "yes", "Delete ana? [no]: ", "")
        shown = person.sees("Delete it when you're done with it.")
        assert (
            "The user ana stays, CONFIRMED: give the same name again to continue. The tokens"
            " and the device weren't kept" in shown
        )
        assert person.ends() == 0
        assert "emulator" not in person.screen and "phone inside" not in person.screen
    with Terminal(MODULE, "run", *aws.arguments, environment=aws.environment) as person:
        person.answers(
            "User name: ", "ana", "Email: ", "ana@example.com", "Password of ana", "Wr0ng-password"
        )
        person.sees("Error: UsernameExistsException")
        person.answers("ana is in the pool already, and CONFIRMED. Continue as ana? [no]: ", "yes")
        person.sees("Error: NotAuthorizedException: Incorrect username or password.")
        person.answers("Password of ana", PASSWORD, "Code on the phone", aws.app_code(secret))
        person.sees("The access token is valid:")
        person.answers(
            "Code on the phone", aws.app_code(secret), "Remember", "no", "Delete ana? [no]: ", "yes"
        )
        person.sees("This run left no user behind.")
        assert person.ends() == 0
    assert aws.statuses() == {}


def test_a_user_created_by_an_administrator_chooses_a_password_at_the_prompt(aws):
    aws.client.admin_create_user(
        UserPoolId=aws.id, Username="ana", TemporaryPassword="Temp0rary!", MessageAction="SUPPRESS"
    )
    with Terminal(MODULE, "run", *aws.arguments, environment=aws.environment) as person:
        person.answers(
            "User name: ", "ana", "Email: ", "ana@example.com", "Password of ana", "Temp0rary!"
        )
        person.answers(
            "ana is in the pool already, and FORCE_CHANGE_PASSWORD. Continue as ana? [no]: ", "y"
        )
        person.sees("NEW_PASSWORD_REQUIRED: an administrator chose the password.")
        # The pool requires an address, and this user has none yet.
        person.answers("Email: ", "ana@example.com", "New password for ana (not shown): ", "weak")
        person.sees("Error: InvalidPasswordException")
        person.answers("Email: ", "ana@example.com", "New password for ana (not shown): ", PASSWORD)
        secret = key_on(person)
        person.types(aws.app_code(secret))
        person.sees("SUCCESS")
        person.interrupts()
        person.sees("The user ana stays, CONFIRMED")
        assert person.ends() == 130


def test_against_aws_a_missing_answer_is_one_sentence(aws):
    code, out, err = run(*aws.arguments, environment=aws.environment)
    assert (code, err) == (
        1,
        "There's no answer to “User name”: give --username, or answer at the prompt.\n",
    )
    assert "This run left no user behind. The user pool" in out


def test_after_an_error_no_default_answer_is_given(aws):
    arguments = [*aws.arguments, *ANA]
    run(*arguments, typed=PASSWORD, environment=aws.environment)
    code, out, err = run(*arguments, typed=PASSWORD, environment=aws.environment)
    assert (code, err) == (
        1,
        (
            "There's no answer to “ana is in the pool already, and UNCONFIRMED. Continue as ana?”: "
            "answer it at the prompt.\n"
        ),
    )
    assert "Error: UsernameExistsException: User already exists\nThis user name is taken." in out


ANA = ["--username", "ana", "--email", "ana@example.com", "--password-file", "-"]


class Failure(NamedTuple):
    """A run against AWS that fails: its pool and client if they aren't the fixture's, what's
    changed in its environment, some words of its error, and what it says about the user.
    """

    arguments: list[str]
    environment: dict[str, str]
    words: str
    left: str


FAILURES = {
    "no credentials": Failure(
        arguments=[],
        environment={"AWS_ACCESS_KEY_ID": ""},
        words="boto3 finds no IAM credentials",
        left="",
    ),
    "nobody at the address": Failure(
        arguments=[],
        environment={"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": "http://127.0.0.1:9"},
        words="No one answers at http://127.0.0.1:9",
        left="It isn't known whether ana is in the pool now",
    ),
    "no such profile": Failure(
        arguments=[],
        environment={"AWS_PROFILE": "nobody"},
        words="There's no AWS profile “nobody”",
        left="",
    ),
    "no such client": Failure(
        arguments=["us-east-1_nosuchone", "nosuchclient"],
        environment={},
        words="Cognito rejected SignUp: ResourceNotFoundException: User pool client nosuchclient",
        left="It isn't known",
    ),
    "no code": Failure(
        arguments=[],
        environment={},
        words="There's no answer to “Confirmation code”: answer it at the prompt.",
        left="The user ana stays, UNCONFIRMED",
    ),
}


@pytest.mark.parametrize(
    ("arguments", "environment", "words", "left"), FAILURES.values(), ids=FAILURES
)
def test_a_failure_is_one_sentence_and_says_what_is_left(aws, arguments, environment, words, left):
    names = aws.arguments[:2] + (arguments or aws.arguments[2:])
    code, out, err = run(*names, *ANA, typed=PASSWORD, environment=aws.environment | environment)
    assert code == 1 and words in err and err.count("\n") == 1, err
    assert left in out and PASSWORD not in out + err
    assert left or not out, "something was done before this was noticed"


# Stopped

QUESTIONS = [
    ("User name", "ana"),
    ("Email", "ana@example.com"),
    ("Password of ana", PASSWORD),
    ("Confirmation code", None),
    ("Code on the phone", None),
]
LEFT = [
    "This run left no user behind.",
    "This run left no user behind.",
    "This run left no user behind.",
    "stays, UNCONFIRMED",
    "stays, CONFIRMED",
]


@pytest.mark.parametrize("stop", range(len(QUESTIONS)), ids=[question for question, _ in QUESTIONS])
def test_ctrl_c_says_what_is_left_and_restores_the_terminal(aws, stop):
    with Terminal(MODULE, "run", *aws.arguments, environment=aws.environment) as person:
        for question, answer in QUESTIONS[:stop]:
            person.sees(question)
            person.types(answer or aws.email_code())
        person.sees(QUESTIONS[stop][0])
        person.interrupts()
        assert "Stopped." in person.sees(LEFT[stop]) and person.ends() == 130
        assert "Traceback" not in person.screen and person.shows_what_is_typed()


def test_a_password_is_not_shown_while_it_is_typed():
    with Terminal(MODULE, "run") as person:
        person.answers("User name", "", "Email", "")
        person.sees("Password")
        assert not person.shows_what_is_typed()
        person.types("")
        person.sees("SignUp")
        assert person.shows_what_is_typed()


def test_the_end_of_the_input_stops_the_flow():
    with Terminal(MODULE, "run") as person:
        person.sees("User name")
        person.types_end()
        person.sees("There's no answer to “User name”: give --username, or answer at the prompt.")
        assert person.ends() == 1


# What is shown


def test_no_shown_text_can_control_the_terminal(capsys):
    console.say("a\x1b[2Jb\u202ec\nd")
    assert capsys.readouterr().out == "a[U+001B][2Jb[U+202E]c\nd\n"


def test_explanations_go_below_if_they_do_not_fit(monkeypatch):
    answer = show({"AuthenticationResult": {"TokenType": "Bearer"}})
    monkeypatch.setenv("COLUMNS", "200")
    assert console.in_lines(answer) == repr(answer)
    monkeypatch.setenv("COLUMNS", "60")
    wide = console.in_lines(answer).splitlines()
    assert wide[0] == "AuthenticationResult" and wide[1] == "    the sign-in is complete"
    assert wide[2] == "  TokenType  Bearer" and all(len(line) < 80 for line in wide)
