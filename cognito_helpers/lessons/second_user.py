"""Another user of the pool, for lessons in which somebody else's things are needed."""

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
class AnotherUser:
    """Somebody else who is signed in: their name, the key of the device that they were offered, and
    their access token.
    """

    username: str
    device_key: str
    access_token: str = field(repr=False)


@contextmanager
def another_user(lab: Lab) -> Iterator[AnotherUser]:
    """Sign in another user of the lab's pool, with an authenticator app of their own, and delete
    them afterwards.

    An administrator makes the user, so no mail is sent. The names of the calls are printed: they
    are not what the lesson is about.
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
            somebody = _signed_in(lab, username, password)
        yield somebody
    finally:
        with lab.requests.aside():
            cognito.admin_delete_user(**pool, Username=username)


def _signed_in(lab: Lab, username: str, password: str) -> AnotherUser:
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
    say(f"{username} was made and signed in, by {made}.")
    tokens = reply["AuthenticationResult"]
    if "NewDeviceMetadata" not in tokens:
        raise LessonError(absent("NewDeviceMetadata"))
    return AnotherUser(username, tokens["NewDeviceMetadata"]["DeviceKey"], tokens["AccessToken"])
