"""NEW_PASSWORD_REQUIRED: the first sign-in of a user created by an administrator. BEHAVIOR.md, 1.7,
1.8 and 10.2.
"""

import json

import pytest

from .flow import DAY, EMAIL, OTHER_EMAIL, PASSWORD, PLANES, rejects

TEMPORARY = "Temporary-Horse-7"
WRONG = "NotAuthorizedException", "Incorrect username or password."
NO_MFA = {"mfa": "OFF", "pool": {"DeviceConfiguration": None}}


def made(flow, **changes):
    """Created by an administrator, with a temporary password."""
    request = {
        "TemporaryPassword": TEMPORARY,
        "MessageAction": "SUPPRESS",
        "UserAttributes": [{"Name": "email", "Value": EMAIL}],
        **changes,
    }
    flow.aws.admin_create_user(UserPoolId=flow.pool_id, Username=flow.username, **request)
    return flow


def asked(flow, plane="user", **changes):
    """Signed in with the temporary password, and asked for another."""
    return made(flow, **changes).sign_in(TEMPORARY, plane=plane)


def renew(flow, password=PASSWORD, plane="user", **responses):
    return flow.answer("NEW_PASSWORD_REQUIRED", plane=plane, NEW_PASSWORD=password, **responses)


@pytest.mark.parametrize("plane", PLANES)
def test_a_temporary_password_only_leads_to_a_new_one(make_flow, plane):
    """The API reference on RespondToAuthChallenge; 1.4 for the status"""
    flow = make_flow(**NO_MFA)
    challenge = asked(flow, plane)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert set(challenge) == {"ChallengeName", "Session", "ChallengeParameters"}
    parameters = challenge["ChallengeParameters"]
    assert parameters["USER_ID_FOR_SRP"] == "alice"
    assert json.loads(parameters["requiredAttributes"]) == []
    assert json.loads(parameters["userAttributes"]) == {"email": EMAIL}
    assert flow.look()["UserStatus"] == "FORCE_CHANGE_PASSWORD"

    assert renew(flow, plane=plane)["AuthenticationResult"]

    assert flow.look()["UserStatus"] == "CONFIRMED"
    assert flow.sign_in(PASSWORD, plane=plane)["AuthenticationResult"]
    with rejects(flow, *WRONG):
        flow.sign_in(TEMPORARY, plane=plane)


def test_the_new_password_comes_first_and_the_second_factor_after_it(make_flow):
    """1.8: a pool that requires a factor continues with MFA_SETUP; a code sent along is tolerated
    there.
    """
    flow = make_flow()
    asked(flow)
    assert renew(flow)["ChallengeName"] == "MFA_SETUP"
    flow.associate()
    flow.verify()
    assert flow.answer("MFA_SETUP", SOFTWARE_TOKEN_MFA_CODE=flow.code())["AuthenticationResult"]


def test_it_also_follows_a_proof_of_the_password(make_flow):
    """The API reference on RespondToAuthChallenge"""
    flow = made(make_flow(**NO_MFA, client={"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}))
    assert flow.srp_sign_in(TEMPORARY)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert renew(flow)["AuthenticationResult"]
    assert flow.srp_sign_in(PASSWORD)["AuthenticationResult"]


def test_it_may_be_answered_with_the_email_address(make_flow):
    """10.2: in a pool whose user names are email addresses."""
    flow = make_flow(
        **NO_MFA | {"pool": {"UsernameAttributes": ["email"], "DeviceConfiguration": None}}
    )
    flow.username = EMAIL
    challenge = asked(flow)
    sub = challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]
    assert sub != EMAIL
    assert renew(flow, USERNAME=EMAIL)["AuthenticationResult"]
    assert flow.get_user()["Username"] == sub


def test_required_attributes_are_sent_with_the_response(make_flow):
    """The API reference on RespondToAuthChallenge; 12.5 for the words."""
    flow = make_flow(**NO_MFA)
    challenge = asked(flow, UserAttributes=[])
    assert json.loads(challenge["ChallengeParameters"]["requiredAttributes"]) == [
        "userAttributes.email"
    ]
    with rejects(flow, "InvalidParameterException", "Invalid attributes given, email is missing"):
        renew(flow)
    with rejects(flow, "InvalidParameterException"):
        renew(flow, **{"userAttributes.email": EMAIL, "userAttributes.shoe_size": "42"})
    assert renew(flow, **{"userAttributes.email": EMAIL})["AuthenticationResult"]
    assert {"Name": "email", "Value": EMAIL} in flow.look()["UserAttributes"]


def test_an_existing_attribute_stays_unchanged(make_flow):
    """Seen by many: a verified address can't be replaced during the sign-in."""
    flow = make_flow(**NO_MFA)
    asked(
        flow,
        UserAttributes=[
            {"Name": "email", "Value": EMAIL},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    with rejects(flow, "NotAuthorizedException", "Cannot modify an already provided email"):
        renew(flow, **{"userAttributes.email": OTHER_EMAIL})
    assert renew(flow)["AuthenticationResult"]


def test_another_users_name_cannot_be_taken_during_the_sign_in(make_flow):
    """Choice. If a phone number or an email address is the user name."""
    flow = make_flow(
        **NO_MFA
        | {
            "pool": {
                "UsernameAttributes": ["email", "phone_number"],
                "DeviceConfiguration": None,
                "Schema": None,
            }
        }
    )
    flow.username = EMAIL
    flow.sign_up(UserAttributes=[])
    flow.username = "+15550100"
    asked(flow, UserAttributes=[])
    with rejects(flow, "AliasExistsException"):
        renew(flow, **{"userAttributes.email": EMAIL})
    assert renew(flow, **{"userAttributes.email": OTHER_EMAIL})["AuthenticationResult"]


# fact: (what is sent, the error)
ERRORS = {
    "12.2 too short": (
        {"password": "Short-7"},
        (
            "InvalidPasswordException",
            "Password does not conform to policy: Password not long enough",
        ),
    ),
    "12.2 no symbol": (
        {"password": "Password7"},
        (
            "InvalidPasswordException",
            "Password does not conform to policy: Password must have symbol characters",
        ),
    ),
    "choice: none at all": (
        {"password": None},
        ("InvalidParameterException", "Missing required parameter NEW_PASSWORD"),
    ),
    "1.7 no USERNAME": (
        {"USERNAME": None},
        ("InvalidParameterException", "Missing required parameter USERNAME"),
    ),
    "12.5 email_verified sent back": (
        {"userAttributes.email_verified": "true"},
        (
            "InvalidParameterException",
            "Cannot modify the non-mutable attribute email_verified",
        ),
    ),
    "12.5 by analogy: phone_number_verified sent back": (
        {"userAttributes.phone_number_verified": "false"},
        (
            "InvalidParameterException",
            "Cannot modify the non-mutable attribute phone_number_verified",
        ),
    ),
    "12.5 by analogy: sub sent back": (
        {"userAttributes.sub": "x"},
        ("InvalidParameterException", "Cannot modify the non-mutable attribute sub"),
    ),
    "choice: an attribute that nobody has": (
        {"userAttributes.shoe_size": "42"},
        ("InvalidParameterException", None),
    ),
}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize(("sent", "error"), ERRORS.values(), ids=ERRORS)
def test_a_new_password_is_rejected(make_flow, plane, sent, error):
    flow = make_flow(**NO_MFA)
    asked(flow, plane)
    with rejects(flow, *error):
        renew(flow, plane=plane, **sent)
    assert renew(flow, plane=plane)["AuthenticationResult"], "the session is still good"


def test_a_temporary_password_is_valid_for_the_days_of_the_policy(make_flow):
    """1.16: seven by default."""
    flow = make_flow(**NO_MFA)
    asked(flow)
    flow.wait(7 * DAY - 1)
    assert flow.sign_in(TEMPORARY)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    flow.wait(1)
    with rejects(
        flow,
        "NotAuthorizedException",
        "Temporary password has expired and must be reset by an administrator.",
    ):
        flow.sign_in(TEMPORARY)


def test_a_permanent_password_does_not_expire(make_flow):
    """1.16: the days of the policy apply to temporary passwords."""
    flow = make_flow(**NO_MFA)
    asked(flow)
    renew(flow)
    flow.wait(400 * DAY)
    assert flow.sign_in()["AuthenticationResult"]
