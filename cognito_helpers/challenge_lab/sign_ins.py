"""The lab's sign-ins to prepare an experiment, and the learner's tokens and device."""

from __future__ import annotations

from typing import Any

from ..actions import Device
from ..sign_in.device import new_device
from .conditions import ClientIs, PasskeyIs
from .demo_users import Role, User
from .records import BY_CHOICE, CUSTOM_CHALLENGE, SECOND_FACTORS, Session, Tokens
from .right_answers import OTHER_PAGE, RightAnswers
from .tools import Tools


class SignIns:
    """Sign-ins with a password, and a code if one is asked for."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.answers = RightAnswers(tools)

    def begin(
        self,
        user: User,
        client: ClientIs = ClientIs.YOURS,
        admin: bool = False,
        device: Device | None = None,
    ) -> dict[str, Any]:
        """Begin a sign-in, from a device if one is given. Return the response."""
        tools = self._tools
        flow = (
            "USER_SRP_AUTH"
            if client == ClientIs.BY_DEFAULT
            else "ADMIN_USER_PASSWORD_AUTH"
            if admin
            else "USER_PASSWORD_AUTH"
        )
        given = {"USERNAME": user.username, "PASSWORD": user.password}
        given |= tools.clients.hash_for(user.username, client)
        if device:
            given["DEVICE_KEY"] = device.key
        pool = {"UserPoolId": tools.lab.pool_id} if admin else {}
        if user.must_reset:
            self._choose_password(user)
            given["PASSWORD"] = user.password
        return tools.calls.ask(
            "admin_initiate_auth" if admin else "initiate_auth",
            **pool,
            ClientId=tools.clients.id_of(client),
            AuthFlow=flow,
            AuthParameters=given,
        )

    def begin_for(
        self, stage: str, user: User, client: ClientIs = ClientIs.YOURS, admin: bool = False
    ) -> dict[str, Any]:
        """Begin a sign-in that gets to a challenge of USER_AUTH, CUSTOM_AUTH or a second factor.
        Returns the response.
        """
        tools = self._tools
        by_choice = stage in BY_CHOICE and (stage not in SECOND_FACTORS or self._takes_codes())
        if not by_choice and stage != CUSTOM_CHALLENGE:
            return self._to_second_factor(stage, user, client, admin)
        given = {"USERNAME": user.username}
        if by_choice and stage != "SELECT_CHALLENGE":
            given["PREFERRED_CHALLENGE"] = stage
        pool = {"UserPoolId": tools.lab.pool_id} if admin else {}
        return tools.calls.ask(
            "admin_initiate_auth" if admin else "initiate_auth",
            **pool,
            ClientId=tools.clients.id_of(client),
            AuthFlow="USER_AUTH" if by_choice else "CUSTOM_AUTH",
            AuthParameters=given | tools.clients.hash_for(user.username, client),
        )

    def _to_second_factor(
        self, stage: str, user: User, client: ClientIs, admin: bool
    ) -> dict[str, Any]:
        response = self.begin(user, client, admin)
        asked = response.get("ChallengeName")
        if asked == "SELECT_MFA_TYPE" != stage:
            session = self._session_of(response)
            response = self._tools.calls.respond(session, asked, {"ANSWER": stage})
        return response

    def _takes_codes(self) -> bool:
        """Does a sign-in to the pool begin with a code?"""
        lab = self._tools.lab
        pool = self._tools.calls.ask("describe_user_pool", UserPoolId=lab.pool_id)["UserPool"]
        policy = pool.get("Policies", {}).get("SignInPolicy", {})
        return "EMAIL_OTP" in policy.get("AllowedFirstAuthFactors", [])

    def _session_of(self, response: dict[str, Any]) -> Session:
        return next(self._tools.history.find(text=response["Session"]))

    def passkey(self) -> str:
        """The ID of a passkey of the learner's, on the device and registered."""
        calls, lab = self._tools.calls, self._tools.lab
        token = {"AccessToken": (self.tokens() or [self.sign_in()])[0].access}
        listed = calls.ask("list_web_authn_credentials", **token)["Credentials"]
        held = {key.id for key in lab.passkeys.passkeys}
        for passkey in listed:
            if passkey["CredentialId"] in held:
                return str(passkey["CredentialId"])
        self._tools.calls.leave_to_the_learner("registers no passkey", "register one")
        options = calls.ask("start_web_authn_registration", **token)["CredentialCreationOptions"]
        credential = lab.passkeys.create(options)
        calls.ask("complete_web_authn_registration", **token, Credential=credential)
        return str(credential["id"])

    def new_passkey(self, which: PasskeyIs) -> dict[str, Any]:
        """What a browser returns for a new passkey of the learner's."""
        token = (self.tokens() or [self.sign_in()])[0].access
        asked = self._tools.calls.ask("start_web_authn_registration", AccessToken=token)
        options = asked["CredentialCreationOptions"] | {"excludeCredentials": []}
        if which == PasskeyIs.OTHER_CHALLENGE:
            options["challenge"] = "AAAA"
        page = OTHER_PAGE if which == PasskeyIs.OTHER_PAGE else None
        return self._tools.lab.passkeys.create(options, origin=page)

    def with_app(self, user: User) -> User:
        """The user, with an authenticator app set up."""
        if user.secret is None:
            calls = self._tools.calls
            began = self.begin(user)
            if "Session" in began:
                proof = {"Session": began["Session"]}
                offered = calls.ask("associate_software_token", **proof)
                proof = {"Session": offered["Session"]}
            else:
                # The pool asks for no app, so it's set up with the access token.
                proof = {"AccessToken": began["AuthenticationResult"]["AccessToken"]}
                calls.ask("associate_software_token", **proof)
            code = self._tools.codes.fresh(user)
            calls.ask("verify_software_token", **proof, UserCode=code)
        return user

    def _choose_password(self, user: User) -> None:
        """Choose a new password for a user whose password was reset."""
        tools = self._tools
        names = {"ClientId": tools.lab.client_id, "Username": user.username}
        if user.reset_until <= tools.lab.now():
            tools.calls.ask("forgot_password", **names)
        code = tools.lab.inbox.code(user.username)
        tools.calls.ask(
            "confirm_forgot_password",
            **names,
            ConfirmationCode=code,
            Password=tools.lab.new_password(),
        )
        tools.calls.said.append(f"The lab chose a new password for {user.username}.")

    def other_user(self) -> User:
        """A second user, with an authenticator app."""
        return self.with_app(self._tools.users.get(Role.ANOTHER))

    def sign_in(self, user: User | None = None) -> Tokens:
        """Sign in by password and second factor, from an unknown device. Without a user, as the
        learner.
        """
        tools = self._tools
        user = user or tools.users.get(Role.YOU)
        tools.calls.leave_to_the_learner("signs in with no code", "sign in")
        challenge = self.begin(user)
        if "Session" not in challenge:
            return tools.history.tokens[-1]
        while "Session" in challenge:
            session = self._session_of(challenge)
            challenge = tools.calls.respond(session, session.stage, self.answers.to(session))
        return tools.history.tokens[-1]

    def tokens(self, revoked: bool = False) -> list[Tokens]:
        """The learner's sign-ins through the tutorial's app client, newest first."""
        return [
            one
            for one in reversed(self._tools.history.tokens)
            if one.user.role == Role.YOU
            and one.revoked == revoked
            and one.client_id == self._tools.lab.client_id
        ]

    def device_offer(self) -> dict[str, str]:
        """The NewDeviceMetadata of the learner's last sign-in with one."""
        found = next((one for one in self.tokens() if one.offered), None) or self.sign_in()
        assert found.offered is not None
        return found.offered

    def device(self) -> Device:
        """A device Cognito remembers for the learner."""
        you = self._tools.users.get(Role.YOU)
        if you.device is None:
            signed_in = self.sign_in()
            assert signed_in.offered is not None
            device, config = new_device(signed_in.offered)
            self._tools.calls.ask(
                "confirm_device",
                AccessToken=signed_in.access,
                DeviceKey=device.key,
                DeviceSecretVerifierConfig=config,
                DeviceName="Challenge lab",
            )
            you.device = device
        return you.device
