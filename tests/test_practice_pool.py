"""The practice pool: a pool, a user and, unless MFA is off, a verified authenticator app."""

from types import SimpleNamespace

import pytest

from cognito_helpers.exercises.checks import check
from cognito_helpers.exercises.practice_pool import practice_pool
from cognito_helpers.exercises.result import NOT_YET, OPEN, SOLVED
from cognito_helpers.sign_in.authenticator import authenticator_link

LAB = SimpleNamespace(backend=SimpleNamespace(can_move_clock=True))


def begin(pool):
    return pool.cognito.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": pool.username, "PASSWORD": pool.password},
    )


@pytest.mark.parametrize(
    ("mfa", "challenge", "app"),
    [
        ("OFF", None, False),
        ("OPTIONAL", None, True),
        ("ON", "SOFTWARE_TOKEN_MFA", True),
    ],
)
def test_a_practice_pool_says_what_it_is_and_a_user_can_sign_in(mfa, challenge, app):
    pool = practice_pool(mfa)
    assert not pool.requests.calls
    assert f"{pool.pool_id}: MFA is {mfa}." in repr(pool)
    assert ("authenticator app" in repr(pool)) is app
    begun = begin(pool)
    assert begun.get("ChallengeName") == challenge
    if challenge:
        # The code that verified the app can't be used again, so this is another.
        responses = {
            "USERNAME": pool.username,
            "SOFTWARE_TOKEN_MFA_CODE": pool.phone.code(pool.username),
        }
        assert pool.cognito.respond_to_auth_challenge(
            ClientId=pool.client_id,
            ChallengeName=challenge,
            Session=begun["Session"],
            ChallengeResponses=responses,
        )["AuthenticationResult"]


def test_a_lost_phone_is_replaced_after_the_sign_in():
    pool = practice_pool("ON")
    assert check(LAB, "a lost phone", pool).state == OPEN
    pool.cognito.admin_delete_software_token(UserPoolId=pool.pool_id, Username=pool.username)
    begun = begin(pool)
    secret = pool.cognito.associate_software_token(Session=begun["Session"])
    pool.phone.add(authenticator_link(secret["SecretCode"], pool.username, "Cognito tutorial"))
    verified = pool.cognito.verify_software_token(
        Session=secret["Session"], UserCode=pool.phone.code(pool.username)
    )
    assert check(LAB, "a lost phone", pool).state == NOT_YET
    pool.cognito.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="MFA_SETUP",
        Session=verified["Session"],
        ChallengeResponses={"USERNAME": pool.username},
    )
    assert check(LAB, "a lost phone", pool).state == SOLVED
