"""The users of the experiments: the learner, and others, created when an experiment needs them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ..actions import Device
from ..errors import EmulatorOnlyError, LessonError
from ..tutorial_pool.lessons import Lesson

if TYPE_CHECKING:
    from ..lab.lab import Lab


class Role(StrEnum):
    """Who a user is in an experiment."""

    YOU = "you"
    ANOTHER = "another user"
    NOT_CONFIRMED = "a user not confirmed"
    WITHOUT_APP = "a user without an app"
    INVITED = "an invited user"
    DISABLED = "a disabled user"
    UNKNOWN = "nobody"


# The name and the status of each
CREATED: dict[str, tuple[str, str]] = {
    Role.ANOTHER: ("ben", "CONFIRMED"),
    Role.NOT_CONFIRMED: ("cleo", "UNCONFIRMED"),
    Role.WITHOUT_APP: ("dan", "CONFIRMED"),
    Role.INVITED: ("eva", "FORCE_CHANGE_PASSWORD"),
    Role.DISABLED: ("finn", "CONFIRMED"),
}
# Six of the seven days for which a temporary password is valid
TEMPORARY = 6 * 24 * 60 * 60
# The lab remembers the users it created under this name, and deletes them in the next kernel.
KEPT = "users of the challenge lab"


@dataclass
class User:
    """One of them. `secret` is that of the authenticator app, `offered` one that isn't verified
    yet; `codes` those used, oldest first.
    """

    role: str
    username: str
    password: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    offered: str | None = field(default=None, repr=False)
    codes: list[str] = field(default_factory=list, repr=False)
    # Codes that may have been used before the history began
    doubtful: list[str] = field(default_factory=list, repr=False)
    device: Device | None = field(default=None, repr=False)
    # Until when their state is known: a password from an administrator is valid for a week.
    until: float = math.inf
    # Until when the emailed code for a new password is valid, in seconds since 1970
    reset_until: float = 0.0
    # An administrator reset the password: the user must choose another.
    must_reset: bool = False

    @property
    def email(self) -> str:
        """The address they gave."""
        return f"{self.username}@example.com"


class Users:
    """The users an experiment needs. Each is created when first needed, and again if they no longer
    fit their role.
    """

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._known: dict[str, User] = {}
        if lab.backend.may_create_users:
            self._take_away()

    def __repr__(self) -> str:
        return f"Users({', '.join(self._known)})"

    def get(self, role: str) -> User:
        """The user with this role. Raises `LessonError` for one this lab doesn't have."""
        if role == Role.YOU:
            return self._you()
        if role not in CREATED:
            raise LessonError(
                f"The lab has no user who is “{role}”: it has {', '.join([Role.YOU, *CREATED])}."
            )
        if not self._lab.backend.may_create_users:
            raise EmulatorOnlyError(
                "At AWS the lab makes no other users: they might cost you money. Use your own."
            )
        user = self._known.get(role)
        if user is None or not self._is_still(user):
            user = self._known[role] = self._make(role)
        return user

    @property
    def here(self) -> list[User]:
        """The users needed so far."""
        return list(self._known.values())

    def named(self, username: object) -> User | None:
        """The lab's user with this name, or None."""
        if not username:
            return None
        known = [user for user in self._known.values() if user.username == username]
        return self._you() if username == self._lab.username else known[0] if known else None

    def _you(self) -> User:
        lab = self._lab
        if not lab.username:
            raise LessonError(f"There's no user yet. Sign up first, in lesson {Lesson.SIGN_UP}.")
        you = self._known.get(Role.YOU)
        if you is None or you.username != lab.username:
            you = self._known[Role.YOU] = User(Role.YOU, lab.username, "")
            if lab.username in lab.phone.accounts:
                you.doubtful = [lab.phone.code(lab.username, steps) for steps in (-1, 0, 1)]
        # Another lesson may have changed it.
        you.password = lab.password or ""
        return you

    def _is_still(self, user: User) -> bool:
        if user.until < self._lab.now():
            return False
        return self._lab.user_status(user.username) == CREATED[user.role][1] and (
            user.role != Role.WITHOUT_APP or user.secret is None
        )

    def _make(self, role: str) -> User:
        lab = self._lab
        user = User(role, lab.free_username(CREATED[role][0]), lab.new_password())
        pool: Any = {"UserPoolId": lab.pool_id, "Username": user.username}
        email = [{"Name": "email", "Value": user.email}]
        with lab.requests.aside():
            lab.progress.set(KEPT, [*(lab.progress.get(KEPT) or []), user.username])
            if role == Role.NOT_CONFIRMED:
                lab.cognito.sign_up(
                    ClientId=lab.client_id,
                    Username=user.username,
                    Password=user.password,
                    UserAttributes=email,
                )
                return user
            lab.cognito.admin_create_user(
                **pool,
                TemporaryPassword=user.password,
                UserAttributes=email,
                MessageAction="SUPPRESS",
            )
            if role == Role.INVITED:
                user.until = lab.now() + TEMPORARY
            else:
                lab.cognito.admin_set_user_password(**pool, Password=user.password, Permanent=True)
            if role == Role.DISABLED:
                lab.cognito.admin_disable_user(**pool)
        return user

    def _take_away(self) -> None:
        """Delete the users an earlier kernel created."""
        lab = self._lab
        left = lab.progress.get(KEPT) or []
        with lab.requests.aside():
            for username in left:
                if lab.user_status(username) is not None:
                    lab.cognito.admin_delete_user(UserPoolId=lab.pool_id, Username=username)
        if left:
            lab.progress.set(KEPT, None)
