"""Changing attributes, by the user and by an administrator, and verifying an address. BEHAVIOR.md,
8a, 10.7 and section 3.

Texts that aren't in BEHAVIOR.md yet, but that users of the real service have published, are
asserted in rows marked as our choice as well.
"""

import re
from datetime import timedelta

import jwt
import pytest

from .flow import DAY, EMAIL, HOUR, MASKED, OTHER_EMAIL, PHONE, UNTRACKED, pairs, rejects

INVALID = "InvalidParameterException"
NO_SUB = INVALID, "Cannot modify the non-mutable attribute sub"
UNWRITABLE = "NotAuthorizedException", "A client attempted to write unauthorized attribute"
NO_USER = "UserNotFoundException", "User does not exist."
MISMATCH = "CodeMismatchException", "Invalid verification code provided, please try again."
EXPIRED = "ExpiredCodeException", "Invalid code provided, please request a code again."
TOO_OFTEN = "LimitExceededException", "Attempt limit exceeded, please try after some time."
NOT_VERIFIABLE = INVALID, "Invalid attribute name. Only phone_number and email can be verified."
NULL_NAME = INVALID, "Attribute value for name must not be null"
DELIVERY = {"Destination": MASKED, "DeliveryMedium": "EMAIL", "AttributeName": "email"}


def rejected(fault):
    """12.5: the words for a change, with a line break at the end"""
    return INVALID, re.compile(f"user\\.{fault}\n")


def immutable(name):
    return rejected(f"{name}: Attribute cannot be updated\\.")


def required(words):
    return INVALID, re.compile(f"Attributes did not conform to the schema: {words}")


def signed_in(flow):
    flow.signed_in()


def asked(flow):
    """Signed in, and with a code for the address in the inbox."""
    flow.reading_mail().signed_in().ask_for_code()


def moved(flow):
    """Signed in, with a new address waiting for its code."""
    flow.reading_mail().signed_in().update(email=OTHER_EMAIL)


def with_bob(flow):
    """Signed in, beside Bob, whose own address is verified."""
    flow.confirmed("bob", UserAttributes=pairs(email=OTHER_EMAIL))
    flow.signed_in()


def changed_back(flow):
    """The code was sent to an address that has changed since, in a pool that sends no email by
    itself.
    """
    flow.reading_mail().sign_up()
    flow.admin_confirm()
    flow.sign_in()
    flow.ask_for_code()
    flow.update(email=OTHER_EMAIL)


SCHEMA = [
    {
        "Name": "colour",
        "AttributeDataType": "String",
        "Mutable": True,
        "StringAttributeConstraints": {"MinLength": "3", "MaxLength": "5"},
    },
    {
        "Name": "age",
        "AttributeDataType": "Number",
        "Mutable": True,
        "NumberAttributeConstraints": {"MinValue": "-1", "MaxValue": "130.5"},
    },
    {"Name": "member", "AttributeDataType": "Boolean", "Mutable": True},
    {
        "Name": "house",
        "AttributeDataType": "String",
        "Mutable": True,
        "DeveloperOnlyAttribute": True,
    },
    {
        "Name": "odd",
        "AttributeDataType": "String",
        "Mutable": True,
        "StringAttributeConstraints": {"MinLength": "many", "MaxLength": ""},
    },
    {"Name": "nickname", "Required": False, "Mutable": False},
]
NEEDED = [
    {"Name": "email", "Required": True, "Mutable": True},
    {"Name": "name", "Required": True, "Mutable": True},
]
BARE = {"mfa": "OFF"}
OWN_POOLS = {
    "typed": {**BARE, "pool": UNTRACKED | {"Schema": SCHEMA}},
    "needing": {
        **BARE,
        "pool": UNTRACKED | {"Schema": NEEDED},
        "client": {"WriteAttributes": ["nickname", "email", "name"]},
    },
    "silent": {**BARE, "pool": UNTRACKED | {"Schema": None, "AutoVerifiedAttributes": None}},
}

# fact: (the pool, what happens first, the call, the error)
ERRORS = {
    "12.5 an immutable attribute": (
        "no MFA",
        signed_in,
        lambda f: f.update(email=OTHER_EMAIL),
        immutable("email"),
    ),
    "12.5 an immutable attribute, by an administrator": (
        "no MFA",
        signed_in,
        lambda f: f.admin_update(email=OTHER_EMAIL),
        immutable("email"),
    ),
    "12.5 an immutable attribute that has no value yet": (
        "typed",
        signed_in,
        lambda f: f.admin_update(nickname="Al"),
        immutable("nickname"),
    ),
    "12.5 an immutable attribute among others": (
        "no MFA",
        signed_in,
        lambda f: f.update(name="Alice", email=OTHER_EMAIL),
        immutable("email"),
    ),
    "12.5 taking an immutable attribute away": (
        "no MFA",
        signed_in,
        lambda f: f.update(email=""),
        immutable("email"),
    ),
    "12.5 sub": ("mutable", signed_in, lambda f: f.update(sub="x"), NO_SUB),
    "12.5 sub, by an administrator": (
        "mutable",
        signed_in,
        lambda f: f.admin_update(sub="x"),
        NO_SUB,
    ),
    "12.5 an attribute that the pool lacks": (
        "mutable",
        signed_in,
        lambda f: f.update(custom__x="1"),
        rejected(r"custom:x: Attribute does not exist in the schema\."),
    ),
    "12.5 an attribute that the pool lacks, by an administrator": (
        "mutable",
        signed_in,
        lambda f: f.admin_update(name="Alice", custom__x="1"),
        rejected(r"custom:x: Attribute does not exist in the schema\."),
    ),
    "8a taking away a required attribute": (
        "needing",
        None,
        lambda f: f.update(email=""),
        required("email: The attribute (email )?is required"),
    ),
    "8a taking away a required attribute, by an administrator": (
        "needing",
        None,
        lambda f: f.admin_update(name=""),
        required("name: The attribute (name )?is required"),
    ),
    "choice: an attribute that the client may not write": (
        "needing",
        None,
        lambda f: f.update(gender="f"),
        UNWRITABLE,
    ),
    "choice: whether the e-mail is verified": (
        "mutable",
        signed_in,
        lambda f: f.update(email_verified="true"),
        UNWRITABLE,
    ),
    "choice: whether the phone is verified": (
        "mutable",
        signed_in,
        lambda f: f.update(phone_number=PHONE, phone_number_verified="true"),
        UNWRITABLE,
    ),
    "choice: an attribute for administrators": (
        "typed",
        signed_in,
        lambda f: f.update(custom__house="x"),
        UNWRITABLE,
    ),
    "1.1 bad e-mail address": (
        "mutable",
        signed_in,
        lambda f: f.update(email="bob"),
        (INVALID, "Invalid email address format."),
    ),
    "choice: bad phone number": (
        "mutable",
        signed_in,
        lambda f: f.admin_update(phone_number="0123"),
        (INVALID, "Invalid phone number format."),
    ),
    "12.5 too short": (
        "typed",
        signed_in,
        lambda f: f.update(custom__colour="ab"),
        rejected("custom:colour: String must be no shorter than 3 characters"),
    ),
    "12.5 by analogy: too long": (
        "typed",
        signed_in,
        lambda f: f.update(custom__colour="abcdef"),
        rejected("custom:colour: String must be no longer than 5 characters"),
    ),
    "choice: a birthdate that is none": (
        "mutable",
        signed_in,
        lambda f: f.update(birthdate="1.1.1990"),
        rejected("birthdate: .+"),
    ),
    "choice: too little": (
        "typed",
        signed_in,
        lambda f: f.update(custom__age="-2"),
        rejected("custom:age: .*-1"),
    ),
    "choice: too much": (
        "typed",
        signed_in,
        lambda f: f.update(custom__age="131"),
        rejected("custom:age: .*130.5"),
    ),
    "choice: no number": (
        "typed",
        signed_in,
        lambda f: f.update(custom__age="old"),
        rejected("custom:age: .+"),
    ),
    "choice: neither true nor false": (
        "typed",
        signed_in,
        lambda f: f.update(custom__member="yes"),
        rejected("custom:member: .+"),
    ),
    "choice: verified or not, in other words": (
        "mutable",
        signed_in,
        lambda f: f.admin_update(email_verified="yes"),
        rejected("email_verified: .+"),
    ),
    "choice: a number that is verified and not there": (
        "mutable",
        signed_in,
        lambda f: f.admin_update(phone_number_verified="true"),
        (INVALID, None),
    ),
    "choice: an address that is verified and goes": (
        "mutable",
        signed_in,
        lambda f: f.admin_update(email="", email_verified="true"),
        (INVALID, None),
    ),
    "choice: an address that is another's user name": (
        "by e-mail",
        lambda f: (f.sign_up(OTHER_EMAIL, UserAttributes=[]), f.signed_in()),
        lambda f: f.update(email=OTHER_EMAIL.upper()),
        ("AliasExistsException", "An account with the given email already exists."),
    ),
    "choice: an address that is another's user name, by an administrator": (
        "by e-mail",
        lambda f: (f.sign_up(OTHER_EMAIL, UserAttributes=[]), f.signed_in()),
        lambda f: f.admin_update(email=OTHER_EMAIL, email_verified="true"),
        ("AliasExistsException", None),
    ),
    "choice: a preferred user name that is another's": (
        "aliases",
        lambda f: (with_bob(f), f.admin_update("bob", preferred_username="Queen")),
        lambda f: f.update(preferred_username="queen"),
        ("AliasExistsException", None),
    ),
    "choice: a preferred user name that is another's user name": (
        "aliases",
        with_bob,
        lambda f: f.update(preferred_username="Bob"),
        ("AliasExistsException", None),
    ),
    "choice: proving an address that is another's alias": (
        "aliases",
        lambda f: (with_bob(f), f.update(email=OTHER_EMAIL)),
        lambda f: f.prove(),
        ("AliasExistsException", "An account with the email already exists."),
    ),
    "1.4 unknown, AdminUpdateUserAttributes": (
        "mutable",
        None,
        lambda f: f.admin_update("nobody", name="x"),
        NO_USER,
    ),
    "1.7 no such pool, AdminUpdateUserAttributes": (
        "mutable",
        lambda f: setattr(f, "pool_id", "us-east-1_nosuchone"),
        lambda f: f.admin_update(name="x"),
        ("ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."),
    ),
    "choice: a code for an attribute that cannot be verified": (
        "mutable",
        signed_in,
        lambda f: f.ask_for_code("name"),
        NOT_VERIFIABLE,
    ),
    "choice: proving an attribute that cannot be verified": (
        "mutable",
        asked,
        lambda f: f.prove(attribute="name"),
        NOT_VERIFIABLE,
    ),
    "choice: a code for an address that is not there": (
        "mutable",
        lambda f: f.signed_in().update(email=""),
        lambda f: f.ask_for_code(),
        (INVALID, "User does not have a valid registered email address"),
    ),
    "choice: a code for a number that is not there": (
        "mutable",
        signed_in,
        lambda f: f.ask_for_code("phone_number"),
        (INVALID, "User does not have a valid registered phone number"),
    ),
    "choice: a code by a pool that sends no text messages": (
        "mutable",
        lambda f: f.signed_in().update(phone_number=PHONE),
        lambda f: f.ask_for_code("phone_number"),
        (INVALID, None),
    ),
    "1.3 no code was sent to the number": (
        "mutable",
        signed_in,
        lambda f: f.prove("123456", "phone_number"),
        EXPIRED,
    ),
    "1.3 wrong code": ("mutable", asked, lambda f: f.prove(f.wrong_email_code()), MISMATCH),
    "1.3 code outside ASCII": ("mutable", asked, lambda f: f.prove("４８２９１３"), MISMATCH),
    "1.3 no code was ever sent": ("silent", None, lambda f: f.prove("123456"), EXPIRED),
    "section 3, code a day old": (
        "mutable",
        lambda f: (asked(f), f.wait(DAY), f.sign_in()),
        lambda f: f.prove(),
        EXPIRED,
    ),
    "choice: a code twice": (
        "mutable",
        lambda f: (asked(f), f.prove()),
        lambda f: f.prove(),
        EXPIRED,
    ),
    "choice: the code of the sign-up": ("mutable", signed_in, lambda f: f.prove(), EXPIRED),
    "choice: a code that went to the address before": (
        "silent",
        changed_back,
        lambda f: f.prove(),
        EXPIRED,
    ),
    "choice: a code that an address of before was sent at sign-up": (
        "mutable",
        lambda f: (f.sign_up(), f.admin_update(email=OTHER_EMAIL)),
        lambda f: f.confirm(f.emulator.inbox("alice")[0].code),
        MISMATCH,
    ),
    "choice: a code that is worth nothing once the address is gone": (
        "mutable",
        lambda f: (f.sign_up(), f.admin_update(email="")),
        lambda f: f.confirm(),
        EXPIRED,
    ),
}


def without_value(call):
    """12.5: only an empty value deletes an attribute."""
    return lambda f: call(f, [{"Name": "name"}])


ERRORS |= {
    "12.5 an attribute without a value": (
        "mutable",
        signed_in,
        without_value(
            lambda f, given: f.aws.update_user_attributes(
                AccessToken=f.tokens["AccessToken"], UserAttributes=given
            )
        ),
        NULL_NAME,
    ),
    "12.5 by analogy, AdminUpdateUserAttributes: an attribute without a value": (
        "mutable",
        signed_in,
        without_value(
            lambda f, given: f.aws.admin_update_user_attributes(**f.named(), UserAttributes=given)
        ),
        NULL_NAME,
    ),
    "12.5 by analogy, SignUp: an attribute without a value": (
        "mutable",
        signed_in,
        without_value(lambda f, given: f.sign_up("bob", UserAttributes=given)),
        NULL_NAME,
    ),
    "12.5 by analogy, AdminCreateUser: an attribute without a value": (
        "mutable",
        signed_in,
        without_value(lambda f, given: f.create("bob", UserAttributes=given)),
        NULL_NAME,
    ),
    **{
        f"12.5 by analogy, {operation}: {what}": ("no MFA", signed_in, by(name), error)
        for operation, by in {
            "DeleteUserAttributes": lambda name: lambda f: f.take_away(name),
            "AdminDeleteUserAttributes": lambda name: lambda f: f.admin_take_away(name),
        }.items()
        for what, name, error in (
            ("sub", "sub", NO_SUB),
            ("an immutable attribute", "email", immutable("email")),
            (
                "an attribute that the pool lacks",
                "custom:x",
                rejected(r"custom:x: Attribute does not exist in the schema\."),
            ),
        )
    },
    "1.4 unknown, AdminDeleteUserAttributes": (
        "mutable",
        None,
        lambda f: f.aws.admin_delete_user_attributes(
            **f.named("nobody"), UserAttributeNames=["name"]
        ),
        NO_USER,
    ),
}


def made(flow, before=None):
    """The pool's default way to a signed-in user, if a row names no other."""
    if before is not None:
        before(flow)
        return flow
    flow.sign_up(UserAttributes=pairs(email=EMAIL, name="Alice"))
    flow.admin_confirm()
    flow.sign_in()
    return flow


def a_pool(make_flow, kind):
    return make_flow(**OWN_POOLS[kind]) if kind in OWN_POOLS else make_flow(kind)


@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_an_attribute_change_is_rejected(make_flow, kind, before, call, error):
    flow = made(a_pool(make_flow, kind), before)
    with rejects(flow, *error):
        call(flow)


CALLS_BY_TOKEN = {
    "UpdateUserAttributes": lambda f, token: f.update(token, name="Alice"),
    "GetUserAttributeVerificationCode": lambda f, token: f.ask_for_code(token=token),
    "VerifyUserAttribute": lambda f, token: f.prove(f.asked_for, token=token),
}


@pytest.mark.parametrize("call", CALLS_BY_TOKEN.values(), ids=CALLS_BY_TOKEN)
def test_calls_by_token_check_the_token(make_flow, call):
    """8a"""
    flow = make_flow("mutable").signed_in()
    flow.ask_for_code()
    flow.asked_for, token = flow.email_code(), flow.tokens["AccessToken"]
    with rejects(flow, "NotAuthorizedException", "Invalid Access Token"):
        call(flow, "garbage")
    with rejects(flow, "NotAuthorizedException", "Could not verify signature for Access Token"):
        call(flow, token[:-8] + "AAAAAAAA")
    flow.wait(HOUR)
    with rejects(flow, "NotAuthorizedException", "Access Token has expired"):
        call(flow, token)
    flow.sign_in()
    call(flow, flow.tokens["AccessToken"])
    flow.delete()
    with rejects(flow, *NO_USER):
        call(flow, flow.tokens["AccessToken"])


# Changing

JUST_FIT = {
    "shortest": {"custom__colour": "abc"},
    "longest": {"custom__colour": "abcde"},
    "least": {"custom__age": "-1"},
    "most": {"custom__age": "130.5"},
    "true": {"custom__member": "true"},
    "false": {"custom__member": "false"},
    "bounds that are no numbers": {"custom__odd": "x"},
    "a date": {"birthdate": "1990-01-01"},
    "a number": {"phone_number": PHONE},
    "2048 characters": {"name": "x" * 2048},
}


@pytest.mark.parametrize("attributes", JUST_FIT.values(), ids=JUST_FIT)
def test_values_at_the_limit_are_stored_and_returned(make_flow, attributes):
    """Choice, like the errors for values beyond it"""
    flow = make_flow(**OWN_POOLS["typed"]).signed_in()
    assert flow.update(**attributes) == {"CodeDeliveryDetailsList": []}
    (pair,) = pairs(**attributes)
    assert pair in flow.look()["UserAttributes"]
    assert pair in flow.get_user()["UserAttributes"]


def test_an_administrator_writes_what_clients_may_not(make_flow):
    """The API reference on AdminUpdateUserAttributes"""
    flow = make_flow(**OWN_POOLS["typed"]).signed_in()
    assert (
        flow.admin_update(custom__house="x", phone_number=PHONE, phone_number_verified="true") == {}
    )
    assert (
        flow.attributes().items()
        >= {
            "custom:house": "x",
            "phone_number": PHONE,
            "phone_number_verified": "true",
        }.items()
    )


def test_an_empty_value_deletes_the_attribute(make_flow):
    """The API reference on both operations; and choice: the verified mark of an address is deleted
    with it.
    """
    flow = make_flow("mutable").signed_in()
    flow.update(name="Alice", nickname="Al", birthdate="1990-01-01")
    flow.update(name="", birthdate="")
    flow.admin_update(nickname="", email="")
    assert set(flow.attributes()) == {"sub"}


def test_attributes_are_deleted_by_name(make_flow):
    """The API reference on DeleteUserAttributes and AdminDeleteUserAttributes"""
    flow = make_flow("mutable").signed_in()
    flow.update(name="Alice", nickname="Al", birthdate="1990-01-01")
    assert flow.take_away("name", "birthdate") == {}
    assert flow.admin_take_away("nickname", "email") == {}
    assert set(flow.attributes()) == {"sub"}


@pytest.mark.parametrize("given", ["True", "TRUE", "true"])
def test_an_administrator_may_write_true_in_any_case(make_flow, given):
    """12.1 for AdminCreateUser, AdminUpdateUserAttributes by analogy"""
    flow = make_flow("mutable")
    flow.create(UserAttributes=pairs(email=EMAIL, email_verified=given))
    assert flow.attributes()["email_verified"] == "true"
    flow.admin_update(email=OTHER_EMAIL, email_verified=given)
    assert flow.attributes()["email_verified"] == "true"


def test_attributes_are_added_to_a_pool(make_flow):
    """The API reference on AddCustomAttributes"""
    flow = make_flow("mutable").signed_in()
    color = {"Name": "color", "AttributeDataType": "String", "Mutable": True}
    add(flow, color, {"Name": "age", "AttributeDataType": "Number"})
    flow.update(custom__color="red", custom__age="7")
    assert flow.attributes().items() >= {"custom:color": "red", "custom:age": "7"}.items()
    shown = flow.aws.describe_user_pool(UserPoolId=flow.pool_id)["UserPool"]["SchemaAttributes"]
    assert [one["Name"] for one in shown][-2:] == ["custom:color", "custom:age"]
    with rejects(flow, INVALID):
        add(flow, color)


@pytest.mark.parametrize(
    "given",
    [{"Name": "x", "Required": True}, {"AttributeDataType": "String"}],
    ids=["required", "no name"],
)
def test_an_invalid_custom_attribute_is_rejected(make_flow, given):
    """Choice, as in CreateUserPool"""
    flow = make_flow("mutable")
    with rejects(flow, INVALID):
        add(flow, given)


def test_a_pool_has_at_most_fifty_custom_attributes(make_flow):
    """Choice of words; the number is a quota of the developer guide."""
    flow = make_flow("mutable")
    for start in (0, 25):
        add(flow, *({"Name": f"a{n}"} for n in range(start, start + 25)))
    with rejects(flow, INVALID):
        add(flow, {"Name": "more"})


def add(flow, *attributes):
    flow.aws.add_custom_attributes(UserPoolId=flow.pool_id, CustomAttributes=list(attributes))


def test_a_client_reads_the_attributes_on_its_list(make_flow):
    """The guide's page on attributes, of GetUser."""
    flow = make_flow("mutable", client={"ReadAttributes": ["name"]}).signed_in()
    flow.update(name="Alice", nickname="Al")
    assert {attribute["Name"] for attribute in flow.get_user()["UserAttributes"]} == {"sub", "name"}


def test_the_next_id_token_has_the_change(make_flow):
    """Section 6: readable attributes"""
    flow = make_flow("mutable").signed_in()
    flow.update(name="Alice", email=OTHER_EMAIL)
    claims = jwt.decode(
        flow.refresh()["AuthenticationResult"]["IdToken"], options={"verify_signature": False}
    )
    assert (claims["name"], claims["email"], claims["email_verified"]) == (
        "Alice",
        OTHER_EMAIL,
        False,
    )


def test_the_second_date_changes_with_each_attribute_change(make_flow):
    """10.7: and not by sending a code."""
    flow = make_flow("mutable").signed_in()
    created = flow.look()["UserCreateDate"]
    for number, call in enumerate(
        (
            lambda: flow.update(name="Alice"),
            lambda: flow.admin_update(name="Alicia"),
            lambda: flow.prove(),
        ),
        start=1,
    ):
        flow.wait(10)
        call()
        assert flow.look()["UserLastModifiedDate"] - created == timedelta(seconds=10 * number)
        if number == 2:
            flow.ask_for_code()
            assert flow.look()["UserLastModifiedDate"] - created == timedelta(seconds=20)


# Addresses


@pytest.mark.emulator_only("the mail that was sent")
@pytest.mark.parametrize(
    "age", [0, HOUR - 1, DAY - 1], ids=["at once", "within the hour", "in the day's last second"]
)
def test_a_new_address_is_verified_by_the_code_sent_to_it(make_flow, age):
    """Section 3, and the API reference on CodeDeliveryDetailsList."""
    flow = make_flow("mutable").signed_in()
    assert flow.attributes()["email_verified"] == "true"

    assert flow.update(email=OTHER_EMAIL) == {"CodeDeliveryDetailsList": [DELIVERY]}

    assert flow.attributes().items() >= {"email": OTHER_EMAIL, "email_verified": "false"}.items()
    assert flow.emulator.inbox("alice")[-1].destination == OTHER_EMAIL
    flow.wait(age).sign_in()
    assert flow.prove() == {}
    assert flow.attributes()["email_verified"] == "true"
    assert flow.state()["codes"] == [], "the code was not used up"


@pytest.mark.mails
def test_an_address_in_other_case_is_a_new_one(make_flow):
    """Choice."""
    flow = make_flow("mutable").signed_in()
    assert flow.update(email=EMAIL.title())["CodeDeliveryDetailsList"]
    assert flow.attributes()["email_verified"] == "false"


def test_the_same_address_stays_verified(make_flow):
    """The guide's page on signing up: unless the value changes, it needn't be verified again."""
    flow = make_flow("mutable").signed_in()
    assert flow.update(email=EMAIL, name="Alice") == {"CodeDeliveryDetailsList": []}
    assert flow.admin_update(email=EMAIL) == {}
    assert flow.attributes()["email_verified"] == "true"
    assert len(flow.emulator.inbox("alice")) == 1


def test_a_pool_without_auto_verification_sends_codes_only_on_request(make_flow):
    """The API reference on GetUserAttributeVerificationCode"""
    flow = made(make_flow(**OWN_POOLS["silent"]))
    assert flow.update(email=OTHER_EMAIL) == {"CodeDeliveryDetailsList": []}
    assert flow.attributes()["email_verified"] == "false"
    assert flow.emulator.inbox("alice") == []
    assert flow.ask_for_code() == {"CodeDeliveryDetails": DELIVERY}
    assert flow.prove() == {}
    assert flow.attributes()["email_verified"] == "true"


def test_a_new_number_is_unverified_and_nothing_is_sent(make_flow):
    """The guide's page on attributes. Choice: no text message is sent."""
    flow = make_flow("mutable").signed_in()
    flow.admin_update(phone_number=PHONE, phone_number_verified="true")
    assert flow.update(phone_number="+442079460000") == {"CodeDeliveryDetailsList": []}
    assert flow.attributes()["phone_number_verified"] == "false"
    assert flow.attributes()["email_verified"] == "true"


def test_an_administrators_new_address_gets_a_code_unless_it_is_verified_already(make_flow):
    """The API reference on AdminUpdateUserAttributes"""
    flow = make_flow("mutable").signed_in()
    flow.admin_update(email=OTHER_EMAIL)
    assert flow.attributes()["email_verified"] == "false"
    assert flow.prove() == {}
    flow.admin_update(email=EMAIL, email_verified="true")
    assert flow.attributes()["email_verified"] == "true"
    assert len(flow.emulator.inbox("alice")) == 2
    flow.admin_update(email_verified="false")
    assert flow.attributes().items() >= {"email": EMAIL, "email_verified": "false"}.items()


def test_an_unconfirmed_user_confirms_with_the_code_for_the_new_address(make_flow):
    """Choice: no other code could verify it."""
    flow = make_flow("mutable")
    flow.sign_up()
    flow.admin_update(email=OTHER_EMAIL)
    assert flow.confirm() == {}
    assert flow.attributes().items() >= {"email": OTHER_EMAIL, "email_verified": "true"}.items()


@pytest.mark.emulator_only("the mail that was sent")
def test_a_verified_address_may_be_verified_again(make_flow):
    """Choice."""
    flow = make_flow("mutable").signed_in()
    assert flow.ask_for_code()["CodeDeliveryDetails"] == DELIVERY
    assert flow.prove() == {}
    assert flow.attributes()["email_verified"] == "true"


def test_a_wrong_code_does_not_use_up_the_right_one_and_a_new_code_replaces_it(make_flow):
    """1.3 for the words. Choice: what becomes of either code."""
    flow = make_flow("mutable").reading_mail().signed_in()
    flow.ask_for_code()
    old = flow.email_code()
    with rejects(flow, *MISMATCH):
        flow.prove(flow.wrong_email_code())
    flow.ask_for_code()
    if old != flow.email_code():
        with rejects(flow, *MISMATCH):
            flow.prove(old)
    assert flow.prove() == {}


def test_one_users_code_verifies_nothing_for_another(make_flow):
    """1.3: no code of their own is pending"""
    flow = make_flow("mutable")
    with_bob(flow)
    mine = flow.tokens["AccessToken"]
    flow.ask_for_code()
    flow.sign_in(username="bob")
    with rejects(flow, *EXPIRED):
        flow.prove(flow.email_code("alice"))
    assert flow.prove(flow.email_code("alice"), token=mine) == {}


# Names


def test_a_new_address_is_the_new_name_and_the_old_one_is_free(make_flow):
    """The guide's page on attributes, for pools with the address as user name: at once, verified or
    not.
    """
    flow = make_flow("by e-mail").signed_in()
    sub = flow.look()["Username"]
    flow.update(email=OTHER_EMAIL)
    assert flow.look(OTHER_EMAIL)["Username"] == sub
    assert flow.sign_in(username=OTHER_EMAIL)["AuthenticationResult"]
    assert flow.sign_up()["UserSub"] != sub
    assert flow.update(email=OTHER_EMAIL) == {"CodeDeliveryDetailsList": []}, (
        "one's own address is not in one's way"
    )


def test_a_new_address_is_an_alias_once_verified_and_the_old_one_stops_at_once(make_flow):
    """The guide's page on attributes"""
    flow = make_flow("aliases").signed_in()
    flow.update(email=OTHER_EMAIL)
    for address in (EMAIL, OTHER_EMAIL):
        with rejects(flow, *NO_USER):
            flow.look(address)
    flow.prove()
    assert flow.look(OTHER_EMAIL)["Username"] == "alice"


def test_verifying_ones_own_alias_again_is_no_conflict(make_flow):
    """Choice."""
    flow = make_flow("aliases").reading_mail().signed_in()
    flow.ask_for_code()
    assert flow.prove() == {}


@pytest.mark.parametrize(
    "changes",
    [{"email": OTHER_EMAIL, "email_verified": "true"}, {"email_verified": "true"}],
    ids=["with the address", "alone"],
)
def test_an_administrator_gives_an_alias_to_another_user(make_flow, changes):
    """Choice: as users observed it. The previous owner keeps the address, unverified."""
    flow = make_flow("aliases")
    with_bob(flow)
    if "email" not in changes:
        flow.update(email=OTHER_EMAIL)
    flow.wait(10)
    flow.admin_update(**changes)
    assert flow.look(OTHER_EMAIL)["Username"] == "alice"
    assert (
        flow.attributes("bob").items() >= {"email": OTHER_EMAIL, "email_verified": "false"}.items()
    )
    assert flow.look("bob")["UserLastModifiedDate"] == flow.look("alice")["UserLastModifiedDate"]


@pytest.mark.mails
def test_several_users_may_have_an_unverified_address(make_flow):
    """The guide's page on attributes"""
    flow = make_flow("aliases")
    with_bob(flow)
    assert flow.update(email=OTHER_EMAIL) == {"CodeDeliveryDetailsList": [DELIVERY]}
    assert flow.look(OTHER_EMAIL)["Username"] == "bob"


def test_ones_own_preferred_user_name_may_be_written_in_other_case(make_flow):
    """Choice."""
    flow = make_flow("aliases").signed_in()
    flow.update(preferred_username="queen")
    flow.update(preferred_username="Queen")
    assert flow.attributes()["preferred_username"] == "Queen"


# How often


def test_five_codes_an_hour(make_flow):
    """Section 3. Each user has a separate count, and a call that fails for another reason doesn't
    count.
    """
    flow = make_flow("mutable")
    with_bob(flow)
    flow.sign_in(username="bob")
    bobs = flow.tokens["AccessToken"]
    flow.sign_in()
    with rejects(flow, *NOT_VERIFIABLE):
        flow.ask_for_code("name")
    for _ in range(5):
        assert flow.ask_for_code()
    with rejects(flow, *TOO_OFTEN):
        flow.ask_for_code()
    assert flow.ask_for_code(token=bobs)
    flow.wait(HOUR - 1)
    with rejects(flow, *TOO_OFTEN):
        flow.ask_for_code()
    flow.wait(1).sign_in()
    assert flow.ask_for_code()


def test_fifteen_attempts_an_hour_to_verify_an_address(make_flow):
    """Section 3. The right code is rejected as well, and doesn't lengthen the wait."""
    flow = make_flow("mutable").reading_mail().signed_in()
    flow.ask_for_code()
    for _ in range(15):
        with rejects(flow, *MISMATCH):
            flow.prove(flow.wrong_email_code())
    for wait in (0, HOUR - 1):
        flow.wait(wait)
        with rejects(flow, *TOO_OFTEN):
            flow.prove()
    flow.wait(1).sign_in()
    assert flow.prove() == {}


def test_the_fifteenth_attempt_still_verifies_the_address(make_flow):
    """Section 3"""
    flow = make_flow("mutable").reading_mail().signed_in()
    flow.ask_for_code()
    for _ in range(14):
        with rejects(flow, *MISMATCH):
            flow.prove(flow.wrong_email_code())
    assert flow.prove() == {}


@pytest.mark.emulator_only("as much mail as that")
def test_changing_an_address_and_confirming_are_counted_separately(make_flow):
    """Section 3: each has its own number."""
    flow = make_flow("mutable").signed_in()
    for number in range(6):
        assert flow.update(email=f"success+{number}@simulator.amazonses.com")[
            "CodeDeliveryDetailsList"
        ]
    assert flow.ask_for_code()
