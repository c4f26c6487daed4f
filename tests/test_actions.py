"""The wrapper to take home: what each method sends and returns, and that it hides nothing from its
caller.
"""

import ast
import doctest
import re
import subprocess
import sys
import typing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.loaders import create_loader
from botocore.stub import ANY, Stubber

from cognito_helpers import actions
from cognito_helpers.actions import CognitoIdentityProviderWrapper, Device, secret_hash
from tests.tutorial_pool import TRANSPORTS, tutorial_pool

MODEL = create_loader().load_service_model("cognito-idp", "service-2")
POOL_ID, CLIENT_ID, SECRET = "us-east-1_AbCdEfGhI", "1example23456789", "0123456789abcdefghijklmnop"
HASH = secret_hash("ana", CLIENT_ID, SECRET)
SESSION, NEXT_SESSION = "AYABe-a-session-of-some-length", "AYABe-the-session-after-that-one"
TOKEN = "eyJ.an-access.token"
KEY, GROUP_KEY = "us-east-1_00000000-0000-4000-8000-000000000000", "-AbCdEfGh"
DEVICE = Device(KEY, GROUP_KEY, "the device's password")
TIME = datetime(2026, 1, 1, tzinfo=UTC)

CLIENT = {"ClientId": CLIENT_ID}
SERVER = {"UserPoolId": POOL_ID, "ClientId": CLIENT_ID}
DELIVERY = {
    "CodeDeliveryDetails": {
        "Destination": "a***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
}
CHALLENGE = {
    "ChallengeName": "MFA_SETUP",
    "Session": SESSION,
    "ChallengeParameters": {"USER_ID_FOR_SRP": "ana"},
}
SIGNED_IN = {
    "AccessToken": TOKEN,
    "ExpiresIn": 3600,
    "TokenType": "Bearer",
    "RefreshToken": "r",
    "IdToken": "i",
}
CHOICE = {
    "ChallengeName": "SELECT_CHALLENGE",
    "Session": SESSION,
    "AvailableChallenges": ["PASSWORD", "EMAIL_OTP"],
    "ChallengeParameters": {},
}
TOKENS = {"ChallengeParameters": {}, "AuthenticationResult": SIGNED_IN}
USER = {
    "Username": "ana",
    "UserStatus": "CONFIRMED",
    "Enabled": True,
    "UserCreateDate": TIME,
    "UserLastModifiedDate": TIME,
}
POOL = {"Id": POOL_ID, "Name": "tutorial", "CreationDate": TIME, "LastModifiedDate": TIME}
LISTED_PASSKEY = {
    "CredentialId": "x",
    "FriendlyCredentialName": "Passkey",
    "RelyingPartyId": "example.com",
    "AuthenticatorTransports": ["internal"],
    "CreatedAt": TIME,
}
LISTED_DEVICE = {
    "DeviceKey": KEY,
    "DeviceAttributes": [{"Name": "device_name", "Value": "laptop"}],
    "DeviceCreateDate": TIME,
}


def responses(plane, challenge, **given):
    """What a response to a challenge sends."""
    return plane | {
        "ChallengeName": challenge,
        "Session": SESSION,
        "ChallengeResponses": {"USERNAME": "ana", **given},
    }


SIGN_UP = {
    "ClientId": CLIENT_ID,
    "Username": "ana",
    "Password": "Passw0rd!",
    "UserAttributes": [{"Name": "email", "Value": "ana@example.com"}],
}
PASSWORD = {"USERNAME": "ana", "PASSWORD": "Passw0rd!"}


class Method(NamedTuple):
    """A method's arguments, the operation it calls, what's sent without a secret, the member for
    the secret hash, and the response.
    """

    arguments: tuple[Any, ...]
    operation: str
    sent: dict[str, Any]
    secret_in: str | None
    answer: dict[str, Any]


METHODS = {
    "list_user_pools": Method(
        arguments=(),
        operation="ListUserPools",
        sent={"MaxResults": 60},
        secret_in=None,
        answer={"UserPools": [POOL]},
    ),
    "sign_up_user": Method(
        arguments=("ana", "Passw0rd!", "ana@example.com"),
        operation="SignUp",
        sent=SIGN_UP,
        secret_in="SecretHash",
        answer={"UserConfirmed": False, "UserSub": "0" * 36, **DELIVERY},
    ),
    "resend_confirmation": Method(
        arguments=("ana",),
        operation="ResendConfirmationCode",
        sent=CLIENT | {"Username": "ana"},
        secret_in="SecretHash",
        answer=DELIVERY,
    ),
    "confirm_user_sign_up": Method(
        arguments=("ana", "123456"),
        operation="ConfirmSignUp",
        sent=CLIENT | {"Username": "ana", "ConfirmationCode": "123456"},
        secret_in="SecretHash",
        answer={},
    ),
    "admin_get_user": Method(
        arguments=("ana",),
        operation="AdminGetUser",
        sent={"UserPoolId": POOL_ID, "Username": "ana"},
        secret_in=None,
        answer=USER | {"UserAttributes": []},
    ),
    "list_users": Method(
        arguments=(),
        operation="ListUsers",
        sent={"UserPoolId": POOL_ID},
        secret_in=None,
        answer={"Users": [USER | {"Attributes": []}]},
    ),
    "start_sign_in": Method(
        arguments=("ana", "Passw0rd!"),
        operation="InitiateAuth",
        sent=CLIENT | {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": PASSWORD},
        secret_in="AuthParameters",
        answer=CHALLENGE,
    ),
    "admin_start_sign_in": Method(
        arguments=("ana", "Passw0rd!"),
        operation="AdminInitiateAuth",
        sent=SERVER | {"AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": PASSWORD},
        secret_in="AuthParameters",
        answer=CHALLENGE,
    ),
    "start_user_auth": Method(
        arguments=("ana", "EMAIL_OTP"),
        operation="InitiateAuth",
        sent=CLIENT
        | {
            "AuthFlow": "USER_AUTH",
            "AuthParameters": {"USERNAME": "ana", "PREFERRED_CHALLENGE": "EMAIL_OTP"},
        },
        secret_in="AuthParameters",
        answer=CHOICE,
    ),
    "start_custom_auth": Method(
        arguments=("ana",),
        operation="InitiateAuth",
        sent=CLIENT | {"AuthFlow": "CUSTOM_AUTH", "AuthParameters": {"USERNAME": "ana"}},
        secret_in="AuthParameters",
        answer=CHALLENGE,
    ),
    "get_mfa_secret": Method(
        arguments=(SESSION,),
        operation="AssociateSoftwareToken",
        sent={"Session": SESSION},
        secret_in=None,
        answer={"SecretCode": "JBSWY3DPEHPKJBSWY3DPEHPK", "Session": NEXT_SESSION},
    ),
    "verify_mfa": Method(
        arguments=(SESSION, "123456", "my phone"),
        operation="VerifySoftwareToken",
        sent={"Session": SESSION, "UserCode": "123456", "FriendlyDeviceName": "my phone"},
        secret_in=None,
        answer={"Status": "SUCCESS", "Session": NEXT_SESSION},
    ),
    "finish_mfa_setup": Method(
        arguments=("ana", SESSION),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "MFA_SETUP"),
        secret_in="ChallengeResponses",
        answer=TOKENS,
    ),
    "admin_finish_mfa_setup": Method(
        arguments=("ana", SESSION),
        operation="AdminRespondToAuthChallenge",
        sent=responses(SERVER, "MFA_SETUP"),
        secret_in="ChallengeResponses",
        answer=TOKENS,
    ),
    "respond_to_mfa_challenge": Method(
        arguments=("ana", SESSION, "123456"),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE="123456"),
        secret_in="ChallengeResponses",
        answer=TOKENS,
    ),
    "admin_respond_to_mfa_challenge": Method(
        arguments=("ana", SESSION, "123456"),
        operation="AdminRespondToAuthChallenge",
        sent=responses(SERVER, "SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE="123456"),
        secret_in="ChallengeResponses",
        answer=TOKENS,
    ),
    "respond_to_new_password_challenge": Method(
        arguments=("ana", SESSION, "N3w-password!"),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "NEW_PASSWORD_REQUIRED", NEW_PASSWORD="N3w-password!"),
        secret_in="ChallengeResponses",
        answer=CHALLENGE,
    ),
    "admin_respond_to_new_password_challenge": Method(
        arguments=("ana", SESSION, "N3w-password!"),
        operation="AdminRespondToAuthChallenge",
        sent=responses(SERVER, "NEW_PASSWORD_REQUIRED", NEW_PASSWORD="N3w-password!"),
        secret_in="ChallengeResponses",
        answer=CHALLENGE,
    ),
    "select_challenge": Method(
        arguments=("ana", SESSION, "PASSWORD", "Passw0rd!"),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "SELECT_CHALLENGE", ANSWER="PASSWORD", PASSWORD="Passw0rd!"),
        secret_in="ChallengeResponses",
        answer=TOKENS,
    ),
    "prove_password": Method(
        arguments=("ana", SESSION, "Passw0rd!"),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "SELECT_CHALLENGE", ANSWER="PASSWORD_SRP", SRP_A=ANY),
        secret_in="ChallengeResponses",
        answer={
            "ChallengeName": "PASSWORD_VERIFIER",
            "Session": NEXT_SESSION,
            "ChallengeParameters": {
                "SRP_B": "a1" * 384,
                "SALT": "b2" * 16,
                "SECRET_BLOCK": "c2VjcmV0",
                "USERNAME": "ana",
                "USER_ID_FOR_SRP": "ana",
            },
        },
    ),
    "answer_code": Method(
        arguments=("ana", SESSION, "EMAIL_OTP", "12345678"),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "EMAIL_OTP", EMAIL_OTP_CODE="12345678"),
        secret_in="ChallengeResponses",
        answer=TOKENS,
    ),
    "admin_answer_code": Method(
        arguments=("ana", SESSION, "SMS_MFA", "123456"),
        operation="AdminRespondToAuthChallenge",
        sent=responses(SERVER, "SMS_MFA", SMS_MFA_CODE="123456"),
        secret_in="ChallengeResponses",
        answer=TOKENS,
    ),
    "answer_passkey": Method(
        arguments=("ana", SESSION, '{"id": "x"}'),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "WEB_AUTHN", CREDENTIAL='{"id": "x"}'),
        secret_in="ChallengeResponses",
        answer=TOKENS,
    ),
    "answer_custom_challenge": Method(
        arguments=("ana", SESSION, "42"),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "CUSTOM_CHALLENGE", ANSWER="42"),
        secret_in="ChallengeResponses",
        answer=TOKENS,
    ),
    "select_mfa_type": Method(
        arguments=("ana", SESSION, "SMS_MFA"),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "SELECT_MFA_TYPE", ANSWER="SMS_MFA"),
        secret_in="ChallengeResponses",
        answer=CHALLENGE,
    ),
    "admin_select_mfa_type": Method(
        arguments=("ana", SESSION, "SMS_MFA"),
        operation="AdminRespondToAuthChallenge",
        sent=responses(SERVER, "SELECT_MFA_TYPE", ANSWER="SMS_MFA"),
        secret_in="ChallengeResponses",
        answer=CHALLENGE,
    ),
    "set_up_email_mfa": Method(
        arguments=("ana", SESSION, "ana@example.com"),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "MFA_SETUP", EMAIL="ana@example.com"),
        secret_in="ChallengeResponses",
        answer=CHALLENGE,
    ),
    "admin_set_up_email_mfa": Method(
        arguments=("ana", SESSION, "ana@example.com"),
        operation="AdminRespondToAuthChallenge",
        sent=responses(SERVER, "MFA_SETUP", EMAIL="ana@example.com"),
        secret_in="ChallengeResponses",
        answer=CHALLENGE,
    ),
    "start_passkey_registration": Method(
        arguments=(TOKEN,),
        operation="StartWebAuthnRegistration",
        sent={"AccessToken": TOKEN},
        secret_in=None,
        answer={"CredentialCreationOptions": {"rp": {"id": "example.com"}}},
    ),
    "finish_passkey_registration": Method(
        arguments=(TOKEN, {"id": "x"}),
        operation="CompleteWebAuthnRegistration",
        sent={"AccessToken": TOKEN, "Credential": {"id": "x"}},
        secret_in=None,
        answer={},
    ),
    "list_passkeys": Method(
        arguments=(TOKEN,),
        operation="ListWebAuthnCredentials",
        sent={"AccessToken": TOKEN},
        secret_in=None,
        answer={"Credentials": [LISTED_PASSKEY]},
    ),
    "delete_passkey": Method(
        arguments=(TOKEN, "x"),
        operation="DeleteWebAuthnCredential",
        sent={"AccessToken": TOKEN, "CredentialId": "x"},
        secret_in=None,
        answer={},
    ),
    "confirm_device": Method(
        arguments=(TOKEN, {"DeviceKey": KEY, "DeviceGroupKey": GROUP_KEY}, "laptop"),
        operation="ConfirmDevice",
        sent={
            "AccessToken": TOKEN,
            "DeviceKey": KEY,
            "DeviceName": "laptop",
            "DeviceSecretVerifierConfig": ANY,
        },
        secret_in=None,
        answer={"UserConfirmationNecessary": False},
    ),
    "remember_device": Method(
        arguments=(TOKEN, KEY),
        operation="UpdateDeviceStatus",
        sent={"AccessToken": TOKEN, "DeviceKey": KEY, "DeviceRememberedStatus": "remembered"},
        secret_in=None,
        answer={},
    ),
    "respond_to_device_challenge": Method(
        arguments=("ana", SESSION, DEVICE),
        operation="RespondToAuthChallenge",
        sent=responses(CLIENT, "DEVICE_SRP_AUTH", DEVICE_KEY=KEY, SRP_A=ANY),
        secret_in="ChallengeResponses",
        answer={
            "ChallengeName": "DEVICE_PASSWORD_VERIFIER",
            "Session": NEXT_SESSION,
            "ChallengeParameters": {
                "SRP_B": "a1" * 384,
                "SALT": "b2" * 16,
                "SECRET_BLOCK": "c2VjcmV0",
                "USERNAME": "ana",
                "DEVICE_KEY": KEY,
            },
        },
    ),
    "list_devices": Method(
        arguments=(TOKEN,),
        operation="ListDevices",
        sent={"AccessToken": TOKEN},
        secret_in=None,
        answer={"Devices": [LISTED_DEVICE]},
    ),
    "forget_device": Method(
        arguments=(TOKEN, KEY),
        operation="ForgetDevice",
        sent={"AccessToken": TOKEN, "DeviceKey": KEY},
        secret_in=None,
        answer={},
    ),
    "refresh_tokens": Method(
        arguments=("ana", "a refresh token"),
        operation="InitiateAuth",
        sent=CLIENT
        | {
            "AuthFlow": "REFRESH_TOKEN_AUTH",
            "AuthParameters": {"REFRESH_TOKEN": "a refresh token"},
        },
        secret_in="AuthParameters",
        answer=TOKENS,
    ),
    "revoke_token": Method(
        arguments=("a refresh token",),
        operation="RevokeToken",
        sent=CLIENT | {"Token": "a refresh token"},
        secret_in="ClientSecret",
        answer={},
    ),
    "delete_user": Method(
        arguments=(TOKEN,),
        operation="DeleteUser",
        sent={"AccessToken": TOKEN},
        secret_in=None,
        answer={},
    ),
}
# In the order of the questions
LISTS = {
    "list_user_pools": "UserPools",
    "list_users": "Users",
    "list_passkeys": "Credentials",
    "list_devices": "Devices",
}
# The other operations a method calls, after the first
PROOF = {
    "USERNAME": "ana",
    "TIMESTAMP": ANY,
    "PASSWORD_CLAIM_SECRET_BLOCK": "c2VjcmV0",
    "PASSWORD_CLAIM_SIGNATURE": ANY,
}
DEVICE_PROOF = PROOF | {"DEVICE_KEY": KEY}
SECOND_CALLS = {
    "respond_to_device_challenge": ("DEVICE_PASSWORD_VERIFIER", DEVICE_PROOF),
    "prove_password": ("PASSWORD_VERIFIER", PROOF),
}


@pytest.fixture(scope="module")
def client():
    return boto3.Session(
        aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1"
    ).client("cognito-idp")


@pytest.fixture
def stub(client):
    with Stubber(client) as stubber:
        yield stubber


def wrapper(client, secret=None):
    return CognitoIdentityProviderWrapper(client, POOL_ID, CLIENT_ID, secret)


def python_name(operation):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()


def with_secret(sent, where):
    """What is sent for a client with a secret."""
    if where is None:
        return sent
    if where in sent:
        return sent | {where: sent[where] | {"SECRET_HASH": HASH}}
    return sent | {where: SECRET if where == "ClientSecret" else HASH}


def expect(stub, name, secret):
    _, operation, sent, secret_in, answer = METHODS[name]
    stub.add_response(
        python_name(operation), answer, with_secret(sent, secret_in) if secret else sent
    )
    if name in SECOND_CALLS:
        challenge, proof = SECOND_CALLS[name]
        proof = proof | ({"SECRET_HASH": HASH} if secret else {})
        sent = CLIENT | {
            "ChallengeName": challenge,
            "Session": NEXT_SESSION,
            "ChallengeResponses": proof,
        }
        stub.add_response("respond_to_auth_challenge", TOKENS, sent)


def call(name, client, secret=None):
    answer = getattr(wrapper(client, secret), name)(*METHODS[name].arguments)
    return list(answer) if name in LISTS else answer


# Requests and responses


def test_the_table_has_every_method():
    public = [name for name in vars(CognitoIdentityProviderWrapper) if not name.startswith("_")]
    assert public == list(METHODS)


@pytest.mark.parametrize("secret", [None, SECRET], ids=["without a secret", "with a secret"])
@pytest.mark.parametrize("name", METHODS)
def test_a_method_sends_exactly_this_and_returns_the_response(client, stub, capsys, name, secret):
    expect(stub, name, secret)
    came_back = call(name, client, secret)
    stub.assert_no_pending_responses()
    if name in LISTS:
        assert came_back == METHODS[name].answer[LISTS[name]]
    elif name == "confirm_device":
        device, reply = came_back
        assert (device.key, device.group_key) == (KEY, GROUP_KEY) and len(device.password) == 56
        assert reply == METHODS[name].answer
    elif name in SECOND_CALLS:
        assert came_back == TOKENS
    else:
        assert came_back == (METHODS[name].answer or None)
    assert capsys.readouterr() == ("", "")


def test_the_device_is_named_at_sign_in_and_at_refresh(client, stub):
    named = {"DEVICE_KEY": KEY}
    stub.add_response(
        "initiate_auth",
        CHALLENGE,
        CLIENT | {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": PASSWORD | named},
    )
    stub.add_response(
        "initiate_auth",
        TOKENS,
        CLIENT
        | {
            "AuthFlow": "REFRESH_TOKEN_AUTH",
            "AuthParameters": {"REFRESH_TOKEN": "r"} | named,
        },
    )
    wrapper(client).start_sign_in("ana", "Passw0rd!", KEY)
    wrapper(client).refresh_tokens("ana", "r", KEY)
    stub.assert_no_pending_responses()


@pytest.mark.parametrize("plane", ["", "admin_"])
def test_a_new_password_is_sent_with_the_required_attributes(client, stub, plane):
    who = SERVER if plane else CLIENT
    sent = responses(
        who,
        "NEW_PASSWORD_REQUIRED",
        NEW_PASSWORD="N3w-password!",
        **{"userAttributes.email": "ana@example.com"},
    )
    stub.add_response(f"{plane}respond_to_auth_challenge", CHALLENGE, sent)
    getattr(wrapper(client), f"{plane}respond_to_new_password_challenge")(
        "ana", SESSION, "N3w-password!", {"email": "ana@example.com"}
    )
    stub.assert_no_pending_responses()


def test_a_device_challenge_without_a_session_is_answered_without_one(client, stub):
    """Whether Cognito sends one there isn't documented. Clients send it back if it came, and it
    works without.
    """
    answer = {
        name: value
        for name, value in METHODS["respond_to_device_challenge"].answer.items()
        if name != "Session"
    }
    sent = {
        "ChallengeName": "DEVICE_SRP_AUTH",
        "ChallengeResponses": {"USERNAME": "ana", "DEVICE_KEY": KEY, "SRP_A": ANY},
    }
    stub.add_response("respond_to_auth_challenge", answer, CLIENT | sent)
    stub.add_response(
        "respond_to_auth_challenge",
        TOKENS,
        CLIENT | {"ChallengeName": "DEVICE_PASSWORD_VERIFIER", "ChallengeResponses": DEVICE_PROOF},
    )
    assert wrapper(client).respond_to_device_challenge("ana", None, DEVICE) == TOKENS


PAGES = {
    "list_user_pools": ("NextToken", POOL),
    "list_users": ("PaginationToken", USER),
    "list_passkeys": ("NextToken", LISTED_PASSKEY),
    "list_devices": ("PaginationToken", LISTED_DEVICE),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_requests_every_page_and_no_page_too_many(client, stub, name):
    token, item = PAGES[name]
    method = METHODS[name]
    page = {LISTS[name]: [item], token: "more"}
    stub.add_response(python_name(method.operation), page, method.sent)
    items = getattr(wrapper(client), name)(*method.arguments)
    assert next(items) == item
    stub.assert_no_pending_responses()
    stub.add_response(
        python_name(method.operation), {LISTS[name]: [item, item]}, method.sent | {token: "more"}
    )
    assert len(list(items)) == 2
    stub.assert_no_pending_responses()


# Errors


def errors(operation):
    return list(dict.fromkeys(error["shape"] for error in MODEL["operations"][operation]["errors"]))


@pytest.mark.parametrize(
    ("name", "code"), [(name, code) for name, row in METHODS.items() for code in errors(row[1])]
)
def test_every_error_is_raised_unchanged(client, stub, caplog, capsys, name, code):
    stub.add_client_error(python_name(METHODS[name].operation), code, "In the service's words.")
    with pytest.raises(ClientError) as caught:
        call(name, client, SECRET)
    assert caught.value.response["Error"] == {"Code": code, "Message": "In the service's words."}
    assert type(caught.value).__name__ == code, "boto3's own class for it"
    assert capsys.readouterr() == ("", "") and not [
        record for record in caplog.records if record.name.startswith("cognito_helpers")
    ]


def test_an_error_of_the_second_of_two_calls_is_raised_too(client, stub):
    method = METHODS["respond_to_device_challenge"]
    stub.add_response("respond_to_auth_challenge", method.answer, method.sent)
    stub.add_client_error(
        "respond_to_auth_challenge", "NotAuthorizedException", "Incorrect username or password."
    )
    with pytest.raises(client.exceptions.NotAuthorizedException):
        call("respond_to_device_challenge", client)


GROUP = re.compile(r"^ *\[(\w+)\] (.*?)(?=^ *\[|\Z)", re.MULTILINE | re.DOTALL)
GROUPS = {
    name: set(re.findall(r"\w+Exception", text))
    for name, text in GROUP.findall(CognitoIdentityProviderWrapper.__doc__)
}


@pytest.mark.parametrize("name", METHODS)
def test_a_docstring_names_the_call_and_every_error_of_the_reference(name):
    operation = METHODS[name].operation
    doc = getattr(CognitoIdentityProviderWrapper, name).__doc__
    assert re.match(rf"{operation}\b", doc)
    assert ("signed" in doc.partition(":")[0]) == (
        MODEL["operations"][operation].get("authtype") != "none"
    )
    own = set(re.findall(r"\w+Exception", doc))
    shared = set().union(*(GROUPS[group] for group in re.findall(r"\[(\w+)\]", doc)))
    assert set(errors(operation)) <= own | shared
    assert own <= set(errors(operation)), "an error that this call does not have"
    # The errors of every call aren't listed for each.
    assert shared - GROUPS["any"] <= set(errors(operation))


@pytest.mark.parametrize("name", METHODS)
def test_a_docstring_explains_every_parameter(name):
    method = getattr(CognitoIdentityProviderWrapper, name)
    parameters = [parameter for parameter in typing.get_type_hints(method) if parameter != "return"]
    explained = method.__doc__ + CognitoIdentityProviderWrapper.__doc__
    twin = name.removeprefix("admin_")
    explained += getattr(CognitoIdentityProviderWrapper, twin).__doc__ if twin in METHODS else ""
    assert [parameter for parameter in parameters if f"{parameter}:" not in explained] == []


# On the emulator

EMAIL = [{"Name": "email", "Value": "ana@example.com"}]


@pytest.fixture(params=[False, True], ids=["without a secret", "with a secret"])
def secret(request):
    return request.param


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_whole_flow_works_without_iam_credentials(transport, secret):
    """They're used only to read the user twice. The server-side flow is tested with the
    scenario.
    """
    with tutorial_pool(transport, secret=secret) as pool:
        cognito = pool.wrapper
        assert [found["Id"] for found in cognito.list_user_pools()] == [pool.id]
        assert cognito.sign_up_user("ana", "Passw0rd!", "ana@example.com")["UserConfirmed"] is False
        assert (
            cognito.resend_confirmation("ana")["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
        )
        cognito.confirm_user_sign_up("ana", pool.email_code())
        assert cognito.admin_get_user("ana")["UserStatus"] == "CONFIRMED"
        assert [user["Username"] for user in cognito.list_users()] == ["ana"]

        challenge = cognito.start_sign_in("ana", "Passw0rd!")
        user_id = challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]
        offered = cognito.get_mfa_secret(challenge["Session"])
        verified = cognito.verify_mfa(
            offered["Session"], pool.app_code(offered["SecretCode"]), "my phone"
        )
        assert cognito.finish_mfa_setup(user_id, verified["Session"])["AuthenticationResult"]

        challenge = cognito.start_sign_in("ana", "Passw0rd!")
        reply = cognito.respond_to_mfa_challenge(
            user_id, challenge["Session"], pool.app_code(offered["SecretCode"])
        )
        tokens = reply["AuthenticationResult"]
        device, confirmed = cognito.confirm_device(
            tokens["AccessToken"], tokens["NewDeviceMetadata"], "my computer"
        )
        assert confirmed["UserConfirmationNecessary"] is False
        assert [listed["DeviceKey"] for listed in cognito.list_devices(tokens["AccessToken"])] == [
            device.key
        ]
        cognito.remember_device(tokens["AccessToken"], device.key)

        challenge = cognito.start_sign_in("ana", "Passw0rd!", device.key)
        by_device = cognito.respond_to_device_challenge(
            challenge["ChallengeParameters"]["USERNAME"], challenge.get("Session"), device
        )["AuthenticationResult"]
        assert "NewDeviceMetadata" not in by_device
        refreshed = cognito.refresh_tokens("ana", by_device["RefreshToken"], device.key)[
            "AuthenticationResult"
        ]
        assert (
            refreshed["AccessToken"] != by_device["AccessToken"] and "RefreshToken" not in refreshed
        )

        cognito.revoke_token(tokens["RefreshToken"])
        with pytest.raises(pool.client.exceptions.NotAuthorizedException):
            list(cognito.list_devices(tokens["AccessToken"]))
        cognito.forget_device(refreshed["AccessToken"], device.key)
        with pytest.raises(pool.client.exceptions.NotAuthorizedException):
            cognito.refresh_tokens("ana", by_device["RefreshToken"], device.key)
        cognito.delete_user(refreshed["AccessToken"])
        assert list(cognito.list_users()) == []


@pytest.mark.parametrize("plane", ["", "admin_"], ids=["as anybody may", "from a server"])
def test_a_user_created_by_an_administrator_chooses_a_password_and_an_app(secret, plane):
    with tutorial_pool(secret=secret) as pool:
        pool.client.admin_create_user(
            UserPoolId=pool.id,
            Username="ana",
            TemporaryPassword="Temp0rary!",
            MessageAction="SUPPRESS",
            UserAttributes=EMAIL,
        )
        start, choose, finish = (
            getattr(pool.wrapper, plane + name)
            for name in ("start_sign_in", "respond_to_new_password_challenge", "finish_mfa_setup")
        )
        challenge = start("ana", "Temp0rary!")
        assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        challenge = choose("ana", challenge["Session"], "Passw0rd!")
        assert challenge["ChallengeName"] == "MFA_SETUP"
        offered = pool.wrapper.get_mfa_secret(challenge["Session"])
        verified = pool.wrapper.verify_mfa(
            offered["Session"], pool.app_code(offered["SecretCode"]), "my phone"
        )
        assert finish("ana", verified["Session"])["AuthenticationResult"]


def test_a_wrong_secret_is_rejected_by_every_call_that_takes_one():
    with tutorial_pool(secret=True) as pool:
        mistaken = CognitoIdentityProviderWrapper(pool.client, pool.id, pool.client_id, SECRET)
        asked = [
            name
            for name, row in METHODS.items()
            if row.secret_in is not None and "Respond" not in row.operation
        ]
        assert len(asked) == 9
        for name in asked:
            with pytest.raises(ClientError) as caught:
                getattr(mistaken, name)(*METHODS[name].arguments)
            assert caught.value.response["Error"]["Code"] in (
                "NotAuthorizedException",
                "UnauthorizedException",
                "InvalidParameterException",
            ), name


# Types and docstrings


@pytest.mark.parametrize(
    ("kind", "shape"),
    {
        actions.CodeDelivery: "CodeDeliveryDetailsType",
        actions.SignUpReply: "SignUpResponse",
        actions.ResendReply: "ResendConfirmationCodeResponse",
        actions.Attribute: "AttributeType",
        actions.UserReply: "AdminGetUserResponse",
        actions.ListedUser: "UserType",
        actions.ListedPool: "UserPoolDescriptionType",
        actions.NewDevice: "NewDeviceMetadataType",
        actions.Tokens: "AuthenticationResultType",
        actions.AuthReply: "InitiateAuthResponse",
        actions.SecretReply: "AssociateSoftwareTokenResponse",
        actions.VerifyReply: "VerifySoftwareTokenResponse",
        actions.ConfirmDeviceReply: "ConfirmDeviceResponse",
        actions.PasskeyReply: "StartWebAuthnRegistrationResponse",
        actions.ListedPasskey: "WebAuthnCredentialDescription",
        actions.ListedDevice: "DeviceType",
    }.items(),
)
def test_a_type_has_the_members_of_the_service(kind, shape):
    members = {
        name: MODEL["shapes"][member["shape"]]["type"]
        for name, member in MODEL["shapes"][shape]["members"].items()
    }
    python = {
        "string": str,
        "integer": int,
        "boolean": bool,
        "timestamp": datetime,
        "list": list,
        "map": dict,
        "structure": dict,
    }
    for name, hint in typing.get_type_hints(kind).items():
        origin = typing.get_origin(hint) or hint
        if origin is typing.Literal:
            assert set(typing.get_args(hint)) == set(
                MODEL["shapes"][MODEL["shapes"][shape]["members"][name]["shape"]]["enum"]
            )
            continue
        assert issubclass(origin, python[members[name]]), f"{kind.__name__}.{name}"


def test_every_response_type_is_compared():
    compared = test_a_type_has_the_members_of_the_service.pytestmark[0].args[1]
    assert {kind for kind, _ in compared} == {
        kind for kind in vars(actions).values() if typing.is_typeddict(kind)
    }


def test_the_secret_hash_is_the_documented_one():
    """BEHAVIOR.md, 7: Base64 of HMAC-SHA256 with the client secret as key, over user name and
    client ID.
    """
    assert secret_hash("ana", CLIENT_ID, "s3cr3t") == "AbOHgVNClNr9X9RppLZBms1Ewyj3Pp0yGwKxjGqnZSA="
    assert secret_hash("å", CLIENT_ID, "s") != secret_hash("a", CLIENT_ID, "s")


def test_the_docstring_example_works():
    result = doctest.testmod(actions)
    assert result.attempted and not result.failed


def test_no_repr_has_a_secret(client):
    assert SECRET not in repr(wrapper(client, SECRET))
    assert DEVICE.password not in repr(DEVICE) and KEY in repr(DEVICE)


def test_the_file_works_alone_in_an_application(tmp_path):
    """The copied file needs boto3, pycognito only for SRP, PyJWT to verify tokens, and nothing of
    this package.
    """
    source = Path(actions.__file__).read_text(encoding="utf-8")
    imported = {
        name.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    imported |= {
        node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)
    }
    assert {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names) == {
        "jwt",
        "pycognito",
    }
    (tmp_path / "actions.py").write_text(source, encoding="utf-8")
    program = (
        "import sys, actions; print(actions.__file__, [name for name in sys.modules if 'cognito' in"
        " name or 'boto' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(tmp_path / "actions.py"), "[]"]
