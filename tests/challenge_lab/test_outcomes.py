"""The catalog: each outcome is reached by its recipe on the emulator, and the cell copied from the
experiment reaches it too.
"""

import re

import pytest
from botocore.exceptions import ClientError

from cognito_helpers.challenge_lab.experiment import Experiment
from cognito_helpers.challenge_lab.outcomes import OUTCOMES


def run(cell, lab):
    """The result of a cell: the exception and its message, or the members of the response."""
    shown = []
    try:
        exec(cell, {"practice": lab, "show": shown.append})
    except ClientError as error:
        return error.response["Error"]["Code"], re.sub(
            r"'[^']*'", "''", error.response["Error"]["Message"]
        )
    (answer,) = shown
    return sorted(answer), answer.get("ChallengeName")


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.name)
def test_an_outcome_is_reached_by_its_recipe_and_by_the_cell_copied_out(lab_for, outcome):
    lab = lab_for(outcome.recipe)
    experiment = Experiment(lab, outcome.recipe.operation, **outcome.recipe.choices)
    for _ in range(outcome.recipe.times):
        result = experiment.send()
        assert not result.unsent, result.unsent
        if outcome in lab.test_data.card.met:
            break
    assert outcome in lab.test_data.card.met, result
    lab.test_data.card.start_over()
    cell = experiment.cell()
    came = run(cell, lab)
    assert outcome in lab.test_data.card.met, cell
    if result.error:
        assert came == (result.error[0], re.sub(r"'[^']*'", "''", result.error[1]))
    else:
        assert came == (sorted(result.answer), result.answer.get("ChallengeName"))
    assert lab.password not in cell and not re.search(r"AYAB|eyJ|\b\d{6}\b", cell)


def test_the_names_are_different():
    names = [outcome.name for outcome in OUTCOMES]
    assert len(names) == len(set(names)) and len(names) > 60
