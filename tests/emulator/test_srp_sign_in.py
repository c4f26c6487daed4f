"""USER_SRP_AUTH: proving a password without sending it, with pycognito as the client.
BEHAVIOR.md, 1.7, section 5, 10.2 and 10.5.
"""

import json
import re
import uuid

import pytest
from pycognito.aws_srp import hex_to_long

from cognito_helpers.local_cognito.crypto import srp

from .flow import EMAIL, MINUTE, PASSWORD, PLANES, STEP, TUTORIAL_FLOWS, WRONG_PASSWORD, rejects
from .test_tokens import claims

WRONG = "NotAuthorizedException", "Incorrect username or password."
LOCKED = "NotAuthorizedException", "Password attempts exceeded"
NO_TIME = (
    "InvalidParameterException",
    "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.",
)
UNTRACKED = {"DeviceConfiguration": None}
SRP = {"client": {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}, "pool": UNTRACKED}
NO_MFA = {**SRP, "mfa": "OFF"}
HIDING = {
    **NO_MFA,
    "client": {
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "PreventUserExistenceErrors": "ENABLED",
    },
}


@pytest.fixture
def no_mfa_srp(make_flow):
    return make_flow(**NO_MFA)


@pytest.mark.parametrize("plane", PLANES)
def test_if_mfa_is_off_a_password_proof_is_enough_for_tokens(no_mfa_srp, plane):
    """10.2: also through AdminInitiateAuth. 12.3: no session comes with the challenge."""
    flow = no_mfa_srp.confirmed()
    parameters = flow.srp_begin(plane=plane)
    assert set(parameters) == {"SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"}
    assert (parameters["USERNAME"], parameters["USER_ID_FOR_SRP"]) == ("alice", "alice")
    assert re.fullmatch("[0-9a-f]{1,768}", parameters["SRP_B"])
    assert re.fullmatch("[0-9a-f]{1,32}", parameters["SALT"])
    assert 1600 < len(parameters["SECRET_BLOCK"]) < 1800
    assert flow.session is None
    answer = flow.srp_finish(plane)
    assert answer["ChallengeParameters"] == {}
    assert claims(flow, "AccessToken")["username"] == "alice"


@pytest.mark.parametrize("plane", PLANES)
def test_if_mfa_is_on_the_same_challenges_follow_as_after_a_password(make_flow, plane):
    """1.8, 10.2"""
    flow = make_flow(**SRP).confirmed()
    asked = flow.srp_sign_in(plane=plane)
    assert asked["ChallengeName"] == "MFA_SETUP"
    assert set(asked["ChallengeParameters"]) == {"MFAS_CAN_SETUP", "USER_ID_FOR_SRP"}
    assert json.loads(asked["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
    assert asked["ChallengeParameters"]["USER_ID_FOR_SRP"] == "alice"
    flow.associate()
    flow.verify(name="my phone")
    assert flow.answer("MFA_SETUP", plane=plane)["AuthenticationResult"]
    asked = flow.wait(STEP).srp_sign_in(plane=plane)
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert asked["ChallengeParameters"] == {
        "FRIENDLY_DEVICE_NAME": "my phone",
        "USER_ID_FOR_SRP": "alice",
    }
    assert flow.send_code(plane=plane)["AuthenticationResult"]


@pytest.mark.parametrize("plane", PLANES)
def test_if_devices_are_tracked_a_proof_brings_a_device_without_mfa_too(make_flow, plane):
    """10.4, 1.11"""
    flow = make_flow(**NO_MFA | {"pool": {}}).confirmed()
    answer = flow.srp_sign_in(plane=plane)
    assert set(answer["AuthenticationResult"]["NewDeviceMetadata"]) == {
        "DeviceKey",
        "DeviceGroupKey",
    }


def test_a_name_in_uppercase_gets_its_stored_spelling(no_mfa_srp):
    """10.2: in a pool that isn't case-sensitive. The proof is computed with the returned name."""
    flow = no_mfa_srp.confirmed()
    flow.username = "ALICE"
    assert flow.srp_begin()["USER_ID_FOR_SRP"] == "alice"
    assert flow.srp_finish()["AuthenticationResult"]


@pytest.mark.parametrize("plane", PLANES)
def test_with_a_client_secret_both_steps_have_a_hash(make_flow, plane):
    """10.5"""
    flow = make_flow(
        **NO_MFA
        | {"client": {"GenerateSecret": True, "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}}
    ).confirmed()
    wrong = "NotAuthorizedException", f"Unable to verify secret hash for client {flow.client_id}"
    with rejects(flow, *wrong):
        flow.srp_begin(plane=plane, SECRET_HASH=flow.hash("bob"))
    flow.srp_begin(plane=plane)
    with rejects(flow, *wrong):
        flow.srp_finish(plane, SECRET_HASH=flow.hash("bob"))
    assert flow.srp_finish(plane)["AuthenticationResult"]


def missing(parameter):
    return "InvalidParameterException", f"Missing required parameter {parameter}"


# Errors at the first step

# fact: (the pool, what happens first, what is sent instead, the error)
FIRST_ERRORS = {
    "1.7 not enabled": (
        {"client": {"ExplicitAuthFlows": TUTORIAL_FLOWS}},
        lambda f: f.confirmed(),
        {},
        ("InvalidParameterException", "USER_SRP_AUTH is not enabled for the client."),
    ),
    "1.7 no SRP_A": (NO_MFA, lambda f: f.confirmed(), {"SRP_A": None}, missing("SRP_A")),
    "1.7 no USERNAME": (NO_MFA, lambda f: f.confirmed(), {"USERNAME": None}, missing("USERNAME")),
    "10.2 not hexadecimal": (
        NO_MFA,
        lambda f: f.confirmed(),
        {"SRP_A": "no number"},
        ("InvalidParameterException", None),
    ),
    "10.2 a number with a sign": (
        NO_MFA,
        lambda f: f.confirmed(),
        {"SRP_A": "-1"},
        ("InvalidParameterException", None),
    ),
    "choice: zero": (
        NO_MFA,
        lambda f: f.confirmed(),
        {"SRP_A": "0"},
        ("InvalidParameterException", None),
    ),
    "choice: N": (
        NO_MFA,
        lambda f: f.confirmed(),
        {"SRP_A": f"{srp.N:x}"},
        ("InvalidParameterException", None),
    ),
    "choice: seven times N": (
        NO_MFA,
        lambda f: f.confirmed(),
        {"SRP_A": f"{7 * srp.N:x}"},
        ("InvalidParameterException", None),
    ),
    "12.3 unknown": (NO_MFA, lambda f: None, {}, ("UserNotFoundException", "User does not exist.")),
    "12.3 a sub": (
        NO_MFA,
        lambda f: setattr(f, "username", f.confirmed().attributes()["sub"]),
        {},
        ("UserNotFoundException", "User does not exist."),
    ),
    "1.7 disabled": (
        NO_MFA,
        lambda f: f.confirmed().disable(),
        {},
        ("NotAuthorizedException", "User is disabled."),
    ),
}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize(
    ("kind", "before", "changes", "error"), FIRST_ERRORS.values(), ids=FIRST_ERRORS
)
def test_the_first_step_is_rejected(make_flow, plane, kind, before, changes, error):
    flow = make_flow(**kind)
    before(flow)
    with rejects(flow, *error):
        flow.srp_begin(plane=plane, **changes)


# Errors at the second step


def other_time(**parts):
    """A time as clients write it, with one part changed; 7 May 2024 was a Tuesday."""
    return "{day} May {date} 00:09:40 UTC 2024".format(**{"day": "Tue", "date": "7", **parts})


def altered(text):
    """Base64 text with its first character changed."""
    return ("B" if text[0] == "A" else "A") + text[1:]


# fact: (what is sent instead, the error)
SECOND_ERRORS = {
    "section 5 another signature": (lambda f: {"PASSWORD_CLAIM_SIGNATURE": "A" * 43 + "="}, WRONG),
    "section 5 no Base64": (lambda f: {"PASSWORD_CLAIM_SIGNATURE": "ä"}, WRONG),
    "12.3 another secret block": (
        lambda f: {"PASSWORD_CLAIM_SECRET_BLOCK": altered(f.srp_challenge["SECRET_BLOCK"])},
        WRONG,
    ),
    "section 5 another time": (lambda f: {"TIMESTAMP": other_time()}, WRONG),
    "choice: no signature": (
        lambda f: {"PASSWORD_CLAIM_SIGNATURE": None},
        missing("PASSWORD_CLAIM_SIGNATURE"),
    ),
    "choice: no block": (
        lambda f: {"PASSWORD_CLAIM_SECRET_BLOCK": None},
        missing("PASSWORD_CLAIM_SECRET_BLOCK"),
    ),
    "choice: no time": (lambda f: {"TIMESTAMP": None}, missing("TIMESTAMP")),
    "1.7 no USERNAME": (lambda f: {"USERNAME": None}, missing("USERNAME")),
    "section 5 no time at all": (lambda f: {"TIMESTAMP": "now"}, NO_TIME),
    "section 5 an offset for a zone": (
        lambda f: {"TIMESTAMP": "Mon Feb 12 15:26:37 +05:30 2018"},
        NO_TIME,
    ),
    "section 5 a day that no month has": (lambda f: {"TIMESTAMP": other_time(date="32")}, NO_TIME),
    "section 5 not in English": (lambda f: {"TIMESTAMP": other_time(day="Die")}, NO_TIME),
    "choice: a session that nobody gave": (
        lambda f: {"session": "x" * 40},
        ("NotAuthorizedException", "Invalid session for the user."),
    ),
}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize(("change", "error"), SECOND_ERRORS.values(), ids=SECOND_ERRORS)
def test_the_second_step_is_rejected(no_mfa_srp, plane, change, error):
    flow = no_mfa_srp.confirmed()
    flow.srp_begin(plane=plane)
    with rejects(flow, *error):
        flow.srp_finish(plane, **change(flow))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("Tue May 7 00:09:40 UTC 2024", True),
        ("Tue May 07 00:09:40 UTC 2024", False),
        ("Wed May 7 00:09:40 UTC 2024", False),
    ],
    ids=["as the service writes it", "12.3 a leading zero", "12.3 the wrong day of the week"],
)
def test_the_time_is_signed_in_the_services_spelling(no_mfa_srp, monkeypatch, written, right):
    """Section 5: any time is accepted, but only in that one spelling."""
    flow = no_mfa_srp.confirmed()
    flow.srp_begin()
    monkeypatch.setattr(flow.srp, "get_cognito_formatted_timestamp", lambda now: written)
    if right:
        assert flow.srp_finish()["AuthenticationResult"]
    else:
        with rejects(flow, *WRONG):
            flow.srp_finish()


@pytest.mark.parametrize("plane", PLANES)
def test_a_wrong_password_makes_a_wrong_proof_and_counts(no_mfa_srp, plane):
    """Section 8: five wrong ones lock, in any flow."""
    flow = no_mfa_srp.confirmed()
    for _ in range(5):
        flow.srp_begin(WRONG_PASSWORD, plane)
        with rejects(flow, *WRONG):
            flow.srp_finish(plane)
    flow.srp_begin(plane=plane)
    with rejects(flow, *LOCKED):
        flow.srp_finish(plane)
    flow.wait(1)
    assert flow.srp_finish(plane)["AuthenticationResult"]


@pytest.mark.parametrize("plane", PLANES)
def test_an_unconfirmed_user_gets_the_error_at_the_second_step(no_mfa_srp, plane):
    """12.3: before the password is checked. Choice: at that step; BEHAVIOR.md isn't sure."""
    flow = no_mfa_srp
    flow.sign_up()
    for password in (PASSWORD, WRONG_PASSWORD):
        flow.srp_begin(password, plane)
        with rejects(flow, "UserNotConfirmedException", "User is not confirmed."):
            flow.srp_finish(plane)


@pytest.mark.parametrize("plane", PLANES)
def test_signing_in_by_an_alias_returns_the_user_name(make_flow, plane):
    """12.3: USER_ID_FOR_SRP."""
    flow = make_flow(**NO_MFA | {"pool": {"AliasAttributes": ["email"], **UNTRACKED}})
    flow.confirmed()
    flow.aws.admin_update_user_attributes(
        UserPoolId=flow.pool_id,
        Username="alice",
        UserAttributes=[{"Name": "email_verified", "Value": "true"}],
    )
    flow.username = EMAIL
    assert flow.srp_begin(plane=plane)["USER_ID_FOR_SRP"] == "alice"
    assert flow.srp_finish(plane)["AuthenticationResult"]


def test_a_user_disabled_in_between_is_rejected(no_mfa_srp):
    """1.7"""
    flow = no_mfa_srp.confirmed()
    flow.srp_begin()
    flow.disable()
    with rejects(flow, "NotAuthorizedException", "User is disabled."):
        flow.srp_finish()


def test_a_proof_works_once_and_in_time(no_mfa_srp):
    """Section 2. No replay."""
    flow = no_mfa_srp.confirmed()
    flow.srp_begin()
    flow.srp_finish()
    with rejects(
        flow,
        "NotAuthorizedException",
        "Invalid session for the user, session can only be used once.",
    ):
        flow.srp_finish()
    flow.srp_begin()
    flow.wait(3 * MINUTE - 1)
    assert flow.srp_finish()["AuthenticationResult"]
    flow.srp_begin()
    flow.wait(3 * MINUTE)
    with rejects(
        flow, "NotAuthorizedException", "Invalid session for the user, session is expired."
    ):
        flow.srp_finish()


def test_a_proof_belongs_to_one_user_and_one_client(no_mfa_srp):
    """Section 2"""
    flow = no_mfa_srp.confirmed().confirmed("bob")
    flow.srp_begin()
    for username in ("bob", "nobody"):
        with rejects(flow, *WRONG):
            flow.srp_finish(USERNAME=username)
    own = flow.client_id
    made = flow.aws.create_user_pool_client(
        UserPoolId=flow.pool_id, ClientName="other", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"]
    )
    flow.client_id = made["UserPoolClient"]["ClientId"]
    with rejects(flow, *WRONG):
        flow.srp_finish()
    flow.client_id = own
    assert flow.srp_finish()["AuthenticationResult"]


def test_a_password_exchange_cannot_be_finished_as_a_devices(make_flow):
    """Choice. Nor can any other challenge be answered with its session."""
    flow = make_flow(**NO_MFA | {"pool": {}})
    flow.signed_in = lambda: flow.confirmed() and flow.srp_sign_in() and flow
    flow.signed_in()
    flow.confirm_device()
    made = {
        **flow.srp.process_challenge(flow.srp_begin(), {"USERNAME": "alice"}),
        "DEVICE_KEY": flow.device.key,
    }
    with rejects(flow, "NotAuthorizedException", "Invalid session for the user."):
        flow.answer("DEVICE_PASSWORD_VERIFIER", session=False, **made)


# An unknown user name


@pytest.mark.parametrize("plane", PLANES)
def test_if_the_client_hides_who_exists_an_unknown_user_is_simulated(make_flow, plane):
    """Section 5: a stable salt and a UUID for each name and pool; then the error of a wrong
    password.
    """
    flow = make_flow(**HIDING)
    flow.username = "nobody"
    first, again = flow.srp_begin(plane=plane), flow.srp_begin(plane=plane)
    assert set(first) == {"SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"}
    assert (first["SALT"], first["USER_ID_FOR_SRP"]) == (again["SALT"], again["USER_ID_FOR_SRP"])
    assert str(uuid.UUID(first["USER_ID_FOR_SRP"])) == first["USER_ID_FOR_SRP"]
    assert first["SRP_B"] != again["SRP_B"]
    with rejects(flow, *WRONG):
        flow.srp_finish(plane)
    with rejects(flow, *NO_TIME):
        flow.srp_finish(plane, TIMESTAMP="now")


def test_another_unknown_name_and_another_pool_have_other_salts(make_flow):
    """Section 5: for each name and pool"""
    flow, other = make_flow(**HIDING), make_flow(**HIDING)
    seen = set()
    for one in (flow, other):
        for name in ("nobody", "somebody"):
            one.username = name
            seen.add((one.srp_begin()["SALT"], one.srp_begin()["USER_ID_FOR_SRP"]))
    assert len(seen) == 4


def test_the_same_work_is_done_for_an_unknown_user(make_flow, monkeypatch):
    """Section 8"""
    flow = make_flow(**HIDING).confirmed()
    worked = []
    original = srp.answer
    monkeypatch.setattr(srp, "answer", lambda *given: worked.append(given) or original(*given))
    flow.srp_begin()
    flow.username = "nobody"
    flow.srp_begin()
    assert len(worked) == 2


def test_an_existing_user_is_served_as_usual_if_the_client_hides_who_exists(make_flow):
    """Section 8"""
    flow = make_flow(**HIDING).confirmed()
    assert flow.srp_sign_in()["AuthenticationResult"]


# The exchange


def test_each_exchange_is_new(no_mfa_srp):
    """Section 5"""
    flow = no_mfa_srp.confirmed()
    first, second = flow.srp_begin(), flow.srp_begin()
    assert first["SALT"] == second["SALT"]
    assert hex_to_long(first["SRP_B"]) != hex_to_long(second["SRP_B"])
    assert first["SECRET_BLOCK"] != second["SECRET_BLOCK"]


def test_the_password_never_reaches_the_service(no_mfa_srp, switchboard):
    """Section 5. The purpose of the flow."""
    flow = no_mfa_srp.confirmed()
    seen = []
    service = switchboard.service

    class Listening:
        def answer(self, operation, body, endpoint):
            seen.append(body)
            return service.answer(operation, body, endpoint)

    switchboard.service = Listening()
    flow.srp_sign_in()
    assert len(seen) == 2
    assert not [body for body in seen if PASSWORD.encode() in body]
