"""The AWS permissions the lessons need and no more, for one pool, or for the pools with the
tutorial's tag.
"""

import json
import re
from pathlib import Path

from cognito_helpers.tutorial_pool.iam_policy import (
    ON_EVERY_POOL,
    ON_ONE_POOL,
    ON_OUR_POOL,
    iam_policy,
)
from etc.tools.lessons import MODEL

ARN = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEfGhI"
ANY = "arn:aws:cognito-idp:REGION:ACCOUNT:userpool/*"
TAGGED = {"StringEquals": {"aws:ResourceTag/made-by": "cognito-tutorial"}}
AWS_PAGE = Path(__file__).parent.parent / "notebooks/AWS.md"


def actions(statement):
    return [action.removeprefix("cognito-idp:") for action in statement["Action"]]


def test_a_known_pool_is_named_and_no_other():
    on_pool, making, listing = iam_policy(ARN)["Statement"]
    assert (on_pool["Resource"], actions(on_pool)) == (
        ARN,
        ON_ONE_POOL,
    ) and "Condition" not in on_pool
    assert making["Condition"] == {"StringEquals": {"aws:RequestTag/made-by": "cognito-tutorial"}}
    assert (
        actions(making) + actions(listing) == ON_EVERY_POOL
        and making["Resource"] == listing["Resource"] == "*"
    )


def test_without_a_pool_yet_the_policy_allows_those_with_the_tag():
    on_pool, making, listing = iam_policy(ANY)["Statement"]
    assert (on_pool["Resource"], on_pool["Condition"], actions(on_pool)) == (
        ANY,
        TAGGED,
        ON_ONE_POOL,
    )
    assert [making, listing] == iam_policy(ARN)["Statement"][1:]


def test_a_pool_given_by_name_needs_no_tag_even_if_the_name_ends_in_a_wildcard():
    assert "Condition" not in iam_policy(ARN + "*")["Statement"][0]


def test_in_another_persons_pool_no_change_is_allowed():
    on_pool, listing = iam_policy(ARN, ours=False)["Statement"]
    assert set(actions(on_pool)) == set(ON_ONE_POOL) - set(ON_OUR_POOL) and actions(listing) == [
        "ListUserPools"
    ]
    assert set(ON_OUR_POOL) < set(ON_ONE_POOL)


def test_no_action_is_a_wildcard_and_each_is_a_signed_call():
    for policy in (iam_policy(ARN), iam_policy(ANY), iam_policy(ARN, ours=False)):
        for statement in policy["Statement"]:
            assert all(
                MODEL["operations"][name].get("authtype") != "none" for name in actions(statement)
            )


def test_the_page_on_aws_shows_the_policy_for_a_learner_without_a_pool():
    (shown,) = re.findall(r"```json\n(.*?)```", AWS_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert json.loads(shown) == iam_policy(ANY)
