"""Pools and app clients: their defaults, and what is rejected. BEHAVIOR.md, 1.6, 1.16, section 6
and 1.7 for the unknown ones.
"""

import json
import re

import pytest

from .flow import DAY, HOUR, MINUTE, SMS, plain, rejects

INVALID = "InvalidParameterException", None
OUT_OF_RANGE = "InvalidParameterException", "Invalid range for token validity."
OFF_AND_A_FACTOR = (
    "InvalidParameterException",
    "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
)
NO_FACTOR = (
    "InvalidParameterException",
    "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.",
)
NO_POOL = "ResourceNotFoundException", "User pool us-east-1_nosuchone does not exist."


def no_such_pool(flow):
    flow.pool_id = "us-east-1_nosuchone"


def nothing(flow):
    pass


def make_pool(**settings):
    return lambda f: f.aws.create_user_pool(PoolName="another", **settings)


def make_client(**settings):
    return lambda f: f.aws.create_user_pool_client(
        UserPoolId=f.pool_id, ClientName="another", **settings
    )


def set_mfa(**settings):
    return lambda f: f.aws.set_user_pool_mfa_config(UserPoolId=f.pool_id, **settings)


APP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}


def lasting(token, value, unit):
    return {f"{token}Validity": value, "TokenValidityUnits": {token: unit}}


def tags(number):
    return {f"key {n}": "value" for n in range(number)}


ROTATING = {"Feature": "ENABLED"}

# fact ("D" marks what the model documents, "O" words that were observed): (what happens first, the
# call, the error)
ERRORS = {
    "choice: phone numbers without text messages": (
        nothing,
        make_pool(AutoVerifiedAttributes=["phone_number"]),
        INVALID,
    ),
    "1.16 MFA ON without text messages": (nothing, make_pool(MfaConfiguration="ON"), INVALID),
    "1.16 MFA OPTIONAL without text messages": (
        nothing,
        make_pool(MfaConfiguration="OPTIONAL"),
        INVALID,
    ),
    "1.16 deleting a protected pool": (
        lambda f: setattr(
            f, "pool_id", make_pool(DeletionProtection="ACTIVE")(f)["UserPool"]["Id"]
        ),
        lambda f: f.aws.delete_user_pool(UserPoolId=f.pool_id),
        INVALID,
    ),
    "1.16 old and new names of flows": (
        nothing,
        make_client(ExplicitAuthFlows=["USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]),
        INVALID,
    ),
    "1.16 access token under 5 minutes": (
        nothing,
        make_client(**lasting("AccessToken", 299, "seconds")),
        OUT_OF_RANGE,
    ),
    "1.16 access token over a day": (
        nothing,
        make_client(**lasting("AccessToken", 25, "hours")),
        OUT_OF_RANGE,
    ),
    "1.16 ID token under 5 minutes": (
        nothing,
        make_client(**lasting("IdToken", 4, "minutes")),
        OUT_OF_RANGE,
    ),
    "1.16 ID token over a day": (
        nothing,
        make_client(**lasting("IdToken", 2, "days")),
        OUT_OF_RANGE,
    ),
    "1.16 refresh token under an hour": (
        nothing,
        make_client(**lasting("RefreshToken", 59, "minutes")),
        OUT_OF_RANGE,
    ),
    "1.16 refresh token over 3650 days": (
        nothing,
        make_client(**lasting("RefreshToken", 3651, "days")),
        OUT_OF_RANGE,
    ),
    "1.16 sessions over 15 minutes": (nothing, make_client(AuthSessionValidity=16), INVALID),
    "D rotation beside the refresh flow": (
        nothing,
        make_client(RefreshTokenRotation=ROTATING, ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"]),
        INVALID,
    ),
    "D over a minute of grace": (
        nothing,
        make_client(RefreshTokenRotation={**ROTATING, "RetryGracePeriodSeconds": 61}),
        INVALID,
    ),
    "D over 50 tags": (
        nothing,
        make_pool(UserPoolTags=tags(51)),
        ("UserPoolTaggingException", None),
    ),
    "O two names for one validity": (
        nothing,
        make_pool(
            AdminCreateUserConfig={"UnusedAccountValidityDays": 3},
            Policies={"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
        ),
        (
            "InvalidParameterException",
            (
                "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of"
                " UnusedAccountValidityDays"
            ),
        ),
    ),
    "1.6 over 60 pools in a page": (
        nothing,
        lambda f: f.aws.list_user_pools(MaxResults=61),
        INVALID,
    ),
    "1.7 no such pool, DescribeUserPool": (
        no_such_pool,
        lambda f: f.aws.describe_user_pool(UserPoolId=f.pool_id),
        NO_POOL,
    ),
    "1.7 no such pool, DeleteUserPool": (
        no_such_pool,
        lambda f: f.aws.delete_user_pool(UserPoolId=f.pool_id),
        NO_POOL,
    ),
    "1.7 no such pool, GetUserPoolMfaConfig": (
        no_such_pool,
        lambda f: f.aws.get_user_pool_mfa_config(UserPoolId=f.pool_id),
        NO_POOL,
    ),
    "1.7 no such pool, SetUserPoolMfaConfig": (
        no_such_pool,
        lambda f: f.aws.set_user_pool_mfa_config(UserPoolId=f.pool_id),
        NO_POOL,
    ),
    "1.7 no such pool, CreateUserPoolClient": (no_such_pool, make_client(), NO_POOL),
    "1.7 no such client": (
        nothing,
        lambda f: f.aws.describe_user_pool_client(UserPoolId=f.pool_id, ClientId="nosuchclient"),
        ("ResourceNotFoundException", "User pool client nosuchclient does not exist."),
    ),
    "1.7 a client of another pool": (
        lambda f: setattr(f, "pool_id", make_pool()(f)["UserPool"]["Id"]),
        lambda f: f.aws.delete_user_pool_client(UserPoolId=f.pool_id, ClientId=f.client_id),
        ("ResourceNotFoundException", None),
    ),
    "12.1 OFF and a factor": (nothing, set_mfa(MfaConfiguration="OFF", **APP), OFF_AND_A_FACTOR),
    "12.1 no MfaConfiguration and a factor": (nothing, set_mfa(**APP), OFF_AND_A_FACTOR),
    "12.1 OFF and a factor that is not enabled": (
        nothing,
        set_mfa(MfaConfiguration="OFF", SoftwareTokenMfaConfiguration={"Enabled": False}),
        OFF_AND_A_FACTOR,
    ),
    "12.1 OFF and codes by SMS": (nothing, set_mfa(SmsMfaConfiguration=SMS), OFF_AND_A_FACTOR),
    "11.13 OFF and codes by email": (
        nothing,
        set_mfa(EmailMfaConfiguration={"Subject": "Your code"}),
        OFF_AND_A_FACTOR,
    ),
    "12.1 ON without a factor, in a pool that has one": (
        nothing,
        set_mfa(MfaConfiguration="ON"),
        NO_FACTOR,
    ),
    "12.1 OPTIONAL without a factor, in a pool that has one": (
        nothing,
        set_mfa(MfaConfiguration="OPTIONAL"),
        NO_FACTOR,
    ),
    "12.1 ON with passkeys alone": (
        nothing,
        set_mfa(MfaConfiguration="ON", WebAuthnConfiguration={"UserVerification": "preferred"}),
        NO_FACTOR,
    ),
    "11.13 codes by email from the default sender": (
        nothing,
        set_mfa(MfaConfiguration="ON", EmailMfaConfiguration={"Subject": "Your code"}, **APP),
        (
            "InvalidParameterException",
            "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an"
            " EmailSendingAccount of COGNITO_DEFAULT.",
        ),
    ),
    "12.1 MfaConfiguration that is none": (
        nothing,
        set_mfa(MfaConfiguration="MAYBE"),
        (
            "InvalidParameterException",
            re.compile(r".* Member must satisfy enum value set: \[OPTIONAL, OFF, ON\]"),
        ),
    ),
    "12.1 by analogy, CreateUserPool: MfaConfiguration that is none": (
        nothing,
        make_pool(MfaConfiguration="MAYBE"),
        (
            "InvalidParameterException",
            re.compile(r".* Member must satisfy enum value set: \[OPTIONAL, OFF, ON\]"),
        ),
    ),
    **{
        f"12.5 writing {name}": (
            nothing,
            make_client(WriteAttributes=["email", name]),
            (
                "InvalidParameterException",
                "Invalid write attributes specified while creating a client",
            ),
        )
        for name in ("sub", "email_verified", "custom:none")
    },
    "12.5 by analogy: writing phone_number_verified": (
        nothing,
        make_client(WriteAttributes=["email", "phone_number_verified"]),
        ("InvalidParameterException", "Invalid write attributes specified while creating a client"),
    ),
    "12.5 writing without a required attribute": (
        nothing,
        make_client(WriteAttributes=["name"]),
        ("InvalidParameterException", "Invalid write attributes specified while creating a client"),
    ),
    "12.5 reading an unknown attribute": (
        nothing,
        make_client(ReadAttributes=["email", "custom:none"]),
        ("InvalidParameterException", "Invalid read attributes specified while creating a client"),
    ),
    "choice: custom attribute that is required": (
        nothing,
        make_pool(Schema=[{"Name": "x", "AttributeDataType": "String", "Required": True}]),
        INVALID,
    ),
    "choice: attribute without a name": (
        nothing,
        make_pool(Schema=[{"AttributeDataType": "String"}]),
        INVALID,
    ),
    "1.1 aliases, and attributes in the place of names": (
        nothing,
        make_pool(AliasAttributes=["email"], UsernameAttributes=["email"]),
        (
            "InvalidParameterException",
            re.compile(
                "(?i)Only one of the aliasAttributes or usernameAttributes can be set in a user"
                " pool."
            ),
        ),
    ),
    "choice: an alias that nobody could sign up with": (
        nothing,
        make_pool(
            AliasAttributes=["preferred_username"],
            Schema=[{"Name": "preferred_username", "Required": True}],
        ),
        INVALID,
    ),
    "choice: page token that is none": (
        nothing,
        lambda f: f.aws.list_user_pools(MaxResults=1, NextToken="???"),
        INVALID,
    ),
}

NOT_IN_THE_EMULATOR = {
    "changes that wait until they are verified": make_pool(
        UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]}
    ),
    "triggers": make_pool(
        LambdaConfig={"UserMigration": "arn:aws:lambda:us-east-1:123456789012:function:x"}
    ),
    "earlier passwords": make_pool(
        Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 1}}
    ),
    "web pages": make_client(CallbackURLs=["https://example.com"]),
    "an operation": lambda f: f.aws.list_identity_providers(UserPoolId=f.pool_id),
}


@pytest.mark.parametrize(("before", "call", "error"), ERRORS.values(), ids=ERRORS)
def test_a_pool_or_client_is_rejected(flow, before, call, error):
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


def test_a_pool_created_without_options_has_the_documented_defaults(flow):
    """1.16"""
    made = flow.aws.create_user_pool(PoolName="plain")["UserPool"]

    assert made["Name"] == "plain"
    assert made["MfaConfiguration"] == "OFF"
    assert made["Policies"]["PasswordPolicy"] == {
        "MinimumLength": 8,
        "RequireUppercase": True,
        "RequireLowercase": True,
        "RequireNumbers": True,
        "RequireSymbols": True,
        "TemporaryPasswordValidityDays": 7,
    }
    assert made["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False
    names = [attribute["Name"] for attribute in made["SchemaAttributes"]]
    assert (len(names), names[0], names[-1]) == (20, "sub", "updated_at")
    kinds = {
        attribute["Name"]: attribute["AttributeDataType"]
        for attribute in made["SchemaAttributes"]
        if attribute["AttributeDataType"] != "String"
    }
    assert kinds == {
        "email_verified": "Boolean",
        "phone_number_verified": "Boolean",
        "updated_at": "Number",
    }
    assert made["LambdaConfig"] == {}
    assert made["EstimatedNumberOfUsers"] == 0
    assert made["UserPoolTier"] == "ESSENTIALS"
    assert made["EmailConfiguration"]["EmailSendingAccount"] == "COGNITO_DEFAULT"
    assert not {"DeviceConfiguration", "UsernameConfiguration"} & set(made)
    assert made["CreationDate"] == made["LastModifiedDate"]
    assert flow.aws.describe_user_pool(UserPoolId=made["Id"])["UserPool"] == made


@pytest.mark.parametrize(
    "names",
    [
        {"UsernameAttributes": ["email"]},
        {"UsernameAttributes": ["phone_number", "email"]},
        {"AliasAttributes": ["email", "phone_number", "preferred_username"]},
        {"AliasAttributes": ["email"], "UsernameAttributes": []},
    ],
)
def test_a_pool_keeps_its_sign_in_names(flow, names):
    """1.16: DescribeUserPool has the same shape"""
    made = make_pool(**names)(flow)["UserPool"]
    assert {name: made[name] for name in names} == names
    assert not ({"UsernameAttributes", "AliasAttributes"} - set(names)) & set(made)


def test_ids_of_pools_and_clients_look_like_cognitos(flow):
    """Section 6"""
    assert re.fullmatch(flow.region + "_[0-9a-zA-Z]{9}", flow.pool_id)
    assert re.fullmatch("[0-9a-z]{25,26}", flow.client_id)
    assert re.fullmatch(
        f"arn:aws:cognito-idp:{flow.region}:[0-9]{{12}}:userpool/{flow.pool_id}", flow.pool["Arn"]
    )


def test_a_pool_counts_its_users_and_keeps_the_date_of_its_last_change(no_mfa):
    """1.16"""
    no_mfa.sign_up("bob")
    no_mfa.signed_in()
    described = no_mfa.aws.describe_user_pool(UserPoolId=no_mfa.pool_id)["UserPool"]
    assert described["EstimatedNumberOfUsers"] == 2
    no_mfa.wait(10)
    no_mfa.aws.delete_user(AccessToken=no_mfa.tokens["AccessToken"])
    no_mfa.aws.set_user_pool_mfa_config(UserPoolId=no_mfa.pool_id, MfaConfiguration="OFF")
    later = no_mfa.aws.describe_user_pool(UserPoolId=no_mfa.pool_id)["UserPool"]
    assert later["EstimatedNumberOfUsers"] == 1
    assert (later["LastModifiedDate"] - later["CreationDate"]).total_seconds() == 10


def test_a_given_policy_requires_only_what_it_says(make_flow):
    """Choice."""
    flow = make_flow("no MFA", pool={"Policies": {"PasswordPolicy": {"MinimumLength": 6}}})
    assert flow.sign_up(password="letter")["UserSub"]


@pytest.mark.parametrize("mfa", ["OPTIONAL", "ON"])
def test_setting_mfa_returns_what_was_set(no_mfa, mfa):
    """1.16, and GetUserPoolMfaConfig says the same. 12.1: a pool goes from OFF to ON."""
    setting = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": mfa}
    assert plain(set_mfa(**setting)(no_mfa)) == setting
    assert mfa_of(no_mfa) == setting
    described = no_mfa.aws.describe_user_pool(UserPoolId=no_mfa.pool_id)["UserPool"]
    assert described["MfaConfiguration"] == mfa


@pytest.mark.parametrize("said", [{}, {"MfaConfiguration": "OFF"}], ids=["omitted", "OFF"])
def test_setting_mfa_replaces_what_was_set(flow, said):
    """12.1: nothing is OFF, and the factor is gone from both responses."""
    assert mfa_of(flow) == {**APP, "MfaConfiguration": "ON"}
    assert plain(set_mfa(**said)(flow)) == {"MfaConfiguration": "OFF"}
    assert mfa_of(flow) == {"MfaConfiguration": "OFF"}


def test_an_untouched_pool_names_no_factor(no_mfa):
    """12.1"""
    assert mfa_of(no_mfa) == {"MfaConfiguration": "OFF"}


def test_mfa_may_be_on_with_a_factor_that_is_not_enabled(no_mfa):
    """12.1: accepted"""
    set_mfa(MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": False})(no_mfa)
    assert mfa_of(no_mfa)["MfaConfiguration"] == "ON"


@pytest.mark.parametrize("mfa", ["OPTIONAL", "ON"])
def test_a_pool_with_text_messages_is_created_with_mfa_and_shows_them(make_flow, mfa):
    """12.1"""
    flow = make_flow(mfa="OFF", pool={**SMS, "MfaConfiguration": mfa})
    shown = flow.aws.describe_user_pool(UserPoolId=flow.pool_id)["UserPool"]
    assert (shown["MfaConfiguration"], shown["SmsConfiguration"]) == (mfa, SMS["SmsConfiguration"])
    assert mfa_of(flow) == {"SmsMfaConfiguration": SMS, "MfaConfiguration": mfa}


def test_mfa_setup_names_text_messages_too(make_flow):
    """12.1"""
    flow = make_flow(pool={**SMS, "MfaConfiguration": "ON"}).confirmed()
    offered = json.loads(flow.sign_in()["ChallengeParameters"]["MFAS_CAN_SETUP"])
    assert set(offered) == {"SMS_MFA", "SOFTWARE_TOKEN_MFA"}


def mfa_of(flow):
    return plain(flow.aws.get_user_pool_mfa_config(UserPoolId=flow.pool_id))


# Old flow names: whether SRP is allowed
OLD_NAMES = {
    "password": (["USER_PASSWORD_AUTH"], True),
    "password by an administrator": (["ADMIN_NO_SRP_AUTH"], True),
    "custom only": (["CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"], False),
}


@pytest.mark.parametrize(("flows", "allowed"), OLD_NAMES.values(), ids=OLD_NAMES)
def test_a_client_with_old_flow_names_may_use_srp(make_flow, flows, allowed):
    """12.1"""
    flow = make_flow("no MFA", client={"ExplicitAuthFlows": flows}).confirmed()
    if allowed:
        assert flow.srp_sign_in()["AuthenticationResult"]
        return
    with rejects(flow, "InvalidParameterException", "USER_SRP_AUTH is not enabled for the client."):
        flow.srp_begin()


def test_a_client_created_without_options_has_the_documented_defaults(flow):
    """1.16: PreventUserExistenceErrors is LEGACY and the flows are refresh and SRP, whether or not
    the response says so. A session lasts 3 minutes.
    """
    made = make_client()(flow)["UserPoolClient"]

    assert made["RefreshTokenValidity"] == 30
    assert made["AuthSessionValidity"] == 3
    assert made["EnableTokenRevocation"] is True
    assert "ClientSecret" not in made
    assert made.get("PreventUserExistenceErrors", "LEGACY") == "LEGACY"
    assert (
        flow.aws.describe_user_pool_client(UserPoolId=flow.pool_id, ClientId=made["ClientId"])[
            "UserPoolClient"
        ]
        == made
    )
    flow.client_id = made["ClientId"]
    with rejects(
        flow, "InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"
    ):
        flow.sign_in()
    with rejects(flow, "NotAuthorizedException", re.compile(r"Invalid Refresh Token\.?")):
        flow.refresh("no such token")
    flow.confirmed()
    assert flow.srp_sign_in()["ChallengeName"] == "MFA_SETUP"
    flow.wait(3 * MINUTE - 1).associate()
    flow.wait(3 * MINUTE)
    with rejects(
        flow, "NotAuthorizedException", "Invalid session for the user, session is expired."
    ):
        flow.associate()
    with rejects(flow, "UserNotFoundException", "User does not exist."):
        flow.username = "nobody"
        flow.srp_begin()


def test_a_secret_is_generated_only_on_request(flow):
    """Section 6"""
    made = make_client(GenerateSecret=True)(flow)["UserPoolClient"]
    assert re.fullmatch("[0-9a-z]{51,52}", made["ClientSecret"])
    assert "ClientSecret" not in make_client(GenerateSecret=False)(flow)["UserPoolClient"]


IN_RANGE = {
    "5 minutes of access": lasting("AccessToken", 300, "seconds"),
    "a day of access": lasting("AccessToken", 24, "hours"),
    "a day of access, in minutes": lasting("AccessToken", DAY // MINUTE, "minutes"),
    "5 minutes of identity": lasting("IdToken", 5, "minutes"),
    "a day of identity": lasting("IdToken", 1, "days"),
    "an hour to refresh": lasting("RefreshToken", HOUR // MINUTE, "minutes"),
    "ten years to refresh": lasting("RefreshToken", 3650, "days"),
    "15 minutes for a session": {"AuthSessionValidity": 15},
    "a minute of grace": {
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}
    },
    "no rotation, and the refresh flow": {
        "RefreshTokenRotation": {"Feature": "DISABLED", "RetryGracePeriodSeconds": 0},
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
    },
    "old names of flows": {"ExplicitAuthFlows": ["USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"]},
    "new names of flows": {
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    },
}


@pytest.mark.parametrize("settings", IN_RANGE.values(), ids=IN_RANGE)
def test_a_clients_settings_may_be_at_both_ends_of_their_ranges(flow, settings):
    """1.16"""
    made = make_client(**settings)(flow)["UserPoolClient"]
    assert {name: made[name] for name in settings} == settings


def test_a_deleted_pool_takes_everything_with_it(no_mfa):
    """Choice: at once, while the service keeps an inactive pool for 14 days that no one sees
    (1.16)
    """
    no_mfa.signed_in()
    no_mfa.aws.delete_user_pool(UserPoolId=no_mfa.pool_id)
    left = {table: rows for table, rows in no_mfa.state().items() if rows}
    assert set(left) == {"meta"}


def test_deleting_a_client_signs_its_users_out(no_mfa):
    """Choice: nothing is known about it except that the client is gone."""
    no_mfa.signed_in()
    no_mfa.aws.delete_user_pool_client(UserPoolId=no_mfa.pool_id, ClientId=no_mfa.client_id)
    with rejects(no_mfa, "NotAuthorizedException"):
        no_mfa.get_user()
    with rejects(
        no_mfa, "ResourceNotFoundException", f"User pool client {no_mfa.client_id} does not exist."
    ):
        no_mfa.sign_in()


def test_pools_are_listed_page_by_page_each_once(flow):
    """1.6"""
    made = {flow.pool_id} | {make_pool()(flow)["UserPool"]["Id"] for _ in range(4)}
    first = flow.aws.list_user_pools(MaxResults=2)
    assert len(first["UserPools"]) == 2
    pages = list(flow.aws.get_paginator("list_user_pools").paginate(MaxResults=2))
    assert "NextToken" not in pages[-1]
    listed = [pool["Id"] for page in pages for pool in page["UserPools"]]
    assert len(listed) == len(set(listed))
    assert made <= set(listed)
    assert {"Id", "Name", "LambdaConfig", "LastModifiedDate", "CreationDate"} <= set(
        first["UserPools"][0]
    )
    if not flow.elsewhere:
        # A Region without any other pools
        assert [len(page["UserPools"]) for page in pages] == [2, 2, 1]
        assert set(listed) == made
        assert "NextToken" not in flow.aws.list_user_pools(MaxResults=5)


def test_a_pool_is_known_only_in_its_own_region(flow):
    """Section 0: each Region has its own endpoint; section 6 for the ID"""
    elsewhere = flow.emulator.client("eu-west-1")
    made = elsewhere.create_user_pool(PoolName="elsewhere")["UserPool"]["Id"]
    assert made.startswith("eu-west-1_")
    assert [pool["Id"] for pool in elsewhere.list_user_pools(MaxResults=60)["UserPools"]] == [made]
    assert [pool["Id"] for pool in flow.aws.list_user_pools(MaxResults=60)["UserPools"]] == [
        flow.pool_id
    ]
    flow.pool_id = made
    with rejects(flow, "ResourceNotFoundException", f"User pool {made} does not exist."):
        flow.aws.describe_user_pool(UserPoolId=made)
