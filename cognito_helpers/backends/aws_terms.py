"""Before anything is made in somebody's AWS account: whose it is, what is made, what it costs, and
a box to tick.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import ipywidgets

from ..tutorial_pool.lessons import Lesson
from ..tutorial_pool.settings import POOL_NAME, TAGS
from ..ui.markup import escaped, words
from ..ui.widget import Shown


class Terms(NamedTuple):
    """Where things will be made. `account` is None where it is not known, `is_elsewhere` says that
    the endpoint is none of AWS's.
    """

    endpoint: str
    region: str
    profile: str
    account: str | None
    is_elsewhere: bool

    @property
    def who(self) -> str:
        """Who answers, in a sentence or two."""
        if self.is_elsewhere:
            return (
                f"The endpoint {self.endpoint} answers, for Region {self.region}. It is none of"
                " AWS's, so nobody was asked which account it is."
            )
        account = (
            f"AWS account {self.account}"
            if self.account
            else "an AWS account whose number is not known, since STS does not say"
        )
        return f"Amazon Cognito answers: {account}, Region {self.region}, profile {self.profile}."

    @property
    def lines(self) -> list[str]:
        """What is made, what it costs, and what is kept."""
        (tag,) = TAGS.items()
        costs = (
            "What it costs is for the endpoint's owner to say."
            if self.is_elsewhere
            else (
                "What it costs: on the plan of a new pool, Essentials, the first 10,000 users who"
                " are active in a month are free for those who sign in with name and password, and"
                " each above that costs 0.015 US dollars; a lesson makes two or three. So said"
                " Amazon's pricing page on 20 September 2026, as we have it at second hand"
                " (api-evangelist, amazon-cognito-plans-pricing): look there before you rely on it."
                " Cognito itself sends the mail, commonly up to 50 a day; no charge for that is"
                " known to us."
            )
        )
        return [
            (
                f"What will be made: a user pool “{POOL_NAME}” with the tag {tag[0]}={tag[1]}, an"
                f" app client in it, another in lesson {Lesson.CLIENT_SECRET}, and the users"
                f" of the lessons. Lesson {Lesson.CLEAN_UP}"
                " deletes them. Nothing without that tag is ever changed or deleted."
            ),
            costs,
            (
                "What is kept here: the ids of pool and client, your user name, and the password of"
                " a remembered device. Your own password and the phone's secrets are in this kernel"
                " alone."
            ),
        ]


class Agrees(Protocol):
    """What is told when the box is ticked."""

    agreed: bool


BOX = "I agree: make these things"


class Agreement(Shown):
    """The terms, and the box."""

    def __init__(self, terms: Terms, service: Agrees) -> None:
        self._service = service
        self.box = ipywidgets.Checkbox(
            description=BOX, value=service.agreed, indent=False, layout={"width": "100%"}
        )
        self._status = ipywidgets.HTML()
        self.box.observe(self.safely(self._ticked), names="value")
        markup = f"<ul>{''.join(f'<li>{escaped(line)}</li>' for line in terms.lines)}</ul>"
        super().__init__(
            [ipywidgets.HTML(words(markup)), self.box, self._status],
            "\n".join([*terms.lines, f"[ ] {BOX}"]),
        )

    def _ticked(self, change: dict[str, Any]) -> None:
        self._service.agreed = change["new"]
        said = (
            "Agreed. Run the cell that stopped again."
            if change["new"]
            else "Not agreed: nothing will be made or changed."
        )
        self._status.value = words(said, role="status")
