"""Every lesson with the backend `aws`, by somebody who reads, waits, and types what only they can know.

For AWS stands the stand-in's own HTTP door. `pytest --endpoint aws tests/test_lessons_at_aws.py` goes to Amazon Cognito itself.
"""

import json

import pytest

from cognito_helpers.progress import Progress
from tests.lessons import LESSONS
from tests.reader import Door, Reader

NUMBERS = [path.name[:2] for path in LESSONS]


@pytest.fixture
def door(tmp_path):
    made = Door(tmp_path)
    yield made
    made.close()


def kept(tmp_path):
    """All that the lab keeps on disk."""
    return "".join(path.read_text() for path in (tmp_path / "lab").iterdir())


def test_one_after_the_other_with_a_phone_of_ones_own(door, tmp_path):
    person, asked = Reader(door, scans=True), {}
    for number in NUMBERS:
        assert person.reads(number) is None
        asked[number] = person.stops
        on_disk = kept(tmp_path)
        assert person.password not in on_disk and not [account for account, app in person.phone.items() if app.secret in on_disk]
    assert asked == {
        "00": ["agree"],
        "01": ["e-mail", "mailed code"],
        "02": ["password"],
        "03": ["password", "phone code", "phone code"],
        "04": ["password", "phone code"],
        "07": ["e-mail", "mailed code"],
        "08": ["password", "phone code"],
    }
    assert door.pools() == []


@pytest.mark.parametrize("number", NUMBERS)
def test_each_alone_with_the_phone_on_the_page(door, number):
    """Nobody took an earlier step: the lab takes those that need nobody, once that was agreed to."""
    person = Reader(door)
    assert person.reads(number) is None
    assert person.stops == ["agree", *(["e-mail", "mailed code"] if number in ("01", "07") else [])]


def test_in_a_new_kernel_another_user_goes_on_where_the_page_had_the_only_phone(door):
    person = Reader(door)
    for number in ("02", "03"):
        assert person.reads(number) is None
    assert person.stops == ["another user"]
