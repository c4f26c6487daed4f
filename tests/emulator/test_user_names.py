"""How users are named: user names, an email address or phone number instead, and aliases.
BEHAVIOR.md, 1.1, 1.3, 10.1 and section 7.

Texts that aren't in BEHAVIOR.md yet, but that users of the real service have published, are
asserted in rows marked as our choice as well.
"""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import jwt
import pytest

from .flow import (
    EMAIL,
    MASKED,
    MUTABLE,
    OTHER_EMAIL,
    PASSWORD,
    PHONE,
    PLANES,
    STEP,
    UNTRACKED,
    Flow,
    pairs,
    rejects,
)
from .rows import Rejected

INVALID = "InvalidParameterException"
NO_USER = "UserNotFoundException", "User does not exist."
NO_E_MAIL = INVALID, "Username should be an email."
NO_NUMBER = INVALID, "Username should be a phone number."
EITHER = INVALID, "Username should be either an email or a phone number."
TAKEN_E_MAIL = "UsernameExistsException", "An account with the given email already exists."
TAKEN_PHONE = "UsernameExistsException", "An account with the given phone_number already exists."
TAKEN = "UsernameExistsException", "User already exists"
ALIAS_TAKEN = "AliasExistsException", "An account with the email already exists."


def nothing(flow):
    pass


def two_with_one_address(flow):
    """Alice has confirmed the address; Bob, who gave the same, hasn't."""
    flow.confirmed()
    flow.sign_up("bob")


def with_preferred_name(flow):
    flow.confirmed()
    flow.admin_update(preferred_username="Queen")


ERRORS = {
    "1.1 a plain name, where an e-mail address stands for it": Rejected(
        pool="by e-mail",
        before=nothing,
        call=lambda f: f.sign_up("alice"),
        error=NO_E_MAIL,
    ),
    "1.1 a phone number, where an e-mail address stands for it": Rejected(
        pool="by e-mail",
        before=nothing,
        call=lambda f: f.sign_up(PHONE),
        error=NO_E_MAIL,
    ),
    "1.1 a plain name, where either stands for it": Rejected(
        pool="by either",
        before=nothing,
        call=lambda f: f.sign_up("alice"),
        error=EITHER,
    ),
    "1.1 a phone number with a dash, where either stands for it": Rejected(
        pool="by either",
        before=nothing,
        call=lambda f: f.sign_up("+1-432-555-1212"),
        error=EITHER,
    ),
    "10.1 a plain name, where a phone number stands for it": Rejected(
        pool="by phone",
        before=nothing,
        call=lambda f: f.sign_up("alice"),
        error=NO_NUMBER,
    ),
    "10.1 an e-mail address, where a phone number stands for it": Rejected(
        pool="by phone",
        before=nothing,
        call=lambda f: f.sign_up(EMAIL),
        error=NO_NUMBER,
    ),
    "10.1 a number without its plus, where a phone number stands for it": Rejected(
        pool="by phone",
        before=nothing,
        call=lambda f: f.sign_up(PHONE[1:]),
        error=NO_NUMBER,
    ),
    "1.1 bad e-mail address beside a phone number": Rejected(
        pool="by phone",
        before=nothing,
        call=lambda f: f.sign_up(UserAttributes=pairs(email="alice")),
        error=(INVALID, "Invalid email address format."),
    ),
    "1.1 the address is taken": Rejected(
        pool="by e-mail",
        before=lambda f: f.sign_up(),
        call=lambda f: f.sign_up(),
        error=TAKEN_E_MAIL,
    ),
    "1.1 the address is taken, in capitals": Rejected(
        pool="by e-mail",
        before=lambda f: f.sign_up(),
        call=lambda f: f.sign_up(EMAIL.upper()),
        error=TAKEN_E_MAIL,
    ),
    "1.1 the address is taken, by a confirmed user": Rejected(
        pool="by either",
        before=lambda f: f.confirmed(),
        call=lambda f: f.sign_up(),
        error=TAKEN_E_MAIL,
    ),
    "1.1 the number is taken": Rejected(
        pool="by phone",
        before=lambda f: f.sign_up(),
        call=lambda f: f.sign_up(),
        error=TAKEN_PHONE,
    ),
    "1.1 the address is taken, of one who signs up by number": Rejected(
        pool="by either",
        before=lambda f: f.sign_up(),
        call=lambda f: f.sign_up(PHONE),
        error=TAKEN_E_MAIL,
    ),
    "10.1 a user name like an alias": Rejected(
        pool="aliases",
        before=nothing,
        call=lambda f: f.sign_up(EMAIL),
        error=(
            INVALID,
            "Username cannot be of email format, since user pool is configured for email alias.",
        ),
    ),
    "choice: a user name like a number that is an alias": Rejected(
        pool="aliases",
        before=nothing,
        call=lambda f: f.sign_up(PHONE),
        error=(INVALID, None),
    ),
    "choice: bad phone number": Rejected(
        pool="bare",
        before=nothing,
        call=lambda f: f.sign_up(UserAttributes=pairs(phone_number="432 5551212")),
        error=(INVALID, "Invalid phone number format."),
    ),
    "choice: a phone number in digits that are not ASCII": Rejected(
        pool="bare",
        before=nothing,
        call=lambda f: f.sign_up(UserAttributes=pairs(phone_number="+１４３２")),
        error=(INVALID, "Invalid phone number format."),
    ),
    "1.1 the address is another's alias": Rejected(
        pool="aliases",
        before=two_with_one_address,
        call=lambda f: f.confirm(username="bob"),
        error=ALIAS_TAKEN,
    ),
    "1.1 the address is another's alias, in capitals": Rejected(
        pool="aliases",
        before=lambda f: (
            f.confirmed(),
            f.sign_up("bob", UserAttributes=pairs(email=EMAIL.upper())),
        ),
        call=lambda f: f.confirm(username="bob"),
        error=ALIAS_TAKEN,
    ),
    "1.3 wrong code, though the address is another's alias": Rejected(
        pool="aliases",
        before=two_with_one_address,
        call=lambda f: f.confirm(
            "00" + f.email_code("bob"), username="bob", ForceAliasCreation=True
        ),
        error=("CodeMismatchException", None),
    ),
    "choice: a preferred user name that is an alias, before the user is confirmed": Rejected(
        pool="aliases",
        before=nothing,
        call=lambda f: f.sign_up(UserAttributes=pairs(preferred_username="Queen")),
        error=(INVALID, None),
    ),
    "choice: a preferred user name that is an alias, set for one who is not confirmed": Rejected(
        pool="aliases",
        before=lambda f: f.sign_up(),
        call=lambda f: f.admin_update(preferred_username="Queen"),
        error=(INVALID, None),
    ),
    "choice: a user name that is another's preferred user name": Rejected(
        pool="aliases",
        before=with_preferred_name,
        call=lambda f: f.sign_up("queen"),
        error=TAKEN,
    ),
    "1.4 an address that is not verified is no alias": Rejected(
        pool="aliases",
        before=lambda f: f.sign_up(),
        call=lambda f: f.look(EMAIL),
        error=NO_USER,
    ),
    "1.4 an address where the pool has no aliases": Rejected(
        pool="no MFA",
        before=lambda f: f.confirmed(),
        call=lambda f: f.look(EMAIL),
        error=NO_USER,
    ),
    "1.7 signing in by an address that is not verified": Rejected(
        pool="aliases",
        before=lambda f: (f.sign_up(), f.admin_confirm()),
        call=lambda f: f.sign_in(username=EMAIL),
        error=NO_USER,
    ),
    "1.16 an address in other case, where the pool minds": Rejected(
        pool="by e-mail, minding case",
        before=lambda f: f.sign_up(),
        call=lambda f: f.look(EMAIL.upper()),
        error=NO_USER,
    ),
    "choice: sub is no user name in a pool of plain names": Rejected(
        pool="no MFA",
        before=lambda f: f.sign_up(),
        call=lambda f: f.look(f.attributes()["sub"]),
        error=NO_USER,
    ),
}
OWN_POOLS = {
    "by e-mail, minding case": {
        "mfa": "OFF",
        "pool": UNTRACKED | {"UsernameAttributes": ["email"], "UsernameConfiguration": None},
        "username": EMAIL,
    },
}


def a_pool(make_flow, kind):
    return make_flow(**OWN_POOLS[kind]) if kind in OWN_POOLS else make_flow(kind)


@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_a_name_is_rejected(make_flow, kind, before, call, error):
    flow = a_pool(make_flow, kind)
    before(flow)
    with rejects(flow, *error):
        call(flow)


# Instead of a user name


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [("by e-mail", "email"), ("by either", "email"), ("by phone", "phone_number")],
)
def test_the_name_becomes_an_attribute_and_the_user_name_is_the_sub(make_flow, kind, attribute):
    """1.1, 10.1, 10.7: the user name is a UUID equal to the sub, in the pool and in the tokens."""
    flow = make_flow(kind)
    answer = flow.sign_up(UserAttributes=[])
    flow.admin_confirm()

    user = flow.look()
    assert str(uuid.UUID(user["Username"])) == user["Username"] == answer["UserSub"]
    # 12.5: the pool auto-verifies email
    unverified = {"email_verified": "false"} if attribute == "email" else {}
    expected = {"sub": user["Username"], attribute: flow.username, **unverified}
    assert flow.attributes() == expected
    tokens = flow.sign_in()["AuthenticationResult"]
    access, identity = (
        jwt.decode(tokens[name], options={"verify_signature": False})
        for name in ("AccessToken", "IdToken")
    )
    assert access["username"] == access["sub"] == user["Username"]
    assert identity["cognito:username"] == identity["sub"] == user["Username"]
    assert identity[attribute] == flow.username


@pytest.mark.emulator_only("the mail that was sent")
def test_the_code_goes_to_the_address_used_as_user_name(make_flow):
    """1.1, 1.3: confirming by that name."""
    flow = make_flow("by e-mail")
    delivery = flow.sign_up(UserAttributes=[])["CodeDeliveryDetails"]
    assert delivery == {"Destination": MASKED, "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    flow.resend()
    assert [message.destination for message in flow.emulator.inbox(EMAIL)] == [EMAIL] * 2
    assert flow.confirm() == {}
    assert flow.attributes()["email_verified"] == "true"


def test_no_code_is_sent_to_a_phone_that_the_pool_does_not_verify(make_flow):
    """1.1"""
    flow = make_flow("by phone")
    assert "CodeDeliveryDetails" not in flow.sign_up(UserAttributes=[])
    assert flow.state()["outbox"] == []


def test_the_attribute_used_as_user_name_may_be_sent_too(make_flow):
    """Choice: if the two differ, the name counts."""
    flow = make_flow("by e-mail")
    flow.sign_up(UserAttributes=pairs(email=OTHER_EMAIL, name="Alice"))
    assert {name: flow.attributes()[name] for name in ("email", "name")} == {
        "email": EMAIL,
        "name": "Alice",
    }


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("name", [EMAIL, EMAIL.upper(), "sub"])
def test_a_user_signs_in_by_address_or_sub(make_flow, name, plane):
    """10.0: AdminGetUser takes both as well."""
    flow = make_flow("by e-mail").confirmed()
    name = flow.attributes()["sub"] if name == "sub" else name
    assert flow.sign_in(username=name, plane=plane)["AuthenticationResult"]
    assert flow.look(name) == flow.look()


def test_an_unverified_address_works_as_user_name(make_flow):
    """The guide's page on attributes: it doesn't have to be verified."""
    flow = make_flow("by e-mail")
    flow.sign_up()
    flow.admin_confirm()
    assert flow.attributes()["email_verified"] == "false"
    assert flow.sign_in()["AuthenticationResult"]


@pytest.mark.parametrize("name", [EMAIL, "sub"])
def test_challenges_accept_the_address_and_the_name_they_return(make_flow, name):
    """1.10: USER_ID_FOR_SRP is the user name, which is the sub."""
    flow = make_flow(pool=UNTRACKED | {"UsernameAttributes": ["email"]}, username=EMAIL).enrolled()
    asked = flow.wait(STEP).sign_in()["ChallengeParameters"]
    assert asked["USER_ID_FOR_SRP"] == flow.attributes()["sub"]
    assert flow.send_code(USERNAME=EMAIL if name == EMAIL else asked["USER_ID_FOR_SRP"])[
        "AuthenticationResult"
    ]


def test_secret_hashes_are_of_the_sent_address_and_at_refresh_of_the_sub(make_flow):
    """Section 7"""
    flow = make_flow("by e-mail", client={"GenerateSecret": True}).confirmed()
    flow.sign_in()
    with rejects(flow, "NotAuthorizedException"):
        flow.refresh()
    assert flow.refresh(SECRET_HASH=flow.hash(flow.attributes()["sub"]))["AuthenticationResult"]


def test_a_client_needs_no_write_permission_for_the_attribute_used_as_user_name(make_flow):
    """Choice."""
    flow = make_flow("by e-mail", client={"WriteAttributes": ["name"]})
    flow.sign_up(UserAttributes=[])
    assert flow.attributes()["email"] == EMAIL


@pytest.mark.parametrize("kind", ["by e-mail", "by phone", "aliases"])
def test_a_name_is_free_again_at_once(make_flow, kind):
    """10.1"""
    flow = make_flow(kind)
    flow.sign_up()
    flow.admin_confirm()
    flow.sign_in()
    first = flow.look()["Username"]
    flow.aws.delete_user(AccessToken=flow.tokens["AccessToken"])
    flow.sign_up()
    assert (flow.look()["Username"] == first) == (kind == "aliases")


def test_either_kind_of_name_is_unique_in_one_pool(make_flow):
    """1.1"""
    flow = make_flow("by either")
    flow.sign_up(UserAttributes=[])
    flow.sign_up(PHONE, UserAttributes=[])
    assert len({flow.look(name)["Username"] for name in (EMAIL, PHONE)}) == 2


def test_an_address_may_be_shared_if_only_numbers_are_user_names(make_flow):
    """1.1"""
    flow = make_flow("by phone")
    flow.sign_up()
    assert flow.sign_up("+442079460000")["UserSub"]


def test_names_that_differ_in_case_are_two_users_in_a_case_sensitive_pool(make_flow):
    """1.16"""
    flow = make_flow(**OWN_POOLS["by e-mail, minding case"])
    assert flow.sign_up()["UserSub"] != flow.sign_up(EMAIL.upper(), UserAttributes=[])["UserSub"]
    assert {flow.attributes(name)["email"] for name in (EMAIL, EMAIL.upper())} == {
        EMAIL,
        EMAIL.upper(),
    }


def test_who_exists_is_hidden_in_these_pools_too(make_flow):
    """1.7"""
    flow = make_flow("by e-mail", client={"PreventUserExistenceErrors": "ENABLED"}).confirmed()
    with rejects(flow, "NotAuthorizedException", "Incorrect username or password."):
        flow.sign_in(username=OTHER_EMAIL)
    assert flow.sign_in()["AuthenticationResult"]


def test_a_filter_by_user_name_accepts_no_other_name(make_flow):
    """The guide's page on attributes"""
    flow = make_flow("by e-mail")
    sub = flow.sign_up()["UserSub"]
    assert flow.list(Filter=f'username = "{EMAIL}"')["Users"] == []
    assert [
        user["Username"]
        for text in (f'username = "{sub}"', f'email = "{EMAIL}"')
        for user in flow.list(Filter=text)["Users"]
    ] == [sub] * 2


# Aliases


class Alias(NamedTuple):
    """How an alias becomes one, and what it is."""

    before: Callable[[Flow], Any]
    name: str


ALIASES = {
    "1.3 the address that was confirmed": Alias(before=lambda f: f.confirmed(), name=EMAIL),
    "1.4 an address that an administrator verified": Alias(
        before=lambda f: (f.sign_up(), f.admin_confirm(), f.admin_update(email_verified="true")),
        name=EMAIL,
    ),
    "1.4 a number that an administrator verified": Alias(
        before=lambda f: (
            f.confirmed(),
            f.admin_update(phone_number=PHONE, phone_number_verified="true"),
        ),
        name=PHONE,
    ),
    "1.4 a preferred user name": Alias(before=with_preferred_name, name="Queen"),
}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize(("way", "alias"), ALIASES.values(), ids=ALIASES)
def test_a_user_signs_in_by_user_name_and_alias(make_flow, way, alias, plane):
    """1.4"""
    flow = make_flow("aliases")
    way(flow)
    for name in ("alice", alias, alias.upper()):
        assert flow.look(name)["Username"] == "alice"
        token = flow.sign_in(username=name, plane=plane)["AuthenticationResult"]["AccessToken"]
        assert jwt.decode(token, options={"verify_signature": False})["username"] == "alice"


@pytest.mark.parametrize(("way", "alias"), ALIASES.values(), ids=ALIASES)
def test_in_a_case_sensitive_pool_an_alias_in_other_case_is_unknown(make_flow, way, alias):
    flow = make_flow(
        "aliases",
        pool=MUTABLE
        | {
            "UsernameConfiguration": None,
            "AliasAttributes": ["email", "phone_number", "preferred_username"],
        },
    )
    way(flow)
    assert flow.look(alias)["Username"] == "alice"
    if alias != PHONE:
        with rejects(flow, *NO_USER):
            flow.look(alias.upper())


def test_only_the_pools_aliases_are_names(make_flow):
    """1.4"""
    flow = make_flow("aliases", pool=MUTABLE | {"AliasAttributes": ["preferred_username"]})
    with_preferred_name(flow)
    flow.admin_update(email_verified="true")
    assert flow.look("Queen")["Username"] == "alice"
    with rejects(flow, *NO_USER):
        flow.look(EMAIL)


def test_a_user_name_may_look_like_an_address_that_is_not_an_alias(make_flow):
    """10.1: the error is about an alias"""
    flow = make_flow("aliases", pool=MUTABLE | {"AliasAttributes": ["phone_number"]})
    assert flow.sign_up(EMAIL)["UserSub"]


@pytest.mark.mails
def test_many_users_may_give_one_address_until_one_confirms_it(make_flow):
    """1.1: the sign-up succeeds."""
    flow = make_flow("aliases")
    flow.sign_up("bob")
    flow.confirmed()
    assert flow.sign_up("carol")["CodeDeliveryDetails"]
    assert flow.look(EMAIL)["Username"] == "alice"


def test_the_alias_can_be_taken_over_with_the_rejected_code(make_flow):
    """1.1, and the model on ForceAliasCreation: the other's address becomes unverified, and the
    alias is the new user's.
    """
    flow = make_flow("aliases")
    two_with_one_address(flow)
    code = flow.email_code("bob")
    with rejects(flow, *ALIAS_TAKEN):
        flow.confirm(code, username="bob", ForceAliasCreation=False)
    created = flow.look("alice")["UserLastModifiedDate"]
    flow.wait(10)

    assert flow.confirm(code, username="bob", ForceAliasCreation=True) == {}

    assert flow.look("bob")["UserStatus"] == "CONFIRMED"
    assert {name: flow.attributes(name)["email_verified"] for name in ("alice", "bob")} == {
        "alice": "false",
        "bob": "true",
    }
    assert (flow.look("alice")["UserLastModifiedDate"] - created).total_seconds() == 10
    assert flow.look(EMAIL)["Username"] == "bob"
    assert flow.sign_in(username="alice")["AuthenticationResult"]


def test_taking_over_a_free_alias_is_confirming(make_flow):
    """1.3"""
    flow = make_flow("aliases")
    flow.sign_up()
    assert flow.confirm(ForceAliasCreation=True) == {}
    assert flow.look(EMAIL)["Username"] == "alice"


def test_without_aliases_there_is_no_conflict(no_mfa):
    """1.1: AliasExistsException is of aliases"""
    two_with_one_address(no_mfa)
    assert no_mfa.confirm(username="bob") == {}
    assert no_mfa.attributes("alice")["email_verified"] == "true"


def test_a_changed_alias_is_free_and_the_new_one_works(make_flow):
    """1.4"""
    flow = make_flow("aliases")
    with_preferred_name(flow)
    flow.sign_in(username="Queen")
    flow.update(preferred_username="Majesty")
    assert flow.sign_in(username="majesty")["AuthenticationResult"]
    with rejects(flow, *NO_USER):
        flow.look("Queen")
    flow.sign_up("bob")
    flow.confirm(username="bob", ForceAliasCreation=True)
    flow.admin_update("bob", preferred_username="queen")
    assert flow.look("Queen")["Username"] == "bob"


# Email and size


def test_the_inbox_is_found_by_user_name_and_by_address(make_flow):
    """In any spelling, and in pools of each kind."""
    for kind in ("aliases", "by e-mail"):
        flow = make_flow(kind)
        flow.sign_up()
        flow.sign_up(
            "bob" if kind == "aliases" else OTHER_EMAIL, UserAttributes=pairs(email=OTHER_EMAIL)
        )
    codes = {
        name: [message.code for message in flow.emulator.inbox(name)]
        for name in ("alice", "ALICE", "bob", EMAIL, EMAIL.upper(), OTHER_EMAIL, "nobody")
    }
    assert {name: len(found) for name, found in codes.items()} == {
        "alice": 1,
        "ALICE": 1,
        "bob": 1,
        EMAIL: 2,
        EMAIL.upper(): 2,
        OTHER_EMAIL: 2,
        "nobody": 0,
    }
    assert codes[EMAIL][0] == codes["alice"][0]
    sub = flow.attributes(EMAIL)["sub"]
    assert [message.code for message in flow.emulator.inbox(sub)] == codes[EMAIL][1:]


def steps(flow, call):
    """How many thousands of steps SQLite takes for `call`."""
    counted = []
    connection = flow.emulator._store._connection
    connection.set_progress_handler(lambda: counted.append(1) and None, 1000)
    try:
        call()
    finally:
        connection.set_progress_handler(None, 0)
    return len(counted)


@pytest.mark.parametrize("kind", ["aliases", "by either"])
def test_a_user_among_many_is_found_without_reading_the_others(make_flow, kind):
    """By any name, or by none; the inbox as well."""
    flow = make_flow(kind).confirmed()
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
    copied = "pool_id, status, created, modified, salt, verifier"
    flow.sql(
        f"{numbers} INSERT INTO users (username, name_key, sub, {copied}) SELECT 'u' || i, 'u' ||"
        f" i, 'sub' || i, {copied} FROM users, n"
    )
    for name, value in {"email": "'u' || id || '@example.com'", "email_verified": "'true'"}.items():
        flow.sql(
            f"INSERT INTO attributes SELECT id, pool_id, '{name}', {value}, {value} FROM users"
            " WHERE username LIKE 'u%' AND sub LIKE 'sub%'"
        )
    for name in (flow.username, EMAIL, "u20000@example.com"):
        assert flow.look(name)["Username"]
        assert steps(flow, lambda name=name: flow.look(name)) <= 1
        assert steps(flow, lambda name=name: flow.emulator.inbox(name)) <= 1

    def read_unknown():
        with pytest.raises(flow.aws.exceptions.UserNotFoundException):
            flow.look("nobody@example.com")

    assert steps(flow, read_unknown) <= 1
    assert (
        steps(
            flow,
            lambda: (
                flow.sign_up("+440", UserAttributes=[])
                if kind == "by either"
                else flow.sign_up("zoe")
            ),
        )
        <= 1
    )


def test_passwords_are_not_in_the_responses(make_flow):
    """1.1, 1.4, 1.5: no member is for one"""
    flow = make_flow("by e-mail")
    assert PASSWORD not in repr((flow.sign_up(), flow.look(), flow.list()))
