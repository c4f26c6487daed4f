"""Reruns are safe: whatever is run again, in any order, after any loss, works or says in a sentence
what to run.
"""

import itertools
import random
import warnings

import pytest

from cognito_helpers.local_cognito.crypto import srp
from etc.tools.lessons import NOTEBOOKS

from .classroom import Kernel

NAMES = [path.stem for path in NOTEBOOKS]


@pytest.fixture
def school(tmp_path, monkeypatch):
    """`school(lesson)`: a kernel with that lesson, in one lab for the whole test."""
    monkeypatch.setenv("COGNITO_LAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COGNITO_LAB_BACKEND", raising=False)
    monkeypatch.setenv("JPY_SESSION_NAME", "")
    monkeypatch.chdir(NOTEBOOKS[0].parent)
    # The same powers, faster: they take most of the time of a lesson about devices.
    monkeypatch.setattr("pycognito.aws_srp.pow", lambda *of: int(srp.powmod(*of)), raising=False)
    kernels = []

    def opened(lesson):
        kernels.append(Kernel(lesson))
        return kernels[-1]

    # What a kernel shows or ignores isn't an error in it.
    with warnings.catch_warnings(action="ignore"):
        yield opened
        for kernel in kernels:
            kernel.stop()


def unsafe(runs):
    return [run for run in runs if not run.is_safe]


def broken(runs):
    return [run for run in runs if not run.works]


@pytest.mark.parametrize("lesson", NOTEBOOKS, ids=NAMES)
def test_every_cell_twice_in_a_row(school, lesson, figures):
    """The first time it works, whatever was run twice before it."""
    kernel = school(lesson)
    first, second = [], []
    for number in range(len(kernel.sources)):
        first.append(kernel.run(number))
        second.append(kernel.run(number))
    assert broken(first) == []
    assert unsafe(second) == []
    sentences = len(broken(second))
    figures(
        f"Reruns: {lesson.stem}, each of {len(second)} cells twice: {len(second) - sentences}"
        f" worked again, {sentences} said what to do."
    )


@pytest.mark.parametrize("lesson", NOTEBOOKS, ids=NAMES)
def test_run_all_again_and_after_a_restart(school, lesson, size):
    kernel = school(lesson)
    for _ in range(size(1, 2)):
        assert broken(kernel.run_all()) == []
    kernel.stop()
    assert broken(school(lesson).run_all()) == []


def test_lessons_in_any_order_and_again(school, size, figures):
    """Each in a separate kernel, all in one lab, none of which is closed: as tabs stay open."""
    chance = random.Random(10)
    orders = [
        NOTEBOOKS[::-1],
        *(chance.sample(NOTEBOOKS, len(NOTEBOOKS)) for _ in range(size(0, 6))),
    ]
    runs = 0
    for order in orders:
        for lesson in order:
            found = broken(school(lesson).run_all())
            assert found == [], [lesson.stem for lesson in order[: order.index(lesson) + 1]]
            runs += 1
    figures(
        f"Reruns: lessons in {len(orders)} orders, one after the other in one lab: {runs} runs,"
        " each to its end."
    )


def restarts(lessons, each):
    """(lesson, the cell after which the kernel is lost)."""
    chance = random.Random(11)
    return [
        (lesson, at)
        for lesson in chance.sample(NOTEBOOKS, lessons)
        for at in chance.sample(range(30), each)
    ]


def test_a_kernel_lost_after_any_cell(school, size, figures):
    """Continuing below names the cell to run; running the lesson from the top then reaches its
    end.
    """
    lost = told = 0
    for lesson, at in restarts(size(3, len(NOTEBOOKS)), size(2, 4)):
        kernel = school(lesson)
        last = min(at, len(kernel.sources) - 2)
        runs = [kernel.run(number) for number in range(last + 1)]
        assert broken(runs) == [], lesson.stem
        kernel.stop()
        kernel = school(lesson)
        below = [
            kernel.run(number) for number in range(last + 1, min(last + 4, len(kernel.sources)))
        ]
        assert unsafe(below) == [], lesson.stem
        assert broken(kernel.run_all()) == [], f"{lesson.stem}, lost after cell {last}"
        lost, told = lost + 1, told + len(broken(below))
    figures(
        f"Reruns: a kernel lost after {lost} cells; {told} cells below them said what to run, and"
        " every lesson came to its end from the top."
    )


def test_any_two_lessons_open_at_once(school, size, figures):
    """Cell by cell in turns, in one lab: each finds what the other changed, or says what's missing,
    and from the top both reach their end.
    """
    chance = random.Random(12)
    pairs = chance.sample(list(itertools.combinations(NOTEBOOKS, 2)), size(1, 6))
    turns = 0
    for pair in pairs:
        kernels = [school(lesson) for lesson in pair]
        for number in range(max(len(kernel.sources) for kernel in kernels)):
            for kernel in kernels:
                if number < len(kernel.sources):
                    run = kernel.run(number)
                    assert run.is_safe, (run, pair)
                    turns += 1
        for lesson in pair:
            assert broken(school(lesson).run_all()) == []
    figures(f"Reruns: {len(pairs)} pairs of lessons open at once, {turns} cells in turns.")
