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


def test_the_lessons_one_after_the_other_with_a_phone_of_ones_own(door, tmp_path):
    person = Reader(door, scans=True)
    asked = {}
    for number in NUMBERS:
        assert person.reads(number) is None
        asked[number] = person.stops
        assert person.password not in kept(tmp_path)
        assert not [account for account, app in person.phone.items() if app.secret in kept(tmp_path)]
    assert asked == {}
    assert door.pools() == []
