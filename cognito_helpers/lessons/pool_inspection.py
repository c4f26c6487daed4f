"""Check a pool and its app client: how they differ from what the lessons need, which lessons fail,
and what to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from ..errors import LessonError
from ..lab.lab import Lab
from ..text import say, visible
from ..tutorial_pool.lessons import Lesson
from ..tutorial_pool.requirements import CLIENT_RULES, RULES, Lessons, Seen
from ..tutorial_pool.settings import POOL_NAME, carries_tag, how_many_users
from ..ui.markup import escaped, table
from ..ui.progress_bar import wait
from ..ui.stylesheet import styled

# Amazon Cognito may show a change some moments after it was made: how often the tutorial's own pool
# is checked, a second apart
LOOKS = 5


class Finding(NamedTuple):
    """A difference from what the lessons need: the numbers of the lessons that fail, what it is,
    and what to do.
    """

    lessons: Lessons
    what: str
    do: str


class Examination:
    """The result of an examination. A notebook shows it as a table; its repr is the same as
    text.
    """

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self.findings = [
            Finding(rule.lessons, rule.what.format(found), rule.do)
            for rule in RULES + (CLIENT_RULES if seen.client else [])
            if (found := rule.found(seen))
        ]

    @property
    def ours(self) -> bool:
        """Whether the pool has the tutorial's tag."""
        return carries_tag(self._seen.pool)

    @property
    def headline(self) -> str:
        """The outcome in one or two sentences."""
        pool, client = self._seen.pool, self._seen.client
        named = f"Pool {pool['Id']} ({pool['Name']})" + (
            f" with app client {client['ClientId']}" if client else ", with no app client yet,"
        )
        if not self.findings:
            return f"{named} is as the lessons need it."
        whose = (
            ""
            if self.ours
            else (
                f" The tutorial didn't create it. It has {how_many_users(pool)}, and the lab"
                " doesn't change them."
            )
        )
        return f"{named} differs from what the lessons need, as follows.{whose}"

    def __repr__(self) -> str:
        lines = (
            f"- {_lessons(finding)}: {finding.what}\n  What to do: {finding.do}"
            for finding in self.findings
        )
        return "\n".join([self.headline, *lines])

    def _repr_html_(self) -> str:
        rows = [
            (_lessons(finding), escaped(finding.what), escaped(finding.do))
            for finding in self.findings
        ]
        findings = table(("which lessons", "what is so", "what to do"), rows) if rows else ""
        return styled(f"<p>{escaped(self.headline)}</p>{findings}")


def _lessons(finding: Finding) -> str:
    if not finding.lessons:
        return "no lesson fails"
    return f"lesson{'s' * (len(finding.lessons) > 1)} {', '.join(sorted(finding.lessons))}"


def look(cognito: Any, pool_id: str, client_id: str | None) -> Seen:
    """What the service says about a pool and an app client now. Raises the service's own errors."""
    client = (
        cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=client_id)["UserPoolClient"]
        if client_id
        else {}
    )
    # Only whether there is one matters.
    client |= {"ClientSecret": ""} if "ClientSecret" in client else {}
    pool = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    return Seen(pool, cognito.get_user_pool_mfa_config(UserPoolId=pool_id), client)


def examine(lab: Lab, sleep: Callable[[float], None] = time.sleep) -> Examination:
    """Examine the lab's pool and app client.

    At AWS a change may show late. So if the tutorial's own pool isn't as it should be, the lab says
    so, waits a second and checks again, some times. Raises `LessonError` if there is no pool.
    """
    if lab.pool_id is None:
        raise LessonError("There's no pool to examine yet. Run the cell under “Create the pool”.")
    looked = partial(look, lab.cognito, lab.pool_id, lab.client_id)
    with lab.requests.aside():
        found = Examination(looked())
        for number in range(2, LOOKS + 1):
            if not lab.backend.shows_changes_late or not found.findings or not found.ours:
                break
            wait(1, f"The pool isn't as it should be yet: look {number} of {LOOKS}", sleep)
            found = Examination(looked())
    return found


def check_that_it_serves(lab: Lab, lessons: Lessons) -> None:
    """Raise `LessonError`, with what is missing, if all of `lessons` fail in the lab's pool. A pool
    the lab created isn't checked.
    """
    if lab.pool_id in lab.inventory.pools and (lab.pool_id, lab.client_id) in lab.inventory.clients:
        return
    missing = [
        finding
        for finding in Examination(look(lab.cognito, lab.pool_id, lab.client_id)).findings
        if lessons <= finding.lessons
    ]
    if missing:
        what, do = (
            " ".join(dict.fromkeys(texts))
            for texts in zip(*((finding.what, finding.do) for finding in missing), strict=True)
        )
        raise LessonError(
            f"This lesson doesn't work in pool {lab.pool_id}. {what} {do} Or continue with a pool"
            ' created by the tutorial: run `open_lab("nothing").forget_pool()`, then this cell'
            ' again. For what needs no user, write needs="nothing" in this cell.'
        )


def use_pool(
    lab: Lab, pool_id: str, client_id: str = "", *, name: str = POOL_NAME
) -> Examination | None:
    """Choose the pool the lessons use from now on. Nothing in it is changed.

    With a `pool_id` it's that pool, with that app client if one is given, and both are examined.
    Without, it's the pool the lab created with this `name`. If there is none, `lab.pool_id` is None
    afterwards, so that the lesson creates it. A pool that was chosen by its ID stays chosen.
    Raises `LessonError` if the pool or the app client doesn't exist.
    """
    if not pool_id:
        _use_own_pool(lab, name)
        return None
    region, wanted = lab.cognito.meta.region_name, pool_id.partition("_")[0]
    if wanted != region:
        raise LessonError(
            f"Pool {pool_id} is in the Region {wanted}, and the lab uses {region}. Choose {wanted},"
            " restart the kernel, and try again."
        )
    try:
        with lab.requests.aside():
            look(lab.cognito, pool_id, client_id or None)
    except lab.cognito.exceptions.ResourceNotFoundException as error:
        raise LessonError(
            f"{error.response['Error']['Message'].rstrip('.')} in {region} of this account. Check"
            " the ID in the console."
        ) from None
    if lab.pool_id not in (None, pool_id):
        say(
            f"The lessons used pool {lab.pool_id} before. It still exists. Lesson"
            f" {Lesson.CLEAN_UP} finds and deletes it."
        )
    _switch(lab, pool_id, client_id)
    return examine(lab)


def _use_own_pool(lab: Lab, name: str) -> None:
    """Use the newest pool the lab created with this name, or none."""
    if lab.pool_id is not None and lab.pool_id not in lab.inventory.pools:
        say(f"The lessons continue to use pool {lab.pool_id}, which you chose by its ID.")
        return
    own = _created(lab, name)
    if own is None:
        _switch(lab, None)
        say(f"You haven't created a pool named “{visible(name)}” yet. The next cell creates it.")
    else:
        _switch(lab, own)
        say(f"You created pool {own} ({visible(name)}) before. The lessons use it.")


def _created(lab: Lab, name: str) -> str | None:
    """The newest pool with this name the lab created in this Region. None if there is none."""
    for pool_id in reversed(lab.inventory.pools):
        if pool_id.partition("_")[0] != lab.cognito.meta.region_name:
            continue
        try:
            with lab.requests.aside():
                pool = lab.cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
        except lab.cognito.exceptions.ResourceNotFoundException:
            continue
        if pool["Name"] == name and carries_tag(pool):
            return pool_id
    return None


def _switch(lab: Lab, pool_id: str | None, client_id: str = "") -> None:
    """Use this pool with this app client, or otherwise with one the lab created in it. The user of
    another pool is forgotten.
    """
    own = [client for pool, client in lab.inventory.clients if pool == pool_id]
    if not client_id and own:
        client_id = lab.client_id if lab.client_id in own else own[0]
    if pool_id != lab.pool_id:
        lab.forget_pool()
    lab.pool_id, lab.client_id = pool_id, client_id or None
