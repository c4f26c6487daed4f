"""Ways to tokens or to another user's name that a reviewer found open, all closed now. The words of
the errors are choices; what counts is that no token comes.
"""

import json

import jwt
import pytest
from botocore.exceptions import ClientError

from cognito_helpers.local_cognito.endpoint import Endpoint
from cognito_helpers.local_cognito.transports import in_process as in_process

from .flow import EMAIL, HOUR, MINUTE, PASSWORD, STEP, TRACKING, pairs, rejects

GARBLED = "NotAuthorizedException", "Invalid session for the user."
EXPIRED = "NotAuthorizedException", "Invalid session for the user, session is expired."
WRONG = "NotAuthorizedException", "Incorrect username or password."
NEW = "Battery-Staple-8"
NO_MFA = {"mfa": "OFF", "pool": {"DeviceConfiguration": None}}
BOTH_WAYS = {"client": {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"]}}


def test_a_stolen_password_cannot_enroll_an_app_after_the_owner_has(flow):
    """A session of MFA_SETUP can be renewed again and again; it ends once the user has an app."""
    flow.confirmed().sign_in()
    flow.associate()
    kept = flow.session
    flow.sign_in()
    flow.associate()
    flow.verify()
    flow.answer("MFA_SETUP")
    owners = flow.totp_secret
    for call in (lambda: flow.associate(Session=kept), lambda: flow.verify(Session=kept)):
        with rejects(flow, *GARBLED):
            call()
    assert flow.state()["users"][0]["totp_secret"] == owners


def test_a_disabled_user_enrolls_no_app(flow):
    flow.offered().disable()
    flow.enable()
    with rejects(flow, *EXPIRED):
        flow.verify()


# What ends every sign-in in progress
ENDS = {
    "a new password": lambda f: f.change_password(NEW),
    "an administrator's": lambda f: f.set_password(NEW),
    "disabled and enabled": lambda f: f.disable().enable(),
    "signed out everywhere": lambda f: f.aws.global_sign_out(AccessToken=f.tokens["AccessToken"]),
    "signed out by an administrator": lambda f: f.aws.admin_user_global_sign_out(
        UserPoolId=f.pool_id, Username="alice"
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_ends_a_password_or_a_sign_in_ends_those_in_progress(flow, end):
    flow.with_device()
    code = flow.wait(STEP).sign_in()["Session"]
    device = flow.sign_in(DEVICE_KEY=flow.device.key)["Session"]
    end(flow)
    with rejects(flow, *EXPIRED):
        flow.send_code(session=code)
    with rejects(flow, *EXPIRED):
        flow.device_begin(session=device)


def test_a_proof_of_the_old_password_is_rejected_once_it_has_changed(make_flow):
    """10.2"""
    flow = make_flow(**NO_MFA, **BOTH_WAYS).signed_in()
    flow.srp_begin()
    flow.change_password(NEW)
    with rejects(flow, *EXPIRED):
        flow.srp_finish()


def test_a_second_sign_in_with_a_used_temporary_password_changes_nothing(make_flow):
    flow = make_flow(**NO_MFA)
    flow.create(TemporaryPassword="Temporary-Horse-7", MessageAction="SUPPRESS")
    first = flow.sign_in("Temporary-Horse-7")["Session"]
    second = flow.sign_in("Temporary-Horse-7")["Session"]
    flow.answer("NEW_PASSWORD_REQUIRED", session=second, NEW_PASSWORD=PASSWORD)
    with rejects(flow, *EXPIRED):
        flow.answer("NEW_PASSWORD_REQUIRED", session=first, NEW_PASSWORD=NEW)
    assert flow.sign_in(PASSWORD)["AuthenticationResult"]


def test_a_temporary_password_that_expires_meanwhile_is_not_changed(make_flow):
    flow = make_flow(**NO_MFA)
    flow.create(TemporaryPassword="Temporary-Horse-7", MessageAction="SUPPRESS")
    flow.wait(7 * 24 * HOUR - MINUTE)
    flow.sign_in("Temporary-Horse-7")
    flow.wait(MINUTE)
    with rejects(
        flow,
        "NotAuthorizedException",
        "Temporary password has expired and must be reset by an administrator.",
    ):
        flow.answer("NEW_PASSWORD_REQUIRED", NEW_PASSWORD=PASSWORD)


def test_a_device_that_is_no_longer_remembered_replaces_no_code(flow):
    flow.with_device()
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_begin()
    flow.aws.update_device_status(
        AccessToken=flow.tokens["AccessToken"],
        DeviceKey=flow.device.key,
        DeviceRememberedStatus="not_remembered",
    )
    with rejects(flow, *WRONG):
        flow.device_finish()


def test_a_device_that_was_never_asked_does_not_belong_to_the_sign_in(flow):
    """A key beside the code is a name and no proof."""
    flow.with_device()
    flow.wait(STEP).sign_in()
    assert (
        flow.send_code(DEVICE_KEY=flow.device.key)["AuthenticationResult"]["NewDeviceMetadata"][
            "DeviceKey"
        ]
        != flow.device.key
    )


def test_a_pool_that_stops_tracking_during_a_sign_in_responds(flow):
    flow.with_device()
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_begin()
    flow.aws.update_user_pool(UserPoolId=flow.pool_id, MfaConfiguration="ON")
    assert flow.device_finish()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@pytest.mark.parametrize(
    "order", [["preferred_username", "email"], ["email", "preferred_username"]]
)
def test_a_user_cannot_use_an_address_that_is_not_theirs(make_flow, order):
    flow = make_flow(
        **NO_MFA | {"pool": {"AliasAttributes": order, "DeviceConfiguration": None}},
        username="mallory",
    ).signed_in()
    for call in (
        lambda: flow.update(preferred_username="bob@example.com"),
        lambda: flow.admin_update(preferred_username="bob@example.com"),
    ):
        with rejects(flow, "InvalidParameterException"):
            call()
    with rejects(flow, "InvalidParameterException"):
        flow.create("eve", UserAttributes=pairs(preferred_username="bob@example.com"))
    flow.update(preferred_username="bob")
    assert flow.look("bob")["Username"] == "mallory"


def test_a_token_is_valid_only_in_the_region_of_its_pool(no_mfa, emulator):
    token = {"AccessToken": no_mfa.signed_in().tokens["AccessToken"]}
    elsewhere = in_process.client(emulator.service, "eu-west-1")
    with pytest.raises(ClientError, match="Could not verify signature for Access Token"):
        elsewhere.get_user(**token)
    with pytest.raises(elsewhere.exceptions.UnauthorizedException):
        elsewhere.revoke_token(ClientId=no_mfa.client_id, Token=no_mfa.tokens["RefreshToken"])
    assert no_mfa.get_user()["Username"] == "alice"


def test_a_key_id_that_cannot_be_stored_is_not_a_token(no_mfa, rsa_keys):
    forged = jwt.encode({}, rsa_keys[0], "RS256", headers={"kid": "\ud800"})
    with rejects(no_mfa, "NotAuthorizedException", "Invalid Access Token"):
        no_mfa.get_user(forged)


def test_a_password_of_any_length_stays_out_of_the_error(no_mfa):
    secret = "Secret-7" * 20_000
    request = {
        "ClientId": no_mfa.client_id,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "alice", "PASSWORD": secret},
    }
    answer = no_mfa.emulator.service.answer(
        "InitiateAuth", json.dumps(request).encode(), Endpoint()
    )
    assert answer.status == 400
    assert b"Secret-7" not in answer.body


def test_a_pool_cannot_define_sub(make_flow):
    flow = make_flow(**NO_MFA)
    with rejects(flow, "InvalidParameterException"):
        flow.aws.create_user_pool(PoolName="x", Schema=[{"Name": "sub", "Mutable": True}])


def test_an_empty_device_configuration_tracks_nothing(make_flow):
    """1.12: giving any field turns it on."""
    flow = make_flow("no MFA", pool={"DeviceConfiguration": {}}).signed_in()
    assert flow.offer is None
    flow = make_flow("no MFA", pool={"DeviceConfiguration": TRACKING}).signed_in()
    assert flow.offer


def test_old_flow_names_still_work(make_flow):
    """10.2: ADMIN_NO_SRP_AUTH still works, also if the client has its new name; a client with old
    names was never asked about refreshing.
    """
    flow = make_flow(
        **NO_MFA, client={"ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]}
    ).confirmed()
    assert flow.sign_in(plane="admin", flow="ADMIN_NO_SRP_AUTH")["AuthenticationResult"]
    flow = make_flow(**NO_MFA, client={"ExplicitAuthFlows": ["USER_PASSWORD_AUTH"]}).signed_in()
    assert flow.refresh()["AuthenticationResult"]


# What the words of a client that hides who exists must not reveal


@pytest.fixture
def hiding(make_flow):
    settings = {
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "PreventUserExistenceErrors": "ENABLED",
    }
    return lambda **pool: make_flow(
        **NO_MFA | {"pool": {"DeviceConfiguration": None, **pool}}, client=settings
    )


def test_the_first_response_spells_the_name_alike(hiding):
    flow = hiding().confirmed()
    names = []
    for flow.username in ("ALICE", "NOBODY"):
        names.append(flow.srp_begin()["USERNAME"])
    assert names == ["alice", "nobody"]
    flow = hiding(UsernameAttributes=["email"])
    flow.username = "nobody@example.com"
    told = flow.srp_begin()
    assert told["USERNAME"] == told["USER_ID_FOR_SRP"]


@pytest.mark.parametrize("username", ["alice", "nobody"])
def test_a_secret_block_works_only_for_its_user_and_challenge(hiding, username):
    flow = hiding().confirmed()
    flow.username = username
    made = (
        flow.srp.process_challenge(flow.srp_begin(), {"USERNAME": username})
        if flow.srp_begin()
        else None
    )
    with rejects(flow, *WRONG):
        flow.answer("PASSWORD_VERIFIER", session=False, **made | {"USERNAME": "somebody"})
    with rejects(flow, *GARBLED):
        flow.answer(
            "DEVICE_PASSWORD_VERIFIER",
            session=False,
            **made | {"DEVICE_KEY": "us-east-1_00000000-0000-0000-0000-000000000000"},
        )


def test_email_is_not_handed_over_with_the_name(no_mfa):
    no_mfa.signed_in().delete()
    assert no_mfa.emulator.inbox("alice") == []
    no_mfa.sign_up(UserAttributes=pairs(email=EMAIL))
    assert len(no_mfa.emulator.inbox("alice")) == 1
