"""Nothing leaked: in a complete run of every lesson, of the flow at a terminal and of lessons at
AWS, no secret is where it doesn't belong.

The secrets are the real ones of the run. They're noted where they pass: in every request and
response of the emulator, and where a device's password is generated.
"""

import gc
import io
import json
import logging
import os
import re
import stat
import sys
import warnings
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import ipywidgets
import nbformat
import pytest
from IPython.paths import get_ipython_dir

from cognito_helpers.calls.aws_cli import PLACES, elsewhere
from cognito_helpers.calls.recorder import as_http
from cognito_helpers.local_cognito import LocalCognito
from cognito_helpers.local_cognito.crypto import srp
from cognito_helpers.local_cognito.service import Service
from cognito_helpers.local_cognito.transports import http
from cognito_helpers.terminal import run as at_a_terminal
from cognito_helpers.tutorial_pool.lessons import Lesson
from cognito_helpers.views.inbox import InboxView
from cognito_helpers.views.phone import PhoneView
from cognito_helpers.views.qr_code import QrCode
from etc.tools import web_pages
from etc.tools.lessons import LESSONS, secrets_in

from ..reader import BARE
from .classroom import Kernel, as_text

# The kinds of secrets, and their names in requests. Emailed codes and an authenticator's codes have
# the same names.
PASSWORD, CODE, TOTP, SESSION, TOKEN, CLIENT, DEVICE = (
    "password",
    "code",
    "authenticator secret",
    "session",
    "token",
    "client secret",
    "device password",
)
TRAVELS_AS = {
    PASSWORD: {
        "Password",
        "PASSWORD",
        "NEW_PASSWORD",
        "PreviousPassword",
        "ProposedPassword",
        "TemporaryPassword",
    },
    CODE: {"ConfirmationCode", "UserCode", "SOFTWARE_TOKEN_MFA_CODE", "Code"},
    TOTP: {"SecretCode"},
    SESSION: {"Session", "SECRET_BLOCK", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE"},
    TOKEN: {"AccessToken", "IdToken", "RefreshToken", "REFRESH_TOKEN", "Token"},
    CLIENT: {"ClientSecret", "SECRET_HASH", "SecretHash"},
}
# Written in the lessons themselves, as examples of mistakes
IN_THE_TEXT = {"000000", "Password1", "a guess"}
# botocore's own at DEBUG: see SECURITY.md.
BODIES = ("botocore", "boto3", "urllib3")


TYPED_PASSWORD, TYPED_CODE = "Typed-Password-9", "987654"
# Run at the end of lessons, for what no lesson does: a client with a secret, and a learner who
# types into a form, or types secrets into a request of the playground.
MORE = {
    Lesson.SIGN_IN.stem: [
        """
made = cognito.create_user_pool_client(
    UserPoolId=lab.pool_id, ClientName="x", GenerateSecret=True
)["UserPoolClient"]
from cognito_helpers import CognitoIdentityProviderWrapper
application = CognitoIdentityProviderWrapper(
    cognito, lab.pool_id, made["ClientId"], made["ClientSecret"]
)
application.sign_up_user("dora", lab.new_password(), "dora@example.com")
show({"UserPoolClient": made})
""",
        f"""
form, answers = ask(password=fields.password(), code=fields.code())
form._boxes["password"].value, form._boxes["code"].value = "{TYPED_PASSWORD}", "{TYPED_CODE}"
form.submit()
assert (answers.password, answers.code) == ("{TYPED_PASSWORD}", "{TYPED_CODE}")
form
""",
    ],
    Lesson.PLAYGROUND.stem: [
        f"""
import json
page = Playground(lab)
def send_by_hand(operation, within, **typed):
    page.choose(operation)
    page._edit.click()
    request = json.loads(page._text.value)
    request[within] |= typed
    page._text.value = json.dumps(request)
    page.send()
    page._as_cell.click()
send_by_hand("InitiateAuth", "AuthParameters", PASSWORD="{TYPED_PASSWORD}")
assert page.result.error and "practice.test_data.typed(" in page._text.value + page._cell.value
page
""",
        f"""
send_by_hand(
    "RespondToAuthChallenge", "ChallengeResponses",
    SOFTWARE_TOKEN_MFA_CODE="{TYPED_CODE}", SECRET_HASH="{TYPED_PASSWORD}",
)
assert page.result.error and "typed" in page.experiment.cell()
print(page.experiment.cell(), page.told())
page
""",
        """
for operation in page.experiment.operations:
    page.choose(operation)
    page.send()
page
""",
    ],
}
# Lessons at AWS, by a learner who has typed a password there
AT_AWS = [Lesson.SET_UP_MFA.stem, Lesson.REMEMBER_A_DEVICE.stem, Lesson.CLIENT_SECRET.stem]
AGREE = f"""
from cognito_helpers import open_lab
lab = open_lab("nothing")
lab.backend.agreed = True
lab.answers.password = "{TYPED_PASSWORD}"
"""


class Spy:
    """Notes every secret as it passes, and where things go."""

    def __init__(self):
        self.secrets, self.records, self.written = defaultdict(set), [], set()
        self.seen, self.watching = defaultdict(int), True
        self.secrets[PASSWORD], self.secrets[CODE] = {TYPED_PASSWORD}, {TYPED_CODE}
        self.leaks, self.state_file, self.aws_files, self.states, self.set_aside = (
            [],
            "",
            set(),
            set(),
            0,
        )

    def note(self, value, name=""):
        if isinstance(value, dict):
            for key, member in value.items():
                self.note(member, key)
        elif isinstance(value, list):
            for item in value:
                self.note(item, name)
        elif isinstance(value, str):
            for kind, names in TRAVELS_AS.items():
                if name in names and value and value not in IN_THE_TEXT:
                    self.secrets[kind].add(value)

    def look(self, where, text, belongs=()):
        """Record every secret in `text` of a kind that doesn't belong there."""
        self.seen[where] += 1
        for kind, values in self.secrets.items():
            if kind in belongs:
                continue
            for value in values:
                # The end of a long one would be enough; a code counts only without other digits
                # beside it.
                if (
                    (value[-24:] in text)
                    if kind != CODE
                    else (value in text and re.search(rf"(?<![\w.]){value}(?![\w.])", text))
                ):
                    self.leaks.append((where, kind, value[:6]))

    def audit(self, event, arguments):
        if self.watching and event == "open" and isinstance(arguments[0], str):
            mode, flags = arguments[1] or "", arguments[2] or 0
            if set("wax+") & set(mode) or flags & (os.O_WRONLY | os.O_RDWR):
                self.written.add(arguments[0])
        elif self.watching and event == "sqlite3.connect":
            self.written.add(str(arguments[0]))


class Records(logging.Handler):
    def __init__(self, spy):
        super().__init__(logging.DEBUG)
        self.spy = spy

    def emit(self, record):
        if record.name.startswith(BODIES) and record.levelno == logging.DEBUG:
            self.spy.set_aside += 1
        else:
            self.spy.records.append(f"{record.name} {record.getMessage()} {record.exc_info or ''}")


def widget_states():
    """(whose, state) of every existing widget."""
    owners = {}
    for view in [
        thing
        for thing in ipywidgets.Widget.widgets.values()
        if isinstance(thing, PhoneView | InboxView | QrCode)
    ]:
        owners |= {child.model_id: type(view) for child in view.children}
    for model_id, widget in list(ipywidgets.Widget.widgets.items()):
        yield owners.get(model_id), json.dumps(widget.get_state(), default=str)


# What these views are meant to show while they show it
SHOWN_ON_PURPOSE = {PhoneView: {CODE}, InboxView: {CODE}, QrCode: {TOTP}, None: set()}


def ours():
    """Every existing object of a class of the package."""
    return [
        thing
        for thing in gc.get_objects()
        if str(type(thing).__module__).startswith("cognito_helpers")
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder that doesn't exist yet, below others that don't exist yet."""
    return tmp_path_factory.mktemp("run") / "one" / "two" / "home"


@pytest.fixture(scope="module")
def run(home):
    """The complete run, under a permissive umask; each cell is checked after it has run."""
    spy, patch = Spy(), pytest.MonkeyPatch()
    answer = Service.answer

    def noting(service, operation, body, endpoint):
        spy.note(json.loads(body or b"{}"))
        came = answer(service, operation, body, endpoint)
        spy.note(json.loads(came.body or b"{}"))
        return came

    patch.setattr(Service, "answer", noting)
    from pycognito import aws_srp

    make = aws_srp.generate_hash_device

    def made(*of):
        password, config = make(*of)
        spy.secrets[DEVICE].add(password)
        return password, config

    patch.setattr(aws_srp, "generate_hash_device", made)
    patch.setattr(aws_srp, "pow", lambda *of: int(srp.powmod(*of)), raising=False)
    patch.setenv("COGNITO_LAB_HOME", str(home))
    patch.setenv("JPY_SESSION_NAME", "")
    patch.delenv("COGNITO_LAB_BACKEND", raising=False)
    patch.chdir(LESSONS[0].parent)
    log, records, level = logging.getLogger(), Records(spy), logging.getLogger().level
    log.addHandler(records)
    log.setLevel(logging.DEBUG)
    sys.addaudithook(spy.audit)
    mask = os.umask(0)
    try:
        with warnings.catch_warnings(action="ignore"):
            run_lessons(spy, home)
            run_terminal(spy, home, patch)
            run_at_aws(spy, at_aws(home), patch)
    finally:
        os.umask(mask)
        spy.watching = False
        log.removeHandler(records)
        log.setLevel(level)
        patch.undo()
    return spy


def run_lessons(spy, home):
    for lesson in LESSONS:
        kernel = Kernel(lesson)
        kernel.sources += MORE.get(lesson.stem, [])
        run_lesson(spy, kernel)
        # After every lesson, since the last one deletes the pool
        spy.state_file += b"".join(
            path.read_bytes() for path in home.glob("emulator.sqlite*")
        ).decode("latin-1")
        kernel.stop()


def run_lesson(spy, kernel, after_each_cell=lambda: None):
    """Run every cell, and check what it showed and left in widgets; then check the recorded
    requests and every object.
    """
    for number in range(len(kernel.sources)):
        done = kernel.run(number)
        assert done.works, (kernel.lesson.stem, done)
        spy.look("output of a cell", as_text(done))
        spy.look("output on a web page", on_a_web_page(done))
        new = set(widget_states()) - spy.states
        spy.states |= new
        for owner, state in new:
            spy.look("state of a widget", state, SHOWN_ON_PURPOSE[owner])
        after_each_cell()
    lab = kernel.shell.user_ns["lab"]
    spy.look(
        "record of the wire", repr(lab.requests) + "".join(map(as_http, lab.requests.all_calls))
    )
    for call in lab.requests.calls:
        spy.look(
            "call in other languages",
            "".join(elsewhere(call, lab.requests.model, place) for place in PLACES),
        )
    for thing in ours():
        spy.look("repr of an object", repr(thing))
    # Otherwise the widgets of all lessons would be checked again after each cell.
    close_all_widgets()


def close_all_widgets():
    """Close every widget of this process. One of an earlier test may belong to a comm manager that
    was replaced; closing it raises, but forgets it first.
    """
    while True:
        try:
            return ipywidgets.Widget.close_all()
        except KeyError:
            continue


def on_a_web_page(done):
    """What the web page of the lesson would show of a cell's outputs."""
    outputs = [nbformat.v4.new_output("stream", text=done.text)] if done.text else []
    # A widget without a text leaves nothing there.
    outputs += [
        nbformat.v4.new_output("display_data", data)
        for data in done.displays
        if "text/plain" in data
    ]
    return web_pages._cell(nbformat.v4.new_code_cell(outputs=outputs))


def at_aws(home):
    """The folder of the lab with the AWS backend."""
    return home.parent / "at-aws"


def run_at_aws(spy, home, patch):
    """Lessons with the backend "aws", played by the emulator's own endpoint. Sleep advances its
    clock.
    """
    for name in [name for name in os.environ if name not in BARE]:
        patch.delenv(name)
    for name, value in BARE.items():
        patch.setenv(name, value)
    with closing(LocalCognito()) as emulator, http.opened(emulator.service) as url:
        at = {
            "COGNITO_LAB_BACKEND": "aws",
            "COGNITO_LAB_HOME": str(home),
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": url,
        }
        for name, value in {
            **at,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }.items():
            patch.setenv(name, value)
        patch.setattr(
            "cognito_helpers.backends.aws.time",
            SimpleNamespace(time=emulator.clock.now, sleep=emulator.clock.advance),
        )
        patch.setattr("cognito_helpers.backends.aws._KNOWN", {})
        for lesson in (path for path in LESSONS if path.stem in AT_AWS):
            kernel = Kernel(lesson)
            if lesson.stem == AT_AWS[0]:
                kernel.sources.insert(0, AGREE)
            run_lesson(
                spy,
                kernel,
                lambda: spy.aws_files.update(path.read_text() for path in home.iterdir()),
            )
            kernel.stop()


def run_terminal(spy, home, patch):
    """The flow without a terminal, each secret given or generated."""
    password = home.parent / "password"
    password.write_text("Marked-Password-7")
    patch.setattr("sys.stdin", io.StringIO())
    patch.setattr("sys.stdout", out := io.StringIO())
    patch.setattr("sys.stderr", err := io.StringIO())
    options = [
        "--username",
        "ana",
        "--email",
        "ana@example.com",
        "--password-file",
        str(password),
        "--remember-device",
        "yes",
        "--delete-user",
        "yes",
    ]
    ended = at_a_terminal.main(options)
    password.unlink()
    patch.setattr("sys.stdout", sys.__stdout__)
    patch.setattr("sys.stderr", sys.__stderr__)
    assert (ended, err.getvalue()) == (0, "")
    assert "Marked-Password-7" in spy.secrets[PASSWORD]
    for line in out.getvalue().splitlines():
        # The emulator's inbox is printed at a terminal, and its code is the default answer of the
        # question.
        spy.look(
            "line of the terminal",
            line,
            {CODE} if "inbox" in line or "Confirmation code" in line else (),
        )


def test_every_kind_of_secret_passed_and_was_searched_for_everywhere(run):
    """Otherwise the other tests would find nothing because there was nothing."""
    assert {kind for kind, secrets in run.secrets.items() if secrets} == {
        PASSWORD,
        CODE,
        TOTP,
        SESSION,
        TOKEN,
        CLIENT,
        DEVICE,
    }
    places = {
        "output of a cell",
        "output on a web page",
        "state of a widget",
        "call in other languages",
        "repr of an object",
        "line of the terminal",
    }
    assert {where for where, number in run.seen.items() if number > 5} >= places
    assert run.seen["record of the wire"] == len(LESSONS) + len(AT_AWS)


def test_no_output_widget_request_repr_or_terminal_line_holds_a_secret(run, figures):
    assert run.leaks == []
    planted = sum(map(len, run.secrets.values()))
    looked = ", ".join(f"{number} × {where}" for where, number in run.seen.items())
    figures(
        f"Nothing leaked: {planted} secrets of {len(run.secrets)} kinds passed in a complete run."
        f" Looked for in {looked}, {len(run.records)} × log record, the {run.set_aside} of"
        " botocore's own at DEBUG set aside."
    )


def test_no_log_record_holds_a_secret(run):
    """At DEBUG, of every logger except botocore's own."""
    assert run.set_aside, "nobody listened"
    run.leaks.clear()
    for record in run.records:
        run.look("log record", record)
    assert run.leaks == []


def test_the_state_file_holds_no_password_session_or_token(run):
    """What the emulator itself must know belongs there: the codes it emailed, secrets of
    authenticators and of clients.
    """
    assert any(code in run.state_file for code in run.secrets[CODE]), "the wrong file was read"
    run.leaks.clear()
    run.look("state file", run.state_file, {CODE, TOTP, CLIENT})
    assert run.leaks == []


def test_the_progress_file_holds_no_session_token_or_code(run, home):
    """On the emulator it keeps the demo user's password, the phone's secrets and the device's
    password, so that a lesson can continue tomorrow.
    """
    run.leaks.clear()
    run.look("progress file", (home / "progress.json").read_text(), {PASSWORD, TOTP, DEVICE})
    assert run.leaks == []


def test_the_files_of_the_aws_backend_hold_no_secret_but_the_devices_password(run):
    """An application must keep that one; only the kernel knows the learner's password and phone."""
    written = "".join(run.aws_files)
    assert any(password in written for password in run.secrets[DEVICE]), "the wrong files were read"
    run.leaks.clear()
    run.look("files of the AWS backend", written, {DEVICE})
    assert run.leaks == []


@pytest.mark.parametrize("source", web_pages.SOURCES, ids=lambda source: source.stem)
def test_no_page_shows_a_secret(source):
    """Built from the saved outputs. No one knows the secrets of that run, so this searches for
    their shapes.
    """
    shown = "".join(
        re.findall(
            '<div role="group" aria-label="Output">.*?</div>', web_pages.page(source), re.DOTALL
        )
    )
    assert shown or source.suffix == ".md"
    assert secrets_in(shown) == []


def test_nothing_was_written_but_the_lab_itself(run, home):
    """Nor was a QR code: the code that draws it opens no file."""
    folders, others = (home, at_aws(home)), (os.devnull, str(home.parent / "password"), ":memory:")
    # IPython's first start in a home folder leaves one text file there.
    readme = Path(get_ipython_dir(), "profile_default", "startup", "README")
    assert {
        path
        for path in run.written - {str(readme)}
        if not any(map(Path(path).is_relative_to, folders)) and path not in others
    } == set()
    names = {Path(path).name for path in run.written if Path(path).is_relative_to(at_aws(home))}
    assert (
        names
        and {
            name
            for name in names
            if not re.fullmatch(r"(progress|made)-127\.0\.0\.1-[\w.-]+\.(new|lock)", name)
        }
        == set()
    )
    assert {Path(path).name for path in run.written if Path(path).is_relative_to(home)} == {
        "progress.new",
        "progress.lock",
        "emulator.sqlite",
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_files_and_folders_are_for_their_owner_alone_under_any_mask(run, home):
    modes = {
        path: stat.S_IMODE(path.stat().st_mode)
        for path in [
            home,
            home.parent,
            home.parent.parent,
            *home.iterdir(),
            at_aws(home),
            *at_aws(home).iterdir(),
        ]
    }
    assert len(modes) > 8
    assert {
        path.name: oct(mode)
        for path, mode in modes.items()
        if mode != (0o700 if path.is_dir() else 0o600)
    } == {}


def test_botos_own_debug_log_holds_the_requests_and_nothing_of_ours_turns_it_on(
    run, switchboard, shared_client, caplog
):
    """As SECURITY.md says: setting botocore's logger to DEBUG logs passwords."""
    assert logging.getLogger("botocore").level == logging.NOTSET
    switchboard.service = LocalCognito().service
    with (
        caplog.at_level(logging.DEBUG, "botocore"),
        pytest.raises(shared_client.exceptions.ResourceNotFoundException),
    ):
        shared_client.sign_up(ClientId="x", Username="x", Password="Marked-Password-8")
    assert "Marked-Password-8" in caplog.text
