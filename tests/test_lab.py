"""The lab: what it remembers, which steps it takes, and what it says when it can't."""

import json
import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from cognito_helpers import authenticator_link
from cognito_helpers.backends.storage import FileStorage
from cognito_helpers.errors import LessonError
from cognito_helpers.lessons.opening import open_lab
from cognito_helpers.lessons.prerequisites import (
    A_CONFIRMED_USER,
    A_POOL,
    A_REMEMBERED_DEVICE,
    AN_ENROLLED_USER,
    NOTHING,
)
from cognito_helpers.local_cognito import StateFileError
from cognito_helpers.sign_in.device import Device
from cognito_helpers.tutorial_pool.settings import CLIENT_SETTINGS, TAGS
from cognito_helpers.views.inbox import InboxView
from cognito_helpers.views.phone import PhoneView

CALLS = [
    "CreateUserPool",
    "SetUserPoolMfaConfig",
    "CreateUserPoolClient",
    "SignUp",
    "ConfirmSignUp",
]
ENROL = [
    "AdminInitiateAuth",
    "AssociateSoftwareToken",
    "VerifySoftwareToken",
    "AdminRespondToAuthChallenge",
]
REMEMBER = ["AdminInitiateAuth", "AdminRespondToAuthChallenge", "ConfirmDevice"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A separate lab for each test."""
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.delenv("COGNITO_LAB_BACKEND", raising=False)
    return tmp_path / "lab"


def calls_made(capsys) -> list[str]:
    """The calls the lab says it made."""
    told = " ".join(capsys.readouterr().out.split())
    lines = [line for line in told.replace(": ", ": ").split(". ") if "were made for you" in line]
    lines = [line if line.endswith(".") else f"{line}." for line in lines]
    return lines[0].rpartition(": ")[2].rstrip(".").split(", ") if lines else []


@pytest.mark.parametrize(
    ("needs", "calls"),
    [
        (NOTHING, []),
        (A_POOL, CALLS[:3]),
        (A_CONFIRMED_USER, CALLS),
        (AN_ENROLLED_USER, CALLS + ENROL),
        (A_REMEMBERED_DEVICE, CALLS + ENROL + REMEMBER),
    ],
)
def test_the_missing_steps_are_taken_once_and_named(capsys, needs, calls):
    open_lab(needs)
    assert calls_made(capsys) == calls
    open_lab(needs)
    assert calls_made(capsys) == []


def test_a_lesson_continues_from_any_earlier_state(capsys):
    lab = open_lab(A_POOL)
    lab.cognito.sign_up(
        ClientId=lab.client_id,
        Username="ben",
        Password="Passw0rd!",
        UserAttributes=[{"Name": "email", "Value": "ben@example.com"}],
    )
    lab.username, lab.password = "ben", "Passw0rd!"
    capsys.readouterr()
    lab = open_lab(A_CONFIRMED_USER)
    assert calls_made(capsys) == ["ResendConfirmationCode", "ConfirmSignUp"]
    assert (lab.username, lab.user_status()) == ("ben", "CONFIRMED")
    assert open_lab(AN_ENROLLED_USER).phone.accounts == ["ben"]


def test_an_unconfirmed_user_with_a_lost_password_is_replaced(capsys):
    lab = open_lab(A_POOL)
    lab.cognito.sign_up(
        ClientId=lab.client_id,
        Username="ben",
        Password="Passw0rd!",
        UserAttributes=[{"Name": "email", "Value": "ben@example.com"}],
    )
    lab.username = "ben"
    capsys.readouterr()
    assert open_lab(AN_ENROLLED_USER).username == "ana"
    assert calls_made(capsys) == CALLS[3:] + ENROL


def test_a_user_with_an_app_is_replaced_if_the_lesson_sets_one_up(capsys):
    open_lab(AN_ENROLLED_USER)
    capsys.readouterr()
    assert open_lab(A_CONFIRMED_USER).username == "ana2"
    told = " ".join(capsys.readouterr().out.split())
    assert "calls were made for you: SignUp, ConfirmSignUp." in told
    assert "ana can't take these steps again, so you continue as ana2." in told


@pytest.mark.parametrize("lost", ["phone", "password", "no password"])
def test_a_user_who_can_no_longer_sign_in_is_replaced(lost):
    lab = open_lab(AN_ENROLLED_USER)
    if lost == "phone":
        lab.phone.remove("ana")
    else:
        lab.password = "Wr0ng-password" if lost == "password" else None
    assert open_lab(AN_ENROLLED_USER).username == "ana2"


@pytest.mark.parametrize("lost", ["forgotten by the lab", "forgotten by Cognito", "another user's"])
def test_a_device_that_no_longer_works_is_replaced(capsys, lost):
    lab = open_lab(A_REMEMBERED_DEVICE)
    first = lab.device
    capsys.readouterr()
    if lost == "forgotten by the lab":
        lab.device = None
    elif lost == "forgotten by Cognito":
        lab.cognito.admin_forget_device(
            UserPoolId=lab.pool_id, Username=lab.username, DeviceKey=first.key
        )
    else:
        open_lab(A_CONFIRMED_USER)
        open_lab(AN_ENROLLED_USER)
        capsys.readouterr()
    assert open_lab(A_REMEMBERED_DEVICE).device.key != first.key
    assert calls_made(capsys) == REMEMBER


def test_another_user_has_their_own_inbox_and_account():
    lab = open_lab(AN_ENROLLED_USER)
    email = [{"Name": "email", "Value": "carla@example.com"}]
    lab.cognito.sign_up(
        ClientId=lab.client_id, Username="carla", Password="Passw0rd!", UserAttributes=email
    )
    # No other user's codes are shown as carla's.
    assert "No account of carla on it yet." in PhoneView(lab.phone, "carla")._screen.value
    lab.phone.add(authenticator_link("A" * 52, "carla", "Cognito tutorial"))
    assert (
        [message.destination for message in lab.inbox.of("carla").messages]
        == ["carla@example.com"]
        != [message.destination for message in lab.inbox.messages]
    )
    assert (
        lab.inbox.code("carla") in InboxView(lab.inbox.of("carla"))._screen.value
        and "ana@example.com" in InboxView(lab.inbox)._screen.value
    )
    assert lab.phone.code("carla") != lab.phone.code()
    assert (
        "carla" in PhoneView(lab.phone, "carla")._screen.value
        and "carla" not in PhoneView(lab.phone)._screen.value
    )


def test_the_next_kernel_remembers_everything():
    first, second = open_lab(AN_ENROLLED_USER), open_lab(NOTHING)
    for name in ("pool_id", "client_id", "username", "password", "issuer"):
        assert getattr(second, name) == getattr(first, name) is not None
    assert second.phone.code() == first.phone.code()
    first.wait(minutes=5)
    assert second.clock_ahead() == pytest.approx(300, abs=5)


def test_two_open_lessons_keep_each_others_changes():
    first, second = open_lab(NOTHING), open_lab(NOTHING)
    first.username = "ana"
    second.password = "secret"
    assert (second.username, first.password) == ("ana", "secret")


def test_what_was_deleted_from_the_service_is_forgotten(capsys, home):
    lab = open_lab(AN_ENROLLED_USER)
    lab.cognito.delete_user_pool_client(UserPoolId=lab.pool_id, ClientId=lab.client_id)
    again = open_lab(NOTHING)
    assert again.client_id is None and again.pool_id == lab.pool_id and again.username == "ana"
    lab.cognito.delete_user_pool(UserPoolId=lab.pool_id)
    assert "Ready:" in capsys.readouterr().out
    again = open_lab(NOTHING)
    assert (again.pool_id, again.username, again.phone.accounts) == (None, None, [])
    assert "Ready:" not in capsys.readouterr().out


def test_files_are_readable_only_by_their_owner_under_any_umask(home):
    before = os.umask(0)
    try:
        open_lab(AN_ENROLLED_USER)
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
    assert {"progress.json", "emulator.sqlite"} <= set(modes) and set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("progress.json", b"{", LessonError, "is damaged"),
        ("progress.json", b"[]", LessonError, "is damaged"),
        ("progress.json", b"\xff", LessonError, "is damaged"),
        pytest.param("progress.json", b"[" * 99999, LessonError, "is damaged", id="nested"),
        ("progress.json", b'{"version": 99}', LessonError, "newer version"),
        (
            "emulator.sqlite",
            b"not a database at all, but long enough to look like one" * 20,
            StateFileError,
            "isn't a state file",
        ),
    ],
)
def test_an_unusable_file_is_named_and_kept(home, name, content, error, words):
    home.mkdir()
    (home / name).write_bytes(content)
    with pytest.raises(error, match=words) as caught:
        open_lab()
    assert str(home / name) in str(caught.value) and "start over" in str(caught.value)
    assert (home / name).read_bytes() == content


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pool_id", 5),
        ("pool_id", "not an id"),
        ("client_id", []),
        ("username", ""),
        ("username", {"a": 1}),
        ("backend", ["local"]),
        ("device", {"key": "x"}),
        ("phone", ["x"]),
        ("phone", {"ana": "not a link"}),
        ("phone", {"ana": "otpauth://totp/without-a-key"}),
        ("phone", {"ana": "otpauth://totp/x?secret=not-base32-0189"}),
        ("made", {"pools": "x"}),
        ("made", {"users": [["a", "b"]]}),
    ],
)
def test_a_malformed_value_is_one_sentence(home, name, value):
    home.mkdir()
    (home / "progress.json").write_text(json.dumps({"version": 1, name: value}))
    with pytest.raises(LessonError, match="is damaged. To start over"):
        open_lab(NOTHING)


@pytest.mark.parametrize("name", ["progress.json", "progress.lock"])
def test_a_pipe_instead_of_a_file_is_one_sentence(home, name):
    home.mkdir()
    os.mkfifo(home / name)
    with pytest.raises(LessonError, match="it isn't a file"):
        open_lab(A_POOL)


def test_a_damaged_lock_is_one_sentence(home):
    home.mkdir()
    (home / "progress.lock").write_bytes(b"not a database" * 100)
    with pytest.raises(LessonError, match="progress.lock is damaged: delete it"):
        open_lab(A_POOL)


def test_the_home_of_a_missing_user_is_one_sentence(monkeypatch):
    monkeypatch.setenv("COGNITO_LAB_HOME", "~nobody-of-that-name/lab")
    with pytest.raises(LessonError, match="~nobody-of-that-name/lab has no home folder"):
        open_lab(NOTHING)


def test_no_home_folder_is_one_sentence(monkeypatch):
    """As in a container whose user has neither HOME nor an entry in /etc/passwd."""
    for name in ("HOME", "COGNITO_LAB_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda _: {}["no entry"])
    with pytest.raises(LessonError, match="^This user has no home folder. Name a folder"):
        open_lab(NOTHING)


READS = {
    "a read": (lambda lab: lab.cognito.describe_user_pool(UserPoolId=lab.pool_id), 0),
    "a new app client": (
        lambda lab: lab.cognito.create_user_pool_client(UserPoolId=lab.pool_id, ClientName="x"),
        1,
    ),
    "a sign-up": (
        lambda lab: lab.cognito.sign_up(
            ClientId=lab.client_id,
            Username="zoe",
            Password=lab.password,
            UserAttributes=[{"Name": "email", "Value": "zoe@example.com"}],
        ),
        1,
    ),
    "a sign-in": (
        lambda lab: lab.cognito.initiate_auth(
            ClientId=lab.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": lab.username, "PASSWORD": lab.password},
        ),
        0,
    ),
    "a change by app client": (
        lambda lab: lab.cognito.forgot_password(ClientId=lab.client_id, Username=lab.username),
        1,
    ),
    # Once to see whose user it is, and once under the lock when it's recorded
    "a deletion": (
        lambda lab: lab.cognito.admin_delete_user(UserPoolId=lab.pool_id, Username=lab.username),
        2,
    ),
}


@pytest.mark.parametrize("name", READS)
def test_a_call_reads_the_progress_file_at_most_once(monkeypatch, name):
    call, times = READS[name]
    lab, reads, read = open_lab(AN_ENROLLED_USER), [], FileStorage._read
    known = SimpleNamespace(
        cognito=lab.cognito,
        **{one: getattr(lab, one) for one in ("pool_id", "client_id", "username", "password")},
    )
    monkeypatch.setattr(FileStorage, "_read", lambda self: (reads.append(self), read(self))[1])
    call(known)
    assert len(reads) == times


def test_what_belongs_to_a_pool_is_forgotten_in_one_write(monkeypatch):
    lab, writes = open_lab(AN_ENROLLED_USER), []
    replace = os.replace
    monkeypatch.setattr("os.replace", lambda *given: (writes.append(given), replace(*given)))
    lab.forget_pool()
    assert len(writes) == 1
    assert (lab.pool_id, lab.client_id, lab.username, lab.password) == (None,) * 4
    assert lab.phone.accounts == []


def test_a_client_and_a_user_without_a_pool_are_forgotten_with_one_sentence(capsys):
    """Earlier versions left this if they were killed while forgetting a pool."""
    lab = open_lab(AN_ENROLLED_USER)
    lab.pool_id = None
    capsys.readouterr()
    again = open_lab(NOTHING)
    assert "What the lab kept about a pool it no longer knows was deleted." in (
        " ".join(capsys.readouterr().out.split())
    )
    assert (again.client_id, again.username, again.phone.accounts) == (None, None, [])


def test_progress_is_written_completely_or_not_at_all(home, monkeypatch):
    lab = open_lab(A_POOL)
    before = (home / "progress.json").read_bytes()

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(
        LessonError, match="can't be written: No space left on device. What it held is kept"
    ):
        lab.username = "ana"
    assert (home / "progress.json").read_bytes() == before
    assert {path.name for path in home.iterdir() if path.name.startswith("progress")} == {
        "progress.json",
        "progress.lock",
    }


def test_an_unknown_need_another_backend_and_an_impossible_folder_are_one_sentence(
    monkeypatch, tmp_path
):
    with pytest.raises(LessonError, match="can't need “a pony”. It needs one of nothing, a pool"):
        open_lab("a pony")
    monkeypatch.setenv("COGNITO_LAB_BACKEND", "moon")
    with pytest.raises(LessonError, match="COGNITO_LAB_BACKEND is “moon”"):
        open_lab()
    monkeypatch.delenv("COGNITO_LAB_BACKEND")
    (tmp_path / "file").touch()
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path / "file"))
    with pytest.raises(LessonError, match="can't be used"):
        open_lab()


def test_the_password_is_on_disk_only_in_the_progress_file(home):
    lab = open_lab(AN_ENROLLED_USER)
    holding = [path.name for path in home.iterdir() if lab.password.encode() in path.read_bytes()]
    assert holding == ["progress.json"]
    assert (
        lab.password not in repr(lab)
        and json.loads((home / "progress.json").read_text())["password"] == lab.password
    )


def test_the_pool_is_the_published_one_and_has_the_tutorials_tag():
    lab = open_lab(A_POOL)
    pool = lab.cognito.describe_user_pool(UserPoolId=lab.pool_id)["UserPool"]
    email = next(
        attribute for attribute in pool["SchemaAttributes"] if attribute["Name"] == "email"
    )
    assert (email["Required"], email["Mutable"]) == (True, False)
    assert pool["AutoVerifiedAttributes"] == ["email"] and pool["UserPoolTags"] == TAGS
    assert (
        pool["UsernameConfiguration"] == {"CaseSensitive": False}
        and not pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]
    )
    assert pool["DeviceConfiguration"] == {
        "ChallengeRequiredOnNewDevice": True,
        "DeviceOnlyRememberedOnUserPrompt": False,
    }
    mfa = lab.cognito.get_user_pool_mfa_config(UserPoolId=lab.pool_id)
    assert (mfa["MfaConfiguration"], mfa["SoftwareTokenMfaConfiguration"]["Enabled"]) == (
        "ON",
        True,
    )
    client = lab.cognito.describe_user_pool_client(UserPoolId=lab.pool_id, ClientId=lab.client_id)[
        "UserPoolClient"
    ]
    assert (
        "ClientSecret" not in client
        and client["ExplicitAuthFlows"] == CLIENT_SETTINGS["ExplicitAuthFlows"]
    )


def test_phone_and_inbox_show_their_secrets_but_not_in_saved_text():
    lab = open_lab(A_POOL)
    phone, inbox = PhoneView(lab.phone), InboxView(lab.inbox)
    assert "no account" in phone._screen.value and "No messages" in inbox._screen.value
    with pytest.raises(LessonError, match="inbox is empty"):
        lab.inbox.code()
    lab = open_lab(AN_ENROLLED_USER)
    lab.wait_for_next_code()
    phone, inbox = PhoneView(lab.phone), InboxView(lab.inbox)
    code, mailed = lab.phone.code(), lab.inbox.code()
    assert (
        f"{code[:3]}&nbsp;{code[3:]}" in phone._screen.value
        and "ahead of yours" in phone._screen.value
    )
    assert mailed in inbox._screen.value
    for view in (phone, inbox):
        assert mailed not in str(view._repr_mimebundle_()) and code not in str(
            view._repr_mimebundle_()
        )
    lab.wait_for_next_code()
    phone._again.click()
    assert f"{code[:3]}&nbsp;{code[3:]}" not in phone._screen.value, "the button did not look again"


def test_a_name_chosen_by_the_learner_is_escaped_everywhere():
    lab = open_lab(A_POOL)
    name = "<script>alert(1)</script>"
    lab.cognito.sign_up(
        ClientId=lab.client_id,
        Username=name,
        Password="Passw0rd!",
        UserAttributes=[{"Name": "email", "Value": "a@<b>b"}],
    )
    lab.username, lab.password = name, "Passw0rd!"
    lab = open_lab(AN_ENROLLED_USER)
    assert "<script>" not in PhoneView(lab.phone)._screen.value + InboxView(lab.inbox)._screen.value
    assert "&lt;script&gt;" in PhoneView(lab.phone)._screen.value


def test_a_generated_password_always_meets_the_policy():
    from cognito_helpers.local_cognito.passwords import check_policy

    lab = open_lab(NOTHING)
    policy = {"MinimumLength": 8} | dict.fromkeys(
        ["RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols"], True
    )
    for _ in range(200):
        check_policy(policy, lab.new_password())


def test_the_lab_is_kept_in_the_systems_user_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("COGNITO_LAB_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("HOME", str(tmp_path))
    open_lab(NOTHING)
    assert list(Path(tmp_path).rglob("cognito-tutorial/emulator.sqlite"))


def test_a_device_is_kept_until_its_user_or_pool_is_deleted(capsys):
    lab = open_lab(AN_ENROLLED_USER)
    device = Device(
        "us-east-1_fec070d2-fa88-424a-8ec8-b26d7198eb23", "-wt2ha1Zd", "the device's own"
    )
    assert lab.device is None
    for forget in (lab.forget_user, lab.forget_pool):
        lab.device = device
        assert open_lab(NOTHING).device == device, "another lesson sees it"
        forget()
        assert lab.device is None
    assert device.password not in capsys.readouterr().out
