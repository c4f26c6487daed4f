"""The people of the experiments: the learner, and others who are made when an experiment needs them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..actions import Device
from ..plain_errors import LessonError, StandInOnlyError

if TYPE_CHECKING:
    from ..lab import Lab

YOU, ANOTHER, NOBODY = "you", "another user", "nobody"
NOT_CONFIRMED, WITHOUT_APP, INVITED, DISABLED = "somebody not confirmed", "somebody without an app", "somebody invited", "somebody disabled"
# What each is called, and the status that makes them what they are.
MADE = {
    ANOTHER: ("ben", "CONFIRMED"),
    NOT_CONFIRMED: ("cleo", "UNCONFIRMED"),
    WITHOUT_APP: ("dan", "CONFIRMED"),
    INVITED: ("eva", "FORCE_CHANGE_PASSWORD"),
    DISABLED: ("finn", "CONFIRMED"),
}
# Six of the seven days that a temporary password is good.
TEMPORARY = 6 * 24 * 60 * 60
# Under this name the lab remembers whom it made, so that the next kernel takes them away.
KEPT = "people of the challenge lab"


@dataclass
class Person:
    """One of them. `secret` is that of the authenticator app, `offered` one that was handed out and not verified yet; `codes` those used, oldest first."""

    role: str
    username: str
    password: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    offered: str | None = field(default=None, repr=False)
    codes: list[str] = field(default_factory=list, repr=False)
    # Codes that may have been used before anybody listened.
    doubtful: list[str] = field(default_factory=list, repr=False)
    device: Device | None = field(default=None, repr=False)
    # Until when they are what they are: a password that an administrator chose is good for a week.
    until: float = math.inf
    # Until when the code that was mailed for a new password is good, in seconds since 1970.
    reset_until: float = 0.0

    @property
    def email(self) -> str:
        """The address that they gave."""
        return f"{self.username}@example.com"


class People:
    """Whoever an experiment needs. Each is made at the first need, and made anew once they are no longer what their role says."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._known: dict[str, Person] = {}
        if lab.backend == "local":
            self._take_away()

    def __repr__(self) -> str:
        return f"People({', '.join(self._known)})"

    def get(self, role: str) -> Person:
        """The person who plays `role`. Raises `LessonError` for one whom this lab does not have."""
        if role == YOU:
            return self._you()
        if role not in MADE:
            raise LessonError(f"The lab has nobody who is “{role}”: it has {', '.join([YOU, *MADE])}.")
        if self._lab.backend != "local":
            raise StandInOnlyError("At AWS the lab makes no other users: they might cost you money. Use your own.")
        person = self._known.get(role)
        if person is None or not self._is_still(person):
            person = self._known[role] = self._make(role)
        return person

    @property
    def here(self) -> list[Person]:
        """Those who were needed so far."""
        return list(self._known.values())

    def named(self, username: object) -> Person | None:
        """Whoever has this name, None where nobody of the lab's people has."""
        if not username:
            return None
        known = [person for person in self._known.values() if person.username == username]
        return self._you() if username == self._lab.username else known[0] if known else None

    def _you(self) -> Person:
        lab = self._lab
        if not lab.username:
            raise LessonError("There is no user yet: sign up first, in lesson 01.")
        you = self._known.get(YOU)
        if you is None or you.username != lab.username:
            you = self._known[YOU] = Person(YOU, lab.username, "")
            if lab.username in lab.phone.accounts:
                you.doubtful = [lab.phone.code(lab.username, steps) for steps in (-1, 0, 1)]
        # Another lesson may have changed it.
        you.password = lab.password or ""
        return you

    def _is_still(self, person: Person) -> bool:
        if person.until < self._lab.now():
            return False
        return self._lab.user_status(person.username) == MADE[person.role][1] and (person.role != WITHOUT_APP or person.secret is None)

    def _make(self, role: str) -> Person:
        lab = self._lab
        person = Person(role, lab.free_username(MADE[role][0]), lab.new_password())
        pool: Any = {"UserPoolId": lab.pool_id, "Username": person.username}
        email = [{"Name": "email", "Value": person.email}]
        with lab.wire.aside():
            lab.progress.set(KEPT, [*(lab.progress.get(KEPT) or []), person.username])
            if role == NOT_CONFIRMED:
                lab.cognito.sign_up(ClientId=lab.client_id, Username=person.username, Password=person.password, UserAttributes=email)
                return person
            lab.cognito.admin_create_user(**pool, TemporaryPassword=person.password, UserAttributes=email, MessageAction="SUPPRESS")
            if role == INVITED:
                person.until = lab.now() + TEMPORARY
            else:
                lab.cognito.admin_set_user_password(**pool, Password=person.password, Permanent=True)
            if role == DISABLED:
                lab.cognito.admin_disable_user(**pool)
        return person

    def _take_away(self) -> None:
        """Delete those whom an earlier kernel made."""
        lab = self._lab
        left = lab.progress.get(KEPT) or []
        with lab.wire.aside():
            for username in left:
                if lab.user_status(username) is not None:
                    lab.cognito.admin_delete_user(UserPoolId=lab.pool_id, Username=username)
        if left:
            lab.progress.set(KEPT, None)
