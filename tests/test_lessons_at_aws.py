"""Every lesson with the backend `aws`, by somebody who reads, waits, and types what only they can know.

For AWS stands the stand-in's own HTTP door. `pytest --endpoint aws tests/test_lessons_at_aws.py` goes to Amazon Cognito itself.
"""

import pytest

from tests.lessons import LESSONS
from tests.reader import Door, Elsewhere, Reader

NUMBERS = [path.name[:2] for path in LESSONS]


@pytest.fixture
def door(tmp_path, pytestconfig):
    if pytestconfig.getoption("endpoint"):
        pytest.skip("needs the mail, and a clock that can be moved on")
    made = Door(tmp_path)
    yield made
    made.close()


def kept(tmp_path):
    """All that the lab keeps on disk."""
    return "".join(path.read_text() for path in (tmp_path / "lab").iterdir())


# What a learner with a phone of their own is asked in each lesson.
ASKED = {
    "00": ["agree"],
    "01": ["e-mail", "mailed code"],
    "02": ["password"],
    "03": ["password", "phone code", "phone code"],
    "04": ["password", "phone code"],
    "05": ["password", "phone code", "phone code"],
    "06": ["password", "phone code"],
    "07": ["e-mail", "mailed code"],
    "08": ["password", "phone code"],
}


def test_one_after_the_other_with_a_phone_of_ones_own(door, tmp_path):
    person, asked = Reader(door, scans=True), {}
    for number in NUMBERS:
        assert person.reads(number) is None
        asked[number] = person.stops
        on_disk = kept(tmp_path)
        assert person.password not in on_disk and not [account for account, app in person.phone.items() if app.secret in on_disk]
    assert asked == {number: ASKED[number] for number in NUMBERS}
    assert door.pools() == []


@pytest.mark.parametrize("number", ["02", "03", "04", "05", "08"])
def test_alone_with_the_phone_on_the_page(door, number):
    """Those that need a user: nobody took an earlier step, and the lab takes those that need nobody, once that was agreed to."""
    person = Reader(door)
    assert person.reads(number) is None
    assert person.stops == ["agree"]


def test_in_a_new_kernel_another_user_goes_on_where_the_page_had_the_only_phone(door):
    person = Reader(door)
    for number in ("02", "03"):
        assert person.reads(number) is None
    assert person.stops == ["another user"]


def test_elsewhere_the_lessons_run_as_far_as_they_can_without_mail(pytestconfig, tmp_path):
    """With `--endpoint`. The clock is the real one, so this takes half an hour, and what was made is deleted however it ends."""
    where = pytestconfig.getoption("endpoint")
    if not where:
        pytest.skip("goes to the service that --endpoint names")
    service = Elsewhere(tmp_path, where)
    try:
        person, asked = Reader(service), {}
        for number in NUMBERS:
            helpless = person.reads(number)
            assert helpless is None or "went by e-mail" in helpless, helpless
            asked[number] = person.stops
        assert asked == {number: ["another user"] if number not in ("00", "01", "07") else ASKED[number] for number in NUMBERS}
        assert service.pools() == []
    finally:
        service.close()


# Faults, each seen in a lesson

FAULTS = """
import io, json
from botocore.awsrequest import AWSResponse
import botocore.exceptions as boto

class _Raw(io.BytesIO):
    def stream(self):
        yield self.read()

def fault(given):
    def answer(request, **_):
        if isinstance(given, Exception):
            raise given
        status, code, message = given
        return AWSResponse(request.url, status, {}, _Raw(json.dumps({"__type": code, "message": message}).encode()))
    lab.cognito.meta.events.register("before-send.cognito-identity-provider", answer, unique_id="fault")

def no_fault():
    lab.cognito.meta.events.unregister("before-send.cognito-identity-provider", unique_id="fault")
"""
DENIED = "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: cognito-idp:ListUserPools on resource: arn:aws:cognito-idp:eu-west-1:123456789012:*"


def test_what_goes_wrong_under_way_is_a_sentence_in_the_lesson_and_the_cell_goes_well_when_run_again(door):
    door.environment |= {"AWS_MAX_ATTEMPTS": "1"}
    person = Reader(door)
    with person.opens("00"):
        for id_ in ("choose-who-answers-code", "open-the-lab-code"):
            assert person.runs(person.cell(id_))[0]
        person.types(FAULTS)
        cell = person.cell("see-which-pools-there-are-code")
        for given, words in [
            (f'(400, "AccessDeniedException", {DENIED!r})', 'for this statement: {"Effect": "Allow", "Action": "cognito-idp:ListUserPools", "Resource": "*"}'),
            ('(400, "ExpiredTokenException", "The security token included in the request is expired")', "your credentials have run out"),
            ('(400, "UnrecognizedClientException", "The security token included in the request is invalid.")', "does not know your access key"),
            ('(400, "InvalidSignatureException", "Signature expired: 20261124T100000Z is now earlier than 20261124T101500Z")', "clock"),
            ('(400, "ThrottlingException", "Rate exceeded")', "Too many requests in this account and Region"),
            ('(500, "InternalErrorException", "x")', "The service failed at ListUserPools (HTTP 500"),
            ('(501, "NotImplemented", "x")', "does not have the operation ListUserPools (HTTP 501)"),
            ('boto.ConnectTimeoutError(endpoint_url="https://x")', "Nobody answers at https://x, so nothing was sent."),
            ('boto.ReadTimeoutError(endpoint_url="https://x")', "ListUserPools was sent, and no answer came."),
            ('boto.ConnectionClosedError(endpoint_url="https://x")', "ListUserPools was sent, and no answer came."),
        ]:
            person.types(f"fault({given})")
            succeeded, said = person.runs(cell)
            assert not succeeded and words in said, said
            person.types("no_fault()")
            assert person.runs(cell) == (True, "Pools on this page: 0")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "boto3 finds no AWS credentials"),
        ({"AWS_DEFAULT_REGION": ""}, "boto3 finds no Region"),
        ({"AWS_DEFAULT_REGION": "the moon"}, "“the moon” is no Region"),
        ({"AWS_PROFILE": "work"}, "There is no AWS profile “work”"),
        ({"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": "http://127.0.0.1:9"}, "Nobody answers at http://127.0.0.1:9"),
        ({"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": "nonsense"}, "Give the endpoint a whole address"),
        ({"COGNITO_LAB_BACKEND": "moon"}, "COGNITO_LAB_BACKEND is “moon”"),
    ],
)
def test_settings_that_cannot_be_used_are_a_sentence_in_the_first_cells_and_can_be_mended_there(door, settings, words):
    right = {name: door.environment.get(name) for name in settings}
    door.environment |= settings | {"AWS_MAX_ATTEMPTS": "1"}
    person = Reader(door)
    with person.opens("01"):
        cell = person.cell("open-the-lab-code")
        succeeded, said = person.runs(cell)
        assert not succeeded and words in said, said
        person.types("import os")
        for name, value in right.items():
            person.types(f"os.environ[{name!r}] = {value!r}" if value else f"del os.environ[{name!r}]")
        assert person.runs_until_it_succeeds(cell) is None and person.stops == ["agree"]


def test_a_call_that_is_tried_again_says_so_in_the_lesson(door):
    person = Reader(door)
    with person.opens("00"):
        for id_ in ("choose-who-answers-code", "open-the-lab-code"):
            assert person.runs(person.cell(id_))[0]
        person.types(FAULTS + "import cognito_helpers.unanswered as unanswered\nunanswered.PATIENCE = 0")
        person.types('fault((400, "TooManyRequestsException", "Rate exceeded"))')
        succeeded, said = person.runs(person.cell("see-which-pools-there-are-code"))
        assert not succeeded and "ListUserPools takes longer: the service said TooManyRequestsException. Trying again, 3 of 3." in said


def test_a_session_that_ran_out_names_the_cell_to_run_again(door):
    person = Reader(door)
    with person.opens("03"):
        for id_ in ("open-the-lab-code", "give-your-name-and-password-code", "begin-the-sign-in-code", "look-at-the-phone-code", "look-at-the-phone-code-2"):
            assert person.runs_until_it_succeeds(person.cell(id_)) is None
        door.sleep(16 * 60)
        succeeded, said = person.runs(person.cell("answer-the-challenge-code"))
        assert not succeeded and said.endswith("Run the cell with `admin_initiate_auth` under “Begin the sign-in” again, and go on from there."), said
        assert person.runs_until_it_succeeds(person.cell("begin-the-sign-in-code")) is None
        assert person.runs_until_it_succeeds(person.cell("answer-the-challenge-code")) is None
