"""The lab's sign-ins to prepare an experiment, and the learner's tokens and device."""

from __future__ import annotations

from typing import Any

from ..actions import Device
from ..sign_in.device import new_device
from .conditions import ClientIs
from .demo_users import Role, User
from .records import Tokens
from .tools import Tools


class SignIns:
    """Sign-ins with a password, and a code if one is asked for."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

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
        """Sign in by password and code, from an unknown device. Without a user, as the learner."""
        tools = self._tools
        user = user or tools.users.get(Role.YOU)
        tools.calls.leave_to_the_learner("signs in with no code", "sign in")
        challenge = self.begin(user)
        if "Session" not in challenge:
            return tools.history.tokens[-1]
        session = next(tools.history.find(text=challenge["Session"]))
        code = {"SOFTWARE_TOKEN_MFA_CODE": tools.codes.fresh(user)}
        tools.calls.respond(session, "SOFTWARE_TOKEN_MFA", code)
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
