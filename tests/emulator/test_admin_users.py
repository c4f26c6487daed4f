"""What an administrator can do with one user: create, invite, confirm, disable, enable and delete.
BEHAVIOR.md, 1.1, 1.4, 10.1, 10.2 and 10.7.

The first sign-in with a temporary password is in the tests of challenges. Texts that aren't in
BEHAVIOR.md yet, but that users of the real service have published, are asserted in rows marked as
our choice as well.
"""

import re
import uuid
from datetime import timedelta

import jwt
import pytest

from cognito_helpers.local_cognito.passwords import check_policy, temporary_password

from .flow import DAY, EMAIL, NOW, OTHER_EMAIL, PASSWORD, PHONE, PLANES, UNTRACKED, pairs, rejects
from .rows import Rejected

INVALID = "InvalidParameterException"
NO_USER = "UserNotFoundException", "User does not exist."
NO_POOL = "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."
DISABLED = "NotAuthorizedException", "User is disabled."
TEMPORARY = "Temporary-Horse-7"


def nothing(flow):
    pass


def invited(flow):
    flow.create()


def not_to_be_confirmed(status):
    return "NotAuthorizedException", f"User cannot be confirmed. Current status is {status}"


ERRORS = {
    "10.1 confirming a second time": Rejected(
        pool="tutorial",
        before=lambda f: (f.sign_up(), f.admin_confirm()),
        call=lambda f: f.admin_confirm(),
        error=not_to_be_confirmed("CONFIRMED"),
    ),
    "10.1 confirming one who confirmed": Rejected(
        pool="tutorial",
        before=lambda f: f.confirmed(),
        call=lambda f: f.admin_confirm(),
        error=not_to_be_confirmed("CONFIRMED"),
    ),
    "10.1 confirming one who was made by an administrator": Rejected(
        pool="tutorial",
        before=invited,
        call=lambda f: f.admin_confirm(),
        error=not_to_be_confirmed("FORCE_CHANGE_PASSWORD"),
    ),
    "1.3 one who was made by an administrator confirms": Rejected(
        pool="tutorial",
        before=invited,
        call=lambda f: f.confirm("123456"),
        error=not_to_be_confirmed("FORCE_CHANGE_PASSWORD"),
    ),
    "10.1 the address is taken": Rejected(
        pool="by e-mail",
        before=lambda f: f.sign_up(),
        call=lambda f: f.create(),
        error=("UsernameExistsException", "An account with the given email already exists."),
    ),
    "1.1 the address of one who was invited is taken": Rejected(
        pool="by e-mail",
        before=invited,
        call=lambda f: f.sign_up(EMAIL.upper()),
        error=("UsernameExistsException", "An account with the given email already exists."),
    ),
    "1.1 the name is taken": Rejected(
        pool="tutorial",
        before=lambda f: f.sign_up(),
        call=lambda f: f.create("ALICE"),
        error=("UsernameExistsException", "User already exists"),
    ),
    "choice: the address is another's alias": Rejected(
        pool="aliases",
        before=lambda f: f.confirmed(),
        call=lambda f: f.create("bob", UserAttributes=pairs(email=EMAIL, email_verified="true")),
        error=("UsernameExistsException", "An account with the email already exists."),
    ),
    "choice: a preferred user name that is another's": Rejected(
        pool="aliases",
        before=lambda f: f.create(
            "bob", UserAttributes=pairs(email=EMAIL, preferred_username="queen")
        ),
        call=lambda f: f.create(
            UserAttributes=pairs(email=EMAIL, preferred_username="Queen"), ForceAliasCreation=True
        ),
        error=("UsernameExistsException", None),
    ),
    "1.1 a plain name, where an e-mail address stands for it": Rejected(
        pool="by e-mail",
        before=nothing,
        call=lambda f: f.create("bob"),
        error=(INVALID, "Username should be an email."),
    ),
    "10.1 a user name like an alias": Rejected(
        pool="aliases",
        before=nothing,
        call=lambda f: f.create(OTHER_EMAIL),
        error=(
            INVALID,
            "Username cannot be of email format, since user pool is configured for email alias.",
        ),
    ),
    "1.1 a temporary password that the policy does not allow": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.create(TemporaryPassword="horse-777"),
        error=(
            "InvalidPasswordException",
            "Password did not conform with policy: Password must have uppercase characters",
        ),
    ),
    "8a an attribute that the pool lacks": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.create(UserAttributes=pairs(email=EMAIL, custom__x="1")),
        error=(
            INVALID,
            re.compile(
                r"Attributes did not conform to the schema: custom:x: Attribute does not exist in"
                r" the schema\."
            ),
        ),
    ),
    "1.1 bad e-mail address": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.create(UserAttributes=pairs(email="bob")),
        error=(INVALID, "Invalid email address format."),
    ),
    "choice: sub": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.create(UserAttributes=pairs(sub="x")),
        error=(INVALID, "Cannot modify the non-mutable attribute sub"),
    ),
    "choice: an address that is verified and not there": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.create(
            UserAttributes=pairs(email_verified="true"), DesiredDeliveryMediums=None
        ),
        error=(INVALID, None),
    ),
    "choice: inviting by e-mail without an address": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.create(UserAttributes=None),
        error=(INVALID, None),
    ),
    "choice: inviting by text message without a number": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.create(DesiredDeliveryMediums=["SMS"]),
        error=(INVALID, None),
    ),
    "choice: inviting again one who was never invited": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.create(MessageAction="RESEND"),
        error=NO_USER,
    ),
    "choice: inviting again one who signed up": Rejected(
        pool="tutorial",
        before=lambda f: f.confirmed(),
        call=lambda f: f.create(MessageAction="RESEND"),
        error=("UnsupportedUserStateException", None),
    ),
    "choice: inviting again with a bad password": Rejected(
        pool="tutorial",
        before=invited,
        call=lambda f: f.create(MessageAction="RESEND", TemporaryPassword="short"),
        error=("InvalidPasswordException", None),
    ),
    "10.2 deleting by the address in other case, where the pool minds": Rejected(
        pool="by e-mail, minding case",
        before=lambda f: f.sign_up(EMAIL),
        call=lambda f: f.delete(EMAIL.upper()),
        error=NO_USER,
    ),
    "10.2 disabled": Rejected(
        pool="no MFA",
        before=lambda f: f.confirmed().disable(),
        call=lambda f: f.sign_in(),
        error=DISABLED,
    ),
    "10.2 disabled, admin": Rejected(
        pool="no MFA",
        before=lambda f: f.confirmed().disable(),
        call=lambda f: f.sign_in(plane="admin"),
        error=DISABLED,
    ),
    "choice: disabled, with an access token": Rejected(
        pool="no MFA",
        before=lambda f: f.signed_in().disable(),
        call=lambda f: f.get_user(),
        error=DISABLED,
    ),
    "choice: disabled, with a refresh token": Rejected(
        pool="no MFA",
        before=lambda f: f.signed_in().disable(),
        call=lambda f: f.refresh(),
        error=DISABLED,
    ),
    "1.15 deleted": Rejected(
        pool="no MFA",
        before=lambda f: f.signed_in().delete(),
        call=lambda f: f.look(),
        error=NO_USER,
    ),
    "10.6 deleted twice": Rejected(
        pool="no MFA",
        before=lambda f: f.confirmed().delete(),
        call=lambda f: f.delete(),
        error=NO_USER,
    ),
    "choice: deleted, with an access token": Rejected(
        pool="no MFA",
        before=lambda f: f.signed_in().delete(),
        call=lambda f: f.get_user(),
        error=NO_USER,
    ),
}
OWN_POOLS = {
    "by e-mail, minding case": {
        "mfa": "OFF",
        "pool": {"UsernameAttributes": ["email"], "UsernameConfiguration": None},
    },
}


@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_an_administrators_call_is_rejected(make_flow, kind, before, call, error):
    flow = make_flow(**OWN_POOLS[kind]) if kind in OWN_POOLS else make_flow(kind)
    before(flow)
    with rejects(flow, *error):
        call(flow)


CALLS = {
    "AdminConfirmSignUp": lambda f, name: f.admin_confirm(name),
    "AdminDisableUser": lambda f, name: f.disable(name),
    "AdminEnableUser": lambda f, name: f.enable(name),
    "AdminDeleteUser": lambda f, name: f.delete(name),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_unknown_users_and_pools_are_rejected(flow, call):
    """1.4 and 1.7"""
    flow.sign_up()
    with rejects(flow, *NO_USER):
        call(flow, "nobody")
    known, flow.pool_id = flow.pool_id, "us-east-1_nosuchone"
    with rejects(flow, *NO_POOL):
        call(flow, "alice")
    with rejects(flow, *NO_POOL):
        flow.create("bob")
    flow.pool_id = known
    call(flow, "alice")


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("name", [EMAIL, EMAIL.upper(), "sub"])
def test_a_user_may_be_named_by_address_or_sub(make_flow, call, name):
    """10.0, for pools with the address as user name."""
    flow = make_flow("by e-mail")
    sub = flow.sign_up()["UserSub"]
    before = flow.state()["users"]
    call(flow.wait(1), sub if name == "sub" else name)
    assert flow.state()["users"] != before


# Creating


def test_a_created_user_is_returned_and_must_choose_a_password(flow):
    """The API reference: a response with Attributes, and 10.7: both dates are the same."""
    answer = flow.create(UserAttributes=pairs(email=EMAIL, email_verified="true", name="Alice"))

    user = answer["User"]
    assert set(answer) == {"User"}
    assert set(user) == {
        "Username",
        "Attributes",
        "UserCreateDate",
        "UserLastModifiedDate",
        "Enabled",
        "UserStatus",
    }
    assert (user["Username"], user["UserStatus"], user["Enabled"]) == (
        "alice",
        "FORCE_CHANGE_PASSWORD",
        True,
    )
    assert user["UserCreateDate"] == user["UserLastModifiedDate"]
    shown = {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}
    assert str(uuid.UUID(shown.pop("sub")))
    assert shown == {"email": EMAIL, "email_verified": "true", "name": "Alice"}
    assert flow.look() == {
        ("UserAttributes" if name == "Attributes" else name): value for name, value in user.items()
    }


def test_an_administrator_may_leave_out_required_attributes(flow):
    """The guide's page on attributes; the tutorial's pool requires an address."""
    flow.create(UserAttributes=None, DesiredDeliveryMediums=None)
    assert set(flow.attributes()) == {"sub"}


def test_only_administrators_create_users_if_the_pool_says_so(make_flow):
    """The model on AllowAdminCreateUserOnly"""
    flow = make_flow(
        "no MFA", pool=UNTRACKED | {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}
    )
    assert flow.create()["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [("by e-mail", "email"), ("by either", "email"), ("by phone", "phone_number")],
)
def test_the_name_becomes_an_attribute_and_the_user_name_is_the_sub(make_flow, kind, attribute):
    """1.1, as for a sign-up."""
    flow = make_flow(kind)
    user = flow.create(UserAttributes=None, DesiredDeliveryMediums=None)["User"]
    shown = {entry["Name"]: entry["Value"] for entry in user["Attributes"]}
    assert shown == {"sub": user["Username"], attribute: flow.username}
    assert flow.look()["Username"] == user["Username"]


# Passwords


@pytest.mark.parametrize("given", [TEMPORARY, None], ids=["given", "made up"])
@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("kind", ["no MFA", "by e-mail"])
def test_the_emailed_password_is_the_valid_one(make_flow, kind, given, plane):
    """The API reference on TemporaryPassword"""
    flow = make_flow(kind)
    flow.create(TemporaryPassword=given)
    (message,) = flow.emulator.inbox(flow.username)
    assert given in (None, message.code)
    assert flow.sign_in(message.code, plane=plane)
    with rejects(flow, "NotAuthorizedException", "Incorrect username or password."):
        flow.sign_in(PASSWORD, plane=plane)


def temporary_until(flow):
    (user,) = flow.state()["users"]
    return user["temporary_until"]


@pytest.mark.parametrize(
    ("days", "good"),
    [(None, 7), (1, 1), (365, 365), (0, 7)],
    ids=["unsaid", "a day", "a year", "0 stands for 7"],
)
def test_a_temporary_password_is_valid_for_the_days_of_the_policy(make_flow, days, good):
    """The API reference on TemporaryPasswordValidityDays"""
    policy = {"MinimumLength": 8} | (
        {} if days is None else {"TemporaryPasswordValidityDays": days}
    )
    flow = make_flow("no MFA", pool=UNTRACKED | {"Policies": {"PasswordPolicy": policy}})
    flow.create()
    assert temporary_until(flow) == NOW + good * DAY


def test_the_password_of_a_sign_up_is_not_temporary(flow):
    """1.16: the days of the policy apply to temporary passwords."""
    flow.sign_up()
    assert temporary_until(flow) is None


STRICT = dict.fromkeys(
    ["RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols"], True
)


@pytest.mark.parametrize("length", [6, 8, 99])
def test_a_generated_password_meets_every_policy_and_is_never_repeated(length):
    """The API reference on TemporaryPassword. Choice: its length."""
    policy = {"MinimumLength": length, **STRICT}
    drawn = [temporary_password(policy) for _ in range(200)]
    for password in drawn:
        check_policy(policy, password)
        assert len(password) == max(length, 8)
        assert re.fullmatch(r"\S+", password)
    assert len(set(drawn)) == len(drawn)
    assert len({password[0].isupper() for password in drawn}) == 2, (
        "the kinds stand in a fixed order"
    )


# Inviting


def test_the_invitation_has_the_name_and_the_password(flow):
    """The API reference on InviteMessageTemplate. Choice: the words."""
    flow.create(TemporaryPassword=TEMPORARY)
    (message,) = flow.emulator.inbox("alice")
    assert (message.destination, message.code) == (EMAIL, TEMPORARY)
    assert "alice" in message.body and TEMPORARY in message.body
    assert TEMPORARY not in repr(message) + message.subject
    assert flow.state()["codes"] == []


def test_the_invitation_names_the_address_the_administrator_wrote(make_flow):
    """Choice: and not the stored name, a UUID."""
    flow = make_flow("by e-mail")
    flow.create()
    assert EMAIL in flow.emulator.inbox(EMAIL)[0].body


@pytest.mark.parametrize("password", [TEMPORARY, "{username}-Horse-7", r"\1-Horse-{####}"])
def test_the_invitation_uses_the_pools_template(make_flow, password):
    """The API reference on InviteMessageTemplate"""
    template = {
        "EmailMessage": "Dear {username}, yours is {####}. Bye, {username}",
        "EmailSubject": "Come in",
    }
    flow = make_flow(
        "no MFA", pool=UNTRACKED | {"AdminCreateUserConfig": {"InviteMessageTemplate": template}}
    )
    flow.create(TemporaryPassword=password)
    (message,) = flow.emulator.inbox("alice")
    assert (message.subject, message.body) == (
        "Come in",
        f"Dear alice, yours is {password}. Bye, alice",
    )
    assert message.code == password


@pytest.mark.parametrize(
    "request_",
    [
        {"MessageAction": "SUPPRESS"},
        {"DesiredDeliveryMediums": None},
        {"DesiredDeliveryMediums": ["SMS"], "UserAttributes": pairs(phone_number=PHONE)},
    ],
    ids=["suppressed", "by default, which is a text message", "by text message"],
)
def test_no_email_is_sent_unless_requested(flow, request_):
    """The API reference on MessageAction and DesiredDeliveryMediums"""
    assert flow.create(**request_)["User"]
    assert flow.state()["outbox"] == []


def test_an_invitation_uses_every_available_medium(flow):
    """The API reference on DesiredDeliveryMediums. Choice: no text message is sent."""
    flow.create(
        DesiredDeliveryMediums=["SMS", "EMAIL"],
        UserAttributes=pairs(email=EMAIL, phone_number=PHONE),
    )
    assert [message.destination for message in flow.emulator.inbox("alice")] == [EMAIL]


def test_a_suppressed_invitation_needs_no_address(flow):
    """Choice."""
    assert flow.create(UserAttributes=None, MessageAction="SUPPRESS")["User"]


def test_a_template_without_a_placeholder_for_the_password_is_rejected(make_flow):
    """The API reference on AdminCreateUser"""
    template = {"EmailMessage": "Welcome, {username}"}
    flow = make_flow(
        "no MFA", pool=UNTRACKED | {"AdminCreateUserConfig": {"InviteMessageTemplate": template}}
    )
    assert flow.create()["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert flow.emulator.inbox("alice") == []


@pytest.mark.parametrize("given", [TEMPORARY, None], ids=["given", "made up"])
@pytest.mark.parametrize("kind", ["no MFA", "by e-mail"])
def test_inviting_again_renews_the_password_and_its_days(make_flow, kind, given):
    """The API reference on RESEND, and 10.7."""
    flow = make_flow(kind)
    created = flow.create()["User"]["UserCreateDate"]
    flow.wait(10 * DAY)

    user = flow.create(MessageAction="RESEND", TemporaryPassword=given, UserAttributes=None)["User"]

    assert (user["UserStatus"], user["UserCreateDate"]) == ("FORCE_CHANGE_PASSWORD", created)
    assert user["UserLastModifiedDate"] - created == timedelta(days=10)
    assert temporary_until(flow) == NOW + 17 * DAY
    old, new = (message.code for message in flow.emulator.inbox(flow.username))
    assert given in (None, new)
    with rejects(flow, "NotAuthorizedException", "Incorrect username or password."):
        flow.sign_in(old)
    assert flow.sign_in(new)


# Aliases


def test_a_verified_address_is_an_alias_at_once(make_flow):
    """1.4, and the guide's page on attributes"""
    flow = make_flow("aliases")
    flow.create(
        UserAttributes=pairs(
            email=EMAIL,
            email_verified="true",
            phone_number=PHONE,
            phone_number_verified="true",
            preferred_username="queen",
        )
    )
    assert {flow.look(name)["Username"] for name in (EMAIL, PHONE, "queen")} == {"alice"}


@pytest.mark.parametrize("force", [True, False])
def test_an_unverified_address_conflicts_with_no_alias(make_flow, force):
    """The API reference on ForceAliasCreation: then it is ignored."""
    flow = make_flow("aliases").confirmed()
    flow.create("bob", ForceAliasCreation=force)
    assert flow.look(EMAIL)["Username"] == "alice"
    assert flow.attributes("alice")["email_verified"] == "true"


def test_an_alias_can_be_taken_over(make_flow):
    """The API reference on ForceAliasCreation"""
    flow = make_flow("aliases").confirmed()
    flow.create(
        "bob", UserAttributes=pairs(email=EMAIL, email_verified="true"), ForceAliasCreation=True
    )
    assert flow.look(EMAIL)["Username"] == "bob"
    assert flow.attributes("alice")["email_verified"] == "false"


# Changing


def test_an_administrator_confirms_without_a_code_and_verifies_nothing(no_mfa):
    """10.1, and the guide's page on signing up."""
    no_mfa.sign_up()
    with rejects(no_mfa, "UserNotConfirmedException", "User is not confirmed."):
        no_mfa.sign_in()
    no_mfa.wait(10)
    assert no_mfa.admin_confirm() == {}
    user = no_mfa.look()
    assert user["UserStatus"] == "CONFIRMED"
    assert user["UserLastModifiedDate"] - user["UserCreateDate"] == timedelta(seconds=10)
    assert no_mfa.attributes()["email_verified"] == "false"
    assert no_mfa.sign_in()["AuthenticationResult"]


@pytest.mark.parametrize("plane", PLANES)
def test_a_user_is_disabled_and_enabled(no_mfa, plane):
    """10.2, 10.7, and the API reference: every access token is revoked. Choice: along with its
    sign-in, permanently.
    """
    no_mfa.signed_in()
    old = dict(no_mfa.tokens)
    no_mfa.wait(10).disable()
    user = no_mfa.look()
    assert (user["Enabled"], user["UserStatus"]) == (False, "CONFIRMED")
    assert user["UserLastModifiedDate"] - user["UserCreateDate"] == timedelta(seconds=10)
    assert [found["Username"] for found in no_mfa.list(Filter='status = "Disabled"')["Users"]] == [
        "alice"
    ]
    no_mfa.wait(10).enable()
    user = no_mfa.look()
    assert (user["Enabled"], user["UserLastModifiedDate"] - user["UserCreateDate"]) == (
        True,
        timedelta(seconds=20),
    )
    with rejects(no_mfa, "NotAuthorizedException", "Access Token has been revoked"):
        no_mfa.get_user(old["AccessToken"])
    with rejects(no_mfa, "NotAuthorizedException", "Refresh Token has been revoked"):
        no_mfa.refresh(old["RefreshToken"])
    token = no_mfa.sign_in(plane=plane)["AuthenticationResult"]["AccessToken"]
    assert no_mfa.get_user(token)["Username"] == "alice"


def test_disabling_one_user_leaves_the_others_alone(no_mfa):
    """10.2"""
    no_mfa.sign_up("bob")
    no_mfa.admin_confirm("bob")
    no_mfa.signed_in().disable("bob")
    assert no_mfa.get_user()["Username"] == "alice"
    assert no_mfa.enable("alice").sign_in()["AuthenticationResult"]


def test_a_deleted_user_leaves_no_trace_and_the_name_is_free(no_mfa):
    """10.1"""
    no_mfa.signed_in()
    sub = no_mfa.attributes()["sub"]
    no_mfa.delete("ALICE")
    left = {table for table, rows in no_mfa.state().items() if rows}
    assert left == {"meta", "pools", "signing_keys", "clients"}
    no_mfa.create()
    assert no_mfa.attributes()["sub"] != sub
    described = no_mfa.aws.describe_user_pool(UserPoolId=no_mfa.pool_id)["UserPool"]
    assert described["EstimatedNumberOfUsers"] == 1


def test_an_address_verified_by_an_administrator_is_verified_in_tokens(no_mfa):
    """10.7: email_verified is a boolean"""
    no_mfa.sign_up()
    no_mfa.admin_confirm()
    no_mfa.admin_update(email_verified="true")
    claims = jwt.decode(
        no_mfa.sign_in()["AuthenticationResult"]["IdToken"], options={"verify_signature": False}
    )
    assert claims["email_verified"] is True
