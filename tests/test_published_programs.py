"""The comparison with the published programs: each step exists, and no claim is a guess."""

import pytest

from etc.tools import published_programs
from etc.tools.lessons import LESSONS, calls
from etc.tools.published_programs import NO, PROGRAMS, STEPS

WITH_CALL = [step for step in STEPS if step.operation]
# step: the programs that take it; all of them if it isn't here
TAKEN_BY = {
    "List the pools": {".NET", "Python"},
    "Read the user": {".NET", "C++", "Java", "Kotlin", "Python"},
    "Request another code": {".NET", "C++", "Java", "Kotlin", "Python"},
    "List the users": {".NET", "Python"},
    "Finish the first sign-in": set(),
    "Refresh the tokens": set(),
    "Revoke the tokens": set(),
    "Confirm the device": {".NET", "Python"},
    "Sign in with the device": {"Python"},
    "List and forget devices": set(),
    "Delete the user": {"C++"},
    "Delete the pool": {"Python"},
}


@pytest.mark.parametrize("step", WITH_CALL, ids=lambda step: step.title)
def test_a_program_that_leaves_a_step_out_is_named(step):
    assert step.programs.keys() <= set(PROGRAMS)
    taken = {program for program in PROGRAMS if step.programs.get(program, step.others) != NO}
    assert taken == TAKEN_BY.get(step.title, set(PROGRAMS))


def test_every_call_is_made_in_a_lesson():
    made = {operation for path in LESSONS for operation in calls(path)}
    assert {step.operation for step in WITH_CALL} <= made
    assert {step.lesson.stem for step in STEPS} <= {path.stem for path in LESSONS}


def test_the_page_has_a_row_for_each_step():
    rows = [line for line in published_programs.page().splitlines() if line.startswith("| ")]
    assert len(rows) == len(STEPS) + 2
    assert {row.count(" | ") for row in rows} == {len(PROGRAMS) + 2}
