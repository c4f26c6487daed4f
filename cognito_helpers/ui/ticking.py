"""Markup that changes by itself: one frame after the other, a countdown and a bar.

The browser's own SVG animation does it. Unlike a CSS animation, it doesn't start over when its tab
was hidden, and it needs neither JavaScript nor the kernel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# The height of one frame, and of the whole with the countdown and the bar below it
_FRAME, _LINE, _BAR = "8em", "1.6em", "0.5em"
_HEIGHT = "10.4em"
# The bar is left out if the reader asked for less motion. The change from frame to frame stays, or
# an old frame would look valid.
_LESS_MOTION = (
    "<style>@media (prefers-reduced-motion: reduce)"
    " { .cognito-bar { display: none !important } }</style>"
)


class Frame(NamedTuple):
    """Harmless markup, and how many seconds from now it ends."""

    markup: str
    ends: float


def ticking(frames: Sequence[Frame], seconds: int, label: str, at_the_end: str) -> str:
    """The frames, each shown until it ends, for `seconds` each; the first may have begun already.
    `label` comes before the countdown, `at_the_end` stays when all are over.
    """
    begun, end = frames[0].ends - seconds, frames[-1].ends
    shown = [_shown(frames[0].markup, 0, frames[0].ends)]
    shown += [
        _shown(frame.markup, before.ends, frame.ends)
        for before, frame in zip(frames, frames[1:], strict=False)
    ]
    countdown = (
        f'<div style="line-height: {_LINE}; white-space: nowrap">{label}'
        f" {_countdown(seconds, begun, len(frames))} seconds</div>"
        f"{_bar(seconds, begun, len(frames))}"
    )
    # A screen reader doesn't interrupt its user for each frame.
    return (
        f'{_LESS_MOTION}<svg aria-live="off" style="display: block; width: 100%; height: {_HEIGHT};'
        f' overflow: visible; color: inherit">{"".join(shown)}'
        f"{_shown(countdown, 0, end, top=_FRAME, hidden=True)}"
        f"{_shown(at_the_end, end, None)}</svg>"
    )


def _shown(
    markup: str, begins: float, ends: float | None, top: str = "0", hidden: bool = False
) -> str:
    """Markup shown from one moment to another, also for a screen reader. Without animation the
    first frame stays.
    """
    rest = "hidden" if begins else "visible"
    other = "visible" if begins else "hidden"
    begin = begins or ends
    until = f' end="{ends:.1f}s"' if begins and ends else ""
    aside = ' aria-hidden="true"' if hidden else ""
    # The animation is beside the HTML: inside, it would be HTML too, and nothing would move.
    return (
        f'<g visibility="{rest}"{aside}><set attributeName="visibility" to="{other}"'
        f' begin="{begin:.1f}s"{until}/><foreignObject x="0" y="{top}" width="100%"'
        f' height="{_FRAME}"><div>{markup}</div></foreignObject></g>'
    )


def _countdown(seconds: int, begun: float, times: int) -> str:
    """A number that counts from `seconds` to 1, once per frame."""
    numbers = "".join(
        f'<text x="20" y="14.4" text-anchor="end" visibility="hidden">{seconds - second}'
        f"{_for_a_second('visibility', 'visible', second, seconds, begun, times)}</text>"
        for second in range(seconds)
    )
    return (
        '<svg viewBox="0 0 20 20" style="height: 1.4em; width: 1.4em; vertical-align: middle;'
        f' overflow: hidden; fill: currentColor"><g font-size="14.3">{numbers}</g></svg>'
    )


def _bar(seconds: int, begun: float, times: int) -> str:
    """A bar that shrinks in `seconds`, once per frame."""
    shorter = "".join(
        _for_a_second("width", str(seconds - second), second, seconds, begun, times)
        for second in range(1, seconds)
    )
    return (
        f'<svg class="cognito-bar" viewBox="0 0 {seconds} 1" preserveAspectRatio="none"'
        f' style="display: block; width: 16em; max-width: 100%; height: {_BAR}; border: 1px solid;'
        f' fill: currentColor"><rect width="{seconds}" height="1">{shorter}</rect></svg>'
    )


def _for_a_second(
    name: str, value: str, second: int, seconds: int, begun: float, times: int
) -> str:
    """An attribute's value in one second of each frame. Anything but `set`, also an animation in
    steps, would draw the picture 60 times a second.
    """
    begins = ";".join(f"{begun + second + seconds * time:.1f}s" for time in range(times))
    return f'<set attributeName="{name}" to="{value}" begin="{begins}" dur="1s"/>'
