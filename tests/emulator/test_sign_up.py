"""Signing up. BEHAVIOR.md, 1.1, 8a and 10.1."""

import re
import uuid

import jwt
import pytest

from .flow import EMAIL, MASKED, PASSWORD, rejects
from .rows import Rejected

TAKEN = "UsernameExistsException", "User already exists"
NO_CLIENT = "ResourceNotFoundException", "User pool client nosuchclient does not exist."


def email(value=EMAIL):
    return {"UserAttributes": [{"Name": "email", "Value": value}]}


def broken(reason):
    return "InvalidPasswordException", f"Password did not conform with policy: {reason}"


def schema(words):
    return "InvalidParameterException", re.compile(
        f"Attributes did not conform to the schema: {words}"
    )


def nothing(flow):
    pass


def unknown_client(flow):
    """The call comes from a client that doesn't exist."""
    flow.client_id = "nosuchclient"


ERRORS = {
    "1.1 taken": Rejected(
        pool="tutorial", before=lambda f: f.sign_up(), call=lambda f: f.sign_up(), error=TAKEN
    ),
    "1.1 taken, by a confirmed user": Rejected(
        pool="tutorial",
        before=lambda f: f.confirmed(),
        call=lambda f: f.sign_up(),
        error=TAKEN,
    ),
    "1.1 taken, though the client hides who exists": Rejected(
        pool="hiding",
        before=lambda f: f.sign_up(),
        call=lambda f: f.sign_up(),
        error=TAKEN,
    ),
    "10.2 taken, in capitals": Rejected(
        pool="tutorial",
        before=lambda f: f.sign_up(),
        call=lambda f: f.sign_up("ALICE"),
        error=TAKEN,
    ),
    "1.1 password too short": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.sign_up(password="Horse-7"),
        error=broken("Password not long enough"),
    ),
    "1.1 no capital": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.sign_up(password="horse-777"),
        error=broken("Password must have uppercase characters"),
    ),
    "1.1 no small letter": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.sign_up(password="HORSE-777"),
        error=broken("Password must have lowercase characters"),
    ),
    "1.1 no digit": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.sign_up(password="Horse-Horse"),
        error=broken("Password must have numeric characters"),
    ),
    "1.1 no symbol": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.sign_up(password="Horse7777"),
        error=broken("Password must have symbol characters"),
    ),
    "8a no e-mail": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.sign_up(UserAttributes=[]),
        error=schema("email: The attribute (email )?is required"),
    ),
    "8a attribute that the pool lacks": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.sign_up(
            UserAttributes=email()["UserAttributes"] + [{"Name": "custom:x", "Value": "1"}]
        ),
        error=schema(r"custom:x: Attribute does not exist in the schema\."),
    ),
    "choice, by the model: a pool where only administrators make users": Rejected(
        pool="admins only",
        before=nothing,
        call=lambda f: f.sign_up(),
        error=("NotAuthorizedException", None),
    ),
    "1.7 no such client, SignUp": Rejected(
        pool="tutorial", before=unknown_client, call=lambda f: f.sign_up(), error=NO_CLIENT
    ),
    "choice: no e-mail address": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.sign_up(**email("alice")),
        error=("InvalidParameterException", None),
    ),
    "choice: an e-mail address with a space": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.sign_up(**email("al ice@b.c")),
        error=("InvalidParameterException", None),
    ),
    "choice: sub is not the user's to write": Rejected(
        pool="bare",
        before=nothing,
        call=lambda f: f.sign_up(UserAttributes=[{"Name": "sub", "Value": str(uuid.uuid4())}]),
        error=("NotAuthorizedException", None),
    ),
    "choice: nor whether the e-mail is verified": Rejected(
        pool="bare",
        before=nothing,
        call=lambda f: f.sign_up(UserAttributes=[{"Name": "email_verified", "Value": "true"}]),
        error=("NotAuthorizedException", None),
    ),
    "choice: an attribute that the client may not write": Rejected(
        pool="writes e-mail",
        before=nothing,
        call=lambda f: f.sign_up(
            UserAttributes=[*email()["UserAttributes"], {"Name": "name", "Value": "Alice"}]
        ),
        error=("NotAuthorizedException", None),
    ),
    "choice: no password": Rejected(
        pool="tutorial",
        before=nothing,
        call=lambda f: f.aws.sign_up(ClientId=f.client_id, Username="alice", **email()),
        error=("InvalidParameterException", None),
    ),
}
OWN_POOLS = {
    "admins only": {"pool": {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}}},
    "silent": {"pool": {"AutoVerifiedAttributes": None}},
    "writes e-mail": {"client": {"WriteAttributes": ["email"]}},
}


@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_signing_up_is_rejected(make_flow, kind, before, call, error):
    flow = make_flow(**OWN_POOLS[kind]) if kind in OWN_POOLS else make_flow(kind)
    before(flow)
    with rejects(flow, *error):
        call(flow)


@pytest.mark.mails
def test_sign_up_tells_where_the_code_was_sent(flow):
    """1.1: the masked address."""
    assert flow.sign_up()["CodeDeliveryDetails"] == {
        "Destination": MASKED,
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }


@pytest.mark.emulator_only("the mail that was sent")
def test_sign_up_creates_an_unconfirmed_user_and_emails_a_code(flow):
    """1.1, 10.1, 1.3: the address is masked, the code has six digits."""
    answer = flow.sign_up(**email("test@test.com"))

    assert answer["UserConfirmed"] is False
    assert str(uuid.UUID(answer["UserSub"])) == answer["UserSub"]
    assert answer["CodeDeliveryDetails"] == {
        "Destination": "t***@t***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    (message,) = flow.emulator.inbox("alice")
    assert message.destination == "test@test.com"
    assert re.fullmatch("[0-9]{6}", message.code)
    assert message.code in message.body


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("silent", email()),
        ("bare", email()),
        ("mails", {"UserAttributes": []}),
        ("mails", email("")),
    ],
    ids=[
        "1.1 nothing is verified",
        "1.1 nothing is verified, e-mail not required",
        "1.1 no e-mail given",
        "choice: a blank one is none",
    ],
)
def test_sign_up_without_email_returns_no_delivery_details(make_flow, kind, attributes):
    pools = {**OWN_POOLS, "mails": {"pool": {"Schema": None}}}
    flow = make_flow(**pools[kind]) if kind in pools else make_flow(kind)

    answer = flow.sign_up(**attributes)

    assert answer["UserConfirmed"] is False
    assert "CodeDeliveryDetails" not in answer
    assert flow.emulator.inbox("alice") == []


@pytest.mark.parametrize(
    "password",
    ["Horse-77", "Horse_77", "Horse~77", "Horse  77", "Ünder-Öl7", "A" + "-" * 253 + "a7"],
    ids=["eight", "underscore", "tilde", "12.5 spaces", "letters outside ASCII", "256 characters"],
)
def test_sign_up_accepts_a_password_that_just_meets_the_policy(no_mfa, password):
    """1.16 for the policy, and the guide's page on passwords for what a symbol is"""
    no_mfa.sign_up(password=password)
    no_mfa.confirm()
    assert no_mfa.sign_in(password=password)["AuthenticationResult"]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("tes@12", "not long enough"),
        ("12345678", "must have lowercase characters"),
        ("password", "must have uppercase characters"),
        ("InvalidPassword", "must have numeric characters"),
        ("Pass1234", "must have symbol characters"),
    ],
)
def test_of_several_faults_in_a_password_the_first_is_named(flow, password, reason):
    """12.2"""
    with rejects(
        flow,
        "InvalidPasswordException",
        f"Password did not conform with policy: Password {reason}",
    ):
        flow.sign_up(password=password)


def test_every_missing_attribute_is_named(make_flow):
    """8a"""
    flow = make_flow(
        pool={"Schema": [{"Name": "name", "Required": True}, {"Name": "email", "Required": True}]}
    )
    with rejects(
        flow,
        *schema(
            "name: The attribute (name )?is required.*email: The attribute (email )?is required"
        ),
    ):
        flow.sign_up(UserAttributes=[])


RELAXED = {
    "MinimumLength": 6,
    "RequireUppercase": False,
    "RequireLowercase": False,
    "RequireNumbers": False,
    "RequireSymbols": False,
}


@pytest.mark.parametrize(
    ("rule", "password", "reason"),
    [
        ({"MinimumLength": 10}, "123456789", "Password not long enough"),
        (
            {"RequireUppercase": True},
            "small letters"[:5] + "6",
            "Password must have uppercase characters",
        ),
        ({"RequireLowercase": True}, "CAPITALS", "Password must have lowercase characters"),
        ({"RequireNumbers": True}, "letters", "Password must have numeric characters"),
        ({"RequireSymbols": True}, "letters7", "Password must have symbol characters"),
    ],
    ids=["10.1 length", "10.1 capitals", "10.1 small letters", "10.1 digits", "10.1 symbols"],
)
def test_each_rule_of_the_policy_can_be_switched_on_alone(make_flow, rule, password, reason):
    strict = make_flow(pool={"Policies": {"PasswordPolicy": RELAXED | rule}})
    with rejects(strict, *broken(reason)):
        strict.sign_up(password=password)
    relaxed = make_flow(pool={"Policies": {"PasswordPolicy": RELAXED}})
    assert relaxed.sign_up(password=password)["UserSub"]


@pytest.mark.parametrize(
    ("kind", "verified"), [("tutorial", "false"), ("bare", None)], ids=["auto-verifies", "not"]
)
def test_an_address_is_not_verified_at_first(make_flow, kind, verified):
    """12.5: if the pool auto-verifies it, also after AdminConfirmSignUp; otherwise the attribute is
    absent
    """
    flow = make_flow(kind)
    flow.sign_up()
    assert flow.attributes().get("email_verified") == verified
    flow.admin_confirm()
    flow.set_password(PASSWORD)
    assert flow.attributes().get("email_verified") == verified
    (user,) = flow.list()["Users"]
    listed = {one["Name"]: one["Value"] for one in user["Attributes"]}
    assert listed.get("email_verified") == verified


def test_an_unverified_address_is_false_in_the_id_token(no_mfa):
    """12.5: a boolean"""
    no_mfa.sign_up()
    no_mfa.admin_confirm()
    no_mfa.sign_in()
    claims = jwt.decode(no_mfa.tokens["IdToken"], options={"verify_signature": False})
    assert claims["email_verified"] is False
    no_mfa.aws.get_user(AccessToken=no_mfa.tokens["AccessToken"])


def test_for_a_user_created_by_an_administrator_it_is_absent(no_mfa):
    """12.5: not shown for AdminCreateUser without the attribute"""
    no_mfa.create()
    assert "email_verified" not in no_mfa.attributes()


def test_a_name_can_be_used_again_once_its_user_is_deleted(no_mfa):
    """10.1"""
    no_mfa.signed_in()
    no_mfa.aws.delete_user(AccessToken=no_mfa.tokens["AccessToken"])
    assert no_mfa.sign_up()["UserConfirmed"] is False


def test_names_that_differ_in_case_are_two_users_in_a_case_sensitive_pool(make_flow):
    """1.16"""
    flow = make_flow("case-sensitive")
    assert flow.sign_up("alice")["UserSub"] != flow.sign_up("ALICE")["UserSub"]


def test_a_client_may_write_the_attributes_on_its_list(make_flow):
    """The model on WriteAttributes"""
    flow = make_flow(**OWN_POOLS["writes e-mail"])
    flow.sign_up()
    assert {"Name": "email", "Value": EMAIL} in flow.look()["UserAttributes"]


def test_the_inbox_is_found_by_any_spelling_of_the_name(flow):
    """Choice."""
    flow.sign_up("Alice")
    assert len(flow.emulator.inbox("ALICE")) == 1
    assert flow.emulator.inbox("bob") == []


def test_the_email_uses_the_pools_template(make_flow):
    """The model on EmailVerificationMessage"""
    flow = make_flow(
        pool={
            "EmailVerificationSubject": "Welcome",
            "EmailVerificationMessage": "Type {####} please",
        }
    )
    flow.sign_up()
    (message,) = flow.emulator.inbox("alice")
    assert (message.subject, message.body) == ("Welcome", f"Type {message.code} please")


def test_passwords_are_not_in_the_responses(flow):
    """1.1, 1.4, 1.5: no member is for one"""
    assert PASSWORD not in repr((flow.sign_up(), flow.look(), flow.list()))
