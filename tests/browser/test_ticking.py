"""The phone ticks by itself, in a browser, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from cognito_helpers.ui.ticking import Frame, ticking

FRAMES = [Frame(f"<b>code {number}</b>", 12.5 + 30 * number) for number in range(10)]
# The picture is put on the page like ipywidgets does it.
PUT = "text => { document.querySelector('main').innerHTML = text }"
SHOWN = (
    "() => [...document.querySelectorAll('main > svg > g')].filter(g =>"
    " getComputedStyle(g).visibility == 'visible').map(g => g.textContent)"
)
AT = "seconds => document.querySelectorAll('svg').forEach(svg => svg.setCurrentTime(seconds))"
NOW = "() => document.querySelector('svg').getCurrentTime()"


@pytest.fixture(scope="module", params=["no-preference", "reduce"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(reduced_motion=request.param)
    page.set_content("<main></main>")
    page.evaluate(PUT, ticking(FRAMES, 30, "The next code comes in", "All have expired."))
    yield page
    page.close()


@pytest.mark.parametrize(
    ("seconds", "code"),
    {0: 0, 12: 0, 12.6: 1, 42: 1, 42.6: 2, 255: 9, 282: 9}.items(),
)
def test_one_code_is_shown_at_a_time_while_it_is_valid(phone, seconds, code):
    phone.evaluate(AT, seconds)
    first, second = phone.evaluate(SHOWN)
    assert first == f"code {code}" and second.startswith("The next code comes in")


def test_when_all_codes_have_expired_it_says_so_and_counts_none_down(phone):
    phone.evaluate(AT, 283)
    assert phone.evaluate(SHOWN) == ["All have expired."]
    phone.evaluate(AT, 9999)
    assert phone.evaluate(SHOWN) == ["All have expired."]


# The number that can be seen, and how much of the bar's 30 seconds is left.
LEFT = """() => [
    [...document.querySelectorAll('svg svg text')]
        .filter(text => getComputedStyle(text).visibility == 'visible')
        .map(text => Number(text.firstChild.data)),
    document.querySelector('.cognito-bar rect').width.animVal.value,
]"""


@pytest.mark.parametrize(
    ("seconds", "left"),
    {0: 13, 1: 12, 12: 1, 12.4: 1, 12.6: 30, 42: 1, 43: 30, 282: 1}.items(),
)
def test_the_countdown_and_the_bar_show_the_seconds_left(phone, seconds, left):
    phone.evaluate(AT, seconds)
    assert phone.evaluate(LEFT) == [[left], left]


def test_nothing_moves_between_two_seconds():
    # `set` is the one kind of SVG animation that a browser doesn't draw 60 times a second.
    assert "<animate" not in ticking(FRAMES, 30, "The next code comes in", "All have expired.")


@pytest.mark.parametrize(
    "away",
    [
        "main => { main.style.display = 'none'; main.offsetHeight; main.style.display = '' }",
        "main => { const body = main.parentNode; main.remove(); body.append(main) }",
    ],
    ids=["hidden tab", "scrolled out"],
)
def test_an_expired_code_does_not_come_back_after_another_tab(phone, away):
    phone.evaluate(AT, 100)
    phone.locator("main").evaluate(away)
    assert phone.evaluate(NOW) >= 100
    assert phone.evaluate(SHOWN)[0] == "code 3"


def test_reduced_motion_leaves_out_only_the_bar(phone):
    less = phone.evaluate("() => matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert phone.locator(".cognito-bar").is_visible() == (not less)
