"""Changing pools and app clients, listing clients, and tags.

"D" marks what the model documents: what an update leaves out returns to its default. "O" marks
words that were observed. BEHAVIOR.md, 1.16.
"""

import re

import pytest

from .flow import EMAIL, HOUR, SMS, TRACKING, TUTORIAL_FLOWS, plain, rejects, unchanged
from .test_pools import (
    INVALID,
    NO_POOL,
    OUT_OF_RANGE,
    lasting,
    make_client,
    no_such_pool,
    nothing,
    tags,
)

NOT_ON_NOW = (
    "InvalidParameterException",
    "Cannot turn MFA functionality ON, once the user pool has been created.",
)
NO_CLIENT = "ResourceNotFoundException", "User pool client nosuchclient does not exist."


def update_pool(flow, **settings):
    return flow.aws.update_user_pool(UserPoolId=flow.pool_id, **settings)


def update_client(flow, **settings):
    return flow.aws.update_user_pool_client(
        UserPoolId=flow.pool_id, ClientId=flow.client_id, **settings
    )["UserPoolClient"]


def described(flow):
    return flow.aws.describe_user_pool(UserPoolId=flow.pool_id)["UserPool"]


def described_client(flow):
    return flow.aws.describe_user_pool_client(UserPoolId=flow.pool_id, ClientId=flow.client_id)[
        "UserPoolClient"
    ]


def unknown_client(flow):
    flow.client_id = "nosuchclient"


def in_another_pool(flow):
    flow.pool_id = flow.aws.create_user_pool(PoolName="another")["UserPool"]["Id"]


def arn(flow, pool_id=None, region=None, account=None):
    place = f"{region or flow.region}:{account or flow.account}"
    return f"arn:aws:cognito-idp:{place}:userpool/{pool_id or flow.pool_id}"


def tag(flow, resource=None, **changes):
    flow.aws.tag_resource(ResourceArn=resource or arn(flow), Tags=changes)


def tags_of(flow, resource=None):
    return flow.aws.list_tags_for_resource(ResourceArn=resource or arn(flow))["Tags"]


def list_clients(flow, **request):
    return flow.aws.list_user_pool_clients(UserPoolId=flow.pool_id, **request)


# fact: (the pool, what happens first, the call, the error)
ERRORS = {
    "1.7 no such pool, UpdateUserPool": ("tutorial", no_such_pool, update_pool, NO_POOL),
    "1.7 no such pool, UpdateUserPoolClient": ("tutorial", no_such_pool, update_client, NO_POOL),
    "1.7 no such client, UpdateUserPoolClient": (
        "tutorial",
        unknown_client,
        update_client,
        NO_CLIENT,
    ),
    "1.7 a client of another pool": (
        "tutorial",
        in_another_pool,
        update_client,
        ("ResourceNotFoundException", None),
    ),
    "1.7 no such pool, ListUserPoolClients": ("tutorial", no_such_pool, list_clients, NO_POOL),
    "12.1 MFA ON": (
        "no MFA",
        nothing,
        lambda f: update_pool(f, MfaConfiguration="ON"),
        NOT_ON_NOW,
    ),
    "12.1 MFA ON where it is OPTIONAL": (
        "optional MFA",
        nothing,
        lambda f: update_pool(f, MfaConfiguration="ON"),
        NOT_ON_NOW,
    ),
    **{
        f"12.5 {kind} an unknown attribute": (
            "tutorial",
            nothing,
            lambda f, kind=kind: update_client(
                f, **{f"{kind.capitalize()}Attributes": ["email", "custom:none"]}
            ),
            (
                "InvalidParameterException",
                f"Invalid {kind} attributes specified while updating a client",
            ),
        )
        for kind in ("read", "write")
    },
    "12.5 writing sub": (
        "tutorial",
        nothing,
        lambda f: update_client(f, WriteAttributes=["email", "sub"]),
        ("InvalidParameterException", "Invalid write attributes specified while updating a client"),
    ),
    "1.16 access token over a day": (
        "tutorial",
        nothing,
        lambda f: update_client(f, **lasting("AccessToken", 25, "hours")),
        OUT_OF_RANGE,
    ),
    "1.16 sessions over 15 minutes": (
        "tutorial",
        nothing,
        lambda f: update_client(f, AuthSessionValidity=16),
        INVALID,
    ),
    "1.16 old and new names of flows": (
        "tutorial",
        nothing,
        lambda f: update_client(
            f, ExplicitAuthFlows=["USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        ),
        INVALID,
    ),
    "D rotation beside the refresh flow": (
        "tutorial",
        nothing,
        lambda f: update_client(
            f, RefreshTokenRotation={"Feature": "ENABLED"}, ExplicitAuthFlows=TUTORIAL_FLOWS
        ),
        INVALID,
    ),
    "D over 50 tags, UpdateUserPool": (
        "tutorial",
        nothing,
        lambda f: update_pool(f, UserPoolTags=tags(51)),
        ("UserPoolTaggingException", None),
    ),
    "D over 50 tags, TagResource": (
        "tutorial",
        lambda f: tag(f, **tags(50)),
        lambda f: tag(f, one="more"),
        INVALID,
    ),
    "1.6 over 60 clients in a page": (
        "tutorial",
        nothing,
        lambda f: list_clients(f, MaxResults=61),
        INVALID,
    ),
    "choice: MFA OPTIONAL with nothing to do it by": (
        "no MFA",
        nothing,
        lambda f: update_pool(f, MfaConfiguration="OPTIONAL"),
        INVALID,
    ),
    "choice: page token that is none": (
        "tutorial",
        nothing,
        lambda f: list_clients(f, NextToken="???"),
        INVALID,
    ),
    "choice: tags of no such pool": ("tutorial", no_such_pool, tags_of, NO_POOL),
    "choice: tagging no such pool": ("tutorial", no_such_pool, tag, NO_POOL),
    "choice: tags of another account": (
        "tutorial",
        nothing,
        lambda f: tags_of(f, arn(f, account="999999999999")),
        ("ResourceNotFoundException", None),
    ),
    "choice: tags of another region": (
        "tutorial",
        nothing,
        lambda f: tags_of(f, arn(f, region="eu-west-1")),
        ("ResourceNotFoundException", None),
    ),
    "choice: tags of something else": (
        "tutorial",
        nothing,
        lambda f: tags_of(f, arn(f).replace("userpool/", "identitypool/")),
        ("ResourceNotFoundException", None),
    ),
}

NOT_IN_THE_EMULATOR = {
    "triggers": lambda f: update_pool(
        f, LambdaConfig={"UserMigration": "arn:aws:lambda:us-east-1:123456789012:function:x"}
    ),
    "earlier passwords": lambda f: update_pool(
        f, Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 1}}
    ),
    "addresses that wait": lambda f: update_pool(
        f, UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]}
    ),
    "web pages": lambda f: update_client(f, CallbackURLs=["https://example.com"]),
}


@pytest.mark.untagged
@pytest.mark.parametrize(("kind", "before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_changing_settings_is_rejected(make_flow, kind, before, call, error):
    flow = make_flow(kind)
    before(flow)
    with rejects(flow, *error):
        call(flow)


@pytest.mark.parametrize("call", NOT_IN_THE_EMULATOR.values(), ids=NOT_IN_THE_EMULATOR)
def test_an_unsupported_setting_is_named(flow, call):
    with rejects(
        flow,
        "NotInEmulatorException",
        re.compile(r"The emulator doesn't have .+\. Amazon Cognito does\."),
    ):
        call(flow)


# Pools

CHANGES = {
    "protection": {"DeletionProtection": "ACTIVE"},
    "what is verified": {"AutoVerifiedAttributes": ["email"]},
    "a subject": {"EmailVerificationSubject": "Hello"},
    "a message": {"EmailVerificationMessage": "Here is {####}"},
    "text messages": SMS,
    "devices": {"DeviceConfiguration": TRACKING},
    "tags": {"UserPoolTags": {"purpose": "test"}},
    "administrators alone": {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}},
    "recovery": {
        "AccountRecoverySetting": {
            "RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]
        }
    },
    "a plan": {"UserPoolTier": "LITE"},
    "the default sender": {"EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}},
    "a sender": {"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}},
    "the text of a code": {"SmsAuthenticationMessage": "Code {####}"},
}


@pytest.fixture
def untouched(make_flow):
    """A pool with nothing that isn't the default."""
    nothing_said = dict.fromkeys(
        ["AutoVerifiedAttributes", "Schema", "DeviceConfiguration", "UsernameConfiguration"]
    )
    return make_flow(mfa="OFF", pool=nothing_said)


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_setting_is_changed_and_returns_to_its_default_when_left_out(untouched, changes):
    """D"""
    before = described(untouched)
    untouched.wait(10)

    assert update_pool(untouched, **changes)["ResponseMetadata"]["HTTPStatusCode"] == 200

    after = described(untouched)
    assert (after.pop("LastModifiedDate") - before.pop("LastModifiedDate")).total_seconds() == 10
    assert {name for name in after if after[name] != before.get(name)} <= set(changes)
    assert all(includes(after[name], value) for name, value in changes.items())
    update_pool(untouched)
    default = described(untouched)
    del default["LastModifiedDate"]
    assert default == before


def includes(setting, value):
    """Whether `setting` has everything that `value` says; it may have more."""
    return (
        all(includes(setting[name], part) for name, part in value.items())
        if isinstance(value, dict)
        else setting == value
    )


def test_what_is_fixed_at_creation_stays(flow):
    """D: the schema and case sensitivity, whatever else an update leaves out."""
    before = described(flow)
    update_pool(flow)
    after = described(flow)
    kept = {"Id", "Name", "Arn", "SchemaAttributes", "UsernameConfiguration", "CreationDate"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert not {"AutoVerifiedAttributes", "DeviceConfiguration"} & set(after)
    # 12.1
    assert after["MfaConfiguration"] == "ON"
    assert after["Policies"] == before["Policies"]
    assert flow.aws.get_user_pool_mfa_config(UserPoolId=flow.pool_id)[
        "SoftwareTokenMfaConfiguration"
    ] == {"Enabled": True}


# boto3 can't send these members; other clients might.
SETTLED = {
    "Schema": [{"Name": "x", "AttributeDataType": "String"}],
    "UsernameConfiguration": {"CaseSensitive": True},
    "UsernameAttributes": ["email"],
    "AliasAttributes": ["email"],
}


@pytest.mark.parametrize("name", SETTLED)
def test_what_is_fixed_at_creation_cannot_be_changed(flow, name):
    """1.16: UsernameConfiguration is immutable. Choice: the words."""
    with unchanged(flow):
        code, message = flow.raw("UpdateUserPool", UserPoolId=flow.pool_id, **{name: SETTLED[name]})
    assert (code, message) == (
        "InvalidParameterException",
        f"{name} can't be changed after the user pool is created.",
    )


def test_a_pool_can_be_renamed(flow):
    """D"""
    update_pool(flow, PoolName="another name")
    assert described(flow)["Name"] == "another name"
    pages = flow.aws.get_paginator("list_user_pools").paginate(MaxResults=60)
    assert [
        pool["Name"] for page in pages for pool in page["UserPools"] if pool["Id"] == flow.pool_id
    ] == ["another name"]


def test_a_pools_description_can_be_sent_back(flow):
    """D: that is how to change one thing. O: but not both names for the life of a temporary
    password.
    """
    shown = described(flow)
    update = {
        name: shown[name]
        for name in flow.aws.meta.service_model.operation_model(
            "UpdateUserPool"
        ).input_shape.members
        if name in shown
    }
    both = (
        "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of"
        " UnusedAccountValidityDays"
    )
    with rejects(flow, "InvalidParameterException", both):
        update_pool(flow, **update)
    update_pool(flow, **update | {"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False}})
    assert described(flow) | {"LastModifiedDate": None} == shown | {"LastModifiedDate": None}


def test_each_policy_is_kept_by_itself(untouched):
    """12.1"""
    password = {"PasswordPolicy": {"MinimumLength": 12}}
    sign_in = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}}
    update_pool(untouched, Policies=password)
    for policies in ({}, {"Policies": {}}, {"Policies": sign_in}, {}):
        update_pool(untouched, **policies)
        assert includes(described(untouched)["Policies"], password)
    assert includes(described(untouched)["Policies"], sign_in)
    update_pool(untouched, Policies={"PasswordPolicy": {"MinimumLength": 13}})
    assert includes(described(untouched)["Policies"], sign_in)


@pytest.mark.parametrize("mfa", ["OFF", "OPTIONAL", "ON"])
def test_mfa_is_kept(make_flow, mfa):
    """12.1. Choice: the factors as well."""
    flow = make_flow(mfa=mfa)
    before = flow.aws.get_user_pool_mfa_config(UserPoolId=flow.pool_id)
    for said in ({}, {"MfaConfiguration": mfa}):
        update_pool(flow, **said)
        after = flow.aws.get_user_pool_mfa_config(UserPoolId=flow.pool_id)
        assert plain(after) == plain(before)


def test_mfa_may_be_optional_if_a_factor_is_configured(make_flow):
    """Choice"""
    flow = make_flow("no MFA")
    update_pool(flow, MfaConfiguration="OPTIONAL", **SMS)
    assert described(flow)["MfaConfiguration"] == "OPTIONAL"


def test_changed_settings_take_effect(flow):
    """1.1, 1.8, 1.16. Each at its next use: the policy, protection, the email and MFA."""
    update_pool(
        flow, Policies={"PasswordPolicy": {"MinimumLength": 20}}, DeletionProtection="ACTIVE"
    )
    with rejects(flow, "InvalidPasswordException"):
        flow.sign_up()
    with rejects(flow, "InvalidParameterException"):
        flow.aws.delete_user_pool(UserPoolId=flow.pool_id)
    update_pool(
        flow,
        Policies={"PasswordPolicy": {"MinimumLength": 8}},
        AutoVerifiedAttributes=["email"],
        EmailVerificationSubject="Hello",
        EmailVerificationMessage="Here is {####}",
    )
    assert flow.sign_up()["CodeDeliveryDetails"]
    (message,) = flow.emulator.inbox("alice")
    assert (message.destination, message.subject, message.body) == (
        EMAIL,
        "Hello",
        f"Here is {message.code}",
    )
    flow.confirm()
    assert flow.sign_in()["ChallengeName"] == "MFA_SETUP"
    update_pool(flow, MfaConfiguration="OFF")
    assert flow.sign_in()["AuthenticationResult"]
    flow.aws.delete_user_pool(UserPoolId=flow.pool_id)


# Clients

CLIENT_CHANGES = {
    "a name": {"ClientName": "another name"},
    "flows": {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]},
    "refresh tokens": {"RefreshTokenValidity": 10},
    "access tokens": lasting("AccessToken", 10, "minutes"),
    "ID tokens": lasting("IdToken", 10, "minutes"),
    "reading": {"ReadAttributes": ["email"]},
    "writing": {"WriteAttributes": ["email"]},
    "providers": {"SupportedIdentityProviders": ["COGNITO"]},
    "hiding": {"PreventUserExistenceErrors": "ENABLED"},
    "no revoking": {"EnableTokenRevocation": False},
    "sessions": {"AuthSessionValidity": 15},
    "rotation": {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 5}},
}


@pytest.mark.parametrize("changes", CLIENT_CHANGES.values(), ids=CLIENT_CHANGES)
def test_a_clients_setting_is_changed_and_returns_to_its_default_when_left_out(make_flow, changes):
    """D; except the name, which has no default (choice)."""
    flow = make_flow("secret", client={"GenerateSecret": True, "ExplicitAuthFlows": None})
    before = described_client(flow)
    flow.wait(10)

    after = update_client(flow, **changes)

    assert described_client(flow) == after
    assert (after.pop("LastModifiedDate") - before.pop("LastModifiedDate")).total_seconds() == 10
    assert after == before | changes
    update_client(flow)
    default = described_client(flow)
    del default["LastModifiedDate"]
    assert default == before | {
        name: value for name, value in changes.items() if name == "ClientName"
    }


def test_the_secret_and_the_id_stay(make_flow):
    """D"""
    flow = make_flow("secret")
    after = update_client(flow, ExplicitAuthFlows=TUTORIAL_FLOWS)
    assert (after["ClientId"], after["ClientSecret"], after["UserPoolId"]) == (
        flow.client_id,
        flow.secret,
        flow.pool_id,
    )
    assert flow.signed_in().tokens["AccessToken"]


def test_a_client_without_a_secret_does_not_get_one(flow):
    """D"""
    assert "ClientSecret" not in update_client(flow)


def test_a_clients_changed_settings_take_effect(no_mfa):
    """1.7, 10.7"""
    no_mfa.confirmed()
    update_client(
        no_mfa,
        ExplicitAuthFlows=TUTORIAL_FLOWS,
        PreventUserExistenceErrors="ENABLED",
        **lasting("AccessToken", 10, "minutes"),
    )
    with rejects(no_mfa, "NotAuthorizedException", "Incorrect username or password."):
        no_mfa.sign_in(username="nobody")
    no_mfa.sign_in()
    assert no_mfa.tokens["ExpiresIn"] == HOUR // 6
    update_client(no_mfa)
    with rejects(
        no_mfa, "InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"
    ):
        no_mfa.sign_in()


def test_a_refresh_token_keeps_its_lifetime(no_mfa):
    """Choice: the settings at the time a token is issued count."""
    no_mfa.signed_in()
    update_client(no_mfa, ExplicitAuthFlows=TUTORIAL_FLOWS, **lasting("RefreshToken", 1, "hours"))
    no_mfa.wait(HOUR)
    assert no_mfa.refresh()["AuthenticationResult"]
    no_mfa.sign_in()
    no_mfa.wait(HOUR)
    with rejects(no_mfa, "NotAuthorizedException", "Refresh Token has expired"):
        no_mfa.refresh()


def test_clients_are_listed_page_by_page_each_once(flow):
    """D: by ID and name, without a secret; only those of this pool."""
    made = {flow.client_id} | {
        make_client(GenerateSecret=True)(flow)["UserPoolClient"]["ClientId"] for _ in range(4)
    }
    elsewhere = flow.aws.create_user_pool(PoolName="another")["UserPool"]["Id"]
    flow.aws.create_user_pool_client(UserPoolId=elsewhere, ClientName="elsewhere")
    pages = list(
        flow.aws.get_paginator("list_user_pool_clients").paginate(
            UserPoolId=flow.pool_id, PaginationConfig={"PageSize": 2}
        )
    )
    assert [len(page["UserPoolClients"]) for page in pages] == [2, 2, 1]
    assert "NextToken" not in pages[-1]
    listed = [client for page in pages for client in page["UserPoolClients"]]
    assert {client["ClientId"] for client in listed} == made
    assert len(listed) == len(made)
    for client in listed:
        assert set(client) == {"ClientId", "UserPoolId", "ClientName"}
        assert client["UserPoolId"] == flow.pool_id
        assert client["ClientName"] == (
            "tutorial" if client["ClientId"] == flow.client_id else "another"
        )
    assert "NextToken" not in list_clients(flow, MaxResults=5)
    assert len(list_clients(flow)["UserPoolClients"]) == 5


def test_there_are_no_clients_that_registered_themselves(flow):
    """D: ClientType"""
    assert list_clients(flow, ClientType="DCR")["UserPoolClients"] == []
    assert len(list_clients(flow, ClientType="REGULAR")["UserPoolClients"]) == 1


def test_a_pool_without_clients_lists_none(flow):
    """D"""
    flow.aws.delete_user_pool_client(UserPoolId=flow.pool_id, ClientId=flow.client_id)
    assert list_clients(flow)["UserPoolClients"] == []


# Tags


@pytest.mark.untagged
def test_tags_are_added_and_replaced(flow):
    """D: they're those that DescribeUserPool shows."""
    assert tags_of(flow) == {}
    tag(flow, purpose="test", owner="ana")
    tag(flow, purpose="production", empty="")
    assert (
        tags_of(flow)
        == described(flow)["UserPoolTags"]
        == {
            "purpose": "production",
            "owner": "ana",
            "empty": "",
        }
    )


def test_tags_from_creation_are_listed(make_flow):
    """D"""
    flow = make_flow(pool={"UserPoolTags": {"purpose": "test"}})
    assert tags_of(flow, flow.pool["Arn"]) == {"purpose": "test"}


@pytest.mark.untagged
def test_fifty_tags_are_allowed(flow):
    """D. Changing a tag's value adds no tag."""
    tag(flow, **tags(50))
    tag(flow, **{"key 7": "another"})
    assert len(tags_of(flow)) == 50
    update_pool(flow, UserPoolTags=tags(50))
    assert tags_of(flow) == tags(50)
