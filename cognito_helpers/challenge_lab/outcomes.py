"""The catalog of outcomes: what Cognito is known to respond in this flow, with what it teaches, a
hint, and a recipe.

It has only what is documented or was observed at AWS.
"""

from __future__ import annotations

from .outcome_rows import (
    beginning,
    client_secret,
    first_factors,
    own_challenge,
    passkeys,
    proofs,
    second_factor,
    sent_codes,
    sessions,
    signing_up,
    tokens,
)
from .outcome_rows.row import Outcome

_IN_ORDER = [
    signing_up,
    beginning,
    second_factor,
    sent_codes,
    sessions,
    proofs,
    first_factors,
    passkeys,
    own_challenge,
    tokens,
    client_secret,
]
OUTCOMES: list[Outcome] = [outcome for group in _IN_ORDER for outcome in group.ROWS]
GROUPS: list[str] = [group.GROUP for group in _IN_ORDER]
