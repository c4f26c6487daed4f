"""The calls that the lab makes to prepare an experiment, and the time that it lets pass for them;
names, passwords and app clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyotp
from botocore.exceptions import ClientError

from ..actions import secret_hash
from ..errors import EmulatorOnlyError, LessonError
from ..sign_in.authenticator import STEP
from ..tutorial_pool.settings import CLIENT_SETTINGS, good_password
from .demo_users import INVITED, NOBODY, WITHOUT_APP, YOU, User, Users
from .history import CODE_VERIFIED, DAY, HOUR, MINUTE, SECRET_GIVEN, History, Session

if TYPE_CHECKING:
    from ..lab.lab import Lab

YOURS, WITH_SECRET, BY_DEFAULT, PASSWORDS_ONLY, NO_CLIENT = (
    "yours",
    "one with a secret",
    "one with default settings",
    "one for passwords only",
    "one that does not exist",
)
MADE_CLIENTS: dict[str, dict[str, Any]] = {
    WITH_SECRET: {**CLIENT_SETTINGS, "GenerateSecret": True},
    BY_DEFAULT: {},
    PASSWORDS_ONLY: {
        "ExplicitAuthFlows": [
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ]
    },
}
KEPT_CLIENTS = "app clients of the challenge lab"
# Whose sign-in a challenge, or a stage of one, is asked in.
OWNERS = {
    "MFA_SETUP": WITHOUT_APP,
    SECRET_GIVEN: WITHOUT_APP,
    CODE_VERIFIED: WITHOUT_APP,
    "NEW_PASSWORD_REQUIRED": INVITED,
}
# How somebody gets a code of that many half minutes ago from their own phone.
AGES = {
    -1: (
        "one that is half a minute old: write down what it shows, and type that once it shows the"
        " next"
    ),
    -2: (
        "one that is a minute old: write down what it shows, and type that once it has shown two"
        " others"
    ),
}
# How long a refusal of the lab's own call is waited for, by what it says.
PATIENCE = {"Password attempts exceeded": 15 * MINUTE, "Attempt limit exceeded": HOUR}


class OwnCalls:
    """The lab's own calls. At AWS they only look."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._validities: dict[str, float] = {}
        self._secrets: dict[str, str] = {}
        self.users = Users(lab)
        self.history = History(lab, self.users, self._validity)
        # What was done to prepare the last things, a sentence each.
        self.said: list[str] = []

    # Names, passwords, app clients

    def name(self, of: str = YOU, form: str = "user name") -> str:
        """A name of somebody: their user name, or with `form` their "e-mail address". `of` is
        "nobody" for a name that nobody has.
        """
        if of == NOBODY:
            return self._lab.free_username("nobody")
        user = self.users.get(of)
        return user.username if form == "user name" else self._email(user)

    def _email(self, user: User) -> str:
        found = self._ask("admin_get_user", UserPoolId=self._lab.pool_id, Username=user.username)
        return next(
            (str(one["Value"]) for one in found["UserAttributes"] if one["Name"] == "email"),
            user.email,
        )

    def password(self, which: str = "right", of: str = YOU) -> str:
        """The "right" password of somebody; one that is "wrong"; or for a new password "a good
        one", or "a short one".
        """
        if which == "a short one":
            return "Aa1!"
        if which in ("a good one", "wrong") or of == NOBODY:
            return good_password()
        password = self.users.get(of).password
        if not password:
            raise LessonError(
                "The lab does not keep your password at AWS: set lab.password, or type it by hand."
            )
        return password

    def client(self, which: str = YOURS) -> str:
        """The id of an app client: "yours", one of `MADE_CLIENTS`, or "one that does not exist"."""
        if which == NO_CLIENT:
            return "0" * 26
        if which == YOURS:
            return str(self._lab.client_id)
        self._only_on_the_emulator("makes no other app clients")
        known = self._lab.progress.get(KEPT_CLIENTS) or {}
        if known.get(which) not in self._client_ids():
            made = self._ask(
                "create_user_pool_client",
                UserPoolId=self._lab.pool_id,
                ClientName=f"challenge lab, {which}",
                **MADE_CLIENTS[which],
            )
            known = {**known, which: made["UserPoolClient"]["ClientId"]}
            self._lab.progress.set(KEPT_CLIENTS, known)
        return str(known[which])

    def _client_ids(self) -> set[str]:
        listed = self._ask("list_user_pool_clients", UserPoolId=self._lab.pool_id, MaxResults=60)[
            "UserPoolClients"
        ]
        return {client["ClientId"] for client in listed}

    def _described(self, client_id: str) -> dict[str, Any]:
        described: dict[str, Any] = self._ask(
            "describe_user_pool_client", UserPoolId=self._lab.pool_id, ClientId=client_id
        )["UserPoolClient"]
        return described

    def _validity(self, client_id: str) -> float:
        """How many seconds a session of this client is good."""
        if client_id not in self._validities:
            try:
                minutes = self._described(client_id).get("AuthSessionValidity", 3)
            except ClientError:
                return 3 * MINUTE
            self._validities[client_id] = minutes * MINUTE
        return self._validities[client_id]

    def secret_hash(self, which: str = "right", name: str = "") -> str:
        """The SECRET_HASH for a name, the learner's where none is given, and the client with a
        secret; or one that is "wrong".
        """
        client_id = self.client(WITH_SECRET)
        if client_id not in self._secrets:
            self._secrets[client_id] = self._described(client_id)["ClientSecret"]
        secret = self._secrets[client_id] if which == "right" else "not the secret"
        return secret_hash(name or self.name(), client_id, secret)

    def _hash(self, user: User, client: str) -> dict[str, str]:
        return (
            {"SECRET_HASH": self.secret_hash("right", user.username)}
            if client == WITH_SECRET
            else {}
        )

    # Codes of the authenticator app

    def _code_of(self, user: User, steps: int = 0) -> str:
        """A code that was not used yet."""
        if self._lab.backend.can_move_clock:
            if self._lab.phone.seconds_left() <= 2:
                # It would end on its way.
                self._lab.move_clock(self._lab.phone.seconds_left())
            waited = 0
            while self._shown(user, steps) in user.codes + user.doubtful:
                waited += STEP
                self._lab.move_clock(STEP)
            self._let_pass(0, "the phone shows a code that was not used yet", waited)
        elif self._is_computed(user):
            while self._shown(user, steps) in user.codes + user.doubtful:
                self._lab.wait_for_next_code()
        return self._shown(user, steps)

    def _is_computed(self, user: User) -> bool:
        """Are somebody's codes computed here? Those of the learner's own phone, at AWS, only a
        person can read.
        """
        return (
            user.role != YOU
            or self._lab.learner_input is None
            or user.username in self._lab.phone.accounts
        )

    def _shown(self, user: User, steps: int) -> str:
        if self._lab.learner_input and not self._is_computed(user):
            if steps > 0:
                raise EmulatorOnlyError(
                    "Your own phone does not show the next code before its time: try this with the"
                    " phone on the page, or on the emulator."
                )
            return (
                self._lab.learner_input.phone_code(user.username, AGES[steps])
                if steps
                else self._lab.phone_code()
            )
        if user.role == YOU:
            return self._lab.phone.code(user.username, steps)
        secret = user.offered or user.secret
        if secret is None:
            raise LessonError(
                f"{user.username} has no authenticator app yet: ask for a secret first, with"
                " AssociateSoftwareToken."
            )
        return pyotp.TOTP(secret).at(int(self._lab.now()), counter_offset=steps)

    # Calls

    def _respond(
        self, user: User, challenge: str, session: Session, responses: dict[str, str]
    ) -> dict[str, Any]:
        pool = {"UserPoolId": self._lab.pool_id} if session.admin else {}
        method = "admin_respond_to_auth_challenge" if session.admin else "respond_to_auth_challenge"
        answer = {
            "ChallengeName": challenge,
            "Session": session.text,
            "ChallengeResponses": {"USERNAME": user.username, **responses},
        }
        return self._ask(method, **pool, ClientId=session.client_id, **answer)

    def _ask(self, method: str, **request: Any) -> dict[str, Any]:
        """A call of the lab's own. Where it must wait before Cognito takes it, it lets the time
        pass.
        """
        with self._lab.requests.aside():
            call = getattr(self._lab.cognito, method)
            try:
                answer: dict[str, Any] = call(**request)
            except ClientError as refusal:
                message = refusal.response["Error"]["Message"]
                seconds = next(
                    (
                        seconds
                        for beginning, seconds in PATIENCE.items()
                        if message.startswith(beginning)
                    ),
                    None,
                )
                if seconds is None or not self._lab.backend.can_move_clock:
                    raise
                self._let_pass(seconds, f"“{message}” is over")
                answer = call(**request)
        return answer

    def _let_pass(self, seconds: float, until: str, already: float = 0) -> None:
        if seconds > 0:
            self._only_on_the_emulator("moves no clock: wait, or try this on the emulator")
            self._lab.move_clock(seconds)
        if seconds + already > 0:
            self.said.append(f"The lab let {in_words(seconds + already)} pass, until {until}.")

    def _only_on_the_emulator(self, otherwise: str) -> None:
        if not self._lab.backend.may_create_users:
            raise EmulatorOnlyError(f"At AWS the lab {otherwise}.")

    def _leave_to_the_learner(self, what: str, instead: str) -> None:
        """At AWS nobody but the learner answers for the learner. Raises `LessonError` there: they
        can, and then go on.
        """
        if not self._lab.backend.may_create_users:
            raise LessonError(f"At AWS the lab {what} for you: {instead} yourself first.")


def in_words(seconds: float) -> str:
    """A span of time as people say it, rounded.

    >>> in_words(30), in_words(90), in_words(3601), in_words(30 * 86400)
    ('30 seconds', '2 minutes', '1 hour', '30 days')
    """
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second")):
        number = max(1, int(seconds / unit + 0.5)) if unit == 1 else int(seconds / unit + 0.5)
        if seconds >= unit * 0.999 or unit == 1:
            return f"{number} {name}{'s' * (number != 1)}"
    raise AssertionError
