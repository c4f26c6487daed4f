"""The one table of errors: what each error of Amazon Cognito means, and what to do.

To add an explanation, add a row to the file of its topic. The codes and messages are Cognito's, the
explanations are this tutorial's.
"""

from . import (
    authenticator_apps,
    clients,
    codes,
    devices,
    factors,
    lambdas,
    passkeys,
    pools,
    rare,
    requests,
    signing_in,
    signing_up,
    tokens,
    users,
)
from .row import Row

# The first matching row counts, so the row for all other messages of a code comes last.
ROWS: list[Row] = [
    *signing_up.ROWS,
    *codes.ROWS,
    *users.ROWS,
    *signing_in.ROWS,
    *clients.ROWS,
    *tokens.ROWS,
    *authenticator_apps.ROWS,
    *devices.ROWS,
    *factors.ROWS,
    *passkeys.ROWS,
    *lambdas.ROWS,
    *pools.ROWS,
    *requests.ROWS,
    *rare.ROWS,
]
