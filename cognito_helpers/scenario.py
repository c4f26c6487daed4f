"""The flow as steps, for lessons that are opened before the steps they need were taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .authenticator import authenticator_link
from .lab import Lab
from .plain_errors import LessonError
from .user_pool import CLIENT_SETTINGS, MFA_SETTINGS, POOL_SETTINGS

ISSUER = "Cognito tutorial"
POOL_NAME = "cognito-tutorial"
APP_NAME = "Tutorial phone"

# What a lesson can need, each including those before it.
NOTHING, A_POOL, A_CONFIRMED_USER, AN_ENROLLED_USER = "nothing", "a pool", "a confirmed user without an authenticator app", "a user with an authenticator app"
STATES = [NOTHING, A_POOL, A_CONFIRMED_USER, AN_ENROLLED_USER]


# No lesson needs more calls than these.
MOST_CALLS = 9


def missing_steps(lab: Lab, needs: str) -> Iterator[str]:
    """Take whatever steps are missing before `needs` is true, one of `STATES`; yields the name of each call once it is made."""
    if needs not in STATES:
        raise LessonError(f"A lesson cannot need “{needs}”: it needs one of {', '.join(STATES)}.")
    wanted = STATES.index(needs)
    if wanted >= STATES.index(A_POOL):
        yield from _pool(lab)
    if wanted >= STATES.index(A_CONFIRMED_USER):
        yield from _confirmed_user(lab, may_have_app=wanted == STATES.index(AN_ENROLLED_USER))
    if wanted >= STATES.index(AN_ENROLLED_USER):
        yield from _enrolled_user(lab)


def _pool(lab: Lab) -> Iterator[str]:
    if lab.pool_id is None:
        pool = lab.cognito.create_user_pool(PoolName=POOL_NAME, **POOL_SETTINGS)["UserPool"]
        yield "CreateUserPool"
        lab.pool_id = pool["Id"]
    if lab.cognito.get_user_pool_mfa_config(UserPoolId=lab.pool_id)["MfaConfiguration"] != "ON":
        lab.cognito.set_user_pool_mfa_config(UserPoolId=lab.pool_id, **MFA_SETTINGS)
        yield "SetUserPoolMfaConfig"
    if lab.client_id is None:
        client = lab.cognito.create_user_pool_client(UserPoolId=lab.pool_id, ClientName=POOL_NAME, **CLIENT_SETTINGS)["UserPoolClient"]
        yield "CreateUserPoolClient"
        lab.client_id = client["ClientId"]


def _confirmed_user(lab: Lab, may_have_app: bool) -> Iterator[str]:
    challenge = _challenge(lab) if lab.user_status() == "CONFIRMED" else None
    has_app = challenge == "SOFTWARE_TOKEN_MFA"
    # An app that is enrolled stays enrolled, and a lost secret stays lost: in both cases only a new user can show the step.
    usable = challenge == "MFA_SETUP" or (has_app and may_have_app and lab.username in lab.phone.accounts)
    if lab.user_status() != "UNCONFIRMED" and not usable:
        username, password = lab.free_username(), lab.new_password()
        email = [{"Name": "email", "Value": f"{username}@example.com"}]
        lab.cognito.sign_up(ClientId=lab.client_id, Username=username, Password=password, UserAttributes=email)
        yield "SignUp"
        lab.username, lab.password = username, password
    elif lab.user_status() == "UNCONFIRMED":
        # The code that was mailed at sign-up may be days old.
        lab.cognito.resend_confirmation_code(ClientId=lab.client_id, Username=lab.username)
        yield "ResendConfirmationCode"
    if lab.user_status() == "UNCONFIRMED":
        lab.cognito.confirm_sign_up(ClientId=lab.client_id, Username=lab.username, ConfirmationCode=lab.mailed_code())
        yield "ConfirmSignUp"


def _enrolled_user(lab: Lab) -> Iterator[str]:
    challenge = _sign_in(lab)
    if challenge["ChallengeName"] != "MFA_SETUP":
        return
    offered = lab.cognito.associate_software_token(Session=challenge["Session"])
    lab.phone.add(authenticator_link(offered["SecretCode"], account=lab.username, issuer=ISSUER))
    verified = lab.cognito.verify_software_token(Session=offered["Session"], UserCode=lab.phone_code(), FriendlyDeviceName=APP_NAME)
    responses = {"USERNAME": challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]}
    lab.cognito.respond_to_auth_challenge(ClientId=lab.client_id, ChallengeName="MFA_SETUP", Session=verified["Session"], ChallengeResponses=responses)
    yield from ("AdminInitiateAuth", "AssociateSoftwareToken", "VerifySoftwareToken", "RespondToAuthChallenge")


def _sign_in(lab: Lab) -> dict[str, Any]:
    given = {"USERNAME": lab.username, "PASSWORD": lab.password}
    answer: dict[str, Any] = lab.cognito.admin_initiate_auth(
        UserPoolId=lab.pool_id, ClientId=lab.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=given
    )
    return answer


def _challenge(lab: Lab) -> str | None:
    """What Cognito asks of the lab's user after the password; None where the lab remembers no password, or one that Cognito refuses."""
    if lab.password is None:
        return None
    try:
        return _sign_in(lab).get("ChallengeName")
    except lab.cognito.exceptions.NotAuthorizedException:
        return None
