"""A second user of the pool, for lessons that need another user's device or token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyotp

from ..errors import LessonError
from ..explanations.ipython_extension import absent
from ..lab.lab import Lab
from ..text import say


@dataclass(frozen=True)
class SecondUser:
    """A second user, signed in: the name, the key of the offered device, and the access token."""

    username: str
    device_key: str
    access_token: str = field(repr=False)


@contextmanager
def second_user(lab: Lab) -> Iterator[SecondUser]:
    """Create and sign in a second user of the lab's pool, with an authenticator app, and delete the
    user afterwards.

    AdminCreateUser sends no email here. Only the names of the calls are printed, since the lesson
    isn't about them.
    """
    cognito, pool = lab.cognito, {"UserPoolId": lab.pool_id}
    username, password = lab.free_username("ben"), lab.new_password()
    with lab.requests.aside():
        cognito.admin_create_user(**pool, Username=username, MessageAction="SUPPRESS")
    try:
        with lab.requests.aside():
            cognito.admin_set_user_password(
                **pool, Username=username, Password=password, Permanent=True
            )
            user = _signed_in(lab, username, password)
        yield user
    finally:
        with lab.requests.aside():
            cognito.admin_delete_user(**pool, Username=username)


def _signed_in(lab: Lab, username: str, password: str) -> SecondUser:
    cognito, client = lab.cognito, {"ClientId": lab.client_id}
    given = {"USERNAME": username, "PASSWORD": password}
    challenge = cognito.initiate_auth(**client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    offered = cognito.associate_software_token(Session=challenge["Session"])
    code = pyotp.TOTP(offered["SecretCode"]).at(int(lab.now()))
    verified = cognito.verify_software_token(Session=offered["Session"], UserCode=code)
    answer = {"USERNAME": challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]}
    reply = cognito.respond_to_auth_challenge(
        **client, ChallengeName="MFA_SETUP", Session=verified["Session"], ChallengeResponses=answer
    )
    made = (
        "AdminCreateUser, AdminSetUserPassword, InitiateAuth, AssociateSoftwareToken,"
        " VerifySoftwareToken, RespondToAuthChallenge"
    )
    say(f"{username} was created and signed in, by {made}.")
    tokens = reply["AuthenticationResult"]
    if "NewDeviceMetadata" not in tokens:
        raise LessonError(absent("NewDeviceMetadata"))
    return SecondUser(username, tokens["NewDeviceMetadata"]["DeviceKey"], tokens["AccessToken"])
