"""A lab whose learner has an authenticator app, for each test; the steps to it are taken once."""

import shutil

import pytest

from cognito_helpers import open_lab
from cognito_helpers.lessons.practice_lab import PracticeLab
from cognito_helpers.lessons.prerequisites import AN_ENROLLED_USER


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """The folder of such a lab."""
    home = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COGNITO_LAB_HOME", str(home))
        patch.delenv("COGNITO_LAB_BACKEND", raising=False)
        open_lab(AN_ENROLLED_USER)
    return home


@pytest.fixture
def lab_for(lab):
    """The lab a recipe takes: the learner's, or one with that kind of pool."""
    labs = {"": lab}

    def found(recipe):
        if recipe.pool not in labs:
            labs[recipe.pool] = PracticeLab(lab)
            labs[recipe.pool].change(pool=recipe.pool)
        return labs[recipe.pool]

    return found


@pytest.fixture
def lab(prepared, tmp_path, monkeypatch):
    home = tmp_path / "lab"
    shutil.copytree(prepared, home)
    monkeypatch.setenv("COGNITO_LAB_HOME", str(home))
    monkeypatch.delenv("COGNITO_LAB_BACKEND", raising=False)
    return open_lab()
