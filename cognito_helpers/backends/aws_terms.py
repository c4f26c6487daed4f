"""Before anything is created in an AWS account: which account it is, what's created, what it
costs, and a box to select.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import ipywidgets

from ..tutorial_pool.lessons import Lesson
from ..tutorial_pool.settings import POOL_NAME, TAGS
from ..ui.markup import escaped, words
from ..ui.widget import Shown


class Terms(NamedTuple):
    """Where things will be created. `account` is None if it isn't known; `is_other_endpoint` says
    the endpoint isn't one of AWS's.
    """

    endpoint: str
    region: str
    profile: str
    account: str | None
    is_other_endpoint: bool

    @property
    def who(self) -> str:
        """Which service is used, in a sentence or two."""
        if self.is_other_endpoint:
            return (
                f"The endpoint {self.endpoint} answers, for Region {self.region}. It isn't one of"
                " AWS's, so no account is known."
            )
        account = (
            f"AWS account {self.account}"
            if self.account
            else "an AWS account with an unknown number, because STS doesn't say"
        )
        return f"Amazon Cognito answers: {account}, Region {self.region}, profile {self.profile}."

    @property
    def lines(self) -> list[str]:
        """What's created, what it costs, and what's kept."""
        (tag,) = TAGS.items()
        costs = (
            "Ask the endpoint's owner what it costs."
            if self.is_other_endpoint
            else (
                "What it costs: new pools are on the Essentials feature plan. There, the first"
                " 10,000 monthly active users who sign in with a password are free, and each one"
                " above costs 0.015 US dollars. A lesson creates two or three users. That's what"
                " Amazon's pricing page said on 20 September 2026, according to a copy"
                " (api-evangelist, amazon-cognito-plans-pricing). Check the page before you rely"
                " on it. Cognito sends the emails itself, usually up to 50 a day. We know of no"
                " charge for that."
            )
        )
        return [
            (
                f"What will be created: a user pool “{POOL_NAME}” with the tag {tag[0]}={tag[1]},"
                f" an app client in it, another in lesson {Lesson.CLIENT_SECRET}, and the users"
                f" of the lessons. Lesson {Lesson.CLEAN_UP}"
                " deletes them. Nothing without that tag is ever changed or deleted."
            ),
            costs,
            (
                "What's kept here: the IDs of the pool and the client, your user name, and the"
                " password of a remembered device. Your own password and the phone's secrets are"
                " only in this kernel."
            ),
        ]


class Agrees(Protocol):
    """What's told when the box is selected."""

    agreed: bool


BOX = "I agree: create these things"


class Agreement(Shown):
    """The terms, and the box."""

    def __init__(self, terms: Terms, service: Agrees) -> None:
        self._service = service
        self.box = ipywidgets.Checkbox(
            description=BOX, value=service.agreed, indent=False, layout={"width": "100%"}
        )
        self._status = ipywidgets.HTML()
        self.box.observe(self.safely(self._selected), names="value")
        markup = f"<ul>{''.join(f'<li>{escaped(line)}</li>' for line in terms.lines)}</ul>"
        super().__init__(
            [ipywidgets.HTML(words(markup)), self.box, self._status],
            "\n".join([*terms.lines, f"[ ] {BOX}"]),
        )

    def _selected(self, change: dict[str, Any]) -> None:
        self._service.agreed = change["new"]
        said = (
            "Agreed. Run the cell that stopped again."
            if change["new"]
            else "Not agreed: nothing will be created or changed."
        )
        self._status.value = words(said, role="status")
