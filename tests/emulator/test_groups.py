"""Groups: the operations, and what tokens say about them. BEHAVIOR.md, 11.18.

Rows that begin with "choice" are the emulator's own: BEHAVIOR.md has no fact.
"""

import jwt
import pytest

from .flow import EMAIL, OTHER_EMAIL, pairs, rejects

NO_POOL = "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."
NO_GROUP = "ResourceNotFoundException", "Group not found."
NO_USER = "UserNotFoundException", "User does not exist."
ROLE, OTHER_ROLE = ("arn:aws:iam::123456789012:role/" + name for name in ("editors", "readers"))


class Groups:
    """The group operations on the pool of a flow, by boto3's names."""

    def __init__(self, flow):
        self.flow = flow

    def __getattr__(self, operation):
        def call(name=None, username=None, **request):
            named = {"GroupName": name} if name else {}
            who = {"Username": username} if username else {}
            answer = getattr(self.flow.aws, operation)(
                UserPoolId=self.flow.pool_id, **named, **who, **request
            )
            return {key: value for key, value in answer.items() if key != "ResponseMetadata"}

        return call


@pytest.fixture
def flow(make_flow):
    return make_flow("no MFA")


@pytest.fixture
def groups(flow):
    return Groups(flow)


def elsewhere(groups):
    groups.flow.pool_id = "us-east-1_nosuchone"


def nothing(groups):
    pass


CALLS = {
    "CreateGroup": lambda g: g.create_group("new"),
    "GetGroup": lambda g: g.get_group("editors"),
    "UpdateGroup": lambda g: g.update_group("editors"),
    "DeleteGroup": lambda g: g.delete_group("editors"),
    "ListGroups": lambda g: g.list_groups(),
    "AdminAddUserToGroup": lambda g: g.admin_add_user_to_group("editors", "alice"),
    "AdminRemoveUserFromGroup": lambda g: g.admin_remove_user_from_group("editors", "alice"),
    "AdminListGroupsForUser": lambda g: g.admin_list_groups_for_user(username="alice"),
    "ListUsersInGroup": lambda g: g.list_users_in_group("editors"),
}
OF_ONE_GROUP = set(CALLS) - {"CreateGroup", "ListGroups", "AdminListGroupsForUser"}
OF_ONE_USER = {name for name in CALLS if name.startswith("Admin")}


@pytest.mark.parametrize("operation", CALLS)
def test_an_unknown_pool_is_rejected(groups, operation):
    """11.18 for DeleteGroup, the others by analogy"""
    elsewhere(groups)
    with rejects(groups.flow, *NO_POOL):
        CALLS[operation](groups)


@pytest.mark.parametrize("operation", sorted(OF_ONE_GROUP))
def test_an_unknown_group_is_rejected(groups, operation):
    """11.18"""
    groups.flow.sign_up()
    with rejects(groups.flow, *NO_GROUP):
        CALLS[operation](groups)


@pytest.mark.parametrize("operation", sorted(OF_ONE_USER))
def test_an_unknown_user_is_rejected(groups, operation):
    """11.18"""
    groups.create_group("editors")
    with rejects(groups.flow, *NO_USER):
        CALLS[operation](groups)


def test_a_group_exists_once(groups):
    """11.18; the full stop is open (11.22)"""
    groups.create_group("editors")
    with rejects(groups.flow, "GroupExistsException"):
        groups.create_group("editors")


INVALID = {
    "a space in the name": {"name": "the editors"},
    "129 characters": {"name": "x" * 129},
    "a long description": {"name": "x", "Description": "x" * 2049},
    "a role that is no ARN": {"name": "x", "RoleArn": "x" * 30},
}


@pytest.mark.parametrize("request_", INVALID.values(), ids=INVALID)
def test_an_invalid_group_is_rejected(groups, request_):
    """11.18"""
    with rejects(groups.flow, "InvalidParameterException"):
        groups.create_group(**request_)


def test_a_negative_precedence_is_rejected(groups):
    """11.18; boto3 wouldn't send it"""
    code, _ = groups.flow.raw(
        "CreateGroup", UserPoolId=groups.flow.pool_id, GroupName="x", Precedence=-1
    )
    assert code == "InvalidParameterException"


def test_a_group_shows_what_it_was_given(groups):
    """11.18: keys that weren't given are absent"""
    plain = groups.create_group("plain")["Group"]
    assert set(plain) == {"GroupName", "UserPoolId", "CreationDate", "LastModifiedDate"}
    given = {"Description": "Editors", "RoleArn": ROLE, "Precedence": 0}
    full = groups.create_group("é" * 128, **given)["Group"]
    assert {name: full[name] for name in given} == given
    assert groups.get_group("é" * 128)["Group"] == full


def test_update_group_shows_the_change(groups):
    """11.18. Choice: what isn't sent stays."""
    before = groups.create_group("editors", Description="Editors", Precedence=1)["Group"]
    groups.flow.wait(10)
    after = groups.update_group("editors", Precedence=2)["Group"]
    assert (after["Precedence"], after["Description"]) == (2, "Editors")
    assert (after["LastModifiedDate"] - before["LastModifiedDate"]).total_seconds() == 10
    assert after["CreationDate"] == before["CreationDate"]
    assert groups.get_group("editors")["Group"] == after


def test_a_deleted_group_is_gone(groups):
    """11.18. Choice: so is its members' membership."""
    groups.flow.sign_up()
    groups.create_group("editors")
    groups.admin_add_user_to_group("editors", "alice")
    assert groups.delete_group("editors") == {}
    with rejects(groups.flow, *NO_GROUP):
        groups.get_group("editors")
    assert groups.admin_list_groups_for_user(username="alice") == {"Groups": []}


def test_groups_are_listed_page_by_page(groups):
    """11.18: the token is NextToken"""
    names = {f"group {n}".replace(" ", "-") for n in range(5)}
    groups.flow.sign_up()
    for name in names:
        groups.create_group(name)
        groups.admin_add_user_to_group(name, "alice")
    for call in (
        groups.list_groups,
        lambda **r: groups.admin_list_groups_for_user("", "alice", **r),
    ):
        listed, token = [], {}
        while True:
            page = call(Limit=2, **token)
            listed += [group["GroupName"] for group in page["Groups"]]
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        assert len(listed) == 5
        assert set(listed) == names
        assert len(call()["Groups"]) == 5


def test_members_are_added_listed_and_removed(groups):
    """11.18: empty responses; adding or removing twice isn't an error"""
    flow = groups.flow
    flow.sign_up()
    flow.sign_up("bob", UserAttributes=pairs(email=OTHER_EMAIL))
    groups.create_group("editors")
    for _ in range(2):
        for name in ("alice", "bob"):
            assert groups.admin_add_user_to_group("editors", name) == {}
    first = groups.list_users_in_group("editors", Limit=1)
    rest = groups.list_users_in_group("editors", NextToken=first["NextToken"])
    assert "NextToken" not in rest
    users = first["Users"] + rest["Users"]
    assert [user["Username"] for user in users] == ["alice", "bob"]
    assert users == flow.list()["Users"]
    for _ in range(2):
        assert groups.admin_remove_user_from_group("editors", "alice") == {}
    assert [user["Username"] for user in groups.list_users_in_group("editors")["Users"]] == ["bob"]


def test_an_alias_names_a_member(make_flow):
    """11.18"""
    flow = make_flow("aliases").confirmed()
    groups = Groups(flow)
    groups.create_group("editors")
    groups.admin_add_user_to_group("editors", EMAIL)
    listed = groups.admin_list_groups_for_user(username=EMAIL)["Groups"]
    assert [group["GroupName"] for group in listed] == ["editors"]


def test_a_deleted_user_leaves_their_groups(groups):
    """Choice"""
    groups.flow.sign_up()
    groups.create_group("editors")
    groups.admin_add_user_to_group("editors", "alice")
    groups.flow.delete()
    assert groups.list_users_in_group("editors") == {"Users": []}


def claims(flow, kind):
    return jwt.decode(flow.tokens[kind], options={"verify_signature": False})


def test_tokens_name_the_groups(groups):
    """12.1, 11.18: a list in both tokens, from the next sign-in or refresh on"""
    flow = groups.flow.signed_in()
    groups.create_group("editors")
    groups.create_group("readers")
    for kind in ("AccessToken", "IdToken"):
        assert not {name for name in claims(flow, kind) if "group" in name or "role" in name}
    for name in ("editors", "readers"):
        groups.admin_add_user_to_group(name, "alice")
    for renew in (flow.refresh, flow.sign_in):
        renew()
        for kind in ("AccessToken", "IdToken"):
            assert sorted(claims(flow, kind)["cognito:groups"]) == ["editors", "readers"]
    groups.admin_remove_user_from_group("editors", "alice")
    flow.refresh()
    assert claims(flow, "IdToken")["cognito:groups"] == ["readers"]


# Which groups: the preferred role, or None
PREFERRED = {
    "one group": ([{"RoleArn": ROLE}], ROLE),
    "the lowest number": (
        [{"RoleArn": ROLE, "Precedence": 0}, {"RoleArn": OTHER_ROLE, "Precedence": 1}],
        ROLE,
    ),
    "a number before none": (
        [{"RoleArn": ROLE}, {"RoleArn": OTHER_ROLE, "Precedence": 9}],
        OTHER_ROLE,
    ),
    "equal, with one role": (
        [{"RoleArn": ROLE, "Precedence": 1}, {"RoleArn": ROLE, "Precedence": 1}],
        ROLE,
    ),
    "equal, with two roles": (
        [{"RoleArn": ROLE, "Precedence": 1}, {"RoleArn": OTHER_ROLE, "Precedence": 1}],
        None,
    ),
    "no numbers, two roles": ([{"RoleArn": ROLE}, {"RoleArn": OTHER_ROLE}], None),
}


@pytest.mark.parametrize(("settings", "preferred"), PREFERRED.values(), ids=PREFERRED)
def test_the_id_token_names_the_roles(groups, settings, preferred):
    """11.18: cognito:roles and cognito:preferred_role, in the ID token only"""
    flow = groups.flow.confirmed()
    for number, setting in enumerate(settings):
        groups.create_group(f"group-{number}", **setting)
        groups.admin_add_user_to_group(f"group-{number}", "alice")
    flow.sign_in()
    identity = claims(flow, "IdToken")
    assert set(identity["cognito:roles"]) == {setting["RoleArn"] for setting in settings}
    assert identity.get("cognito:preferred_role") == preferred
    assert not {"cognito:roles", "cognito:preferred_role"} & set(claims(flow, "AccessToken"))


def test_a_pool_has_at_most_ten_thousand_groups(groups, monkeypatch):
    """11.18; a smaller number here"""
    monkeypatch.setattr("cognito_helpers.local_cognito.groups.MOST_GROUPS", 2)
    groups.create_group("one")
    groups.create_group("two")
    with rejects(groups.flow, "LimitExceededException"):
        groups.create_group("three")
