"""Every lesson with the backend `aws`, run by a reader who reads, waits, and types what only they
can know.

The emulator's own HTTP endpoint plays AWS. `pytest --endpoint aws tests/test_lessons_at_aws.py`
runs against Amazon Cognito itself.
"""

import re
from copy import deepcopy

import pytest

from cognito_helpers.tutorial_pool.lessons import Lesson
from etc.tools.lessons import LESSONS
from tests.reader import Elsewhere, HttpEndpoint, Reader
from tests.test_guard import OtherPool
from tests.test_pool_inspection import DIFFERENT

NUMBERS = [path.name[:2] for path in LESSONS]


@pytest.fixture
def endpoint(tmp_path, pytestconfig):
    if pytestconfig.getoption("endpoint"):
        pytest.skip("needs the mail, and a clock that can be moved on")
    made = HttpEndpoint(tmp_path)
    yield made
    made.close()


def kept(tmp_path):
    """Everything the lab keeps on disk."""
    return "".join(path.read_text() for path in (tmp_path / "lab").iterdir())


# What a learner with their own phone is asked in each lesson
ASKED = {
    Lesson.START_HERE: ["agree", "email", "confirmation code"],
    Lesson.CREATE_A_USER_POOL: [],
    Lesson.SIGN_UP: ["email", "confirmation code", "confirmation code"],
    Lesson.SET_UP_MFA: ["password"],
    Lesson.SIGN_IN: ["password", "phone code", "phone code"],
    Lesson.USE_THE_TOKENS: ["password", "phone code"],
    Lesson.REMEMBER_A_DEVICE: ["password", "phone code"],
    Lesson.SRP_EXPLAINED: ["password", "phone code"],
    Lesson.CLIENT_SECRET: ["password", "phone code"],
    Lesson.OTHER_FACTORS: [],
    Lesson.PASSWORDLESS: [],
    Lesson.CUSTOM_CHALLENGES: [],
    Lesson.PLAYGROUND: ["password", "phone code", "phone code"],
    Lesson.DIAGNOSE: [],
    Lesson.BUILD_AN_APP: ["password", "phone code"],
    Lesson.CLEAN_UP: ["password", "phone code"],
}


def test_all_lessons_in_order_with_the_readers_own_phone(endpoint, tmp_path):
    reader, asked = Reader(endpoint, scans=True), {}
    for number in NUMBERS:
        assert reader.reads(number) is None
        asked[number] = reader.stops
        on_disk = kept(tmp_path)
        assert reader.password not in on_disk and not [
            account for account, app in reader.phone.items() if app.secret in on_disk
        ]
    assert asked == {number: ASKED[number] for number in NUMBERS}
    assert endpoint.pools() == []


@pytest.mark.parametrize("number", [Lesson.REMEMBER_A_DEVICE, Lesson.PLAYGROUND, Lesson.CLEAN_UP])
def test_each_lesson_alone_with_the_phone_on_the_page(endpoint, number):
    """The lessons that need a user: no earlier step was taken, and the lab takes the missing ones
    once the reader agreed.
    """
    reader = Reader(endpoint)
    assert reader.reads(number) is None
    assert reader.stops == ["agree"]


def test_alone_an_expired_session_names_the_cell_to_run_again(endpoint):
    reader = Reader(endpoint)
    with reader.opens(Lesson.SIGN_IN):
        cells = [cell for cell in reader.notebook.cells if cell.cell_type == "code"]
        before = [cell.id for cell in cells].index("respond-to-the-challenge-client-side-code")
        assert [reader.runs_until_it_succeeds(cell) for cell in cells[:before]] == [None] * before
        endpoint.sleep(16 * 60)
        succeeded, said = reader.runs(cells[before])
        assert not succeeded and said.endswith(
            "Run the cell with `initiate_auth` under “Start the sign-in, client-side” again, and"
            " continue from there."
        ), said
        for cell in [reader.cell("start-the-sign-in-client-side-code-2"), *cells[before:]]:
            assert reader.runs_until_it_succeeds(cell) is None
        assert reader.stops == ["agree"]


def test_alone_in_a_new_kernel_another_user_continues_if_only_the_page_had_a_phone(endpoint):
    reader = Reader(endpoint)
    for number, asked in [(Lesson.SET_UP_MFA, "agree"), (Lesson.SIGN_IN, "another user")]:
        assert reader.reads(number) is None
        assert reader.stops == [asked]


def test_without_email_the_lessons_run_as_far_as_they_can(pytestconfig, tmp_path):
    """With `--endpoint`. The clock is the real one, so this takes 30 minutes. What was created is
    deleted even if the test fails.
    """
    where = pytestconfig.getoption("endpoint")
    if not where:
        pytest.skip("goes to the service that --endpoint names")
    service = Elsewhere(tmp_path, where)
    try:
        reader, asked = Reader(service), {}
        for number in NUMBERS:
            helpless = reader.reads(number)
            assert helpless is None or "was sent by email" in helpless, helpless
            asked[number] = reader.stops
        as_before = (Lesson.START_HERE, Lesson.CREATE_A_USER_POOL)
        assert asked == {
            number: ASKED[number] if number in as_before else ["another user"] for number in NUMBERS
        } | {Lesson.SIGN_UP: ["email", "confirmation code"]}
        assert service.pools() == []
    finally:
        service.close()


# Errors, each seen in a lesson

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
        body = json.dumps({"__type": code, "message": message}).encode()
        return AWSResponse(request.url, status, {}, _Raw(body))
    events = lab.cognito.meta.events
    events.register("before-send.cognito-identity-provider", answer, unique_id="fault")

def no_fault():
    lab.cognito.meta.events.unregister("before-send.cognito-identity-provider", unique_id="fault")
"""
DENIED = (
    "User: arn:aws:iam::123456789012:user/ana is not authorized to perform:"
    " cognito-idp:ListUserPools on resource: arn:aws:cognito-idp:eu-west-1:123456789012:*"
)


def test_an_error_is_a_sentence_and_the_cell_works_when_run_again(
    endpoint,
):
    """A retried call says so."""
    endpoint.environment |= {"AWS_MAX_ATTEMPTS": "1"}
    reader = Reader(endpoint)
    with reader.opens(Lesson.CREATE_A_USER_POOL):
        for cell in reader.notebook.cells:
            if cell.id == "find-your-pool-code":
                break
            if cell.cell_type == "code":
                assert reader.runs_until_it_succeeds(cell) is None
        reader.types(FAULTS)
        cell = reader.cell("find-your-pool-code")
        for given, words in [
            (
                f'(400, "AccessDeniedException", {DENIED!r})',
                (
                    'for this statement: {"Effect": "Allow", "Action": "cognito-idp:ListUserPools",'
                    ' "Resource": "*"}'
                ),
            ),
            (
                (
                    '(400, "ExpiredTokenException", "The security token included in the request is'
                    ' expired")'
                ),
                "your credentials have expired",
            ),
            (
                (
                    '(400, "UnrecognizedClientException", "The security token included in the'
                    ' request is invalid.")'
                ),
                "doesn't know your access key",
            ),
            (
                (
                    '(400, "InvalidSignatureException", "Signature expired: 20261124T100000Z is now'
                    ' earlier than 20261124T101500Z")'
                ),
                "clock",
            ),
            (
                '(400, "ThrottlingException", "Rate exceeded")',
                "Too many requests in this account and Region",
            ),
            (
                '(500, "InternalErrorException", "x")',
                "The service failed at ListUserPools (HTTP 500",
            ),
            (
                '(501, "NotImplemented", "x")',
                "doesn't have the operation ListUserPools (HTTP 501)",
            ),
            (
                'boto.ConnectTimeoutError(endpoint_url="https://x")',
                "No one answers at https://x, so nothing was sent.",
            ),
            (
                'boto.ReadTimeoutError(endpoint_url="https://x")',
                "ListUserPools was sent, and no response came.",
            ),
            (
                'boto.ConnectionClosedError(endpoint_url="https://x")',
                "ListUserPools was sent, and no response came.",
            ),
        ]:
            reader.types(f"fault({given})")
            succeeded, said = reader.runs(cell)
            assert not succeeded and words in said, said
            reader.types("no_fault()")
            assert reader.runs(cell) == (True, "Found: my-first-pool")
        reader.types(
            "import os, botocore.retries.standard as retries, cognito_helpers.calls.retries as"
            " unanswered"
        )
        reader.types(
            "del os.environ['AWS_MAX_ATTEMPTS']\nretries.ExponentialBackoff.delay_amount = lambda"
            " *_: 0\nunanswered.PATIENCE = 0"
        )
        assert reader.runs(reader.cell("open-the-lab-code"))[0]
        reader.types('fault((400, "TooManyRequestsException", "Rate exceeded"))')
        succeeded, said = reader.runs(cell)
        assert (
            not succeeded
            and "ListUserPools takes longer: the service said TooManyRequestsException. "
            "Trying again, 3 of 3."
            in said
        )


SETTINGS = [
    ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "boto3 finds no IAM credentials"),
    ({"AWS_DEFAULT_REGION": ""}, "boto3 finds no Region"),
    ({"AWS_DEFAULT_REGION": "the moon"}, "“the moon” isn't a Region"),
    ({"AWS_PROFILE": "work"}, "There's no AWS profile “work”"),
    (
        {"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": "http://127.0.0.1:9"},
        "No one answers at http://127.0.0.1:9",
    ),
    (
        {"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": "nonsense"},
        "Give the endpoint a full address",
    ),
    ({"COGNITO_LAB_BACKEND": "moon"}, "COGNITO_LAB_BACKEND is “moon”"),
]


def test_unusable_settings_are_a_sentence_in_the_first_cell_and_can_be_fixed_there(
    endpoint,
):
    endpoint.environment |= {"AWS_MAX_ATTEMPTS": "1"}
    reader = Reader(endpoint)
    with reader.opens(Lesson.SIGN_UP):
        assert reader.runs(reader.cell("imports-code"))[0]
        cell = reader.cell("open-the-lab-code")
        reader.types("import os\nright = dict(os.environ)")
        for settings, words in SETTINGS:
            reader.types(f"os.environ.update({settings!r})")
            succeeded, said = reader.runs(cell)
            assert not succeeded and words in said, said
            reader.types("os.environ.clear()\nos.environ.update(right)")
            assert reader.runs_until_it_succeeds(cell) is None
        assert reader.stops == ["agree"]


# Another person's pool that differs from what the lessons need

NO_DEVICE = "no device was offered. That happens in a pool that doesn't track devices"
NOT_TRACKED = "Device tracking not currently enabled for this pool."
# By the difference, as in tests/test_pool_inspection.py: a lesson, and its cells that stop, each
# with words of its sentence. Cells that depend on them say so. If a pool works for no lesson, the
# first cell says so; tests/test_pool_inspection.py checks that.
STOPPED = {
    "a client's secret": (Lesson.SIGN_UP, {"open-the-lab-code": "The app client has a secret"}),
    "MFA off": (
        Lesson.BUILD_AN_APP,
        {
            "open-the-lab-code": "MFA is OFF",
        },
    ),
    "no device tracking": (
        Lesson.REMEMBER_A_DEVICE,
        {
            "generate-a-device-password-code": NO_DEVICE,
            "list-the-devices-code": NOT_TRACKED,
            "try-it-confirm-another-user-s-device-code": NO_DEVICE,
        },
    ),
}
# From the lesson that cleans up, for a learner who wants only this of it
LOOK_AND_DELETE = [
    "look-for-what-is-left-code",
    "look-for-what-is-left-code-2",
    "delete-what-you-selected-code",
    "delete-what-you-selected-code-2",
]


@pytest.mark.parametrize("different", STOPPED)
def test_if_a_pool_lacks_something_each_cell_says_what_and_the_pool_ends_unchanged(
    endpoint, different
):
    settings, said_beforehand = deepcopy(DIFFERENT[different])
    theirs = OtherPool(
        endpoint.service.client("eu-west-1"), settings.pop("client", {}), **{"mfa": {}, **settings}
    )
    before, reader = (theirs.everything(), theirs.names()), Reader(endpoint)
    number, expected = STOPPED[different]
    with reader.opens(number):
        reader.types(
            "from cognito_helpers import open_lab, use_pool\nlab ="
            ' open_lab("nothing")\nlab.backend.agreed = True'
        )
        assert said_beforehand in reader.types(
            f"print(use_pool(lab, {theirs.pool_id!r}, {theirs.client_id!r}))\ndel lab"
        )
        stopped = {
            cell.id: said
            for cell in reader.notebook.cells
            if cell.cell_type == "code" and (said := reader.runs_until_it_succeeds(cell))
        }
    assert "another user" not in reader.stops
    by_themselves = {
        id_: said
        for id_, said in stopped.items()
        if not re.fullmatch(r"“\w+” isn't defined yet. Run the cell under “.+” first, .+", said)
    }
    assert list(by_themselves) == list(expected), by_themselves
    assert [id_ for id_, words in expected.items() if words not in by_themselves[id_]] == [], (
        by_themselves
    )
    if theirs.names() != before[1]:
        with reader.opens(Lesson.CLEAN_UP):
            first = reader.cell("open-the-lab-code")
            first.source = first.source.replace(
                'needs="a user with an authenticator app"', 'needs="nothing"'
            )
            for cell in map(reader.cell, ["imports-code", "open-the-lab-code", *LOOK_AND_DELETE]):
                assert reader.runs(cell)[0]
                if cell.id == LOOK_AND_DELETE[1]:
                    reader.types("left.select(*(thing.id for thing in left._boxes))")
    assert (theirs.everything(), theirs.names()) == before
