"""Inspecting a pool: every setting the lessons need is checked, and what's said to fail does
fail."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from cognito_helpers import examine, use_pool
from cognito_helpers.backends.local import EmulatorBackend
from cognito_helpers.errors import LessonError
from cognito_helpers.lab.lab import Lab
from cognito_helpers.lessons.pool_inspection import LOOKS, Examination, look
from cognito_helpers.lessons.prerequisites import A_POOL, AN_ENROLLED_USER, missing_steps
from cognito_helpers.sign_in.next_step import UnexpectedChallenge
from cognito_helpers.sign_in.scenario import Scenario
from cognito_helpers.tutorial_pool.lessons import Lesson
from cognito_helpers.tutorial_pool.requirements import (
    CLIENT_RULES,
    RULES,
    SIGN_IN,
    WITH_USERS,
    Seen,
)
from cognito_helpers.tutorial_pool.settings import (
    CLIENT_SETTINGS,
    MFA_SETTINGS,
    POOL_NAME,
    POOL_SETTINGS,
    how_many_users,
    random_password,
)
from tests.test_scenario import WHOLE
from tests.tutorial_pool import Scripted, TutorialPool, tutorial_pool

OPEN = {"MinimumLength": 6}
EMAIL = {"Name": "email", "Required": True, "Mutable": False}
FLOWS = CLIENT_SETTINGS["ExplicitAuthFlows"]


def make(
    pool: TutorialPool, client: dict[str, Any], mfa: dict[str, Any], settings: dict[str, Any]
) -> TutorialPool:
    """Create another pool in the same emulator, with other settings."""
    cognito = pool.client
    given = {
        name: value for name, value in {**POOL_SETTINGS, **settings}.items() if value is not None
    }
    pool.id = cognito.create_user_pool(PoolName="other", **given)["UserPool"]["Id"]
    off = mfa.get("MfaConfiguration") == "OFF"
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool.id, **(mfa if off else {**MFA_SETTINGS, **mfa})
    )
    wanted = {
        name: value for name, value in {**CLIENT_SETTINGS, **client}.items() if value is not None
    }
    made = cognito.create_user_pool_client(UserPoolId=pool.id, ClientName="other", **wanted)[
        "UserPoolClient"
    ]
    pool.client_id, pool.secret = made["ClientId"], None
    pool.wrapper = type(pool.wrapper)(cognito, pool.id, pool.client_id)
    return pool


class Difference(NamedTuple):
    """What's different from the tutorial's pool, and some words of what's said about it."""

    settings: dict[str, Any]
    words: str


DIFFERENT = {
    "MFA off": Difference(settings={"mfa": {"MfaConfiguration": "OFF"}}, words="MFA is OFF"),
    "MFA optional": Difference(
        settings={"mfa": {"MfaConfiguration": "OPTIONAL"}}, words="MFA is OPTIONAL"
    ),
    "no authenticator apps": Difference(
        settings={
            "mfa": {
                "MfaConfiguration": "OPTIONAL",
                "SoftwareTokenMfaConfiguration": {"Enabled": False},
            }
        },
        words="MFA is OPTIONAL",
    ),
    "no device tracking": Difference(
        settings={"DeviceConfiguration": None}, words="doesn't track devices"
    ),
    "a device replaces nothing": Difference(
        settings={"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": False}},
        words="ChallengeRequiredOnNewDevice",
    ),
    "devices on request": Difference(
        settings={
            "DeviceConfiguration": {
                "ChallengeRequiredOnNewDevice": True,
                "DeviceOnlyRememberedOnUserPrompt": True,
            }
        },
        words="DeviceOnlyRememberedOnUserPrompt",
    ),
    "nobody signs up": Difference(
        settings={"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}},
        words="AllowAdminCreateUserOnly",
    ),
    "nothing verified": Difference(
        settings={"AutoVerifiedAttributes": None}, words="No code is sent by email"
    ),
    "a name required": Difference(
        settings={"Schema": [EMAIL, {"Name": "given_name", "Required": True, "Mutable": True}]},
        words="must also give: given_name",
    ),
    "an address as the name": Difference(
        settings={"UsernameAttributes": ["email"], "UsernameConfiguration": None},
        words="sign up with: email",
    ),
    "an alias": Difference(
        settings={"AliasAttributes": ["email"]}, words="also sign in with: email"
    ),
    "no address required": Difference(
        settings={"Schema": [{**EMAIL, "Required": False}]}, words="isn't required"
    ),
    "a mutable address": Difference(
        settings={"Schema": [{**EMAIL, "Mutable": True}]}, words="may change the email"
    ),
    "case-sensitive": Difference(
        settings={"UsernameConfiguration": {"CaseSensitive": True}}, words="two users"
    ),
    "case-sensitive by default": Difference(
        settings={"UsernameConfiguration": None}, words="two users"
    ),
    "long passwords": Difference(
        settings={"Policies": {"PasswordPolicy": {**OPEN, "MinimumLength": 30}}},
        words="more than 20 characters",
    ),
    "protected": Difference(
        settings={"DeletionProtection": "ACTIVE"}, words="protected against deletion"
    ),
    "no tag": Difference(
        settings={"UserPoolTags": None},
        words="doesn't have the tutorial's tag (made-by: cognito-tutorial)",
    ),
    "Plus": Difference(settings={"UserPoolTier": "PLUS"}, words="Plus feature plan"),
    "a client's secret": Difference(
        settings={"client": {"GenerateSecret": True}}, words="has a secret"
    ),
    "no password flow": Difference(
        settings={
            "client": {
                "ExplicitAuthFlows": [flow for flow in FLOWS if flow != "ALLOW_USER_PASSWORD_AUTH"]
            }
        },
        words="ALLOW_USER_PASSWORD_AUTH",
    ),
    "no admin flow": Difference(
        settings={"client": {"ExplicitAuthFlows": [flow for flow in FLOWS if "ADMIN" not in flow]}},
        words="ALLOW_ADMIN_USER_PASSWORD_AUTH",
    ),
    "no refreshing": Difference(
        settings={
            "client": {"ExplicitAuthFlows": [flow for flow in FLOWS if "REFRESH" not in flow]}
        },
        words="ALLOW_REFRESH_TOKEN_AUTH",
    ),
    "no SRP": Difference(
        settings={"client": {"ExplicitAuthFlows": [flow for flow in FLOWS if "SRP" not in flow]}},
        words="ALLOW_USER_SRP_AUTH",
    ),
    "the service's own flows": Difference(
        settings={"client": {"ExplicitAuthFlows": None}},
        words="ALLOW_USER_PASSWORD_AUTH",
    ),
    "rotation": Difference(
        settings={
            "client": {
                "ExplicitAuthFlows": FLOWS[:3],
                "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
            }
        },
        words="RefreshTokenRotation",
    ),
    "no revocation": Difference(
        settings={"client": {"EnableTokenRevocation": False}}, words="EnableTokenRevocation"
    ),
    "short sessions": Difference(
        settings={"client": {"AuthSessionValidity": 3}}, words="only valid for 3 minutes"
    ),
    "users hidden": Difference(
        settings={"client": {"PreventUserExistenceErrors": "ENABLED"}},
        words="PreventUserExistenceErrors",
    ),
    "no writing": Difference(
        # If email is required, the service rejects a client that may not write it.
        settings={"Schema": None, "client": {"WriteAttributes": ["name"]}},
        words="WriteAttributes",
    ),
    "no reading": Difference(
        settings={"client": {"ReadAttributes": ["name"]}}, words="ReadAttributes"
    ),
}


# The lesson's user tries to sign up, as on the emulator, and can't.
SIGNS_UP_IN_VAIN = {
    "nobody signs up",
    "nothing verified",
    "a name required",
    "long passwords",
    "no writing",
}


def findings(pool: TutorialPool) -> list[Any]:
    return Examination(look(pool.client, pool.id, pool.client_id)).findings


class NoRetries(Scripted):
    """Retries nothing."""

    def again(self, error: ClientError) -> None:
        raise error


def walks(pool: TutorialPool) -> bool:
    """Whether the whole scenario, which the lessons show, works as written."""
    person = NoRetries(pool)
    try:
        made = [call.operation for call in Scenario(pool.wrapper, person).run()]
    except (ClientError, UnexpectedChallenge, LessonError, KeyError, IndexError):
        return False
    return made == WHOLE


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_difference_is_reported_and_the_flow_fails_there(name):
    settings, words = deepcopy(DIFFERENT[name])
    client, mfa = settings.pop("client", {}), settings.pop("mfa", {})
    with tutorial_pool() as pool:
        make(pool, client, mfa, settings)
        found = findings(pool)
        assert any(words in finding.what for finding in found), found
        assert all(finding.do.endswith(".") and "{}" not in finding.what for finding in found)
        assert walks(pool) == (
            not any(Lesson.BUILD_AN_APP in finding.lessons for finding in found)
        ), found


@pytest.mark.parametrize("name", DIFFERENT)
def test_the_first_cell_says_what_is_missing_if_no_lesson_works_and_creates_no_user(name, lab):
    settings, words = deepcopy(DIFFERENT[name])
    theirs = TutorialPool(lab.backend._emulator, lab.backend._emulator.client("us-east-1"))
    make(
        theirs,
        settings.pop("client", {}),
        settings.pop("mfa", {}),
        {"UserPoolTags": None, **settings},
    )
    use_pool(lab, theirs.id, theirs.client_id)
    stopped = []
    for needs in (A_POOL, AN_ENROLLED_USER):
        try:
            list(missing_steps(lab, needs))
        except (LessonError, ClientError) as sentence:
            if "forget_pool()" in str(sentence):
                stopped.append(needs)
                assert words in str(sentence) and theirs.statuses() == {}
            else:
                assert name in SIGNS_UP_IN_VAIN
    found = [finding.lessons for finding in examine(lab).findings]
    assert stopped == ([A_POOL] if WITH_USERS in found else []) + (
        [AN_ENROLLED_USER] if {SIGN_IN, WITH_USERS} & {*found} else []
    )


def test_the_tutorials_own_pool_has_no_findings():
    with tutorial_pool() as pool:
        assert findings(pool) == [] and walks(pool)


def test_every_setting_of_the_tutorial_is_checked():
    """Changing any setting the first lesson makes gives a finding."""
    named = " ".join(str(settings) for settings, _ in DIFFERENT.values())
    for setting in [
        *POOL_SETTINGS,
        *MFA_SETTINGS,
        *CLIENT_SETTINGS,
        *POOL_SETTINGS["DeviceConfiguration"],
    ]:
        assert setting in named, setting


def seen(
    pool: dict[str, Any] | None = None,
    mfa: dict[str, Any] | None = None,
    client: dict[str, Any] | None = None,
) -> Seen:
    """The tutorial's pool as a service would show it with a setting the emulator doesn't have."""
    with tutorial_pool() as made:
        now = look(made.client, made.id, made.client_id)
    return Seen(now.pool | (pool or {}), now.mfa | (mfa or {}), now.client | (client or {}))


# The cases of DIAGNOSE have separate emulators.
# These lessons come before MFA, or have pools of their own.
FROM_MFA_ON = set(Lesson) - {
    Lesson.CREATE_A_USER_POOL,
    Lesson.SIGN_UP,
    Lesson.OTHER_FACTORS,
    Lesson.PASSWORDLESS,
    Lesson.CUSTOM_CHALLENGES,
    Lesson.DIAGNOSE,
}


@pytest.mark.parametrize(
    ("changed", "lessons", "words"),
    [
        (
            seen(mfa={"SmsMfaConfiguration": {"SmsConfiguration": {}}}),
            {Lesson.SET_UP_MFA, Lesson.SIGN_IN},
            "offers text messages",
        ),
        (
            seen(mfa={"EmailMfaConfiguration": {"Subject": "x"}}),
            {Lesson.SET_UP_MFA, Lesson.SIGN_IN},
            "offers email",
        ),
        (
            seen(
                mfa={
                    "SoftwareTokenMfaConfiguration": {"Enabled": False},
                    "SmsMfaConfiguration": {"x": 1},
                }
            ),
            FROM_MFA_ON,
            "aren't among",
        ),
        (
            seen(pool={"AutoVerifiedAttributes": ["email", "phone_number"]}),
            {Lesson.START_HERE, Lesson.SIGN_UP, Lesson.BUILD_AN_APP},
            "text message",
        ),
        (
            seen(pool={"VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}}),
            {Lesson.START_HERE, Lesson.SIGN_UP, Lesson.BUILD_AN_APP},
            "has a link",
        ),
        (
            seen(pool={"LambdaConfig": {"PreSignUp": "arn:x", "CustomMessage": "arn:y"}}),
            {Lesson.SIGN_UP, Lesson.SET_UP_MFA, Lesson.SIGN_IN, Lesson.BUILD_AN_APP},
            "CustomMessage, PreSignUp",
        ),
        (
            seen(pool={"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}),
            {Lesson.SIGN_IN},
            "Threat protection",
        ),
        (
            seen(pool={"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}),
            set(),
            "Amazon SES",
        ),
        (
            seen(client={"ExplicitAuthFlows": ["USER_PASSWORD_AUTH"]}),
            FROM_MFA_ON,
            "doesn't allow ALLOW_ADMIN",
        ),
    ],
)
def test_settings_of_the_real_service_alone_are_reported_too(changed, lessons, words):
    (found,) = (finding for finding in Examination(changed).findings if words in finding.what)
    assert found.lessons == lessons


@pytest.mark.parametrize(("length", "found"), [(6, 0), (20, 0), (21, 1), (99, 1)])
def test_a_pool_may_require_passwords_of_20_characters(length, found):
    changed = seen(pool={"Policies": {"PasswordPolicy": {"MinimumLength": length}}})
    assert len(Examination(changed).findings) == found


def test_the_labs_own_passwords_have_20_characters():
    assert {len(random_password()) for _ in range(50)} == {20}


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 users"), (1, "1 user"), (2, "2 users"), (None, "0 users")]
)
def test_the_number_of_users_is_shown_in_words(count, words):
    pool = {} if count is None else {"EstimatedNumberOfUsers": count}
    assert how_many_users(pool) == f"about {words}"


def test_old_names_of_flows_are_accepted():
    assert (
        Examination(
            seen(client={"ExplicitAuthFlows": ["USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"]})
        ).findings
        == []
    )


def test_every_rule_names_lessons_by_their_numbers():
    for rule in RULES + CLIENT_RULES:
        assert all(re.fullmatch(r"\d\d", number) for number in rule.lessons), rule.what


def test_findings_are_text_and_a_table_without_secrets():
    with tutorial_pool() as pool:
        make(
            pool,
            {"GenerateSecret": True},
            {"MfaConfiguration": "OPTIONAL"},
            {"UserPoolTags": {"<b>": "x"}},
        )
        now = look(pool.client, pool.id, pool.client_id)
        found = Examination(now)
        secret = pool.client.describe_user_pool_client(UserPoolId=pool.id, ClientId=pool.client_id)[
            "UserPoolClient"
        ]["ClientSecret"]
    text = repr(found)
    assert (
        "The tutorial didn't create it. It has about 0 users, and the lab doesn't change them."
        in text
    )
    assert (
        f"- lessons {', '.join(sorted(FROM_MFA_ON))}: MFA is OPTIONAL" in text
        and "its owner can set it with SetUserPoolMfaConfig" in text
    )
    for shown in (text, found._repr_html_(), repr(now), str(vars(now))):
        assert secret not in shown
    assert found._repr_html_().count("<tr>") == len(found.findings) + 1


# In the lab


@pytest.fixture(name="lab")
def lab_on_the_emulator(tmp_path):
    return Lab(EmulatorBackend(tmp_path))


def own_pool(lab: Lab) -> None:
    lab.pool_id = lab.cognito.create_user_pool(PoolName=POOL_NAME, **POOL_SETTINGS)["UserPool"][
        "Id"
    ]
    lab.client_id = lab.cognito.create_user_pool_client(
        UserPoolId=lab.pool_id, ClientName="x", **CLIENT_SETTINGS
    )["UserPoolClient"]["ClientId"]


def test_at_aws_our_pool_is_checked_again_until_its_settings_show(lab, capsys):
    own_pool(lab)
    lab.backend.shows_changes_late = True
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            lab.cognito.set_user_pool_mfa_config(UserPoolId=lab.pool_id, **MFA_SETTINGS)

    assert examine(lab, sleep).findings == [] and slept == [1, 1]
    assert f"isn't as it should be yet: look 2 of {LOOKS}" in capsys.readouterr().out
    lab.cognito.set_user_pool_mfa_config(
        UserPoolId=lab.pool_id, **{**MFA_SETTINGS, "MfaConfiguration": "OPTIONAL"}
    )
    slept.clear()
    slept += [0] * 5
    assert "OPTIONAL" in repr(examine(lab, slept.append)) and len(slept) == 5 + LOOKS - 1


def test_there_is_no_wait_on_the_emulator_and_in_another_persons_pool(lab):
    def sleep(_: float) -> None:
        raise AssertionError

    own_pool(lab)
    assert examine(lab, sleep).findings
    lab.backend.shows_changes_late = True
    other = lab.cognito.create_user_pool(PoolName="x")["UserPool"]["Id"]
    lab.pool_id, lab.client_id = other, None
    assert not examine(lab, sleep).ours
    lab.pool_id = None
    with pytest.raises(LessonError, match="no pool to examine"):
        examine(lab, sleep)


def test_an_existing_pool_is_used_and_left_unchanged(lab, capsys):
    own_pool(lab)
    before, lab.username = lab.pool_id, "ana"
    theirs = lab.cognito.create_user_pool(PoolName="theirs")["UserPool"]
    found = use_pool(lab, theirs["Id"])
    assert found and "with no app client yet" in found.headline
    assert (lab.pool_id, lab.client_id, lab.username) == (theirs["Id"], None, None)
    assert f"The lessons used pool {before} before. It still exists." in capsys.readouterr().out
    now = lab.cognito.describe_user_pool(UserPoolId=theirs["Id"])["UserPool"]
    assert now == theirs
    client_id = lab.backend._emulator.client("us-east-1").create_user_pool_client(
        UserPoolId=theirs["Id"], ClientName="x"
    )["UserPoolClient"]["ClientId"]
    use_pool(lab, theirs["Id"], client_id)
    assert (lab.pool_id, lab.client_id) == (theirs["Id"], client_id)
    # No longer named: the lessons create their own and continue with that.
    use_pool(lab, theirs["Id"])
    assert lab.client_id is None
    lab.client_id = lab.cognito.create_user_pool_client(UserPoolId=theirs["Id"], ClientName="x")[
        "UserPoolClient"
    ]["ClientId"]
    use_pool(lab, theirs["Id"])
    assert lab.client_id not in (None, client_id)


def test_without_an_id_the_lab_uses_the_pool_it_created_with_that_name(lab, capsys):
    """A lesson can be run again without creating another pool."""
    list(missing_steps(lab, A_POOL))
    quick, lab.username = (lab.pool_id, lab.client_id), "ana"
    use_pool(lab, "", name="mine")
    assert (lab.pool_id, lab.client_id, lab.username) == (None, None, None)
    assert "You haven't created a pool named “mine” yet." in capsys.readouterr().out
    lab.pool_id = lab.cognito.create_user_pool(PoolName="mine", **POOL_SETTINGS)["UserPool"]["Id"]
    list(missing_steps(lab, A_POOL))
    mine, lab.username = (lab.pool_id, lab.client_id), "bea"
    lab.cognito.create_user_pool_client(UserPoolId=lab.pool_id, ClientName="another")
    use_pool(lab, "", name="mine")
    assert ((lab.pool_id, lab.client_id), lab.username) == (mine, "bea")
    lab.forget_pool()
    use_pool(lab, "", name="mine")
    assert (lab.pool_id, lab.client_id) == mine
    lab.cognito.delete_user_pool(UserPoolId=mine[0])
    lab.forget_pool()
    use_pool(lab, "", name="mine")
    assert lab.pool_id is None
    use_pool(lab, quick[0])
    assert (lab.pool_id, lab.client_id) == quick


def test_a_pool_chosen_by_its_id_stays_chosen(lab, capsys):
    theirs = lab.backend._emulator.client("us-east-1").create_user_pool(PoolName="theirs")
    use_pool(lab, theirs["UserPool"]["Id"])
    use_pool(lab, "", name="mine")
    assert lab.pool_id == theirs["UserPool"]["Id"]
    assert "which you chose by its ID" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("pool_id", "client_id", "words"),
    [
        (
            "eu-west-1_AAAAAAAAA",
            "",
            "Pool eu-west-1_AAAAAAAAA is in the Region eu-west-1, and the lab uses us-east-1",
        ),
        (
            "us-east-1_AAAAAAAAA",
            "",
            "User pool us-east-1_AAAAAAAAA does not exist in us-east-1 of this account",
        ),
        ("OURS", "abc", "User pool client abc does not exist in us-east-1 of this account"),
    ],
)
def test_a_missing_pool_or_client_changes_nothing(lab, pool_id, client_id, words):
    own_pool(lab)
    before = lab.pool_id, lab.client_id
    with pytest.raises(LessonError, match=words):
        use_pool(lab, pool_id.replace("OURS", lab.pool_id), client_id)
    assert (lab.pool_id, lab.client_id) == before
