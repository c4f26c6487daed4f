"""Devices: confirming one, signing in with it, and managing it. BEHAVIOR.md, 1.11 to 1.14 and
10.4.
"""

import base64
import ipaddress
import re
from datetime import datetime

import pytest

from cognito_helpers.local_cognito.crypto import srp
from cognito_helpers.sign_in.device import Device, new_device

from .flow import EMAIL, MINUTE, NOW, PLANES, STEP, TRACKING, TUTORIAL_FLOWS, plain, rejects
from .test_tokens import claims

NO_DEVICE = "ResourceNotFoundException", "Device does not exist."
NOT_THEIRS = "InvalidParameterException", "Invalid device key given."
WRONG = "NotAuthorizedException", "Incorrect username or password."
GARBLED = "NotAuthorizedException", "Invalid session for the user."
NOT_TRACKED = (
    "InvalidUserPoolConfigurationException",
    "Device tracking not currently enabled for this pool.",
)
UNKNOWN = "us-east-1_00000000-0000-0000-0000-000000000000"
ON_REQUEST = {"DeviceConfiguration": TRACKING | {"DeviceOnlyRememberedOnUserPrompt": True}}
NOT_INSTEAD = {"DeviceConfiguration": TRACKING | {"ChallengeRequiredOnNewDevice": False}}
BY_E_MAIL = {"pool": {"UsernameAttributes": ["email"]}, "username": EMAIL}
SRP_AS_WELL = {"ExplicitAuthFlows": [*TUTORIAL_FLOWS, "ALLOW_USER_SRP_AUTH"]}

# A pool and how it differs from the tutorial's, which asks for a code and remembers devices without
# asking
POOLS = {
    "tutorial": {},
    "no MFA": {"mfa": "OFF"},
    "no MFA, not instead of a code": {"mfa": "OFF", "pool": NOT_INSTEAD},
}


def signed_in(flow):
    """With tokens and a new device."""
    return flow.challenged().send_code() if flow.pool_asks_for_codes else flow.signed_in()


def number(octets):
    return base64.b64encode(octets).decode()


def listed(flow):
    return plain(flow.aws.list_devices(AccessToken=flow.tokens["AccessToken"]))["Devices"]


def status(flow, device=None):
    device = device or flow.device.key
    shown = flow.aws.get_device(AccessToken=flow.tokens["AccessToken"], DeviceKey=device)["Device"]
    return {item["Name"]: item["Value"] for item in shown["DeviceAttributes"]}[
        "dev:device_remembered_status"
    ]


# Confirming


@pytest.mark.parametrize("kind", POOLS.values(), ids=POOLS)
def test_without_a_prompt_a_confirmed_device_is_remembered_at_once(make_flow, kind):
    """1.11, 10.4"""
    flow = make_flow(**kind)
    signed_in(flow)
    assert flow.confirm_device() == {"UserConfirmationNecessary": False}
    assert status(flow) == "remembered"


def test_with_a_prompt_a_confirmed_device_is_not_remembered_yet(make_flow):
    """1.11"""
    flow = make_flow(pool=ON_REQUEST)
    signed_in(flow)
    assert flow.confirm_device() == {"UserConfirmationNecessary": True}
    assert status(flow) == "not_remembered"


def test_the_access_token_of_an_earlier_sign_in_confirms(flow):
    """10.0: the key belongs to the user, not to one token."""
    signed_in(flow)
    token = flow.tokens["AccessToken"]
    flow.wait(STEP).sign_in()
    flow.send_code()
    assert flow.confirm_device(token=token) == {"UserConfirmationNecessary": False}


@pytest.mark.parametrize("size", [1, 16, 32, 64])
def test_a_salt_may_have_any_length(make_flow, size):
    """10.4: clients send 16 bytes or 32."""
    flow = make_flow(**POOLS["no MFA"]).signed_in()
    salt = b"\x01" * size
    device = Device(flow.offer["DeviceKey"], flow.offer["DeviceGroupKey"], "the device's own")
    verifier = srp.verifier(
        srp.device_identity(device.group_key, device.key), device.password, salt
    )
    flow.confirm_device(
        DeviceSecretVerifierConfig={"PasswordVerifier": number(verifier), "Salt": number(salt)}
    )
    flow.device = device
    flow.sign_in(DEVICE_KEY=device.key)
    assert flow.device_sign_in()["AuthenticationResult"]


def of_bob(flow):
    """Alice is signed in, and the new device is Bob's."""
    signed_in(flow)
    tokens = flow.tokens
    flow.username = "bob"
    signed_in(flow)
    flow.tokens = tokens


def by_alias(flow):
    """Signed in with an email address instead of the user name."""
    signed_in(flow)
    flow.wait(STEP).sign_in()
    assert flow.send_code(USERNAME=EMAIL)["AuthenticationResult"]


def confirmed_and_gone(flow):
    signed_in(flow)
    flow.confirm_device()
    flow.aws.forget_device(AccessToken=flow.tokens["AccessToken"], DeviceKey=flow.device.key)


GOOD = {"PasswordVerifier": number(b"\x01" * 384), "Salt": number(b"\x01" * 16)}
# fact: (the pool, what happens first, what is sent instead, the error)
CONFIRM_ERRORS = {
    "1.10 offered to whoever answered by an alias": (
        {"pool": {"AliasAttributes": ["email"]}},
        by_alias,
        {},
        NOT_THEIRS,
    ),
    "1.10 offered to whoever answered by the address that is the name": (
        BY_E_MAIL,
        signed_in,
        {},
        NOT_THEIRS,
    ),
    "1.11 a key that nobody has": ({}, signed_in, {"DeviceKey": UNKNOWN}, NOT_THEIRS),
    "1.11 another user's key": ({}, of_bob, {}, NOT_THEIRS),
    "1.11 no verifier": ({}, signed_in, {"DeviceSecretVerifierConfig": None}, NOT_THEIRS),
    "1.11 half a verifier": (
        {},
        signed_in,
        {"DeviceSecretVerifierConfig": {"Salt": GOOD["Salt"]}},
        NOT_THEIRS,
    ),
    "1.11 an empty verifier": ({}, signed_in, {"DeviceSecretVerifierConfig": {}}, NOT_THEIRS),
    "1.14 forgotten": ({}, confirmed_and_gone, {}, NOT_THEIRS),
    "1.11 a negative salt": (
        {},
        signed_in,
        {"DeviceSecretVerifierConfig": GOOD | {"Salt": number(b"\x80" + b"\x01" * 15)}},
        ("InvalidParameterException", None),
    ),
    "1.11 a negative verifier": (
        {},
        signed_in,
        {"DeviceSecretVerifierConfig": GOOD | {"PasswordVerifier": number(b"\xff" * 384)}},
        ("InvalidParameterException", None),
    ),
    "choice: no Base64": (
        {},
        signed_in,
        {"DeviceSecretVerifierConfig": GOOD | {"Salt": "not base64!"}},
        ("InvalidParameterException", None),
    ),
    "choice: outside ASCII": (
        {},
        signed_in,
        {"DeviceSecretVerifierConfig": GOOD | {"Salt": "ä"}},
        ("InvalidParameterException", None),
    ),
    "choice: an empty salt": (
        {},
        signed_in,
        {"DeviceSecretVerifierConfig": GOOD | {"Salt": ""}},
        ("InvalidParameterException", None),
    ),
    "choice: a verifier that any password fits": (
        {},
        signed_in,
        {"DeviceSecretVerifierConfig": GOOD | {"PasswordVerifier": number(srp.to_bytes(srp.N))}},
        ("InvalidParameterException", None),
    ),
    "12.3 devices are not tracked": (
        {"mfa": "OFF", "pool": {"DeviceConfiguration": None}},
        lambda f: (
            f.signed_in(),
            setattr(f, "offer", {"DeviceKey": UNKNOWN, "DeviceGroupKey": "-abcdefgh"}),
        ),
        {},
        NOT_TRACKED,
    ),
    "choice, by the model: confirmed already": (
        {},
        lambda f: (signed_in(f), f.confirm_device()),
        {},
        ("DeviceKeyExistsException", None),
    ),
}


@pytest.mark.parametrize(
    ("kind", "before", "changes", "error"), CONFIRM_ERRORS.values(), ids=CONFIRM_ERRORS
)
def test_confirming_a_device_is_rejected(make_flow, kind, before, changes, error):
    flow = make_flow(**kind)
    before(flow)
    with rejects(flow, *error):
        flow.confirm_device(**changes)


# Signing in with a device


@pytest.mark.parametrize("session", [None, False], ids=["with its session", "without a session"])
@pytest.mark.parametrize("kind", POOLS.values(), ids=POOLS)
@pytest.mark.parametrize("plane", PLANES)
def test_after_the_password_a_remembered_device_is_asked_instead_of_a_code(
    make_flow, plane, kind, session
):
    """1.13, 10.0, 10.4: also if MFA is off, and if it's on and a device replaces the code. Choice:
    after ADMIN_USER_PASSWORD_AUTH too (10.8, 3).
    """
    flow = make_flow(**kind).with_device()

    asked = flow.sign_in(plane=plane, DEVICE_KEY=flow.device.key)
    assert (asked["ChallengeName"], asked["ChallengeParameters"]["USERNAME"]) == (
        "DEVICE_SRP_AUTH",
        "alice",
    )
    exchange = flow.device_begin(plane, session=session)
    assert exchange["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
    assert set(exchange["ChallengeParameters"]) == {
        "SALT",
        "SECRET_BLOCK",
        "SRP_B",
        "USERNAME",
        "DEVICE_KEY",
    }
    answer = flow.device_finish(plane, session=session)

    assert set(answer) == {"ChallengeParameters", "AuthenticationResult"}
    # No new device: this one is known (choice where it isn't documented).
    assert set(answer["AuthenticationResult"]) == {
        "AccessToken",
        "ExpiresIn",
        "TokenType",
        "RefreshToken",
        "IdToken",
    }
    assert claims(flow, "AccessToken")["device_key"] == flow.device.key


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("kind", POOLS.values(), ids=POOLS)
@pytest.mark.parametrize("named", ["at the beginning", "with the proof", "both times"])
def test_a_device_is_asked_after_a_password_proof_too(make_flow, named, kind, plane):
    """1.13, 10.0: DEVICE_KEY at InitiateAuth, only with PASSWORD_VERIFIER, or with both."""
    flow = make_flow(**kind, client=SRP_AS_WELL).with_device()
    key = flow.device.key
    flow.srp_begin(plane=plane, DEVICE_KEY=None if named == "with the proof" else key)
    asked = flow.srp_finish(plane, DEVICE_KEY=None if named == "at the beginning" else key)
    assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"
    assert flow.device_sign_in(plane)["AuthenticationResult"]


def test_the_session_of_the_first_response_is_valid_to_the_end(make_flow):
    """10.4: a client sends the first response's session with both steps."""
    flow = make_flow().with_device()
    first = flow.sign_in(DEVICE_KEY=flow.device.key)["Session"]
    assert flow.device_sign_in(session=first)["AuthenticationResult"]


# A pool with email as the sign-in name: (how it differs, the user name at sign-up)
NAMED_BY_E_MAIL = {
    "in the place of a name": ({"UsernameAttributes": ["email"]}, EMAIL),
    "beside a name": ({"AliasAttributes": ["email"]}, "alice"),
}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize(("names", "username"), NAMED_BY_E_MAIL.values(), ids=NAMED_BY_E_MAIL)
def test_the_alias_works_in_every_step_except_the_sign_in_that_offers_the_device(
    make_flow, names, username, plane
):
    """10.4, 10.5: by SRP client-side and server-side, with hashes of the name that is sent. A
    device remembered by an administrator is asked for its proof, without a code.
    """
    flow = make_flow(
        pool=ON_REQUEST | names, client=SRP_AS_WELL | {"GenerateSecret": True}, username=username
    ).enrolled()
    user_id, flow.username = flow.attributes()["sub"] if username == EMAIL else "alice", EMAIL
    flow.wait(STEP).srp_sign_in(plane=plane)
    flow.send_code(plane=plane, USERNAME=user_id)
    assert flow.confirm_device() == {"UserConfirmationNecessary": True}
    key = flow.device.key
    who = {"UserPoolId": flow.pool_id, "Username": user_id}
    assert (
        plain(
            flow.aws.admin_update_device_status(
                **who, DeviceKey=key, DeviceRememberedStatus="remembered"
            )
        )
        == {}
    )

    alias = {"USERNAME": EMAIL, "SECRET_HASH": flow.hash(EMAIL)}
    flow.srp_begin(plane=plane, DEVICE_KEY=key)
    assert flow.srp_finish(plane, DEVICE_KEY=key, **alias)["ChallengeName"] == "DEVICE_SRP_AUTH"
    assert flow.device_begin(plane, **alias)["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
    assert {"AccessToken", "RefreshToken"} <= set(
        flow.device_finish(plane, **alias)["AuthenticationResult"]
    )


def test_one_public_number_and_one_time_may_be_used_for_both_proofs(make_flow):
    """10.4"""
    flow = make_flow(**POOLS["no MFA"], client=SRP_AS_WELL).with_device()
    flow.srp_begin(DEVICE_KEY=flow.device.key)
    flow.srp_finish()
    flow.srp.device_key, flow.srp.device_group_key, flow.srp.device_password = (
        flow.device.key,
        flow.device.group_key,
        flow.device.password,
    )
    asked = flow.answer(
        "DEVICE_SRP_AUTH", DEVICE_KEY=flow.device.key, SRP_A=format(flow.srp.large_a_value, "x")
    )
    proof = flow.srp.process_device_challenge(asked["ChallengeParameters"])
    assert flow.answer("DEVICE_PASSWORD_VERIFIER", **proof)["AuthenticationResult"]


@pytest.mark.parametrize("plane", PLANES)
def test_with_a_client_secret_every_step_has_its_hash(make_flow, plane):
    """10.5: of the device challenge's own USERNAME."""
    flow = make_flow(client={"GenerateSecret": True}).with_device()
    flow.sign_in(plane=plane, DEVICE_KEY=flow.device.key)
    wrong = "NotAuthorizedException", f"Unable to verify secret hash for client {flow.client_id}"
    with rejects(flow, *wrong):
        flow.device_begin(plane, SECRET_HASH=flow.hash("bob"))
    flow.device_begin(plane)
    with rejects(flow, *wrong):
        flow.device_finish(plane, SECRET_HASH=flow.hash("bob"))
    assert flow.device_finish(plane)["AuthenticationResult"]


def test_if_a_device_does_not_replace_the_code_the_code_is_asked_after_it(make_flow):
    """1.12: ChallengeRequiredOnNewDevice false, MFA on; asking the device as well is a choice."""
    flow = make_flow(pool=NOT_INSTEAD).with_device()
    flow.wait(STEP).sign_in(DEVICE_KEY=flow.device.key)
    assert flow.device_sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert "NewDeviceMetadata" not in flow.send_code()["AuthenticationResult"]


@pytest.mark.parametrize("plane", PLANES)
def test_a_confirmed_device_that_is_not_remembered_changes_nothing(make_flow, plane):
    """1.11: the code is asked as usual. The device is known, so no other is offered (choice)."""
    flow = make_flow(pool=ON_REQUEST).with_device()
    assert (
        flow.wait(STEP).sign_in(plane=plane, DEVICE_KEY=flow.device.key)["ChallengeName"]
        == "SOFTWARE_TOKEN_MFA"
    )
    assert "NewDeviceMetadata" not in flow.send_code(plane=plane)["AuthenticationResult"]
    assert claims(flow, "AccessToken")["device_key"] == flow.device.key


def test_a_sign_in_without_a_device_key_is_asked_as_usual_and_offered_a_device(flow):
    """1.11"""
    flow.with_device()
    first = flow.device.key
    assert flow.wait(STEP).sign_in()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert flow.send_code()["AuthenticationResult"]["NewDeviceMetadata"]["DeviceKey"] != first


# fact: the one field that is set, and whether a confirmed device is then remembered at once
ONE_FIELD = {
    "1.12 a device may replace a code": ({"ChallengeRequiredOnNewDevice": True}, True),
    "1.12 a device may not replace a code": ({"ChallengeRequiredOnNewDevice": False}, True),
    "1.12 remembered when the user wants it": ({"DeviceOnlyRememberedOnUserPrompt": True}, False),
    "1.12 remembered always": ({"DeviceOnlyRememberedOnUserPrompt": False}, True),
}


@pytest.mark.parametrize(("field", "remembered"), ONE_FIELD.values(), ids=ONE_FIELD)
def test_any_one_field_turns_tracking_on(make_flow, field, remembered):
    flow = make_flow(mfa="OFF", pool={"DeviceConfiguration": field}).signed_in()
    assert (
        flow.aws.describe_user_pool(UserPoolId=flow.pool_id)["UserPool"]["DeviceConfiguration"]
        == field
    )
    assert flow.confirm_device() == {"UserConfirmationNecessary": not remembered}


def test_a_pool_without_device_tracking_ignores_the_key(make_flow):
    """Choice."""
    flow = make_flow("no MFA").confirmed()
    answer = flow.sign_in(DEVICE_KEY=UNKNOWN)
    assert "NewDeviceMetadata" not in answer["AuthenticationResult"]
    assert "device_key" not in claims(flow, "AccessToken")


def forgotten(flow):
    flow.with_device()
    flow.aws.forget_device(AccessToken=flow.tokens["AccessToken"], DeviceKey=flow.device.key)


def two_users(flow):
    """Alice and Bob, each with a device; Alice signs in with Bob's device."""
    flow.with_device()
    flow.username = "bob"
    flow.with_device()
    flow.username = "alice"


def offered_only(flow):
    signed_in(flow)
    flow.device = new_device(flow.offer)[0]


# fact: how the key became invalid
STRANGE_KEYS = {
    "1.13 unknown": lambda f: (
        signed_in(f),
        setattr(f, "device", Device(UNKNOWN, "-abcdefgh", "x")),
    ),
    "1.13 forgotten": forgotten,
    "1.13 another user's": two_users,
    "choice: never confirmed": offered_only,
}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("before", STRANGE_KEYS.values(), ids=STRANGE_KEYS)
def test_a_key_that_is_not_a_confirmed_device_of_the_user_does_not_exist(flow, before, plane):
    before(flow)
    with rejects(flow, *NO_DEVICE):
        flow.sign_in(plane=plane, DEVICE_KEY=flow.device.key)


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("before", STRANGE_KEYS.values(), ids=STRANGE_KEYS)
def test_a_proof_without_such_a_key_continues_as_without_a_device(make_flow, before, plane):
    """1.13; continuing, also if InitiateAuth had named the key, is a choice:
    amazon-cognito-identity-js would otherwise retry forever.
    """
    flow = make_flow(client=SRP_AS_WELL)
    before(flow)
    flow.wait(STEP).srp_begin(plane=plane, DEVICE_KEY=flow.device.key)
    proof = flow.srp.process_challenge(flow.srp_challenge, {"USERNAME": flow.username})
    with rejects(flow, *NO_DEVICE):
        flow.answer("PASSWORD_VERIFIER", plane=plane, **proof, DEVICE_KEY=flow.device.key)
    assert (
        flow.answer("PASSWORD_VERIFIER", plane=plane, **proof)["ChallengeName"]
        == "SOFTWARE_TOKEN_MFA"
    )


def test_a_wrong_password_reveals_nothing_about_the_key(flow):
    """1.12: the password must succeed first"""
    flow.confirmed()
    for key in (UNKNOWN, None):
        with rejects(flow, *WRONG):
            flow.sign_in("Wrong-Horse-7", DEVICE_KEY=key)


def other(device, **changes):
    return Device(
        **{"key": device.key, "group_key": device.group_key, "password": device.password, **changes}
    )


# fact: the device that sends the proof, made from the right one
WRONG_DEVICES = {
    "1.13 wrong device password": lambda d: other(d, password=d.password[:-4] + "AAAA"),
    "1.13 wrong group key": lambda d: other(d, group_key="-wt2ha1Zd"),
}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("change", WRONG_DEVICES.values(), ids=WRONG_DEVICES)
def test_a_wrong_proof_is_rejected_and_may_be_tried_again(flow, change, plane):
    flow.with_device()
    flow.sign_in(plane=plane, DEVICE_KEY=flow.device.key)
    right = flow.device
    flow.device_begin(plane, change(right))
    with rejects(flow, *WRONG):
        flow.device_finish(plane)
    flow.sign_in(plane=plane, DEVICE_KEY=right.key)
    assert flow.device_sign_in(plane, right)["AuthenticationResult"]


def test_the_key_of_another_device_of_the_user_does_not_work(flow):
    """1.13. Two devices, both remembered: one can't answer for the other."""
    flow.with_device()
    first = flow.device
    flow.wait(STEP).sign_in()
    flow.send_code()
    flow.confirm_device()
    second = flow.device
    flow.sign_in(DEVICE_KEY=first.key)
    with rejects(flow, *GARBLED):
        flow.device_begin(device=second)
    flow.device_begin(device=first)
    with rejects(flow, *WRONG):
        flow.device_finish(DEVICE_KEY=second.key)
    assert flow.device_finish()["AuthenticationResult"]


def test_the_owner_of_one_device_cannot_pass_for_another(flow):
    """1.13. With the right key of the exchange, and the other device's name under the signature."""
    flow.with_device()
    first = flow.device
    flow.wait(STEP).sign_in()
    flow.send_code()
    flow.confirm_device()
    flow.sign_in(DEVICE_KEY=first.key)
    flow.device_begin(device=first)
    key = flow.device_proof._srp.get_device_authentication_key(
        *(
            first.group_key,
            first.key,
            first.password,
            int(flow.device_challenge["SRP_B"], 16),
            flow.device_challenge["SALT"],
        )
    )
    block, moment = flow.device_challenge["SECRET_BLOCK"], "Tue May 7 00:09:40 UTC 2024"
    for device, right in ((flow.device, False), (first, True)):
        signature = srp.signature(
            key, srp.device_identity(device.group_key, device.key), base64.b64decode(block), moment
        )
        forged = {
            "DEVICE_KEY": device.key,
            "TIMESTAMP": moment,
            "PASSWORD_CLAIM_SIGNATURE": number(signature),
        }
        if right:
            assert flow.device_finish(**forged)["AuthenticationResult"]
        else:
            with rejects(flow, *WRONG):
                flow.device_finish(**forged)


# fact: (what is missing from which response, the missing name)
MISSING = ["SRP_A", "DEVICE_KEY", "USERNAME"]
MISSING_LATER = [
    "DEVICE_KEY",
    "USERNAME",
    "TIMESTAMP",
    "PASSWORD_CLAIM_SECRET_BLOCK",
    "PASSWORD_CLAIM_SIGNATURE",
]


@pytest.mark.parametrize("name", MISSING)
def test_the_first_response_must_be_complete(flow, name):
    """1.7 for SRP_A and USERNAME. Choice: the same words for DEVICE_KEY."""
    flow.with_device().sign_in(DEVICE_KEY=flow.device.key)
    with rejects(flow, "InvalidParameterException", f"Missing required parameter {name}"):
        flow.device_begin(**{name: None})
    assert flow.device_sign_in()["AuthenticationResult"]


@pytest.mark.parametrize("name", MISSING_LATER)
def test_the_second_response_must_be_complete(flow, name):
    """1.7 for USERNAME. Choice: the same words for the others."""
    flow.with_device().sign_in(DEVICE_KEY=flow.device.key)
    flow.device_begin()
    with rejects(flow, "InvalidParameterException", f"Missing required parameter {name}"):
        flow.device_finish(**{name: None})
    assert flow.device_finish()["AuthenticationResult"]


def test_without_the_password_a_device_cannot_sign_in(flow):
    """1.12. No token without proof: a device alone signs no one in."""
    flow.with_device()
    with rejects(flow, *GARBLED):
        flow.device_begin(session=False)


def test_one_users_password_does_not_work_with_another_users_device(flow):
    """1.12: the password must succeed first. Choice: the words."""
    two_users(flow)
    flow.username = "bob"
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.username = "alice"
    for session in (None, False):
        with rejects(flow, *GARBLED):
            flow.device_begin(session=session)


def test_each_step_works_once_and_in_time(flow):
    """Section 2."""
    spent = "NotAuthorizedException", "Invalid session for the user, session can only be used once."
    expired = "NotAuthorizedException", "Invalid session for the user, session is expired."
    flow.with_device().sign_in(DEVICE_KEY=flow.device.key)
    flow.device_sign_in(session=False)
    with rejects(flow, *spent):
        flow.device_finish(session=False)
    with rejects(flow, *spent):
        flow.device_begin(session=False)
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.wait(3 * MINUTE)
    with rejects(flow, *expired):
        flow.device_begin(session=False)
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_begin(session=False)
    flow.wait(3 * MINUTE)
    with rejects(flow, *expired):
        flow.device_finish(session=False)


def test_the_session_of_another_sign_in_is_rejected(flow):
    """Section 2 for the words"""
    flow.with_device()
    stranger = flow.wait(STEP).sign_in()["Session"]
    flow.sign_in(DEVICE_KEY=flow.device.key)
    with rejects(flow, *GARBLED):
        flow.device_begin(session=stranger)
    flow.device_begin(session=False)
    with rejects(flow, *GARBLED):
        flow.device_finish(session=stranger)
    assert flow.device_finish(session=False)["AuthenticationResult"]


def test_two_sign_ins_from_one_device_continue_side_by_side(flow):
    """Choice: two windows of one browser. The session identifies the sign-in."""
    flow.with_device()
    sessions = [flow.sign_in(DEVICE_KEY=flow.device.key)["Session"] for _ in range(3)]
    for session in sessions:
        assert flow.device_sign_in(session=session)["AuthenticationResult"]


def test_a_device_forgotten_meanwhile_signs_no_one_in(flow):
    """1.13 for the words"""
    flow.with_device()
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_begin()
    flow.aws.forget_device(AccessToken=flow.tokens["AccessToken"], DeviceKey=flow.device.key)
    with rejects(flow, *NO_DEVICE):
        flow.device_finish()


def test_a_disabled_user_is_rejected_at_every_step(flow):
    """1.7"""
    flow.with_device().sign_in(DEVICE_KEY=flow.device.key)
    disabled = "NotAuthorizedException", "User is disabled."
    flow.disable()
    with rejects(flow, *disabled):
        flow.device_begin()


# Managing devices


def call(flow, operation, **request):
    """Call one of the device operations, as the user or as an administrator."""
    who = (
        {"UserPoolId": flow.pool_id, "Username": flow.username}
        if operation.startswith("admin")
        else {"AccessToken": flow.tokens["AccessToken"]}
    )
    return plain(getattr(flow.aws, operation)(**who, **request))


LISTS = ["list_devices", "admin_list_devices"]
GETS = ["get_device", "admin_get_device"]
STATUSES = ["update_device_status", "admin_update_device_status"]
FORGETS = ["forget_device", "admin_forget_device"]


@pytest.mark.parametrize("operation", LISTS)
def test_a_device_is_listed_as_the_service_lists_it(flow, operation):
    """1.14"""
    key = flow.with_device().device.key
    (device,) = call(flow, operation)["Devices"]
    owner = f"alice.{flow.pool_id}"
    assert device["DeviceKey"] == key
    assert re.fullmatch(flow.region + r"_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key)
    shown = {item["Name"]: item["Value"] for item in device["DeviceAttributes"]}
    assert ipaddress.ip_address(shown.pop("last_ip_used"))
    assert shown == {
        "device_status": "valid",
        "device_name": "my computer",
        "dev:device_arn": (
            f"arn:aws:cognito-idp:{flow.region}:{flow.account}:owner/{owner}/device/{key}"
        ),
        "dev:device_owner": owner,
        "dev:device_remembered_status": "remembered",
        "dev:device_sdk": "aws-sdk",
    }


@pytest.mark.parametrize("operation", LISTS)
def test_a_device_shows_the_dates_of_its_events(flow, operation):
    """1.14"""
    flow.with_device()
    confirmed_at = flow.emulator.clock.now()
    flow.wait(10).sign_in(DEVICE_KEY=flow.device.key)
    flow.device_sign_in()
    (device,) = call(flow, operation)["Devices"]
    assert isinstance(device["DeviceCreateDate"], datetime)
    assert device["DeviceCreateDate"].timestamp() == NOW + STEP
    assert device["DeviceLastModifiedDate"].timestamp() == confirmed_at
    assert device["DeviceLastAuthenticatedDate"].timestamp() == confirmed_at + 10


@pytest.mark.parametrize(("get", "list_"), list(zip(GETS, LISTS, strict=True)))
def test_get_device_shows_the_same_as_the_list(flow, get, list_):
    """1.14"""
    flow.with_device()
    assert [call(flow, get, DeviceKey=flow.device.key)["Device"]] == call(flow, list_)["Devices"]


def test_an_unnamed_device_has_no_name_attribute(flow):
    """1.14. Choice: the attribute is absent."""
    signed_in(flow)
    flow.confirm_device(DeviceName=None)
    assert "device_name" not in {item["Name"] for item in listed(flow)[0]["DeviceAttributes"]}


@pytest.mark.parametrize("operation", LISTS)
def test_only_the_users_own_confirmed_devices_are_listed_page_by_page(flow, operation):
    """1.14; leaving out those never confirmed is a choice."""
    flow.with_device()
    flow.username = "bob"
    flow.with_device()
    bobs = flow.device.key
    for _ in range(2):
        flow.wait(STEP).sign_in()
        flow.send_code()
        flow.confirm_device()
    flow.wait(STEP).sign_in()
    flow.send_code()
    keys, request = [], {"Limit": 2}
    for _ in range(2):
        page = call(flow, operation, **request)
        keys += [device["DeviceKey"] for device in page["Devices"]]
        request["PaginationToken"] = page.get("PaginationToken")
    assert request["PaginationToken"] is None
    assert len(keys) == len(set(keys)) == 3
    assert bobs in keys


@pytest.mark.parametrize("list_", LISTS)
@pytest.mark.parametrize("status_", STATUSES)
def test_only_remembered_devices_are_listed(make_flow, list_, status_):
    """12.5: in an opt-in pool none after ConfirmDevice, one after `remembered`, none after
    `not_remembered`. GetDevice still shows it (choice).
    """
    flow = make_flow(pool=ON_REQUEST).with_device()
    key, seen = flow.device.key, [call(flow, list_)["Devices"]]
    for status in ("remembered", "not_remembered"):
        call(flow, status_, DeviceKey=key, DeviceRememberedStatus=status)
        seen.append([device["DeviceKey"] for device in call(flow, list_)["Devices"]])
    assert seen == [[], [key], []]
    assert call(flow, "get_device", DeviceKey=key)["Device"]["DeviceKey"] == key


@pytest.mark.parametrize("operation", LISTS)
def test_a_page_has_at_most_sixty_devices(flow, operation):
    """1.14"""
    flow.with_device()
    assert len(call(flow, operation, Limit=60)["Devices"]) == 1
    with rejects(flow, "InvalidParameterException"):
        call(flow, operation, Limit=61)


@pytest.mark.parametrize("operation", STATUSES)
def test_a_device_is_remembered_and_no_longer_remembered_on_request(make_flow, operation):
    """1.14: empty response; the next sign-in shows the difference."""
    flow = make_flow(pool=ON_REQUEST).with_device()
    key = flow.device.key
    assert call(flow, operation, DeviceKey=key, DeviceRememberedStatus="remembered") == {}
    assert flow.sign_in(DEVICE_KEY=key)["ChallengeName"] == "DEVICE_SRP_AUTH"
    assert flow.device_sign_in()["AuthenticationResult"]
    assert call(flow, operation, DeviceKey=key, DeviceRememberedStatus="not_remembered") == {}
    assert flow.wait(STEP).sign_in(DEVICE_KEY=key)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@pytest.mark.parametrize("operation", FORGETS)
def test_a_forgotten_device_is_gone(flow, operation):
    """1.14"""
    flow.with_device()
    call(flow, operation, DeviceKey=flow.device.key)
    assert listed(flow) == []
    with rejects(flow, *NO_DEVICE):
        call(flow, "get_device", DeviceKey=flow.device.key)


ALL_ON_ONE = [*GETS, *STATUSES, *FORGETS]


@pytest.mark.parametrize("operation", ["GetDevice", "ForgetDevice"])
def test_a_call_on_ones_own_device_without_a_token_is_rejected(flow, operation):
    """Choice in its words: the model lets these two come without."""
    assert flow.raw(operation, DeviceKey=UNKNOWN) == (
        "InvalidParameterException",
        "Missing required parameter AccessToken",
    )


@pytest.mark.parametrize("operation", ALL_ON_ONE)
@pytest.mark.parametrize("before", STRANGE_KEYS.values(), ids=STRANGE_KEYS)
def test_every_call_on_an_unknown_device_is_rejected(flow, before, operation):
    """1.14; 1.13 saw it on UpdateDeviceStatus for an unconfirmed key too."""
    before(flow)
    flow.username = "alice"
    if not operation.startswith("admin"):
        flow.wait(STEP).sign_in()
        flow.totp_secret = flow.state()["users"][0]["totp_secret"]
        flow.send_code()
    with rejects(flow, *NO_DEVICE):
        call(flow, operation, DeviceKey=flow.device.key)


@pytest.mark.parametrize("operation", [*LISTS, *ALL_ON_ONE])
def test_a_pool_without_device_tracking_says_so(make_flow, operation):
    """12.3. The type is disputed."""
    flow = make_flow("no MFA").signed_in()
    with rejects(flow, *NOT_TRACKED):
        call(flow, operation, **({} if operation in LISTS else {"DeviceKey": UNKNOWN}))


@pytest.mark.parametrize(
    "operation", [name for name in [*LISTS, *ALL_ON_ONE] if name.startswith("admin")]
)
def test_an_administrator_must_name_an_existing_user(flow, operation):
    """1.4 and 1.7. Calls that only read have no UserNotFoundException in the model."""
    request = {} if operation in LISTS else {"DeviceKey": UNKNOWN}
    code = (
        "ResourceNotFoundException"
        if operation in ("admin_list_devices", "admin_get_device")
        else "UserNotFoundException"
    )
    with rejects(flow, code, "User does not exist."):
        call(flow, operation, **request)
    flow.pool_id = "us-east-1_nosuchone"
    with rejects(
        flow, "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."
    ):
        call(flow, operation, **request)


@pytest.mark.parametrize(
    "operation",
    ["list_devices", "get_device", "update_device_status", "forget_device", "confirm_device"],
)
def test_a_users_calls_need_their_access_token(flow, operation):
    """1.14, 8a"""
    flow.with_device()
    request = {} if operation == "list_devices" else {"DeviceKey": flow.device.key}
    with rejects(flow, "NotAuthorizedException", "Invalid Access Token"):
        getattr(flow.aws, operation)(AccessToken="garbage", **request)


# What is stored


def test_the_service_stores_no_password_of_a_device(flow):
    """1.11: the verifier"""
    flow.with_device()
    (row,) = [row for row in flow.state()["devices"] if row["key"] == flow.device.key]
    assert flow.device.password not in str(row)
    identity = srp.device_identity(flow.device.group_key, flow.device.key)
    assert row["verifier"] == srp.verifier(identity, flow.device.password, row["salt"])


def test_reprs_show_no_secret(flow):
    flow.with_device()
    flow.sign_in(DEVICE_KEY=flow.device.key)
    flow.device_begin()
    for shown in (repr(flow.device), repr(flow.device_proof)):
        assert flow.device.password not in shown
        assert flow.device.key in shown


def test_devices_are_deleted_with_their_user(flow):
    """1.15"""
    flow.with_device()
    flow.aws.delete_user(AccessToken=flow.tokens["AccessToken"])
    assert flow.state()["devices"] == []
