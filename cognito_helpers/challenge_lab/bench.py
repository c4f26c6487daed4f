"""The bench: whatever an experiment needs, in the condition in which it needs it. Ask for something, and it is there.

What has to be prepared, such as an expired session, is prepared by calls that are the lab's own and not the learner's; `said` tells what was done. Every
method returns what goes into a request. At AWS nothing is prepared: only what the learner's own calls brought is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyotp
from botocore.exceptions import ClientError

from ..actions import secret_hash
from ..authenticator import STEP
from ..device import new_device
from ..plain_errors import LessonError
from ..tokens import with_claims
from ..user_pool import CLIENT_SETTINGS, good_password
from . import proofs
from .memory import ACCESS_GOOD, CODE_VERIFIED, DAY, HOUR, MAILED_GOOD, MINUTE, REFRESH_GOOD, RESET_GOOD, SECRET_GIVEN, Memory, Proof, Session, Tokens
from .people import ANOTHER, INVITED, NOBODY, NOT_CONFIRMED, WITHOUT_APP, YOU, People, Person

if TYPE_CHECKING:
    from ..lab import Lab

YOURS, WITH_SECRET, BY_DEFAULT, NO_CLIENT = "yours", "one with a secret", "one with default settings", "one that does not exist"
MADE_CLIENTS: dict[str, dict[str, Any]] = {WITH_SECRET: {**CLIENT_SETTINGS, "GenerateSecret": True}, BY_DEFAULT: {}}
KEPT_CLIENTS = "app clients of the challenge lab"
# Whose sign-in a challenge, or a stage of one, is asked in.
OWNERS = {"MFA_SETUP": WITHOUT_APP, SECRET_GIVEN: WITHOUT_APP, CODE_VERIFIED: WITHOUT_APP, "NEW_PASSWORD_REQUIRED": INVITED}
STEPS = {"now": 0, "half a minute old": -1, "a minute old": -2, "the next": 1}
# As long as Cognito still says of a session what is wrong with it, and a while less.
REMEMBERED = 23 * HOUR
# How long a refusal of the lab's own call is waited for, by what it says.
PATIENCE = {"Password attempts exceeded": 15 * MINUTE, "Attempt limit exceeded": HOUR}


class Bench:
    """Whatever experiments need, for one lab: `lab.bench`."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._validities: dict[str, float] = {}
        self._secrets: dict[str, str] = {}
        self._typed: list[str] = []
        self.people = People(lab)
        self.memory = Memory(lab, self.people, self._validity)
        # What was done to prepare the last things, a sentence each.
        self.said: list[str] = []

    def __repr__(self) -> str:
        return "Bench: sessions, codes, names, passwords, tokens and devices for experiments"

    # Names and passwords

    def name(self, of: str = YOU, form: str = "user name") -> str:
        """A name of somebody: their user name, or with `form` their "e-mail address". `of` is "nobody" for a name that nobody has."""
        if of == NOBODY:
            return self._lab.free_username("nobody")
        person = self.people.get(of)
        return person.username if form == "user name" else self._email(person)

    def user_id(self, stage: str, admin: bool = False) -> str:
        """The name that came as USER_ID_FOR_SRP with the newest challenge of this kind."""
        return self._newest(stage, YOURS, admin).person.username

    def password(self, which: str = "right", of: str = YOU) -> str:
        """The "right" password of somebody; one that is "wrong"; or for a new password "a good one", or "a short one"."""
        if which == "a short one":
            return "Aa1!"
        if which in ("a good one", "wrong") or of == NOBODY:
            return good_password()
        password = self.people.get(of).password
        if not password:
            raise LessonError("The lab does not keep your password at AWS: set lab.password, or type it by hand.")
        return password

    # Clients

    def client(self, which: str = YOURS) -> str:
        """The id of an app client: "yours", "one with a secret", "one with default settings" or "one that does not exist"."""
        if which == NO_CLIENT:
            return "0" * 26
        if which == YOURS:
            return str(self._lab.client_id)
        self._only_on_the_stand_in("makes no other app clients")
        known = self._lab.progress.get(KEPT_CLIENTS) or {}
        if known.get(which) not in self._client_ids():
            made = self._ask("create_user_pool_client", UserPoolId=self._lab.pool_id, ClientName=f"challenge lab, {which}", **MADE_CLIENTS[which])
            known = {**known, which: made["UserPoolClient"]["ClientId"]}
            self._lab.progress.set(KEPT_CLIENTS, known)
        return str(known[which])

    def secret_hash(self, which: str = "right", name: str = "") -> str:
        """The SECRET_HASH for a name, the learner's where none is given, and the client with a secret; or one that is "wrong"."""
        client_id = self.client(WITH_SECRET)
        if client_id not in self._secrets:
            self._secrets[client_id] = self._described(client_id)["ClientSecret"]
        secret = self._secrets[client_id] if which == "right" else "not the secret"
        return secret_hash(name or self.name(), client_id, secret)

    # Sessions

    def session(self, which: str = "newest", stage: str = "SOFTWARE_TOKEN_MFA", client: str = YOURS, admin: bool = False) -> str:
        """A session that waits for an answer to `stage`, a challenge or a stage of setting up an app.

        "newest": the one to answer now. "used": one that was answered already. "expired": one whose minutes are over. "another user's". "garbled".
        """
        if which == "garbled":
            return _altered(self.session("newest", stage, client, admin))
        if which == "another user's":
            return self._theirs(client, admin).text
        if which == "used":
            return self._used(stage, client, admin).text
        return (self._expired if which == "expired" else self._newest)(stage, client, admin).text

    def _live(self, stage: str, client: str, admin: bool, role: str) -> Iterable[Session]:
        now = self._lab.now()
        for kept in self.memory.find(stage=stage, client_id=self.client(client), admin=admin, used=False):
            # An app that was enrolled meanwhile ends its other sessions.
            enrolled = stage in ("MFA_SETUP", SECRET_GIVEN) and kept.person.secret is not None
            if kept.until > now and kept.person.role == role and not enrolled:
                yield kept

    def _newest(self, stage: str, client: str, admin: bool) -> Session:
        role = OWNERS.get(stage, YOU)
        found = next(iter(self._live(stage, client, admin, role)), None)
        return found or self._reached(stage, client, admin, role)

    def _reached(self, stage: str, client: str, admin: bool, role: str) -> Session:
        """Take a sign-in to that stage."""
        if self._lab.backend != "local":
            raise LessonError("No sign-in of yours waits for this: begin one first, with InitiateAuth.")
        if stage == SECRET_GIVEN:
            self._ask("associate_software_token", Session=self._newest("MFA_SETUP", client, admin).text)
        elif stage == CODE_VERIFIED:
            session = self._newest(SECRET_GIVEN, client, admin)
            self._ask("verify_software_token", Session=session.text, UserCode=self._code_of(session.person))
        else:
            self._begin(self.people.get(role), client, admin, device=stage == "DEVICE_SRP_AUTH")
        found = next(iter(self._live(stage, client, admin, role)), None)
        if found is None:
            raise LessonError(f"The lab did not get to {stage}: the pool asks for something else.")
        return found

    def _theirs(self, client: str, admin: bool) -> Session:
        person = self._with_app(self.people.get(ANOTHER))
        found = next(iter(self._live("SOFTWARE_TOKEN_MFA", client, admin, ANOTHER)), None)
        if found is None:
            self._begin(person, client, admin)
            found = next(iter(self._live("SOFTWARE_TOKEN_MFA", client, admin, ANOTHER)))
        return found

    def _used(self, stage: str, client: str, admin: bool) -> Session:
        recent = self._lab.now() - REMEMBERED
        wanted = {"stage": stage, "client_id": self.client(client), "used": True}
        found = next((kept for kept in self.memory.find(**wanted) if kept.until > recent), None)
        if found is None:
            found = self._newest(stage, client, admin)
            self._answer(found, client)
            self.said.append("For the used session, the lab answered a challenge itself.")
        return found

    def _expired(self, stage: str, client: str, admin: bool) -> Session:
        now = self._lab.now()
        wanted = {"stage": stage, "client_id": self.client(client), "used": False}
        found = next((kept for kept in self.memory.find(**wanted) if now - REMEMBERED < kept.until <= now), None)
        if found is None:
            found = self._newest(stage, client, admin)
            self._let_pass(found.until - now + 1, "a session expires")
        return found

    def _answer(self, session: Session, client: str) -> None:
        """Use a session up, by the answer that it waits for."""
        person = session.person
        if session.stage == "MFA_SETUP":
            self._ask("associate_software_token", Session=session.text)
        elif session.stage == SECRET_GIVEN:
            self._ask("verify_software_token", Session=session.text, UserCode=self._code_of(person))
        else:
            answers = {
                "SOFTWARE_TOKEN_MFA": {"SOFTWARE_TOKEN_MFA_CODE": ""},
                "NEW_PASSWORD_REQUIRED": {"NEW_PASSWORD": self.password("a good one")},
            }.get(session.stage, {})
            if "SOFTWARE_TOKEN_MFA_CODE" in answers:
                answers["SOFTWARE_TOKEN_MFA_CODE"] = self._code_of(person)
            name = "MFA_SETUP" if session.stage == CODE_VERIFIED else session.stage
            self._respond(person, name, session, {**answers, **self._hash(person, client)})

    # Codes of the authenticator app

    def code(self, which: str = "now", of: str = YOU) -> str:
        """Six digits: of "now", "half a minute old", "a minute old", "the next", "already used", "another account's", "wrong" or "malformed".

        The first two and the next are such as were not used yet: if need be, the lab lets half a minute pass. Where `of` is "somebody without an app", they are
        of the secret that was handed out last.
        """
        if which == "malformed":
            return "12 456"
        if which == "another account's":
            return self._code_of(self._with_app(self.people.get(ANOTHER)))
        person = self._newest(SECRET_GIVEN, YOURS, admin=False).person if of == WITHOUT_APP else self.people.get(of)
        if which == "wrong":
            near = {self._shown(person, steps) for steps in range(-4, 5)}
            return next(code for code in (f"{digit}" * 6 for digit in range(10)) if code not in near)
        if which == "already used":
            return self._used_code(person)
        return self._code_of(person, STEPS[which])

    def _code_of(self, person: Person, steps: int = 0) -> str:
        """A code that was not used yet."""
        if self._lab.backend == "local":
            if self._lab.phone.seconds_left() <= 2:
                # It would end on its way.
                self._lab.move_clock(self._lab.phone.seconds_left())
            waited = 0
            while self._shown(person, steps) in person.codes + person.doubtful:
                waited += STEP
                self._lab.move_clock(STEP)
            self._let_pass(0, "the phone shows a code that was not used yet", waited)
        return self._shown(person, steps)

    def _shown(self, person: Person, steps: int) -> str:
        if person.role == YOU:
            return self._lab.phone.code(person.username, steps)
        secret = person.offered or person.secret
        if secret is None:
            raise LessonError(f"{person.username} has no authenticator app yet: ask for a secret first, with AssociateSoftwareToken.")
        return pyotp.TOTP(secret).at(int(self._lab.now()), counter_offset=steps)

    def _used_code(self, person: Person) -> str:
        good = [self._shown(person, steps) for steps in (0, -1, 1)]
        found = next((code for code in person.codes[::-1] if code in good), None)
        if found is None:
            self._only_on_the_stand_in("signs in with no code for you: use one yourself first")
            self._sign_in(person)
            found = person.codes[-1]
        return found

    def _with_app(self, person: Person) -> Person:
        if person.secret is None:
            challenge = self._begin(person, YOURS, admin=False)
            offered = self._ask("associate_software_token", Session=challenge["Session"])
            self._ask("verify_software_token", Session=offered["Session"], UserCode=self._code_of(person))
        return person

    # Codes that were mailed

    def mailed_code(self, which: str = "right", purpose: str = "sign-up") -> str:
        """A code from the mail, to confirm a "sign-up" or for a "new password": "right", "wrong", "expired", or "malformed"."""
        if which == "malformed":
            return "1 12 123"
        right = self._mailed(purpose)
        if which == "wrong":
            return "000000" if right != "000000" else "111111"
        if which == "expired":
            self._let_pass((MAILED_GOOD if purpose == "sign-up" else RESET_GOOD) + 1, "a mailed code expires")
        return right

    def _mailed(self, purpose: str) -> str:
        now = self._lab.now()
        person = self.people.get(NOT_CONFIRMED if purpose == "sign-up" else YOU)
        if purpose == "sign-up" and self._lab.inbox(person.username)[-1].sent + MAILED_GOOD <= now:
            self._ask("resend_confirmation_code", ClientId=self._lab.client_id, Username=person.username)
        if purpose != "sign-up" and person.reset_until <= now:
            self._ask("forgot_password", ClientId=self._lab.client_id, Username=person.username)
        return self._lab.mailed_code(person.username)

    # Tokens

    def access_token(self, which: str = "newest") -> str:
        """An access token of the learner's: the "newest", one "expired", "revoked", "forged" or "garbled"."""
        now = self._lab.now()
        if which == "garbled":
            return "this-is-no-token"
        if which == "forged":
            return with_claims(self.access_token(), username="somebody-else")
        if which == "expired":
            kept = self._tokens(revoked=False)
            found = next((one for one in kept if one.given + ACCESS_GOOD <= now), None) or self._signed_in()
            self._let_pass(found.given + ACCESS_GOOD + 1 - now, "an access token expires")
            return found.access
        if which == "revoked":
            return self._revoked([one for one in self._tokens(revoked=True) if one.given + ACCESS_GOOD > now + MINUTE]).access
        fresh = (one for one in self._tokens(revoked=False) if one.given + ACCESS_GOOD > now + MINUTE)
        return (next(fresh, None) or self._signed_in()).access

    def refresh_token(self, which: str = "newest") -> str:
        """A refresh token of the learner's remembered device: the "newest", one "expired" or "revoked"; one "garbled"; or one of a device "not confirmed"."""
        now = self._lab.now()
        if which == "garbled":
            return "this-is-no-token"
        if which == "not confirmed":
            return (next((one for one in self._tokens(revoked=False) if one.offered and one.given + REFRESH_GOOD > now), None) or self._signed_in()).refresh
        if which == "revoked":
            return self._revoked(self._of_device(revoked=True)).refresh
        found = next(iter(self._of_device(revoked=False)), None)
        if found is None or (which == "newest" and found.given + REFRESH_GOOD <= now + MINUTE):
            found = self._signed_in_by_device()
        if which == "expired":
            self._let_pass(found.given + REFRESH_GOOD + 1 - now, "a refresh token expires")
        return found.refresh

    def _tokens(self, revoked: bool) -> list[Tokens]:
        return [one for one in reversed(self.memory.tokens) if one.person.role == YOU and one.revoked == revoked and one.client_id == self._lab.client_id]

    def _of_device(self, revoked: bool) -> list[Tokens]:
        device = self.people.get(YOU).device
        return [one for one in self._tokens(revoked) if device and one.device_key == device.key]

    def _revoked(self, among: list[Tokens]) -> Tokens:
        found = among[0] if among else self._signed_in_by_device()
        if not found.revoked:
            self._ask("revoke_token", Token=found.refresh, ClientId=found.client_id)
        return found

    def _signed_in(self) -> Tokens:
        return self._sign_in(self.people.get(YOU))

    # Devices and proofs

    def device_key(self, which: str = "remembered") -> str:
        """The key of a device: the learner's "remembered" one, one that was just "offered", "another user's", or one that is "unknown"."""
        if which == "unknown":
            return "us-east-1_00000000-0000-4000-8000-000000000000"
        if which == "another user's":
            signed_in = self._sign_in(self._with_app(self.people.get(ANOTHER)))
            return str(signed_in.device_key)
        return str(self._offer()["DeviceKey"]) if which == "offered" else self._device().key

    def verifier(self) -> dict[str, str]:
        """A DeviceSecretVerifierConfig for the device that was offered last."""
        return new_device(self._offer())[1]

    def srp_a(self) -> str:
        """SRP_A, to begin a proof of the learner's password."""
        return proofs.begin_password(self.memory, self.people.get(YOU), str(self._lab.pool_id), self.client(BY_DEFAULT))

    def password_proof(self, which: str = "right") -> dict[str, str]:
        """The responses to PASSWORD_VERIFIER, "right" or "wrong", for the sign-in that was begun last with SRP_A."""
        proof = self._waiting("PASSWORD_VERIFIER")
        if proof is None:
            given = {"USERNAME": self.name(), "SRP_A": self.srp_a()}
            self._ask("initiate_auth", ClientId=self.client(BY_DEFAULT), AuthFlow="USER_SRP_AUTH", AuthParameters=given)
            proof = self.memory.proofs["PASSWORD_VERIFIER"]
        return proofs.finish(proof, which == "right")

    def device_answer(self) -> dict[str, str]:
        """The responses to DEVICE_SRP_AUTH: who, which device, and the device's public number."""
        self._newest("DEVICE_SRP_AUTH", YOURS, admin=False)
        return proofs.begin_device(self.memory, self._device(), self.name())

    def device_proof(self, which: str = "right") -> dict[str, str]:
        """The responses to DEVICE_PASSWORD_VERIFIER, "right" or "wrong"."""
        proof = self._waiting("DEVICE_PASSWORD_VERIFIER")
        if proof is None:
            answer = self.device_answer()
            self._ask("respond_to_auth_challenge", ClientId=self._lab.client_id, ChallengeName="DEVICE_SRP_AUTH", ChallengeResponses=answer)
            proof = self.memory.proofs["DEVICE_PASSWORD_VERIFIER"]
        return proofs.finish(proof, which == "right")

    def _waiting(self, challenge: str) -> Proof | None:
        proof = self.memory.proofs.get(challenge)
        return proof if proof and proof.until > self._lab.now() else None

    def _offer(self) -> dict[str, str]:
        found = next((one for one in self._tokens(revoked=False) if one.offered), None) or self._signed_in()
        assert found.offered is not None
        return found.offered

    def _device(self) -> Any:
        """The device that the bench has remembered for the learner."""
        you = self.people.get(YOU)
        if you.device is None:
            signed_in = self._signed_in()
            assert signed_in.offered is not None
            device, config = new_device(signed_in.offered)
            self._ask("confirm_device", AccessToken=signed_in.access, DeviceKey=device.key, DeviceSecretVerifierConfig=config, DeviceName="Challenge lab")
            you.device = device
        return you.device

    def _signed_in_by_device(self) -> Tokens:
        device, name = self._device(), self.name()
        self._begin(self.people.get(YOU), YOURS, admin=False, device=True)
        self.memory.proofs.pop("DEVICE_PASSWORD_VERIFIER", None)
        proof = self.device_proof()
        answer = {"ChallengeName": "DEVICE_PASSWORD_VERIFIER", "ChallengeResponses": {**proof, "USERNAME": name, "DEVICE_KEY": device.key}}
        self._ask("respond_to_auth_challenge", ClientId=self._lab.client_id, **answer)
        return self.memory.tokens[-1]

    # What was typed by hand

    def keep_typed(self, text: str) -> int:
        """Keep something secret that was typed into a request; returns the number to ask for it by."""
        if text not in self._typed:
            self._typed.append(text)
        return self._typed.index(text) + 1

    def typed(self, number: int) -> str:
        """What was typed by hand in the place of a secret, in this kernel."""
        if not 1 <= number <= len(self._typed):
            raise LessonError(f"Nothing that was typed by hand has the number {number}: it was typed in another kernel, so write it here yourself.")
        return self._typed[number - 1]

    # The lab's own calls

    def _begin(self, person: Person, client: str, admin: bool, device: bool = False) -> dict[str, Any]:
        flow = "USER_SRP_AUTH" if client == BY_DEFAULT else "ADMIN_USER_PASSWORD_AUTH" if admin else "USER_PASSWORD_AUTH"
        given = {"USERNAME": person.username, "PASSWORD": person.password, **self._hash(person, client)}
        if device:
            given["DEVICE_KEY"] = self._device().key
        pool = {"UserPoolId": self._lab.pool_id} if admin else {}
        method = "admin_initiate_auth" if admin else "initiate_auth"
        return self._ask(method, **pool, ClientId=self.client(client), AuthFlow=flow, AuthParameters=given)

    def _hash(self, person: Person, client: str) -> dict[str, str]:
        return {"SECRET_HASH": self.secret_hash("right", person.username)} if client == WITH_SECRET else {}

    def _respond(self, person: Person, challenge: str, session: Session, responses: dict[str, str]) -> dict[str, Any]:
        pool = {"UserPoolId": self._lab.pool_id} if session.admin else {}
        method = "admin_respond_to_auth_challenge" if session.admin else "respond_to_auth_challenge"
        answer = {"ChallengeName": challenge, "Session": session.text, "ChallengeResponses": {"USERNAME": person.username, **responses}}
        return self._ask(method, **pool, ClientId=session.client_id, **answer)

    def _sign_in(self, person: Person) -> Tokens:
        """A new sign-in by password and code, from a device that is not known."""
        self._only_on_the_stand_in("signs in with no code for you: sign in yourself first")
        challenge = self._begin(person, YOURS, admin=False)
        session = next(self.memory.find(text=challenge["Session"]))
        self._respond(person, "SOFTWARE_TOKEN_MFA", session, {"SOFTWARE_TOKEN_MFA_CODE": self._code_of(person)})
        return self.memory.tokens[-1]

    def _ask(self, method: str, **request: Any) -> dict[str, Any]:
        """A call of the lab's own. Where it must wait before Cognito takes it, it lets the time pass."""
        with self._lab.wire.aside():
            call = getattr(self._lab.cognito, method)
            try:
                answer: dict[str, Any] = call(**request)
            except ClientError as refusal:
                message = refusal.response["Error"]["Message"]
                seconds = next((seconds for beginning, seconds in PATIENCE.items() if message.startswith(beginning)), None)
                if seconds is None or self._lab.backend != "local":
                    raise
                self._let_pass(seconds, f"“{message}” is over")
                answer = call(**request)
        return answer

    def _let_pass(self, seconds: float, until: str, already: float = 0) -> None:
        if seconds > 0:
            self._lab.move_clock(seconds)
        if seconds + already > 0:
            self.said.append(f"The lab let {in_words(seconds + already)} pass, until {until}.")

    def _only_on_the_stand_in(self, otherwise: str) -> None:
        if self._lab.backend != "local":
            raise LessonError(f"At AWS the lab {otherwise}.")

    def _validity(self, client_id: str) -> float:
        """How many seconds a session of this client is good."""
        if client_id not in self._validities:
            try:
                minutes = self._described(client_id).get("AuthSessionValidity", 3)
            except ClientError:
                return 3 * MINUTE
            self._validities[client_id] = minutes * MINUTE
        return self._validities[client_id]

    def _described(self, client_id: str) -> dict[str, Any]:
        described: dict[str, Any] = self._ask("describe_user_pool_client", UserPoolId=self._lab.pool_id, ClientId=client_id)["UserPoolClient"]
        return described

    def _client_ids(self) -> set[str]:
        listed = self._ask("list_user_pool_clients", UserPoolId=self._lab.pool_id, MaxResults=60)["UserPoolClients"]
        return {client["ClientId"] for client in listed}

    def _email(self, person: Person) -> str:
        user = self._ask("admin_get_user", UserPoolId=self._lab.pool_id, Username=person.username)
        return next((str(one["Value"]) for one in user["UserAttributes"] if one["Name"] == "email"), person.email)


def _altered(session: str) -> str:
    """A session whose end was changed."""
    return session[:-6] + ("AAAAAA" if not session.endswith("AAAAAA") else "BBBBBB")


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
