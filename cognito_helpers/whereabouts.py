"""Where the learner stands: which steps of the tutorial are done, by what is there, and which comes
next.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import NamedTuple

from .lab.lab import Lab


class Step(NamedTuple):
    """A step: what to do, in which lesson, how it is called once it is done, and whether it is."""

    do: str
    lesson: str
    done: str
    is_done: Callable[[Lab], bool]


STEPS = [
    Step("make a user pool", "00", "user pool", lambda lab: lab.pool_id is not None),
    Step("make an app client", "00", "app client", lambda lab: lab.client_id is not None),
    Step("sign up", "01", "sign-up", lambda lab: lab.user_status() is not None),
    Step(
        "confirm the sign-up",
        "01",
        "confirmation",
        lambda lab: lab.user_status() not in (None, "UNCONFIRMED"),
    ),
    Step(
        "set up an authenticator app",
        "02",
        "authenticator app",
        lambda lab: lab.username in lab.phone.accounts,
    ),
    # That somebody signed in leaves nothing behind but a device, once it is confirmed.
    Step("sign in with a code", "03", "sign-in", lambda lab: lab.device is not None),
    Step(
        "have this device remembered", "04", "remembered device", lambda lab: lab.device is not None
    ),
]


def where_you_are(lab: Lab) -> str:
    """One line: which step comes next, of how many, and what is done."""
    done = [step.done for step in takewhile(lambda step: step.is_done(lab), STEPS)]
    said = f" Done: {', '.join(done)}." if done else ""
    if len(done) == len(STEPS):
        return f"All {len(STEPS)} steps are taken.{said}"
    step = STEPS[len(done)]
    return f"Step {len(done) + 1} of {len(STEPS)}: {step.do} (lesson {step.lesson}).{said}"


def names(lab: Lab) -> str:
    """The names that go with it: pool, app client and user; empty where there is none yet."""
    known = [("pool", lab.pool_id), ("app client", lab.client_id), ("user", lab.username)]
    said = ", ".join(f"{what} {name}" for what, name in known if name)
    return f"Yours: {said}." if said else ""
