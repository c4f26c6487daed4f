"""The table of challenges is complete."""

import pytest

from cognito_helpers.local_cognito.challenges import names
from cognito_helpers.local_cognito.challenges.table import CHALLENGES

from .shapes import MODEL

NAMES = MODEL.shape_for("ChallengeNameType").enum
EACH = pytest.mark.parametrize("challenge", CHALLENGES.values(), ids=CHALLENGES)


@EACH
def test_a_challenge_is_one_of_the_models_and_leads_on(challenge):
    """11.0"""
    assert challenge.name in NAMES
    assert challenge.then and challenge.then <= CHALLENGES.keys() | {names.TOKENS}


def test_every_sign_in_can_end_with_tokens():
    """From each challenge there's a way to tokens."""
    ends = {names.TOKENS}
    for _ in CHALLENGES:
        ends |= {name for name, challenge in CHALLENGES.items() if challenge.then & ends}
    assert ends >= CHALLENGES.keys()


@EACH
def test_a_missing_response_of_a_challenge_is_named(challenge, make_flow):
    """8a, 1.7: `Missing required parameter`; for the newer keys by analogy (11.22)."""
    flow = make_flow("no MFA")
    responses = dict.fromkeys(challenge.needs, "x") | {"USERNAME": "alice"}
    flow.confirmed()
    for missing in responses:
        request = {
            "ClientId": flow.client_id,
            "ChallengeName": challenge.name,
            "Session": "x" * 20,
            "ChallengeResponses": {
                name: value for name, value in responses.items() if name != missing
            },
        }
        assert flow.raw("RespondToAuthChallenge", **request) == (
            "InvalidParameterException",
            f"Missing required parameter {missing}",
        )
