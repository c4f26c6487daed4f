"""No completed call is lost: not by a kill at any moment, not with many writers, not on a full disk
or in a read-only folder.

`children.py` does this to the files; it forks, and so runs as a separate program.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="Windows neither forks nor kills in this way"
)


class Trial(NamedTuple):
    """The work, how often it's done every day and in a full run, and what the figures say about
    it.
    """

    work: str
    everyday: tuple[int, ...]
    full: tuple[int, ...]
    told: str


TRIED = {
    "writers killed": Trial(
        work="kill_writers",
        everyday=(15,),
        full=(1000,),
        told=(
            "{kills} writers of the state file killed; {answered} answered calls, all of them there"
        ),
    ),
    "sign-ins killed": Trial(
        work="kill_sign_ins",
        everyday=(15,),
        full=(1000,),
        told=(
            "{kills} processes killed while users signed up, signed in by custom challenges and"
            " registered passkeys; {answered} answered steps, all of them there"
        ),
    ),
    "makers killed": Trial(
        work="kill_makers",
        everyday=(10,),
        full=(300,),
        told="{kills} processes killed while they made the state file; each file could be used",
    ),
    "writers of progress killed": Trial(
        work="kill_progress",
        everyday=(10,),
        full=(500,),
        told="{kills} writers of the progress file killed; {answered} answered changes, all there",
    ),
    "forgetting a pool killed": Trial(
        work="kill_forgetting",
        everyday=(5,),
        full=(400,),
        told=(
            "{kills} labs killed while they forgot their pool: the next lesson opened each time,"
            " with all of the pool or, {gone} times, nothing"
        ),
    ),
    "a crowd": Trial(
        work="crowd",
        everyday=(8, 2),
        full=(8, 100),
        told=(
            "{processes} processes on one state file: {answered} calls, none lost and none told"
            " that it is locked"
        ),
    ),
    "a crowd of lessons": Trial(
        work="crowd_progress",
        everyday=(4, 10),
        full=(8, 100),
        told=(
            "{processes} lessons open at once kept {values} values, and undid none of each other's"
        ),
    ),
    "a full disk": Trial(
        work="fill_disk",
        everyday=(8,),
        full=(64,),
        told=(
            "a disk that was full at {sizes} sizes of the state file: a sentence each time,"
            " {answered} answered calls kept"
        ),
    ),
    "a full disk under progress": Trial(
        work="starve_progress",
        everyday=(5,),
        full=(200,),
        told="a disk that was full at {sizes} sizes of the progress file: the old file kept",
    ),
    "a read-only folder": Trial(
        work="read_only",
        everyday=(),
        full=(),
        told=(
            "a folder that can be read alone, and one that cannot: {sentences} attempts, a sentence"
            " for each"
        ),
    ),
}


@pytest.mark.parametrize(("work", "everyday", "full", "told"), TRIED.values(), ids=TRIED)
def test_nothing_is_lost(tmp_path, size, figures, work, everyday, full, told):
    # The last part of the path is a file if the work is about a state file.
    path = tmp_path / (
        "state.sqlite"
        if work in ("kill_writers", "kill_sign_ins", "crowd", "fill_disk")
        else "home"
        if work == "read_only"
        else ""
    )
    command = [
        sys.executable,
        "-m",
        "tests.robust.children",
        work,
        str(path),
        *map(str, size(everyday, full)),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    counted = json.loads(done.stdout.splitlines()[-1])
    figures(f"Nothing lost: {told.format(**counted)}.")
