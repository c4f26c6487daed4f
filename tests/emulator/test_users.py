"""Looking a user up, listing users, and what users may do with their own account. BEHAVIOR.md,
1.4, 1.5, 1.15 and 10.7.
"""

import re
from datetime import timedelta

import pytest

from .flow import EMAIL, rejects

NO_POOL = "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."
NO_USER = "UserNotFoundException", "User does not exist."
INVALID = "InvalidParameterException", None
NOT_THERE = INVALID[0], "One or more requested attributes do not exist."


def no_such_pool(flow):
    flow.pool_id = "us-east-1_nosuchone"


def nothing(flow):
    pass


def deleted(flow):
    flow.signed_in()
    flow.aws.delete_user(AccessToken=flow.tokens["AccessToken"])


# fact: (the pool, what happens first, the call, the error)
ERRORS = {
    "1.4 unknown": ("tutorial", nothing, lambda f: f.look("nobody"), NO_USER),
    "1.4 unknown, though the client hides who exists": (
        "hiding",
        nothing,
        lambda f: f.look("nobody"),
        NO_USER,
    ),
    "1.16 written in other case, where the pool minds": (
        "case-sensitive",
        lambda f: f.sign_up(),
        lambda f: f.look("ALICE"),
        NO_USER,
    ),
    "1.4 no such pool": ("tutorial", no_such_pool, lambda f: f.look(), NO_POOL),
    "1.15 deleted": ("no MFA", deleted, lambda f: f.look(), NO_USER),
    "10.7 over 60 in a page": ("tutorial", nothing, lambda f: f.list(Limit=100), INVALID),
    "10.7 just over 60 in a page": ("tutorial", nothing, lambda f: f.list(Limit=61), INVALID),
    "1.5 filter over 256 characters": (
        "tutorial",
        nothing,
        lambda f: f.list(Filter=f'name = "{"x" * 248}"'),
        INVALID,
    ),
    "12.3 searching for a custom attribute": (
        "custom",
        nothing,
        lambda f: f.list(Filter='custom:colour = "red"'),
        (INVALID[0], "Input fails to satisfy the constraints."),
    ),
    "12.5 an attribute that some users lack": (
        "tutorial",
        lambda f: (f.confirmed(), f.sign_up("bob")),
        lambda f: f.list(AttributesToGet=["email", "name"]),
        NOT_THERE,
    ),
    "1.7 no such pool, ListUsers": ("tutorial", no_such_pool, lambda f: f.list(), NO_POOL),
    "12.5 filter that is none": (
        "tutorial",
        nothing,
        lambda f: f.list(Filter="alice"),
        (INVALID[0], "Error while parsing filter."),
    ),
    "choice: filter with two attributes": (
        "tutorial",
        nothing,
        lambda f: f.list(Filter='name = "a" and email = "b"'),
        INVALID,
    ),
    "12.5 by analogy: attribute that the pool lacks": (
        "tutorial",
        nothing,
        lambda f: f.list(AttributesToGet=["custom:x"]),
        NOT_THERE,
    ),
    "choice: page token that is no base64": (
        "tutorial",
        nothing,
        lambda f: f.list(PaginationToken="!!!"),
        INVALID,
    ),
    "choice: page token of something else": (
        "tutorial",
        nothing,
        lambda f: f.list(PaginationToken="YWJj"),
        INVALID,
    ),
    "choice: page token of too large a number": (
        "tutorial",
        nothing,
        lambda f: f.list(PaginationToken="OTk5OTk5OTk5OTk5OTk5OTk5OTk5IA=="),
        INVALID,
    ),
}
CUSTOM = {"pool": {"Schema": [{"Name": "colour", "AttributeDataType": "String"}]}}


@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_reading_users_is_rejected(make_flow, kind, before, call, error):
    flow = make_flow(**CUSTOM) if kind == "custom" else make_flow(kind)
    before(flow)
    with rejects(flow, *error):
        call(flow)


def test_a_new_user_is_shown_with_the_data_of_the_sign_up(flow):
    """1.4: UserAttributes, and neither of the two members about MFA. 10.7: both dates are the same
    at first.
    """
    sub = flow.sign_up()["UserSub"]

    user = flow.look()

    assert set(user) == {
        "Username",
        "UserAttributes",
        "UserCreateDate",
        "UserLastModifiedDate",
        "Enabled",
        "UserStatus",
    }
    assert (user["Username"], user["UserStatus"], user["Enabled"]) == ("alice", "UNCONFIRMED", True)
    assert {attribute["Name"]: attribute["Value"] for attribute in user["UserAttributes"]} == {
        "sub": sub,
        "email": EMAIL,
        # 12.5
        "email_verified": "false",
    }
    assert user["UserCreateDate"] == user["UserLastModifiedDate"]


def test_the_second_date_changes_with_the_user(flow):
    """10.7"""
    flow.sign_up()
    flow.wait(10)
    flow.confirm()
    user = flow.look()
    assert user["UserLastModifiedDate"] - user["UserCreateDate"] == timedelta(seconds=10)
    flow.sign_in()
    flow.associate()
    flow.wait(5)
    flow.verify()
    assert flow.look()["UserLastModifiedDate"] - user["UserCreateDate"] == timedelta(seconds=15)


def test_the_case_of_the_name_does_not_matter_in_the_tutorials_pool(flow):
    """10.2"""
    flow.sign_up("Alice")
    assert flow.look("aLICE")["Username"] == "Alice"


def people(make_flow):
    """Alice is confirmed; her name and Bob's begin alike in more than one way."""
    flow = make_flow(pool={"Schema": None})
    flow.confirmed()
    for username, name, email in [
        ("alicia", "Bob", "bob@example.com"),
        ("bob", "Bobby Tables", "BOB@example.org"),
        ("Carol", 'Say "hi"', "c_l@example.com"),
    ]:
        flow.sign_up(
            username,
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "name", "Value": name},
                {"Name": "given_name", "Value": "x"},
            ],
        )
    flow.admin_update("bob", phone_number="+14325551212", preferred_username="Bobby")
    return flow


# filter: who is found
FILTERS = {
    'username = "alice"': ["alice"],
    'username="alice"': ["alice"],
    'username ^= "ali"': ["alice", "alicia"],
    'username = "ALICE"': [],
    'username ^= "ALI"': [],
    'username = "Carol"': ["Carol"],
    'username = "carol"': [],
    'username ^= "Car"': ["Carol"],
    'username ^= ""': ["alice", "alicia", "bob", "Carol"],
    'username = "nobody"': [],
    'email = "bob@example.com"': ["alicia"],
    'email = "Bob@Example.COM"': ["alicia"],
    'email ^= "bob@"': ["alicia", "bob"],
    'email ^= "BOB@example.o"': ["bob"],
    'email ^= "c%"': [],
    'name = "bob"': ["alicia"],
    # 12.5: the attribute's name in quotes
    '"name" = "bob"': ["alicia"],
    '"email" ^= "bob@"': ["alicia", "bob"],
    'name ^= "bob"': ["alicia", "bob"],
    'name = "Say \\"hi\\""': ["Carol"],
    'given_name = "x"': ["alicia", "bob", "Carol"],
    'family_name = "x"': [],
    'phone_number ^= "+1"': ["bob"],
    'preferred_username = "BOBBY"': ["bob"],
    'cognito:user_status = "CONFIRMED"': ["alice"],
    'cognito:user_status = "confirmed"': ["alice"],
    'cognito:user_status ^= "unc"': ["alicia", "bob", "Carol"],
    'status = "Enabled"': ["alice", "alicia", "bob", "Carol"],
    'status = "enabled"': [],
    'status = "Disabled"': [],
    "": ["alice", "alicia", "bob", "Carol"],
    " ": ["alice", "alicia", "bob", "Carol"],
}


def test_each_filter_finds_its_users(make_flow):
    """1.5 and 10.7. One test for the whole table: its four users take longer to create than all the
    filters.
    """
    flow = people(make_flow)
    another = make_flow()
    another.sign_up("alice")
    found = {
        text: sorted(user["Username"] for user in flow.list(Filter=text)["Users"])
        for text in FILTERS
    }
    assert found == {text: sorted(names) for text, names in FILTERS.items()}


def test_a_filter_by_sub_finds_its_user(make_flow):
    """10.7"""
    flow = people(make_flow)
    subs = {
        user["Username"]: attribute["Value"]
        for user in flow.list()["Users"]
        for attribute in user["Attributes"]
        if attribute["Name"] == "sub"
    }
    assert len(set(subs.values())) == 4
    for username, sub in subs.items():
        assert [user["Username"] for user in flow.list(Filter=f'sub="{sub}"')["Users"]] == [
            username
        ]


def test_a_listed_user_has_attributes_status_and_dates(flow):
    """1.5: here they are called Attributes; 10.7: exactly one sub."""
    flow.confirmed()
    (user,) = flow.list()["Users"]
    assert set(user) == {
        "Username",
        "Attributes",
        "UserCreateDate",
        "UserLastModifiedDate",
        "Enabled",
        "UserStatus",
    }
    assert [attribute["Name"] for attribute in user["Attributes"]].count("sub") == 1
    looked = flow.look()
    assert user == {
        ("Attributes" if name == "UserAttributes" else name): value
        for name, value in looked.items()
    }


def test_only_the_requested_attributes_are_listed(flow):
    """1.5"""
    flow.sign_up()
    (user,) = flow.list(AttributesToGet=["email"])["Users"]
    assert user["Attributes"] == [{"Name": "email", "Value": EMAIL}]


def test_users_are_listed_page_by_page_each_once(make_flow):
    """1.5: no token at the end."""
    flow = people(make_flow)
    pages = list(
        flow.aws.get_paginator("list_users").paginate(
            UserPoolId=flow.pool_id, PaginationConfig={"PageSize": 2}
        )
    )
    assert [[user["Username"] for user in page["Users"]] for page in pages] == [
        ["alice", "alicia"],
        ["bob", "Carol"],
    ]
    assert "PaginationToken" in pages[0]
    assert "PaginationToken" not in pages[1]
    filtered = flow.list(Limit=1, Filter='email ^= "bob"')
    assert [user["Username"] for user in filtered["Users"]] == ["alicia"]
    rest = flow.list(Limit=1, Filter='email ^= "bob"', PaginationToken=filtered["PaginationToken"])
    assert [user["Username"] for user in rest["Users"]] == ["bob"]
    assert "PaginationToken" not in rest


def test_every_filter_lists_the_same_users_page_by_page_as_at_once(make_flow):
    """1.5: no duplicates in one chain of tokens. Some filters use a key that several users have,
    some one that is unique.
    """
    flow = people(make_flow)
    for text in [*FILTERS, 'sub ^= ""']:
        pages = flow.aws.get_paginator("list_users").paginate(
            UserPoolId=flow.pool_id, Filter=text, PaginationConfig={"PageSize": 1}
        )
        one_by_one = [user["Username"] for page in pages for user in page["Users"]]
        assert one_by_one == [user["Username"] for user in flow.list(Filter=text)["Users"]], text
        assert sorted(one_by_one) == sorted(FILTERS.get(text, FILTERS[""]))


def test_a_token_of_another_filter_does_no_harm(make_flow):
    """Choice: the search continues from the place in its own order that the token names; users the
    filter excludes stay excluded.
    """
    flow = people(make_flow)
    tokens = [
        flow.list(Limit=1, Filter=text)["PaginationToken"]
        for text in ("", 'email ^= "b"', 'sub ^= ""', 'status = "Enabled"')
    ]
    for token in tokens:
        for text, names in FILTERS.items():
            assert {
                user["Username"] for user in flow.list(Filter=text, PaginationToken=token)["Users"]
            } <= set(names)


def test_a_page_continues_where_it_stopped_even_if_its_last_user_was_deleted(make_flow):
    flow = people(make_flow)
    first = flow.list(Limit=1, Filter='name ^= "Bob"')
    flow.sql("DELETE FROM users WHERE username = ?", first["Users"][0]["Username"])
    rest = flow.list(Filter='name ^= "Bob"', PaginationToken=first["PaginationToken"])
    assert [user["Username"] for user in [*first["Users"], *rest["Users"]]] == ["alicia", "bob"]


def test_a_page_has_sixty_users_by_default(flow):
    """1.5. Choice: sixty, if nothing is said."""
    flow.sign_up()
    copied = "pool_id, status, created, modified, salt, verifier"
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
    flow.sql(
        f"{numbers} INSERT INTO users (username, name_key, sub, {copied}) SELECT 'u' || i, 'u' ||"
        f" i, 'sub' || i, {copied} FROM users, n"
    )
    pages = list(flow.aws.get_paginator("list_users").paginate(UserPoolId=flow.pool_id))
    assert [len(page["Users"]) for page in pages] == [60, 1]


def test_sixty_is_the_largest_page(flow):
    """1.5, 10.7"""
    flow.sign_up()
    assert len(flow.list(Limit=60)["Users"]) == 1


def test_users_of_one_pool_are_not_listed_in_another(make_flow):
    """1.5"""
    ours, theirs = make_flow(), make_flow()
    theirs.sign_up()
    assert ours.list() == {"Users": []}


def test_get_user_shows_only_the_tokens_user(no_mfa):
    """The API reference on GetUser"""
    no_mfa.signed_in()
    looked = no_mfa.look()
    assert no_mfa.get_user() == {name: looked[name] for name in ("Username", "UserAttributes")}


def test_delete_user_removes_every_trace_of_the_user(no_mfa):
    """1.15"""
    no_mfa.signed_in()
    assert (
        no_mfa.aws.delete_user(AccessToken=no_mfa.tokens["AccessToken"])["ResponseMetadata"][
            "HTTPStatusCode"
        ]
        == 200
    )
    assert no_mfa.list() == {"Users": []}
    with rejects(no_mfa, "UserNotFoundException", "User does not exist."):
        no_mfa.sign_in()
    with rejects(no_mfa, "NotAuthorizedException", re.compile(r"Invalid Refresh Token\.?")):
        no_mfa.refresh()
    left = {table for table, rows in no_mfa.state().items() if rows}
    assert left == {"meta", "pools", "signing_keys", "clients"}
