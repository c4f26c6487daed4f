"""Every operation: its name, its responses checked against the model, and that no request makes it
fail. BEHAVIOR.md, section 0.
"""

from collections import Counter

import pytest
from botocore import xform_name
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_helpers.local_cognito import Message, errors
from cognito_helpers.local_cognito.clients import find_client
from cognito_helpers.local_cognito.endpoint import Endpoint
from cognito_helpers.local_cognito.pools import find_pool
from cognito_helpers.local_cognito.service import OPERATIONS
from cognito_helpers.local_cognito.users import find_user
from cognito_helpers.sign_in.software_authenticator import SoftwareAuthenticator

from .any_request import bodies
from .flow import APPS, DAY, EMAIL, PASSWORD, STEP, TUTORIAL_FLOWS, first_factors, pairs, rejects
from .shapes import COMMON_CODES, MODEL, check_answer, check_value

EACH_OPERATION = pytest.mark.parametrize("operation", OPERATIONS)


@EACH_OPERATION
def test_an_operation_is_a_function_with_boto3s_name(aws, operation):
    function = OPERATIONS[operation]
    # One function serves both planes; each other operation has its own.
    named = (
        operation.removeprefix("Admin") if operation == "AdminRespondToAuthChallenge" else operation
    )
    assert function.__name__ == xform_name(named)
    assert operation in aws.meta.method_to_api_mapping.values()
    assert function.__doc__.startswith(named)


def test_every_error_has_a_name_in_the_model():
    """Every exception is one of the model's, or one of the few any operation may return."""
    ours = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, errors.CognitoError)
    } - {"CognitoError"}
    modelled = {
        shape.name
        for name in MODEL.operation_names
        for shape in MODEL.operation_model(name).error_shapes
    }
    assert ours - modelled == COMMON_CODES - {"InvalidParameterException"}


def test_the_model_allows_every_response_of_a_whole_scenario(make_flow, switchboard):
    """The switchboard checks each response against the model; here every operation succeeds at
    least once.
    """
    seen = Counter()
    service = switchboard.service

    class Counting:
        def answer(self, operation, body, endpoint):
            answer = service.answer(operation, body, endpoint)
            seen[operation] += answer.status == 200
            return answer

    switchboard.service = Counting()
    flow = make_flow()
    aws, pool = flow.aws, {"UserPoolId": flow.pool_id}
    aws.describe_user_pool(**pool)
    aws.list_user_pools(MaxResults=60)
    aws.get_user_pool_mfa_config(**pool)
    aws.tag_resource(ResourceArn=flow.pool["Arn"], Tags={"purpose": "test"})
    aws.list_tags_for_resource(ResourceArn=flow.pool["Arn"])
    aws.describe_user_pool_client(**pool, ClientId=flow.client_id)
    aws.list_user_pool_clients(**pool)
    flow.sign_up()
    flow.resend()
    flow.confirm()
    flow.look()
    flow.list(Limit=1)
    flow.create("bob", UserAttributes=pairs(email="bob@example.com"))
    flow.admin_update("bob", email_verified="true")
    flow.disable("bob").enable("bob").delete("bob")
    flow.sign_up("carol")
    flow.admin_confirm("carol")
    flow.sign_in(plane="admin")
    flow.associate()
    flow.verify(name="my phone")
    flow.answer("MFA_SETUP", plane="admin")
    for plane in ("user", "admin"):
        flow.wait(STEP).sign_in(plane=plane)
        flow.send_code(plane=plane)
    flow.get_user()
    aws.get_user_auth_factors(AccessToken=flow.tokens["AccessToken"])
    aws.admin_get_user_auth_factors(**flow.named())
    flow.forgot()
    flow.reset(PASSWORD + "8")
    flow.change_password(PASSWORD, previous=PASSWORD + "8")
    flow.set_password(PASSWORD)
    flow.update(name="Alice")
    flow.take_away("name")
    flow.admin_take_away("name")
    aws.add_custom_attributes(**pool, CustomAttributes=[{"Name": "color"}])
    aws.admin_reset_user_password(**flow.named())
    flow.reset(PASSWORD)
    flow.ask_for_code()
    flow.prove()
    aws.revoke_token(Token=flow.tokens["RefreshToken"], ClientId=flow.client_id)
    for sign_out in (
        lambda: aws.global_sign_out(AccessToken=flow.tokens["AccessToken"]),
        lambda: aws.admin_user_global_sign_out(**pool, Username="alice"),
    ):
        flow.wait(STEP).sign_in()
        flow.send_code()
        sign_out()
    aws.update_user_pool_client(**pool, ClientId=flow.client_id, ExplicitAuthFlows=TUTORIAL_FLOWS)
    make_flow("no MFA").signed_in().get_tokens()
    flow.wait(STEP).sign_in()
    flow.send_code()
    devices_of(flow)
    aws.set_user_mfa_preference(
        AccessToken=flow.tokens["AccessToken"], SoftwareTokenMfaSettings={"Enabled": True}
    )
    aws.admin_set_user_mfa_preference(
        **pool, Username="alice", SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    groups_of(flow)
    passkeys_of(flow)
    aws.admin_delete_software_token(**flow.named())
    aws.update_user_pool(**pool)
    aws.delete_user(AccessToken=flow.tokens["AccessToken"])
    aws.delete_user_pool_client(**pool, ClientId=flow.client_id)
    aws.delete_user_pool(**pool)

    assert {operation for operation, count in seen.items() if count} == set(OPERATIONS)


def passkeys_of(flow):
    """Register, list and delete a passkey."""
    aws, token = flow.aws, {"AccessToken": flow.tokens["AccessToken"]}
    aws.set_user_pool_mfa_config(
        UserPoolId=flow.pool_id,
        MfaConfiguration="ON",
        WebAuthnConfiguration={
            "RelyingPartyId": "example.com",
            "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
        },
        **APPS,
    )
    aws.update_user_pool(UserPoolId=flow.pool_id, **first_factors("PASSWORD", "WEB_AUTHN"))
    options = aws.start_web_authn_registration(**token)["CredentialCreationOptions"]
    credential = SoftwareAuthenticator().create(options)
    aws.complete_web_authn_registration(**token, Credential=credential)
    (listed,) = aws.list_web_authn_credentials(**token)["Credentials"]
    aws.delete_web_authn_credential(**token, CredentialId=listed["CredentialId"])


def groups_of(flow):
    """Create, change and delete a group."""
    pool, named = {"UserPoolId": flow.pool_id}, {"GroupName": "editors"}
    flow.aws.create_group(**pool, **named)
    flow.aws.get_group(**pool, **named)
    flow.aws.update_group(**pool, **named, Precedence=1)
    flow.aws.list_groups(**pool)
    flow.aws.admin_add_user_to_group(**flow.named(), **named)
    flow.aws.admin_list_groups_for_user(**flow.named())
    flow.aws.list_users_in_group(**pool, **named)
    flow.aws.admin_remove_user_from_group(**flow.named(), **named)
    flow.aws.delete_group(**pool, **named)


def devices_of(flow):
    """Confirm, read, change and forget a device, as the user and as an administrator."""
    flow.confirm_device()
    key = {"DeviceKey": flow.device.key}
    flow.sign_in(**{"DEVICE_KEY": flow.device.key})
    flow.device_sign_in()
    token, user = (
        {"AccessToken": flow.tokens["AccessToken"]},
        {
            "UserPoolId": flow.pool_id,
            "Username": "alice",
        },
    )
    for who, prefix in ((token, ""), (user, "admin_")):
        getattr(flow.aws, f"{prefix}list_devices")(**who)
        getattr(flow.aws, f"{prefix}get_device")(**who, **key)
        getattr(flow.aws, f"{prefix}update_device_status")(
            **who, **key, DeviceRememberedStatus="remembered"
        )
    flow.aws.forget_device(**token, **key)
    flow.wait(STEP).sign_in()
    flow.send_code()
    flow.confirm_device()
    flow.aws.admin_forget_device(**user, DeviceKey=flow.device.key)


def test_the_check_of_responses_finds_wrong_ones():
    """Each of these is one step away from a response the model allows."""
    shape = MODEL.operation_model("ConfirmSignUp").output_shape
    check_value(shape, {}, "good")
    user = MODEL.operation_model("AdminGetUser").output_shape
    check_value(user, {"Username": "alice", "UserCreateDate": 1.5}, "good")
    wrong = [
        (shape, {"NoSuchMember": 1}),
        (shape, []),
        (user, {}),
        (user, {"Username": 1}),
        (user, {"Username": ""}),
        (user, {"Username": "alice", "UserCreateDate": "today"}),
        (user, {"Username": "alice", "Enabled": 1}),
        (user, {"Username": "alice", "UserStatus": "HAPPY"}),
        (user, {"Username": "alice", "UserAttributes": [{"Value": "x"}]}),
    ]
    for shape, value in wrong:
        with pytest.raises(AssertionError):
            check_value(shape, value, "wrong")


def test_each_request_has_its_own_id(flow):
    ids = {
        flow.aws.list_user_pools(MaxResults=1)["ResponseMetadata"]["RequestId"] for _ in range(3)
    }
    assert len(ids) == 3


def test_reprs_hold_no_secret(make_flow):
    flow = make_flow("secret and MFA").enrolled()

    def found(tx):
        pool = find_pool(tx, flow.pool_id)
        return pool, find_client(tx, flow.client_id), find_user(tx, pool, "alice")

    pool, client, user = flow.emulator._store.transact(found)
    (message,) = flow.emulator.inbox("alice")
    assert isinstance(message, Message)
    for shown in (repr(user), str(user), f"{user}", repr([user])):
        assert shown.strip("[]") == "User('alice', CONFIRMED)"
        assert flow.totp_secret not in shown
    for shown in (repr(client), str([client]), repr(pool)):
        assert flow.secret not in shown
        assert repr(pool.secret) not in shown
    for shown in (repr(message), str([message])):
        assert message.code not in shown
        assert EMAIL in shown


# Any request

# The same examples each time, so that a failing run can be repeated. To look further, make
# `derandomize` False and `max_examples` large.
ANYTHING = settings(
    max_examples=30,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@EACH_OPERATION
@ANYTHING
@given(data=st.data())
def test_any_body_gets_a_response_the_model_allows(flow, operation, data):
    """With the IDs of a real pool and client, so that some get past the first checks."""
    seen = {
        "UserPoolId": [flow.pool_id],
        "ClientId": [flow.client_id],
        "Username": ["alice"],
        "Password": [PASSWORD],
        "PASSWORD": [PASSWORD],
    }
    body = data.draw(bodies(operation, seen))
    check_answer(operation, flow.emulator.service.answer(operation, body, Endpoint()))


@ANYTHING
@given(operation=st.text(max_size=30))
def test_any_operation_name_gets_json(emulator, operation):
    check_answer(operation, emulator.service.answer(operation, b"{}", Endpoint()))


def test_a_bug_is_raised_unchanged(flow, monkeypatch):
    """It isn't an error of the service, and its changes are undone."""

    def broken(tx, request):
        tx.run("DELETE FROM pools")
        raise ZeroDivisionError

    before = flow.state()
    monkeypatch.setitem(OPERATIONS, "ListUserPools", broken)
    with pytest.raises(ZeroDivisionError):
        flow.aws.list_user_pools(MaxResults=1)
    assert flow.state() == before


def test_the_service_continues_after_an_error(flow):
    with rejects(flow, "UserNotFoundException"):
        flow.look()
    flow.sign_up()
    flow.wait(DAY)
    assert flow.look()["Username"] == "alice"
